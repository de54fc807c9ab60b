"""A running dossier opens and closes exactly the steps that its diagram says."""

import threading

import pytest
from processes.feel.errors import ConditionNotBoolean

from engine.runtime.instance import CannotSendBack, Instance, NotOpen, NoWayOn, RunsAway
from engine.runtime.library import Numbers, numbering
from engine.runtime.specification import Specification
from tests.engine.drawing import end, field, gateway, start, step, sub, timer
from tests.engine.runtime.running import Run

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
    )
    assert run.complete("A", "B") == ["C", "C"]
    assert run.complete("C") == ["C"]
    run.complete("C")
    assert run.last.completed


# Sub-processes


def nested(outer_end=""):
    return Run(
        start(),
        step("A"),
        sub(
            "P",
            *(start("S1"), step("B")),
            sub("Q", start("S2"), step("C"), end("E3"), flows=("S2 C", "C E3")),
            end("E2"),
            flows=("S1 B", "B Q", "Q E2"),
        ),
        *(step("D"), end()),
        flows=("S A", "A P", "P D", "D E"),
    )


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


# Going back


def line(*names):
    flows = [f"{a} {b}" for a, b in zip(("S", *names), (*names, "E"), strict=True)]
    return Run(start(), *(step(name) for name in names), end(), flows=tuple(flows))


def test_going_back_opens_the_earlier_step_and_what_came_after_is_done_again():
    run = line("A", "B", "C")
    run.complete("A", "B")
    assert run.earlier("C") == ["B", "A"]
    token = run.token("C")
    progress = run.send_back("C", "A")
    assert run.open == ["A"]
    assert progress.closed == (token,)
    assert run.complete("A") == ["B"]
    assert run.complete("B", "C") == []
    assert run.last.completed


def test_it_is_not_possible_to_go_back_to_a_step_that_has_not_been():
    run = line("A", "B", "C")
    run.complete("A")
    before = run.saved()
    with pytest.raises(CannotSendBack):
        run.send_back("B", "C")
    with pytest.raises(CannotSendBack):
        run.send_back("B", "B")
    assert run.saved() == before


def parallel():
    return Run(
        start(),
        *(step("A"), gateway("parallel", "F"), step("B"), step("B2"), step("C")),
        *(gateway("parallel", "J"), step("D"), end()),
        flows=("S A", "A F", "F B", "B B2", "F C", "B2 J", "C J", "J D", "D E"),
    )


def test_going_back_out_of_parallel_branches_is_refused_while_another_is_open():
    run = parallel()
    run.complete("A")
    before = run.saved()
    with pytest.raises(CannotSendBack):
        run.send_back("B", "A")
    assert run.saved() == before
    assert run.open == ["B", "C"]


def test_going_back_within_a_branch_leaves_its_siblings_alone():
    run = parallel()
    run.complete("A", "B")
    token = run.token("C")
    progress = run.send_back("B2", "B")
    assert run.open == ["B", "C"]
    assert token not in progress.closed
    assert run.token("C") == token
    assert run.complete("B", "B2", "C") == ["D"]


def test_going_back_out_of_a_branch_is_possible_when_the_other_is_done_and_both_are_done_again():
    run = parallel()
    run.complete("A", "C", "B")
    run.send_back("B2", "A")
    assert run.open == ["A"]
    assert run.complete("A") == ["B", "C"]
    assert run.complete("B", "B2") == ["C"]
    assert run.complete("C") == ["D"]


@pytest.mark.parametrize("last", ["B2", "C"])
def test_going_back_from_behind_a_join_gives_the_other_branch_its_arrival_back(last):
    run = parallel()
    run.complete("A", "B")
    run.complete(*(["C", "B2"] if last == "B2" else ["B2", "C"]))
    assert run.open == ["D"]
    run.send_back("D", last)
    assert run.open == [last]
    assert run.complete(last) == ["D"]
    run.complete("D")
    assert run.last.completed


def test_going_back_from_behind_a_join_works_on_a_restored_dossier_too():
    run = parallel()
    run.complete("A", "B", "C", "B2")
    run.send_back("D", "B2")
    run.instance = Instance.restore(run.specification, run.saved())
    assert run.complete("B2") == ["D"]


def test_going_back_is_refused_where_a_timer_waits_on_a_branch_beside():
    run = Run(
        start(),
        *(step("A"), gateway("parallel", "F"), step("B"), timer("W", after="P1D"), step("C")),
        *(gateway("parallel", "J"), end()),
        flows=("S A", "A F", "F B", "F W", "W C", "B J", "C J", "J E"),
    )
    run.complete("A")
    with pytest.raises(CannotSendBack):
        run.send_back("B", "A")
    assert run.waiting == ["W"]


