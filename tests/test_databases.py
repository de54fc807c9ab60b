"""The databases that tests get are fresh, alike, and have the newest schema."""

from sqlalchemy import create_engine, inspect, text


def test_each_test_gets_a_database_of_its_own(database_url):
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE left_behind (x integer)"))
    engine.dispose()


def test_nothing_of_another_test_is_there(database_url):
    engine = create_engine(database_url)
    tables = inspect(engine).get_table_names()
    engine.dispose()
    assert "alembic_version" in tables
    assert "left_behind" not in tables


def test_an_empty_database_has_no_tables(empty_database_url):
    engine = create_engine(empty_database_url)
    tables = inspect(engine).get_table_names()
    engine.dispose()
    assert tables == []
