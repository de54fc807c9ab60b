"""The steps' limits on the longest way against the limit of the case, with decisions' own numbers."""

import itertools
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processes.document import parse
from processes.finding import Severity
from processes.limits import MAX_CASES, format_working, judge_limits, path_totals
from processes.reader import read
from tests.processes.drawn import flows, process, transfer

DAY = 8 * 3600


def read_both(data):
    found = read(parse(data))
    return found.procedure, found.diagram


def totals(data):
    return path_totals(*read_both(data))


def said(data):
    return list(judge_limits(*read_both(data)))


def case(amount, unit="working_day", code="normal", name="Thông thường"):
    return f'<qt:case code="{code}" name="{name}"><qt:limit amount="{amount}" unit="{unit}"/></qt:case>'


def head(*cases):
    return f'<b:extensionElements><qt:procedure code="1">{"".join(cases)}</qt:procedure></b:extensionElements>'


def step(name, amount=None, unit="working_day", clock="runs", extra=""):
    limit = "" if amount is None else f'<qt:limit amount="{amount}" unit="{unit}"/>'
    return (
        f'<b:userTask id="{name}" name="Bước {name}"><b:extensionElements><qt:step clock="{clock}">{limit}{extra}'
        "</qt:step></b:extensionElements></b:userTask>"
    )


def chain(limit, *amounts, unit="working_day"):
    """A procedure of steps one after the other."""
    names = [f"T{i}" for i in range(len(amounts))]
    steps = "".join(step(n, a, unit) for n, a in zip(names, amounts, strict=True))
    way = ["S", *names, "E"]
    pairs = [f"{a} {b}" for a, b in itertools.pairwise(way)]
    return process(f'{head(limit)}<b:startEvent id="S"/>{steps}<b:endEvent id="E"/>{flows(*pairs)}')


# Quảng Ninh's internal procedures for land (domain facts 4.10-4.12) and QĐ 663/QĐ-TTPVHCC (4.4).
DECISIONS = {
    "đăng ký biến động": (
        ("0.5", "1.5", "0.5", "1", "0.5", "0.5", "2", "0.5", "0.5", "0.5", "0"),
        8,
        0,
    ),
    "cấp đổi giấy chứng nhận": (("0.5", "9", "2", "0.5", "0"), 10, -2),
    "điều chỉnh quyết định giao đất": (("4.5", "4"), 7, Decimal("-1.5")),
    "chuyển mục đích sử dụng đất": (
        ("0.25", "0.5", "0.5", "1.5", "0.5", "0.5", "0.5", "3", "0.5", "1", "2"),
        15,
        Decimal("4.25"),
    ),
}


@pytest.mark.parametrize(("amounts", "limit", "slack"), DECISIONS.values(), ids=DECISIONS.keys())
def test_the_steps_of_a_decision_add_up(amounts, limit, slack):
    (total,) = totals(chain(case(limit), *amounts))
    assert total.working_seconds == sum(map(Decimal, amounts)) * DAY
    assert total.slack_seconds == slack * DAY
    assert total.path == ("S", *(f"T{i}" for i in range(len(amounts))), "E")


VERDICTS = {  # what a designer is told of the real decisions (domain facts 4.10-4.12)
    "đăng ký biến động": set(),
    "cấp đổi giấy chứng nhận": {("qt-limits-exceed", Severity.ERROR)},
    "điều chỉnh quyết định giao đất": {("qt-limits-exceed", Severity.ERROR)},
    "chuyển mục đích sử dụng đất": {("qt-limits-slack", Severity.INFO)},
}


@pytest.mark.parametrize("name", DECISIONS)
def test_a_decision_is_told_whether_its_steps_fit(name):
    amounts, limit, _ = DECISIONS[name]
    assert {(f.rule, f.severity) for f in said(chain(case(limit), *amounts))} == VERDICTS[name]


REMOTE = {  # the same steps in remote areas: 18 days for 4.10, 25 days for 4.11
    "đăng ký biến động": (18, 10),
    "chuyển mục đích sử dụng đất": (25, Decimal("14.25")),
}


@pytest.mark.parametrize(
    ("name", "limit", "slack"), [(n, *r) for n, r in REMOTE.items()], ids=REMOTE
)
def test_a_remote_area_has_its_own_limit_for_the_same_steps(name, limit, slack):
    (total,) = totals(chain(case(limit, code="remote"), *DECISIONS[name][0]))
    assert total.slack_seconds == slack * DAY


