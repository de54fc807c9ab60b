"""Going back opens one earlier step and takes nothing else away; long lives stay lively."""

import threading

import pytest

from engine.runtime.instance import CannotSendBack, Instance
from engine.runtime.library import Numbers, numbering
from tests.engine.drawing import end, field, gateway, start, step, sub, timer
from tests.engine.runtime.running import Run, line, nested


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
    workflow = run.instance._in_hand()._workflow
    with pytest.raises(RuntimeError, match="outside of numbering"):
        workflow.task_tree._add_child(run.specification.process.start)
