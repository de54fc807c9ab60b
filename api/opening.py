"""Opening an office: the database brought to the newest schema, an empty one founded.

An empty database becomes the sample office of `bpmn/office.json` with every procedure of
`bpmn/procedures/` in force; from then on the database is the truth, the folder is not read again.
"""

import importlib.resources
import json
import os
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from functools import cache
from pathlib import Path
from typing import Any

from api.document_place import documents_of
from api.settings import Settings
from api.trust import trust_of
from engine.accounts import found_office, hash_password
from engine.actor import SYSTEM, Actor, Role
from engine.clock import Clock, SystemClock
from engine.draft_changes import keep_scenarios
from engine.ids import Ids, unguessable_ids
from engine.office import Office
from engine.procedure_version import VersionRecord
from engine.procedures import listed, publish, upload
from engine.store.condition import agencies
from engine.store.database import Database, Transaction
from engine.store.migrations import upgrade
from engine.working_calendar.kept import keep_calendar
from engine.working_calendar.viet_nam import FIRST_YEAR, vietnam
from processes.check import check
from processes.errors import InvalidInput, RuleError
from processes.procedure import Procedure

_YEARS_AHEAD = 15
_MOST_PROCEDURES = 10_000
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_CALENDAR_REASON = "Lịch mẫu của cả nước khi mở hệ thống; cơ quan bổ sung theo thông báo hằng năm."


class NoSampleOffice(InvalidInput):
    """The folder with the first office and its procedures is not there."""

    code = "opening.no_sample_office"
    vi = "Không thấy {file}. Đặt QUYTRINH_BPMN_FOLDER trỏ tới thư mục có office.json."
    en = "{file} is not there. Point QUYTRINH_BPMN_FOLDER to a folder that holds office.json."


class SampleRefused(InvalidInput):
    """A diagram of the folder cannot be put in force."""

    code = "opening.sample_refused"
    vi = "Không ban hành được {file}: {reason_vi}"
    en = "{file} cannot be put in force: {reason_en}"


@dataclass(frozen=True, slots=True)
class FirstLogin:
    """How to get in the first time: one password for every account of the first office.

    accounts: (login, name) in the order of the file. by_role: for each role the account to try
    first, the one with the fewest other roles. file: where it was written down.
    """

    password: str
    accounts: tuple[tuple[str, str], ...]
    by_role: tuple[tuple[Role, str], ...]
    file: Path


def _unheard(_first: FirstLogin) -> None:
    """Nobody watches the first start; the file tells."""


def open_office(
    settings: Settings,
    clock: Clock | None = None,
    ids: Ids | None = None,
    tell: Callable[[FirstLogin], None] = _unheard,
) -> Office:
    """The office of the database in the settings, founded if the database is empty.

    tell: is given the first login once, when the office is founded. Who opens the office closes
    `office.database`. Errors: NoSampleOffice, SampleRefused.
    """
    make_folder(settings.database_url)
    upgrade(settings.database_url)
    office = Office(
        Database(settings.database_url),
        clock or SystemClock(),
        ids or unguessable_ids(),
        documents=documents_of(settings),
        trusted=trust_of(settings),
    )
    try:
        if not agencies(office.database):
            _found(office, settings, tell)
    except BaseException:
        office.database.close()
        raise
    return office


def bpmn_folder(settings: Settings) -> Path:
    """Where office.json and procedures/ stand: as set, beside the packages, or in this one."""
    if settings.bpmn_folder is not None:
        return settings.bpmn_folder
    beside = Path(__file__).resolve().parents[1] / "bpmn"
    if beside.is_dir():
        return beside
    return Path(str(importlib.resources.files("api"))) / "bpmn"


