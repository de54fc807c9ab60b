"""Files that the citizen sends for an open supplement request: offered, then accepted by a clerk.

They do not count and no clock goes on until a clerk has accepted them; then the clocks go on since
the moment the last of them came, for the citizen does not answer for how long they lay here.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, and_, exists, false, func, or_, select

from engine.actor import Actor
from engine.dossiers.acting import act_on_dossier
from engine.dossiers.components import require_handler
from engine.dossiers.documents import (
    CURRENT,
    OFFERED,
    QUARANTINED,
    FileFacts,
    change_document,
    count_files,
    enter_document,
    require_room,
)
from engine.dossiers.in_hand import CLOSED, OPEN, PAUSED, RETURNED, InHand
from engine.dossiers.outcome import Outcome
from engine.dossiers.pauses import go_on, require_paused
from engine.dossiers.refusals import AwaitsNoSupplement
from engine.legal_clock.pause import PauseKind
from engine.office import Office
from engine.store.tables import document, dossier, pause, procedure, step_run
from processes.errors import Conflict, InvalidInput, Unmet

OFFER, ACCEPT = "document.offered", "document.accepted"
MOST_WAITING = 20  # files of one dossier that no clerk has looked at yet


class NothingAsked(Conflict):
    """The dossier waits for nothing that the citizen could send."""

    code = "supplement.not_asked"
    vi = "Hồ sơ này hiện không chờ bổ sung nên không nhận tệp. Xem lại tình trạng hồ sơ."
    en = "This dossier waits for no supplement now, so no file is taken. Look at its status."


class NotAskedFor(InvalidInput):
    """The request names other components."""

    code = "supplement.component_not_asked"
    vi = "Phiếu yêu cầu bổ sung không có thành phần này. Chọn một trong: {asked}."
    en = "The request does not ask for this component. Choose one of: {asked}."


class TooManyWaiting(Unmet):
    """The clerk has not looked at what was sent before."""

    code = "supplement.too_many_waiting"
    vi = "Đã có {number} tệp đang chờ cán bộ xem. Chờ cán bộ xem xong rồi gửi thêm."
    en = "{number} files wait for the clerk already. Send more when they have been looked at."


class NothingOffered(Conflict):
    """No file of the citizen waits to be accepted."""

    code = "supplement.nothing_offered"
    vi = "Không có tệp nào của người nộp đang chờ nhận. Tải lại trang để xem tình trạng mới nhất."
    en = "No file of the applicant waits to be accepted. Reload the page."


def offer_document(
    office: Office, actor: Actor, dossier_id: UUID, facts: FileFacts, *, key: str | None = None
) -> Outcome:
    """Enter a file that the citizen sends for a component that is asked for; no clock moves."""

    def work(hand: InHand) -> Outcome:
        require_asked(hand, facts.component)
        _require_few(hand)
        require_room(hand, facts.size)
        return hand.put_down(OFFER, enter_document(hand, facts, state=OFFERED))

    asked = {"component": facts.component, "sha256": facts.sha256, "name": facts.given_name}
    request = {"dossier": str(dossier_id), **asked}
    return act_on_dossier(office, actor, dossier_id, "offer_document", request, key, work)


def accept_offered(
    office: Office, actor: Actor, dossier_id: UUID, *, resume: bool, key: str | None = None
) -> Outcome:
    """Accept what the citizen has sent; for who handles or received the dossier.

    resume: the request is answered, the clocks go on since the last file came.
    """
    request = {"dossier": str(dossier_id), "resume": resume}

    def work(hand: InHand) -> Outcome:
        hand.require_alive()
        require_handler(hand)
        waiting = _waiting(hand)
        if not waiting:
            raise NothingOffered
        for row in waiting:
            change_document(hand, row.number, {"state": CURRENT})
        for component in dict.fromkeys(row.component for row in waiting):
            count_files(hand, component)
        numbers = [row.number for row in waiting]
        if not resume or hand.row.state != PAUSED:
            return hand.put_down(ACCEPT, {"numbers": numbers})
        require_paused(hand, PauseKind.CITIZEN_SUPPLEMENT, otherwise=AwaitsNoSupplement)
        policy = hand.version.procedure.supplement.policy
        came_at = max(row.added_at for row in waiting)
        go_on(hand, policy, came_at)
        body = {"accepted": numbers, "came_at": came_at.isoformat(), "policy": policy.value}
        return hand.put_down("supplement.received", {"components": [], **body})

    return act_on_dossier(office, actor, dossier_id, "accept_offered", request, key, work)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A dossier with files of its applicant that wait; since: when the first of them came."""

    dossier_id: UUID
    code: str
    procedure: str
    files: int
    since: datetime


