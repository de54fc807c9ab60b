"""Quick entry: received and finished in one go, with every check and every event of the long way."""

import pytest

from engine.dossiers.complete_step import complete_step
from engine.dossiers.components import Brought
from engine.dossiers.contact import Contact, DoubtfulContact
from engine.dossiers.quick_entry import (
    NotFinishedAtOnce,
    NotOnTheWay,
    NotSameDay,
    QuickEntry,
    enter_quickly,
    may_enter_quickly,
)
from engine.dossiers.receive import Reception, receive
from engine.dossiers.refusals import ComponentsMissing, NotYours, SameHands
from engine.dossiers.return_result import return_result
from engine.journal import events_of, verify
from engine.store.tables import dossier, idempotency, journal, step_run
from processes.data_entry import MissingField
from tests.bpmn.catalogue import BPMN
from tests.engine.drawing import (
    CLERK,
    OFFICER,
    component,
    draw,
    end,
    field,
    gateway,
    needs,
    start,
    step,
    timer,
)

SAME_DAY = (
    '<qt:case code="same_day" name="Trong ngày"><qt:limit amount="1" unit="same_day"/></qt:case>'
    '<qt:case code="usual" name="Xác minh"><qt:limit amount="2" unit="working_day"/></qt:case>'
)


def certification(second=CLERK, head="", status="10", **stated):
    """Certify copies: check the original, certify, with a number for the book."""
    return draw(
        start(),
        step("Check", needs("BAN_CHINH"), lane=CLERK),
        step("Certify", field("so", "number", required="true"), lane=second, **stated),
        end(status=status),
        flows=("S Check", "Check Certify", "Certify E"),
        head=component("BAN_CHINH", "original 1") + head,
        cases=SAME_DAY,
    )


ORIGINAL = (Brought("BAN_CHINH"),)


def entry(brought=ORIGINAL, entries=None, **stated):
    entries = {"Certify": {"so": "12"}} if entries is None else entries
    reception = Reception("T-01", "Lê Thị Hoa", components=brought, **stated)
    return QuickEntry(reception, entries)


def nothing_written(ward):
    return not any(ward.stored(table) for table in (dossier, step_run, journal, idempotency))


def events(ward, outcome):
    with ward.office.database.read() as connection:
        return events_of(connection, ward.agency_id, outcome.dossier_id)


@pytest.mark.parametrize(
    "status", ["9", "10"], ids=["result to be returned", "returned by the end"]
)
def test_it_is_written_as_if_it_had_been_done_in_steps(ward, status):
    ward.publish(certification(status=status))
    clerk = ward.holder(*CLERK)
    quick = enter_quickly(ward.office, clerk, entry())
    assert (quick.state, quick.national_status, quick.opened) == ("returned", "10", ())
    slow = receive(ward.office, clerk, entry().reception)
    opened = slow.opened
    for data in ({}, {"so": "12"}):
        opened = complete_step(ward.office, clerk, opened[0].step_run_id, data).opened
    if status == "9":
        return_result(ward.office, clerk, slow.dossier_id)
    told = [
        [(e.kind, e.actor_id, sorted(e.body)) for e in events(ward, each)] for each in (quick, slow)
    ]
    assert told[0] == told[1]
    assert [kind for kind, *_ in told[0]] == [
        "dossier.received",
        "step.completed",
        "step.completed",
        *(["result.returned"] if status == "9" else []),
    ]
    rows = [ward.file(each).row for each in (quick, slow)]
    assert rows[0].state == rows[1].state == "returned"
    assert rows[0].result == rows[1].result
    assert (rows[0].returned_at, rows[0].events) == (rows[1].returned_at, len(told[0]))
    with ward.office.database.read() as connection:
        assert verify(connection, ward.agency_id)[1] == ()


def test_what_came_of_it_is_in_memory_as_in_the_tables(ward):
    ward.publish(certification())
    outcome = enter_quickly(ward.office, ward.holder(*CLERK), entry())
    known = ward.file(outcome)
    ward.forget()
    assert ward.file(outcome).row == known.row
    assert dict(ward.file(outcome).data) == dict(known.data)


@pytest.mark.parametrize(
    ("diagram", "given", "refusal"),
    [
        (certification(), entry(brought=()), ComponentsMissing),
        (certification(), entry(entries={}), MissingField),
        (certification(second=OFFICER), entry(), NotYours),
        (certification(notSameAs="Check"), entry(), SameHands),
        (certification(), entry(case="usual"), NotSameDay),
        (
            certification(),
            entry(contact=Contact(identity_number="123456789"), confirmed=False),
            DoubtfulContact,
        ),
    ],
    ids=["component", "field", "position", "same hands", "case", "doubt"],
)
def test_whatever_refuses_a_step_refuses_all_of_it(ward, diagram, given, refusal):
    ward.publish(diagram)
    with pytest.raises(refusal):
        enter_quickly(ward.office, ward.holder(*CLERK), given, key="k-1")
    assert nothing_written(ward)


def test_a_way_that_waits_for_something_else_is_no_quick_entry(ward):
    ward.publish(
        draw(
            start(),
            step("Check", lane=CLERK),
            timer("Wait", limit="1 working_hour"),
            end(),
            flows=("S Check", "Check Wait", "Wait E"),
            cases=SAME_DAY,
        )
    )
    with pytest.raises(NotFinishedAtOnce):
        enter_quickly(ward.office, ward.holder(*CLERK), entry(brought=(), entries={}))
    assert nothing_written(ward)


