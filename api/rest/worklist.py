"""The worklist: what waits for the officer, what is at risk first on top."""

from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict

from api.identity import Officer, TheOffice
from api.rest.paging import After, Limit, Search, page_of, read_place, write_place
from api.rest.risk_answer import RiskAnswer, risk_answer
from engine.calendar import Calendar
from engine.legal_clock.spoken_time import spoken_left
from engine.risk.level import risks
from engine.worklist import Counts, Place, Waiting, counts, place_of, worklist

router = APIRouter(prefix="/worklist", tags=["steps"])


class Only(StrEnum):
    """Which part of the worklist."""

    ALL = "all"
    MINE = "mine"
    RISK = "risk"
    LATE = "late"
    TODAY = "today"
    PAUSED = "paused"


class Left(BaseModel):
    """Working time left until due, negative when late, with its words."""

    model_config = ConfigDict(extra="forbid")

    seconds: int
    vi: str
    en: str


class WaitingRow(BaseModel):
    """One open step; `left` is null where no limit runs."""

    model_config = ConfigDict(extra="forbid")

    step: Waiting
    left: Left | None
    risk: RiskAnswer


class Worklist(BaseModel):
    """A page of the worklist, and the numbers above it (of all pages).

    Each number is counted up to 1,000, which stands for 1,000 or more.
    """

    model_config = ConfigDict(extra="forbid")

    items: list[WaitingRow]
    next: str | None
    counts: Counts


@router.get("", summary="Hộp việc / what waits for me")
def get_worklist(
    office: TheOffice,
    actor: Officer,
    only: Annotated[Only, Query(description="Which part.")] = Only.ALL,
    search: Search = "",
    after: After = "",
    limit: Limit = 50,
) -> Worklist:
    """Open steps of the officer's positions, and those claimed, what is at risk first on top.

    `late` and `today` are sorted by when they are due; `risk` is what is late, or at high risk.
    """
    place = read_place(after)
    with office.database.read() as connection:
        calendar = office.calendar(connection, actor.agency_id)
        now = office.clock.now()
        until = end_of_today(calendar, now)
        rows = worklist(
            connection,
            actor,
            only=only,
            search=search,
            at=now,
            until=until,
            after=None if place is None else Place(*place),
            most=limit + 1,
        )
        numbers = counts(connection, actor, now, until)
        standing = risks(office, connection, actor.agency_id, rows[:limit], now)
    page = page_of(rows, limit, lambda row: _place(row, only))
    return Worklist(
        items=[
            WaitingRow(
                step=row,
                left=left(calendar, now, row.due_at),
                risk=risk_answer(standing[row.step_run_id]),
            )
            for row in page.items
        ],
        next=page.next,
        counts=numbers,
    )


def end_of_today(calendar: Calendar, now: datetime) -> datetime:
    """The last moment of the day at the office."""
    tomorrow = calendar.local(now).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time.min, calendar.tz) - timedelta(microseconds=1)


def left(calendar: Calendar, now: datetime, due: datetime | None) -> Left | None:
    """Working time from now until due."""
    if due is None:
        return None
    seconds = calendar.elapsed(now, due)
    return Left(seconds=seconds, vi=spoken_left(seconds, "vi"), en=spoken_left(seconds, "en"))


def _place(row: Waiting, only: Only) -> str:
    place = place_of(row, only)
    step_run_id: UUID = place.step_run_id
    return write_place(place.at, step_run_id)
