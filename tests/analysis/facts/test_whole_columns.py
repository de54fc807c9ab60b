"""What is counted for whole columns at once is what is counted for each row."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.facts.coded import coded, those_used
from analysis.facts.dossier_columns import dossier_facts
from analysis.facts.months import months
from engine.store.columns import from_microseconds, to_microseconds

TEXTS = st.lists(st.one_of(st.none(), st.text(max_size=3)))
ZONES = st.sampled_from(("Asia/Ho_Chi_Minh", "UTC", "America/New_York", "Europe/Berlin"))
MOMENTS = st.integers(
    to_microseconds(datetime(1990, 1, 1, tzinfo=UTC)),
    to_microseconds(datetime(2060, 1, 1, tzinfo=UTC)),
)
VN = ZoneInfo("Asia/Ho_Chi_Minh")
CLOCK = {
    "clock_running": pa.int64(), "clock_used": pa.int64(), "c_until": pa.int64(),
    "c_running": pa.int64(), "finished_at": pa.int64(),
}  # fmt: skip


@given(TEXTS, TEXTS)
def test_codes_are_the_texts_again_and_each_text_is_there_once_and_in_order(one, two):
    """However the column came in pieces."""
    column = coded(pa.chunked_array([one, two], pa.string()))
    assert column.to_pylist() == one + two
    assert column.dictionary.to_pylist() == sorted({t for t in one + two if t is not None})


@given(TEXTS, TEXTS)
def test_rows_cut_from_any_whole_are_the_same_codes(rows, others):
    apart = coded(pa.array(rows, pa.string()))
    cut = those_used(coded(pa.array(others + rows, pa.string())).slice(len(others)))
    assert cut.dictionary == apart.dictionary
    assert cut.indices.to_pylist() == apart.indices.to_pylist()


@given(st.lists(st.one_of(st.none(), MOMENTS)), ZONES)
def test_the_month_of_a_moment_is_that_of_the_wall_clock(moments, named):
    zone = ZoneInfo(named)
    local = [None if us is None else from_microseconds(us).astimezone(zone) for us in moments]
    assert months(pa.chunked_array([moments], pa.int64()), zone).to_pylist() == [
        None if at is None else at.year * 100 + at.month for at in local
    ]


def test_a_month_begins_at_its_first_midnight_to_the_microsecond():
    first = to_microseconds(datetime(2026, 1, 1, tzinfo=VN))
    found = months(pa.chunked_array([[first - 1, first]]), VN)
    assert found.to_pylist() == [202512, 202601]


@pytest.mark.parametrize(
    ("clock", "work_ws", "age_ws"),
    [
        ({"finished_at": 9, "clock_used": 5}, None, None),  # it never ran by a calendar
        ({"finished_at": 9, "c_running": 100, "c_until": 130}, 30, None),
        ({"finished_at": 9, "clock_used": 7, "c_running": 100, "c_until": 130}, 37, None),
        ({"clock_used": 7, "c_running": 100, "c_until": 130}, None, 37),
        ({"clock_used": 7, "c_running": 130, "c_until": 100}, None, 7),  # it begins tomorrow
        ({"clock_used": 7, "state": "paused", "c_running": 100, "c_until": 130}, None, 7),
        ({"state": "paused"}, None, 0),
        ({"clock_used": 7, "limit_ws": 9, "c_until": 130}, None, 7),  # only others work for it
        ({"clock_used": 7, "limit_ws": 9, "clock_running": 1, "c_until": 130}, None, None),
        ({}, None, None),
    ],
)
def test_what_a_dossier_has_used_is_read_off_its_clock(clock, work_ws, age_ws):
    (row,) = _facts(clock)
    assert (row["work_ws"], row["age_ws"]) == (work_ws, age_ws)


def test_a_dossier_bears_the_code_and_the_field_of_its_own_version_in_its_own_agency():
    rows = _facts({"agency_id": "B"}, {"version_id": f"{2:032x}"}, {})
    assert [(row["agency_id"], row["procedure_code"], row["field"]) for row in rows] == [
        ("B", "1.9", None),
        ("A", "1.2", "Hộ tịch"),
        ("A", "1.1", "Đất đai"),
    ]


def _facts(*told):
    """Facts of dossiers that say so much."""
    received = to_microseconds(datetime(2026, 3, 2, 8, tzinfo=VN))
    texts = ("code", "case_code", "channel", "receiving_unit", "national_status", "outcome")
    numbers = ("original_due_at", "due_at", "returned_at", "limit_ws", "late_ws", "paused_ws")
    usual = {
        **dict.fromkeys((*texts, "result", "measure")), "agency_id": "A", "state": "open",
        "dossier_id": f"{7:032x}", "version_id": f"{1:032x}", **dict.fromkeys(numbers),
        **dict.fromkeys(CLOCK), "received_at": received, "supplements": 0, "extensions": 0,
        "apologies": 0, "events": 1,
    }  # fmt: skip
    kinds = [
        (name, pa.int64() if name in CLOCK or name in numbers else pa.array([value]).type)
        for name, value in usual.items()
    ]
    schema = pa.schema([(n, pa.string() if k == pa.null() else k) for n, k in kinds])
    versions = pa.table(
        {
            "agency_id": ["A", "A", "B"],
            "version_id": [f"{n:032x}" for n in (1, 2, 1)],
            "procedure_code": ["1.1", "1.2", "1.9"],
            "field": ["Đất đai", "Hộ tịch", None],
        }
    )
    rows = pa.Table.from_pylist([usual | each for each in told], schema)
    return dossier_facts(rows, versions, VN).to_pylist()
