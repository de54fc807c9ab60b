"""The working calendar: read, and changed by a proposal that is previewed and approved."""

from datetime import date, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query
from pydantic import Field

from api.identity import Officer, TheOffice
from api.rest.answer import Answer
from api.rest.bodies import Body, Key
from engine.answered_once import Asked, do_once
from engine.calendar_change.change import (
    APPLYING,
    Change,
    approve,
    change,
    changes,
    newest_edition,
    preview,
    propose,
    withdraw,
)
from engine.calendar_change.reprojection import follow_in, left_to_follow
from engine.office import Office
from engine.store.database import Command
from engine.working_calendar.editions import layers_of
from engine.working_calendar.layer import Layer, Level
from processes.errors import InvalidInput

router = APIRouter(prefix="/calendar", tags=["calendar"])
ChangeId = Annotated[UUID, Path(description="Id of the proposal.")]
_MOST_DAYS = 400
_AT_A_TIME = 5_000


class TooManyDays(InvalidInput):
    """A stretch of days that is none, or too long to be answered at once."""

    code = "calendar.too_many_days"
    vi = "Từ {first} đến {last} không phải khoảng 1-400 ngày. Hỏi khoảng ngắn hơn."
    en = "From {first} to {last} is no stretch of 1 to 400 days. Ask for a shorter one."


class CalendarAnswer(Answer):
    """The newest edition and its layers, as `quytrinh calendar show --layer` writes them."""

    edition: int
    since: datetime
    reason: str
    decision_no: str
    zone: str
    first_day: date
    last_day: date
    undecided_years: list[int]
    layers: list[dict[str, Any]]


class DayAnswer(Answer):
    """A day; sessions: such as 07:30-11:30, none when closed. name, basis: why, where stated."""

    day: date
    sessions: list[str]
    name: str
    basis: str
    undecided: bool


class MovedAnswer(Answer):
    """A dossier that moves; effect: becomes_late, no_longer_late, later, earlier, steps_only."""

    dossier_id: UUID
    code: str
    before: datetime | None
    after: datetime | None
    effect: str


class PreviewAnswer(Answer):
    """What the change does to all open dossiers; lines: the first 200 that move."""

    at: datetime
    open: int
    moved: int
    later: int
    earlier: int
    becomes_late: int
    no_longer_late: int
    steps: int
    timers: int
    promises: int
    uncountable: int
    lines: list[MovedAnswer]
    uncounted: list[str]


class ChangeAnswer(Answer):
    """A proposal. state: draft, applying, applied, withdrawn. left: open dossiers yet to follow."""

    change_id: UUID
    state: str
    base: int
    reason: str
    proposed_by: UUID
    proposed_at: datetime
    preview: PreviewAnswer | None
    decision_no: str
    approved_by: UUID | None
    approved_at: datetime | None
    edition: int | None
    looked_at: int
    moved: int
    left: int
    applied_at: datetime | None
    layers: list[dict[str, Any]]


class LayerKey(Body):
    """Which layer."""

    level: Level
    unit: Annotated[str, Field(max_length=60)] = ""


class ProposalBody(Body):
    """Layers in place of those of the same level and unit; without: layers that are taken away."""

    layers: Annotated[list[dict[str, Any]], Field(max_length=200)] = Field(default_factory=list)
    without: Annotated[list[LayerKey], Field(max_length=200)] = Field(default_factory=list)
    reason: Annotated[str, Field(max_length=2000)]


class ApprovalBody(Body):
    decision_no: Annotated[str, Field(max_length=300)]


class AppliedAnswer(Answer):
    """What this request looked at, and what is left for workers or the next request."""

    looked_at: int
    left: int


@router.get("", summary="Lịch làm việc / the calendar")
def get_calendar(office: TheOffice, actor: Officer) -> CalendarAnswer:
    """What the office counts by, layer by layer."""
    with office.database.read() as connection:
        number = newest_edition(connection, actor.agency_id)
        edition = office.edition_numbered(connection, actor.agency_id, number)
        layers = layers_of(connection, actor.agency_id, number)
    counted = edition.office
    return CalendarAnswer(
        edition=number,
        since=edition.since,
        reason=edition.grounds.reason,
        decision_no=edition.grounds.decision_no,
        zone=counted.zone,
        first_day=counted.first_day,
        last_day=counted.last_day,
        undecided_years=list(counted.undecided_years),
        layers=[layer.to_data() for layer in layers],
    )


@router.get("/days", summary="Các ngày / days")
def get_days(
    office: TheOffice,
    actor: Officer,
    first: Annotated[date, Query(description="First day.")],
    last: Annotated[date, Query(description="Last day, at most 400 days on.")],
    unit: Annotated[str, Query(max_length=60, description="By whose calendar.")] = "",
) -> list[DayAnswer]:
    """When the office, or a unit, is open on each of some days, and why not."""
    number = (last - first).days
    if not 0 <= number < _MOST_DAYS:
        raise TooManyDays(first=first, last=last)
    with office.database.read() as connection:
        edition = office.edition(connection, actor.agency_id)
    counted = edition.calendar_of(unit)
    stated = {each.day: each for each in counted.exceptions}
    days = (first + timedelta(days=offset) for offset in range(number + 1))
    return [
        DayAnswer(
            day=day,
            sessions=[str(session) for session in counted.sessions_on(day)],
            name=stated[day].name if day in stated else "",
            basis=stated[day].basis if day in stated else "",
            undecided=day in stated and stated[day].undecided,
        )
        for day in days
    ]


