"""The desk: a small office behind its doors."""

import pytest

from tests.api.desk import open_desk


@pytest.fixture
def desk(sqlite_url, tmp_path):
    """On SQLite, for what does not depend on the database."""
    opened = open_desk(sqlite_url, tmp_path)
    yield opened
    opened.office.database.close()


@pytest.fixture
def any_desk(database_url, tmp_path):
    """Once on SQLite and once on PostgreSQL."""
    opened = open_desk(database_url, tmp_path)
    yield opened
    opened.office.database.close()
