"""What an act writes on PostgreSQL: one message where that means the same as one after another."""

import pytest
from sqlalchemy import bindparam, delete, event, insert, select, update
from sqlalchemy.dialects.postgresql.psycopg import dialect as psycopg
from sqlalchemy.exc import IntegrityError

from engine.store.database import Database, StaleState
from engine.store.prepared import Prepared
from engine.store.tables import agency, unit
from engine.store.together import together

FOUND = Prepared(insert(agency), ("agency_id", "name"))
THIS = agency.c.agency_id == bindparam("of_agency")
RENAME = Prepared(update(agency).where(THIS), ("name",))
CLOSE = Prepared(delete(agency).where(THIS))
ADD_UNIT = Prepared(insert(unit), ("agency_id", "code", "name"))
READ = Prepared(select(agency.c.name).where(THIS))


def written(*statements, must=()):
    """The text that the statements are put together to, None where they are not."""
    compiled = [statement.on(psycopg()) for statement in statements]
    writes = [(one, ["?"] * one.width, number in must) for number, one in enumerate(compiled)]
    found = together(writes)
    return None if found is None else found[0]


def test_each_write_becomes_a_part_with_its_own_values():
    text = written(RENAME, ADD_UNIT, must=(0,))
    assert "name=$1" in text
    assert "agency_id = $2" in text
    assert "($3" in text
    assert text.endswith("SELECT 1 / (SELECT count(*) FROM w0)")


@pytest.mark.parametrize(
    ("statements", "why"),
    [
        ((FOUND, RENAME), "the row that is renamed may be the one that is added"),
        ((RENAME, RENAME), "both may rename the same row"),
        ((RENAME, CLOSE), "the row that is taken away may be the one that is renamed"),
        ((RENAME, READ), "what is read would be as it was before"),
    ],
)
def test_what_could_meet_what_another_part_writes_is_not_put_together(statements, why):
    assert written(*statements) is None, why


def test_rows_that_are_added_may_be_many_and_of_many_tables():
    assert written(FOUND, FOUND, ADD_UNIT) is not None


# On a server


@pytest.fixture
def postgresql(postgresql_url):
    opened = Database(postgresql_url)
    opened.write(lambda t: t.change(FOUND, {"agency_id": "a", "name": "cũ"}))
    yield opened
    opened.close()


def rename(name, of="a"):
    return {"name": name, "of_agency": of}


def names(database):
    with database.read() as connection:
        return set(connection.execute(select(agency.c.name)).scalars())


def units(database):
    with database.read() as connection:
        return set(connection.execute(select(unit.c.code)).scalars())


def add_unit(code):
    return {"agency_id": "a", "code": code, "name": code}


def test_all_of_it_is_written(postgresql):
    def command(transaction):
        transaction.change(RENAME, rename("mới"), must=True)
        transaction.change(ADD_UNIT, add_unit("x"))
        transaction.change(ADD_UNIT, add_unit("y"))
        assert not transaction.begun

    postgresql.write(command)
    assert (names(postgresql), units(postgresql)) == ({"mới"}, {"x", "y"})


def test_where_one_part_cannot_be_written_none_is(postgresql):
    def command(transaction):
        transaction.change(RENAME, rename("mới"), must=True)
        transaction.change(ADD_UNIT, add_unit("x") | {"name": None})

    with pytest.raises(IntegrityError):
        postgresql.write(command)
    assert (names(postgresql), units(postgresql)) == ({"cũ"}, set())


def test_where_a_row_that_must_change_is_gone_nothing_is_written_and_memory_is_undone(postgresql):
    undone, over = [], []

    def command(transaction):
        transaction.if_undone(lambda: undone.append(1))
        transaction.when_over(lambda: over.append(1))
        transaction.change(ADD_UNIT, add_unit("x"))
        transaction.change(RENAME, rename("mới", of="khong-co"), must=True)

    with pytest.raises(StaleState):
        postgresql.write(command)
    assert (names(postgresql), units(postgresql)) == ({"cũ"}, set())
    assert len(undone) == len(over) > 1  # it was run again, each time to no avail


def test_a_statement_that_needs_a_transaction_begins_one_for_all_that_follows(postgresql):
    """What came before it only read; what comes after it is kept or lost together with it."""

    class Refused(Exception):
        pass

    def command(transaction):
        transaction.row(READ, {"of_agency": "a"})
        assert not transaction.begun
        transaction.execute(update(agency).values(name="mới"))
        assert transaction.begun
        transaction.change(ADD_UNIT, add_unit("x"))
        raise Refused

    with pytest.raises(Refused):
        postgresql.write(command)
    assert (names(postgresql), units(postgresql)) == ({"cũ"}, set())


def test_it_is_told_as_one_commit(postgresql):
    commits = []
    event.listen(postgresql._engine, "commit", lambda _: commits.append(1))
    postgresql.write(lambda t: t.change(RENAME, rename("mới"), must=True))
    assert len(commits) == 1


def test_a_command_finds_its_connection_as_the_one_before_left_it(postgresql):
    """Also after one that failed in the midst of a transaction."""

    def failing(transaction):
        transaction.execute(update(agency).values(name="mới"))
        transaction.change(ADD_UNIT, add_unit("x") | {"name": None})
        transaction.settle()

    for number in range(3):
        with pytest.raises(IntegrityError):
            postgresql.write(failing)
        postgresql.write(lambda t, code=f"{number}": t.change(ADD_UNIT, add_unit(code)))
    assert (names(postgresql), units(postgresql)) == ({"cũ"}, {"0", "1", "2"})
