"""Procedures in the office: uploaded with their faults, edited, published, replaced."""

import threading
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import insert

from engine.calendar import DayException, ExceptionKind, layer
from engine.dossiers.complete_step import complete_step
from engine.dossiers.receive import Reception, receive
from engine.draft_changes import NothingToTakeBack, edit, take_back
from engine.office import Office
from engine.procedure_version import version, versions_of
from engine.procedures import NotAProcedure, NotPublishable, by_code, listed, publish, upload
from engine.seen_draft import DraftChanged, NotADraft
from engine.store.tables import agency, procedure, procedure_version
from engine.working_calendar.kept import keep_calendar
from engine.working_calendar.office_hours import Overrides, read_sessions
from processes.check import check
from processes.editing import LaneEdit, ProcedureEdit, StepEdit
from processes.errors import NotAllowed, NotFound
from processes.finding import Severity
from processes.time_limit import TimeLimit
from tests.engine.drawing import OFFICER, draw, end, start, step
from tests.engine.offices import BPMN, datetime_of, stranger


def diagram(code="T-01", limit="1 working_day", steps=("A",), **stated):
    flows = [f"{a} {b}" for a, b in zip(("S", *steps), (*steps, "E"), strict=True)]
    drawn = (step(name, limit=limit) for name in steps)
    return draw(start(), *drawn, end(), flows=tuple(flows), code=code, **stated)


LEGACY = Path(__file__).parents[1] / "processes" / "legacy"
FAULTY = draw(start(), step("A", limit=None), end(), flows=("S A", "A E"))  # a step without limit


def read(ward, function, *given, **named):
    with ward.office.database.read() as connection:
        return function(connection, ward.designer, *given, **named)


# Uploading


def test_an_uploaded_diagram_is_kept_as_a_draft_byte_by_byte(ward):
    data = diagram()
    record = upload(ward.office, ward.designer, data, "quy trình.bpmn")
    assert (record.state, record.number, record.file_name) == ("draft", 1, "quy trình.bpmn")
    assert record.diagram == record.original == data
    found = read(ward, by_code, "T-01")
    assert (found.draft_id, found.version_id) == (record.version_id, None)
    last = {"by": ward.designer.name, "at": "2026-03-02T01:00:00+00:00", "parts": ["file"]}
    assert found.summary == {
        "changed": last,
        "steps": 1,
        "components": 0,
        "limits": [["Thường", "5 ngày làm việc", "5 working days"]],
    }


def test_a_draft_is_kept_with_its_faults_and_they_stand_against_publishing(ward):
    record = upload(ward.office, ward.designer, FAULTY, "a.bpmn")
    errors = [f for f in check(record.diagram).findings if f.severity is Severity.ERROR]
    with pytest.raises(NotPublishable) as refused:
        publish(ward.office, ward.designer, record.version_id)
    assert refused.value.facts["number"] == len(errors) == 1
    assert errors[0].vi in refused.value.message("vi")
    assert read(ward, version, record.version_id).state == "draft"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"khong phai XML",
        b"<a/>",
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        b'<b:definitions xmlns:b="http://www.omg.org/spec/BPMN/20100524/MODEL"/>',
    ],
)
def test_what_is_no_procedure_is_refused_and_nothing_is_kept(sqlite_ward, data):
    with pytest.raises(NotAProcedure) as refused:
        upload(sqlite_ward.office, sqlite_ward.designer, data, "a.bpmn")
    assert "a.bpmn" in refused.value.message("vi")
    assert sqlite_ward.stored(procedure) == []


def test_only_designers_upload_edit_and_publish(sqlite_ward):
    record = upload(sqlite_ward.office, sqlite_ward.designer, diagram(), "a.bpmn")
    officer = sqlite_ward.actors["vanphong3"]
    for act in (
        lambda: upload(sqlite_ward.office, officer, diagram(), "a.bpmn"),
        lambda: edit(sqlite_ward.office, officer, record.version_id, ()),
        lambda: publish(sqlite_ward.office, officer, record.version_id),
    ):
        with pytest.raises(NotAllowed) as refused:
            act()
        assert "designer" in refused.value.message("vi")


