"""Reminders: one's own notices, and the settings of the office's ladder."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query
from pydantic import Field

from api.identity import Officer, TheOffice
from api.rest.answer import Answer
from api.rest.bodies import Body, Key
from engine.reminders.consequences import DAYS, Consequences, consequences
from engine.reminders.cost import spent
from engine.reminders.ladder_history import decided, set_ladder, undo_ladder
from engine.reminders.ladder_settings import read_settings, require_sense, settings_of
from engine.reminders.notices import mark_read, notices

router = APIRouter(prefix="/reminders", tags=["reminders"])
NoticeId = Annotated[UUID, Path(description="Id of the notice.")]


class NoticeAnswer(Answer):
    """A reminder that is not read.

    kind: a rung, owed or owed_result (of the dossier on its last day), or held; over: the step, or
    handling, has ended since.
    """

    notice_id: UUID
    kind: str
    at: datetime
    due_at: datetime | None
    dossier_id: UUID | None
    dossier_code: str | None
    step: str | None
    over: bool


class ReadAnswer(Answer):
    """How many were marked."""

    read: int


class DecisionAnswer(Answer):
    """Settings that counted from then on; number 0 is the usual, which nobody decided."""

    number: int
    at: datetime | None
    by: UUID | None
    reason: str
    settings: dict[str, Any]


class SettingsBody(Body):
    """Settings as GET answers them; what is left out is as usual.

    seen: the number of the decision that was looked at; another one since refuses the request.
    """

    settings: dict[str, Any]
    reason: Annotated[str, Field(max_length=500)] = ""
    seen: int | None = None


class UndoBody(Body):
    """Which decision is to count again."""

    number: Annotated[int, Field(ge=0)]
    reason: Annotated[str, Field(max_length=500)] = ""
    seen: int | None = None


class TriedBody(Body):
    settings: dict[str, Any]


class SentAnswer(Answer):
    """What settings would have sent. by_way: page, email, text, webhook; cost in đồng.

    held: text messages beyond a cap. digests_at_most: they were off, so that it is a bound.
    """

    rungs: int
    by_way: dict[str, int]
    held: int
    cost: int
    texts_per_step: float
    digests: int
    digests_at_most: bool


class ConsequencesAnswer(Answer):
    """Over the last `days`: by the settings in force, and by those that were sent."""

    days: int
    in_force: SentAnswer
    wanted: SentAnswer


class SpentAnswer(Answer):
    """Messages of one kind that were sent; cost in đồng."""

    kind: str
    sent: int
    parts: int
    cost: int
    steps: int
    held: int
    expired: int
    per_step: float


@router.get("", summary="Nhắc việc của tôi / my reminders")
def get_notices(office: TheOffice, actor: Officer) -> list[NoticeAnswer]:
    """What is not read, at most 100, the newest first."""
    with office.database.read() as connection:
        found = notices(connection, actor)
    names = NoticeAnswer.model_fields
    return [NoticeAnswer(**{name: getattr(each, name) for name in names}) for each in found]


@router.post("/read", summary="Đã đọc tất cả / mark all as read")
def post_read_all(office: TheOffice, actor: Officer, key: Key = None) -> ReadAnswer:
    """Mark all of one's own as read."""
    return ReadAnswer(read=mark_read(office, actor, key=key))


@router.post("/{notice}/read", summary="Đã đọc / mark as read")
def post_read(office: TheOffice, actor: Officer, notice: NoticeId, key: Key = None) -> ReadAnswer:
    """Mark one of one's own as read; marking again changes nothing."""
    return ReadAnswer(read=mark_read(office, actor, notice, key=key))


@router.get("/settings", summary="Thiết lập / settings")
def get_settings(office: TheOffice, actor: Officer) -> DecisionAnswer:
    """What is in force (administrators, heads)."""
    return get_decisions(office, actor)[0]


@router.get("/settings/decisions", summary="Các lần quyết định / decisions")
def get_decisions(office: TheOffice, actor: Officer) -> list[DecisionAnswer]:
    """Who decided what, when and why, the newest first."""
    with office.database.read() as connection:
        found = decided(connection, actor)
    return [
        DecisionAnswer(
            number=each.number,
            at=each.at,
            by=each.by,
            reason=each.reason,
            settings=each.settings.to_data(),
        )
        for each in found
    ]


@router.put("/settings", summary="Đặt thiết lập / set")
def put_settings(
    office: TheOffice, actor: Officer, body: SettingsBody, key: Key = None
) -> DecisionAnswer:
    """Decide it anew (administrators, heads); it counts for every reminder from now on."""
    set_ladder(office, actor, body.settings, body.reason, seen=body.seen, key=key)
    return get_settings(office, actor)


@router.post("/settings/undo", summary="Dùng lại thiết lập cũ / undo")
def post_undo(office: TheOffice, actor: Officer, body: UndoBody, key: Key = None) -> DecisionAnswer:
    """Have the settings of an earlier decision count again."""
    undo_ladder(office, actor, body.number, body.reason, seen=body.seen, key=key)
    return get_settings(office, actor)


@router.post("/settings/preview", summary="Xem hậu quả / what would follow")
def post_preview(office: TheOffice, actor: Officer, body: TriedBody) -> ConsequencesAnswer:
    """What these settings would have sent in the last 30 days; nothing is kept."""
    wanted, now = read_settings(body.settings), office.clock.now()
    with office.database.read() as connection:
        calendar = office.calendar(connection, actor.agency_id)
        require_sense(wanted, calendar, now)
        known = settings_of(connection, actor.agency_id)
        was, becomes = (
            _sent(consequences(connection, actor, now, calendar, known, each))
            for each in (known, wanted)
        )
    return ConsequencesAnswer(days=DAYS, in_force=was, wanted=becomes)


@router.get("/cost", summary="Chi phí / what messages cost")
def get_cost(
    office: TheOffice,
    actor: Officer,
    first: Annotated[date, Query(description="First day.")],
    last: Annotated[date, Query(description="Last day.")],
) -> list[SpentAnswer]:
    """Messages that were sent, by kind (administrators, heads)."""
    with office.database.read() as connection:
        found = spent(connection, actor, *(int(f"{day:%Y%m%d}") for day in (first, last)))
    return [SpentAnswer.model_validate(each) for each in found]


def _sent(found: Consequences) -> SentAnswer:
    return SentAnswer(
        rungs=found.rungs,
        by_way=dict(found.by_way),
        held=found.held,
        cost=found.cost,
        texts_per_step=found.texts_per_step,
        digests=found.digests,
        digests_at_most=found.at_most,
    )