def test_going_back_takes_the_timer_of_the_step_away_and_arms_that_of_the_target_again():
    run = Run(
        start(),
        *(step("A"), step("B"), end(), end("E2"), end("E3")),
        timer("V", after="P1D", on="A"),
        timer("W", after="P1D", on="B"),
        flows=("S A", "A B", "B E", "V E2", "W E3"),
    )
    run.complete("A")
    assert run.waiting == ["W"]
    token = run.token("W")
    progress = run.send_back("B", "A")
    assert run.waiting == ["V"]
    assert progress.disarmed == (token,)
    assert [armed.element_id for armed in progress.armed] == ["V"]
    assert run.fire("V") == []
    assert run.last.ended == ("E2",)


def test_going_back_within_a_sub_process():
    run = Run(
        start(),
        step("A"),
        sub(
            "P",
            *(start("S1"), step("B"), step("C"), end("E1", outcome=None)),
            flows=("S1 B", "B C", "C E1"),
        ),
        *(step("D"), end()),
        flows=("S A", "A P", "P D", "D E"),
    )
    run.complete("A", "B")
    assert run.earlier("C") == ["B", "A"]
    run.send_back("C", "B")
    assert run.open == ["B"]
    run.instance = Instance.restore(run.specification, run.saved())
    assert run.complete("B", "C") == ["D"]


def test_going_back_out_of_a_sub_process_and_over_one():
    run = nested()
    run.complete("A", "B")
    run.send_back("C", "A")
    assert run.open == ["A"]
    assert run.complete("A") == ["B"]
    run.complete("B", "C")
    assert run.open == ["D"]
    assert run.earlier("D") == ["A"]  # what is inside of a finished sub-process stays closed
    run.send_back("D", "A")
    assert run.complete("A", "B", "C", "D") == []
    assert run.last.completed


def test_a_timer_that_went_away_with_the_way_back_never_fires():
    run = Run(
        start(),
        step("A"),
        sub(
            "P",
            *(start("S1"), step("B"), timer("W", after="P1D", on="B")),
            *(end("E1", outcome=None), end("E2", outcome=None)),
            flows=("S1 B", "B E1", "W E2"),
        ),
        end(),
        flows=("S A", "A P", "P E"),
    )
    run.complete("A")
    assert run.waiting == ["W"]
    run.send_back("B", "A")
    assert run.waiting == []
    assert run.saved() == Instance.restore(run.specification, run.saved()).encode()


# Long lives


def looping():
    return Run(
        start(),
        *(step("A"), step("B", field("lai", "boolean", default="false"))),
        *(gateway("exclusive", "X", default="E"), end()),
        flows=("S A", "A B", "B X", "X A: lai = true", "X E"),
    )


def test_a_dossier_that_returns_1200_times_on_a_drawn_loop_does_not_freeze():
    """Beyond depth 1,000 the library alone sees no open step any more, without a word."""
    run = looping()
    for _ in range(1200):
        assert run.complete("A") == ["B"]
        assert run.complete("B", lai=True) == ["A"]
    run.instance = Instance.restore(run.specification, run.saved())
    assert run.complete("A") == ["B"]
    assert run.complete("B", lai=False) == []
    assert run.last.completed


def test_a_join_that_waits_beside_1200_returns_still_knows_its_branches():
    run = Run(
        start(),
        gateway("parallel", "F"),
        *(step("A", field("lai", "boolean", default="false")), step("B")),
        *(gateway("exclusive", "M"), gateway("exclusive", "X", default="J")),
        *(gateway("parallel", "J"), step("C"), end()),
        flows=("S F", "F M", "M A", "A X", "X M: lai = true", "X J", "F B", "B J", "J C", "C E"),
    )
    for _ in range(600):
        run.complete("A", lai=True)
    assert run.complete("B") == ["A"]
    for _ in range(600):
        run.complete("A")
    run.instance = Instance.restore(run.specification, run.saved())
    assert run.complete("A", lai=False) == ["C"]


def test_a_dossier_sent_back_1200_times_does_not_grow():
    run = line("A", "B")
    run.complete("A")
    sizes = []
    for _ in range(1200):
        run.send_back("B", "A")
        assert run.complete("A") == ["B"]
        sizes.append(len(run.saved()))
    assert max(sizes) - min(sizes) < 20
    assert run.complete("B") == []


def test_steps_are_numbered_alike_whichever_thread_runs_them():
    """Numbers belong to the dossier, not to the thread or the process."""
    kept: list[bytes] = []

    def live() -> None:
        run = line("A", "B", "C")
        run.complete("A", "B")
        kept.append(run.saved())

    threads = [threading.Thread(target=live) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(kept) == 4
    assert len(set(kept)) == 1


def test_nothing_comes_to_be_outside_of_a_dossier():
    numbers = Numbers()
    with numbering(numbers):
        line("A")
    run = line("A")
    with pytest.raises(RuntimeError, match="outside of numbering"):
        run.instance._workflow.get_task_from_id(next(iter(run.instance._workflow.tasks)))._add_child(
            run.specification.process.start
        )


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
