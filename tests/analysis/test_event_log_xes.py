"""XES logs of other systems are read as they are meant, and hostile ones do no harm."""

import gzip
import io
import tracemalloc
from datetime import UTC

import pytest

from analysis.event_log.bounded_text import BoundedText
from analysis.event_log.invalid_log import (
    LogBroken,
    LogDamaged,
    LogDoctype,
    LogFormatUnknown,
    LogNotOpened,
    LogPacked,
    LogTimesUnreadable,
    LogTooLarge,
    LogWithoutEvents,
)
from analysis.event_log.limits import LogLimits
from analysis.event_log.reading import read_log, read_log_stream
from analysis.event_log.xes import _Reading
from analysis.event_log.xml_log import finished_elements

STANDARD = 'xmlns="http://www.xes-standard.org/"'
DEFAULTS = """
  <extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
  <global scope="trace"><string key="concept:name" value="UNKNOWN"/>
    <date key="deadline" value="1970-01-01T00:00:00+01:00"/></global>
  <global scope="event"><string key="concept:name" value="UNKNOWN"/>
    <date key="time:timestamp" value="1970-01-01T00:00:00.000+01:00"/></global>
  <classifier name="Activity" keys="concept:name"/>
  <float key="meta_org:events" value="2.0"><float key="Resource14" value="1.004"/></float>
"""


def event(activity, time=None, **more):
    told = {"concept:name": activity, "time:timestamp": time}
    told |= {key.replace("__", ":"): value for key, value in more.items()}
    attributes = [f'<string key="{key}" value="{value}"/>' for key, value in told.items() if value]
    return f"<event>{''.join(attributes)}</event>"


def trace(name, *events, dates=""):
    return f'<trace><string key="concept:name" value="{name}"/>{dates}{"".join(events)}</trace>'


def xes(*traces, head="", namespace=STANDARD):
    return f"<log {namespace}>{head}{''.join(traces)}</log>".encode()


def read(content, **how):
    return read_log_stream(io.BytesIO(content), "nhật ký.xes", **how)


def rules(log):
    return {finding.rule for finding in log.findings}


RECEIVE = event("Tiếp nhận", "2025-07-01T08:00:00+07:00")
RETURN = event("Trả kết quả", "2025-07-02T08:00:00.000001+07:00")


def test_a_case_is_read_with_its_events_people_and_exact_times():
    appraise = event(
        "Thẩm định",
        "2025-07-01T09:00:00.123456+07:00",
        org__resource="Lan",
        org__group="Phòng Đất đai",
        lifecycle__transition="start",
        concept__instance="7",
    )
    log = read(xes(trace("HS-1", RECEIVE, appraise)))
    (case,) = log.traces
    assert (log.format, case.case_id) == ("xes", "HS-1")
    first, second = case.events
    assert (first.activity, first.resource, first.transition) == ("Tiếp nhận", None, None)
    assert second[:6] == (
        "Thẩm định",
        1_751_335_200_123_456,  # 2025-07-01T02:00:00.123456Z
        "start",
        "Lan",
        "Phòng Đất đai",
        "7",
    )
    assert second.at_us - first.at_us == 3_600_123_456


def test_defaults_and_statistics_of_the_header_never_become_events():
    log = read(xes(trace("HS-1", RECEIVE), head=DEFAULTS))
    assert [e.activity for t in log.traces for e in t.events] == ["Tiếp nhận"]
    assert log.traces[0].deadline_us is None
    assert log.findings == ()


@pytest.mark.parametrize("namespace", [STANDARD, "", 'xmlns="http://code.deckfour.org/xes"'])
def test_namespaces_of_old_and_new_tools_are_all_understood(namespace):
    assert len(read(xes(trace("HS-1", RECEIVE), namespace=namespace)).traces) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_any_unicode_encoding_is_understood(encoding):
    content = xes(trace("Hồ sơ", RECEIVE)).decode().encode(encoding)
    assert read(content).traces[0].case_id == "Hồ sơ"


def test_a_compressed_log_is_known_by_its_content(tmp_path):
    file = tmp_path / "log.xes"  # no .gz in its name
    file.write_bytes(gzip.compress(xes(trace("HS-1", RECEIVE, RETURN))))
    assert len(read_log(file).traces[0].events) == 2