def test_the_tax_office_and_the_citizen_between_two_phases_do_not_count():
    """4.10 whole: 4 days, then the tax office (5 days) and the citizen, then 4 days: 8 of 8."""
    first, second = DECISIONS["đăng ký biến động"][0][:5], DECISIONS["đăng ký biến động"][0][5:]
    names = [*(f"A{i}" for i in range(5)), "TAX", "PAY", *(f"B{i}" for i in range(len(second)))]
    steps = "".join(step(f"A{i}", a) for i, a in enumerate(first))
    steps += step("TAX", 5, clock="tax") + step("PAY", clock="citizen")
    steps += "".join(step(f"B{i}", a) for i, a in enumerate(second))
    way = [f"{a} {b}" for a, b in itertools.pairwise(["S", *names, "E"])]
    data = process(f'{head(case(8))}<b:startEvent id="S"/>{steps}<b:endEvent id="E"/>{flows(*way)}')
    (total,) = totals(data)
    assert (total.working_seconds, total.slack_seconds) == (8 * DAY, 0)
    assert said(data) == []


def test_an_exceeded_limit_is_an_error_with_its_numbers():
    (finding,) = said(chain(case(10), "0.5", "9", "2", "0.5", "0"))
    assert (finding.rule, finding.severity, finding.element) == (
        "qt-limits-exceed",
        Severity.ERROR,
        "P",
    )
    assert "12 ngày làm việc" in finding.vi
    assert "vượt thời hạn 10 ngày làm việc là 2 ngày làm việc" in finding.vi
    assert "Bước T1 (9 ngày làm việc)" in finding.vi
    assert "2 working days more than the limit of 10 working days" in finding.en


def test_slack_is_mentioned():
    (finding,) = said(chain(case(15), "10.75"))
    assert (finding.rule, finding.severity) == ("qt-limits-slack", Severity.INFO)
    assert "còn dư 4,25 ngày làm việc" in finding.vi


def test_a_sum_that_fits_exactly_needs_no_word():
    assert said(chain(case(8), "4", "4")) == []


def test_hours_of_a_same_day_procedure_fill_the_day_exactly():
    """QĐ 663/QĐ-TTPVHCC: 2 + 3 + 2 + 1 hours = 8 hours, "trong ngày"."""
    (total,) = totals(chain(case(1, "same_day"), 2, 3, 2, 1, unit="working_hour"))
    assert (total.working_seconds, total.slack_seconds) == (DAY, None)
    (finding,) = said(chain(case(1, "same_day"), 2, 3, 2, 1, unit="working_hour"))
    assert finding.rule == "qt-limits-units"


def test_nine_hours_cannot_be_done_within_the_day():
    rules = {f.rule for f in said(chain(case(1, "same_day"), 9, unit="working_hour"))}
    assert "qt-limits-exceed" in rules


def test_thirty_working_days_may_fit_into_thirty_calendar_days_but_31_never_do():
    """Luật Khiếu nại: 30 calendar days; whether 30 working days fit depends on the calendar."""
    assert [f.rule for f in said(chain(case(30, "day"), 30))] == ["qt-limits-units"]
    assert "qt-limits-exceed" in {f.rule for f in said(chain(case(30, "day"), 31))}


def test_a_step_in_calendar_days_is_not_added_but_named():
    body = chain(case(10), 2).replace(
        b"</b:userTask>", b"</b:userTask>" + step("C", 5, "day").encode()
    )
    body = body.replace(b'targetRef="E"', b'targetRef="C"').replace(
        b"</b:process>", flows("C E").encode() + b"</b:process>"
    )
    (total,) = totals(body)
    assert (total.working_seconds, total.uncounted) == (2 * DAY, ("C",))
    units = next(f for f in said(body) if f.rule == "qt-limits-units")
    assert "“Bước C”" in units.vi


@pytest.mark.parametrize(
    ("total", "steps", "least", "most"),
    [
        ((30, "day"), [(20, "day"), (11, "day")], 31, 30),
        ((30, "day"), [(5, "working_day"), (26, "day")], 31, 30),
        ((1, "month"), [(32, "day")], 32, 31),
        ((1, "month"), [(2, "month")], 56, 31),
        ((5, "working_day"), [(60, "day")], 60, 24),
        ((5, "working_day"), [(1, "month")], 28, 24),
    ],
)
def test_calendar_time_that_fits_into_no_calendar_is_refused(total, steps, least, most):
    (finding,) = [f for f in said(in_turn(total, steps)) if f.severity is Severity.ERROR]
    assert finding.rule == "qt-limits-days-exceed"
    assert f"cần ít nhất {least} ngày" in finding.vi
    assert f"no more than {most} days" in finding.en
    assert "Bước T0" in finding.vi


