"""CSV logs are understood by their header, whoever exported them; nothing is guessed in silence."""

import gzip
import io
from datetime import UTC

import pytest

from analysis.event_log.columns import NAMES, Role, folded, map_columns
from analysis.event_log.invalid_log import (
    LogBroken,
    LogColumnsMissing,
    LogDateOrderUnclear,
    LogEncodingUnknown,
    LogFormatUnknown,
    LogTimesUnreadable,
    LogTooLarge,
    LogWithoutEvents,
)
from analysis.event_log.limits import LogLimits
from analysis.event_log.reading import read_log_stream

HOUR_US = 3_600_000_000
SEVEN = 1_751_328_000_000_000  # 2025-07-01T07:00:00+07:00 = 00:00Z


def read(content, **how):
    if isinstance(content, str):
        content = content.encode()
    return read_log_stream(io.BytesIO(content), "log.csv", **how)


def rules(log):
    return [finding.rule for finding in log.findings]


def times(log):
    return [(event.at_us - SEVEN) / HOUR_US for trace in log.traces for event in trace.events]


@pytest.mark.parametrize(
    "header",
    [
        "case:concept:name,concept:name,time:timestamp",  # PM4Py
        "Case ID,Activity,Complete Timestamp",  # Disco
        "CaseID,ActivityID,CompleteTimestamp",  # helpdesk, BPI 2014
        "case_id,activity,timestamp",
        "case_id,activity,end_timestamp",  # Simod
        "Case,Event,Completion",
        "Mã hồ sơ,Bước,Thời điểm",
        "SỐ HỒ SƠ,Công việc,Hoàn thành",
    ],
)
def test_the_names_that_tools_and_offices_use_are_understood(header):
    log = read(f"{header}\nHS-1,Tiếp nhận,2025-07-01T07:00:00+07:00\n")
    (case,) = log.traces
    assert (case.case_id, case.events[0].activity) == ("HS-1", "Tiếp nhận")
    assert case.events[0].at_us == SEVEN
    assert log.findings == ()


def test_no_name_means_two_things():
    names = [folded(name) for names in NAMES.values() for name in set(map(folded, names))]
    assert len(names) == len(set(names))


def test_the_surest_of_several_names_is_taken():
    header = ["timestamp", "time:timestamp", "activity", "case", "department", "org:group"]
    assert map_columns(header) == {
        Role.TIME: 1,
        Role.ACTIVITY: 2,
        Role.CASE: 3,
        Role.GROUP: 5,
    }


def test_all_that_a_log_may_tell_is_read():
    log = read(
        "case_id,activity,timestamp,start_timestamp,enabled_timestamp,resource,group,"
        "lifecycle:transition,concept:instance,deadline,enddate_planned,enddate,colour\n"
        "1,Ký,2025-07-01T03:00Z,2025-07-01T02:00Z,2025-07-01T01:00Z,Lan,Văn phòng,complete,i7,"
        "2025-07-01T04:00Z,2025-07-01T05:00Z,2025-07-01T06:00Z,red\n"
    )
    (case,) = log.traces
    assert case.events == (
        ("Ký", SEVEN + 3 * HOUR_US, "complete", "Lan", "Văn phòng", "i7",
         SEVEN + 2 * HOUR_US, SEVEN + HOUR_US),
    )  # fmt: skip
    assert [case.deadline_us, case.planned_end_us, case.ended_us] == [
        SEVEN + hours * HOUR_US for hours in (4, 5, 6)
    ]


ROWS = "case_id,activity,timestamp\n1,a,2025-07-01T00:00Z\n2,b,2025-07-01T01:00Z\n1,c,2025-07-01T02:00Z\n"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_rows_of_a_case_may_stand_apart_in_any_delimiter_and_encoding(delimiter, encoding, newline):
    text = ROWS.replace(",", delimiter).replace("\n", newline)
    log = read(text.encode(encoding))
    assert [[e.activity for e in t.events] for t in log.traces] == [["a", "c"], ["b"]]
    assert log.format == "csv"


def test_quoted_cells_excel_hints_blank_lines_and_gzip_are_understood():
    text = (
        'sep=;\n\n"Case\nID";"Activity";"Timestamp"\n\n'
        '"1;x";"Xem ""kỹ"", ký";"2025-07-01T00:00Z"\n;;\n'
    )
    (case,) = read(gzip.compress(text.encode())).traces
    assert (case.case_id, case.events[0].activity) == ("1;x", 'Xem "kỹ", ký')


def test_a_last_line_without_its_end_counts():
    assert len(read(ROWS.rstrip()).traces[0].events) == 2


def test_a_log_longer_than_one_block_of_reading_is_whole():
    rows = "".join(f"{n % 50},bước {n},2025-07-01T00:00Z\n" for n in range(9000))
    log = read("case_id,activity,timestamp\n" + rows, limits=LogLimits(item_bytes=1 << 17))
    assert sum(len(trace.events) for trace in log.traces) == 9000
    assert log.traces[7].events[2].activity == "bước 107"


def test_times_without_zone_are_viet_nam_time_unless_told_otherwise():
    text = "case,activity,time\n1,a,2025-07-01 07:00:00\n"
    assert times(read(text)) == [0]
    assert times(read(text, zone=UTC)) == [7]
    (finding,) = read(text).findings
    assert (finding.rule, "Asia/Ho_Chi_Minh" in finding.vi) == ("log-time-without-zone", True)


