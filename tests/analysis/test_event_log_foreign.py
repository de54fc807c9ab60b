"""Logs as strangers hand them in: what is odd is counted and told, nothing is silently wrong."""

import gzip
import io
import sqlite3
import unicodedata

import pytest

from analysis.event_log.invalid_log import (
    LogBroken,
    LogDamaged,
    LogEncodingUnknown,
    LogOcelIncomplete,
    LogPacked,
    LogQuotesUnclosed,
    LogTooLarge,
    LogWithoutEvents,
)
from analysis.event_log.reading import read_log_stream
from analysis.event_log.time_stamp import UTC, read_instant, write_instant
from analysis.log_measures import measure_log
from tests.analysis.test_event_log_ocel import DOCUMENT, TABLES, event, sqlite
from tests.analysis.test_event_log_ocel import read as read_ocel

HEAD = "case_id,activity,timestamp\n"


def read(content, **how):
    data = content.encode() if isinstance(content, str) else content
    return read_log_stream(io.BytesIO(data), "log", **how)


def told(log):
    return {finding.rule: finding.vi for finding in log.findings}


def activities(log):
    return [[event.activity for event in trace.events] for trace in log.traces]


def test_a_quotation_mark_left_open_never_swallows_the_rows_behind_it():
    with pytest.raises(LogQuotesUnclosed, match="line 3"):
        read(HEAD + '1,a,2025-07-01\n2,"b,2025-07-01\n3,c,2025-07-01\n')
    with pytest.raises(LogQuotesUnclosed, match="line 2"):
        read(HEAD + '1,"Nguyễn "Văn" A",2025-07-01\n')


def test_a_quotation_mark_inside_of_a_word_is_a_letter():
    assert activities(read(HEAD + '1,ống 5" nước,2025-07-01\n')) == [['ống 5" nước']]


def test_rows_that_are_left_out_are_counted_with_the_line_of_the_first():
    log = read(
        'sep=,\ncase_id,activity,timestamp\n\n1,"a\nb",2025-07-01\n ,a,2025-07-01\n1, ,2025-07-01\n1,c\n'
    )
    assert activities(log) == [["a\nb", "c"]]
    found = told(log)
    assert "dòng 6" in found["log-event-without-case"]
    assert "dòng 7" in found["log-event-without-activity"]
    assert "dòng đầu: 8" in found["log-row-ragged"]


def test_a_case_all_of_whose_rows_name_no_step_is_told():
    log = read(HEAD + "1,,2025-07-01\n2,a,2025-07-01\n")
    assert {"log-case-without-events", "log-event-without-activity"} <= set(told(log))


def test_a_cell_too_long_is_said_to_be_too_long_and_not_broken():
    with pytest.raises(LogTooLarge, match="131072"):
        read(HEAD + f"1,a,{'x' * 200_000}\n")


def test_blanks_around_names_and_the_form_of_accents_make_no_second_step_or_case():
    apart = unicodedata.normalize("NFD", "Thẩm định")
    log = read(
        f"{HEAD}HS1,Thẩm định,2025-07-01\nHS1 ,{apart},2025-07-02\n{apart}, Thẩm định ,2025-07-03\n"
    )
    assert activities(log) == [["Thẩm định"] * 2, ["Thẩm định"]]
    assert [trace.case_id for trace in log.traces] == ["HS1", "Thẩm định"]
    assert "log-name-spelt-twice" in told(log)


def test_case_names_that_a_spreadsheet_rounded_are_a_warning():
    log = read(HEAD + "1.23457E+11,a,2025-07-01\n")
    assert "1.23457E+11" in told(log)["log-case-name-rounded"]


