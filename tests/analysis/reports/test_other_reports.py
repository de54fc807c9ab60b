"""Late list, four cells, years, ranking, 07a and QĐ 766: each number as its definition says."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from analysis.behind import behind_by_code, dossiers_behind
from analysis.period import VIET_NAM, Period
from analysis.rate import Rate
from analysis.reports.behind import UnknownCell, in_cell
from analysis.reports.counted import Row, total_of
from analysis.reports.form_07a import UNKNOWN, report_07a
from analysis.reports.four_cells import LISTED, four_cells, report_tasks
from analysis.reports.indicators_766 import on_time_by_766, reached, report_handling
from analysis.reports.late_list import report_late
from analysis.reports.members import CELLS, Only
from analysis.reports.names import Names
from analysis.reports.ranking import places, report_ranking
from analysis.reports.table import Words, same
from analysis.reports.years import report_years
from tests.analysis.made_facts import made_facts, number
from tests.analysis.reports.test_form_06a import MARCH, MAY, at, dossier, stopped

NAMES = Names(units={"U": "Văn phòng", "T": "Thuế"}, procedures={"P": "Cấp bản sao"})
IN_TIME = {"finished_us": at(3, 5), "result": "early"}
LATE = {"finished_us": at(3, 9), "result": "late", "measure": "late", "late_ws": 5400}


def facts(dossiers=(), steps=(), pauses=(), now=MAY):
    return made_facts(at_us=now, dossier_fact=dossiers, step_interval=steps, pause_fact=pauses)


def step(n, enabled, ended=None, due=None, **more):
    state = {"state": "completed" if ended else "open"}
    return {
        "dossier_id": number(n),
        "step_run_id": number(900 + n + more.pop("run", 0)),
        "enabled_us": enabled,
        "started_us": enabled,
        "ended_us": ended,
        "due_us": due,
        "limit_ws": None if due is None else 3600,
        "person_id": number(7),
    } | (state | more)


def cells_of(report, key=None):
    """A row by the keys of its columns."""
    line = report.total if key is None else next(e for e in report.lines if e.key == key)
    return dict(zip((column.key for column in report.columns), line.cells, strict=True))


# Late dossiers


def test_the_late_list_says_step_whose_time_cause_and_apology():
    late = dossier(1, at(3, 2), at(3, 6), **LATE) | {"apologies": 1}
    steps = [
        step(1, at(3, 2), at(3, 4), late_ws=100, unit="U", name="Thẩm tra", late_cause="absence"),
        step(1, at(3, 4), at(3, 9), late_ws=5300, unit="T", name="Ký", late_cause="overload", run=1),
    ]  # fmt: skip
    report = report_late(facts([late], steps), MARCH, NAMES)
    row = cells_of(report, str(number(1)))
    assert (row["code"], row["procedure"], row["unit"]) == (
        "H-0001", same("Cấp bản sao"), same("Văn phòng"),
    )  # fmt: skip
    assert (row["received"], row["due"], row["finished"], row["days"]) == (
        date(2026, 3, 2), date(2026, 3, 6), date(2026, 3, 9), 3,
    )  # fmt: skip
    assert (row["hours"], row["step"], row["whose"]) == (5400, "Ký", same("Thuế"))
    assert row["cause"].vi == "Khối lượng hồ sơ quá lớn"
    assert row["apology"] == Words("Đã có", "Issued")


def test_where_no_step_overran_nobody_is_named():
    late = dossier(1, at(3, 2), at(3, 6), **LATE)
    report = report_late(facts([late], [step(1, at(3, 2), at(3, 9))]), MARCH, NAMES)
    row = cells_of(report, str(number(1)))
    assert (row["whose"].vi, row["cause"], row["apology"].vi) == ("Giữa các bước", None, "Chưa có")


def test_an_open_dossier_past_its_due_time_is_late_and_its_step_is_named():
    overdue = dossier(1, at(3, 2), at(3, 6))
    steps = [step(1, at(3, 2), None, at(3, 5), name="Thẩm tra", unit="U")]
    report = report_late(facts([overdue], steps), MARCH, NAMES)
    row = cells_of(report, str(number(1)))
    assert (row["finished"], row["hours"], row["step"]) == (None, None, "Thẩm tra")
    assert row["days"] == 25, "to the last day of the period"


def test_the_late_list_has_as_many_lines_as_the_form_counts():
    dossiers = [dossier(n, at(3, 2), at(3, 6), **(LATE if n % 2 else {})) for n in range(5)]
    known = facts(dossiers)
    total = total_of(known, MARCH)
    assert len(report_late(known, MARCH, NAMES).lines) == total["late"] + total["overdue"] == 5


# Four cells


@pytest.mark.parametrize(
    ("run", "cell"),
    [
        (step(1, at(3, 2), at(3, 4), result="on_time"), "done_in_time"),
        (step(1, at(3, 2), at(3, 4), result="late", state="sent_back"), "done_late"),
        (step(1, at(3, 2), at(3, 4)), "done_in_time"),
        (step(1, at(3, 2), None, at(4, 6)), "running_in_time"),
        (step(1, at(3, 2), None, at(3, 6)), "running_late"),
        (step(1, at(3, 2), at(4, 2), at(3, 6), result="late"), "running_late"),
        (step(1, at(3, 2), at(4, 2), state="cancelled"), "running_in_time"),
    ],
)
def test_a_task_stands_in_one_of_four_cells(run, cell):
    found = four_cells(facts(steps=[run]), MARCH)
    found.pop("unlimited")
    assert {name for name, value in found.items() if value} == {cell}


@pytest.mark.parametrize(
    "run",
    [
        step(1, at(4, 2)),
        step(1, at(2, 2), at(2, 4), result="late"),
        step(1, at(3, 2), at(3, 4), state="cancelled"),
    ],
    ids=["later", "before", "cancelled"],
)
def test_other_runs_are_no_tasks_of_the_period(run):
    assert set(four_cells(facts(steps=[run]), MARCH).values()) == {0}


def test_a_task_whose_dossier_waits_for_the_citizen_is_not_late():
    run = step(1, at(3, 2), None, at(3, 6))
    found = four_cells(facts(steps=[run], pauses=[stopped(1, at(3, 4))]), MARCH)
    assert (found["running_in_time"], found["running_late"]) == (1, 0)


def test_the_office_says_39_of_81_done_and_of_42_others_12_late():
    """The seeds' own numbers: 39 + 42 = 81 and 30 + 12 = 42."""
    done = [step(n, at(3, 2), at(3, 4), result="on_time") for n in range(39)]
    running = [step(100 + n, at(3, 2), None, at(4, 6) if n < 30 else at(3, 6)) for n in range(42)]
    report = report_tasks(facts(steps=[*done, *running]), MARCH, NAMES)
    row = cells_of(report)
    assert (row["all"], row["done"], row["running"]) == (81, 39, 42)
    assert (row["running_in_time"], row["running_late"]) == (30, 12)
    assert report.answer.vi == (
        "Đã làm 39/81 việc; 42 việc chưa làm, trong đó 30 còn trong hạn, 12 quá hạn."
    )


