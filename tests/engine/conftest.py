"""An office on each database."""

import pytest

from tests.engine.offices import Ward, open_ward


@pytest.fixture
def ward(database_url: str):
    """The sample ward, once on SQLite and once on PostgreSQL."""
    opened = open_ward(database_url)
    yield opened
    opened.office.database.close()


@pytest.fixture
def sqlite_ward(sqlite_url: str):
    """The sample ward on SQLite, for what does not depend on the database."""
    opened = open_ward(sqlite_url)
    yield opened
    opened.office.database.close()


__all__ = ["Ward"]
