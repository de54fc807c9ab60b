"""Forms come out of the record, are numbered without a gap, and stay as they were issued."""

import hashlib
import io
import threading
from dataclasses import replace
from datetime import date

import docx
import pytest
from pypdf import PdfReader
from sqlalchemy import update

from engine.dossier_file import history
from engine.dossiers.components import Brought
from engine.dossiers.pauses import SupplementRequest, receive_supplement, request_supplement
from engine.forms import press
from engine.forms.catalogue import samples, shipped_templates
from engine.forms.issued import issued_form, issued_of
from engine.forms.issuing import ISSUED, draft_document, issue, issue_register, preview
from engine.forms.kinds import OF_DOSSIER, FormKind
from engine.forms.making import MAKING, kind_of
from engine.forms.refusals import (
    DueTimeDiffers,
    EntryInvalid,
    EntryNeeded,
    FormDiffers,
    FormFailed,
    FormNotCalledFor,
    HistoryBroken,
    NoSuchForm,
    NotDrafted,
    RegisterIncomplete,
    RegisterPeriod,
    UnknownForm,
)
from engine.forms.register_book import period_of
from engine.forms.word_draft import DRAFTED
from engine.journal import verify
from engine.proofs.rebuild import rebuild
from engine.registers.register_settings import set_registers
from engine.store.tables import dossier, form_issue, form_pdf, journal
from processes.errors import NotAllowed
from tests.engine.documents.files import pdf as a_pdf
from tests.engine.documents.filing import Filing
from tests.engine.drawing import CLERK, component, draw, end, needs, start, step
from tests.engine.forms import filled
from tests.engine.forms.filled import (
    APPLICANT,
    GIVEN,
    MARCH,
    issued,
    occasion,
    opened,
    pdf,
    received,
)
from tests.engine.offices import stranger

ON_OCCASION = (
    FormKind.SUPPLEMENT_REQUEST,
    FormKind.REFUSAL,
    FormKind.APOLOGY,
    FormKind.DISCONTINUATION,
)


@pytest.fixture
def desk(ward):
    return opened(ward)


@pytest.fixture
def sqlite_desk(sqlite_ward):
    return opened(sqlite_ward)


def receipt(ward, outcome, given=None, **how):
    clerk = ward.holder(*CLERK)
    return issue(ward.office, clerk, outcome.dossier_id, FormKind.RECEIPT, given or {}, **how)


@pytest.mark.parametrize("kind", list(FormKind))
def test_a_form_says_what_the_record_says(sqlite_desk, kind):
    form = issued(sqlite_desk, kind)
    assert form.facts == samples()[kind]
    assert (form.number, form.kind) == (1, kind)


def test_a_name_in_letters_that_cannot_be_printed_keeps_nobody_from_a_receipt(
    sqlite_desk, monkeypatch
):
    """The box stands on the paper, with a word about it; the record keeps the name as it is."""
    monkeypatch.setattr(filled, "APPLICANT", "王 Lý Minh")
    found = receipt(sqlite_desk, received(sqlite_desk))
    assert found.facts["applicant"][0][1] == "王 Lý Minh"
    pages = PdfReader(io.BytesIO(pdf(sqlite_desk, found))).pages
    printed = "".join(page.extract_text() for page in pages)
    assert "□ Lý Minh" in printed
    assert "ký tự không in được" in printed


def test_every_kind_of_a_dossier_can_be_made():
    assert set(MAKING) == set(OF_DOSSIER)
    assert set(samples()) == set(FormKind)


def test_what_was_issued_is_on_the_journal_and_is_kept_as_it_was(desk):
    outcome = received(desk)
    form = receipt(desk, outcome)
    with desk.office.database.read() as connection:
        event = history(connection, desk.designer, outcome.dossier_id)[-1]
        assert verify(connection)[1] == ()
        (rebuilt,) = rebuild(connection)
    assert event.kind == ISSUED
    assert event.body["number"] == "01/TTPVHCC"
    assert event.body["pdf_sha256"] == hashlib.sha256(pdf(desk, form)).hexdigest()
    assert event.body["template"] == "2025/01"
    assert rebuilt.differences == ()


