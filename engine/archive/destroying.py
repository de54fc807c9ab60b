"""Destroying a dossier whose time is over: its contents go for good, the journal stays.

What goes: documents and issued forms with their bytes, who applied, what was entered, letters that
were sent about it. What stays: times, durations and outcomes, which name nobody; the journal, which
holds hashes of entries and documents; and the record of who destroyed it, and why.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select, update

from engine.accounts import names
from engine.actor import Actor, Role
from engine.archive.refusals import (
    AlreadyDestroyed,
    DecisionNeeded,
    KeptForEver,
    NotFinished,
    StillKept,
)
from engine.archive.retention import Usual, ended_at, retained_until
from engine.documents.keeping import let_go
from engine.dossiers.acting import act_on_dossier
from engine.dossiers.documents import forget_documents
from engine.dossiers.in_hand import CLOSED, RETURNED, InHand
from engine.dossiers.outcome import Outcome
from engine.dossiers.reason import in_words, stated
from engine.office import Office
from engine.proofs.sealed_entries import DESTROYED
from engine.store.tables import (
    applicant_number,
    component_reuse,
    destruction,
    document_access,
    dossier_component,
    form_issue,
    form_pdf,
    lookup_secret,
    outbox,
    signing,
    step_run,
)

_LONGEST_NUMBER = 100
WHO = "lãnh đạo cơ quan (head)"


@dataclass(frozen=True, slots=True)
class Destruction:
    """The record of a destroyed dossier."""

    dossier_id: UUID
    code: str
    retained_until: date
    destroyed_at: datetime
    destroyed_by: str
    reason: str
    decision_no: str
    documents: int


def destroy(
    office: Office,
    actor: Actor,
    dossier_id: UUID,
    reason: str,
    usual: Usual,
    *,
    decision_no: str,
    key: str | None = None,
) -> Outcome:
    """Destroy a finished dossier after the last day it had to be kept; heads only, with a reason.

    decision_no: number of the decision to destroy (quyết định tiêu hủy). Errors: NotFinished,
    KeptForEver, StillKept, AlreadyDestroyed, ReasonNeeded, DecisionNeeded.
    """
    request = {"dossier": str(dossier_id), "reason": reason, "decision_no": decision_no}
    gone: list[str] = []

    def work(hand: InHand) -> Outcome:
        hand.actor.require(Role.HEAD, who=WHO)
        words, decision = stated(reason), in_words(decision_no)
        if not decision or len(decision) > _LONGEST_NUMBER:
            raise DecisionNeeded(most=_LONGEST_NUMBER)
        until = _until(hand, usual)
        gone[:] = _empty(hand)
        _record(hand, until, words, decision, len(gone))
        body = {"reason": words, "decision_no": decision, "retained_until": until.isoformat()}
        return hand.put_down(DESTROYED, body | {"documents": len(gone)})

    outcome = act_on_dossier(office, actor, dossier_id, "destroy_dossier", request, key, work)
    for sha256 in gone:
        let_go(office, actor.agency_id, sha256)
    return outcome


def destructions(connection: Connection, actor: Actor, most: int = 500) -> tuple[Destruction, ...]:
    """What was destroyed, the latest first."""
    rows = connection.execute(
        select(destruction)
        .where(destruction.c.agency_id == actor.agency_id)
        .order_by(destruction.c.destroyed_at.desc(), destruction.c.dossier_id.desc())
        .limit(most)
    ).all()
    people = names(connection, actor.agency_id)
    return tuple(
        Destruction(
            row.dossier_id,
            row.code,
            date.fromisoformat(row.retained_until),
            row.destroyed_at,
            people.get(row.destroyed_by, "–"),
            row.reason,
            row.decision_no,
            row.documents,
        )
        for row in rows
    )


def _until(hand: InHand, usual: Usual) -> date:
    """The last day that it had to be kept, which is over."""
    code = hand.row.code
    if hand.row.state not in (RETURNED, CLOSED):
        raise NotFinished(dossier=code)
    if hand.transaction.execute(select(destruction.c.code).where(*_of(destruction, hand))).first():
        raise AlreadyDestroyed(dossier=code)
    ended = hand.calendar.local(ended_at(hand.row)).date()
    until = retained_until(hand.version.procedure, usual, ended)
    if until is None:
        raise KeptForEver(dossier=code)
    if hand.calendar.local(hand.now).date() <= until:
        raise StillKept(dossier=code, until=f"{until:%d/%m/%Y}")
    return until


def _empty(hand: InHand) -> Sequence[str]:
    """Take everything about people out of the tables; the hashes of the contents that go."""
    execute = hand.transaction.execute
    execute(delete(signing).where(*_of(signing, hand)))
    execute(delete(lookup_secret).where(*_of(lookup_secret, hand)))
    _forget_reuse(hand)
    contents = forget_documents(hand)
    _forget_forms(hand)
    execute(delete(dossier_component).where(*_of(dossier_component, hand)))
    execute(delete(applicant_number).where(*_of(applicant_number, hand)))
    execute(delete(outbox).where(*_of(outbox, hand)))
    execute(update(document_access).where(*_of(document_access, hand)).values(name=""))
    execute(update(step_run).where(*_of(step_run, hand)).values(data=None, reason=None, item=None))
    hand.live.data.clear()
    hand.components_changed()
    hand.changes |= {"applicant": "", "applicant_contact": {}, "search": "", "data": {}}
    return contents


def _forget_reuse(hand: InHand) -> None:
    """That something was taken over stays counted; from which dossier of the person, does not."""
    lent = component_reuse.c.source_id == hand.dossier_id
    here = component_reuse.c.agency_id == hand.agency_id
    taken = component_reuse.c.dossier_id == hand.dossier_id
    for which in (lent, taken):
        hand.transaction.execute(update(component_reuse).where(here, which).values(source_id=None))


def _forget_forms(hand: InHand) -> None:
    """The numbers of issued forms stay in their series; what they said goes."""
    execute = hand.transaction.execute
    of_dossier = select(form_issue.c.pdf_sha256).where(*_of(form_issue, hand))
    printed = list(execute(of_dossier).scalars())
    execute(update(form_issue).where(*_of(form_issue, hand)).values(facts={}))
    elsewhere = select(form_issue.c.pdf_sha256).where(
        form_issue.c.agency_id == hand.agency_id,
        form_issue.c.dossier_id != hand.dossier_id,
        form_issue.c.pdf_sha256 == form_pdf.c.sha256,
    )
    if printed:
        execute(
            delete(form_pdf).where(
                form_pdf.c.agency_id == hand.agency_id,
                form_pdf.c.sha256.in_(printed),
                ~elsewhere.exists(),
            )
        )


def _record(hand: InHand, until: date, reason: str, decision_no: str, documents: int) -> None:
    hand.transaction.execute(
        insert(destruction),
        {
            "agency_id": hand.agency_id,
            "dossier_id": hand.dossier_id,
            "code": hand.row.code,
            "retained_until": until.isoformat(),
            "destroyed_at": hand.now,
            "destroyed_by": hand.actor.account_id,
            "reason": reason,
            "decision_no": decision_no,
            "documents": documents,
            "head_hash": hand.row.head_hash,
        },
    )


def _of(table: Any, hand: InHand) -> tuple[Any, ...]:
    return (table.c.agency_id == hand.agency_id, table.c.dossier_id == hand.dossier_id)
