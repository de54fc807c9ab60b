"""What an office decides about reminders: which rung tells whom, and by which ways."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, select

from engine.calendar import Calendar
from engine.reminders.rungs import USUAL_PERCENT, Rung, quiet_until
from engine.store.reminder_tables import reminder_settings
from processes.errors import InvalidInput

HISTORY = "history"
"""Beside the settings: what was decided before; `ladder_history` reads it."""
_MOST_COST = 1_000_000_000


class Audience(StrEnum):
    """Who is told. A step that nobody has claimed is held by all who may claim it."""

    HOLDER = "holder"
    SUBSTITUTE = "substitute"  # who stands in for the holder now
    HEAD = "head"  # of the step's unit
    OFFICE = "office"  # the other heads of the office


class Way(StrEnum):
    """How somebody is told. Other systems are told by webhooks, rung by rung."""

    PAGE = "page"
    EMAIL = "email"
    TEXT = "text"  # SMS or Zalo, as the gateway sends it


class InvalidLadder(InvalidInput):
    """Settings that name no rung, audience or way, or no amount."""

    code = "reminders.invalid_settings"
    vi = "Thiết lập nhắc việc không dùng được ở “{what}”. Xem docs/reference/reminders.md."
    en = "The reminder settings cannot be used at '{what}'. See docs/reference/reminders.md."


class SenselessLadder(InvalidLadder):
    """Settings that can be read and make no sense."""

    code = "reminders.senseless_settings"
    vi = "Thiết lập nhắc việc chưa hợp lý: {why_vi}"
    en = "The reminder settings make no sense: {why_en}"


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
    Rung.OWED: {  # only heads may put off
        Audience.HOLDER: _BOTH,
        Audience.SUBSTITUTE: _BOTH,
        Audience.HEAD: _BOTH,
        Audience.OFFICE: _PAGE,
    },
}


@dataclass(frozen=True, slots=True)
class LadderSettings:
    """off: rungs that tell nobody for now. webhooks: rungs that other systems are told of.

    part_percent: of the working time, of which the first rung tells. quiet: nothing goes out while
    the office is closed; quiet_hours: nor between these times of day. digest: an e-mail a day to
    who has something due or late, at the day's opening or from digest_at on.

    text_cost: đồng of one part of an SMS. text_cap, month_cap: đồng that SMS may cost a day and a
    month; None: no cap of the month. citizen_texts: citizens who left a telephone number are
    texted, too; it counts against the same caps.
    """

    rungs: Mapping[Rung, Ways] = field(default_factory=lambda: USUAL)
    off: frozenset[Rung] = frozenset()
    webhooks: frozenset[Rung] = frozenset(Rung)
    part_percent: int = USUAL_PERCENT
    quiet: bool = True
    quiet_hours: tuple[time, time] | None = None
    digest: bool = True
    digest_at: time | None = None
    text_cost: int = 300
    text_cap: int = 100_000
    month_cap: int | None = None
    citizen_texts: bool = False

    def told(self, rung: Rung) -> Ways:
        """Whom the rung tells, by which ways."""
        return {} if rung in self.off else self.rungs[rung]

    def tells_webhooks(self, rung: Rung) -> bool:
        return rung in self.webhooks and rung not in self.off

    def to_data(self) -> dict[str, Any]:
        """As it is stored and stated."""
        rungs = {
            rung.value: {who.value: [way.value for way in ways] for who, ways in told.items()}
            for rung, told in self.rungs.items()
        }
        hours = self.quiet_hours
        return {
            "rungs": rungs,
            "off": [rung.value for rung in Rung if rung in self.off],
            "webhooks": [rung.value for rung in Rung if rung in self.webhooks],
            "part_percent": self.part_percent,
            "quiet": self.quiet,
            "quiet_hours": None if hours is None else [f"{each:%H:%M}" for each in hours],
            "digest": self.digest,
            "digest_at": None if self.digest_at is None else f"{self.digest_at:%H:%M}",
            "text_cost": self.text_cost,
            "text_cap": self.text_cap,
            "month_cap": self.month_cap,
            "citizen_texts": self.citizen_texts,
        }


def read_settings(data: Any) -> LadderSettings:
    """Settings as they are stated; what is not stated is as usual (InvalidLadder)."""
    if not isinstance(data, Mapping):
        raise InvalidLadder(what=str(data)[:100])
    for name in data:
        if name not in _KNOWN:
            raise InvalidLadder(what=str(name)[:100])
    return replace(LadderSettings(), **{name: _KNOWN[name](data[name]) for name in data})


def settings_of(connection: Connection, agency_id: str) -> LadderSettings:
    """What the office decided, or the usual."""
    data = connection.execute(
        select(reminder_settings.c.data).where(reminder_settings.c.agency_id == agency_id)
    ).scalar_one_or_none()
    if data is None:
        return LadderSettings()
    return read_settings({name: each for name, each in data.items() if name != HISTORY})


def require_sense(settings: LadderSettings, calendar: Calendar, now: datetime) -> None:
    """Refuse what would never tell anybody, though every word of it can be read."""
    day, sessions = calendar.local(now).date(), []
    for _ in range(10):
        day = calendar.next_working_day(day + timedelta(days=1))
        sessions += [(day, session) for session in calendar.sessions_on(day)]
    if settings.quiet_hours is not None and settings.quiet:
        begins = [_at(calendar, day, each.opens) for day, each in sessions]
        ends = [_at(calendar, day, each.closes) for day, each in sessions]
        if all(
            (_out_of(settings.quiet_hours, calendar, begin) or begin) >= end
            for begin, end in zip(begins, ends, strict=True)
        ):
            raise SenselessLadder(
                why_vi="giờ yên lặng che hết giờ làm việc, không nhắc việc nào được gửi.",
                why_en="the quiet hours cover all office hours, so no reminder would be sent.",
            )
    at = settings.digest_at
    if settings.digest and at is not None and all(each.closes <= at for _, each in sessions):
        raise SenselessLadder(
            why_vi=f"{at:%H:%M} là lúc cơ quan đã đóng cửa, thư tổng hợp không gửi được.",
            why_en=f"at {at:%H:%M} the office is closed, so the daily e-mail would not be sent.",
        )


def silent_until(calendar: Calendar, now: datetime, settings: LadderSettings) -> datetime | None:
    """When something may be sent again; None: now."""
    moment = now
    for _ in range(8):  # the end of the quiet hours may lie in closed time, and the other way round
        opening = quiet_until(calendar, moment) if settings.quiet else None
        hours = settings.quiet_hours
        out = None if hours is None else _out_of(hours, calendar, opening or moment)
        if opening is None and out is None:
            break
        moment = out or opening or moment
    return moment if moment > now else None


def _out_of(hours: tuple[time, time], calendar: Calendar, at: datetime) -> datetime | None:
    """When the quiet hours end in which a moment lies, None where it lies in none."""
    begins, ends = hours
    local = calendar.local(at)
    clock = local.time()
    inside = begins <= clock < ends if begins < ends else clock >= begins or clock < ends
    if not inside:
        return None
    day = local.date() + timedelta(days=1 if begins > ends and clock >= begins else 0)
    return _at(calendar, day, ends)


def _at(calendar: Calendar, day: Any, clock: time) -> datetime:
    return datetime.combine(day, clock, calendar.tz)


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


def _some_rungs(stated: Any) -> frozenset[Rung]:
    try:
        return frozenset(Rung(rung) for rung in stated)
    except (ValueError, TypeError) as error:
        raise InvalidLadder(what=str(error)[:100]) from error


def _yes_or_no(stated: Any) -> bool:
    if not isinstance(stated, bool):
        raise InvalidLadder(what=str(stated)[:100])
    return stated


def _amount(stated: Any) -> int:
    if not isinstance(stated, int) or isinstance(stated, bool):
        raise InvalidLadder(what=str(stated)[:100])
    if not 0 <= stated <= _MOST_COST:
        raise SenselessLadder(
            why_vi=f"{stated} không phải số tiền (0 đến 1.000.000.000 đồng).",
            why_en=f"{stated} is no amount (0 to 1,000,000,000 đồng).",
        )
    return stated


def _amount_or_none(stated: Any) -> int | None:
    return None if stated is None else _amount(stated)


def _percent(stated: Any) -> int:
    if not isinstance(stated, int) or isinstance(stated, bool):
        raise InvalidLadder(what=str(stated)[:100])
    if not 1 <= stated <= 99:  # noqa: PLR2004
        raise SenselessLadder(
            why_vi=f"mức nhắc {stated} % không nằm giữa 1 % và 99 % thời hạn.",
            why_en=f"{stated} % of the time does not lie between 1 % and 99 %.",
        )
    return stated


def _clock(stated: Any) -> time:
    try:
        return time.fromisoformat(stated).replace(second=0, microsecond=0, tzinfo=None)
    except (ValueError, TypeError) as error:
        raise InvalidLadder(what=str(stated)[:100]) from error


def _clock_or_none(stated: Any) -> time | None:
    return None if stated is None else _clock(stated)


def _hours(stated: Any) -> tuple[time, time] | None:
    if stated is None:
        return None
    if not isinstance(stated, list | tuple) or len(stated) != 2:  # noqa: PLR2004
        raise InvalidLadder(what=str(stated)[:100])
    begins, ends = (_clock(each) for each in stated)
    if begins == ends:
        raise SenselessLadder(
            why_vi="giờ yên lặng dài cả ngày, không nhắc việc nào được gửi.",
            why_en="the quiet hours last all day, so no reminder would be sent.",
        )
    return begins, ends


_KNOWN: Mapping[str, Callable[[Any], Any]] = {
    "rungs": _rungs,
    "off": _some_rungs,
    "webhooks": _some_rungs,
    "part_percent": _percent,
    "quiet": _yes_or_no,
    "quiet_hours": _hours,
    "digest": _yes_or_no,
    "digest_at": _clock_or_none,
    "text_cost": _amount,
    "text_cap": _amount,
    "month_cap": _amount_or_none,
    "citizen_texts": _yes_or_no,
}
