"""Accounts: logging in and out, locking, positions that are held from a day to a day, roles."""

import itertools
import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, event, update

from engine import accounts
from engine.accounts import (
    SESSION_LENGTH,
    InvalidPassword,
    LoginLocked,
    NoSuchLogin,
    NotLoggedIn,
    WrongLogin,
    actors,
    add_officer,
    hash_password,
    log_in,
    log_out,
    names,
    session,
    set_password,
)
from engine.actor import Actor, Role
from engine.store.tables import account, holding, login_session
from processes.errors import NotAllowed
from tests.engine.offices import LONG_AGO

PASSWORD = "mat-khau-thu"
LOCK = timedelta(minutes=5)


def enter(ward, login="vanphong1", password=PASSWORD):
    return log_in(ward.office.database, ward.clock, login, password)


def of(ward, token):
    with ward.office.database.read() as connection:
        return session(connection, ward.clock, token)


def change(ward, statement):
    ward.office.database.write(lambda transaction: transaction.execute(statement))


# Logging in


def test_who_logs_in_is_known_with_roles_and_positions(ward):
    found = of(ward, enter(ward))
    assert found.actor == ward.actors["vanphong1"]
    assert found.actor.roles == {Role.STAFF, Role.DESIGNER}
    assert found.actor.holdings == {("van_phong", "chuyen_vien")}
    assert (found.login, len(found.csrf_token) >= 32) == ("vanphong1", True)


@pytest.mark.parametrize(
    ("login", "password"),
    [
        ("vanphong1", "sai"),
        ("vanphong1", ""),
        ("khong-co", PASSWORD),
        ("", ""),
        ("vanphong1\x00", PASSWORD),
        ("vanphong1", PASSWORD + "\x00"),
        ("\ud800", "\ud800"),
    ],
)
def test_a_wrong_login_does_not_tell_what_is_wrong(ward, login, password):
    with pytest.raises(WrongLogin):
        enter(ward, login, password)
    assert ward.stored(login_session) == []


def test_logins_that_do_not_exist_cost_as_much_work_as_those_that_do(sqlite_ward, monkeypatch):
    verified = []
    hasher = accounts._hasher
    monkeypatch.setattr(
        accounts,
        "_hasher",
        type(
            "Hasher",
            (),
            {"verify": staticmethod(lambda *given: verified.append(1) or hasher.verify(*given))},
        ),
    )
    for login in ("vanphong1", "khong-co"):
        with pytest.raises(WrongLogin):
            enter(sqlite_ward, login, "sai")
    assert len(verified) == 2


def test_five_wrong_passwords_lock_the_account_for_five_minutes(ward):
    for _ in range(5):
        with pytest.raises(WrongLogin):
            enter(ward, password="sai")
    with pytest.raises(LoginLocked):
        enter(ward)  # the right one too
    ward.clock.advance(LOCK - timedelta(seconds=1))
    with pytest.raises(LoginLocked):
        enter(ward)
    ward.clock.advance(timedelta(seconds=1))
    assert of(ward, enter(ward)).login == "vanphong1"


@pytest.mark.parametrize("login", ["vanphong1", "khong-co", "khong\x00co", "\ud800"])
def test_a_login_is_refused_as_often_and_as_long_whether_it_exists_or_not(ward, login):
    answers = []
    passwords = itertools.cycle(["sai", "sai\x00", ""])

    def guess(times):
        for _ in range(times):
            with pytest.raises((WrongLogin, LoginLocked)) as refused:
                enter(ward, login, next(passwords))
            answers.append(refused.type)

    guess(7)
    ward.clock.advance(LOCK - timedelta(seconds=1))
    guess(1)
    ward.clock.advance(timedelta(seconds=1))
    guess(6)
    assert answers == [WrongLogin] * 5 + [LoginLocked] * 3 + [WrongLogin] * 5 + [LoginLocked]


def test_a_wrong_login_writes_as_much_whether_it_exists_or_not(ward):
    written = []

    def listen(connection, cursor, statement, *_):
        if not statement.lstrip().upper().startswith(("SELECT", "PRAGMA", "BEGIN")):
            written.append((statement.split()[0], cursor.rowcount))

    before = {row.login: row for row in ward.stored(account)}
    event.listen(Engine, "after_cursor_execute", listen)
    try:
        with pytest.raises(WrongLogin):
            enter(ward, "khong-co", "sai")
        unknown, written = written, []
        assert {row.login: row for row in ward.stored(account)} == before
        with pytest.raises(WrongLogin):
            enter(ward, "vanphong1", "sai")
    finally:
        event.remove(Engine, "after_cursor_execute", listen)
    assert (unknown, written) == ([("INSERT", 1)], [("UPDATE", 1)])


