"""What holds of every office, however it was worked in: here one that was played for weeks."""

import re
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import delete, select, text, update

from engine.calendar_change.moved_promise import TOLD
from engine.dossiers.complete_step import complete_step
from engine.dossiers.deliver_message import deliver_message
from engine.dossiers.follow_calendar import CHANGED
from engine.journal import verify
from engine.lookup.issuing import LOOKUP_ISSUED
from engine.proofs.daily_root import daily_root, merkle_root
from engine.proofs.rebuild import Difference, rebuild
from engine.proofs.replay import KINDS
from engine.store.tables import (
    dossier,
    dossier_component,
    execution,
    journal,
    pause,
    step_run,
)
from tests.engine.drawing import OFFICER, Drawn, draw, end, field, start, step
from tests.engine.offices import ROOT, VN
from tests.faults.played import play

DOSSIERS = 20


@pytest.fixture(scope="module")
def played(sqlite_files, tmp_path_factory):
    ward = play(sqlite_files.fresh(tmp_path_factory.mktemp("played")), DOSSIERS)
    yield ward
    ward.office.database.close()


@pytest.fixture
def altered(played):
    """Alters the played office, and puts it right again afterwards."""
    kept = {}
    database = played.office.database

    def alter(statement, table):
        if table.name not in kept:
            with database.read() as connection:
                kept[table.name] = (
                    table,
                    [dict(r._mapping) for r in connection.execute(select(table))],
                )
        database.write(lambda transaction: transaction.execute(statement))

    yield alter

    def restore(transaction):
        transaction.execute(text("PRAGMA defer_foreign_keys = ON"))
        for table, rows in kept.values():
            transaction.execute(delete(table))
            transaction.execute(table.insert(), rows)

    database.write(restore)


def rebuilt(ward, dossier_id=None):
    with ward.office.database.read() as connection:
        return list(rebuild(connection, ward.agency_id, dossier_id))


def differing(ward, dossier_id):
    """What is different in a dossier, and nothing in its neighbour."""
    with ward.office.database.read() as connection:
        other = connection.execute(
            select(dossier.c.dossier_id).where(dossier.c.dossier_id != dossier_id).limit(1)
        ).scalar_one()
    assert rebuilt(ward, other)[0].differences == ()
    (made,) = rebuilt(ward, dossier_id)
    return made.differences


def test_every_dossier_comes_to_be_again_from_its_journal(played):
    made = rebuilt(played)
    with played.office.database.read() as connection:
        events, breaks = verify(connection)
    assert (len(made), sum(each.events for each in made), breaks) == (DOSSIERS, events, ())
    assert [each for each in made if each.differences] == []


def some(ward, table, *conditions):
    with ward.office.database.read() as connection:
        query = select(table).where(*conditions).order_by(*table.primary_key)
        return connection.execute(query.limit(1)).one()


ALTERATIONS = [
    (dossier, {"state": "paused"}, "dossier state"),
    (dossier, {"national_status": "7"}, "dossier national_status"),
    (dossier, {"late_ws": 60}, "dossier late_ws"),
    (dossier, {"original_due_at": None}, "dossier original_due_at"),
    (step_run, {"handling_ws": 1}, "handling_ws"),
    (step_run, {"completed_by": UUID(int=9)}, "completed_by"),
    (step_run, {"clock": None}, "clock"),
    (dossier_component, {"number": 9}, "number"),
]


@pytest.mark.parametrize(("table", "values", "what"), ALTERATIONS, ids=[a[2] for a in ALTERATIONS])
def test_what_was_altered_beside_the_journal_is_found(played, altered, table, values, what):
    row = some(played, table, table.c.dossier_id == some(played, dossier).dossier_id)
    this = (column == getattr(row, column.name) for column in table.primary_key)
    altered(update(table).where(*this).values(**values), table)
    differences = differing(played, row.dossier_id)
    assert [each.what.endswith(what) for each in differences] == [True]


def test_a_state_that_is_not_where_the_journal_leads_is_found(played, altered):
    """The state of one dossier put in the place of another of the same procedure."""
    with played.office.database.read() as connection:
        every = connection.execute(select(dossier).order_by(dossier.c.code)).all()
    running, over = next(
        (one, other)
        for one in every
        for other in every
        if one.state in ("open", "finished")
        and other.state in ("returned", "closed")
        and one.version_id == other.version_id
    )
    state = some(played, execution, execution.c.dossier_id == over.dossier_id).state
    here = execution.c.dossier_id == running.dossier_id
    altered(update(execution).where(here).values(state=state), execution)
    assert [each.what for each in differing(played, running.dossier_id)] == ["execution"]


def test_an_entry_that_would_have_led_elsewhere_is_found(played, altered):
    """Entries stand once, outside of the journal; where they decide, the way tells of them."""
    run = some(played, step_run, step_run.c.state == "completed", step_run.c.data.is_not(None))
    altered(
        update(step_run).where(step_run.c.step_run_id == run.step_run_id).values(data={"lạ": 1}),
        step_run,
    )
    (difference,) = differing(played, run.dossier_id)
    assert isinstance(difference, Difference)
    assert difference.stored == "step.completed"