def test_after_a_refusal_the_same_clerk_enters_the_next_one(ward):
    ward.publish(certification())
    clerk = ward.holder(*CLERK)
    with pytest.raises(ComponentsMissing):
        enter_quickly(ward.office, clerk, entry(brought=()))
    first, second = (enter_quickly(ward.office, clerk, entry()) for _ in range(2))
    assert first.code[:-4] == second.code[:-4]
    assert int(second.code[-4:]) == int(first.code[-4:]) + 1


def test_pressed_twice_it_is_entered_once(ward):
    ward.publish(certification())
    clerk = ward.holder(*CLERK)
    first = enter_quickly(ward.office, clerk, entry(), key="k-1")
    assert enter_quickly(ward.office, clerk, entry(), key="k-1") == first
    assert len(ward.stored(dossier)) == 1


def test_branches_of_a_way_are_all_gone(ward):
    ward.publish(
        draw(
            start(),
            step("Check", lane=CLERK),
            gateway("parallel", "Fork"),
            step("Copy", lane=CLERK),
            step("Book", lane=CLERK),
            gateway("parallel", "Join"),
            end(),
            flows=(
                "S Check",
                "Check Fork",
                "Fork Copy",
                "Fork Book",
                "Copy Join",
                "Book Join",
                "Join E",
            ),
            cases=SAME_DAY,
        )
    )
    outcome = enter_quickly(ward.office, ward.holder(*CLERK), entry(brought=(), entries={}))
    assert ward.events(outcome).count("step.completed") == 3
    assert outcome.state == "returned"


def test_it_is_offered_to_whoever_holds_every_step_of_a_same_day_procedure(sqlite_ward):
    ward = sqlite_ward

    def offered(diagram, actor):
        record = ward.publish(diagram)
        with ward.office.database.read() as connection:
            version = ward.office.version(connection, ward.agency_id, record.version_id)
        return may_enter_quickly(actor, version.procedure)

    clerk = ward.holder(*CLERK)
    assert offered(certification(), clerk)
    assert not offered(certification(), ward.holder(*OFFICER))
    assert not offered(certification(second=OFFICER), clerk)
    usual = draw(start(), step("A", lane=CLERK), end(), flows=("S A", "A E"))
    assert not offered(usual, clerk)


SIGNATURE = "2.000884-chung-thuc-chu-ky.bpmn"
FIT = {"Task_Receive": {"ket_qua_kiem_tra": "du_dieu_kien"}, "Task_Certify": {"so_chung_thuc": "7"}}
UNFIT = {
    "Task_Receive": {"ket_qua_kiem_tra": "khong_du_dieu_kien"},
    "Task_Refuse": {"ly_do_tu_choi": "Không minh mẫn khi ký"},
}


def signature(entries):
    """A citizen comes with a letter to sign before the officer."""
    brought = tuple(Brought(code) for code in ("GIAY_TO_TUY_THAN", "VAN_BAN"))
    data = {"loai_giay_to": "Giấy ủy quyền"}
    return QuickEntry(Reception("2.000884", "Lê Thị Hoa", data=data, components=brought), entries)


@pytest.fixture
def certifying(sqlite_ward):
    """The sample office with the procedure that comes with the product."""
    ward = sqlite_ward
    record = ward.publish((BPMN / "procedures" / SIGNATURE).read_bytes(), SIGNATURE)
    with ward.office.database.read() as connection:
        procedure = ward.office.version(connection, ward.agency_id, record.version_id).procedure
    return ward, procedure


def test_the_sample_office_certifies_signatures_at_once(certifying):
    ward, procedure = certifying
    offered = {login for login, who in ward.actors.items() if may_enter_quickly(who, procedure)}
    assert offered == {"motcua1", "motcua2"}
    outcome = enter_quickly(ward.office, ward.actors["motcua1"], signature(FIT))
    assert (outcome.state, ward.file(outcome).row.outcome) == ("returned", "granted")


def test_who_may_not_have_it_certified_is_refused_at_once(certifying):
    ward, _ = certifying
    outcome = enter_quickly(ward.office, ward.actors["motcua1"], signature(UNFIT))
    assert (outcome.state, ward.file(outcome).row.outcome) == ("returned", "refused")


def test_what_is_entered_for_another_way_is_asked_about_and_not_dropped(certifying):
    ward, _ = certifying
    both = {**FIT, "Task_Refuse": UNFIT["Task_Refuse"]}
    with pytest.raises(NotOnTheWay) as told:
        enter_quickly(ward.office, ward.actors["motcua1"], signature(both))
    assert told.value.facts == {"field": "Lý do từ chối", "step": "Từ chối bằng văn bản"}
    with pytest.raises(NotOnTheWay):
        enter_quickly(ward.office, ward.actors["motcua1"], signature({**FIT, "Task_X": {"a": "1"}}))
    assert nothing_written(ward)
    left_empty = {**FIT, "Task_Refuse": {"ly_do_tu_choi": ""}}
    enter_quickly(ward.office, ward.actors["motcua1"], signature(left_empty))
