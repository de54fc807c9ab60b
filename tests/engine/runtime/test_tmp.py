"""A dossier saved and taken up again between any two steps goes on as if it never had been away."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.runtime.instance import Instance
from tests.engine.runtime.blocks import blocks, drawn


def standing(instance):
    """Open steps and waiting timers, by the designer's ids."""
    return (
        sorted(step.element_id for step in instance.open_steps().values()),
        sorted(timer.element_id for timer in instance.waiting_timers().values()),
    )


def expected(model):
    return sorted(model.open()), sorted(model.waiting())


@settings(max_examples=2500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
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