@pytest.mark.parametrize(
    ("total", "steps"),
    [
        ((30, "day"), [(20, "day"), (10, "day")]),
        ((1, "month"), [(1, "month")]),
        ((20, "working_day"), [(1, "month")]),  # 28 days may hold no more than 20 working days
        ((1, "same_day"), [(1, "same_day")]),
        ((5, "working_day"), [(5, "day")]),
    ],
)
def test_calendar_time_that_may_fit_is_not(total, steps):
    assert [f for f in said(in_turn(total, steps)) if f.severity is Severity.ERROR] == []


def test_the_tax_office_s_calendar_days_do_not_count():
    body = in_turn((5, "working_day"), [(60, "day")]).replace(b'clock="runs"', b'clock="tax"')
    assert [f for f in said(body) if f.severity is Severity.ERROR] == []


def in_turn(total, steps):
    """Steps one after the other with amounts in units of their own."""
    drawn = "".join(step(f"T{number}", *each) for number, each in enumerate(steps))
    way = ["S", *(f"T{number}" for number in range(len(steps))), "E"]
    joined = flows(*(f"{a} {b}" for a, b in itertools.pairwise(way)))
    return process(f'{head(case(*total))}<b:startEvent id="S"/>{drawn}<b:endEvent id="E"/>{joined}')


def test_each_case_is_weighed_with_its_own_limits():
    """Land transfer: 0.5 + 3.5 + 4 + 0 = 8 of 8; remote 0.5 + 10 + 4 + 0 = 14.5 of 18."""
    normal, remote = totals(transfer())
    assert (normal.case, normal.working_seconds, normal.slack_seconds) == ("normal", 8 * DAY, 0)
    assert (remote.case, remote.working_seconds) == ("remote", Decimal("14.5") * DAY)
    assert remote.slack_seconds == Decimal("3.5") * DAY
    assert normal.path == (
        *("Start_1", "Task_Receive", "Task_Appraise", "Gateway_Result", "Task_Tax"),
        *("Task_Approve", "Task_Return", "End_Granted"),
    )


def test_waiting_for_the_citizen_does_not_count():
    assert (
        totals(
            transfer(
                (
                    'clock="citizen"/>',
                    'clock="runs"><qt:limit amount="2" unit="working_day"/></qt:step>',
                )
            )
        )[0].working_seconds
        == 10 * DAY
    )
    assert (
        totals(
            transfer(
                (
                    'clock="citizen"/>',
                    'clock="tax"><qt:limit amount="2" unit="working_day"/></qt:step>',
                )
            )
        )[0].working_seconds
        == 8 * DAY
    )


FORK = (
    '<b:startEvent id="S"/><b:{0}Gateway id="G"/>{1}<b:{0}Gateway id="J"/><b:endEvent id="E"/>'
    + flows("S G", "G A", "G B", "A J", "B J", "J E")
)


@pytest.mark.parametrize("gateway", ["parallel", "exclusive", "inclusive"])
def test_branches_count_by_the_longest(gateway):
    (total,) = totals(process(head(case(10)) + FORK.format(gateway, step("A", 2) + step("B", 5))))
    assert (total.working_seconds, total.path) == (5 * DAY, ("S", "G", "B", "J", "E"))


def test_a_loop_counts_once():
    """Draft 2 days, review 1 day, sent back or not: the ordinary way is 3 days."""
    body = (
        f'<b:startEvent id="S"/>{step("A", 2)}{step("R", 1)}<b:exclusiveGateway id="G"/>{step("Fix", 9)}<b:endEvent id="E"/>'
        + flows("S A", "A R", "R G", "G Fix", "Fix A", "G E")
    )
    (total,) = totals(process(head(case(10)) + body))
    assert (total.working_seconds, total.path) == (3 * DAY, ("S", "A", "R", "G", "E"))


@pytest.mark.parametrize(
    ("marker", "said_so"),
    [
        ('<b:standardLoopCharacteristics loopMaximum="3"/>', True),
        ('<b:multiInstanceLoopCharacteristics isSequential="true"/>', True),
        ("<b:multiInstanceLoopCharacteristics/>", False),
    ],
    ids=["loop", "one by one", "side by side"],
)
def test_a_step_done_several_times_is_named_because_its_limit_counts_once(marker, said_so):
    data = chain(case(8), "4", "4").replace(b"</b:userTask>", f"{marker}</b:userTask>".encode(), 1)
    found = {f.rule for f in said(data)}
    assert ("qt-limits-repeated" in found) is said_so


