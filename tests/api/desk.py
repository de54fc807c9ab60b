"""A small office behind its doors: two agencies, a clock set by hand, a person for each request."""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import insert, select

from api.app import create_app
from api.document_place import documents_folder, documents_of
from api.settings import Settings
from engine.accounts import actors, found_office, hash_password
from engine.calendar import Calendar
from engine.clock import SetClock
from engine.ids import seeded_ids
from engine.office import Office
from engine.procedures import publish, upload
from engine.store.database import Database
from engine.store.migrations import upgrade
from engine.store.tables import account, login_session
from engine.working_calendar.kept import keep_calendar
from engine.working_calendar.viet_nam import vietnam

VN = ZoneInfo("Asia/Ho_Chi_Minh")
START = datetime(2026, 3, 2, 8, 0, tzinfo=VN)  # a Monday in office hours
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
PASSWORD = "mat-khau-thu"
DIAGRAM = (Path(__file__).parent / "cap-phep.bpmn").read_bytes()
CODE = "9.000001"


def agency(code: str, suffix: str) -> dict[str, Any]:
    """An agency with a clerk or two for each position; logins end in the suffix."""

    def officer(login: str, name: str, unit: str, position: str, *roles: str) -> dict[str, Any]:
        return {
            "login": login + suffix,
            "name": name,
            "roles": list(roles),
            "holdings": [{"unit": unit, "position": position}] if unit else [],
        }

    return {
        "agency": {"code": code, "name": f"UBND {code}"},
        "units": [{"code": code, "name": code} for code in ("mot_cua", "chuyen_mon", "lanh_dao")],
        "positions": [
            {"code": code, "name": code}
            for code in ("can_bo_mot_cua", "chuyen_vien", "truong_phong")
        ],
        "officers": [
            officer("lan", "Nguyễn Thị Lan", "mot_cua", "can_bo_mot_cua", "staff"),
            officer("nam", "Trần Văn Nam", "chuyen_mon", "chuyen_vien", "staff"),
            officer("yen", "Cao Thị Yến", "chuyen_mon", "chuyen_vien", "staff"),
            officer("hung", "Phạm Quốc Hùng", "lanh_dao", "truong_phong", "head"),
            officer("thiet.ke", "Đặng Thu Trang", "", "", "designer"),
        ],
    }


@cache
def hashed_once(password: str) -> str:
    """Argon2 is slow on purpose; the test's officers share one password."""
    return hash_password(password)


@cache
def working_calendar() -> Calendar:
    return vietnam(2024, 2028)


@dataclass
class Caller:
    """A person at the API, by bearer token."""

    client: TestClient
    token: str
    login: str

    def send(self, method: str, path: str, **more: Any) -> Response:
        headers = {"Authorization": f"Bearer {self.token}", **more.pop("headers", {})}
        return self.client.request(method, f"/api/v1{path}", headers=headers, **more)

    def get(self, path: str, **more: Any) -> Response:
        return self.send("GET", path, **more)

    def post(self, path: str, json: Any = None, key: str | None = None, **more: Any) -> Response:
        if key is not None:
            more["headers"] = {"Idempotency-Key": key, **more.get("headers", {})}
        return self.send("POST", path, json=json, **more)


@dataclass
class Desk:
    """The application over one database, and who may call it."""

    office: Office
    clock: SetClock
    app: FastAPI
    client: TestClient
    callers: dict[str, Caller] = field(default_factory=dict)

    def caller(self, login: str) -> Caller:
        """Logged in without the cost of checking a password; the door itself has its own tests."""
        if login not in self.callers:
            token = self._open_session(login)
            self.callers[login] = Caller(self.client, token, login)
        return self.callers[login]

    def _open_session(self, login: str) -> str:
        token = secrets.token_urlsafe(16)

        def command(transaction):
            row = transaction.execute(select(account).where(account.c.login == login)).one()
            transaction.execute(
                insert(login_session),
                {
                    "token_hash": hashlib.sha256(token.encode()).digest(),
                    "agency_id": row.agency_id,
                    "account_id": row.account_id,
                    "csrf_token": f"csrf-{login}",
                    "created_at": self.clock.now(),
                    "expires_at": self.clock.now() + timedelta(days=365),
                },
            )

        self.office.database.write(command)
        return token

    @property
    def documents(self) -> Path:
        """The folder of documents."""
        return documents_folder(self.app.state.settings)

    lan = property(lambda self: self.caller("lan"))
    nam = property(lambda self: self.caller("nam"))
    yen = property(lambda self: self.caller("yen"))
    hung = property(lambda self: self.caller("hung"))
    designer = property(lambda self: self.caller("thiet.ke"))
    stranger = property(lambda self: self.caller("lan.khac"))

    def at(self, *when: int) -> datetime:
        moment = datetime(*when, tzinfo=VN)
        self.clock.set(moment)
        return moment

    def receive(self, **more: Any) -> dict[str, Any]:
        """A dossier that Lan received just now."""
        body = {
            "procedure": CODE,
            "applicant": "Lê Văn Tám",
            "data": {"dien_tich": 120},
            "components": [{"component": "DON"}],
            **more,
        }
        answer = self.lan.post("/dossiers", body)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def appraised(self, **more: Any) -> dict[str, Any]:
        """A dossier that Lan has passed on; its open step is the appraisal."""
        received = self.receive(**more)
        answer = self.lan.post(f"/steps/{step_of(received)}/complete", {})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def bring_drawings(self, dossier_id: str) -> None:
        drawings = {"component": "BAN_VE", "form": "certified_copy", "number": 2}
        answer = self.nam.post(f"/dossiers/{dossier_id}/components", {"components": [drawings]})
        assert answer.status_code == 200, answer.text

    def file(self, dossier_id: str) -> dict[str, Any]:
        return self.lan.get(f"/dossiers/{dossier_id}").json()


def step_of(outcome: dict[str, Any]) -> str:
    """The step that an act opened."""
    return outcome["opened"][0]["step_run_id"]


def found(office: Office) -> None:
    """Two agencies with the same procedure in force, in an empty, migrated database."""
    for stated in (agency("H01", ""), agency("H02", ".khac")):
        code = stated["agency"]["code"]
        passwords = {officer["login"]: PASSWORD for officer in stated["officers"]}

        def command(transaction, stated=stated, code=code, passwords=passwords):
            found_office(transaction, stated, passwords, LONG_AGO, office.ids, hashed_once)
            keep_calendar(transaction, code, working_calendar(), LONG_AGO, "test")

        office.database.write(command)
        with office.database.read() as connection:
            people = actors(connection, code, office.clock.now())
        designer = next(each for each in people.values() if "designer" in each.roles)
        draft = upload(office, designer, DIAGRAM, "cap-phep.bpmn")
        publish(office, designer, draft.version_id)


def found_in(url: str) -> None:
    """A database with the two agencies."""
    upgrade(url)
    office = Office(Database(url), SetClock(START), seeded_ids(1))
    found(office)
    office.database.close()


def open_desk(url: str, var_folder: Path) -> Desk:
    """The doors of a database with the two agencies."""
    clock = SetClock(START)
    settings = Settings(database_url=url, tick_seconds=0, var_folder=var_folder)
    office = Office(Database(url), clock, seeded_ids(2), documents=documents_of(settings))
    app = create_app(office, settings, with_pages=False)
    return Desk(office, clock, app, TestClient(app, base_url="http://quytrinh.test"))