# Years


def test_the_three_shares_of_a_year_make_up_the_whole():
    ended = {"finished_us": at(3, 5)}
    dossiers = [
        *(dossier(n, at(3, 2), at(3, 6), **IN_TIME) for n in range(15)),
        *(dossier(20 + n, at(3, 2), at(3, 6), **LATE) for n in range(4)),
        dossier(30, at(3, 2), **ended),
    ]
    row = cells_of(report_years(facts(dossiers), MARCH), "2026")
    assert (row["on_time"], row["late"], row["unlimited"], row["ended"]) == (15, 4, 1, 20)
    assert [str(row[name].percent) for name in ("on_time_rate", "late_rate", "unlimited_rate")] == [
        "75.00", "20.00", "5.00",
    ]  # fmt: skip


def test_years_without_dossiers_are_left_out():
    assert [line.key for line in report_years(facts([]), MARCH).lines] == ["2026"]


@pytest.mark.parametrize(
    ("last", "before"),
    [(date(2024, 2, 29), "28/02/2023"), (date(2025, 2, 28), "29/02/2024")],
)
def test_february_ends_where_it_ends_in_each_year(last, before):
    january = datetime(last.year - 1, 1, 15, 8, tzinfo=VIET_NAM)
    one = dossier(1, int(january.timestamp()) * 1_000_000)
    report = report_years(facts([one]), Period(date(last.year, 1, 1), last))
    assert report.lines[1].cells[0].endswith(before)


# Ranking


def row(key, resolved, late):
    return Row(key, {"resolved": resolved, "late": late})


def placed(rows, fewest=20):
    return {each.key: each.place for each in places(rows, fewest)}


def test_units_share_a_place_where_their_intervals_overlap():
    rows = [row("A", 1000, 1), row("B", 1000, 2), row("C", 1000, 200)]
    assert placed(rows) == {"A": 1, "B": 1, "C": 3}


