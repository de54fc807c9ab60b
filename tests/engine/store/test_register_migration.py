"""Dossiers received before registers existed get the places that their codes imply."""

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from engine.store import migrations

CODES = ("a-251231-0001", "a-260302-0001", "a-260302-0002", "a-260303-0001", "a-260303-10000")
COUNTED = {"dossier/251231": 1, "dossier/260302": 2, "dossier/260303": 10_000, "digest:260303": 4}
_ID = "00000000-0000-7000-8000-0000000000"


@pytest.fixture
def before(empty_database_url):
    """A database of the schema before, with five dossiers, one of them the ten-thousandth."""
    config = Config()
    config.set_main_option("script_location", str(next(iter(migrations.__path__))))
    config.set_main_option("sqlalchemy.url", empty_database_url.replace("%", "%%"))
    command.upgrade(config, "0016")
    engine = create_engine(empty_database_url, poolclass=NullPool)
    with engine.begin() as connection:
        lite = connection.dialect.name == "sqlite"
        ids = [f"{_ID}{n:02d}" for n in range(10)]
        made = [each.replace("-", "") if lite else each for each in ids]
        for statement in statements(made):
            connection.execute(text(statement))
    yield engine, config
    engine.dispose()


def statements(ids):
    version = f"'a', '{ids[8]}', '{ids[9]}'"
    yield f"""INSERT INTO procedure (agency_id, procedure_id, code, name, search, kind, changed_at)
        VALUES ('a', '{ids[9]}', 'T', 'T', 't', 'public', 0)"""
    blob = "CAST('x' AS BYTEA)" if "-" in ids[0] else "x'00'"
    yield f"""INSERT INTO procedure_version (agency_id, version_id, procedure_id, number, state,
        diagram, original, sha256, file_name, summary, created_at)
        VALUES ({version}, 1, 'in_force', {blob}, {blob}, {blob}, 'x', '{{}}', 0)"""
    for number, code in enumerate(CODES):
        yield f"""INSERT INTO dossier (agency_id, dossier_id, code, procedure_id, version_id,
            case_code, applicant, applicant_contact, search, channel, received_by, received_at,
            state, national_status, data, version, head_hash, events)
            VALUES ('a', '{ids[number]}', '{code}', '{ids[9]}', '{ids[8]}', '', 'x', '{{}}', '',
            'counter', '{ids[0]}', 0, 'open', '4', '{{}}', 1, {blob}, 1)"""
    for series, last in COUNTED.items():
        yield f"INSERT INTO counter (agency_id, series, last) VALUES ('a', '{series}', {last})"


def test_they_are_numbered_by_the_year_and_back(before):
    engine, config = before
    command.upgrade(config, "0017")
    with engine.connect() as connection:
        places = connection.execute(
            text("SELECT code, register, register_no FROM dossier ORDER BY code")
        ).all()
        counters = connection.execute(
            text("SELECT series, last, day, of_day FROM counter ORDER BY series")
        ).all()
    assert [tuple(each) for each in places] == [
        ("a-251231-0001", "2025", 1),
        ("a-260302-0001", "2026", 1),
        ("a-260302-0002", "2026", 2),
        ("a-260303-0001", "2026", 3),
        ("a-260303-10000", "2026", 10_002),
    ]
    assert [tuple(each) for each in counters] == [
        ("digest:260303", 4, None, None),
        ("dossier/2025", 1, 251231, 1),
        ("dossier/2026", 10_002, 260303, 10_000),
    ]
    command.downgrade(config, "0016")
    with engine.connect() as connection:
        kept = connection.execute(text("SELECT series, last FROM counter ORDER BY series")).all()
    assert ("dossier/260303", 10_000) in [tuple(each) for each in kept]
