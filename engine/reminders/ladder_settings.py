"""What an office decides about reminders: which rung tells whom, and by which ways."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from engine.actor import Actor, Role
from engine.office import Office
from engine.reminders.rungs import Rung
from engine.store.database import Transaction
from engine.store.reminder_tables import reminder_settings
from processes.errors import InvalidInput

_MOST_COST = 1_000_000_000


class Audience(StrEnum):
    """Who is told. A step that nobody has claimed is held by all who may claim it."""

    HOLDER = "holder"
    SUBSTITUTE = "substitute"  # who stands in for the holder now
    HEAD = "head"  # of the step's unit
    OFFICE = "office"  # the other heads of the office


class Way(StrEnum):
    """How somebody is told. What else wants to know listens by a webhook."""

    PAGE = "page"
    EMAIL = "email"
    TEXT = "text"  # SMS or Zalo, as the gateway sends it


class InvalidLadder(InvalidInput):
    """Settings that name no rung, audience or way, or no amount."""

    code = "reminders.invalid_settings"
    vi = "Thiết lập nhắc việc không dùng được ở “{what}”. Xem docs/reference/reminders.md."
    en = "The reminder settings cannot be used at '{what}'. See docs/reference/reminders.md."


Ways = Mapping[Audience, tuple[Way, ...]]
_PAGE, _BOTH = (Way.PAGE,), (Way.PAGE, Way.EMAIL)
USUAL: Mapping[Rung, Ways] = {
    Rung.PART_USED: {Audience.HOLDER: _PAGE},
    Rung.DAY_BEFORE: {Audience.HOLDER: _BOTH, Audience.SUBSTITUTE: _BOTH},
    Rung.DUE: {Audience.HOLDER: _BOTH, Audience.SUBSTITUTE: _BOTH, Audience.HEAD: _PAGE},
    Rung.OVERDUE: {
        Audience.HOLDER: _BOTH,
        Audience.SUBSTITUTE: _BOTH,
        Audience.HEAD: _BOTH,
        Audience.OFFICE: _PAGE,
    },
}


@dataclass(frozen=True, slots=True)
class LadderSettings:
    """quiet: nothing goes out while the office is closed. digest: an e-mail a day to who has
    something due or late.

    text_cost: đồng of one part of an SMS. text_cap: đồng that SMS may cost a day.
    """

    rungs: Mapping[Rung, Ways] = field(default_factory=lambda: USUAL)
    quiet: bool = True
    digest: bool = True
    text_cost: int = 300
    text_cap: int = 100_000

    def to_data(self) -> dict[str, Any]:
        """As it is stored and stated."""
        rungs = {
            rung.value: {who.value: [way.value for way in ways] for who, ways in told.items()}
            for rung, told in self.rungs.items()
        }
        amounts = {"text_cost": self.text_cost, "text_cap": self.text_cap}
        return {"rungs": rungs, "quiet": self.quiet, "digest": self.digest, **amounts}


def read_settings(data: Any) -> LadderSettings:
    """Settings as they are stated; what is not stated is as usual (InvalidLadder)."""
    if not isinstance(data, Mapping):
        raise InvalidLadder(what=str(data)[:100])
    known: dict[str, Callable[[Any], Any]] = {
        "rungs": _rungs,
        "quiet": _yes_or_no,
        "digest": _yes_or_no,
        "text_cost": _amount,
        "text_cap": _amount,
    }
    for name in data:
        if name not in known:
            raise InvalidLadder(what=str(name)[:100])
    return replace(LadderSettings(), **{name: known[name](data[name]) for name in data})


def _rungs(stated: Any) -> dict[Rung, Ways]:
    """Rungs that are not stated are as usual; an empty one tells nobody."""
    try:
        read = {
            Rung(rung): {
                Audience(who): tuple(dict.fromkeys(Way(way) for way in ways))
                for who, ways in told.items()
            }
            for rung, told in stated.items()
        }
    except (ValueError, TypeError, AttributeError) as error:
        raise InvalidLadder(what=str(error)[:100]) from error
    return {**USUAL, **read}


def _yes_or_no(stated: Any) -> bool:
    if not isinstance(stated, bool):
        raise InvalidLadder(what=str(stated)[:100])
    return stated


def _amount(stated: Any) -> int:
    if not isinstance(stated, int) or isinstance(stated, bool) or not 0 <= stated <= _MOST_COST:
        raise InvalidLadder(what=str(stated)[:100])
    return stated


def settings_of(connection: Connection, agency_id: str) -> LadderSettings:
    """What the office decided, or the usual."""
    data = connection.execute(
        select(reminder_settings.c.data).where(reminder_settings.c.agency_id == agency_id)
    ).scalar_one_or_none()
    return LadderSettings() if data is None else read_settings(data)


def set_ladder(office: Office, actor: Actor, stated: Any) -> LadderSettings:
    """Decide it anew; from then on it counts for every reminder (NotAllowed, InvalidLadder)."""
    actor.require(Role.ADMIN, who="quản trị / administrators")
    settings = read_settings(stated)
    row = {
        "agency_id": actor.agency_id,
        "data": settings.to_data(),
        "set_at": office.clock.now(),
        "set_by": actor.account_id,
    }

    def change(transaction: Transaction) -> None:
        this = reminder_settings.c.agency_id == actor.agency_id
        transaction.execute(delete(reminder_settings).where(this))
        transaction.execute(insert(reminder_settings), row)

    office.database.write(change)
    return settings
