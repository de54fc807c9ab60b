"""The filing room, on each database or on SQLite alone."""

import pytest

from tests.engine.documents.filing import Filing


@pytest.fixture
def filing(ward, tmp_path):
    return Filing(ward, tmp_path / "documents")


@pytest.fixture
def sqlite_filing(sqlite_ward, tmp_path):
    return Filing(sqlite_ward, tmp_path / "documents")
