"""A dossier saved and taken up again between any two steps goes on as if it never had been away."""

import tracemalloc

import orjson
import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.runtime.codec import UnreadableState
from engine.runtime.instance import CannotSendBack, Instance
from tests.engine.runtime.blocks import Step, blocks, drawn
from tests.engine.runtime.running import line


def standing(instance):
    """Open steps and waiting timers, by the designer's ids."""
    return (
        sorted(step.element_id for step in instance.open_steps().values()),
        sorted(timer.element_id for timer in instance.waiting_timers().values()),
    )


def expected(model):
    return sorted(model.open()), sorted(model.waiting())


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(blocks, st.data())
def test_a_process_of_blocks_does_what_bpmn_says_saved_or_not(block, choices):
    specification, model, fields = drawn(block)
    data = {name: choices.draw(st.booleans(), name) for name in fields}
    model.enter(data)
    kept, progress = Instance.start(specification, data)
    saved = Instance.restore(specification, kept.encode())
    for _ in range(14):
        assert standing(kept) == expected(model)
        assert kept.completed == model.done == progress.completed
        assert saved.encode() == kept.encode()
        if kept.completed:
            break
        steps, timers = kept.open_steps(), kept.waiting_timers()
        token = choices.draw(st.sampled_from([*steps, *timers]), "token")
        data = {name: choices.draw(st.booleans(), name) for name in fields}
        if token in steps:
            model.act(steps[token].element_id, data)
            progress = kept.complete(token, data)
            assert saved.complete(token, data) == progress
        else:
            model.act(timers[token].element_id, data)
            progress = kept.fire(token, data)
            assert saved.fire(token, data) == progress
        saved = Instance.restore(specification, saved.encode())


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(blocks, st.data())
def test_a_dossier_sent_back_again_and_again_can_still_be_finished(block, choices):
    specification, _, fields = drawn(block)
    kept, _ = Instance.start(specification, {name: choices.draw(st.booleans()) for name in fields})
    for _ in range(10):
        steps = kept.open_steps()
        if not steps:
            break
        data = {name: choices.draw(st.booleans()) for name in fields}
        token = choices.draw(st.sampled_from(list(steps)), "token")
        earlier = kept.earlier_steps(token)
        if not earlier or choices.draw(st.booleans(), "go on"):
            kept.complete(token, data)
            continue
        target = choices.draw(st.sampled_from(earlier), "target")
        before, others = kept.encode(), {t: s for t, s in steps.items() if t != token}
        try:
            progress = kept.send_back(token, target.element_id, data)
        except CannotSendBack:
            assert kept.encode() == before
        else:
            assert progress.opened == (target,)
            assert progress.closed == (token,)
            assert kept.open_steps() == {**others, target.token: target}
        assert kept.encode() == Instance.restore(specification, kept.encode()).encode()
    no = dict.fromkeys(fields, False)
    for _ in range(200):
        if kept.completed:
            break
        kept.complete(next(iter(kept.open_steps())), no)
    assert kept.completed


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no archive",
        zstandard.compress(b"no json"),
        zstandard.compress(orjson.dumps([2, 0, [], {}])),
        zstandard.compress(orjson.dumps({"format": 1})),
    ],
)
def test_a_state_of_another_format_is_refused(data):
    specification, _, _ = drawn_step()
    with pytest.raises(UnreadableState):
        Instance.restore(specification, data)


def drawn_step():
    return drawn(Step())


@pytest.mark.parametrize("steps", [6, 60])
def test_a_state_that_is_kept_takes_no_more_room_than_its_bytes(steps):
    running = line(*(f"B{number}" for number in range(steps))).instance._running
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    kept = [running.encode() for _ in range(20)]
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert after - before < sum(map(len, kept)) + 20 * 200
