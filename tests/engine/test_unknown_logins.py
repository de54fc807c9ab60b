"""Logins that no account has: counted in a fixed room, however many are tried."""

from datetime import UTC, datetime, timedelta

from engine.unknown_logins import UnknownLogins

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
REST = timedelta(minutes=5)


def tried(unknown, login, times):
    for _ in range(times):
        unknown.count(login, NOW)


def test_a_login_rests_after_its_tries_and_another_does_not():
    unknown = UnknownLogins(5, REST)
    tried(unknown, "khong-co", 4)
    assert not unknown.rests("khong-co", NOW)
    tried(unknown, "khong-co", 1)
    assert unknown.rests("khong-co", NOW)
    assert unknown.rests("khong-co", NOW + REST - timedelta(microseconds=1))
    assert not unknown.rests("khong-co", NOW + REST)
    assert not UnknownLogins(5, REST).rests("khong-co", NOW)


def test_however_many_are_tried_no_more_is_kept_and_none_is_forgotten():
    unknown = UnknownLogins(5, REST, places=8)
    tried(unknown, "khong-co", 5)
    for number in range(1_000):
        unknown.count(f"ten-{number}", NOW)
    assert unknown.rests("khong-co", NOW)
    assert len(unknown._failures) == 8
    assert len(unknown._until) <= 8
