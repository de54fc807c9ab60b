"""Documents of a dossier: files of its components, added, replaced, released, removed.

A document has a number within its dossier: that of the dossier's version which brought it. Its
bytes are in the store already (`engine.documents.keeping.held`); here they are referred to.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, select, update

from engine.actor import CITIZEN, SYSTEM, Actor, Role
from engine.documents.keeping import know_content
from engine.documents.store import MEGABYTE, Kept
from engine.dossiers.acting import act_on_dossier
from engine.dossiers.components import require_handler
from engine.dossiers.in_hand import InHand
from engine.dossiers.outcome import Outcome
from engine.dossiers.reason import stated
from engine.dossiers.refusals import NoSuchComponent
from engine.office import Office
from engine.store.tables import document, dossier_component
from processes.component import CopyForm
from processes.errors import Conflict, NotFound, Unmet
from processes.procedure import Procedure

CURRENT, REPLACED, QUARANTINED = "current", "replaced", "quarantined"
OFFERED = "offered"  # brought by the citizen; counts once the clerk has accepted it
MOST_DOCUMENTS = 500  # of one dossier, old versions too


class NoSuchDocument(NotFound):
    """The dossier has no document of that number, or no longer."""

    code = "document.not_found"
    vi = "Hồ sơ không có tài liệu số {number}, hoặc tài liệu đã bị xóa. Tải lại trang."
    en = "The dossier has no document {number}, or it was removed. Reload the page."


class NotCurrent(Conflict):
    """A newer version stands in its place."""

    code = "document.not_current"
    vi = "Tài liệu “{name}” đã được thay bằng bản mới hơn. Tải lại trang rồi thay bản mới nhất."
    en = "'{name}' was replaced by a newer version. Reload the page and replace the newest."


class DossierTooLarge(Unmet):
    """The dossier's documents take all the room that one dossier has."""

    code = "document.dossier_full"
    vi = (
        "Tài liệu của hồ sơ đã chiếm {used} MB trên {most} MB và {number} trên {most_number} tệp "
        "nên không nhận thêm. Xóa bản cũ không cần hoặc nén tệp."
    )
    en = (
        "The dossier's documents take {used} MB of {most} MB and {number} of {most_number} files, "
        "so no more is taken. Remove old versions or compress the file."
    )


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What is known of a file that is in the store.

    name: safe to show; given_name: as it came. pages: where it has pages. findings: what examiners
    found, by their name. quarantined: no scanner has passed it yet, so it does not count.
    """

    component: str
    name: str
    given_name: str
    sha256: str
    size: int
    kind: str
    pages: int | None = None
    findings: Mapping[str, Any] = field(default_factory=dict)
    quarantined: bool = False

    def to_data(self) -> dict[str, Any]:
        """As the journal has it."""
        return asdict(self)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "FileFacts":
        return cls(**{name: data[name] for name in cls.__slots__})


def add_document(
    office: Office, actor: Actor, dossier_id: UUID, facts: FileFacts, *, key: str | None = None
) -> Outcome:
    """Add a file to a component. For holders of an open step, and who received the dossier."""

    def work(hand: InHand) -> Outcome:
        require_may_change(hand)
        require_component(hand.version.procedure, facts.component)
        require_room(hand, facts.size)
        return hand.put_down("document.added", enter_document(hand, facts))

    request = {"dossier": str(dossier_id), **_asked(facts)}
    return act_on_dossier(office, actor, dossier_id, "add_document", request, key, work)


def replace_document(
    office: Office,
    actor: Actor,
    dossier_id: UUID,
    number: int,
    facts: FileFacts,
    *,
    key: str | None = None,
) -> Outcome:
    """Put a new version in a document's place; the older one stays, as what it is."""

    def work(hand: InHand) -> Outcome:
        require_may_change(hand)
        old = _document(hand, number)
        if old.state == REPLACED:
            raise NotCurrent(name=old.name)
        require_room(hand, facts.size)
        return hand.put_down("document.replaced", enter_document(hand, facts, old))

    request = {"dossier": str(dossier_id), "replaces": number, **_asked(facts)}
    return act_on_dossier(office, actor, dossier_id, "replace_document", request, key, work)


def release_document(
    office: Office, actor: Actor, dossier_id: UUID, number: int, scanner: str
) -> Outcome:
    """Let a document out of quarantine: the scanner found nothing; by the system."""

    def work(hand: InHand) -> Outcome:
        row = _document(hand, number)
        if row.state != QUARANTINED:
            return hand.outcome(hand.row.version)
        change_document(hand, number, {"state": OFFERED if row.added_by == CITIZEN else CURRENT})
        count_files(hand, row.component)
        body = {"number": number, "sha256": row.sha256, "scanner": scanner}
        return hand.put_down("document.released", body)

    request = {"dossier": str(dossier_id), "number": number}
    return act_on_dossier(office, actor, dossier_id, "release_document", request, None, work)


