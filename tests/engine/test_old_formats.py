"""Offices that older versions wrote stay readable: journals hold, dossiers go on where they stood.

Each fixture is an office with every kind of event of its time. `fixtures/format_1.sql.zst` is of
schema 0003: entries carry no seal, states of dossiers are of the first format, there is one calendar.
`format_2.sql.zst` is of schema 0013: entries are sealed, states are of the second format, the
calendar changed once. Fixtures are never made anew: a new format gets a new file beside them.
"""

import hashlib
import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select, update
from zstandard import ZstdDecompressor

from engine.accounts import actors
from engine.clock import SetClock
from engine.dossiers.complete_step import LateReason, complete_step
from engine.dossiers.refusals import SameHands
from engine.ids import seeded_ids
from engine.journal import verify
from engine.office import Office
from engine.proofs.rebuild import rebuild
from engine.proofs.replay import KINDS
from engine.proofs.sealed_entries import SEAL, verify_entries
from engine.store.database import Database
from engine.store.migrations import upgrade
from engine.store.tables import dossier, journal, step_run

FIXTURES = Path(__file__).parent / "fixtures"
WRITTEN_UNTIL = datetime(2026, 3, 7, tzinfo=UTC)
WRITTEN = {"format_1": (95, 20), "format_2": (145, 23)}  # events, dossiers
# Kinds of events that came after the last of these formats, and before it but after the first.
NEWER: set[str] = {
    "component.lent",
    "component.reused",
    "document.accepted",
    "document.added",
    "document.offered",
    "document.prepared",
    "document.released",
    "document.removed",
    "document.replaced",
    "document.signed",
    "form.issued",
    "lookup.issued",
    "promise.told",
}
OF_FORMAT_2 = {"calendar.changed", "message.delivered", "supplement.allowed"}


@pytest.fixture(params=WRITTEN)
def written(request):
    """The name of the format."""
    return request.param


@pytest.fixture
def old_office(written, tmp_path):
    """The office, brought to the newest schema."""
    path = tmp_path / "old.db"
    with closing(sqlite3.connect(path)) as connection:
        packed = (FIXTURES / f"{written}.sql.zst").read_bytes()
        connection.executescript(ZstdDecompressor().decompress(packed).decode())
    url = f"sqlite:///{path}"
    upgrade(url)
    office = Office(Database(url), SetClock(WRITTEN_UNTIL), seeded_ids(3))
    yield office
    office.database.close()


def rows(office, table, *order):
    with office.database.read() as connection:
        return connection.execute(select(table).order_by(*order)).all()


def test_its_journals_hold(old_office, written):
    with old_office.database.read() as connection:
        events, breaks = verify(connection)
        assert verify_entries(connection) == ()
    assert (events, breaks) == (WRITTEN[written][0], ())


def test_every_kind_of_event_is_in_it(old_office, written):
    later = NEWER if written == "format_2" else NEWER | OF_FORMAT_2
    assert {row.kind for row in rows(old_office, journal)} == KINDS - later


def test_what_was_entered_is_sealed_since_the_second_format(old_office, written):
    events = [json.loads(row.body) for row in rows(old_office, journal) if row.body]
    sealed = sum(SEAL in body for body in events)
    assert (sealed > 0) == (written == "format_2")
    change = update(step_run).where(step_run.c.data.is_not(None)).values(data={"ghi_chu": "khác"})
    old_office.database.write(lambda transaction: transaction.execute(change))
    with old_office.database.read() as connection:
        altered = verify_entries(connection)
    assert (len(altered) > 0) == (written == "format_2")


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


def test_its_dossiers_come_to_be_again_from_their_journals(old_office, written):
    with old_office.database.read() as connection:
        made = list(rebuild(connection))
    events, dossiers = WRITTEN[written]
    assert [each.differences for each in made] == [()] * dossiers
    assert sum(each.events for each in made) == events


def test_its_dossiers_go_on_where_they_stood(old_office, written):
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
    assert (events, breaks) == (WRITTEN[written][0] + done, ())


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
