"""A running dossier opens and closes exactly the steps that its diagram says."""

import pytest

from engine.runtime.instance import Instance, NotOpen, NoWayOn, RunsAway
from engine.runtime.specification import Specification
from processes.feel.errors import ConditionNotBoolean
from tests.engine.drawing import end, field, gateway, start, step, sub, timer
from tests.engine.runtime.running import Run, line, nested

ANSWER = field("dat", "boolean", default="false")


# Ways


def chosen(**data):
    return Run(
        start(),
        step("A", ANSWER),
        gateway("exclusive", "X", default="C"),
        step("B"),
        step("C"),
        end(),
        end("E2"),
        flows=("S A", "A X", "X B: dat = true", "X C", "B E", "C E2"),
        data=data,
    )


def test_an_exclusive_gateway_takes_the_way_whose_condition_holds():
    run = chosen()
    assert run.complete("A", dat=True) == ["B"]
    assert run.last.passed == ("A", "X")


def test_an_exclusive_gateway_takes_the_default_where_no_condition_holds():
    assert chosen().complete("A", dat=False) == ["C"]


def test_of_several_conditions_that_hold_the_first_in_the_file_decides():
    run = Run(
        start(),
        step("A", field("n", "number", default="0")),
        gateway("exclusive", "X", default="D"),
        *(step("B"), step("C"), step("D")),
        end(),
        flows=("S A", "A X", "X B: n > 5", "X C: n > 3", "X D", "B E", "C E", "D E"),
    )
    assert run.complete("A", n=9) == ["B"]


def test_the_condition_of_a_default_flow_is_never_weighed():
    run = Run(
        start(),
        step("A", ANSWER),
        gateway("exclusive", "X", default="C"),
        *(step("B"), step("C"), end()),
        flows=("S A", "A X", "X C: dat = true", "X B: dat = true", "B E", "C E"),
    )
    assert run.complete("A", dat=True) == ["B"]


def test_parallel_branches_are_open_together_and_go_on_when_all_are_done():
    run = Run(
        start(),
        gateway("parallel", "F"),
        *(step("A"), step("B"), step("C")),
        gateway("parallel", "J"),
        *(step("D"), end()),
        flows=("S F", "F A", "F B", "F C", "A J", "B J", "C J", "J D", "D E"),
    )
    assert run.open == ["A", "B", "C"]
    assert run.complete("B") == ["A", "C"]
    assert run.complete("C", "A") == ["D"]
    assert run.complete("D") == []
    assert run.last.completed
    assert run.last.ended == ("E",)


def test_two_flows_straight_from_a_split_to_its_join_count_as_two():
    run = Run(
        start(),
        gateway("parallel", "F"),
        step("A"),
        gateway("parallel", "J"),
        *(step("B"), end()),
        flows=("S F", "F J", "F A", "A J", "J B", "B E"),
    )
    assert run.open == ["A"]
    assert run.complete("A") == ["B"]


def repeated(kind):
    conditions = ("", "") if kind == "parallel" else (": trai = true", ": phai = true")
    return Run(
        start(),
        step(
            "I",
            *(field(code, "boolean", default="true") for code in ("trai", "phai")),
        ),
        gateway(kind, "F"),
        *(step("A"), step("B")),
        gateway(kind, "J"),
        step("C", field("lai", "boolean", default="false")),
        gateway("exclusive", "X", default="E"),
        end(),
        flows=(
            *("S I", "I F", f"F A{conditions[0]}", f"F B{conditions[1]}", "A J", "B J"),
            *("J C", "C X", "X I: lai = true", "X E"),
        ),
    )


@pytest.mark.parametrize("kind", ["parallel", "inclusive"])
@pytest.mark.parametrize("first", ["A", "B"])
@pytest.mark.parametrize("second", ["A", "B"])
def test_a_join_on_a_loop_waits_for_both_branches_each_time(kind, first, second):
    """The library alone takes the first round's arrival for the second's."""
    other = {"A": "B", "B": "A"}
    run = repeated(kind)
    run.complete("I", trai=True, phai=True)
    assert run.complete(first) == [other[first]]
    assert run.complete(other[first]) == ["C"]
    assert run.complete("C", lai=True) == ["I"]
    assert run.complete("I") == ["A", "B"]
    assert run.complete(second) == [other[second]]
    assert run.complete(other[second]) == ["C"]
    run.complete("C", lai=False)
    assert run.last.completed


@pytest.mark.parametrize(
    ("left", "right", "opened"),
    [(True, True, ["A", "B"]), (True, False, ["A"]), (False, True, ["B"])],
)
def test_an_inclusive_join_waits_only_for_branches_that_were_taken(left, right, opened):
    run = repeated("inclusive")
    assert run.complete("I", trai=left, phai=right) == opened
    for remaining in range(len(opened), 0, -1):
        assert len(run.open) == remaining
        run.complete(run.open[0])
    assert run.open == ["C"]