def test_also_where_only_a_third_stands_between_them():
    """400 of 400 is better than 1545 of 1574; of 40 of 41 nobody knows whether it is either."""
    rows = [row("A", 400, 0), row("B", 1574, 29), row("C", 41, 1)]
    found = places(rows, 20)
    assert {each.place for each in found} == {1}
    between = {each.key: (each.best, each.worst) for each in found}
    assert between == {"A": (1, 2), "B": (2, 3), "C": (1, 3)}
    assert placed(rows[:2]) == {"A": 1, "B": 2}


def test_a_unit_with_few_dossiers_has_no_place_and_moves_nobody():
    rows = [row("A", 19, 0), row("B", 1000, 900), row("C", 20, 20)]
    assert placed(rows) == {"A": None, "B": 1, "C": 1}
    assert [each.key for each in places(rows, 20)] == ["B", "C", "A"]


def test_the_ranking_shows_the_rate_with_its_interval():
    dossiers = [dossier(n, at(3, 2), at(3, 6), **IN_TIME) for n in range(30)]
    report = report_ranking(facts(dossiers), MARCH, NAMES)
    found = cells_of(report, "U")
    assert (found["place"], found["rate"]) == (1, Rate(30, 30))
    assert (found["low"].vi, found["high"].vi) == ("88,6%", "100,0%")


# 07a


def test_07a_counts_how_dossiers_ended_and_leaves_unknown_columns_empty():
    closed = {"finished_us": at(3, 5), "state": "closed", "result": "early"}
    dossiers = [
        dossier(1, at(3, 2), at(3, 6), **closed) | {"national_status": "3"},
        dossier(2, at(3, 2), at(3, 6), **closed) | {"national_status": "7", "channel": "post"},
        dossier(3, at(3, 2), at(3, 6), **closed) | {"national_status": "8", "channel": "online"},
        dossier(4, at(3, 2), at(3, 6), **LATE) | {"apologies": 1},
        dossier(5, at(3, 2), at(3, 6)),
    ]
    found = cells_of(report_07a(facts(dossiers), MARCH, NAMES))
    assert [found[k] for k in ("refused", "withdrawn", "discontinued", "post", "online")] == [1] * 5
    assert [found[k] for k in ("behind", "apologised", "unapologised")] == [2, 1, 1]
    assert [found[column.key] for column in UNKNOWN] == [None] * len(UNKNOWN)


# QĐ 766


def test_indicator_2_1_counts_what_runs_within_its_limit():
    dossiers = [
        dossier(1, at(3, 2), at(3, 6), **IN_TIME) | {"measure": "on_time"},
        dossier(2, at(3, 2), at(3, 6), **LATE),
        dossier(3, at(3, 2), at(4, 6)),
        dossier(4, at(3, 2), at(3, 6)),
        dossier(5, at(3, 2), at(3, 6)),
        dossier(6, at(3, 2), at(3, 6)) | {"supplements": 2},
    ]
    waits = [stopped(5, at(3, 4)), stopped(6, at(3, 4))]
    assert on_time_by_766(facts(dossiers, pauses=waits), MARCH) == Rate(3, 6)


@pytest.mark.parametrize(
    ("rate", "threshold", "share"),
    [
        (Rate(40, 100), 80, "50.00"),
        (Rate(80, 100), 80, "100.00"),
        (Rate(95, 100), 80, "100.00"),
        (Rate(1, 3), 100, "33.33"),
        (Rate(0, 7), 50, "0.00"),
    ],
)
def test_below_the_threshold_marks_are_in_proportion(rate, threshold, share):
    assert reached(rate, threshold) == Decimal(share)


def test_of_nothing_there_are_no_marks():
    assert reached(Rate(0, 0), 80) is None


def test_mean_handling_time_is_of_what_began_and_ended_in_the_period():
    dossiers = [
        dossier(1, at(3, 2), at(3, 6), **IN_TIME) | {"work_ws": 3600},
        dossier(2, at(3, 2), at(3, 6), **IN_TIME) | {"work_ws": 7201},
        dossier(3, at(2, 2), at(3, 6), **IN_TIME) | {"work_ws": 99_999},
    ]
    row = cells_of(report_handling(facts(dossiers), MARCH, NAMES), "P")
    assert (row["n"], row["mean"], row["days"]) == (2, 5400, Decimal("0.18"))


# Behind a number


