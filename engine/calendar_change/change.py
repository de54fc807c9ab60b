"""Changing the calendar: proposed, previewed, approved by a second person, then applied.

A proposal states whole layers. Until it is approved nothing counts by it; from then on it is the
next edition, which open dossiers follow (`reprojection`). To undo a change is to propose the
layers as they were before it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func, insert, select, update

from engine.actor import Actor, Role
from engine.answered_once import Asked, do_once
from engine.calendar_change.preview import Preview, previewed
from engine.dossiers.reason import in_words, stated
from engine.office import NoCalendar, Office
from engine.store.database import Command, Transaction
from engine.store.tables import calendar_change, calendar_edition, unit
from engine.working_calendar.editions import Edition, Grounds, in_order, keep_edition, layers_of
from engine.working_calendar.layer import Layer, LayersIncomplete, Level, calendars_of
from processes.errors import Conflict, InvalidInput, NotFound, Unmet

DRAFT, APPLYING, APPLIED, WITHDRAWN = "draft", "applying", "applied", "withdrawn"
_WHO = "quản trị hoặc lãnh đạo (admin, head)"
_LONGEST_DECISION = 200


class NothingChanged(InvalidInput):
    """A proposal that leaves the calendar as it is."""

    code = "calendar.nothing_changed"
    vi = "Đề xuất không khác lịch đang áp dụng. Thêm, sửa hoặc bỏ một dòng rồi gửi lại."
    en = "The proposal does not differ from the calendar in force. Change a rule and send it again."


class BeginFixed(InvalidInput):
    """The first day and the zone of a calendar are what its readings are counted from."""

    code = "calendar.begin_fixed"
    vi = "Múi giờ và ngày đầu của lịch ({zone}, {first_day}) không đổi được. Chỉ đổi ngày cuối."
    en = "Zone and first day ({zone}, {first_day}) cannot be changed. Only the last day can."


class NoSuchUnit(InvalidInput):
    """A layer for a unit that the agency does not have."""

    code = "calendar.no_such_unit"
    vi = "Cơ quan không có đơn vị “{unit}”. Các đơn vị: {known}."
    en = "The agency has no unit '{unit}'. Its units: {known}."


class OvertakenProposal(Conflict):
    """Another change was approved since the proposal was made."""

    code = "calendar.overtaken"
    vi = "Lịch đã đổi (bản {now}) sau khi lập đề xuất này (trên bản {base}). Lập lại đề xuất."
    en = "The calendar has changed (edition {now}) since this was proposed ({base}). Propose again."


class NotADraft(Conflict):
    """The proposal was approved or withdrawn before."""

    code = "calendar.not_a_draft"
    vi = "Đề xuất này đã được duyệt hoặc đã rút, không còn chờ duyệt. Tải lại trang để xem."
    en = "This proposal was approved or withdrawn; it waits no longer. Reload the page to see."


class PreviewFirst(Unmet):
    """Nobody approves what they have not seen."""

    code = "calendar.preview_first"
    vi = "Xem trước hồ sơ nào bị dời hạn rồi mới duyệt."
    en = "Preview which dossiers move before approving."


class CannotBeCounted(Unmet):
    """Open dossiers whose due time the new calendar does not reach."""

    code = "calendar.cannot_be_counted"
    vi = "Có {number} hồ sơ đang mở mà lịch mới không tính được hạn. Kéo dài lịch rồi đề xuất lại."
    en = "The new calendar does not reach the due time of {number} open dossiers. Lengthen it."


class ApproverProposed(Unmet):
    """Who prepared may not approve."""

    code = "calendar.approver_proposed"
    vi = "Người lập đề xuất không tự duyệt. Người duyệt: quản trị hoặc lãnh đạo khác."
    en = "Who proposed may not approve. Another administrator or head may."


class DecisionNeeded(InvalidInput):
    """An approval without a decision number, or one that cannot be kept."""

    code = "calendar.decision_needed"
    vi = "Ghi số quyết định hoặc văn bản cho phép đổi lịch (1-200 ký tự)."
    en = "State the number of the decision that changes the calendar (1-200 characters)."


@dataclass(frozen=True, slots=True)
class Change:
    """A proposal and what became of it. layers: all of them, as they are to be."""

    change_id: UUID
    state: str
    base: int
    layers: tuple[Layer, ...]
    reason: str
    proposed_by: UUID
    proposed_at: datetime
    preview: Preview | None
    decision_no: str
    approved_by: UUID | None
    approved_at: datetime | None
    edition: int | None
    looked_at: int
    moved: int
    applied_at: datetime | None


@dataclass(frozen=True, slots=True)
class EditionLine:
    """An edition in the list of those that were in force."""

    number: int
    since: datetime
    reason: str
    decision_no: str
    approved_by: UUID | None


# Acts


def propose(
    office: Office,
    actor: Actor,
    layers: Iterable[Layer],
    reason: str,
    *,
    without: Iterable[tuple[Level, str]] = (),
    key: str | None = None,
) -> Change:
    """Propose layers in place of those of the same level and unit; `without` takes layers away.

    Errors: those of the layers, NothingChanged, BeginFixed, NoSuchUnit, NotAllowed.
    """
    actor.require(Role.ADMIN, Role.HEAD, who=_WHO)
    words = stated(reason)
    given, gone = tuple(layers), frozenset(without)

    def command(transaction: Transaction) -> UUID:
        connection = transaction.connection
        base = newest_edition(connection, actor.agency_id)
        before = layers_of(connection, actor.agency_id, base)
        after = _replaced(before, given, gone, actor)
        _require_right(connection, actor.agency_id, before, after)
        return _keep(office, transaction, actor, base, after, words)

    request = {
        "layers": [layer.to_data() for layer in given],
        "reason": words,
        "without": sorted([level.value, unit] for level, unit in gone),
    }
    change_id = do_once(office, Asked(actor, "calendar.propose", request, key), lambda: command)
    with office.database.read() as connection:
        return change(connection, actor.agency_id, change_id)


def put_layer(office: Office, actor: Actor, change_id: UUID, layer: Layer) -> None:
    """Put a layer into a draft; what was previewed has to be previewed again."""
    actor.require(Role.ADMIN, Role.HEAD, who=_WHO)

    def command(transaction: Transaction) -> None:
        connection = transaction.connection
        draft = _draft(connection, actor.agency_id, change_id)
        before = layers_of(connection, actor.agency_id, draft.base)
        after = _replaced(draft.layers, (layer,), frozenset(), actor, before)
        _require_right(connection, actor.agency_id, before, after)
        values = {"layers": [each.to_data() for each in after], "preview": None}
        _write(transaction, draft, values | {"previewed_at": None})

    office.database.write(command)


def preview(office: Office, actor: Actor, change_id: UUID, *, key: str | None = None) -> Preview:
    """Work out which open dossiers the change moves and how, and keep it with the proposal."""
    actor.require(Role.ADMIN, Role.HEAD, who=_WHO)
    request = {"change": str(change_id)}
    asked = Asked(actor, "calendar.preview", request, key)
    do_once(office, asked, lambda: _previewing(office, actor, change_id))
    with office.database.read() as connection:
        found = change(connection, actor.agency_id, change_id).preview
    if found is None:  # the proposal was changed the moment after
        raise PreviewFirst
    return found


def _previewing(office: Office, actor: Actor, change_id: UUID) -> Command[int]:
    with office.database.read() as connection:
        draft = _draft(connection, actor.agency_id, change_id)
        _require_newest(connection, draft, actor.agency_id)
        new = proposed_edition(draft, office.clock.now())
        found = previewed(office, connection, actor.agency_id, new)

    def command(transaction: Transaction) -> int:
        now_there = _draft(transaction.connection, actor.agency_id, change_id)
        if now_there.layers != draft.layers:
            raise OvertakenProposal(now=now_there.base, base=draft.base)
        _write(transaction, draft, {"preview": found.to_data(), "previewed_at": found.at})
        return found.moved

    return command


def approve(
    office: Office, actor: Actor, change_id: UUID, decision_no: str, *, key: str | None = None
) -> Change:
    """Put a previewed proposal in force from now on; open dossiers follow at once.

    Errors: ApproverProposed, PreviewFirst, CannotBeCounted, OvertakenProposal, DecisionNeeded.
    """
    actor.require(Role.ADMIN, Role.HEAD, who=_WHO)
    decision = in_words(decision_no)
    if not 1 <= len(decision) <= _LONGEST_DECISION:
        raise DecisionNeeded

    def command(transaction: Transaction) -> int:
        draft = _draft(transaction.connection, actor.agency_id, change_id)
        if draft.proposed_by == actor.account_id:
            raise ApproverProposed
        _require_newest(transaction.connection, draft, actor.agency_id)
        if draft.preview is None:
            raise PreviewFirst
        if draft.preview.uncountable:
            raise CannotBeCounted(number=draft.preview.uncountable)
        now = office.clock.now()
        grounds = Grounds(draft.reason, decision, change_id, actor.account_id)
        number = keep_edition(transaction, actor.agency_id, draft.layers, now, grounds)
        values = {"state": APPLYING, "edition": number, "decision_no": decision}
        _write(transaction, draft, {**values, "approved_by": actor.account_id, "approved_at": now})
        return number

    request = {"change": str(change_id), "decision_no": decision}
    do_once(office, Asked(actor, "calendar.approve", request, key), lambda: command)
    office.calendars.drop(actor.agency_id)
    with office.database.read() as connection:
        return change(connection, actor.agency_id, change_id)


def withdraw(office: Office, actor: Actor, change_id: UUID, *, key: str | None = None) -> None:
    """Put a proposal aside; it stays in the list."""
    actor.require(Role.ADMIN, Role.HEAD, who=_WHO)

    def command(transaction: Transaction) -> int:
        draft = _draft(transaction.connection, actor.agency_id, change_id)
        _write(transaction, draft, {"state": WITHDRAWN})
        return 1

    request = {"change": str(change_id)}
    do_once(office, Asked(actor, "calendar.withdraw", request, key), lambda: command)


# Questions


def newest_edition(connection: Connection, agency_id: str) -> int:
    """The number of the last edition, begun or not (NoCalendar)."""
    newest = select(func.max(calendar_edition.c.number)).where(
        calendar_edition.c.agency_id == agency_id
    )
    found: int | None = connection.execute(newest).scalar_one()
    if found is None:
        raise NoCalendar
    return found


def change(connection: Connection, agency_id: str, change_id: UUID) -> Change:
    """The proposal of that id."""
    row = connection.execute(
        select(calendar_change).where(
            calendar_change.c.agency_id == agency_id, calendar_change.c.change_id == change_id
        )
    ).one_or_none()
    if row is None:
        raise NotFound(what="đề xuất đổi lịch / proposal")
    return _change(row)


def changes(connection: Connection, agency_id: str, most: int = 50) -> tuple[Change, ...]:
    """Proposals, the newest first."""
    rows = connection.execute(
        select(calendar_change)
        .where(calendar_change.c.agency_id == agency_id)
        .order_by(calendar_change.c.proposed_at.desc(), calendar_change.c.change_id.desc())
        .limit(most)
    )
    return tuple(_change(row) for row in rows)


def editions(connection: Connection, agency_id: str, most: int = 50) -> tuple[EditionLine, ...]:
    """Editions, the newest first."""
    columns = [calendar_edition.c[name] for name in EditionLine.__slots__]
    rows = connection.execute(
        select(*columns)
        .where(calendar_edition.c.agency_id == agency_id)
        .order_by(calendar_edition.c.number.desc())
        .limit(most)
    )
    return tuple(EditionLine(*row) for row in rows)


def proposed_edition(draft: Change, at: datetime) -> Edition:
    """The edition that the proposal would become."""
    made = calendars_of(draft.layers)
    return Edition(draft.base + 1, at, made.pop(""), made, Grounds(draft.reason))


# Inside


def _replaced(
    before: Sequence[Layer],
    given: Sequence[Layer],
    gone: frozenset[tuple[Level, str]],
    actor: Actor,
    known: Sequence[Layer] | None = None,
) -> tuple[Layer, ...]:
    """Layers after the change; rules that are new are signed by who enters them."""
    keys = [layer.key for layer in given]
    if len(set(keys)) != len(keys):
        raise LayersIncomplete(
            why_vi="một tầng được khai hai lần.", why_en="a layer is given twice."
        )
    signed_before = {layer.key: layer for layer in (*(known or before), *before)}
    after = {layer.key: layer for layer in before if layer.key not in gone}
    for layer in given:
        after[layer.key] = layer.signed(actor.name, signed_before.get(layer.key))
    return in_order(layer for layer in after.values() if layer.span or layer.weeks or layer.days)


def _require_right(
    connection: Connection, agency_id: str, before: Sequence[Layer], after: Sequence[Layer]
) -> None:
    if list(before) == list(after):
        raise NothingChanged
    calendars_of(after)
    was, becomes = before[0].span, after[0].span
    if was and becomes and (was.zone, was.first_day) != (becomes.zone, becomes.first_day):
        raise BeginFixed(zone=was.zone, first_day=was.first_day)
    units = connection.execute(select(unit.c.code).where(unit.c.agency_id == agency_id))
    known = sorted(units.scalars())
    for layer in after:
        if layer.unit and layer.unit not in known:
            raise NoSuchUnit(unit=layer.unit, known=", ".join(known) or "–")


def _keep(
    office: Office,
    transaction: Transaction,
    actor: Actor,
    base: int,
    layers: Sequence[Layer],
    reason: str,
) -> UUID:
    now = office.clock.now()
    change_id = office.ids(now)
    transaction.execute(
        insert(calendar_change),
        {
            "agency_id": actor.agency_id,
            "change_id": change_id,
            "state": DRAFT,
            "base": base,
            "layers": [layer.to_data() for layer in layers],
            "reason": reason,
            "proposed_by": actor.account_id,
            "proposed_at": now,
        },
    )
    return change_id


def _draft(connection: Connection, agency_id: str, change_id: UUID) -> Change:
    found = change(connection, agency_id, change_id)
    if found.state != DRAFT:
        raise NotADraft(state=found.state)
    return found


def _require_newest(connection: Connection, draft: Change, agency_id: str) -> None:
    newest = newest_edition(connection, agency_id)
    if newest != draft.base:
        raise OvertakenProposal(now=newest, base=draft.base)


def _write(transaction: Transaction, draft: Change, values: Mapping[str, Any]) -> None:
    """Change a proposal that is still a draft; of two who approve at once, one does."""
    changed = transaction.execute(
        update(calendar_change)
        .where(calendar_change.c.change_id == draft.change_id, calendar_change.c.state == DRAFT)
        .values(**values)
    )
    if changed.rowcount != 1:
        raise NotADraft(state="?")


def _change(row: Any) -> Change:
    return Change(
        change_id=row.change_id,
        state=row.state,
        base=row.base,
        layers=tuple(Layer.from_data(data) for data in row.layers),
        reason=row.reason,
        proposed_by=row.proposed_by,
        proposed_at=row.proposed_at,
        preview=None if row.preview is None else Preview.from_data(row.preview),
        decision_no=row.decision_no or "",
        approved_by=row.approved_by,
        approved_at=row.approved_at,
        edition=row.edition,
        looked_at=row.looked_at,
        moved=row.moved,
        applied_at=row.applied_at,
    )
