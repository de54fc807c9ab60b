"""Two ways to the same acts: over HTTP with a bearer token, and straight into the engine."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from bench.office import PASSWORD, people
from bench.procedure import COMPONENT, LANES, entries, procedure_code
from engine.dossiers.complete_step import complete_step
from engine.dossiers.components import Brought
from engine.dossiers.outcome import Outcome
from engine.dossiers.receive import Reception, receive
from engine.office import Office

OFFICERS = tuple(lane.position for lane in LANES)
APPLICANT = "Nguyễn Thị Ánh Tuyết"


class WrongAnswer(Exception):
    """The product did not do what the benchmark asked for; no figure would mean anything."""


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a dossier stands after an act: the open step, if any, whose it is, and the state."""

    state: str
    step_run_id: str | None
    position: str | None


class Door(Protocol):
    """Receives dossiers and completes steps; `key` is the idempotency key, None = without."""

    def receive(self, steps: int, key: str | None) -> Stand: ...

    def complete(self, stand: Stand, data: dict[str, str], key: str | None) -> Stand: ...


class HttpDoor:
    """The REST API, each step completed by the officer of its lane with their own token.

    client: an HTTP client of the product's address, or one that calls the application directly;
    logins: who comes, each login being also the position held.
    """

    def __init__(self, client: Any, logins: Sequence[str] = OFFICERS) -> None:
        self._client = client
        self._headers: dict[str, dict[str, str]] = {}
        for login in logins:
            answer = client.post("/api/v1/login", json={"login": login, "password": PASSWORD})
            token = _read(answer, 200)["token"]
            self._headers[login] = {"Authorization": f"Bearer {token}"}
        client.cookies.clear()  # a program that sends the token has no cookie

    def receive(self, steps: int, key: str | None) -> Stand:
        body = {
            "procedure": procedure_code(steps),
            "applicant": APPLICANT,
            "components": [{"component": COMPONENT, "form": "original", "number": 1}],
        }
        answer = self._post("/api/v1/dossiers", LANES[0].position, body, key)
        return _stand(_read(answer, 201))

    def complete(self, stand: Stand, data: dict[str, str], key: str | None) -> Stand:
        address = f"/api/v1/steps/{stand.step_run_id}/complete"
        return _stand(_read(self._post(address, stand.position, {"data": data}, key), 200))

    def get(self, address: str, position: str) -> Any:
        return _read(self._client.get(address, headers=self._headers[position]), 200)

    def page(self, address: str, position: str) -> str:
        """A page of the web interface, as its HTML."""
        answer = self._client.get(address, headers=self._headers[position])
        if answer.status_code != 200:
            raise WrongAnswer(f"{answer.status_code}: {answer.text[:500]}")
        return str(answer.text)

    def _post(
        self, address: str, position: str | None, body: dict[str, Any], key: str | None
    ) -> Any:
        headers = self._headers[position or ""]
        if key is not None:
            headers = {**headers, "Idempotency-Key": key}
        return self._client.post(address, json=body, headers=headers)


class EngineDoor:
    """The engine's own functions, in this process."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._people = people(office)

    def receive(self, steps: int, key: str | None) -> Stand:
        reception = Reception(
            procedure_code(steps), APPLICANT, components=(Brought(COMPONENT, "original", 1),)
        )
        clerk = self._people[LANES[0].position]
        return _stand_of(receive(self._office, clerk, reception, key=key))

    def complete(self, stand: Stand, data: dict[str, str], key: str | None) -> Stand:
        actor = self._people[stand.position or ""]
        return _stand_of(complete_step(self._office, actor, UUID(stand.step_run_id), data, key=key))


Watch = Callable[[str, Callable[[], Stand]], Stand]
"""Called with "receive" or "complete" and the act; does it and answers what it answered."""


def walk(door: Door, steps: int, chance: random.Random, watch: Watch, *, keys: bool = True) -> None:
    """Take one dossier through the whole chain, to its end (WrongAnswer where it does not go)."""

    def key() -> str | None:
        return f"{chance.getrandbits(128):032x}" if keys else None

    received = key()
    stand = watch("receive", lambda: door.receive(steps, received))
    for number in range(1, steps + 1):
        data, sent = entries(number, steps, chance), key()
        before = stand
        if before.step_run_id is None:
            raise WrongAnswer(f"step {number} of {steps} is not open: {before}")
        stand = watch("complete", lambda: door.complete(before, data, sent))  # noqa: B023
    if stand.state != "returned" or stand.step_run_id is not None:
        raise WrongAnswer(f"the chain of {steps} steps did not end: {stand}")


def unwatched(_kind: str, act: Callable[[], Stand]) -> Stand:
    """A watch that measures nothing."""
    return act()


def _read(answer: Any, expected: int) -> Any:
    if answer.status_code != expected:
        raise WrongAnswer(f"{answer.status_code}: {answer.text[:500]}")
    return answer.json()


def _stand(outcome: dict[str, Any]) -> Stand:
    if not outcome["opened"]:
        return Stand(outcome["state"], None, None)
    (opened,) = outcome["opened"]
    return Stand(outcome["state"], opened["step_run_id"], opened["position"])


def _stand_of(outcome: Outcome) -> Stand:
    if not outcome.opened:
        return Stand(outcome.state, None, None)
    (opened,) = outcome.opened
    return Stand(outcome.state, str(opened.step_run_id), opened.position)