def test_printing_again_gives_the_same_bytes_and_no_new_number(desk):
    outcome = received(desk)
    first = receipt(desk, outcome)
    desk.at(2026, 3, 4, 10, 0)  # another day
    again = receipt(desk, outcome)
    assert again == first
    assert len(desk.stored(form_issue)) == 1
    template = next(each for each in shipped_templates() if each.template == first.template)
    assert press.pdf(template.source, first.facts, first.issued_at) == pdf(desk, first)


def test_another_content_is_never_silent(desk):
    outcome = received(desk)
    first = receipt(desk, outcome)
    with pytest.raises(FormDiffers) as refusal:
        receipt(desk, outcome, {"returned_by": "online"})
    assert "returned_by" in refusal.value.message("vi")
    second = receipt(desk, outcome, {"returned_by": "online"}, replacing=True)
    assert (second.number, second.replaces) == (2, first.issue_id)
    assert second.facts["replaces"] == "Thay thế phiếu số 01/TTPVHCC"
    with desk.office.database.read() as connection:
        last = history(connection, desk.designer, outcome.dossier_id)[-1]
        forms = issued_of(connection, desk.designer, outcome.dossier_id)
    assert last.body["replaces"] == "01/TTPVHCC"
    assert {form.number for form in forms} == {1, 2}


@pytest.mark.parametrize("kind", [FormKind.COMPLAINT_ACCEPTED, FormKind.COMPLAINT_NOT_ACCEPTED])
def test_a_notice_on_a_complaint_is_not_issued_where_nobody_complains(sqlite_desk, kind):
    outcome, clerk = received(sqlite_desk), sqlite_desk.holder(*CLERK)
    with pytest.raises(FormNotCalledFor) as refusal:
        issue(sqlite_desk.office, clerk, outcome.dossier_id, kind, GIVEN[kind])
    assert "không giải quyết khiếu nại" in refusal.value.message("vi")


def test_the_same_request_is_issued_once(desk):
    outcome = received(desk)
    assert receipt(desk, outcome, key="k1") == receipt(desk, outcome, key="k1")
    assert len(desk.stored(form_issue)) == 1