def test_dates_of_the_case_are_read_wherever_they_stand():
    late = '<date key="deadline" value="2025-07-02T00:00:00Z"/>'
    end = '<date key="enddate" value="2025-07-03T00:00:00Z"/>'
    content = (
        f'<log><trace>{late}<string key="concept:name" value="A"/>{RECEIVE}{end}</trace></log>'
    )
    (case,) = read(content.encode()).traces
    assert (case.ended_us - case.deadline_us) == 86_400_000_000
    assert case.planned_end_us is None


def test_nested_attributes_do_not_overwrite_those_of_the_event():
    nested = (
        '<event><string key="concept:name" value="Ký"><string key="concept:name" value="x"/></string>'
        '<list key="time:timestamp"><values><date key="time:timestamp" value="1970-01-01"/></values>'
        "</list></event>"
    )
    (case,) = read(xes(trace("A", nested))).traces
    assert (case.events[0].activity, case.events[0].at_us) == ("Ký", None)


def test_events_are_ordered_by_time_and_equal_times_keep_the_order_of_the_file():
    log = read(
        xes(
            trace(
                "A",
                event("3", "2025-07-01T10:00:00Z"),
                event("1", "2025-07-01T09:00:00Z"),
                event("2", "2025-07-01T16:00:00+07:00"),
            )
        )
    )
    assert [e.activity for e in log.traces[0].events] == ["1", "2", "3"]
    assert rules(log) == {"log-events-out-of-order"}


def test_an_untimed_event_stays_behind_the_event_that_the_file_has_before_it():
    log = read(xes(trace("A", event("Nhập"), RETURN, event("Ký"), RECEIVE)))
    assert [e.activity for e in log.traces[0].events] == [
        "Nhập", "Tiếp nhận", "Trả kết quả", "Ký"
    ]  # fmt: skip
    assert rules(log) == {"log-time-missing", "log-events-out-of-order"}


def test_a_log_without_any_time_can_still_be_counted():
    assert read(xes(trace("A", event("x"), event("y")))).traces[0].events[1].activity == "y"


def test_odd_events_and_cases_are_counted_in_findings():
    log = read(
        xes(
            trace("A", RECEIVE),
            trace("A", RECEIVE),
            f"<trace>{RECEIVE}</trace>",
            trace("B", event("", "2025-07-01T08:00:00Z")),
            RECEIVE,
            f"<trace><container>{RECEIVE}</container>{RECEIVE}</trace>",
        )
    )
    assert [t.case_id for t in log.traces] == ["A", "A", "#3", "#5"]
    assert rules(log) == {
        "log-case-name-repeated",
        "log-case-without-name",
        "log-event-without-activity",
        "log-case-without-events",
        "log-event-without-case",
    }
    (alone,) = [f for f in log.findings if f.rule == "log-event-without-case"]
    assert alone.vi.startswith("2 sự kiện")


def test_times_far_away_are_reported_and_kept():
    # BPI challenge logs really carry 1948; exporters write header defaults of 1970
    log = read(
        xes(
            trace("A", event("x", "1948-01-01T00:00:00Z"), RECEIVE, RETURN),
            trace("B", RECEIVE, dates='<date key="deadline" value="1970-01-01T00:00:00+07:00"/>'),
        )
    )
    assert len(log.traces[0].events) == 3
    assert {f.rule: f.element for f in log.findings} == {
        "log-time-outlier": "A",
        "log-case-date-outlier": "B",
    }
    assert "1948-01-01T00:00:00Z" in log.findings[0].vi


def test_a_log_that_really_is_of_1970_has_no_outliers():
    log = read(
        xes(trace("A", event("x", "1970-01-01T00:00:00Z"), event("y", "1970-06-01T00:00:00Z")))
    )
    assert log.findings == ()


def test_unreadable_times_are_findings_unless_none_can_be_read():
    log = read(xes(trace("A", event("x", "hôm qua"), RECEIVE)))
    assert rules(log) == {"log-time-unreadable"}
    with pytest.raises(LogTimesUnreadable, match="hôm qua"):
        read(xes(trace("A", event("x", "hôm qua"), event("y"))))


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize(
    "doctype",
    [
        "<!DOCTYPE log>",
        '<!DOCTYPE log SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE log [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        f'<!-- {"x" * 10_000} --><!DOCTYPE log [<!ENTITY l0 "ha">{LAUGHS}]>',
    ],
)
def test_a_document_type_is_refused_before_anything_is_read(doctype):
    with pytest.raises(LogDoctype):
        read(f"<?xml version='1.0'?>{doctype}<log>{trace('A', RECEIVE)}</log>".encode())


