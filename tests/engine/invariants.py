"""What holds in an office after every act, whatever was done: asked of the database itself."""

from sqlalchemy import select

from engine.dossiers.in_hand import CLOSED, FINISHED, OPEN, PAUSED, RETURNED, entered_data
from engine.journal import verify
from engine.ledger_clock import LedgerClock
from engine.runtime.instance import Instance
from engine.store.tables import dossier, execution, journal, pause, step_run, timer
from engine.worklist import open_steps

ENDED_EARLY = {"3", "7", "8"}


def assert_whole(ward, dossier_id=None):
    """Everything below, of every dossier or of one."""
    with ward.office.database.read() as connection:
        query = select(dossier)
        if dossier_id is not None:
            query = query.where(dossier.c.dossier_id == dossier_id)
        for row in connection.execute(query).all():
            runs = of(connection, select(step_run), step_run, row)
            assert_dossier_is_whole(ward, connection, row, runs)
        if dossier_id is None:
            assert_books_agree(connection, ward.agency_id)


def assert_books_agree(connection, agency_id):
    """The journal holds, and the worklist is what the runs say."""
    count, breaks = verify(connection)
    assert breaks == ()
    assert count == sum(connection.execute(select(dossier.c.events)).scalars())
    listed = sorted(step.step_run_id for _, step in open_steps(connection, agency_id))
    opened = select(step_run.c.step_run_id).where(step_run.c.state == OPEN)
    assert listed == sorted(connection.execute(opened).scalars())


def assert_dossier_is_whole(ward, connection, row, runs):
    version = ward.office.version(connection, row.agency_id, row.version_id)
    state = of(connection, select(execution.c.state), execution, row)[0].state
    instance = Instance.restore(version.specification, state)
    opened = [run for run in runs if run.state == OPEN]
    assert {run.token: run.element_id for run in opened} == {
        token: step.element_id for token, step in instance.open_steps().items()
    }
    assert len(opened) == len({run.token for run in opened})
    waiting = of(connection, select(timer.c.token), timer, row)
    assert sorted(t.token for t in waiting) == sorted(instance.waiting_timers())
    assert_columns_agree(ward, connection, row, opened, instance)
    for run in runs:
        if run.state != OPEN:
            assert_time_adds_up(ward, run)
    attempts = [(run.element_id, run.attempt) for run in runs]
    assert len(attempts) == len(set(attempts))
    events = of(connection, select(journal.c.at), journal, row)
    assert len(events) == row.events == row.version
    assert_memory_says_what_the_disk_says(ward, connection, row, version, runs, state)


def assert_columns_agree(ward, connection, row, opened, instance):
    """State, clock, due time, pauses and the moments of finishing tell one story."""
    pauses = of(connection, select(pause), pause, row)
    lasting = [p for p in pauses if p.until is None]
    assert len(lasting) == (row.state == PAUSED)
    for run in opened:
        assert (run.paused_since is not None) == (row.state == PAUSED)
        assert run.clock is None or (run.due_at is None) == (row.state == PAUSED)
    clock = LedgerClock.from_data(row.clock) if row.clock else None
    if clock is not None:
        assert row.due_at == clock.due_at(ward.calendar)
        assert clock.stopped == (row.finished_at is not None)
    finished = row.state in (FINISHED, RETURNED, CLOSED)
    assert finished == (row.finished_at is not None)
    assert (row.state == RETURNED) == (row.returned_at is not None)
    assert (row.result is not None) == (finished and clock is not None)
    if row.state in (RETURNED, CLOSED):
        assert opened == []
        assert instance.completed
        assert row.outcome is not None
    assert (row.state == RETURNED) == (row.national_status == "10")
    assert (row.state == CLOSED) == (row.national_status in ENDED_EARLY)
    assert (row.state == FINISHED) == (row.national_status == "9")


def assert_time_adds_up(ward, run):
    """Waiting, handling and pauses are all the working time between opened and ended."""
    spent = run.waiting_ws + run.handling_ws + run.paused_ws
    assert min(run.waiting_ws, run.handling_ws, run.paused_ws) >= 0
    assert spent == run.c_ended - run.c_enabled
    assert spent == ward.calendar.elapsed(run.enabled_at, run.ended_at)
    assert run.paused_since is None
    assert run.enabled_at <= (run.started_at or run.enabled_at) <= run.ended_at


def assert_memory_says_what_the_disk_says(ward, connection, row, version, runs, state):
    live = ward.office.live.get((row.agency_id, row.dossier_id))
    if live is None:
        return
    assert live.version == row.version
    assert live.instance.encode() == state
    assert live.data == entered_data(version, row.data, runs)
    counted: dict[str, int] = {}
    for run in runs:
        counted[run.element_id] = max(run.attempt, counted.get(run.element_id, 0))
    assert live.attempts == counted
    assert live.at == max(event.at for event in of(connection, select(journal.c.at), journal, row))


def of(connection, query, table, row):
    """The rows of a table that belong to the dossier."""
    return connection.execute(
        query.where(table.c.agency_id == row.agency_id, table.c.dossier_id == row.dossier_id)
    ).all()