def test_the_right_password_forgets_the_wrong_ones(ward):
    for _ in range(3):
        for _ in range(4):
            with pytest.raises(WrongLogin):
                enter(ward, password="sai")
        enter(ward)


def test_guesses_that_come_together_are_counted_one_by_one(ward):
    together = threading.Barrier(5)
    answers = []

    def guess() -> None:
        together.wait()
        try:
            enter(ward, password="sai")
        except (WrongLogin, LoginLocked) as refused:
            answers.append(type(refused))

    threads = [threading.Thread(target=guess) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 5
    with pytest.raises(LoginLocked):
        enter(ward)


def test_a_guess_that_is_right_after_the_lock_came_is_refused(ward, monkeypatch):
    """The password was checked before the others were counted."""
    hasher = accounts._hasher

    def locked_meanwhile(*given):
        change(ward, update(account).values(locked_until=ward.clock.now() + LOCK))
        return hasher.verify(*given)

    monkeypatch.setattr(
        accounts, "_hasher", type("Hasher", (), {"verify": staticmethod(locked_meanwhile)})
    )
    with pytest.raises(LoginLocked):
        enter(ward)
    assert ward.stored(login_session) == []


def test_a_deactivated_account_cannot_enter_and_its_sessions_are_over(ward):
    token = enter(ward)
    change(ward, update(account).where(account.c.login == "vanphong1").values(active=False))
    with pytest.raises(NotLoggedIn):
        of(ward, token)
    with pytest.raises(WrongLogin):
        enter(ward)


# Sessions


def test_a_session_ends_after_its_length(ward):
    token = enter(ward)
    ward.clock.advance(SESSION_LENGTH - timedelta(seconds=1))
    of(ward, token)
    ward.clock.advance(timedelta(seconds=1))
    with pytest.raises(NotLoggedIn):
        of(ward, token)


def test_old_sessions_are_swept_away(ward):
    enter(ward)
    ward.clock.advance(SESSION_LENGTH + timedelta(seconds=1))
    enter(ward)
    assert len(ward.stored(login_session)) == 1


def test_logging_out_ends_one_session_at_once(ward):
    one, other = enter(ward), enter(ward)
    log_out(ward.office.database, one)
    with pytest.raises(NotLoggedIn):
        of(ward, one)
    assert of(ward, other).login == "vanphong1"
    log_out(ward.office.database, "khong-co")


@pytest.mark.parametrize("token", [None, "", "khong-co", "\ud800"])
def test_without_a_session_nobody_is_known(ward, token):
    enter(ward)
    with pytest.raises(NotLoggedIn):
        of(ward, token)


def test_the_token_itself_is_not_stored(ward):
    token = enter(ward)
    (row,) = ward.stored(login_session)
    assert token.encode() not in row.token_hash
    assert token not in (row.csrf_token, str(row))


# Positions


def held(ward, **values):
    change(
        ward,
        update(holding)
        .where(holding.c.account_id == ward.actors["vanphong1"].account_id)
        .values(**values),
    )


def test_a_position_is_held_from_its_first_moment_to_before_its_last(ward):
    start = ward.clock.now()
    held(ward, valid_from=start + timedelta(days=1), valid_to=start + timedelta(days=2))
    token = enter(ward)
    has = []
    for hours in (0, 24, 47, 48):
        ward.clock.set(start + timedelta(hours=hours))
        change(ward, update(login_session).values(expires_at=ward.clock.now() + SESSION_LENGTH))
        with ward.office.database.read() as connection:
            people = actors(connection, ward.agency_id, ward.clock.now())
        assert people["vanphong1"].holdings == of(ward, token).actor.holdings
        has.append(bool(people["vanphong1"].holdings))
    assert has == [False, True, True, False]


def test_who_holds_nothing_now_is_still_an_officer(ward):
    held(ward, valid_to=LONG_AGO + timedelta(days=1))
    actor = of(ward, enter(ward)).actor
    assert actor.holdings == frozenset()
    assert not actor.holds("chuyen_vien", None)
    assert actor.roles == {Role.STAFF, Role.DESIGNER}


def test_a_position_is_held_in_its_unit_or_in_any(sqlite_ward):
    actor = replace(
        sqlite_ward.actors["vanphong1"],
        holdings=frozenset({("a", "chuyen_vien"), ("b", "chuyen_vien")}),
    )
    assert actor.holds("chuyen_vien", "a")
    assert actor.holds("chuyen_vien", "b")
    assert actor.holds("chuyen_vien", None)
    assert not actor.holds("chuyen_vien", "c")
    assert not actor.holds("truong_phong", "a")
    assert not actor.holds(None, None)


def test_a_role_is_asked_for_by_its_name(sqlite_ward):
    staff = Actor(sqlite_ward.designer.account_id, "x", "An", roles=frozenset({Role.STAFF}))
    staff.require(Role.STAFF, Role.HEAD, who="cán bộ")
    with pytest.raises(NotAllowed) as refused:
        staff.require(Role.HEAD, who="lãnh đạo đơn vị (head)")
    assert "lãnh đạo đơn vị (head)" in refused.value.message("vi")


def test_names_of_those_who_left_are_kept_for_the_history(ward):
    change(ward, update(account).where(account.c.login == "vanphong1").values(active=False))
    gone = ward.actors["vanphong1"]
    with ward.office.database.read() as connection:
        assert names(connection, ward.agency_id)[gone.account_id] == gone.name
        assert "vanphong1" not in actors(connection, ward.agency_id, ward.clock.now())
        assert names(connection, "000.00.99.H29") == {}


def test_a_new_officer_logs_in_with_the_password_given(ward):
    officer = {
        "login": "moi",
        "name": "Người mới",
        "roles": ["staff", "head"],
        "holdings": [{"unit": "van_phong", "position": "chuyen_vien"}],
    }
    made = ward.office.database.write(
        lambda transaction: add_officer(
            transaction,
            ward.agency_id,
            officer,
            hash_password("mot-mat-khau"),
            ward.clock.now(),
            ward.office.ids,
        )
    )
    found = of(ward, enter(ward, "moi", "mot-mat-khau"))
    assert (found.actor.account_id, found.actor.roles) == (made, {Role.STAFF, Role.HEAD})
    (row,) = ward.stored(account, login="moi")
    assert "mot-mat-khau" not in row.password_hash


def test_an_unknown_role_is_not_entered(ward):
    officer = {"login": "moi", "name": "Người mới", "roles": ["vua"]}
    with pytest.raises(ValueError, match="vua"):
        ward.office.database.write(
            lambda transaction: add_officer(
                transaction, ward.agency_id, officer, "x", LONG_AGO, ward.office.ids
            )
        )
    assert ward.stored(account, login="moi") == []


# A new password


def test_a_new_password_replaces_the_old_one_and_ends_every_session(ward):
    mine, other = enter(ward), enter(ward)
    colleague = next(login for login in ward.actors if login != "vanphong1")
    theirs = enter(ward, colleague)
    assert set_password(ward.office.database, "vanphong1", "mat-khau-moi") == 2
    for token in (mine, other):
        with pytest.raises(NotLoggedIn):
            of(ward, token)
    assert of(ward, theirs).login == colleague
    with pytest.raises(WrongLogin):
        enter(ward)
    assert of(ward, enter(ward, password="mat-khau-moi")).login == "vanphong1"
    (row,) = ward.stored(account, login="vanphong1")
    assert row.password_hash.startswith("$argon2id$")


def test_a_new_password_ends_the_rest_of_an_account(ward):
    for _ in range(5):
        with pytest.raises(WrongLogin):
            enter(ward, password="sai")
    set_password(ward.office.database, "vanphong1", "mat-khau-moi")
    enter(ward, password="mat-khau-moi")


def test_who_was_checked_by_the_old_password_does_not_enter_after_the_new_one(ward, monkeypatch):
    hasher = accounts._hasher

    def changed_meanwhile(*given):
        change(ward, update(account).values(password_hash="another"))
        return hasher.verify(*given)

    monkeypatch.setattr(
        accounts, "_hasher", type("Hasher", (), {"verify": staticmethod(changed_meanwhile)})
    )
    with pytest.raises(WrongLogin):
        enter(ward)
    assert ward.stored(login_session) == []


@pytest.mark.parametrize("password", ["", "1234567", "x" * 1001, "mat-khau\x00moi", "\ud800" * 8])
def test_a_password_that_nobody_could_log_in_with_is_not_set(ward, password):
    token = enter(ward)
    with pytest.raises(InvalidPassword):
        set_password(ward.office.database, "vanphong1", password)
    assert of(ward, token).login == "vanphong1"


@pytest.mark.parametrize("login", ["khong-co", "", "khong\x00co"])
def test_nobody_gets_no_password(ward, login):
    with pytest.raises(NoSuchLogin):
        set_password(ward.office.database, login, "mat-khau-moi")