def test_a_file_of_an_old_mac_has_rows():
    assert activities(read("case_id,activity,timestamp\r1,a,2025-07-01\r1,b,2025-07-02\r")) == [
        ["a", "b"]
    ]


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"PK\x03\x04xl/workbook.xml", LogPacked),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", LogPacked),
        (gzip.compress(gzip.compress(HEAD.encode())), LogPacked),
        (HEAD.encode("utf-16-le"), LogEncodingUnknown),
        (HEAD.encode("utf-32"), LogBroken.__base__),
        (gzip.compress(HEAD.encode() * 999)[:-9], LogDamaged),
    ],
)
def test_what_is_no_text_is_refused_with_what_to_do(content, error):
    with pytest.raises(error) as refused:
        read(content)
    assert "?" not in refused.value.message("vi")


def test_dates_with_a_blank_behind_them_still_decide_which_part_is_the_day():
    log = read(HEAD + "1,a,02/01/2025  \n1,b,02/13/2025  \n")
    assert [write_instant(e.at_us)[:10] for e in log.traces[0].events] == [
        "2025-01-31",
        "2025-02-12",
    ]


def test_dates_alone_are_told_for_they_make_times_of_whole_days():
    assert (
        "2 sự kiện" in told(read(HEAD + "1,a,2025-07-01\n1,b,2025-07-02\n"))["log-time-date-only"]
    )


def test_the_same_line_twice_is_counted_and_told():
    log = read(HEAD + "1,a,2025-07-01T00:00Z\n1,a,2025-07-01T00:00Z\n1,b,2025-07-01T00:00Z\n")
    assert (len(log.traces[0].events), "1 sự kiện" in told(log)["log-event-repeated"]) == (3, True)


def test_an_event_without_time_makes_no_time_negative():
    log = read(HEAD + "1,c,2025-07-03T00:00Z\n1,?,\n1,a,2025-07-01T00:00Z\n1,b,2025-07-02T00:00Z\n")
    assert activities(log) == [["a", "b", "c", "?"]]
    assert all(s.since_previous.max > 0 for s in measure_log(log).steps if s.since_previous)


def test_a_line_with_a_start_and_no_end_is_a_run_that_goes_on():
    log = read(
        "case_id,activity,start_time,end_time\n1,b,2025-07-02T00:00Z,\n1,a,2025-07-01T00:00Z,2025-07-01T08:00Z\n"
    )
    assert activities(log) == [["a", "b"]]
    assert {s.activity: s.open for s in measure_log(log).steps} == {"a": 0, "b": 1}
    assert "log-time-missing" not in told(log)


LIFE = "case_id,activity,timestamp,lifecycle:transition,concept:instance\n"


def test_instances_that_number_events_and_not_runs_are_left_aside():
    rows = "1,a,2025-07-01T00:00Z,start,e1\n1,a,2025-07-01T02:00Z,complete,e2\n"
    log = read(LIFE + rows)
    (step,) = measure_log(log).steps
    assert (step.runs, step.open, step.handling.max) == (1, 0, 7200.0)
    assert "2 sự kiện" in told(log)["log-instance-of-events"]


def test_instances_that_number_runs_keep_them_apart():
    rows = "1,a,2025-07-01T00:00Z,start,r1\n1,a,2025-07-01T01:00Z,start,r2\n"
    rows += "1,a,2025-07-01T02:00Z,complete,r2\n1,a,2025-07-01T09:00Z,complete,r1\n"
    log = read(LIFE + rows)
    (step,) = measure_log(log).steps
    assert (step.runs, step.handling.max) == (2, 9 * 3600.0)
    assert "log-instance-of-events" not in told(log)


def test_an_event_related_to_a_case_in_two_ways_is_one_event_in_every_form(tmp_path):
    twice = f"{TABLES}; insert into event_object values ('e1', 'c1', 'as well');"
    assert len(read_ocel(sqlite(twice, tmp_path)).traces[0].events) == 2
    related = event(1, "Place", 1, "o1", "o1")
    assert activities(read_ocel({**DOCUMENT, "events": [related]})) == [["Place"]]