def test_an_inclusive_join_waits_for_a_branch_that_a_boundary_timer_may_still_bring():
    run = Run(
        start(),
        gateway("parallel", "F"),
        *(step("A"), step("B"), step("C")),
        timer("W", after="P1D", on="B"),
        gateway("inclusive", "J"),
        *(step("D"), end(), end("E2")),
        flows=("S F", "F A", "F B", "A J", "B E2", "W C", "C J", "J D", "D E"),
    )
    assert run.complete("A") == ["B"]  # the timer on B may still lead to the join
    assert run.fire("W") == ["C"]
    assert run.complete("C") == ["D"]


def test_an_inclusive_join_goes_on_when_the_other_branch_ends_elsewhere():
    run = Run(
        start(),
        gateway("parallel", "F"),
        *(step("A"), step("B", ANSWER)),
        gateway("exclusive", "X", default="E2"),
        gateway("inclusive", "J"),
        *(step("D"), end(), end("E2")),
        flows=("S F", "F A", "F B", "A J", "B X", "X J: dat = true", "X E2", "J D", "D E"),
    )
    assert run.complete("A") == ["B"]
    assert run.complete("B", dat=False) == ["D"]


def test_a_process_is_over_only_when_every_branch_has_ended():
    run = Run(
        start(),
        gateway("parallel", "F"),
        *(step("A"), step("B"), end(), end("E2")),
        flows=("S F", "F A", "F B", "A E", "B E2"),
    )
    assert run.complete("A") == ["B"]
    assert not run.last.completed
    assert run.last.ended == ("E",)
    run.complete("B")
    assert run.last.completed
    assert run.last.ended == ("E2",)


def test_a_step_with_two_flows_into_it_is_done_once_for_each():
    run = Run(
        start(),
        gateway("parallel", "F"),
        *(step("A"), step("B"), step("C"), end()),
        flows=("S F", "F A", "F B", "A C", "B C", "C E"),
        checked=False,  # refused as unsound at upload
    )
    assert run.complete("A", "B") == ["C", "C"]
    assert run.complete("C") == ["C"]
    run.complete("C")
    assert run.last.completed


# Sub-processes


def test_a_sub_process_in_a_sub_process_is_walked_to_its_end():
    run = nested()
    assert run.complete("A") == ["B"]
    assert run.complete("B") == ["C"]
    assert run.complete("C") == ["D"]
    assert run.last.passed == ("C", "E3", "Q", "E2", "P")
    assert run.last.ended == ()
    run.complete("D")
    assert run.last.completed


def test_the_ends_of_a_sub_process_are_not_ends_of_the_dossier():
    run = nested()
    run.complete("A", "B", "C")
    assert not run.last.completed
    assert run.last.ended == ()


def test_a_terminate_end_in_a_sub_process_ends_the_sub_process_alone():
    run = Run(
        start(),
        gateway("parallel", "F"),
        step("A"),
        sub(
            "P",
            *(start("S1"), gateway("parallel", "G"), step("B"), step("C")),
            *(end("E2", outcome=None, kind="terminate"), end("E3", outcome=None)),
            flows=("S1 G", "G B", "G C", "B E2", "C E3"),
        ),
        gateway("parallel", "J"),
        *(step("D"), end()),
        flows=("S F", "F A", "F P", "A J", "P J", "J D", "D E"),
    )
    assert run.open == ["A", "B", "C"]
    assert run.complete("B") == ["A"]
    assert not run.last.completed
    assert run.complete("A") == ["D"]


def test_a_terminate_end_at_the_top_ends_everything():
    run = Run(
        start(),
        gateway("parallel", "F"),
        *(step("A"), end("E", kind="terminate")),
        sub("P", start("S1"), step("B"), end("E1", outcome=None), flows=("S1 B", "B E1")),
        step("C"),
        timer("W", after="P1D", on="C"),
        *(end("E2"), end("E3"), end("E4")),
        flows=("S F", "F A", "F P", "F C", "A E", "P E2", "C E3", "W E4"),
    )
    closed = {run.token("B"), run.token("C"), run.token("A")}
    assert run.complete("A") == []
    assert run.waiting == []
    assert set(run.last.closed) == closed
    assert len(run.last.disarmed) == 1
    assert run.last.completed
    assert run.last.ended == ("E",)


# Timers


def timed(interrupting):
    return Run(
        start(),
        step("A"),
        timer("W", after="P1D", on="A", interrupting=interrupting),
        *(step("B"), step("C"), end(), end("E2")),
        flows=("S A", "A B", "W C", "B E", "C E2"),
    )


