"""Form II.06a: every dossier in one cell of arrival and one of standing, and sums that hold."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.period import VIET_NAM, Period
from analysis.reports.counted import FEW, UnknownGroup, counted, total_of
from analysis.reports.form_06a import drawn, on_time_rate, report_06a
from analysis.reports.invariants import NUMBERED, broken_sums
from analysis.reports.members import Only
from analysis.reports.names import Names
from analysis.reports.table import headings
from tests.analysis.made_facts import made_facts, number

MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))
APRIL = Period(date(2026, 4, 1), date(2026, 4, 30))


def at(month, day, hour=8):
    """A moment of 2026 at the office, in microseconds."""
    return int(datetime(2026, month, day, hour, tzinfo=VIET_NAM).timestamp()) * 1_000_000


MAY = at(5, 15)


def dossier(n, received, due=None, **more):
    return {
        "dossier_id": number(n),
        "code": f"H-{n:04d}",
        "received_us": received,
        "original_due_us": due,
        "due_us": due,
        "limit_ws": None if due is None else 28_800,
        "state": "finished" if more.get("finished_us") else "open",
    } | more


def stopped(n, since, until=None, kind="supplement"):
    return {"dossier_id": number(n), "kind": kind, "since_us": since, "until_us": until}


def cells(dossiers, pauses=(), period=MARCH, now=MAY, **more):
    facts = made_facts(at_us=now, dossier_fact=dossiers, pause_fact=pauses)
    total = total_of(facts, period, **more)
    return {name: value for name, value in total.items() if value and name in NUMBERED}


ENDED_IN_TIME = dossier(1, at(3, 2), at(3, 6), finished_us=at(3, 5), result="early")


@pytest.mark.parametrize(
    ("one", "pauses", "stands"),
    [
        (ENDED_IN_TIME, (), ("counter", "early")),
        (ENDED_IN_TIME | {"channel": "online"}, (), ("online", "early")),
        (ENDED_IN_TIME | {"channel": "post"}, (), ("counter", "early")),
        (ENDED_IN_TIME | {"received_us": at(2, 27)}, (), ("carried", "early")),
        (ENDED_IN_TIME | {"result": "on_time"}, (), ("counter", "on_time")),
        (ENDED_IN_TIME | {"result": "late"}, (), ("counter", "late")),
        # Given back or withdrawn early is "on time" on the form, late stays late.
        (ENDED_IN_TIME | {"state": "closed"}, (), ("counter", "on_time")),
        (ENDED_IN_TIME | {"state": "closed", "result": "late"}, (), ("counter", "late")),
        # It ended in April: in March it was being handled.
        (dossier(1, at(3, 2), at(4, 6), finished_us=at(4, 3), result="early"), (), ("counter", "running")),
        (dossier(1, at(3, 2), at(3, 6), finished_us=at(4, 3), result="late"), (), ("counter", "overdue")),
        (dossier(1, at(3, 2), at(4, 6)), (), ("counter", "running")),
        (dossier(1, at(3, 2), at(3, 6)), (), ("counter", "overdue")),
        # Without a limit it cannot be late.
        (dossier(1, at(3, 2)), (), ("counter", "running")),
        (dossier(1, at(3, 2), finished_us=at(3, 5)), (), ("counter", "on_time")),
        # Waiting for the applicant at the end of March, asked in time or too late.
        (dossier(1, at(3, 2), at(3, 6)), (stopped(1, at(3, 4)),), ("counter", "on_time")),
        (dossier(1, at(3, 2), at(3, 6)), (stopped(1, at(3, 9)),), ("counter", "late")),
        (dossier(1, at(3, 2), at(3, 6)), (stopped(1, at(3, 4), at(4, 2)),), ("counter", "on_time")),
        (dossier(1, at(3, 2), at(3, 6)), (stopped(1, at(3, 4), at(3, 5)),), ("counter", "overdue")),
        (dossier(1, at(3, 2), at(3, 6)), (stopped(1, at(4, 1)),), ("counter", "overdue")),
        # The clock stands for the tax office: in time, but nobody calls it handled.
        (dossier(1, at(3, 2), at(3, 6)), (stopped(1, at(3, 4), kind="tax"),), ("counter", "running")),
        (dossier(1, at(3, 2), at(3, 6)), (stopped(1, at(3, 9), kind="tax"),), ("counter", "overdue")),
    ],
)  # fmt: skip
def test_a_dossier_stands_in_one_cell_of_arrival_and_one_of_standing(one, pauses, stands):
    found = cells([one], pauses)
    arrival, standing = stands
    whole = "resolved" if standing in ("early", "on_time", "late") else "open"
    assert found == {"received": 1, arrival: 1, whole: 1, standing: 1}


@pytest.mark.parametrize(
    "one",
    [
        dossier(1, at(4, 1, 0)),
        dossier(1, at(2, 2), at(2, 6), finished_us=at(2, 5), result="early"),
    ],
    ids=["received after the period", "ended before it"],
)
def test_what_is_not_of_the_period_is_not_counted(one):
    assert cells([one]) == {}


def test_midnight_belongs_to_the_new_day():
    ended = dossier(1, at(2, 2), at(3, 6), finished_us=at(3, 1, 0), result="early")
    assert cells([ended])["early"] == 1
    february = Period(date(2026, 2, 1), date(2026, 2, 28))
    assert cells([ended], period=february)["running"] == 1


def test_a_period_that_runs_is_counted_up_to_now_and_says_so():
    open_one = dossier(1, at(3, 2), at(3, 20))
    facts = made_facts(at_us=at(3, 10), dossier_fact=[open_one])
    report = report_06a(facts, MARCH, Names())
    assert report.total.cells[-2:] == (1, 0)
    assert "Kỳ chưa hết: số liệu đến 08:00 ngày 10/03/2026." in [note.vi for note in report.notes]


def test_what_is_handled_in_april_was_carried_over_from_march():
    waiting = dossier(1, at(3, 2), at(3, 6))
    running = dossier(2, at(3, 30), at(4, 6))
    march = cells([waiting, running], [stopped(1, at(3, 4))])
    april = cells([waiting, running], [stopped(1, at(3, 4))], period=APRIL)
    assert (march["open"], march["on_time"]) == (1, 1)
    assert april["carried"] == march["open"] + 1, "the waiting one comes back too"


MOMENTS = st.integers(at(1, 1, 0), MAY)
MAYBE = st.none() | MOMENTS
LIVES = st.lists(
    st.tuples(
        MOMENTS,
        MAYBE,
        MAYBE,
        st.sampled_from(["counter", "online", "post"]),
        st.sampled_from(["early", "on_time", "late", None]),
        st.sampled_from(["finished", "closed"]),
        MAYBE,
        MAYBE,
        st.sampled_from(["A", "B", ""]),
    ),
    max_size=12,
)


@given(LIVES, st.sampled_from([MARCH, APRIL]))
def test_whatever_happened_the_sums_hold(lives, period):
    dossiers, pauses = [], []
    for n, (received, due, ended, channel, result, state, since, until, unit) in enumerate(lives):
        more = {"finished_us": ended, "result": result} if ended and ended >= received else {}
        kept = {"state": state if more else "open", "channel": channel, "receiving_unit": unit}
        dossiers.append(dossier(n, received, due, **more) | kept)
        if since and since >= received:
            pauses.append(stopped(n, since, until if until and until > since else None))
    facts = made_facts(at_us=MAY, dossier_fact=dossiers, pause_fact=pauses)
    found = counted(facts, period, "unit")
    assert found.broken == ()
    assert found.total["received"] == found.total["resolved"] + found.total["open"]


def test_a_broken_sum_is_told_with_its_row_and_both_sides():
    facts = made_facts(at_us=MAY, dossier_fact=[ENDED_IN_TIME])
    found = counted(facts, MARCH, "unit")
    numbers = {**found.total, "early": 2}
    (first,) = broken_sums("U", numbers)
    assert (first.formula, first.is_value, first.should_be) == ("7 = 8 + 9 + 10", 1, 2)
    wrong = drawn(
        replace(found, broken=(first,)), MARCH, Names(units={"U": "Văn phòng"}), MARCH.end
    )
    (said,) = wrong.wrong
    assert said.vi == "Dòng “Văn phòng”: không khớp 7 = 8 + 9 + 10: cột 7 là 1, cộng được 2."


def test_by_unit_field_procedure_and_agency_the_total_is_the_same():
    dossiers = [
        ENDED_IN_TIME | {"receiving_unit": "A", "field": "Đất đai"},
        dossier(2, at(3, 2), at(3, 6)) | {"receiving_unit": None, "field": "Hộ tịch"},
    ]
    facts = made_facts(at_us=MAY, dossier_fact=dossiers)
    for group in ("unit", "field", "procedure", "agency", "handling_unit"):
        found = counted(facts, MARCH, group)
        assert found.broken == ()
        assert found.total["received"] == 2
    assert [row.key for row in counted(facts, MARCH, "unit").rows] == ["A", ""]


def test_only_one_field_is_counted_where_it_is_asked_for():
    dossiers = [ENDED_IN_TIME | {"field": "Đất đai"}, dossier(2, at(3, 2)) | {"field": "Hộ tịch"}]
    assert cells(dossiers, only=Only(field="Hộ tịch")) == {
        "received": 1, "counter": 1, "open": 1, "running": 1,
    }  # fmt: skip


def test_a_group_that_is_not_known_is_refused():
    with pytest.raises(UnknownGroup, match="phường"):
        counted(made_facts(), MARCH, "phường")


def worked(n, person, hours, unit="U"):
    return {
        "dossier_id": number(n),
        "step_run_id": number(1000 * n + hours),
        "person_id": number(person),
        "unit": unit,
        "started_us": at(3, 2, 8),
        "handling_ws": hours * 3600,
    }


def of_officers(numbers, fewest):
    """So many dossiers of each officer."""
    dossiers, runs = [], []
    for person, several in numbers.items():
        for _ in range(several):
            n = len(dossiers) + 1
            dossiers.append(dossier(n, at(3, 2), at(4, 6)))
            runs += [worked(n, person, 3), worked(n, 99, 1)]
    facts = made_facts(at_us=MAY, dossier_fact=dossiers, step_interval=runs)
    found = counted(facts, MARCH, "officer", fewest=fewest)
    assert found.broken == ()
    return {row.key: row.numbers["received"] for row in found.rows}, found.hidden


def test_a_dossier_is_of_the_officer_who_worked_longest_on_it():
    assert of_officers({1: 2, 2: 3}, fewest=1) == ({str(number(1)): 2, str(number(2)): 3}, 0)


def test_officers_with_few_dossiers_stand_together():
    assert of_officers({1: 2, 2: 3, 3: 7}, fewest=5) == ({str(number(3)): 7, FEW: 5}, 2)


def test_one_officer_with_few_is_not_told_by_what_the_others_leave():
    shown, hidden = of_officers({1: 2, 2: 6, 3: 7}, fewest=5)
    assert (shown, hidden) == ({str(number(3)): 7, FEW: 8}, 2)


def test_the_rate_is_of_what_was_handled():
    late = dossier(2, at(3, 2), at(3, 6), finished_us=at(3, 9), result="late")
    facts = made_facts(at_us=MAY, dossier_fact=[ENDED_IN_TIME, late, dossier(3, at(3, 2))])
    rate = on_time_rate(facts, MARCH)
    assert (rate.part, rate.whole) == (1, 2)


def test_the_head_is_that_of_the_form():
    report = report_06a(made_facts(), MARCH, Names())
    assert (report.form, len(report.columns)) == ("II.06a/VPCP/KSTT", 13)
    drawn_head = [
        [(cell.words.vi, cell.rows, cell.columns) for cell in row]
        for row in headings(report.columns)
    ]
    assert drawn_head == [
        [
            ("TT", 3, 1),
            ("Đơn vị / lĩnh vực", 3, 1),
            ("Số hồ sơ tiếp nhận", 1, 4),
            ("Số hồ sơ đã giải quyết", 1, 4),
            ("Số hồ sơ đang giải quyết", 1, 3),
        ],
        [
            ("Tổng số", 2, 1),
            ("Trong kỳ", 1, 2),
            ("Từ kỳ trước", 2, 1),
            ("Tổng số", 2, 1),
            ("Trước hạn", 2, 1),
            ("Đúng hạn*", 2, 1),
            ("Quá hạn", 2, 1),
            ("Tổng số", 2, 1),
            ("Trong hạn", 2, 1),
            ("Quá hạn", 2, 1),
        ],
        [("Trực tuyến", 1, 1), ("Trực tiếp, dịch vụ bưu chính", 1, 1)],
    ]


def test_what_the_numbers_do_not_say_is_said_beside_them():
    dossiers = [dossier(1, at(3, 2), at(3, 6)), dossier(2, at(3, 2))]
    facts = made_facts(at_us=MAY, dossier_fact=dossiers, pause_fact=[stopped(1, at(3, 4))])
    said = " ".join(note.vi for note in report_06a(facts, MARCH, Names()).notes)
    assert "1 hồ sơ chờ bổ sung cuối kỳ" in said
    assert "1 hồ sơ không có thời hạn" in said
