"""Many rows at once are what one statement after another would have made of them."""

from datetime import UTC
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import (
    BigInteger,
    Column,
    LargeBinary,
    MetaData,
    Table,
    Text,
    Uuid,
    bindparam,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from engine.store.among import Among
from engine.store.at_once import at_once
from engine.store.columns import Document, Instant
from engine.store.database import Database
from engine.store.prepared import Prepared, execute_many

thing = Table(
    "thing",
    MetaData(),
    Column("id", Uuid, primary_key=True),
    Column("number", BigInteger),
    Column("said", Text),
    Column("kept", LargeBinary),
    Column("at", Instant),
    Column("data", Document),
)
NAMES = tuple(thing.c.keys())
THIS = thing.c.id == bindparam("of_id")
ENTER = Prepared(insert(thing), NAMES)
CHANGE = Prepared(update(thing).where(THIS), NAMES[1:])
REMOVE = Prepared(delete(thing).where(THIS, thing.c.number == bindparam("of_number")))
FIND = Prepared(select(thing).where(Among(thing.c.id, "these")))

text = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)
a_row = st.fixed_dictionaries(
    {
        "number": st.none() | st.integers(-(2**63), 2**63 - 1),
        "said": st.none() | text,
        "kept": st.none() | st.binary(max_size=20),
        "at": st.none() | st.datetimes(timezones=st.just(UTC)),
        "data": st.none() | st.dictionaries(text, text | st.none(), max_size=2),
    }
)


@pytest.fixture
def database(empty_database_url):
    opened = Database(empty_database_url)
    opened.write(lambda transaction: thing.create(transaction.connection))
    yield opened
    opened.close()


def done(database, statement, *given):
    """How many rows a statement changed with all these values."""

    def run(transaction):
        compiled = statement.on(transaction.connection.dialect)
        values = [compiled.values(each) for each in given]
        return execute_many(transaction.connection, compiled, values)

    return database.write(run)


def things(database, *ids):
    with database.read() as connection:
        found = FIND.rows(connection, {"these": list(ids)})
    return {row.id: {name: getattr(row, name) for name in NAMES[1:]} for row in found}


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows=st.lists(st.tuples(a_row, a_row), min_size=2, max_size=6))
def test_what_is_entered_changed_and_removed_at_once_is_what_was_said(database, rows):
    ids = [UUID(int=number) for number in range(len(rows))]
    entered, changed = [dict(zip(ids, each, strict=True)) for each in zip(*rows, strict=True)]
    assert done(database, ENTER, *({"id": of, **row} for of, row in entered.items())) == len(ids)
    assert things(database, *ids) == entered
    assert done(database, CHANGE, *({"of_id": of, **row} for of, row in changed.items())) == len(
        ids
    )
    assert things(database, *ids) == changed
    done(database, CHANGE, *({"of_id": of, **entered[of], "number": 7} for of in ids))
    assert done(database, REMOVE, *({"of_id": of, "of_number": 7} for of in ids)) == len(ids)
    assert things(database, *ids) == {}


def test_only_the_rows_that_are_found_are_changed_and_counted(database):
    one, other, missing = (UUID(int=number) for number in (1, 2, 3))
    nothing = dict.fromkeys(NAMES)
    done(database, ENTER, *({**nothing, "id": each, "number": 5} for each in (one, other)))
    found = ({"of_id": one, "of_number": 5}, {"of_id": other, "of_number": 6})
    assert done(database, REMOVE, *found, {"of_id": missing, "of_number": 5}) == 1
    assert things(database, one, other, missing).keys() == {other}


def test_two_changes_of_one_row_happen_one_after_the_other(database):
    one, nothing = UUID(int=1), dict.fromkeys(NAMES)
    done(database, ENTER, {**nothing, "id": one})
    changes = ({**nothing, "of_id": one, "said": said} for said in ("first", "then"))
    assert done(database, CHANGE, *changes) == 2
    assert things(database, one)[one]["said"] == "then"


def test_a_row_that_is_there_already_is_refused_and_nothing_is_entered(database):
    nothing = dict.fromkeys(NAMES)
    rows = [{**nothing, "id": UUID(int=n), "number": n} for n in (1, 1)]
    with pytest.raises(IntegrityError):
        done(database, ENTER, *rows)
    assert things(database, UUID(int=1)) == {}


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT 1",
        "INSERT INTO thing (id) VALUES ($1::UUID) ON CONFLICT DO NOTHING",
        "UPDATE thing SET said=$1::VARCHAR",
        "INSERT INTO thing (id) VALUES ($1::UUID) RETURNING id",
    ],
)
def test_what_is_not_understood_is_left_as_it_is(statement):
    assert at_once(statement, [["a"], ["b"]]) is None
