"""Time that passes while the disk is full, a dossier is damaged or a timer is put off."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event, insert, select, update

from engine.dossiers.receive import Reception, receive
from engine.dossiers.timeouts import let_time_pass
from engine.store.database import Database
from engine.store.disk_full import DatabaseFull
from engine.store.tables import journal, setback
from engine.store.tables import timer as timer_table
from tests.engine.drawing import CHIEF, draw, end, field, start, step, timer


def consulted():
    """A consultation in which silence is consent."""
    says = field("y_kien", "choice", "dong_y", "khong", default="dong_y")
    asks = step("Ask", says, lane=CHIEF, onTimeout="deemed_consent", limit="3 working_day")
    return draw(start(), asks, step("B"), end(), flows=("S Ask", "Ask B", "B E"))


def timed():
    return draw(
        *(start(), step("A", limit="3 working_day"), step("B")),
        timer("W", on="A", after="PT1H"),
        *(end(), end("E2")),
        flows=("S A", "A E", "W B", "B E2"),
    )


def overdue():
    return draw(start(), step("A"), end(), flows=("S A", "A E"))


@contextmanager
def full(ward, word):
    """The disk has no room for the first statement with the word, and then there is some again."""
    met = []

    def strike(_connection, _cursor, text, *_):
        if word in text and not met:
            met.append(text)
            raise DatabaseFull

    engine = ward.office.database._engine
    event.listen(engine, "before_cursor_execute", strike)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", strike)
    assert met


def test_a_disk_that_is_full_for_a_moment_does_not_turn_silence_into_an_escalation(ward):
    outcome = ward.received(consulted(), 2026, 3, 2, 8, 0)
    ward.at(2026, 3, 5, 8, 0)
    with full(ward, "INSERT INTO journal"), pytest.raises(DatabaseFull):
        let_time_pass(ward.office)
    assert ward.events(outcome) == ["dossier.received"]
    assert ward.stored(setback) == []
    assert let_time_pass(ward.office) == 1
    assert ward.events(outcome) == ["dossier.received", "step.deemed_consent"]


@pytest.mark.parametrize("diagram", [timed, overdue])
def test_a_full_disk_is_nothing_against_a_dossier(ward, diagram):
    """Nobody's work waits longer each time, or stands aside, for what is not its own fault."""
    outcome = ward.received(diagram(), 2026, 3, 2, 8, 0)
    ward.at(2026, 3, 2, 10, 0)
    with full(ward, "INSERT INTO journal"), pytest.raises(DatabaseFull):
        let_time_pass(ward.office)
    assert ward.stored(setback) == []
    assert let_time_pass(ward.office) == 1
    assert len(ward.events(outcome)) == 2


def test_a_dossier_that_the_database_refuses_holds_up_no_other_silence(ward):
    broken = ward.received(consulted(), 2026, 3, 2, 8, 0)
    ward.at(2026, 3, 2, 8, 5)
    sound = receive(ward.office, ward.holder(*CHIEF), Reception("T-01", "Lê Thị Hoa"))

    def spoil(transaction):
        of_broken = select(journal).where(journal.c.dossier_id == broken.dossier_id)
        row = transaction.execute(of_broken).one()._asdict()
        transaction.execute(insert(journal), {**row, "seq": row["seq"] + 1})

    ward.office.database.write(spoil)
    ward.at(2026, 3, 5, 9, 0)
    assert let_time_pass(ward.office) == 1
    assert ward.events(sound)[-1] == "step.deemed_consent"
    assert [row.dossier_id for row in ward.stored(setback)] == [broken.dossier_id]


def test_a_timer_that_was_put_off_after_it_was_taken_does_not_fire_early(sqlite_ward, monkeypatch):
    """On SQLite a batch is marked first and read again when it is worked out."""
    ward = sqlite_ward
    outcome = ward.received(timed(), 2026, 3, 2, 8, 0)
    ward.at(2026, 3, 2, 9, 0)
    read = Database.read

    def put_off(database):
        monkeypatch.undo()
        later = ward.office.clock.now() + timedelta(hours=1)
        database.write(lambda t: t.execute(update(timer_table).values(due_at=later)))
        return read(database)

    monkeypatch.setattr(Database, "read", put_off)
    assert let_time_pass(ward.office) == 0
    assert ward.events(outcome) == ["dossier.received"]
    ward.at(2026, 3, 2, 10, 0)
    assert let_time_pass(ward.office) >= 1
    assert "timer.fired" in ward.events(outcome)