def test_events_whose_table_is_missing_are_counted_without_time(tmp_path):
    more = f"{TABLES}; insert into event values ('e3', 'Lạ'); insert into event_object values ('e3', 'c1', '');"
    log = read_ocel(sqlite(more, tmp_path))
    assert activities(log) == [["Ký", "Ký", "Lạ"]]
    assert "log-time-missing" in told(log)


def test_text_that_is_not_unicode_in_a_table_is_refused_in_words(tmp_path):
    file = tmp_path / "odd.sqlite"
    file.write_bytes(sqlite(f"{TABLES}; create table ocel_note (a text)", tmp_path))
    with sqlite3.connect(file) as database:
        database.execute("pragma writable_schema = on")
        database.execute(
            "update sqlite_master set sql = cast(x'c328' as text) where name = 'ocel_note'"
        )
    database.close()
    with pytest.raises(LogDamaged):
        read_ocel(file.read_bytes())


def test_which_objects_are_cases_and_what_that_leaves_out_is_told():
    found = told(read_ocel(DOCUMENT))
    assert "“order”" in found["log-case-type-chosen"]
    assert "1 sự kiện" in found["log-event-of-other-objects"]
    asked = told(read_ocel(DOCUMENT, object_type="item"))
    assert "log-case-type-chosen" not in asked
    assert "1 sự kiện" in asked["log-event-of-several-cases"]


def test_objects_that_are_not_there_and_ids_that_repeat_are_told():
    events = [event(1, "Place", 1, "o1", "o9"), event(1, "Pack", 2, "o1")]
    found = told(read_ocel({**DOCUMENT, "events": events}))
    assert "“o9”" in found["log-object-not-in-file"]
    assert "“e1”" in found["log-identifier-repeated"]
    xml = "<log><objects><object id='o1' type='order'/></objects><events>"
    xml += (
        "<event id='e1' type='A' time='2025-07-01T00:00:00Z'><objects><relationship object-id='o1'/></objects></event>"
        * 2
    )
    assert "log-identifier-repeated" in told(read(f"{xml}</events></log>"))


@pytest.mark.parametrize(
    "wrong",
    [{"type": None}, {"type": ["a"]}, {"id": {}}, {"relationships": [{}]}, {"attributes": "x"}],
)
def test_an_event_that_lacks_what_it_must_have_is_named(wrong):
    document = {
        **DOCUMENT,
        "events": [event(1, "Place", 1, "o1"), event(2, "Place", 1, "o1") | wrong],
    }
    with pytest.raises(LogOcelIncomplete, match=r"events\[2\]"):
        read_ocel(document)


def test_a_time_that_is_null_is_missing_and_not_unreadable():
    found = told(read_ocel({**DOCUMENT, "events": [event(1, "Place", 1, "o1") | {"time": None}]}))
    assert ("log-time-missing" in found, "log-time-unreadable" in found) == (True, False)


OLD_JSON = {
    "ocel:global-log": {"ocel:version": "1.0"},
    "ocel:events": {
        "e1": {"ocel:activity": "Place", "ocel:timestamp": "2025-07-01 08:01:00", "ocel:omap": ["o1"],
               "ocel:vmap": {"resource": "Lan"}},
        "e2": {"ocel:activity": "Pack", "ocel:timestamp": "2025-07-01 08:05:00", "ocel:omap": ["o1"]},
    },
    "ocel:objects": {"o1": {"ocel:type": "order", "ocel:ovmap": {"due_at": "2025-07-01 09:00:00"}}},
}  # fmt: skip
OLD_XML = """<?xml version="1.0"?><log>
<global scope="event"><string key="activity" value="__INVALID__"/></global>
<global scope="object"><string key="type" value="__INVALID__"/></global>
<global scope="log"><string key="version" value="1.0"/></global>
<events>
<event><string key="id" value="e1"/><string key="activity" value="Place"/>
 <date key="timestamp" value="2025-07-01T08:01:00+07:00"/>
 <list key="omap"><string key="object-id" value="o1"/></list>
 <list key="vmap"><string key="resource" value="Lan"/></list></event>
<event><string key="id" value="e2"/><string key="activity" value="Pack"/>
 <date key="timestamp" value="2025-07-01T08:05:00+07:00"/>
 <list key="omap"><string key="object-id" value="o1"/></list><list key="vmap"/></event>
</events><objects><object><string key="id" value="o1"/><string key="type" value="order"/>
 <list key="ovmap"><date key="due_at" value="2025-07-01T09:00:00+07:00"/></list></object></objects></log>"""