@pytest.mark.parametrize(
    ("first", "second", "days"),
    [
        ("01/07/2025 07:00", "13/07/2025 07:00", 12),  # the 13th: the day stands first
        ("07/01/2025 07:00", "07/13/2025 07:00", 12),  # no month 13: the month stands first
    ],
)
def test_all_dates_of_a_file_decide_whether_the_day_stands_first(first, second, days):
    log = read(f"case,activity,time\n1,a,{first}\n1,b,{second}\n")
    assert times(log) == [0, days * 24]
    assert "log-date-order-assumed" not in rules(log)


def test_where_no_date_decides_the_day_is_first_and_a_finding_says_so():
    log = read("case,activity,time\n1,a,01/07/2025 07:00\n")
    assert times(log) == [0]
    assert "log-date-order-assumed" in rules(log)


def test_dates_that_contradict_each_other_are_refused():
    with pytest.raises(LogDateOrderUnclear) as refused:
        read("case,activity,time\n1,a,13/07/2025\n1,b,07/14/2025\n")
    assert "13/07/2025" in refused.value.message("vi")
    assert "07/14/2025" in refused.value.message("vi")


def test_a_due_date_lasts_until_the_end_of_its_day():
    log = read(
        "case,activity,time,deadline,enddate\n"
        "1,a,2025-07-01T00:00Z,2025-07-01,2025-07-01\n2,a,2025-07-01T00:00Z,2025-07-01T17:00+07:00,\n"
    )
    midnight = SEVEN - 7 * HOUR_US
    assert log.traces[0].deadline_us == midnight + 24 * HOUR_US - 1
    assert log.traces[0].ended_us == midnight
    assert log.traces[1].deadline_us == midnight + 17 * HOUR_US


def test_the_first_date_of_a_case_counts_and_another_is_a_finding():
    log = read(
        "case,activity,time,deadline\n1,a,2025-07-01T00:00Z,\n1,b,2025-07-01T00:00Z,2025-07-01T05:00Z\n"
        "1,c,2025-07-01T00:00Z,2025-07-09T05:00Z\n"
    )
    assert log.traces[0].deadline_us == SEVEN + 5 * HOUR_US
    assert rules(log) == ["log-case-date-varies"]


def test_odd_rows_are_counted_in_findings():
    log = read(
        "case,activity,time\n1,a,2025-07-01T00:00Z\n,b,2025-07-01T00:00Z\n1,  ,2025-07-01T00:00Z\n"
        "1,c\n1,d,2025-07-01T01:00Z,more\n1,e,khi rảnh\n"
    )
    assert [e.activity for e in log.traces[0].events] == ["a", "c", "d", "e"]
    assert {f.rule: f.vi.split()[0] for f in log.findings} == {
        "log-time-missing": "1",
        "log-time-unreadable": "1",
        "log-event-without-activity": "1",
        "log-event-without-case": "1",
        "log-row-ragged": "2",
    }


@pytest.mark.parametrize(
    ("content", "error", "says"),
    [
        ("Mã hồ sơ,Bước\n1,a\n", LogColumnsMissing, "time. "),
        ("x,y\n1,2\n", LogColumnsMissing, "x, y"),
        ("just a letter", LogColumnsMissing, "just a letter"),
        (b"\xef\xbb\xbf\n \n", LogFormatUnknown, "log.csv"),
        ("case,activity,time\n", LogWithoutEvents, "log.csv"),
        ("case,activity,time\n,,2025-07-01\n", LogWithoutEvents, "log.csv"),
        ("case,activity,time\n1,a,1311121012345\n", LogTimesUnreadable, "1311121012345"),
        ("case,activity,time\n1,bước,x\n".encode("utf-16")[:-1], LogEncodingUnknown, "log.csv"),
        ("case,activity,time\n1,bư\xf4c,x\n".encode("cp1258", "replace"), LogEncodingUnknown, "2"),
        ("case,activity,time\n1,a\rb,2025-07-01\n", LogBroken, "2"),
        ('case,activity,time\n1,"' + "a" * 200_000 + '",2025-07-01\n', LogTooLarge, "131072"),
        (b"case,activity,time\0\n", LogFormatUnknown, "log.csv"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_reason(content, error, says):
    with pytest.raises(error) as refused:
        read(content)
    assert says in refused.value.message("vi")
    assert says in refused.value.message("en")


@pytest.mark.parametrize(
    ("limits", "content"),
    [
        (LogLimits(events=2), ROWS),
        (LogLimits(attributes=2), ROWS),
        (LogLimits(total_bytes=50), ROWS),
        (LogLimits(name_length=5), ROWS.replace(",b,", ",bbbbbb,")),
        (LogLimits(item_bytes=1 << 17), ROWS + "x" * (1 << 18)),
    ],
)
def test_each_bound_stops_a_log_that_passes_it(limits, content):
    with pytest.raises(LogTooLarge):
        read(content, limits=limits)
    assert read(ROWS, limits=LogLimits(events=3, attributes=3)).traces


def test_no_text_of_the_file_commands_the_terminal():
    with pytest.raises(LogColumnsMissing) as refused:
        read("a\x1b[2J,b\u202e\nx,y\n")
    assert refused.value.message("vi").isprintable()