@router.get("/changes", summary="Đề xuất đổi lịch / proposals")
def get_changes(office: TheOffice, actor: Officer) -> list[ChangeAnswer]:
    """The last 50 proposals, the newest first, without the lines of their previews."""
    with office.database.read() as connection:
        found = changes(connection, actor.agency_id)
    return [_answer(office, actor.agency_id, each, lines=False) for each in found]


@router.post("/changes", summary="Đề xuất / propose", status_code=201)
def post_change(
    office: TheOffice, actor: Officer, body: ProposalBody, key: Key = None
) -> ChangeAnswer:
    """Propose a change (administrators, heads); nothing counts by it before it is approved."""
    layers = [Layer.from_data(each) for each in body.layers]
    without = [(each.level, each.unit) for each in body.without]
    made = propose(office, actor, layers, body.reason, without=without, key=key)
    return _answer(office, actor.agency_id, made)


@router.get("/changes/{change_id}", summary="Một đề xuất / a proposal")
def get_change(office: TheOffice, actor: Officer, change_id: ChangeId) -> ChangeAnswer:
    """A proposal with its preview and how far it is applied."""
    return _known(office, actor.agency_id, change_id)


@router.post("/changes/{change_id}/preview", summary="Xem trước / preview")
def post_preview(
    office: TheOffice, actor: Officer, change_id: ChangeId, key: Key = None
) -> ChangeAnswer:
    """Work out which open dossiers move, and how; kept with the proposal."""
    preview(office, actor, change_id, key=key)
    return _known(office, actor.agency_id, change_id)


@router.post("/changes/{change_id}/approve", summary="Duyệt / approve")
def post_approve(
    office: TheOffice, actor: Officer, change_id: ChangeId, body: ApprovalBody, key: Key = None
) -> ChangeAnswer:
    """Put a previewed proposal of somebody else in force; workers have open dossiers follow."""
    approve(office, actor, change_id, body.decision_no, key=key)
    return _known(office, actor.agency_id, change_id)


@router.post("/changes/{change_id}/apply", summary="Dời hạn ngay / apply now")
def post_apply(
    office: TheOffice, actor: Officer, change_id: ChangeId, key: Key = None
) -> AppliedAnswer:
    """Have open dossiers follow now, at most 5,000 of them; workers do the same by themselves."""
    found = _known(office, actor.agency_id, change_id)

    def work() -> Command[int]:
        done = follow_in(office, actor.agency_id, _AT_A_TIME) if found.state == APPLYING else None
        return lambda _: 0 if done is None else done.looked_at

    asked = Asked(actor, "calendar.apply", {"change": str(change_id)}, key)
    looked_at = do_once(office, asked, work)
    return AppliedAnswer(looked_at=looked_at, left=_known(office, actor.agency_id, change_id).left)


@router.post("/changes/{change_id}/withdraw", summary="Rút / withdraw")
def post_withdraw(
    office: TheOffice, actor: Officer, change_id: ChangeId, key: Key = None
) -> ChangeAnswer:
    """Put a proposal aside."""
    withdraw(office, actor, change_id, key=key)
    return _known(office, actor.agency_id, change_id)


def _known(office: Office, agency_id: str, change_id: UUID) -> ChangeAnswer:
    with office.database.read() as connection:
        found = change(connection, agency_id, change_id)
    return _answer(office, agency_id, found)


def _answer(office: Office, agency_id: str, found: Change, *, lines: bool = True) -> ChangeAnswer:
    left = 0
    if found.state == APPLYING and found.edition is not None:
        with office.database.read() as connection:
            left = left_to_follow(connection, agency_id, found.edition)
    return ChangeAnswer(
        preview=None if found.preview is None else _previewed(found, lines=lines),
        layers=[layer.to_data() for layer in found.layers] if lines else [],
        left=left,
        **{name: getattr(found, name) for name in _ALIKE},
    )


def _previewed(found: Change, *, lines: bool) -> PreviewAnswer:
    seen = found.preview
    shown = seen.lines if seen is not None and lines else []
    moved = [
        MovedAnswer(
            dossier_id=line.dossier_id,
            code=line.code,
            before=line.before,
            after=line.after,
            effect=line.effect,
        )
        for line in shown
    ]
    counted = {name: getattr(seen, name) for name in _COUNTED}
    return PreviewAnswer(lines=moved, **counted)


_ALIKE = sorted(set(ChangeAnswer.model_fields) - {"preview", "layers", "left"})
_COUNTED = sorted(set(PreviewAnswer.model_fields) - {"lines"})
