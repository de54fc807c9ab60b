"""Logins that no account has: counted in a fixed room, by all processes together."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from engine import unknown_logins
from engine.store.database import Database
from engine.store.tables import unknown_login

REST = timedelta(minutes=5)


def tried(ward, login, times, database=None):
    now = ward.clock.now()
    for _ in range(times):
        (database or ward.office.database).write(
            lambda transaction: unknown_logins.count(transaction, login, now, most=5, rest=REST)
        )


def rests(ward, login, after=timedelta(0)):
    with ward.office.database.read() as connection:
        return unknown_logins.rests(connection, login, ward.clock.now() + after)


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
