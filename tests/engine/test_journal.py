"""The journal is sealed: whatever is altered in it, afterwards, is found at exactly that event."""

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select, update

from engine.dossiers.claim import claim, release
from engine.dossiers.receive import Reception, receive
from engine.journal import Break, canonical, events_of, first_hash, seal, verify
from engine.store.tables import dossier, journal, step_run
from tests.engine.drawing import OFFICER, draw, end, start, step
from tests.engine.offices import START


@pytest.fixture
def written(ward):
    """Two dossiers with six events each."""
    outcomes = [ward.received(draw(start(), step("A"), end(), flows=("S A", "A E")))]
    officer = ward.holder(*OFFICER)
    outcomes.append(receive(ward.office, officer, Reception("T-01", "Lê Thị Hoa")))
    for outcome in outcomes:
        run = outcome.opened[0].step_run_id
        for act in (claim, release, claim, release, claim):
            ward.clock.advance(timedelta(microseconds=1))
            act(ward.office, officer, run)
    return ward, outcomes[0].dossier_id


def broken(ward, agency_id=None):
    with ward.office.database.read() as connection:
        return verify(connection, agency_id)


def alter(ward, statement):
    ward.office.database.write(lambda transaction: transaction.execute(statement))


def at(seq, dossier_id):
    return (journal.c.dossier_id == dossier_id, journal.c.seq == seq)


def test_an_untouched_journal_holds(written):
    ward, _ = written
    assert broken(ward) == (12, ())
    assert broken(ward, ward.agency_id) == (12, ())
    assert broken(ward, "000.00.99.H29") == (0, ())


@pytest.mark.parametrize("seq", [1, 3, 6])
@pytest.mark.parametrize(
    "change",
    [
        {"body": "{}"},
        {"kind": "step.released2"},
        {"at": START + timedelta(hours=1)},
        {"actor_id": UUID(int=7)},
        {"actor_id": None},
        {"hash": b"\x00" * 32},
    ],
    ids=lambda change: next(iter(change)),
)
def test_an_altered_event_is_named_and_no_other(written, seq, change):
    ward, dossier_id = written
    alter(ward, update(journal).where(*at(seq, dossier_id)).values(**change))
    assert broken(ward)[1] == (Break(ward.agency_id, dossier_id, seq),)


def test_one_altered_byte_is_enough(written):
    ward, dossier_id = written
    with ward.office.database.read() as connection:
        body = connection.execute(select(journal.c.body).where(*at(1, dossier_id))).scalar_one()
    alter(ward, update(journal).where(*at(1, dossier_id)).values(body=body.replace("T-01", "T-02")))
    assert broken(ward)[1] == (Break(ward.agency_id, dossier_id, 1),)


def test_a_missing_event_is_found_where_it_is_missing(written):
    ward, dossier_id = written
    alter(ward, delete(journal).where(*at(3, dossier_id)))
    assert broken(ward)[1] == (Break(ward.agency_id, dossier_id, 4),)


def test_a_missing_end_is_found(written):
    ward, dossier_id = written
    alter(ward, delete(journal).where(journal.c.dossier_id == dossier_id, journal.c.seq > 4))
    assert broken(ward)[1] == (Break(ward.agency_id, dossier_id, 0),)
    alter(ward, delete(journal).where(journal.c.dossier_id == dossier_id))
    assert broken(ward)[1] == (Break(ward.agency_id, dossier_id, 0),)


@pytest.mark.parametrize("change", [{"head_hash": b"\x01" * 32}, {"events": 5}])
def test_an_altered_head_is_found(written, change):
    ward, dossier_id = written
    alter(ward, update(dossier).where(dossier.c.dossier_id == dossier_id).values(**change))
    assert broken(ward)[1] == (Break(ward.agency_id, dossier_id, 0),)


def test_an_event_put_in_afterwards_is_found(written):
    """Even one that is sealed as it should be: the head of the chain stands with the dossier."""
    ward, dossier_id = written
    (head,) = ward.stored(dossier, dossier_id=dossier_id)
    sealed = canonical(7, START, None, "step.claimed", "{}")
    row = {
        "agency_id": ward.agency_id,
        "dossier_id": dossier_id,
        "seq": 7,
        "at": START,
        "actor_id": None,
        "kind": "step.claimed",
        "body": "{}",
        "hash": seal(head.head_hash, sealed),
    }
    alter(ward, insert(journal).values(**row))
    assert broken(ward)[1] == (Break(ward.agency_id, dossier_id, 0),)


def test_events_exchanged_between_dossiers_are_found(written):
    ward, dossier_id = written
    with ward.office.database.read() as connection:
        rows = connection.execute(select(journal).where(journal.c.seq == 1)).all()
    other = next(row for row in rows if row.dossier_id != dossier_id)
    values = {"body": other.body, "hash": other.hash, "at": other.at}
    alter(ward, update(journal).where(*at(1, dossier_id)).values(**values))
    assert broken(ward)[1][0] == Break(ward.agency_id, dossier_id, 1)


def test_events_are_read_in_order_with_their_moment_to_the_microsecond(written):
    ward, dossier_id = written
    with ward.office.database.read() as connection:
        events = events_of(connection, ward.agency_id, dossier_id)
    assert [event.seq for event in events] == [1, 2, 3, 4, 5, 6]
    assert [(event.at - START) / timedelta(microseconds=1) for event in events] == [
        0,
        1,
        2,
        3,
        4,
        5,
    ]


def test_no_event_is_dated_before_the_one_it_follows(written):
    """A second machine whose clock is behind, or one that was put back."""
    ward, dossier_id = written
    last = ward.clock.now()
    ward.clock.set(START - timedelta(hours=1))
    for forgetful in (False, True):
        if forgetful:
            ward.forget()
        (run,) = ward.stored(step_run, dossier_id=dossier_id)
        release(ward.office, ward.holder(*OFFICER), run.step_run_id)
        claim(ward.office, ward.holder(*OFFICER), run.step_run_id)
    with ward.office.database.read() as connection:
        moments = [event.at for event in events_of(connection, ward.agency_id, dossier_id)]
    assert moments == sorted(moments)
    assert moments[-1] <= last
    assert broken(ward)[1] == ()


@given(
    st.integers(1, 10**6),
    st.integers(0, 10**12).map(lambda n: START + timedelta(microseconds=n)),
    st.none() | st.uuids(version=4),
    st.text(st.characters(codec="utf-8")),
    st.text(st.characters(codec="utf-8")),
)
def test_what_is_sealed_depends_on_every_part(seq, moment, actor, kind, body):
    sealed = canonical(seq, moment, actor, kind, body)
    others = {
        canonical(seq + 1, moment, actor, kind, body),
        canonical(seq, moment + timedelta(microseconds=1), actor, kind, body),
        canonical(seq, moment, UUID(int=3), kind, body),
        canonical(seq, moment, actor, kind + "x", body),
        canonical(seq, moment, actor, kind, body + "x"),
    }
    assert len(others | {sealed}) == 6
    assert seal(first_hash(UUID(int=1)), sealed) != seal(first_hash(UUID(int=2)), sealed)
