"""An office's log goes out and comes in again, and says the same; nobody's name is in it."""

import io

import orjson
import pytest

from analysis.event_log.reading import read_log_stream
from analysis.log_export.cases import Pseudonyms, cases
from analysis.log_export.csv_table import csv_chunks
from analysis.log_export.ocel import ocel_json_chunks
from analysis.log_export.ocel_sqlite import write_ocel_sqlite
from analysis.log_export.xes import xes_chunks
from analysis.log_measures import measure_log
from analysis.survival.observed import Picked
from tests.analysis.log_export.made_office import MINUTE, office
from tests.analysis.made_facts import number

KEY = Pseudonyms(b"a key of this export")
WRITERS = {"xes": xes_chunks, "csv": csv_chunks, "json": ocel_json_chunks}
FORMS = (*WRITERS, "sqlite")


def written(facts, form, folder):
    if form != "sqlite":
        return b"".join(WRITERS[form](cases(facts, KEY)))
    file = folder / "log.sqlite"
    write_ocel_sqlite(cases(facts, KEY), file)
    return file.read_bytes()


def out_and_in(facts, form, folder):
    # what was asked of an applicant is an event of its own in OCEL alone
    facts.connection.execute("delete from missing_component")
    return read_log_stream(io.BytesIO(written(facts, form, folder)), f"log.{form}")


@pytest.mark.parametrize("form", FORMS)
def test_waiting_handling_and_pauses_survive_the_way(form, tmp_path):
    with office() as facts:
        log = out_and_in(facts, form, tmp_path)
    measures = measure_log(log)
    assert (measures.cases, measures.runs) == (2, 5)
    (first, second, third) = sorted(measures.steps, key=lambda step: -step.runs)
    assert [(s.activity, s.runs, s.open) for s in (first, second, third)] == [
        ("Thẩm tra", 3, 1), ("Ký", 1, 0), ("Tham mưu", 1, 0)
    ]  # fmt: skip
    assert (first.handling.max, first.paused.max) == (60 * 60.0, 40 * 60.0)  # 100 less 40 minutes
    assert (first.waiting.n, first.waiting.sum) == (3, 30 * 60.0)
    assert (second.handling.sum, second.waiting.sum) == (120 * 60.0, 10 * 60.0)
    assert [(v.activities, v.n) for v in measures.variants if "Ký" in v.activities] == [
        (("Thẩm tra", "Ký"), 1)
    ]
    assert (measures.deadline.n, measures.deadline.late) == (1, 0)
    assert (measures.planned_end.n, measures.planned_end.late) == (1, 1)
    assert [finding.rule for finding in measures.findings] == ["log-run-not-completed"]


def test_every_format_says_the_same(tmp_path):
    with office() as facts:
        found = [measure_log(out_and_in(facts, form, tmp_path)).to_data() for form in FORMS]
    for data in found:
        del data["file"], data["format"]
    assert found[0]["runs"] == 5
    assert all(data == found[0] for data in found)


def test_persons_are_pseudonyms_under_a_key():
    with office() as facts:
        whole = b"".join(xes_chunks(cases(facts, KEY)))
        other = b"".join(xes_chunks(cases(facts, Pseudonyms(b"another key"))))
        people = {e.person for case in cases(facts, KEY) for e in case.events}
    for person in (900, 901):
        assert str(number(person)).encode() not in whole
        assert KEY.of(number(person)) in people
        assert KEY.of(number(person)).encode() not in other
    assert len(people) == 2


def test_only_what_was_asked_for_goes_out():
    with office() as facts:
        picked = list(cases(facts, KEY, Picked(from_us=10 * MINUTE)))
        assert [case.code for case in picked] == ["H-2 <&\"'>"]
        assert list(cases(facts, KEY, Picked(procedure_code="none"))) == []


def test_what_no_xml_may_hold_does_not_break_the_document(tmp_path):
    with office() as facts:
        facts.connection.execute("update step_interval set name = 'a' || chr(7) || 'b' || chr(9)")
        log = out_and_in(facts, "xes", tmp_path)
    assert {e.activity for trace in log.traces for e in trace.events} == {"a�b\t"}


def test_in_ocel_one_sees_which_component_was_missing():
    with office() as facts:
        document = orjson.loads(b"".join(ocel_json_chunks(cases(facts, KEY))))
    assert {each["name"] for each in document["objectTypes"]} == {
        "dossier", "unit", "officer", "component"
    }  # fmt: skip
    (asked,) = [event for event in document["events"] if event["type"] == "Yêu cầu bổ sung"]
    assert [each["objectId"] for each in asked["relationships"]] == [
        "dossier:H-1", "component:P:DON"
    ]  # fmt: skip
    names = {each["id"] for each in document["objects"]}
    for event in document["events"]:
        assert {each["objectId"] for each in event["relationships"]} <= names
    types = {each["name"] for each in document["eventTypes"]}
    assert {event["type"] for event in document["events"]} == types


def test_a_cell_that_a_spreadsheet_would_run_can_be_made_harmless():
    with office() as facts:
        plain = b"".join(csv_chunks(cases(facts, KEY)))
        careful = b"".join(csv_chunks(cases(facts, KEY), cell=lambda text: text.replace("=", "'=")))
    assert b",=granted" in plain
    assert b",'=granted" in careful
