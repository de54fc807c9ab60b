"""The desk: a small office behind its doors, founded once and copied for each test."""

import pytest

from tests.api.desk import found_in, open_desk
from tests.databases import SQLiteFiles


@pytest.fixture(scope="session")
def founded_files(tmp_path_factory):
    return SQLiteFiles(tmp_path_factory.mktemp("founded"), found_in)


@pytest.fixture
def desk(founded_files, tmp_path):
    """On SQLite, for what does not depend on the database."""
    opened = open_desk(founded_files.fresh(tmp_path), tmp_path)
    yield opened
    opened.office.database.close()


@pytest.fixture
def any_desk(database_url, tmp_path):
    """Once on SQLite and once on PostgreSQL."""
    found_in(database_url)
    opened = open_desk(database_url, tmp_path)
    yield opened
    opened.office.database.close()
