"""Object-centric logs are read as logs of cases, and hostile ones are refused in words."""

import gzip
import io
import sqlite3

import orjson
import pytest

from analysis.event_log import ocel_sqlite
from analysis.event_log.invalid_log import (
    InvalidLog,
    LogBroken,
    LogFormatUnknown,
    LogObjectTypeUnknown,
    LogTooLarge,
    LogWithoutEvents,
)
from analysis.event_log.limits import LogLimits
from analysis.event_log.reading import read_log_stream


def event(number, kind, minute, *objects, **attributes):
    return {
        "id": f"e{number}", "type": kind, "time": f"2025-07-01T08:{minute:02d}:00Z",
        "attributes": [{"name": n, "value": v} for n, v in attributes.items()],
        "relationships": [{"objectId": to, "qualifier": "of"} for to in objects],
    }  # fmt: skip


DOCUMENT = {
    "objectTypes": [{"name": "order", "attributes": []}, {"name": "item", "attributes": []}],
    "eventTypes": [{"name": "Place", "attributes": []}, {"name": "Pack", "attributes": []}],
    "objects": [
        {"id": "o1", "type": "order", "attributes": [
            {"name": "due_at", "time": "2025-07-01T00:00:00Z", "value": "2025-07-01T08:04:00Z"}]},
        {"id": "i1", "type": "item"}, {"id": "i2", "type": "item"},
    ],
    "events": [
        event(2, "Pack", 5, "o1", "i1", resource="Lan"),
        event(1, "Place", 1, "o1", "i1", "i2"),
        event(3, "Pack", 9, "o1", "i2"),
        event(4, "Audit", 9),
    ],
}  # fmt: skip


def read(document, **how):
    data = document if isinstance(document, bytes) else orjson.dumps(document)
    return read_log_stream(io.BytesIO(data), "log.json", **how)


def test_the_usual_objects_are_the_cases_and_events_stand_in_the_order_of_time():
    log = read(DOCUMENT)
    (trace,) = log.traces
    assert (trace.case_id, log.format) == ("o1", "ocel")
    assert [(e.activity, e.resource) for e in trace.events] == [
        ("Place", None), ("Pack", "Lan"), ("Pack", None)
    ]  # fmt: skip
    assert trace.deadline_us is not None


def test_an_event_of_several_cases_is_an_event_of_each():
    log = read(gzip.compress(orjson.dumps(DOCUMENT)), object_type="item")
    assert {t.case_id: [e.activity for e in t.events] for t in log.traces} == {
        "i1": ["Place", "Pack"], "i2": ["Place", "Pack"]
    }  # fmt: skip


def test_an_unknown_type_of_objects_is_named_with_those_there_are():
    with pytest.raises(LogObjectTypeUnknown, match="item, order"):
        read(DOCUMENT, object_type="invoice")


@pytest.mark.parametrize(
    ("document", "error"),
    [
        (b'{"events":', LogBroken),
        (b"{}", LogFormatUnknown),
        ({"events": [{"relationships": [{}]}], "objects": []}, LogBroken),
        ({"events": [1], "objects": [2]}, LogBroken),
        ({"events": 5, "objects": {"a": 1}}, LogBroken),
        ({"events": [], "objects": []}, LogWithoutEvents),
        (b"[" * 5000, InvalidLog),
        (b'{"events":' + b"[" * 100_000, LogBroken),
    ],
)
def test_what_is_no_log_is_refused_in_words(document, error):
    with pytest.raises(error):
        read(document)


def test_an_id_that_is_a_number_is_a_name():
    document = {
        "objects": [{"id": 5, "type": "case"}],
        "events": [event(1, "A", 1, 5)],
    }
    assert [trace.case_id for trace in read(document).traces] == ["5"]


def test_a_document_read_at_once_has_a_bound():
    with pytest.raises(LogTooLarge):
        read(DOCUMENT, limits=LogLimits(whole_bytes=100))


TABLES = """
create table event (ocel_id text, ocel_type text);
create table object (ocel_id text, ocel_type text);
create table event_object (ocel_event_id text, ocel_object_id text, ocel_qualifier text);
create table event_map_type (ocel_type text, ocel_type_map text);
create table object_map_type (ocel_type text, ocel_type_map text);
create table "event_a""b" (ocel_id text, ocel_time text, resource text);
create table object_Case (ocel_id text, ocel_time text, ocel_changed_field text, deadline text);
insert into event values ('e1', 'Ký'), ('e2', 'Ký');
insert into object values ('c1', 'case');
insert into event_object values ('e1', 'c1', ''), ('e2', 'c1', '');
insert into event_map_type values ('Ký', 'a"b');
insert into object_map_type values ('case', 'Case');
insert into "event_a""b" values ('e1', '2025-07-01T08:00:00Z', 'Lan'),
  ('e2', '2025-07-01T07:00:00Z', null);
insert into object_Case values ('c1', '1970-01-01', null, '2025-07-01T09:00:00Z');
"""


def sqlite(script, tmp_path):
    file = tmp_path / "made.sqlite"
    with sqlite3.connect(file) as database:
        database.executescript(script)
    database.close()
    return file.read_bytes()


def test_sqlite_is_read_with_whatever_names_its_tables_have(tmp_path):
    (trace,) = read(sqlite(TABLES, tmp_path)).traces
    assert [(e.activity, e.resource) for e in trace.events] == [("Ký", None), ("Ký", "Lan")]
    assert trace.deadline_us is not None


@pytest.mark.parametrize(
    "change",
    [
        "drop table event_object; create view event_object as select 1",
        "drop table event",
        "delete from event_map_type",
    ],
)
def test_views_and_files_without_the_tables_are_no_log(change, tmp_path):
    with pytest.raises(LogFormatUnknown):
        read(sqlite(f"{TABLES};{change}", tmp_path))


def test_a_damaged_file_is_said_to_be(tmp_path):
    whole = sqlite(TABLES, tmp_path)
    with pytest.raises(LogBroken):
        read(whole[:100] + b"\xff" * (len(whole) - 100))


def test_a_file_that_would_be_read_for_ever_is_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr(ocel_sqlite, "_MOST_STEPS", 100_000)
    monkeypatch.setattr(ocel_sqlite, "_COUNTED", 1_000)
    many = (
        "insert into event select 'e1', 'Ký' from (with recursive n(i) as (select 1 union all"
        " select i + 1 from n where i < 2000) select * from n);"
        " insert into event_object select 'e1', 'c1', '' from event"
    )
    with pytest.raises(LogTooLarge):
        read(sqlite(f"{TABLES};{many}", tmp_path))