def test_an_entity_in_the_root_itself_does_not_expand():
    bomb = f'<!DOCTYPE log [<!ENTITY l0 "ha">{LAUGHS}]><log x="&l9;"/>'
    with pytest.raises((LogDoctype, LogBroken)):
        read(bomb.encode())


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", LogWithoutEvents),
        (b"<log/>", LogWithoutEvents),
        (xes(trace("A")), LogWithoutEvents),
        (b"<definitions/>", LogFormatUnknown),
        (b"PK\x03\x04" + b"\0" * 100, LogPacked),
        (b"\x1f\x8b" + b"\0" * 100, LogDamaged),
        (xes(trace("A", RECEIVE))[:-30], LogBroken),
        (gzip.compress(xes(trace("A", *[RECEIVE] * 999)))[:-20], LogDamaged),
        (gzip.compress(gzip.compress(b"<log/>")), LogPacked),
        (b"<!--" + b"x" * (2 << 20) + b"--><log/>", LogFormatUnknown),
        (b"<?xml version='1.0' encoding='no-such'?><log/>", LogBroken),
        (b"<a>" * 300, LogBroken),
        (b"<log>" + b"<list>" * 300 + b"</list>" * 300 + b"</log>", LogBroken),
    ],
)
def test_what_is_not_a_log_is_refused_with_a_reason(content, error):
    with pytest.raises(error) as refused:
        read(content)
    assert type(refused.value) is error
    assert "nhật ký.xes" in refused.value.message("vi")


def test_a_missing_file_is_refused_without_showing_its_folder(tmp_path):
    with pytest.raises(LogNotOpened) as refused:
        read_log(tmp_path / "none.xes")
    assert str(tmp_path) not in refused.value.message("vi")
    with pytest.raises(LogNotOpened):
        read_log(tmp_path)


MANY = [event("x", f"2025-07-01T08:00:{second:02}Z") for second in range(60)]


@pytest.mark.parametrize(
    ("limits", "content"),
    [
        (LogLimits(events=59), xes(trace("A", *MANY))),
        (LogLimits(attributes=3), xes(trace("A", event("x", "2025-07-01", a="1", b="2")))),
        (LogLimits(name_length=20), xes(trace("A", event("x" * 21)))),
        (LogLimits(name_length=20), xes(trace("A" * 21, RECEIVE))),
        (LogLimits(name_length=20), xes(trace("A", event("x", org__resource="x" * 21)))),
        (LogLimits(total_bytes=2000), xes(trace("A", *MANY))),
        (LogLimits(item_bytes=1 << 17), xes(trace("A", dates="<int/>" * 50_000))),
        (LogLimits(item_bytes=1 << 17), xes(head="<int/>" * 50_000)),
    ],
)
def test_each_bound_stops_a_log_that_passes_it(limits, content):
    with pytest.raises(LogTooLarge):
        read(content, limits=limits)


def test_a_log_within_the_bounds_is_not_stopped():
    exact = LogLimits(events=60, attributes=2, name_length=20, item_bytes=1 << 17)
    assert len(read(xes(trace("A", *MANY)), limits=exact).traces[0].events) == 60


def test_the_bound_of_an_item_does_not_bound_the_log():
    small = LogLimits(item_bytes=1 << 17)
    log = read(xes(trace("A", *MANY * 50), *[trace(n, *MANY) for n in range(50)]), limits=small)
    assert sum(len(case.events) for case in log.traces) == 6000


def test_a_decompression_bomb_takes_no_memory():
    bomb = gzip.compress(b"<log>" + b" " * (64 << 20) + b"</log>", compresslevel=1)
    tracemalloc.start()
    with pytest.raises(LogTooLarge):
        read(bomb, limits=LogLimits(total_bytes=8 << 20))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8 << 20


def test_what_was_read_is_freed_at_once():
    filler = '<string key="k" value="v"/>'
    content = xes(*[filler + trace(n, *[filler + RECEIVE] * 50) for n in range(20)])
    text = BoundedText(io.BytesIO(content), "x", LogLimits())
    reading = _Reading(text, UTC)
    for _, element in finished_elements(text, "trace", "event"):
        reading.finish(element)
        assert (len(element), element.getprevious()) == (0, None)
    assert len(reading.assembly.log("xes").traces) == 20
