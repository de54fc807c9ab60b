"""The sample ward on each database, for measures of real dossiers."""

from tests.engine.conftest import sqlite_ward, ward

__all__ = ["sqlite_ward", "ward"]
