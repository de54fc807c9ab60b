"""An office's log goes out and comes in again, and says the same; nobody's name is in it."""

import io
from hashlib import sha256

import orjson
import pytest
from lxml import etree

from analysis.event_log.reading import read_log_stream
from analysis.log_export import pieces as pieces_module
from analysis.log_export.csv_table import csv_chunks
from analysis.log_export.ocel_json import ocel_json_chunks
from analysis.log_export.ocel_sqlite import write_ocel_sqlite
from analysis.log_export.ocel_xml import ocel_xml_chunks
from analysis.log_export.pieces import TRANSITIONS, pieces
from analysis.log_export.pseudonyms import Pseudonyms
from analysis.log_export.xes import xes_chunks
from analysis.log_measures import measure_log
from analysis.survival.observed import Picked
from tests.analysis.log_export.made_office import MINUTE, office
from tests.analysis.log_export.told_one_by_one import cases
from tests.analysis.made_facts import number

KEY = Pseudonyms(b"a key of this export")
WRITERS = {"xes": xes_chunks, "csv": csv_chunks, "json": ocel_json_chunks, "xml": ocel_xml_chunks}
FORMS = (*WRITERS, "sqlite")


def written(facts, form, folder):
    if form != "sqlite":
        return b"".join(WRITERS[form](pieces(facts, KEY)))
    file = folder / "log.sqlite"
    write_ocel_sqlite(pieces(facts, KEY), file)
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
        whole = b"".join(xes_chunks(pieces(facts, KEY)))
        other = b"".join(xes_chunks(pieces(facts, Pseudonyms(b"another key"))))
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


@pytest.mark.parametrize("form", ["xes", "xml"])
def test_what_no_xml_may_hold_does_not_break_the_document(form, tmp_path):
    with office() as facts:
        facts.connection.execute(
            "update step_interval set name = 'a' || chr(7) || 'b' || chr(9) || 'c'"
        )
        log = out_and_in(facts, form, tmp_path)
    assert {e.activity for trace in log.traces for e in trace.events} == {"a�b\tc"}


def test_in_ocel_one_sees_which_component_was_missing():
    with office() as facts:
        document = orjson.loads(b"".join(ocel_json_chunks(pieces(facts, KEY))))
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


def test_in_ocel_as_xml_types_stand_before_objects_and_objects_before_events():
    with office() as facts:
        root = etree.fromstring(b"".join(ocel_xml_chunks(pieces(facts, KEY))))
    assert [part.tag for part in root] == ["object-types", "event-types", "objects", "events"]
    kinds = {each.get("name") for each in root[1]}
    objects = {each.get("id"): each.get("type") for each in root[2]}
    assert {each.get("name") for each in root[0]} == {"dossier", "unit", "officer", "component"}
    assert {each.get("type") for each in root[3]} == kinds
    (asked,) = root.xpath("//event[@type='Yêu cầu bổ sung']")
    assert asked.xpath("objects/relationship/@object-id") == ["dossier:H-1", "component:P:DON"]
    assert set(root.xpath("//@object-id")) <= set(objects)
    assert len(root.xpath("//event/@id")) == len(set(root.xpath("//event/@id")))


def test_ocel_says_the_same_as_xml_as_json_and_as_sqlite(tmp_path):
    def told(form):
        log = read_log_stream(io.BytesIO(written(facts, form, tmp_path)), f"log.{form}")
        return log.traces, log.findings

    with office() as facts:
        assert told("xml") == told("json") == told("sqlite")


def test_a_cell_that_a_spreadsheet_would_run_can_be_made_harmless():
    with office() as facts:
        plain = b"".join(csv_chunks(pieces(facts, KEY)))
        careful = b"".join(
            csv_chunks(pieces(facts, KEY), cell=lambda text: text.replace("=", "'="))
        )
    assert b",=granted" in plain
    assert b",'=granted" in careful


@pytest.mark.parametrize("form", WRITERS)
@pytest.mark.parametrize("runs", [1, 3, 5])
def test_however_little_is_read_at_a_time_the_bytes_are_the_same(form, runs, tmp_path, monkeypatch):
    with office() as facts:
        whole = written(facts, form, tmp_path)
        monkeypatch.setattr(pieces_module, "_RUNS", runs)
        assert written(facts, form, tmp_path) == whole


def test_columns_tell_what_is_told_one_by_one():
    with office() as facts:
        one_by_one = [
            (case.code, e.at_us, e.transition, e.activity, e.run, e.attempt, e.person, e.result)
            for case in cases(facts, KEY)
            for e in case.events
        ]
        told = [row for piece in pieces(facts, KEY) for row in rows_of(piece)]
    assert len(told) == 16
    assert told == one_by_one


def rows_of(piece):
    codes, runs = piece.cases["code"].to_pylist(), piece.runs.to_pylist()
    for case, run, at_us, kind in zip(piece.case, piece.run, piece.at_us, piece.kind, strict=True):
        of = runs[run]
        told = (of["activity"], piece.number[run], of["attempt"], of["person"], of["result"])
        yield (codes[case], at_us, TRANSITIONS[kind], *told)


BYTES = {
    "xes": "ed09c07b9233fd0c",
    "csv": "ce2e7d3845d0b131",
    "json": "fd97731e703ad3a6",
}
"""Of each format how the SHA-256 of the office's log begins: as written a case at a time."""


@pytest.mark.parametrize("form", BYTES)
def test_the_bytes_are_those_that_were_always_written(form, tmp_path):
    with office() as facts:
        assert sha256(written(facts, form, tmp_path)).hexdigest()[:16] == BYTES[form]


@pytest.mark.parametrize("form", WRITERS)
def test_a_period_without_dossiers_is_a_log_without_cases(form):
    nobody = Picked(procedure_code="none")
    with office() as facts:
        document = b"".join(WRITERS[form](pieces(facts, KEY, nobody)))
    assert document.startswith((b"<?xml", b"\xef\xbb\xbfcase", b'{"events":[],"objects":[],'))
    assert b"H-1" not in document
