"""Receiving a dossier: who may, what is asked, its code, its due time, its first steps."""

import threading

import pytest
from sqlalchemy import insert

from engine.dossiers.components import Brought
from engine.dossiers.receive import (
    ApplicantNeeded,
    Contact,
    InvalidContact,
    Reception,
    UnknownChannel,
    receive,
)
from engine.dossiers.refusals import (
    CannotReceive,
    InvalidCopies,
    InvalidKey,
    KeyReused,
    NoSuchCase,
    NoSuchComponent,
    NotInForce,
)
from engine.procedures import upload
from engine.store.tables import counter, dossier, dossier_component
from processes.data_entry import MissingField, UnknownField
from processes.errors import NotFound
from tests.engine.drawing import CLERK, OFFICER, component, draw, end, field, start, step
from tests.engine.offices import datetime_of, stranger

CASES = (
    '<qt:case code="normal" name="Thường"><qt:limit amount="5" unit="working_day"/></qt:case>'
    '<qt:case code="remote" name="Vùng xa"><qt:limit amount="8" unit="working_day"/></qt:case>'
)


def diagram(lane=CLERK, head="", **stated):
    return draw(start(), step("A", lane=lane), end(), flows=("S A", "A E"), head=head, **stated)


@pytest.fixture
def desk(sqlite_ward):
    sqlite_ward.publish(diagram())
    return sqlite_ward


def take_in(ward, key=None, actor=None, **stated):
    reception = Reception(**{"procedure": "T-01", "applicant": "Lê Thị Hoa", **stated})
    return receive(ward.office, actor or ward.holder(*CLERK), reception, key=key)


# What comes of it


def test_a_received_dossier_has_a_code_a_due_time_and_its_first_step(ward):
    ward.publish(diagram())
    ward.at(2026, 3, 2, 8, 0)
    outcome = take_in(ward)
    assert outcome.code == "000.00.17.H29-260302-0001"
    assert outcome.due_at == datetime_of(2026, 3, 9, 8, 0)  # 5 working days
    assert (outcome.state, outcome.national_status, outcome.version) == ("open", "4", 1)
    (opened,) = outcome.opened
    assert (opened.element_id, opened.unit, opened.position) == ("A", "mot_cua", "can_bo_mot_cua")
    assert opened.due_at == datetime_of(2026, 3, 2, 10, 0)  # the step's own 2 working hours
    file = ward.file(outcome)
    assert file.row.original_due_at == outcome.due_at
    assert file.row.limit_ws == 5 * 8 * 3600
    assert (file.row.received_at, file.row.receiving_unit) == (
        datetime_of(2026, 3, 2, 8, 0),
        "mot_cua",
    )
    assert ward.events(outcome) == ["dossier.received"]


def test_codes_are_numbered_by_the_day_without_a_gap(desk):
    desk.at(2026, 3, 2, 8, 0)
    assert take_in(desk).code.endswith("-260302-0001")
    with pytest.raises(NoSuchCase):  # a refused reception draws no number
        take_in(desk, case="khac")
    with pytest.raises(NoSuchComponent):  # nor one refused after the number was drawn
        take_in(desk, components=(Brought("KHONG_CO"),))
    assert take_in(desk).code.endswith("-260302-0002")
    desk.at(2026, 3, 3, 8, 0)
    assert take_in(desk).code.endswith("-260303-0001")


def test_the_day_of_a_code_is_the_office_s(desk):
    desk.at(2026, 3, 3, 0, 30)  # in UTC still the 2nd
    assert "-260303-" in take_in(desk).code


def test_a_code_grows_past_9999(desk):
    desk.at(2026, 3, 2, 8, 0)
    counted = {"last": 9999, "day": 260302, "of_day": 9999}
    row = {"agency_id": desk.agency_id, "series": "dossier/2026", **counted}
    desk.office.database.write(lambda t: t.execute(insert(counter), row))
    assert take_in(desk).code.endswith("-260302-10000")


