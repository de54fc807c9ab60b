"""Documents given out to be signed and taken back: acts on the dossier, their bytes being held.

The bytes are prepared and compared outside of the transaction (`engine.signatures.exchange`); here
is written which document it is, and that nothing else may come back in its place.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select, update

from engine.actor import Actor
from engine.documents.reading import DocumentRecord
from engine.dossiers.acting import act_on_dossier
from engine.dossiers.documents import (
    CURRENT,
    FileFacts,
    NoSuchDocument,
    NotCurrent,
    enter_document,
    require_component,
    require_may_change,
    require_room,
)
from engine.dossiers.in_hand import InHand
from engine.dossiers.outcome import Outcome
from engine.office import Office
from engine.store.tables import document, signing


def enter_prepared(
    office: Office,
    actor: Actor,
    dossier_id: UUID,
    number: int,
    facts: FileFacts,
    places: Sequence[str],
    *,
    key: str | None = None,
) -> Outcome:
    """Have the dossier hold a document with places for signatures, made of document `number`.

    It stands in that one's place where it is of the same code, and beside it where a draft becomes
    the document to be signed. For holders of an open step, and who received the dossier.
    """
    request = {
        "dossier": str(dossier_id),
        "prepares": number,
        "component": facts.component,
        "sha256": facts.sha256,
    }

    def work(hand: InHand) -> Outcome:
        require_may_change(hand)
        require_component(hand.version.procedure, facts.component)
        require_room(hand, facts.size)
        source = current_document(hand, number)
        old = source if source.component == facts.component else None
        body = enter_document(hand, facts, old)
        first = body["number"] if old is None else old.first_number
        _give_out(hand, first, facts.sha256, places)
        return hand.put_down("document.prepared", {**body, "source": number, "places": [*places]})

    return act_on_dossier(office, actor, dossier_id, "prepare_document", request, key, work)


def enter_signed(
    office: Office,
    actor: Actor,
    dossier_id: UUID,
    number: int,
    facts: FileFacts,
    *,
    key: str | None = None,
) -> Outcome:
    """Put the signed version in the prepared document's place; it was compared with it before.

    Errors: NoSuchDocument, NotCurrent where another version was put in between.
    """
    request = {"dossier": str(dossier_id), "signs": number, "sha256": facts.sha256}

    def work(hand: InHand) -> Outcome:
        require_may_change(hand)
        require_room(hand, facts.size)
        old = current_document(hand, number)
        _take_back(hand, old, facts.sha256)
        return hand.put_down("document.signed", enter_document(hand, facts, old))

    return act_on_dossier(office, actor, dossier_id, "sign_document", request, key, work)


def is_given_out(
    connection: Connection, agency_id: str, dossier_id: UUID, record: DocumentRecord
) -> bool:
    """Whether this very version was prepared to be signed, or came back from it."""
    return (
        connection.execute(
            select(signing.c.first_number).where(
                signing.c.agency_id == agency_id,
                signing.c.dossier_id == dossier_id,
                signing.c.first_number == record.first_number,
                signing.c.accepted_sha256 == record.sha256,
            )
        ).first()
        is not None
    )


def current_document(hand: InHand, number: int) -> Any:
    """The document of that number, which nothing has replaced (NoSuchDocument, NotCurrent)."""
    row = hand.transaction.execute(
        select(document).where(
            document.c.agency_id == hand.agency_id,
            document.c.dossier_id == hand.dossier_id,
            document.c.number == number,
        )
    ).one_or_none()
    if row is None:
        raise NoSuchDocument(number=number)
    if row.state != CURRENT:
        raise NotCurrent(name=row.name)
    return row


def _give_out(hand: InHand, first_number: int, sha256: str, places: Sequence[str]) -> None:
    this = _this(hand, first_number)
    hand.transaction.execute(delete(signing).where(*this))
    hand.transaction.execute(
        insert(signing),
        {
            "agency_id": hand.agency_id,
            "dossier_id": hand.dossier_id,
            "first_number": first_number,
            "places": list(places),
            "prepared_sha256": sha256,
            "accepted_sha256": sha256,
            "prepared_at": hand.now,
            "prepared_by": hand.actor.account_id,
        },
    )


def _take_back(hand: InHand, old: Any, sha256: str) -> None:
    """Only what was compared with the version that lies here now may come back."""
    changed = hand.transaction.execute(
        update(signing)
        .where(*_this(hand, old.first_number), signing.c.accepted_sha256 == old.sha256)
        .values(
            accepted_sha256=sha256,
            returned_at=hand.now,
            returned_by=hand.actor.account_id,
        )
    ).rowcount
    if not changed:
        raise NotCurrent(name=old.name)


def _this(hand: InHand, first_number: int) -> tuple[Any, ...]:
    return (
        signing.c.agency_id == hand.agency_id,
        signing.c.dossier_id == hand.dossier_id,
        signing.c.first_number == first_number,
    )
