"""Offices that older versions wrote stay readable: journals hold, dossiers go on where they stood.

`fixtures/format_1.sql.zst` is an office of the first format (schema 0003), with every kind of event.
Fixtures are never made anew: a new format gets a new file beside them.
"""

import hashlib
import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select
from zstandard import ZstdDecompressor

from engine.accounts import actors
from engine.clock import SetClock
from engine.dossiers.complete_step import LateReason, complete_step
from engine.dossiers.refusals import SameHands
from engine.ids import seeded_ids
from engine.journal import verify
from engine.office import Office
from engine.rebuild import rebuild
from engine.replay import KINDS
from engine.store.database import Database
from engine.store.migrations import upgrade
from engine.store.tables import dossier, journal, step_run

FIXTURES = Path(__file__).parent / "fixtures"
WRITTEN_UNTIL = datetime(2026, 3, 7, tzinfo=UTC)
EVENTS = 95
# Kinds of events that came after the first format.
NEWER = {"calendar.changed", "message.delivered", "supplement.allowed"}


@pytest.fixture(params=["format_1"])
def old_office(request, tmp_path):
    """The office, brought to the newest schema."""
    path = tmp_path / "old.db"
    with closing(sqlite3.connect(path)) as connection:
        packed = (FIXTURES / f"{request.param}.sql.zst").read_bytes()
        connection.executescript(ZstdDecompressor().decompress(packed).decode())
    url = f"sqlite:///{path}"
    upgrade(url)
    office = Office(Database(url), SetClock(WRITTEN_UNTIL), seeded_ids(3))
    yield office
    office.database.close()


def rows(office, table, *order):
    with office.database.read() as connection:
        return connection.execute(select(table).order_by(*order)).all()


def test_its_journals_hold(old_office):
    with old_office.database.read() as connection:
        events, breaks = verify(connection)
    assert (events, breaks) == (EVENTS, ())


def test_every_kind_of_event_is_in_it(old_office):
    assert {row.kind for row in rows(old_office, journal)} == KINDS - NEWER


def test_the_seal_is_what_the_reference_says_it_is(old_office):
    """Worked out by nothing but a SHA-256 and JSON with sorted keys."""
    head, last = b"", None
    for row in rows(old_office, journal, journal.c.dossier_id, journal.c.seq):
        if row.dossier_id != last:
            last, head = row.dossier_id, hashlib.sha256(UUID(str(row.dossier_id)).bytes).digest()
        event = {
            "actor": str(row.actor_id),
            "at": round((row.at - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 10**6),
            "body": row.body,
            "kind": row.kind,
            "seq": row.seq,
        }
        text = json.dumps(event, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        head = hashlib.sha256(head + text.encode()).digest()
        assert head == row.hash


def test_its_dossiers_come_to_be_again_from_their_journals(old_office):
    with old_office.database.read() as connection:
        made = list(rebuild(connection))
    assert [each.differences for each in made] == [()] * 20
    assert sum(each.events for each in made) == EVENTS


def test_its_dossiers_go_on_where_they_stood(old_office):
    (agency_id,) = {row.agency_id for row in rows(old_office, dossier)}
    with old_office.database.read() as connection:
        people = list(actors(connection, agency_id, WRITTEN_UNTIL).values())
    running = {row.dossier_id for row in rows(old_office, dossier) if row.state == "open"}
    done = 0
    for run in rows(old_office, step_run, step_run.c.step_run_id):
        if run.state == "open" and run.dossier_id in running and run.element_id != "G":
            done += completed(old_office, people, run)
    assert done > 10
    with old_office.database.read() as connection:
        events, breaks = verify(connection)
    assert (events, breaks) == (EVENTS + done, ())


def completed(office, people, run):
    late = LateReason("overload", "Quá nhiều hồ sơ")
    able = [each for each in people if each.holds(run.position, run.unit)]
    for actor in [each for each in able if run.holder_id in (None, each.account_id)]:
        try:
            complete_step(office, actor, run.step_run_id, late=late)
        except SameHands:
            continue
        return True
    return False