def offered_to(connection: Connection, actor: Actor, most: int = 20) -> tuple[Waiting, ...]:
    """Dossiers in whose files the actor may accept what was sent, the longest waiting first."""
    places = [
        and_(
            step_run.c.position == position, or_(step_run.c.unit.is_(None), step_run.c.unit == unit)
        )
        for unit, position in sorted(actor.holdings)
    ]
    mine = exists(
        select(step_run.c.step_run_id).where(
            step_run.c.agency_id == dossier.c.agency_id,
            step_run.c.dossier_id == dossier.c.dossier_id,
            step_run.c.state == OPEN,
            or_(false(), *places),
        )
    )
    since = func.min(document.c.added_at)
    query = (
        select(
            dossier.c.dossier_id,
            dossier.c.code,
            procedure.c.name,
            func.count().label("files"),
            since.label("since"),
        )
        .select_from(document)
        .join(dossier, _same(document, dossier, "dossier_id"))
        .join(procedure, _same(dossier, procedure, "procedure_id"))
        .where(
            document.c.agency_id == actor.agency_id,
            document.c.state == OFFERED,
            dossier.c.state.not_in((RETURNED, CLOSED)),
            or_(dossier.c.received_by == actor.account_id, mine),
        )
        .group_by(dossier.c.dossier_id, dossier.c.code, procedure.c.name)
        .order_by(since, dossier.c.dossier_id)
        .limit(most)
    )
    return tuple(Waiting(*row) for row in connection.execute(query))


def _same(left: Any, right: Any, name: str) -> Any:
    return and_(left.c.agency_id == right.c.agency_id, left.c[name] == right.c[name])


def require_asked(hand: InHand, component: str) -> None:
    """Refuse where no supplement is waited for, or not this component."""
    components = hand.transaction.execute(
        select(pause.c.components).where(
            pause.c.agency_id == hand.agency_id,
            pause.c.dossier_id == hand.dossier_id,
            pause.c.kind == PauseKind.CITIZEN_SUPPLEMENT.value,
            pause.c.until.is_(None),
        )
    ).scalar_one_or_none()
    require_among(components if hand.row.state == PAUSED else None, component)


def require_among(components: Any, component: str) -> None:
    """Refuse what a request does not ask for. components: [[code, name], ...], None: no request."""
    if components is None:
        raise NothingAsked
    if component not in {code for code, _ in components}:
        raise NotAskedFor(asked="; ".join(name for _, name in components))


def _require_few(hand: InHand) -> None:
    waiting = hand.transaction.execute(
        select(func.count()).where(*_of(hand), document.c.state.in_((OFFERED, QUARANTINED)))
    ).scalar_one()
    if waiting >= MOST_WAITING:
        raise TooManyWaiting(number=waiting)


def _waiting(hand: InHand) -> list[Any]:
    """What was offered and has passed the scanner, in the order it came."""
    query = (
        select(document.c.number, document.c.component, document.c.added_at)
        .where(*_of(hand), document.c.state == OFFERED)
        .order_by(document.c.number)
    )
    return list(hand.transaction.execute(query))


def _of(hand: InHand) -> tuple[Any, ...]:
    return (document.c.agency_id == hand.agency_id, document.c.dossier_id == hand.dossier_id)