def test_an_interrupting_timer_takes_the_step_away():
    run = timed(interrupting=True)
    token = run.token("A")
    assert run.fire("W") == ["C"]
    assert run.last.closed == (token,)
    assert run.last.passed == ("W",)
    assert run.waiting == []


def test_a_timer_that_does_not_interrupt_leaves_the_step_open():
    run = timed(interrupting=False)
    assert run.fire("W") == ["A", "C"]
    assert run.last.closed == ()
    assert run.complete("A") == ["B", "C"]
    assert run.complete("B", "C") == []
    assert run.last.completed


def test_a_completed_step_disarms_its_timer():
    run = timed(interrupting=True)
    token = run.token("W")
    assert run.complete("A") == ["B"]
    assert run.last.disarmed == (token,)
    with pytest.raises(NotOpen):
        run.instance.fire(token, {})


def test_an_interrupting_timer_on_a_sub_process_takes_away_all_that_is_open_in_it():
    run = Run(
        start(),
        sub(
            "P",
            *(start("S1"), gateway("parallel", "G"), step("A"), step("B")),
            timer("V", after="P9D", on="B"),
            *(end("E1", outcome=None), end("E2", outcome=None), end("E3", outcome=None)),
            flows=("S1 G", "G A", "G B", "A E1", "B E2", "V E3"),
        ),
        timer("W", after="P1D", on="P"),
        *(step("C"), step("D"), end(), end("E4")),
        flows=("S P", "P C", "W D", "C E", "D E4"),
    )
    assert run.open == ["A", "B"]
    assert run.waiting == ["V", "W"]
    assert run.fire("W") == ["D"]
    assert run.waiting == []
    run.complete("D")
    assert run.last.completed


def test_a_timer_in_the_flow_waits_and_then_goes_on():
    run = Run(
        start(),
        *(step("A"), timer("W", limit="2 working_day"), step("B"), end()),
        flows=("S A", "A W", "W B", "B E"),
    )
    assert run.complete("A") == []
    (armed,) = run.last.armed
    assert armed.element_id == "W"
    assert armed.rule == '{"amount": "2", "kind": "limit", "unit": "working_day"}'
    assert run.fire("W") == ["B"]
    assert run.last.disarmed == (armed.token,)


# Refusals


def test_only_an_open_step_can_be_completed():
    run = line("A", "B")
    token = run.token("A")
    run.complete("A")
    with pytest.raises(NotOpen):
        run.instance.complete(token, {})
    with pytest.raises(NotOpen):
        run.instance.complete(999, {})
    with pytest.raises(NotOpen):
        run.instance.earlier_steps(token)


def test_a_condition_that_is_neither_true_nor_false_is_refused_and_says_what_is_missing():
    run = Run(
        start(),
        step("A", field("n", "number")),
        gateway("exclusive", "X", default="C"),
        *(step("B"), step("C"), end()),
        flows=("S A", "A X", "X B: n > 5", "X C", "B E", "C E"),
    )
    with pytest.raises(ConditionNotBoolean) as refused:
        run.complete("A", n=None)
    assert "n > 5" in refused.value.message("vi")


def test_where_no_condition_holds_and_there_is_no_default_the_gateway_is_named():
    run = Run(
        start(),
        step("A", field("n", "number", default="0")),
        gateway("exclusive", "X"),
        *(step("B"), step("C"), end()),
        flows=("S A", "A X", "X B: n > 5", "X C: n < 3", "B E", "C E"),
    )
    with pytest.raises(NoWayOn) as refused:
        run.complete("A", n=4)
    assert "“X”" in refused.value.message("vi")


def test_where_no_condition_of_an_inclusive_gateway_holds_the_gateway_is_named():
    run = repeated("inclusive")
    with pytest.raises(NoWayOn, match="'F'"):
        run.complete("I", trai=False, phai=False)


def test_a_loop_without_people_is_stopped():
    run = Run(
        start(),
        *(step("A", ANSWER), gateway("exclusive", "M"), gateway("exclusive", "X", default="M")),
        end(),
        flows=("S A", "A M", "M X", "X E: dat = true", "X M"),
        checked=False,
    )
    with pytest.raises(RunsAway):
        run.complete("A", dat=False)


def test_a_cancelled_dossier_has_nothing_open():
    run = nested()
    run.complete("A", "B")
    token = run.token("C")
    progress = run.instance.cancel()
    assert progress.closed == (token,)
    assert run.open == []
    assert run.instance.completed
    assert Instance.restore(run.specification, run.saved()).completed


@pytest.mark.parametrize("length", [10, 400])
def test_a_long_chain_of_steps_can_be_parsed_and_run(length):
    """The library recurses along the chain; 400 and more broke it on an ordinary stack."""
    run = line(*(f"A{n}" for n in range(length)))
    assert run.complete("A0") == ["A1"]
    assert isinstance(run.specification, Specification)
