"""A failure at any statement, at the commit or inside the library leaves everything as it was."""

from contextlib import contextmanager, suppress
from datetime import timedelta

import pytest
from SpiffWorkflow.task import Task
from sqlalchemy import event, select

from engine.dossiers.complete_step import complete_step
from engine.dossiers.setbacks import try_again
from engine.dossiers.timeouts import let_time_pass
from engine.store.tables import journal
from tests.faults.acts import ACTS
from tests.faults.condition import dump, require_sound
from tests.faults.permit import open_run, receive_permit

KEY = "một khóa"
SOME = (
    "receive",
    "complete, splitting",
    "complete, joining",
    "complete the last",
    "send back",
    "receive supplement",
    "change case",
    "withdraw",
)
MOST = 80  # statements that no act needs


class Struck(Exception):
    """The failure that is brought about."""


class Strike:
    """Fails the n-th time that it is called from now on; 0: only counts."""

    def __init__(self, n=0):
        self.n, self.seen = n, 0

    def __call__(self, *_):
        self.seen += 1
        if self.seen == self.n:
            raise Struck


@contextmanager
def striking(office, moment, strike):
    """moment: what of the database's work fails."""
    engine = office.database._engine
    event.listen(engine, moment, strike)
    try:
        yield strike
    finally:
        event.remove(engine, moment, strike)


def events(ward):
    with ward.office.database.read() as connection:
        return len(connection.execute(select(journal.c.seq)).all())


def fails_at_each(ward, act, moment):
    """Strike at the first, the second, ... until the act gets through; how often it failed."""
    before = dump(ward.office)
    for n in range(1, MOST):
        try:
            with striking(ward.office, moment, Strike(n)) as strike:
                act(KEY)
        except Struck:
            assert dump(ward.office) == before, f"after a failure at {n}"
            require_sound(ward.office)
        else:
            assert strike.seen == n - 1
            return n - 1
    pytest.fail("the act always failed")


@pytest.mark.parametrize(
    ("kind", "name"),
    [*(("sqlite", name) for name in ACTS), *(("postgresql", name) for name in SOME)],
)
def test_an_act_that_fails_at_any_statement_did_nothing_and_succeeds_once_afterwards(
    request, kind, name
):
    ward = request.getfixturevalue(f"{kind}_permits")
    act = ACTS[name](ward)
    before = events(ward)
    assert fails_at_each(ward, act, "before_cursor_execute") >= 5
    assert events(ward) == before + 1
    require_sound(ward.office)
    ward.forget()
    answered = act(KEY)
    assert act(KEY) == answered
    assert events(ward) == before + 1


def test_an_act_whose_commit_fails_did_nothing_and_succeeds_once_afterwards(permit_ward):
    ward = permit_ward
    for name in SOME:
        act = ACTS[name](ward)
        before = events(ward)
        assert fails_at_each(ward, lambda _, a=act, n=name: a(n), "commit") == 1
        assert events(ward) == before + 1
    require_sound(ward.office)


@pytest.mark.parametrize("name", SOME[:5])
def test_a_failure_inside_the_library_leaves_memory_and_disk_as_they_were(
    sqlite_permits, monkeypatch, name
):
    """At each change of state of an activity instance, in the midst of its work."""
    ward = sqlite_permits
    act = ACTS[name](ward)
    before = dump(ward.office)
    change = Task._set_state
    for n in range(1, MOST):
        strike = Strike(n)

        def struck(task, state, strike=strike):
            strike()
            return change(task, state)

        monkeypatch.setattr(Task, "_set_state", struck)
        try:
            answered = act(KEY)
        except Struck:
            monkeypatch.setattr(Task, "_set_state", change)
            assert dump(ward.office) == before, f"after a failure at {n}"
            require_sound(ward.office)
        else:
            break
    monkeypatch.setattr(Task, "_set_state", change)
    assert n > 2
    assert act(KEY) == answered
    require_sound(ward.office)


@pytest.mark.parametrize("hours", [3, 9], ids=["silence", "timer"])
def test_what_falls_due_and_fails_stays_due_and_happens_once(permit_ward, hours):
    ward = permit_ward
    outcome = receive_permit(ward)
    run = open_run(ward, outcome, "A")
    complete_step(ward.office, ward.holder(run.position, run.unit), run.step_run_id)
    ward.clock.advance(timedelta(hours=hours))
    before = events(ward)
    for n in range(1, MOST):
        strike = Strike(n)
        with suppress(Struck), striking(ward.office, "before_cursor_execute", strike):
            let_time_pass(ward.office)  # raises where it only looked what is due
        require_sound(ward.office)
        try_again(ward.office)  # at once: what failed would wait a minute
        if strike.seen < n:
            break
    assert events(ward) == before + {3: 1, 9: 2}[hours]
    assert let_time_pass(ward.office) == 0
