"""The citizen's window, on each database or on SQLite alone."""

import pytest

from tests.engine.lookup.window import Window


@pytest.fixture
def window(ward, tmp_path):
    return Window(ward, tmp_path / "documents")


@pytest.fixture
def sqlite_window(sqlite_ward, tmp_path):
    return Window(sqlite_ward, tmp_path / "documents")
