"""Accounts: officers, their positions, passwords and sessions."""

import hashlib
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from pwdlib import PasswordHash
from sqlalchemy import (
    Connection,
    and_,
    bindparam,
    case,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from engine import unknown_logins
from engine.actor import Actor, Role, citizen_actor
from engine.clock import Clock
from engine.ids import Ids
from engine.store.database import Database, Transaction
from engine.store.prepared import Prepared, Row
from engine.store.tables import account, agency, holding, login_session, position, unit
from processes.data_entry import is_storable
from processes.errors import InvalidInput, NotAllowed, NotFound, RuleError

SESSION_LENGTH = timedelta(hours=12)
_FAILURES_BEFORE_LOCK = 5
_LOCK = timedelta(minutes=5)
_SHORTEST, _LONGEST = 8, 1000  # characters of a password; the longest that the door takes
_hasher = PasswordHash.recommended()
_dummy = _hasher.hash(secrets.token_urlsafe(16))  # equal work for logins that do not exist


class WrongLogin(NotAllowed):
    """Login or password is wrong; which of the two is not told."""

    code = "login.wrong"
    vi = "Tên đăng nhập hoặc mật khẩu không đúng. Kiểm tra lại rồi thử lại."
    en = "Login or password is wrong. Check both and try again."


class LoginLocked(NotAllowed):
    """Too many wrong passwords; the account rests for a few minutes."""

    code = "login.locked"
    vi = "Sai mật khẩu quá nhiều lần. Thử lại sau 5 phút hoặc liên hệ quản trị."
    en = "Too many wrong passwords. Try again in 5 minutes or ask the administrator."


class NoSuchLogin(NotFound):
    """No account has this login."""

    code = "officer.no_such_login"
    vi = "Không có tài khoản {login}. Kiểm tra lại tên đăng nhập."
    en = "There is no account {login}. Check the login."


class InvalidPassword(InvalidInput):
    """The new password could not be entered when logging in, or is guessed too easily."""

    code = "officer.invalid_password"
    vi = "Mật khẩu cần từ {least} đến {most} ký tự, không có ký tự điều khiển lạ."
    en = "A password has {least} to {most} characters, none that cannot be stored."


class NotLoggedIn(RuleError):
    """The session is missing, over or was ended."""

    code = "login.required"
    vi = "Phiên làm việc đã hết. Đăng nhập lại để tiếp tục."
    en = "Your session is over. Log in again to continue."


@dataclass(frozen=True, slots=True)
class Session:
    """A logged-in officer; `csrf_token` must come back with every form."""

    actor: Actor
    csrf_token: str
    login: str


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def log_in(database: Database, clock: Clock, login: str, password: str) -> str:
    """Check the password and open a session; the token for the cookie.

    A login that no account has is refused like one that has: as often, as long, after the same
    work (a hash, a write).
    """
    now = clock.now()
    sayable = is_storable(password)
    with database.read() as connection:
        row = connection.execute(_active(login if is_storable(login) else "")).one_or_none()
        # Asked whether it is known or not, so that both take as long.
        place = unknown_logins.place_of(connection, login)
        rests = unknown_logins.rests(connection, place, now)
    if (row is None and rests) or _locked(row, now):
        raise LoginLocked
    given = password if sayable else ""
    correct = _hasher.verify(given, row.password_hash if row is not None else _dummy)
    if row is None or not (correct and sayable):
        if row is not None:
            database.write(lambda transaction: _count_failure(transaction, login, now))
        else:
            database.write(lambda transaction: _count_unknown(transaction, place, now))
        raise WrongLogin
    token = secrets.token_urlsafe(32)

    def open_session(transaction: Transaction) -> None:
        _require_unlocked(transaction, row, now)
        transaction.execute(
            update(account)
            .where(account.c.agency_id == row.agency_id, account.c.account_id == row.account_id)
            .values(failures=0, locked_until=None)
        )
        transaction.execute(
            insert(login_session),
            {
                "token_hash": _hash(token),
                "agency_id": row.agency_id,
                "account_id": row.account_id,
                "csrf_token": secrets.token_urlsafe(24),
                "created_at": now,
                "expires_at": now + SESSION_LENGTH,
            },
        )
        transaction.execute(delete(login_session).where(login_session.c.expires_at < now))

    database.write(open_session)
    return token


def _active(login: str) -> Any:
    return select(account).where(account.c.login == login, account.c.active)


def _locked(row: Any, now: datetime) -> bool:
    return row is not None and row.locked_until is not None and row.locked_until > now


def _require_unlocked(transaction: Transaction, checked: Any, now: datetime) -> None:
    """Refuse what was right when checked, where others were guessed meanwhile.

    Also where the account ended, or got another password.
    """
    row = transaction.execute(_active(checked.login)).one_or_none()
    if row is None or row.password_hash != checked.password_hash:
        raise WrongLogin
    if _locked(row, now):
        raise LoginLocked


def _count_unknown(transaction: Transaction, place: unknown_logins.Place, now: datetime) -> None:
    unknown_logins.count(transaction, place, now, most=_FAILURES_BEFORE_LOCK, rest=_LOCK)


def _count_failure(transaction: Transaction, login: str, now: datetime) -> None:
    """Counted in the row itself: guesses that come together are counted one by one."""
    last = account.c.failures + 1 >= _FAILURES_BEFORE_LOCK
    transaction.execute(
        update(account)
        .where(account.c.login == login)
        .values(
            failures=case((last, 0), else_=account.c.failures + 1),
            locked_until=case(
                (last, literal(now + _LOCK, account.c.locked_until.type)),
                else_=account.c.locked_until,
            ),
        )
    )


def log_out(database: Database, token: str) -> None:
    """End the session at once, everywhere."""
    database.write(
        lambda transaction: transaction.execute(
            delete(login_session).where(login_session.c.token_hash == _hash(token))
        )
    )


def session(connection: Connection, clock: Clock, token: str | None) -> Session:
    """The session of a token, in one statement; positions are those valid now."""
    if not token:
        raise NotLoggedIn
    rows = _SESSION.rows(connection, {"of_token": _hash(token), "at": clock.now()})
    return Session(_who(rows), rows[0].csrf_token, rows[0].login)


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whoever shows a token; who that is, is read by the first statement of the act itself.

    So a session that was ended, or an account that was closed, by whichever process, acts no more.
    """

    clock: Clock
    token: str

    def ask(
        self, transaction: Transaction, statement: Prepared, given: Mapping[str, Any]
    ) -> tuple[Actor, Row]:
        """The officer, and the row that a statement `of_token` finds beside (NotLoggedIn)."""
        this = {"of_token": _hash(self.token), "at": self.clock.now()}
        rows = transaction.rows(statement, {**given, **this})
        return _who(rows), rows[0]


def of_token(*columns: Any, beside: Iterable[tuple[Any, Any]] = ()) -> Any:
    """The officer of a token, a row for each position held now; none where nobody is.

    columns: what else is asked, of the tables that stand `beside` (table, on); there may be no row.
    """
    tables = login_session.join(
        account,
        and_(
            account.c.agency_id == login_session.c.agency_id,
            account.c.account_id == login_session.c.account_id,
        ),
    ).outerjoin(holding, and_(_of_account(), _valid_at(bindparam("at"))))
    for table, on in beside:
        tables = tables.outerjoin(table, on)
    return (
        select(
            account.c.agency_id.label("who_agency_id"),
            account.c.account_id.label("who_account_id"),
            account.c.name.label("who_name"),
            account.c.roles.label("who_roles"),
            holding.c.unit.label("who_unit"),
            holding.c.position.label("who_position"),
            *columns,
        )
        .select_from(tables)
        .where(
            login_session.c.token_hash == bindparam("of_token"),
            login_session.c.expires_at > bindparam("at"),
            account.c.active,
        )
    )


def _of_account() -> Any:
    return and_(
        holding.c.agency_id == account.c.agency_id, holding.c.account_id == account.c.account_id
    )


def _valid_at(at: Any) -> Any:
    return and_(
        holding.c.valid_from <= at, or_(holding.c.valid_to.is_(None), holding.c.valid_to > at)
    )


_SESSION = Prepared(of_token(account.c.login, login_session.c.csrf_token))


def _who(rows: Sequence[Row]) -> Actor:
    if not rows:
        raise NotLoggedIn
    return _actor(rows[0].part("who_"), [row.part("who_") for row in rows])


def _actor(first: Any, rows: Iterable[Any]) -> Actor:
    return Actor(
        account_id=first.account_id,
        agency_id=first.agency_id,
        name=first.name,
        roles=frozenset(Role(role) for role in first.roles),
        holdings=frozenset((row.unit, row.position) for row in rows if row.unit is not None),
    )


def actors(connection: Connection, agency_id: str, at: datetime) -> dict[str, Actor]:
    """All active officers of an agency by login."""
    rows = connection.execute(
        select(account, holding.c.unit, holding.c.position)
        .select_from(account)
        .outerjoin(holding, and_(_of_account(), _valid_at(at)))
        .where(account.c.agency_id == agency_id, account.c.active)
    ).all()
    grouped: dict[str, list[Any]] = {}
    for row in rows:
        grouped.setdefault(row.login, []).append(row)
    return {login: _actor(own[0], own) for login, own in grouped.items()}


@dataclass(frozen=True, slots=True)
class Post:
    """A position that somebody holds in a unit (chức danh trong đơn vị), by code and name."""

    position: str
    position_name: str
    unit: str
    unit_name: str


def posts(connection: Connection, agency_id: str, at: datetime) -> tuple[Post, ...]:
    """The positions held at that time in each unit, by their names."""
    query = (
        select(
            holding.c.position,
            func.coalesce(position.c.name, holding.c.position).label("position_name"),
            holding.c.unit,
            func.coalesce(unit.c.name, holding.c.unit).label("unit_name"),
        )
        .distinct()
        .select_from(holding)
        .outerjoin(
            position,
            and_(
                position.c.agency_id == holding.c.agency_id, position.c.code == holding.c.position
            ),
        )
        .outerjoin(
            unit, and_(unit.c.agency_id == holding.c.agency_id, unit.c.code == holding.c.unit)
        )
        .where(holding.c.agency_id == agency_id, _valid_at(at))
    )
    found = [Post(*row) for row in connection.execute(query)]
    return tuple(sorted(found, key=lambda post: (post.unit_name, post.position_name)))


def names(connection: Connection, agency_id: str) -> dict[UUID, str]:
    """Names of all accounts of an agency, past ones included, and how citizens are named."""
    rows = connection.execute(
        select(account.c.account_id, account.c.name).where(account.c.agency_id == agency_id)
    )
    found = {row.account_id: row.name for row in rows}
    citizen = citizen_actor(agency_id)
    return {citizen.account_id: citizen.name, **found} if found else {}


def hash_password(password: str) -> str:
    """The password as it may be stored (Argon2id)."""
    return _hasher.hash(password)


def set_password(database: Database, login: str, password: str) -> int:
    """Give an account another password; how many sessions ended, which are all it had.

    The account rests no longer (NoSuchLogin, InvalidPassword).
    """
    if not (_SHORTEST <= len(password) <= _LONGEST and is_storable(password)):
        raise InvalidPassword(least=_SHORTEST, most=_LONGEST)
    hashed = hash_password(password)

    def command(transaction: Transaction) -> int:
        row = transaction.execute(_active(login)).one_or_none() if is_storable(login) else None
        if row is None:
            raise NoSuchLogin(login=login)
        transaction.execute(
            update(account)
            .where(account.c.agency_id == row.agency_id, account.c.account_id == row.account_id)
            .values(password_hash=hashed, failures=0, locked_until=None)
        )
        ended = transaction.execute(
            delete(login_session).where(
                login_session.c.agency_id == row.agency_id,
                login_session.c.account_id == row.account_id,
            )
        )
        return int(ended.rowcount)

    return database.write(command)


def found_office(
    transaction: Transaction,
    office: Mapping[str, Any],
    passwords: Mapping[str, str],
    at: datetime,
    ids: Ids,
    hash_password: Callable[[str], str] = hash_password,
) -> None:
    """Enter an agency with its units, positions and officers, as `bpmn/office.json` states them.

    passwords: by login; only what `hash_password` makes of them is stored.
    """
    agency_id = office["agency"]["code"]
    transaction.execute(
        insert(agency),
        {
            "agency_id": agency_id,
            "name": office["agency"]["name"],
            "parent_name": office["agency"].get("parent_name", ""),
            "place": office["agency"].get("place", ""),
        },
    )
    for table, rows in ((unit, office["units"]), (position, office["positions"])):
        for row in rows:
            transaction.execute(
                insert(table), {"agency_id": agency_id, "code": row["code"], "name": row["name"]}
            )
    for officer in office["officers"]:
        password_hash = hash_password(passwords[officer["login"]])
        add_officer(transaction, agency_id, officer, password_hash, at, ids)


def add_officer(
    transaction: Transaction,
    agency_id: str,
    officer: Mapping[str, Any],
    password_hash: str,
    at: datetime,
    ids: Ids,
) -> UUID:
    """Enter one officer with roles and positions; the account's id."""
    account_id = ids(at)
    transaction.execute(
        insert(account),
        {
            "agency_id": agency_id,
            "account_id": account_id,
            "login": officer["login"],
            "name": officer["name"],
            "password_hash": password_hash,
            "roles": sorted(Role(role).value for role in officer.get("roles", [])),
        },
    )
    for held in officer.get("holdings", []):
        transaction.execute(
            insert(holding),
            {
                "agency_id": agency_id,
                "holding_id": ids(at),
                "account_id": account_id,
                "unit": held["unit"],
                "position": held["position"],
                "valid_from": at,
            },
        )
    return account_id