# Editing


def test_an_edit_changes_what_it_names_and_keeps_the_rest_of_the_file(ward):
    data = (BPMN / "procedures" / "1.013831-bien-dong-dat-dai.bpmn").read_bytes()
    record = upload(ward.office, ward.designer, data, "a.bpmn")
    edits = (
        StepEdit("Task_Appraise", limits={"": TimeLimit.parse("1 ngày làm việc")}),
        LaneEdit("Lane_Head", "truong_phong", "dia_chinh"),
        ProcedureEdit(case_limits={"normal": TimeLimit.parse("9 ngày làm việc")}),
    )
    edited = edit(ward.office, ward.designer, record.version_id, edits)
    assert edited.original == data
    before, after = check(data).procedure, check(edited.diagram).procedure
    appraise = after.step("Task_Appraise")
    assert appraise.limit("normal") == TimeLimit.parse("1 ngày làm việc")
    assert appraise.limit("remote") == before.step("Task_Appraise").limit("remote")
    assert after.case("normal").limit == TimeLimit.parse("9 ngày làm việc")
    assert after.step("Task_SubmitPhase1").assignment.unit == "dia_chinh"
    assert after.components == before.components
    lines, edited_lines = data.splitlines(), edited.diagram.splitlines()
    assert len(lines) == len(edited_lines)
    assert sum(a != b for a, b in zip(lines, edited_lines, strict=True)) == 3
    assert read(ward, by_code, "1.013831").summary["limits"][0][1] == "9 ngày làm việc"


def test_faults_can_be_mended_by_editing_and_then_it_is_published(ward):
    record = upload(ward.office, ward.designer, FAULTY, "a.bpmn")
    mended = StepEdit("A", limits={"": TimeLimit.parse("4 giờ làm việc")})
    edit(ward.office, ward.designer, record.version_id, (mended,))
    assert publish(ward.office, ward.designer, record.version_id).state == "in_force"