def remove_document(
    office: Office,
    actor: Actor,
    dossier_id: UUID,
    number: int,
    reason: str,
    *,
    key: str | None = None,
) -> Outcome:
    """Take a document out; the journal keeps its hash, by whom and why.

    For who may change the dossier's documents, and for heads at any time. The caller has the
    content deleted (`engine.documents.keeping.let_go`) when nobody refers to it any more.
    """

    def work(hand: InHand) -> Outcome:
        if Role.HEAD not in actor.roles and actor.account_id != SYSTEM:
            require_may_change(hand)
        words = stated(reason)
        row = _document(hand, number)
        hand.transaction.execute(delete(document).where(*_this(hand), document.c.number == number))
        count_files(hand, row.component)
        body = {
            **{name: getattr(row, name) for name in _REMEMBERED},
            "number": number,
            "reason": words,
        }
        return hand.put_down("document.removed", body)

    request = {"dossier": str(dossier_id), "number": number, "reason": reason}
    return act_on_dossier(office, actor, dossier_id, "remove_document", request, key, work)


_REMEMBERED = ("component", "name", "sha256", "size", "kind", "edition")


def require_may_change(hand: InHand) -> None:
    """Refuse where the dossier is over, or the actor neither handles nor received it."""
    hand.require_alive()
    require_handler(hand)


def require_component(procedure: Procedure, code: str) -> None:
    """Refuse a code that is neither a component nor a document that a step makes."""
    made = [made for step in procedure.steps for made, _ in step.produces]
    known = [component.code for component in procedure.components]
    if code not in known and code not in made:
        raise NoSuchComponent(component=code, known=", ".join([*known, *made]) or "–")


def require_room(hand: InHand, size: int) -> None:
    """Refuse what goes beyond the room of one dossier (DossierTooLarge)."""
    most = hand.office.documents.most_dossier_bytes
    number, used = hand.transaction.execute(
        select(func.count(), func.coalesce(func.sum(document.c.size), 0)).where(*_this(hand))
    ).one()
    if used + size > most or number >= MOST_DOCUMENTS:
        raise DossierTooLarge(
            used=f"{int(used) / MEGABYTE:.1f}",
            most=f"{most / MEGABYTE:g}",
            number=number,
            most_number=MOST_DOCUMENTS,
        )


def enter_document(
    hand: InHand, facts: FileFacts, replaced: Any = None, state: str = CURRENT
) -> dict[str, Any]:
    """Write the document's row within an act, its content being held; what the journal says of it.

    For acts that make documents, too: their own event then carries the body that comes back.
    state: of one that has passed the scanner.
    """
    number = hand.row.version + 1
    know_content(hand.transaction, hand.agency_id, Kept(facts.sha256, facts.size), hand.now)
    row = {
        "agency_id": hand.agency_id,
        "dossier_id": hand.dossier_id,
        "number": number,
        "first_number": number if replaced is None else replaced.first_number,
        "edition": 1 if replaced is None else replaced.edition + 1,
        "component": facts.component if replaced is None else replaced.component,
        "name": facts.name,
        "given_name": facts.given_name,
        "sha256": facts.sha256,
        "size": facts.size,
        "kind": facts.kind,
        "pages": facts.pages,
        "findings": dict(facts.findings),
        "state": QUARANTINED if facts.quarantined else state,
        "added_at": hand.now,
        "added_by": hand.actor.account_id,
    }
    if replaced is not None:
        change_document(hand, replaced.number, {"state": REPLACED, "replaced_at": hand.now})
    hand.transaction.execute(insert(document), row)
    count_files(hand, row["component"])
    body = {**facts.to_data(), "component": row["component"], "number": number}
    return body if replaced is None else {**body, "replaces": replaced.number}


def forget_documents(hand: InHand) -> tuple[str, ...]:
    """Delete all document rows of a dossier that is deleted; the hashes, for `let_go`."""
    rows = hand.transaction.execute(select(document.c.sha256).where(*_this(hand))).scalars().all()
    hand.transaction.execute(delete(document).where(*_this(hand)))
    return tuple(dict.fromkeys(rows))


def _asked(facts: FileFacts) -> dict[str, Any]:
    """What makes two uploads the same request."""
    return {"component": facts.component, "sha256": facts.sha256, "name": facts.given_name}


def _this(hand: InHand) -> tuple[Any, ...]:
    return (document.c.agency_id == hand.agency_id, document.c.dossier_id == hand.dossier_id)


def _document(hand: InHand, number: int) -> Any:
    row = hand.transaction.execute(
        select(document).where(*_this(hand), document.c.number == number)
    ).one_or_none()
    if row is None:
        raise NoSuchDocument(number=number)
    return row


def change_document(hand: InHand, number: int, columns: Mapping[str, Any]) -> None:
    """Set columns of a document of the dossier."""
    hand.transaction.execute(
        update(document).where(*_this(hand), document.c.number == number).values(columns)
    )


def count_files(hand: InHand, code: str) -> None:
    """Have the component's electronic copies be as many as its files that have passed."""
    component = hand.version.procedure.component(code)
    if component is None:  # what a step makes is no component
        return
    number = hand.transaction.execute(
        select(func.count()).where(
            *_this(hand), document.c.component == code, document.c.state == CURRENT
        )
    ).scalar_one()
    key = {
        "agency_id": hand.agency_id,
        "dossier_id": hand.dossier_id,
        "component": code,
        "form": CopyForm.ELECTRONIC.value,
    }
    hand.transaction.execute(
        delete(dossier_component).where(
            *(dossier_component.c[name] == value for name, value in key.items())
        )
    )
    if number:
        told = {
            "number": number,
            "name": component.name,
            "added_at": hand.now,
            "added_by": hand.actor.account_id,
        }
        hand.transaction.execute(insert(dossier_component), key | told)
    hand.components_changed()