@pytest.mark.parametrize("document", [OLD_JSON, OLD_XML.encode()])
def test_the_first_version_of_ocel_is_read_too(document):
    (trace,) = read_ocel(document).traces
    assert [(e.activity, e.resource) for e in trace.events] == [("Place", "Lan"), ("Pack", None)]
    assert write_instant(trace.deadline_us) == "2025-07-01T02:00:00Z"


def test_an_object_named_by_an_element_of_that_name_is_still_related():
    xml = b"""<log><objects><object id='o1' type='order'/></objects><events>
    <event id='e1' type='A' time='2025-07-01T00:00:00Z'><objects><object object-id='o1'/></objects></event>
    </events></log>"""
    assert activities(read(xml)) == [["A"]]


def test_a_namespace_that_no_name_may_have_is_refused_in_words():
    with pytest.raises(LogBroken):
        read('<log xmlns="http{0}//www.xes-standard.org/"><trace/></log>')


def test_an_xes_event_without_a_case_is_told_with_its_line():
    xes = '<log>\n<trace><event><string key="concept:name" value="a"/></event></trace>\n<event/></log>'
    assert "dòng 3" in told(read(xes))["log-event-without-case"]


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2025/7/1 8:30", "2025-07-01T08:30:00Z"),
        ("20250701083000", "2025-07-01T08:30:00Z"),
        ("20250701083000250", "2025-07-01T08:30:00.250000Z"),
        ("01-JUL-2025 08:30", "2025-07-01T08:30:00Z"),
        ("Jul 1, 2025 8:30 AM", "2025-07-01T08:30:00Z"),
        ("1 July 2025", "2025-07-01T00:00:00Z"),
        ("2025-07-01 08:30 GMT+7", "2025-07-01T01:30:00Z"),
        ("01/07/2025 08:30 +7", "2025-07-01T01:30:00Z"),
        ("2025-07-01T08:30:00+07:00[Asia/Ho_Chi_Minh]", "2025-07-01T01:30:00Z"),
    ],
)
def test_more_ways_in_which_systems_write_time(text, utc):
    assert write_instant(read_instant(text, UTC).us) == utc


@pytest.mark.parametrize(
    "text", ["01-JUL-25", "45839,5", "20251301083000", "31 Feb 2025", "1 Foo 2025", "1751328000"]
)
def test_what_could_be_another_time_is_not_guessed(text):
    assert read_instant(text, UTC) is None


def test_slashed_dates_in_a_format_of_iso_dates_are_told():
    found = told(
        read_ocel({**DOCUMENT, "events": [event(1, "Place", 1, "o1") | {"time": "02/01/2025"}]})
    )
    assert "02/01/2025" in found["log-date-order-assumed"]


def test_a_log_of_objects_without_events_is_no_log():
    with pytest.raises(LogWithoutEvents):
        read_ocel({**DOCUMENT, "events": []})


def test_objects_that_name_one_another_in_circles_do_no_harm():
    circle = [
        {"id": "o1", "type": "order", "relationships": [{"objectId": "o1", "qualifier": "of"}]}
    ]
    assert activities(read_ocel({"objects": circle, "events": [event(1, "A", 1, "o1")]})) == [["A"]]