def test_of_two_who_edit_at_once_one_is_told_and_nothing_is_lost(ward):
    record = upload(ward.office, ward.designer, diagram(steps=("A", "B")), "a.bpmn")
    together = threading.Barrier(2)
    told: list[str] = []

    def change(element: str) -> None:
        office = Office(ward.office.database, ward.clock, ward.office.ids)
        limit = StepEdit(element, limits={"": TimeLimit.parse("3 giờ làm việc")})
        together.wait()
        try:
            edit(office, ward.designer, record.version_id, (limit,))
            told.append("done")
        except DraftChanged:
            told.append("changed")

    threads = [threading.Thread(target=change, args=(name,)) for name in "AB"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    read_back = check(read(ward, version, record.version_id).diagram).procedure
    changed = [s for s in read_back.steps if s.limit("") == TimeLimit.parse("3 giờ làm việc")]
    assert len(changed) == told.count("done")
    assert sorted(told) in (["changed", "done"], ["done", "done"])


# Publishing


def test_a_published_version_receives_dossiers_and_can_no_longer_be_changed(ward):
    record = upload(ward.office, ward.designer, diagram(), "a.bpmn")
    in_force = publish(ward.office, ward.designer, record.version_id, "768/QĐ-TTPVHCC")
    assert (in_force.state, in_force.decision_no) == ("in_force", "768/QĐ-TTPVHCC")
    assert in_force.published_at == ward.clock.now()
    found = read(ward, by_code, "T-01")
    assert (found.version_id, found.draft_id) == (record.version_id, None)
    receive(ward.office, ward.holder(*OFFICER), Reception("T-01", "Lê Thị Hoa"))
    for act in (edit, publish):
        with pytest.raises(NotADraft):
            act(ward.office, ward.designer, record.version_id, *([()] if act is edit else []))


def test_the_decision_of_the_diagram_is_kept_where_none_is_stated(sqlite_ward):
    data = diagram(decisionNo="917/QĐ-UBND")
    record = upload(sqlite_ward.office, sqlite_ward.designer, data, "a.bpmn")
    published = publish(sqlite_ward.office, sqlite_ward.designer, record.version_id)
    assert published.decision_no == "917/QĐ-UBND"


def test_a_new_version_receives_and_running_dossiers_keep_theirs(ward):
    first = ward.publish(diagram(steps=("A", "B")))
    officer = ward.holder(*OFFICER)
    old = receive(ward.office, officer, Reception("T-01", "Lê Thị Hoa"))
    second = ward.publish(diagram(steps=("A", "C"), limit="4 working_hour"))
    assert second.number == 2
    new = receive(ward.office, officer, Reception("T-01", "Lê Thị Hoa"))
    ward.forget()
    assert ward.file(old).row.version_id == first.version_id
    assert ward.file(new).row.version_id == second.version_id
    following = {}
    for outcome in (old, new):
        done = complete_step(ward.office, officer, outcome.opened[0].step_run_id)
        following[outcome.dossier_id] = [opened.element_id for opened in done.opened]
    assert following == {old.dossier_id: ["B"], new.dossier_id: ["C"]}
    states = {r.number: r.state for r in read(ward, versions_of, first.procedure_id)}
    assert states == {2: "in_force", 1: "superseded"}


def test_while_a_draft_is_prepared_the_version_in_force_goes_on(ward):
    ward.publish(diagram())
    draft = upload(ward.office, ward.designer, diagram(steps=("A", "B")), "b.bpmn")
    found = read(ward, by_code, "T-01")
    assert (found.draft_id, found.number) == (draft.version_id, 2)
    (shown,) = read(ward, listed, in_force=True)
    assert (shown.number, shown.summary["steps"]) == (1, 1)
    outcome = receive(ward.office, ward.holder(*OFFICER), Reception("T-01", "Lê Thị Hoa"))
    done = complete_step(ward.office, ward.holder(*OFFICER), outcome.opened[0].step_run_id)
    assert done.state == "returned"


def test_publishing_a_draft_leaves_a_newer_one_alone(sqlite_ward):
    older = upload(sqlite_ward.office, sqlite_ward.designer, diagram(), "a.bpmn")
    newer = upload(sqlite_ward.office, sqlite_ward.designer, diagram(steps=("A", "B")), "b.bpmn")
    publish(sqlite_ward.office, sqlite_ward.designer, older.version_id)
    found = read(sqlite_ward, by_code, "T-01")
    assert (found.version_id, found.draft_id) == (older.version_id, newer.version_id)


def test_of_two_published_at_once_one_is_in_force(ward):
    drafts = [
        upload(ward.office, ward.designer, diagram(steps=("A", "B")[:number]), "a.bpmn")
        for number in (1, 2)
    ]
    together = threading.Barrier(2)

    def publish_one(version_id) -> None:
        together.wait()
        publish(ward.office, ward.designer, version_id)

    threads = [threading.Thread(target=publish_one, args=(d.version_id,)) for d in drafts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    states = {row.version_id: row.state for row in ward.stored(procedure_version)}
    assert sorted(states.values()) == ["in_force", "superseded"]
    assert states[read(ward, by_code, "T-01").version_id] == "in_force"


# Finding


def test_another_agency_sees_and_changes_nothing(ward):
    record = upload(ward.office, ward.designer, diagram(), "a.bpmn")
    other = stranger(ward.designer)
    with ward.office.database.read() as connection:
        assert listed(connection, other) == ()
        assert versions_of(connection, other, record.procedure_id) == ()
        for find in (
            lambda: version(connection, other, record.version_id),
            lambda: by_code(connection, other, "T-01"),
        ):
            with pytest.raises(NotFound):
                find()
    for act in (edit, publish):
        with pytest.raises(NotFound):
            act(ward.office, other, record.version_id, *([()] if act is edit else []))


def test_the_same_code_in_two_agencies_is_two_procedures(ward):
    other = stranger(ward.designer)
    row = {"agency_id": other.agency_id, "name": "UBND phường bên"}
    ward.office.database.write(lambda transaction: transaction.execute(insert(agency), row))
    here = upload(ward.office, ward.designer, diagram(), "a.bpmn")
    there = upload(ward.office, other, diagram(), "a.bpmn")
    assert here.procedure_id != there.procedure_id
    assert (here.number, there.number) == (1, 1)


def test_the_list_is_paged_by_code_and_searched_without_accents(ward):
    for number in range(7):
        data = diagram(f"T-{number:02d}", field="Đất đai" if number % 2 else "Hộ tịch")
        upload(ward.office, ward.designer, data, "a.bpmn")
    codes, after = [], ""
    while page := read(ward, listed, most=3, after=after):
        codes.extend(row.code for row in page)
        after = page[-1].code
    assert codes == [f"T-{number:02d}" for number in range(7)]
    assert [row.code for row in read(ward, listed, search="dat dai")] == ["T-01", "T-03", "T-05"]
    assert [row.code for row in read(ward, listed, search="ho tich t-02")] == ["T-02"]
    assert read(ward, listed, in_force=True) == ()
    for code in ("khong-co", "\x00"):
        with pytest.raises(NotFound):
            read(ward, by_code, code)


def test_a_calendar_that_comes_into_force_later_counts_from_then_on(ward):
    """Versions of calendars, like those of procedures, are not in force before their day."""
    ward.publish(diagram())
    shorter = replace_friday(ward.calendar)
    begins = datetime_of(2026, 3, 5, 0, 0)
    ward.office.database.write(
        lambda transaction: keep_calendar(
            transaction, ward.agency_id, shorter, begins, "Nghỉ chiều thứ Sáu"
        )
    )
    ward.at(2026, 3, 2, 8, 0)
    officer = ward.holder(*OFFICER)
    before = receive(ward.office, officer, Reception("T-01", "Lê Thị Hoa"))
    assert before.due_at == datetime_of(2026, 3, 9, 8, 0)
    ward.at(2026, 3, 5, 8, 0)
    after = receive(ward.office, officer, Reception("T-01", "Lê Thị Hoa"))
    assert after.due_at == datetime_of(2026, 3, 12, 13, 30)  # half of one Friday is missing


def replace_friday(calendar):

    morning = tuple(read_sessions("07:30-11:30"))
    stated = DayException(
        date(2026, 3, 6), ExceptionKind.WORK, "Nghỉ chiều", "TB", sessions=morning
    )
    return layer(calendar, Overrides((), (stated,)))


def test_a_one_stop_workflow_becomes_a_draft_beside_the_file_it_came_from(ward):
    file = LEGACY / "land_tax.xml"
    record = upload(ward.office, ward.designer, file.read_bytes(), file.name)
    assert record.original == file.read_bytes()
    assert b"BPMN/20100524/MODEL" in record.diagram
    assert record.repairs is not None
    mended = edit(ward.office, ward.designer, record.version_id, [ProcedureEdit()])
    assert mended.repairs == record.repairs
    with pytest.raises(NothingToTakeBack):
        take_back(ward.office, ward.designer, record.version_id)


def test_what_was_changed_in_a_converted_workflow_is_taken_back_to_its_conversion(ward):
    file = LEGACY / "land_tax.xml"
    record = upload(ward.office, ward.designer, file.read_bytes(), file.name)
    element = check(record.diagram).procedure.steps[0].element_id
    limit = StepEdit(element, limits={"": TimeLimit.parse("7 giờ làm việc")})
    edit(ward.office, ward.designer, record.version_id, [limit])
    assert take_back(ward.office, ward.designer, record.version_id).diagram == record.diagram