def _found(office: Office, settings: Settings, tell: Callable[[FirstLogin], None]) -> None:
    """Procedures first, the agency last: a start that is killed half-way begins again.

    Positions are held since the calendar's first day, so that past work can be told too.
    """
    folder = bpmn_folder(settings)
    stated = _read_office(folder / "office.json")
    agency_id = stated["agency"]["code"]
    _publish_procedures(office, agency_id, folder / "procedures")
    first = FirstLogin(
        password=_password(),
        accounts=tuple((officer["login"], officer["name"]) for officer in stated["officers"]),
        by_role=_by_role(stated["officers"]),
        file=settings.var_folder / "first-login.txt",
    )
    _write_down(first)
    calendar = vietnam(FIRST_YEAR, office.clock.now().year + _YEARS_AHEAD)
    since = datetime.combine(calendar.first_day, time.min, calendar.tz)
    passwords = {login: first.password for login, _ in first.accounts}
    hashed = cache(hash_password)  # one password: hashing it forty times protects nobody

    def found(transaction: Transaction) -> None:
        found_office(transaction, stated, passwords, since, office.ids, hashed)
        keep_calendar(transaction, agency_id, calendar, since, _CALENDAR_REASON)

    office.database.write(found)
    office.calendars.drop(agency_id)
    tell(first)


def _read_office(file: Path) -> Mapping[str, Any]:
    if not file.is_file():
        raise NoSampleOffice(file=file)
    stated: Mapping[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return stated


def _publish_procedures(office: Office, agency_id: str, folder: Path) -> None:
    """Put every diagram of the folder in force, by the system: no officer has done it."""
    founder = Actor(SYSTEM, agency_id, "Hệ thống", frozenset({Role.DESIGNER}))
    with office.database.read() as connection:
        known = {
            line.code for line in listed(connection, founder, in_force=True, most=_MOST_PROCEDURES)
        }
    for file in sorted(folder.glob("*.bpmn")):
        data = file.read_bytes()
        procedure = check(data).procedure
        if procedure is not None and procedure.code in known:
            continue
        try:
            draft = upload(office, founder, data, file.name)
            _keep_scenarios(office, founder, draft, folder.parent / "scenarios", procedure)
            publish(office, founder, draft.version_id, trusted=True)
        except RuleError as refusal:
            raise SampleRefused(
                file=file, reason_vi=refusal.message("vi"), reason_en=refusal.message("en")
            ) from refusal


def _keep_scenarios(
    office: Office, founder: Actor, draft: VersionRecord, folder: Path, read: Procedure | None
) -> None:
    """Keep the scenarios that stand in the folder under the procedure's code."""
    file = folder / f"{read.code}.json" if read is not None and read.code else None
    if file is not None and file.parent == folder and file.is_file():
        keep_scenarios(office, founder, draft.version_id, file.read_bytes())


def _by_role(officers: Sequence[Mapping[str, Any]]) -> tuple[tuple[Role, str], ...]:
    found = []
    for role in Role:
        held = [officer for officer in officers if role.value in officer["roles"]]
        if held:
            plainest = min(held, key=_plainness)
            found.append((role, str(plainest["login"])))
    return tuple(found)


def _plainness(officer: Mapping[str, Any]) -> tuple[int, int]:
    """Of those with the fewest roles, who holds most positions: there is most to try."""
    return len(officer["roles"]), -len(officer["holdings"])


def _password() -> str:
    """Four groups of four: 79 bits, without letters that look alike."""
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))
    return "-".join(groups)


def _write_down(first: FirstLogin) -> None:
    """The first login in a file that only the owner of the server can read."""
    first.file.parent.mkdir(parents=True, exist_ok=True)
    first.file.unlink(missing_ok=True)
    lines = [
        "Mật khẩu đầu tiên của mọi tài khoản / first password of every account:",
        first.password,
        "",
        *(f"{login}\t{name}" for login, name in first.accounts),
        "",
    ]
    descriptor = os.open(first.file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write("\n".join(lines))


def make_folder(database_url: str) -> None:
    """The folder of an SQLite file, for its owner only: it will hold people's dossiers."""
    prefix = "sqlite:///"
    path = database_url.removeprefix(prefix).partition("?")[0]
    if database_url.startswith(prefix) and path and ":memory:" not in path:
        Path(path).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
