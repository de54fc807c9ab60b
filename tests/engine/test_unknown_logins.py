"""Logins that no account has: counted in a fixed room, by all processes together."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, event, select

from engine import unknown_logins
from engine.accounts import LoginLocked, WrongLogin, log_in
from engine.store.database import Database
from engine.store.tables import account, unknown_login

REST = timedelta(minutes=5)


def tried(ward, login, times, database=None):
    now = ward.clock.now()

    def one(transaction):
        place = unknown_logins.place_of(transaction.connection, login)
        unknown_logins.count(transaction, place, now, most=5, rest=REST)

    for _ in range(times):
        (database or ward.office.database).write(one)


def rests(ward, login, after=timedelta(0)):
    with ward.office.database.read() as connection:
        place = unknown_logins.place_of(connection, login)
        return unknown_logins.rests(connection, place, ward.clock.now() + after)


def test_a_login_rests_after_its_tries_and_another_does_not(ward):
    tried(ward, "khong-co", 4)
    assert not rests(ward, "khong-co")
    tried(ward, "khong-co", 1)
    assert rests(ward, "khong-co")
    assert rests(ward, "khong-co", REST - timedelta(microseconds=1))
    assert not rests(ward, "khong-co", REST)
    assert not rests(ward, "cung-khong-co")


def test_another_process_goes_on_counting_and_a_restart_forgets_nothing(ward):
    tried(ward, "khong-co", 3)
    other = Database(ward.office.database.url)
    tried(ward, "khong-co", 2, other)
    other.close()
    assert rests(ward, "khong-co")


def test_after_its_rest_a_login_is_counted_from_the_beginning(ward):
    tried(ward, "khong-co", 5)
    ward.clock.advance(REST)
    tried(ward, "khong-co", 4)
    assert not rests(ward, "khong-co")
    tried(ward, "khong-co", 1)
    assert rests(ward, "khong-co")


def test_however_many_are_tried_no_more_is_kept_and_none_is_forgotten(sqlite_ward, monkeypatch):
    monkeypatch.setattr(unknown_logins, "_PLACES", 8)
    tried(sqlite_ward, "khong-co", 5)
    for number in range(100):
        tried(sqlite_ward, f"ten-{number}", 1)
    assert rests(sqlite_ward, "khong-co")
    assert len(sqlite_ward.stored(unknown_login)) == 8


@pytest.mark.parametrize("login", ["khong\x00co", "\ud800", "", "x" * 10_000])
def test_whatever_is_typed_has_a_place(sqlite_ward, login):
    tried(sqlite_ward, login, 5)
    assert rests(sqlite_ward, login)
    with sqlite_ward.office.database.read() as connection:
        kept = connection.execute(select(unknown_login)).one()
    assert login not in map(str, kept)


def test_a_wrong_login_asks_the_database_as_often_whether_an_account_has_it_or_not(ward):
    """How long the refusal took must not tell which logins exist."""
    database, asked = ward.office.database, []

    @event.listens_for(Engine, "before_cursor_execute")
    def heard(connection, cursor, statement, *_):
        asked.append(statement.split()[0])

    def refused(login, error):
        asked.clear()
        with pytest.raises(error):
            log_in(database, ward.clock, login, "sai-mat-khau")
        return len(asked)

    try:
        with database.read() as connection:
            known = connection.execute(select(account.c.login).limit(1)).scalar_one()
        for error in (*[WrongLogin] * 5, LoginLocked):
            assert refused("khong-co", error) == refused(known, error)
    finally:
        event.remove(Engine, "before_cursor_execute", heard)