@pytest.mark.parametrize("table", [dossier_component, pause], ids=lambda t: t.name)
def test_a_row_that_was_taken_out_is_found(played, altered, table):
    row = some(played, table)
    this = (column == getattr(row, column.name) for column in table.primary_key)
    altered(delete(table).where(*this), table)
    differences = differing(played, row.dossier_id)
    assert [(each.rebuilt == "✓", each.stored == "–") for each in differences] == [(True, True)]


def test_a_step_that_was_taken_out_is_found_where_it_was_completed(played, altered):
    row = some(played, step_run, step_run.c.state == "completed")
    altered(delete(step_run).where(step_run.c.step_run_id == row.step_run_id), step_run)
    assert [each.stored for each in differing(played, row.dossier_id)] == ["step.completed"]


def test_every_event_that_the_engine_writes_can_be_done_again():
    """A new kind of event needs its act in `engine.proofs.replay`."""
    written = set()
    for path in Path(ROOT / "engine").rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        if "put_down(" in source or "close_and_move(" in source:
            written |= set(
                re.findall(
                    r'"((?:dossier|step|timer|supplement|case|components?|document|form|result|message|signal'
                    r'|event)\.[a-z_]+)"',
                    source,
                )
            )
    errors = set(
        re.findall(
            r'code = "([a-z_.]+)"',
            "".join(path.read_text(encoding="utf-8") for path in (ROOT / "engine").rglob("*.py")),
        )
    )
    ended_early = {"dossier.refused", "dossier.withdrawn", "dossier.discontinued"}
    assert (written - errors) | ended_early | {CHANGED, TOLD, LOOKUP_ISSUED} == KINDS


# The daily root


def root(ward, day):
    with ward.office.database.read() as connection:
        return daily_root(connection, ward.agency_id, day, VN)


def days(ward):
    with ward.office.database.read() as connection:
        moments = connection.execute(select(journal.c.at)).scalars()
        return sorted({at.astimezone(VN).date() for at in moments})


def test_the_daily_roots_cover_every_event_once(played):
    roots = [root(played, day) for day in days(played)]
    with played.office.database.read() as connection:
        events, _ = verify(connection)
    assert sum(each.events for each in roots) == events
    assert all(each.dossiers for each in roots)
    assert len({each.root for each in roots}) == len(roots)


def test_a_day_s_root_does_not_change_when_work_goes_on(played, altered):
    """Later events are not in it; an altered one is, even sealed anew to the end of its chain."""
    first, *_, last = days(played)
    before = root(played, first)
    assert before == root(played, first)
    altered(delete(journal).where(journal.c.at >= played.clock.now() - timedelta(days=5)), journal)
    assert root(played, first) == before
    row = some(played, journal, journal.c.seq == 1)
    day = row.at.astimezone(VN).date()
    published = root(played, day)
    this = journal.c.dossier_id == row.dossier_id, journal.c.seq == row.seq
    altered(update(journal).where(*this).values(hash=bytes(32)), journal)
    if published.events == 1 or root(played, day) == published:
        assert published.dossiers  # its chain went on that day: the next event's hash stands for it
    altered(
        update(journal).where(journal.c.dossier_id == row.dossier_id).values(hash=bytes(32)),
        journal,
    )
    assert root(played, day) != published
    assert last > first


def test_a_day_without_events_has_the_root_of_nothing(played):
    nothing = root(played, date(2020, 1, 1))
    assert (nothing.dossiers, nothing.events) == (0, 0)
    assert nothing.line() == (
        f"quytrinh-root-1 {played.agency_id} 2020-01-01 dossiers=0 events=0 "
        "sha256=e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    )


@pytest.mark.parametrize(
    ("leaves", "expected"),
    [
        ([], "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ([""], "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
        (["", "00"], "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"),
        (["", "00", "10"], "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"),
        (
            ["", "00", "10", "2021", "3031", "40414243", "5051525354555657",
             "606162636465666768696a6b6c6d6e6f"],
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ),
    ],
    ids=["0", "1", "2", "3", "8"],
)  # fmt: skip
def test_the_tree_is_that_of_rfc_6962(leaves, expected):
    """The known answers of the Certificate Transparency project."""
    assert merkle_root([bytes.fromhex(leaf) for leaf in leaves]).hex() == expected


MESSAGE = Drawn(
    '<b:intermediateCatchEvent id="M" name="M"><b:messageEventDefinition messageRef="Msg"/>'
    "</b:intermediateCatchEvent>"
)


def test_a_dossier_that_a_message_moved_comes_to_be_again(sqlite_ward):
    ward = sqlite_ward
    outcome = ward.received(
        draw(
            start(),
            step("A", field("so", "number", default="0")),
            MESSAGE,
            step("B"),
            end(),
            flows=("S A", "A M", "M B", "B E"),
            beside='<b:message id="Msg" name="Kết quả"/>',
        )
    )
    officer = ward.holder(*OFFICER)
    complete_step(ward.office, officer, outcome.opened[0].step_run_id)
    ward.clock.advance(timedelta(minutes=5))
    deliver_message(ward.office, officer, outcome.dossier_id, "Kết quả", {"so": 7})
    (made,) = rebuilt(ward)
    assert (made.events, made.differences) == (3, ())
