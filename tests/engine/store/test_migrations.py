"""The schema grows by migrations alone, to the same shape on both databases."""

import re

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.pool import NullPool

from engine.store import migrations
from engine.store.migrations import upgrade
from engine.store.partitions import MONTHLY
from engine.store.tables import metadata

PARTS = re.compile(rf"({'|'.join(MONTHLY)})_(other|[0-9]{{4}}_[0-9]{{2}})")


def no_part(name, kind, parents):
    """Parts of a table are no tables that the engine knows; what only the lake reads is not, too."""
    if (parents.get("table_name"), name) in (("journal", "xact"), ("journal", "ix_journal_xact")):
        return False
    return kind != "table" or not PARTS.fullmatch(name)


def engine_of(url):
    return create_engine(url, poolclass=NullPool)


def revisions():
    script = ScriptDirectory(str(next(iter(migrations.__path__))))
    return [revision.revision for revision in script.walk_revisions()][::-1]


def test_an_upgraded_database_has_the_schema_that_the_engine_writes_to(empty_database_url):
    upgrade(empty_database_url)
    engine = engine_of(empty_database_url)
    with engine.connect() as connection:
        defaults = connection.dialect.name == "postgresql"  # SQLite spells them differently
        options = {"compare_server_default": defaults, "compare_type": True}
        options["include_name"] = no_part
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []
        assert context.get_current_revision() == revisions()[-1]
    engine.dispose()


def test_upgrading_again_changes_nothing(empty_database_url):
    upgrade(empty_database_url)
    engine = engine_of(empty_database_url)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO agency (agency_id, name) VALUES ('a', 'A')"))
    upgrade(empty_database_url)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT name FROM agency")).scalar_one() == "A"
    engine.dispose()


def test_the_revisions_follow_each_other_in_one_line():
    found = revisions()
    assert found == sorted(found)
    assert len(found) == len(set(found))
    script = ScriptDirectory(str(next(iter(migrations.__path__))))
    assert script.get_heads() == [found[-1]]


def test_every_table_begins_with_its_agency(empty_database_url):
    """agency_id is the wall between agencies and the sharding column."""
    upgrade(empty_database_url)
    engine = engine_of(empty_database_url)
    inspector = inspect(engine)
    keys = {
        table: inspector.get_pk_constraint(table)["constrained_columns"]
        for table in inspector.get_table_names()
        if table not in ("alembic_version", "login_session")  # a token is unique by itself
    }
    assert {table: key[0] for table, key in keys.items()} == dict.fromkeys(keys, "agency_id")
    engine.dispose()


def test_moments_are_kept_to_the_microsecond_for_ever(database_url):
    """As 64-bit whole numbers: no rounding, the same order on both databases."""
    engine = engine_of(database_url)
    inspector = inspect(engine)
    instants = {
        (table.name, column.name)
        for table in metadata.tables.values()
        for column in table.columns
        if type(column.type).__name__ == "Instant"
    }
    assert len(instants) > 20
    for table in metadata.tables:
        for column in inspector.get_columns(table):
            if (table, column["name"]) in instants:
                assert "BIGINT" in str(column["type"]).upper(), (table, column["name"])
    engine.dispose()


@pytest.mark.parametrize("secret", ["mat%khau", "a@b:c/d"])
def test_a_password_in_the_address_may_hold_any_character(tmp_path, secret):
    folder = tmp_path / secret.replace("/", "_")
    folder.mkdir()
    upgrade(f"sqlite:///{folder / 'a.db'}")
    assert (folder / "a.db").is_file()