def test_the_way_goes_on_behind_a_link():
    """4.12: 0.5 + 9, the link, 2 + 0.5 + 0 = 12 working days of 10."""
    link = '<b:intermediate{0}Event id="{1}"><b:linkEventDefinition name="tiếp"/></b:intermediate{0}Event>'
    steps = "".join(step(n, a) for n, a in zip("ABCDF", ("0.5", "9", "2", "0.5", "0"), strict=True))
    body = f'<b:startEvent id="S"/>{steps}{link.format("Throw", "L")}{link.format("Catch", "M")}<b:endEvent id="E"/>'
    data = process(head(case(10)) + body + flows("S A", "A B", "B L", "M C", "C D", "D F", "F E"))
    assert totals(data)[0].working_seconds == 12 * DAY
    assert "qt-limits-exceed" in {f.rule for f in said(data)}


def timed(limit_or_timer):
    return (
        f'<b:startEvent id="S"/>{step("A", 3)}<b:boundaryEvent id="X" attachedToRef="A">{limit_or_timer}</b:boundaryEvent>'
        f'{step("L", 4)}<b:endEvent id="E"/><b:endEvent id="F"/>'
        + flows("S A", "A E", "X L", "L F")
    )


TIMER = "<b:timerEventDefinition><b:timeDuration>P1D</b:timeDuration></b:timerEventDefinition>"


def test_a_step_left_by_its_timer_counts_as_long_as_the_timer():
    limit = '<b:extensionElements><qt:limit amount="2" unit="working_day"/></b:extensionElements>'
    (total,) = totals(process(head(case(10)) + timed(limit + TIMER)))
    assert (total.working_seconds, total.path) == (6 * DAY, ("S", "A", "X", "L", "F"))


def test_a_step_left_by_a_calendar_timer_counts_with_its_own_limit():
    (total,) = totals(process(head(case(10)) + timed(TIMER)))
    assert (total.working_seconds, total.uncounted) == (7 * DAY, ("X",))


def test_waiting_for_a_timer_in_working_time_counts():
    wait = f'<b:intermediateCatchEvent id="W"><b:extensionElements><qt:limit amount="3" unit="working_day"/></b:extensionElements>{TIMER}</b:intermediateCatchEvent>'
    body = f'<b:startEvent id="S"/>{wait}<b:endEvent id="E"/>' + flows("S W", "W E")
    assert totals(process(head(case(10)) + body))[0].working_seconds == 3 * DAY


def test_steps_of_a_sub_process_count():
    inner = f'<b:subProcess id="P1"><b:startEvent id="S1"/>{step("A", 2)}<b:endEvent id="E1"/>{flows("S1 A", "A E1")}</b:subProcess>'
    body = f'<b:startEvent id="S"/>{inner}{step("B", 1)}<b:endEvent id="E"/>' + flows(
        "S P1", "P1 B", "B E"
    )
    (total,) = totals(process(head(case(10)) + body))
    assert (total.working_seconds, total.path) == (3 * DAY, ("S", "P1", "S1", "A", "E1", "B", "E"))


def test_a_diagram_without_an_end_has_no_way_to_add_up():
    (total,) = totals(
        process(f'{head(case(10))}<b:startEvent id="S"/>{step("A", 20)}{flows("S A")}')
    )
    assert (total.path, total.working_seconds) == ((), 0)


def test_more_cases_than_any_procedure_has_are_refused():
    data = process(head(*(case(1, code=f"c{i}") for i in range(MAX_CASES + 1))))
    assert next(f.rule for f in said(data)) == "qt-cases-too-many"
    assert len(totals(data)) == MAX_CASES


WRITTEN = {
    0: ("0 giờ làm việc", "0 working hours"),
    60: ("1 phút", "1 minute"),
    5400: ("1,5 giờ làm việc", "1.5 working hours"),
    DAY: ("1 ngày làm việc", "1 working day"),
    12 * DAY: ("12 ngày làm việc", "12 working days"),
    DAY * 43 // 4: ("10,75 ngày làm việc", "10.75 working days"),
    DAY + 3600: ("9 giờ làm việc", "9 working hours"),
}


@pytest.mark.parametrize(("seconds", "words"), WRITTEN.items())
def test_sums_are_written_as_decisions_write_them(seconds, words):
    assert format_working(seconds) == words


@given(st.lists(st.integers(0, 40), min_size=1, max_size=6), st.integers(1, 60))
def test_one_after_the_other_adds_up_and_error_means_exceeded(quarters, limit):
    amounts = [Decimal(q) / 4 for q in quarters]
    data = chain(case(limit), *amounts)
    (total,) = totals(data)
    assert total.working_seconds == sum(amounts) * DAY
    exceeded = any(f.rule == "qt-limits-exceed" for f in said(data))
    assert exceeded == (sum(amounts) > limit)