def test_eight_clerks_at_once_get_eight_codes_in_a_row(ward):
    ward.publish(diagram())
    codes: list[str] = []
    together = threading.Barrier(8)

    def clerk() -> None:
        together.wait()
        codes.extend(take_in(ward).code for _ in range(3))

    threads = [threading.Thread(target=clerk) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(code[-4:] for code in codes) == [f"{number:04d}" for number in range(1, 25)]


@pytest.mark.parametrize(("case", "due"), [("", (2026, 3, 9)), ("remote", (2026, 3, 12))])
def test_the_case_decides_the_limit_and_the_first_is_the_usual_one(sqlite_ward, case, due):
    sqlite_ward.publish(diagram(cases=CASES))
    sqlite_ward.at(2026, 3, 2, 8, 0)
    assert take_in(sqlite_ward, case=case).due_at == datetime_of(*due, 8, 0)


@pytest.mark.parametrize(
    ("received", "due"),
    [
        # V8: Wed 29/04/2026; 30/04 and 01/05 are holidays, then the weekend
        ((2026, 4, 29, 14, 59), (2026, 4, 29, 17, 0)),
        ((2026, 4, 29, 15, 0), (2026, 4, 29, 17, 0)),
        ((2026, 4, 29, 15, 20), (2026, 5, 4, 17, 0)),
    ],
)
def test_in_the_day_means_the_next_working_day_after_15_hours(sqlite_ward, received, due):
    same_day = '<qt:case code="n" name="N"><qt:limit amount="1" unit="same_day"/></qt:case>'
    sqlite_ward.publish(diagram(cases=same_day))
    sqlite_ward.at(*received)
    assert take_in(sqlite_ward).due_at == datetime_of(*due)


def test_what_was_brought_and_entered_is_kept(sqlite_ward):
    head = component("DON") + field("so_thua", required="true") + field("gap", "boolean")
    sqlite_ward.publish(diagram(head=head))
    outcome = take_in(
        sqlite_ward,
        data={"so_thua": " 12 ", "gap": "on"},
        components=(Brought("DON", "plain_copy", 2), Brought("DON", "original", 0)),
        contact=Contact("012 045 678 901", "  12  Lê Lợi ", "0912.345.678", "hoa@gmail.com"),
    )
    file = sqlite_ward.file(outcome)
    assert dict(file.data) == {"so_thua": "12", "gap": True}
    assert file.present == {"DON": {"plain_copy": 2}}
    assert file.row.applicant_contact == {
        "identity_number": "012045678901",
        "address": "12 Lê Lợi",
        "phone": "0912345678",
        "email": "hoa@gmail.com",
    }


def test_where_the_lane_names_no_unit_the_receiver_s_unit_receives(sqlite_ward):
    """A position may be held in several units: the first one by code receives."""
    sqlite_ward.publish(diagram(lane=("chuyen_vien", None)))
    clerk = sqlite_ward.actors["diachinh1"]
    assert sqlite_ward.file(take_in(sqlite_ward, actor=clerk)).row.receiving_unit == "dia_chinh"
    held = sqlite_ward.actors["hotich3"]  # holds two positions in tu_phap
    assert sqlite_ward.file(take_in(sqlite_ward, actor=held)).row.receiving_unit == "tu_phap"


# Who may, and what is refused


def test_only_holders_of_the_first_step_s_position_receive(desk):
    with pytest.raises(CannotReceive) as refused:
        take_in(desk, actor=desk.holder(*OFFICER))
    assert "can_bo_mot_cua" in refused.value.message("vi")
    assert desk.stored(dossier) == []


def test_another_agency_does_not_see_the_procedure(desk):
    with pytest.raises(NotFound):
        take_in(desk, actor=stranger(desk.holder(*CLERK)))


@pytest.mark.parametrize("code", ["T-99", "", "T-01\x00"])
def test_an_unknown_procedure_is_refused(ward, code):
    ward.publish(diagram())
    with pytest.raises(NotFound):
        take_in(ward, procedure=code)


def test_a_draft_receives_nothing(sqlite_ward):
    upload(sqlite_ward.office, sqlite_ward.designer, diagram(), "a.bpmn")
    with pytest.raises(NotInForce):
        take_in(sqlite_ward)


@pytest.mark.parametrize("name", ["", "   ", "A" * 301, "A\x00B", "A\ud800"])
def test_a_dossier_needs_a_name_that_can_be_kept(desk, name):
    with pytest.raises(ApplicantNeeded):
        take_in(desk, applicant=name)


def test_a_name_is_kept_as_people_write_it(desk):
    outcome = take_in(desk, applicant="  Le\u0302   Thị \n Hoa ")
    assert desk.file(outcome).row.applicant == "Lê Thị Hoa"


@pytest.mark.parametrize(
    ("contact", "wrong"),
    [
        (Contact(identity_number="12345"), "identity_number"),
        (Contact(identity_number="01204567890a"), "identity_number"),
        (Contact(identity_number="٠١٢٣٤٥٦٧٨"), "identity_number"),
        (Contact(phone="12345"), "phone"),
        (Contact(phone="+85 912345678"), "phone"),
        (Contact(email="hoa"), "email"),
        (Contact(email="hoa@gmail"), "email"),
        (Contact(email=f"hoa@{'a' * 200}.vn"), "email"),
    ],
)
def test_a_contact_that_cannot_be_used_is_refused(desk, contact, wrong):
    with pytest.raises(InvalidContact) as refused:
        take_in(desk, contact=contact)
    assert refused.value.facts["field"] == wrong


@pytest.mark.parametrize(
    "number", ["012345678", "012045678901", "0123456789", "0123456789-001", "b1234567"]
)
def test_every_kind_of_identity_number_is_taken(desk, number):
    contact = desk.file(take_in(desk, contact=Contact(number))).row.applicant_contact
    assert contact["identity_number"] == number.upper()


def test_texts_that_no_database_keeps_are_cleaned_or_refused(ward):
    ward.publish(diagram(head=field("ghi_chu")))
    outcome = take_in(ward, contact=Contact(address="12 Lê\x00 Lợi\ud800"))
    assert ward.file(outcome).row.applicant_contact == {"address": "12 Lê Lợi"}


def test_an_unknown_channel_is_refused(desk):
    with pytest.raises(UnknownChannel):
        take_in(desk, channel="fax")


def test_unknown_components_and_impossible_copies_are_refused(sqlite_ward):
    sqlite_ward.publish(diagram(head=component("DON")))
    with pytest.raises(NoSuchComponent) as refused:
        take_in(sqlite_ward, components=(Brought("GCN"),))
    assert "DON" in refused.value.message("vi")
    for copies in (
        Brought("DON", "ban_chinh"),
        Brought("DON", number=-1),
        Brought("DON", number=1000),
    ):
        with pytest.raises(InvalidCopies):
            take_in(sqlite_ward, components=(copies,))
    assert sqlite_ward.stored(dossier_component) == []


def test_a_required_field_must_be_entered_and_an_unknown_one_not(sqlite_ward):
    sqlite_ward.publish(diagram(head=field("so_thua", required="true")))
    with pytest.raises(MissingField):
        take_in(sqlite_ward)
    with pytest.raises(UnknownField):
        take_in(sqlite_ward, data={"so_thua": "1", "khac": "2"})


# Once per key


def test_the_same_key_gives_the_same_answer_and_one_dossier(ward):
    ward.publish(diagram())
    first = take_in(ward, key="k1")
    ward.at(2026, 3, 5, 9, 0)
    assert take_in(ward, key="k1") == first
    assert len(ward.stored(dossier)) == 1
    assert take_in(ward, key="k2") != first


@pytest.mark.parametrize(
    "other",
    [
        {"applicant": "Người khác"},
        {"channel": "post"},
        {"case": "remote"},
        {"contact": Contact(phone="0912345678")},
    ],
)
def test_a_key_may_not_be_used_for_another_request(sqlite_ward, other):
    sqlite_ward.publish(diagram(cases=CASES))
    take_in(sqlite_ward, key="k1")
    with pytest.raises(KeyReused):
        take_in(sqlite_ward, key="k1", **other)


def test_a_key_belongs_to_one_officer(desk):
    first = take_in(desk, key="k1")
    colleague = desk.holders(*CLERK)[1]
    assert take_in(desk, key="k1", actor=colleague).dossier_id != first.dossier_id


@pytest.mark.parametrize("key", ["", "k" * 101, "k\x00", "\ud800"])
def test_a_key_that_cannot_be_kept_is_refused(desk, key):
    with pytest.raises(InvalidKey):
        take_in(desk, key=key)


def test_a_double_click_opens_one_dossier(ward):
    ward.publish(diagram())
    answers = []
    together = threading.Barrier(4)

    def click() -> None:
        together.wait()
        answers.append(take_in(ward, key="k1"))

    threads = [threading.Thread(target=click) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 4
    assert len(set(answers)) == 1
    assert len(ward.stored(dossier)) == 1
