"""Taking a component over from an earlier dossier of the same person: nobody brings it again.

Files are referred to under the content that lies there already, no byte is copied; papers are
counted as they were. The journals of both dossiers say so, and the look into the earlier one's
files is written down. One act takes one file over: a document's number is its dossier's version.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from engine.actor import Actor
from engine.dossiers.acting import act_on_both, act_on_dossier
from engine.dossiers.components import Brought, require_handler, write_components
from engine.dossiers.documents import FileFacts, enter_document, require_room
from engine.dossiers.in_hand import InHand
from engine.dossiers.outcome import Outcome
from engine.dossiers.refusals import NoSuchComponent
from engine.office import Office
from engine.reception.reusable import current_files, paper_copies, same_component
from engine.store.tables import component_reuse, document_access
from processes.errors import Conflict, Unmet

REUSED, LENT = "component.reused", "component.lent"
REUSE = "reuse"
"""The way of a look into a file that was taken over: `document_access`."""
_MOST_FILES = 50


class NotSamePerson(Unmet):
    """The other dossier is of somebody else, of nobody we can tell, or destroyed."""

    code = "reuse.not_same_person"
    vi = (
        "Chỉ dùng lại được giấy tờ trong hồ sơ trước của cùng một người (cùng số giấy tờ, cùng cơ "
        "quan), khi hồ sơ đó chưa bị tiêu hủy."
    )
    en = (
        "Only what the same person (same identity number, same agency) brought before is taken "
        "over, and only while that dossier was not destroyed."
    )


class NotReusable(Unmet):
    """The procedures do not say that this component may be taken over."""

    code = "reuse.not_reusable"
    vi = "Quy trình không cho dùng lại thành phần “{component}” từ hồ sơ kia."
    en = "The procedures do not let '{component}' be taken over from that dossier."


class NothingToReuse(Conflict):
    """All that the earlier dossier has of it is here already."""

    code = "reuse.nothing_left"
    vi = "Hồ sơ {code} không còn gì để dùng lại cho thành phần này. Tải lại trang."
    en = "Dossier {code} has nothing more of this component to take over. Reload the page."


def reuse_component(
    office: Office,
    actor: Actor,
    dossier_id: UUID,
    component: str,
    source_id: UUID,
    *,
    key: str | None = None,
) -> Outcome:
    """Take over all that the earlier dossier has of a component; for handlers of this one.

    Errors: NotReusable, NotSamePerson, NothingToReuse, NoSuchComponent, NotYours.
    """
    if source_id == dossier_id:
        raise NotSamePerson
    outcome = _take_one(office, actor, dossier_id, component, source_id, key)
    for number in range(1, _MOST_FILES):
        own = key and f"{key}:{number}"
        try:
            outcome = _take_one(office, actor, dossier_id, component, source_id, own)
        except NothingToReuse:
            break
    return outcome


def _take_one(
    office: Office,
    actor: Actor,
    dossier_id: UUID,
    component: str,
    source_id: UUID,
    key: str | None,
) -> Outcome:
    request = {"dossier": str(dossier_id), "component": component, "source": str(source_id)}

    def work(hand: InHand, source: InHand) -> Outcome:
        hand.require_alive()
        require_handler(hand)
        _require_reusable(hand, source, component)
        body = _taken(hand, source, component)
        outcome = enter_reused(hand, body)
        _write_down(source, body)
        told = {"component": component, "to": hand.row.code, "dossier": str(hand.dossier_id)}
        source.put_down(LENT, told)
        return outcome

    both = dossier_id, source_id
    return act_on_both(office, actor, *both, "reuse_component", request, key, work)


def _require_reusable(hand: InHand, source: InHand, code: str) -> None:
    component = hand.version.procedure.component(code)
    if component is None:
        known = ", ".join(each.code for each in hand.version.procedure.components)
        raise NoSuchComponent(component=code, known=known or "–")
    if not same_component(component, source.version.procedure):
        raise NotReusable(component=component.name)
    whose, theirs = (each.row.applicant_contact.get("identity_number") for each in (hand, source))
    if not whose or whose != theirs or not source.row.applicant:
        raise NotSamePerson


def _taken(hand: InHand, source: InHand, code: str) -> dict[str, Any]:
    """What this act takes over, as the journal has it: the papers once, and the next file."""
    connection = hand.transaction.connection
    first = not _reused(hand, code)
    papers = paper_copies(connection, source.agency_id, source.dossier_id).get(code, ())
    here = hand.present().get(code, {})
    copies = [[form, number] for form, number in papers if first and here.get(form, 0) < number]
    own = {row.sha256 for row in current_files(connection, hand.agency_id, hand.dossier_id)}
    files = current_files(connection, source.agency_id, source.dossier_id)
    row = next((f for f in files if f.component == code and f.sha256 not in own), None)
    if not copies and row is None:
        raise NothingToReuse(code=source.row.code)
    body = {
        "component": code,
        "from": source.row.code,
        "source": str(source.dossier_id),
        "copies": copies,
        "document": None,
    }
    if row is not None:
        require_room(hand, row.size)
        stated = {name: getattr(row, name) for name in FileFacts.__slots__ if name != "quarantined"}
        body["document"] = {**FileFacts(**stated).to_data(), "number": row.number}
    return body


def enter_reused(hand: InHand, body: Mapping[str, Any]) -> Outcome:
    """Write what was taken over, as the event says it."""
    code = body["component"]
    if body["copies"]:
        brought = tuple(Brought(code, form, number) for form, number in body["copies"])
        write_components(hand, brought)
    if body["document"] is not None:
        enter_document(hand, FileFacts.from_data(body["document"]))
    if not _reused(hand, code):
        row = {
            "agency_id": hand.agency_id,
            "dossier_id": hand.dossier_id,
            "component": code,
            "source_id": UUID(body["source"]),
            "reused_at": hand.now,
            "reused_by": hand.actor.account_id,
        }
        hand.transaction.execute(insert(component_reuse), row)
    return hand.put_down(REUSED, body)


def repeat_reused(
    office: Office, actor: Actor, dossier_id: UUID, body: Mapping[str, Any]
) -> Outcome:
    """Do a stored event again, the earlier dossier being elsewhere."""

    def work(hand: InHand) -> Outcome:
        return enter_reused(hand, body)

    return act_on_dossier(office, actor, dossier_id, "reuse_component", {}, None, work)


def _reused(hand: InHand, code: str) -> bool:
    found = select(component_reuse.c.component).where(
        component_reuse.c.agency_id == hand.agency_id,
        component_reuse.c.dossier_id == hand.dossier_id,
        component_reuse.c.component == code,
    )
    return hand.transaction.execute(found).first() is not None


def _write_down(source: InHand, body: Mapping[str, Any]) -> None:
    """The look into a file of the earlier dossier."""
    taken = body["document"]
    if taken is None:
        return
    source.transaction.execute(
        insert(document_access),
        {
            "agency_id": source.agency_id,
            "access_id": source.office.ids(source.now),
            "dossier_id": source.dossier_id,
            "number": taken["number"],
            "name": taken["name"],
            "sha256": taken["sha256"],
            "account_id": source.actor.account_id,
            "at": source.now,
            "way": REUSE,
        },
    )