def test_numbers_of_a_year_have_no_gap_whoever_is_fast(desk):
    outcomes = [received(desk) for _ in range(8)]
    together = threading.Barrier(8)
    failures = []

    def clerk(outcome):
        together.wait()
        try:
            receipt(desk, outcome)
        except Exception as error:  # noqa: BLE001 - told below
            failures.append(error)

    threads = [threading.Thread(target=clerk, args=(outcome,)) for outcome in outcomes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    rows = desk.stored(form_issue)
    assert sorted(row.number for row in rows) == list(range(1, 9))
    assert {row.pdf_sha256 for row in rows} == {row.sha256 for row in desk.stored(form_pdf)}
    assert all(row.facts["number"] == row.number_text for row in rows)


def test_a_press_that_fails_uses_no_number(sqlite_desk, monkeypatch):
    outcome = received(sqlite_desk)

    def jam(*_arguments, **_how):
        raise FormFailed(reason="thử")

    with monkeypatch.context() as broken:
        broken.setattr(press, "pdf", jam)
        with pytest.raises(FormFailed):
            receipt(sqlite_desk, outcome)
    assert sqlite_desk.stored(form_issue) == []
    assert receipt(sqlite_desk, outcome).number == 1


def test_the_year_of_a_number_changes_at_midnight_of_the_office(sqlite_desk):
    first = received(sqlite_desk, 2026, 12, 31, 15, 0)
    sqlite_desk.at(2026, 12, 31, 23, 59)
    before = receipt(sqlite_desk, first)
    sqlite_desk.at(2027, 1, 1, 0, 0)
    after = receipt(sqlite_desk, first, {"sets": "2"}, replacing=True)
    assert (before.number, after.number) == (1, 1)
    assert before.number_text == after.number_text == "01/TTPVHCC"
    series = {row.series for row in sqlite_desk.stored(form_issue)}
    assert series == {"form/receipt/2026", "form/receipt/2027"}


@pytest.mark.parametrize("kind", ON_OCCASION)
def test_a_form_without_its_occasion_is_refused(sqlite_desk, kind):
    outcome = received(sqlite_desk)
    with pytest.raises(FormNotCalledFor):
        issue(sqlite_desk.office, sqlite_desk.holder(*CLERK), outcome.dossier_id, kind, {})


def test_each_supplement_request_has_its_form_once(sqlite_desk):
    outcome, clerk = occasion(sqlite_desk, FormKind.SUPPLEMENT_REQUEST)
    office, which = sqlite_desk.office, FormKind.SUPPLEMENT_REQUEST
    first = issue(office, clerk, outcome.dossier_id, which, {})
    assert issue(office, clerk, outcome.dossier_id, which, {}) == first
    receive_supplement(office, clerk, outcome.dossier_id, (Brought("BAN_VE", "original", 1),))
    assert issue(office, clerk, outcome.dossier_id, which, {}) == first
    assert (first.facts["times"], first.about) == ("01", "request 1")


def grouped(**stated):
    """One paper, and two of a group of which one will do, one of them as a file."""
    return draw(
        start(),
        step("A", needs("DON"), lane=CLERK, status="2"),
        step("B"),
        end(status="9"),
        flows=("S A", "A B", "B E"),
        head='<qt:componentGroup code="G" name="Giấy tờ về sinh" rule="one_of"/>'
        + component("DON", "original 1")
        + component("CHUNG_SINH", "original 1", group="G")
        + component("CAM_DOAN", "electronic 1", group="G"),
    )


def test_a_supplement_request_says_what_the_applicant_may_choose_among(desk):
    outcome = desk.received(grouped(), 2026, 3, 2, 8, 5)
    office, clerk = desk.office, desk.holder(*CLERK)
    run = desk.run(outcome, "A").step_run_id
    asked = SupplementRequest(("DON", "CHUNG_SINH", "CAM_DOAN"), "Thiếu giấy tờ")
    request_supplement(office, clerk, run, asked)
    form = issue(office, clerk, outcome.dossier_id, FormKind.SUPPLEMENT_REQUEST, {})
    assert form.facts["components"] == [
        ["1", "Giấy DON", "1", "", ""],
        ["2", "Một trong các giấy tờ sau:", "", "", ""],
        ["", "– Giấy CHUNG_SINH", "1", "", ""],
        ["", "– Giấy CAM_DOAN (bản điện tử: 1 tệp)", "", "", ""],
    ]
    with office.database.read() as connection:
        (rebuilt,) = rebuild(connection)
    assert rebuilt.differences == ()


def test_of_a_group_one_paper_is_asked_for_by_its_name_alone(sqlite_desk):
    outcome = sqlite_desk.received(grouped(), 2026, 3, 2, 8, 5)
    office, clerk = sqlite_desk.office, sqlite_desk.holder(*CLERK)
    run = sqlite_desk.run(outcome, "A").step_run_id
    request_supplement(office, clerk, run, SupplementRequest(("CHUNG_SINH",), "Thiếu giấy tờ"))
    form = issue(office, clerk, outcome.dossier_id, FormKind.SUPPLEMENT_REQUEST, {})
    assert form.facts["components"] == [["1", "Giấy CHUNG_SINH", "1", "", ""]]


def test_a_receipt_whose_due_time_is_not_the_procedure_s_is_not_printed(sqlite_desk):
    outcome = received(sqlite_desk)
    later = sqlite_desk.at(2026, 4, 1, 8, 0)
    sqlite_desk.office.database.write(
        lambda t: t.execute(update(dossier).values(original_due_at=later))
    )
    with pytest.raises(DueTimeDiffers):
        receipt(sqlite_desk, outcome)


def test_a_control_slip_is_never_printed_from_an_altered_journal(sqlite_desk):
    outcome, clerk = occasion(sqlite_desk, FormKind.CONTROL_SLIP)
    sqlite_desk.office.database.write(
        lambda t: t.execute(
            update(journal).where(journal.c.seq == 2).values(body='{"step":"A","x":1}')
        )
    )
    with pytest.raises(HistoryBroken) as refusal:
        issue(sqlite_desk.office, clerk, outcome.dossier_id, FormKind.CONTROL_SLIP, {})
    assert refusal.value.facts["seq"] == 2


def test_a_control_slip_grows_with_the_journal_without_leave(sqlite_desk):
    outcome = received(sqlite_desk)
    clerk, slip = sqlite_desk.holder(*CLERK), FormKind.CONTROL_SLIP
    first = issue(sqlite_desk.office, clerk, outcome.dossier_id, slip, {})
    asked = SupplementRequest(("BAN_VE",), "Bản vẽ mờ không đọc được")
    run = sqlite_desk.run(outcome, "A").step_run_id
    request_supplement(sqlite_desk.office, clerk, run, asked)
    second = issue(sqlite_desk.office, clerk, outcome.dossier_id, slip, {})
    assert second.number == 2
    assert second.facts["blocks"][0] == first.facts["blocks"][0]
    assert second.facts["blocks"][1][0].startswith("Yêu cầu bổ sung")


def test_the_register_has_of_the_receipt_how_many_sets_came(sqlite_desk):
    with_two, without = received(sqlite_desk), received(sqlite_desk)
    receipt(sqlite_desk, with_two, {"sets": "2"})
    clerk = sqlite_desk.holder(*CLERK)
    lines = issue_register(sqlite_desk.office, clerk, MARCH).facts["lines"]
    assert [line[3] for line in lines] == ["02", "01"]
    assert lines[1][1] == without.code


def test_a_register_with_a_hole_is_not_printed(sqlite_desk):
    for _ in range(3):
        received(sqlite_desk)
    clerk = sqlite_desk.holder(*CLERK)
    assert issue_register(sqlite_desk.office, clerk, MARCH).facts["count"] == "3"
    sqlite_desk.office.database.write(
        lambda t: t.execute(update(dossier).where(dossier.c.register_no == 2).values(register=None))
    )
    with pytest.raises(RegisterIncomplete) as refusal:
        issue_register(sqlite_desk.office, clerk, MARCH)
    assert refusal.value.facts["missing"] == "2"


def test_a_register_is_of_one_year():
    with pytest.raises(RegisterPeriod):
        period_of(date(2026, 12, 1), date(2027, 1, 31))
    with pytest.raises(RegisterPeriod):
        period_of(date(2026, 3, 2), date(2026, 3, 1))


def test_a_register_of_a_period_without_dossiers_is_not_printed(sqlite_desk):
    received(sqlite_desk)
    april = period_of(date(2026, 4, 1), date(2026, 4, 30))
    with pytest.raises(RegisterPeriod):
        issue_register(sqlite_desk.office, sqlite_desk.holder(*CLERK), april)


@pytest.mark.parametrize(
    ("kind", "given", "refusal"),
    [
        (FormKind.RECEIPT, {"la": "x"}, EntryInvalid),
        (FormKind.RECEIPT, {"sets": "hai"}, EntryInvalid),
        (FormKind.RECEIPT, {"returned_by": "bay"}, EntryInvalid),
        (FormKind.RECEIPT, {"fee": "x" * 301}, EntryInvalid),
        (FormKind.SUBMISSION_SLIP, {"to": "Chủ tịch"}, EntryNeeded),
        (FormKind.COMPLAINT_NOT_ACCEPTED, {"complaint": "Không đồng ý"}, EntryNeeded),
    ],
)
def test_entries_that_a_form_cannot_take_are_named(sqlite_desk, kind, given, refusal):
    outcome = received(sqlite_desk)
    with pytest.raises(refusal):
        issue(sqlite_desk.office, sqlite_desk.holder(*CLERK), outcome.dossier_id, kind, given)
    assert sqlite_desk.stored(form_issue) == []


def test_a_preview_has_no_number_and_keeps_nothing(sqlite_desk):
    outcome = received(sqlite_desk)
    clerk = sqlite_desk.holder(*CLERK)
    pages = preview(sqlite_desk.office, clerk, outcome.dossier_id, FormKind.RECEIPT, {})
    assert [page[:8] for page in pages] == [b"\x89PNG\r\n\x1a\n"]
    assert sqlite_desk.stored(form_issue) == []


@pytest.mark.parametrize("kind", DRAFTED)
def test_a_draft_in_word_has_the_facts_and_no_number(sqlite_desk, kind):
    outcome, actor = occasion(sqlite_desk, kind)
    asked = (sqlite_desk.office, actor, outcome.dossier_id, kind, GIVEN[kind])
    data = draft_document(*asked)
    assert data == draft_document(*asked)
    document = docx.Document(io.BytesIO(data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    said = "\n".join([*(each.text for each in document.paragraphs), *cells])
    assert outcome.code in said
    assert APPLICANT in said or kind is FormKind.SUBMISSION_SLIP
    assert "Số: ……" in said
    assert "{" not in said
    assert sqlite_desk.stored(form_issue) == []


@pytest.mark.parametrize("kind", sorted(set(OF_DOSSIER) - set(DRAFTED)))
def test_what_comes_out_of_the_journal_has_no_draft(sqlite_desk, kind):
    outcome, actor = occasion(sqlite_desk, kind)
    with pytest.raises(NotDrafted):
        draft_document(sqlite_desk.office, actor, outcome.dossier_id, kind, {})


def test_only_officers_of_the_agency_issue_and_read_forms(sqlite_desk):
    form = issued(sqlite_desk, FormKind.RECEIPT)
    clerk = sqlite_desk.holder(*CLERK)
    with sqlite_desk.office.database.read() as connection, pytest.raises(NoSuchForm):
        issued_form(connection, stranger(clerk), form.issue_id)
    nobody = replace(clerk, holdings=frozenset())
    with pytest.raises(NotAllowed):
        issue(sqlite_desk.office, nobody, form.dossier_id, FormKind.RECEIPT, {})


def test_a_kind_that_nobody_knows_is_named():
    with pytest.raises(UnknownForm):
        kind_of("register")  # is no form of a dossier
    assert kind_of("receipt") is FormKind.RECEIPT


def test_the_symbol_of_a_number_is_the_office_s(sqlite_desk):
    admin = next(a for a in sqlite_desk.actors.values() if "admin" in a.roles)
    set_registers(sqlite_desk.office, admin, {"symbols": {"receipt": "BPTNTKQ"}})
    assert issued(sqlite_desk, FormKind.RECEIPT).number_text == "01/BPTNTKQ"


def test_given_entries_are_of_kinds_that_exist():
    assert set(GIVEN) == set(MAKING)


def test_the_receipt_says_what_was_only_shown(sqlite_ward):
    head = component("DON", "original 1") + component("CAN_CUOC", presentOnly="true")
    one = draw(start(), step("A", lane=CLERK, status="2"), end(), flows=("S A", "A E"), head=head)
    brought = (Brought("DON"), Brought("CAN_CUOC"))
    outcome = sqlite_ward.received(one, 2026, 3, 2, 8, 0, components=brought)
    papers = receipt(sqlite_ward, outcome).facts["components"]
    assert [line[1] for line in papers] == ["Giấy DON", "Giấy CAN_CUOC (xuất trình, đã trả lại)"]


@pytest.mark.parametrize(
    ("channel", "said"),
    [
        ("counter", [["1", "Giấy CAM_DOAN (bản điện tử: 2 tệp)", "", "", ""]]),
        (
            "online",
            [
                ["1", "Giấy CAM_DOAN (bản điện tử: 2 tệp)", "", "", ""],
                ["2", "Giấy CHUNG_SINH (bản điện tử: 1 tệp)", "", "", ""],
            ],
        ),
    ],
)
def test_a_receipt_counts_electronic_copies_that_came_before_the_first_step_was_done(
    sqlite_ward, tmp_path, channel, said
):
    filing = Filing(sqlite_ward, tmp_path)
    outcome = sqlite_ward.received(grouped(), 2026, 3, 2, 8, 5, channel=channel)
    clerk = sqlite_ward.holder(*CLERK)
    how = {"into": outcome, "actor": clerk}
    number = filing.bring(code="CAM_DOAN", **how).document.number
    filing.bring(a_pdf(pages=2), code="CAM_DOAN", replaces=number, **how)
    filing.bring(a_pdf(pages=3), code="CAM_DOAN", **how)
    filing.bring(a_pdf(pages=4), code="CHUNG_SINH", **how)
    assert receipt(sqlite_ward, outcome).facts["components"] == said