def test_every_cell_lists_exactly_what_it_counts():
    closed = {"finished_us": at(3, 5), "state": "closed", "result": "early"}
    dossiers = [
        dossier(1, at(3, 2), at(3, 6), **IN_TIME),
        dossier(2, at(2, 2), at(3, 6), **LATE),
        dossier(3, at(3, 2), at(3, 6), **closed) | {"national_status": "7", "channel": "post"},
        dossier(4, at(3, 2), at(3, 6)) | {"channel": "online", "receiving_unit": "T"},
        dossier(5, at(3, 2)),
        dossier(6, at(3, 2), at(3, 6)),
    ]
    known = facts(dossiers, pauses=[stopped(6, at(3, 4))])
    total = total_of(known, MARCH)
    for cell in CELLS:
        assert dossiers_behind(known, in_cell(known, MARCH, cell)).total == total[cell], cell
    only = behind_by_code(known, in_cell(known, MARCH, "received", Only(unit="T")))
    assert [each.code for each in only] == ["H-0004"]


def test_long_lists_go_on_where_they_ended():
    known = facts([dossier(n, at(3, 2)) for n in range(5)])
    received = in_cell(known, MARCH, "received")
    first = behind_by_code(known, received, most=2)
    rest = behind_by_code(known, received, after=first[-1].code)
    assert [each.code for each in (*first, *rest)] == [f"H-{n:04d}" for n in range(5)]


def test_behind_tasks_stand_their_dossiers_once_each():
    """Two runs of one dossier in one unit, one of another in none."""
    done, late = (at(3, 2), at(3, 4)), {"result": "late", "late_ws": 60}
    steps = [step(1, *done, **late, unit="T"), step(1, *done, **late, unit="T", run=50)]
    known = facts([dossier(1, at(3, 1)), dossier(2, at(3, 1))], [*steps, step(2, *done)])
    assert four_cells(known, MARCH)["done_late"] == 2
    (row,) = dossiers_behind(known, in_cell(known, MARCH, "tasks_done_late")).rows
    assert (row.code, row.late_ws) == ("H-0001", 120)
    found = {cell: dossiers_behind(known, in_cell(known, MARCH, cell)).total for cell in LISTED}
    assert found == {
        "tasks": 2, "tasks_done": 2, "tasks_running": 0, "tasks_done_in_time": 1,
        "tasks_done_late": 1, "tasks_running_in_time": 0, "tasks_running_late": 0,
    }  # fmt: skip
    assert dossiers_behind(known, in_cell(known, MARCH, "tasks", Only(unit="T"))).total == 1
    assert {column.cell for column in report_tasks(known, MARCH, NAMES).columns} >= set(LISTED)


def test_on_a_page_stand_as_many_tasks_as_the_number_says():
    done = (at(3, 2), at(3, 4))
    steps = [step(1, *done, unit="T"), step(1, *done, unit="T", run=50), step(2, *done)]
    known = facts([dossier(1, at(3, 1)), dossier(2, at(3, 1))], steps)
    found = dossiers_behind(known, in_cell(known, MARCH, "tasks", tasks=True))
    assert (found.total, found.dossiers) == (3, 2)
    assert len({row.item for row in found.rows}) == 3
    assert all(row.enabled_us and row.ended_us for row in found.rows)
    of_unit = in_cell(known, MARCH, "tasks", Only(unit="T"), tasks=True)
    assert dossiers_behind(known, of_unit).total == 2


def test_a_year_leads_to_its_own_days_and_an_indicator_to_what_it_counts():
    known = facts([dossier(1, at(3, 2), at(3, 6), **IN_TIME, measure="on_time")])
    (line,) = report_years(known, MARCH).lines
    assert line.period == MARCH
    assert on_time_by_766(known, MARCH).part == 1
    assert dossiers_behind(known, in_cell(known, MARCH, "on_time_766")).total == 1


YEAR = 365 * 86_400 * 1_000_000


def test_years_open_with_a_sentence_also_where_nothing_ended():
    assert report_years(facts(), MARCH).answer.vi == "Kỳ này chưa có hồ sơ giải quyết xong."
    this = dossier(1, at(3, 2), at(3, 6), **IN_TIME)
    assert report_years(facts([this]), MARCH).answer.vi == (
        "Kỳ này đúng hạn 100,00% (1/1); các năm trước chưa có số liệu."
    )
    last = {"received_us": at(3, 3) - YEAR, "finished_us": at(3, 5) - YEAR, "result": "late"}
    known = facts([this, {**dossier(2, at(3, 2), at(3, 4) - YEAR), **last}])
    assert report_years(known, MARCH).answer.en == (
        "On time in this period: 100.00% (1/1); same days of 2025: 0.00% (0/1)."
    )


def test_a_cell_that_no_report_has_is_refused():
    with pytest.raises(UnknownCell, match="tổng"):
        in_cell(facts(), MARCH, "tổng")
