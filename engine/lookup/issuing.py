"""Issuing the secret of a dossier: told once, kept as a hash, issued anew to who is recognised.

The first time whoever has to do with the dossier issues it, with the receipt. Again only to who
shows that the dossier is theirs: by the identity number that stands in it, or, where none does, as
the clerk states. The citizen gets it by their own contact, too.
"""

import secrets
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select

from engine.actor import Actor
from engine.documents.reading import may_read
from engine.dossiers.acting import act_on_dossier
from engine.dossiers.in_hand import InHand
from engine.dossiers.outcome import Outcome
from engine.dossiers.reason import stated
from engine.dossiers.refusals import DossierClosed
from engine.lookup.letters import send_secret
from engine.lookup.secret_hash import kept
from engine.office import Office
from engine.store.tables import lookup_secret
from processes.errors import Conflict, NotAllowed, Unmet
from processes.lookup_secret import new_secret

LOOKUP_ISSUED = "lookup.issued"
_WHO = "cán bộ có việc với hồ sơ / officers who have or had the dossier in hand"


class WrongIdentity(NotAllowed):
    """The number is not the one that stands in the dossier."""

    code = "lookup.wrong_identity"
    vi = "Số giấy tờ không khớp với hồ sơ, nên không cấp lại mã. Kiểm tra giấy tờ của người hỏi."
    en = "The identity number is not the dossier's, so no secret is issued. Check the papers."


class AlreadyIssued(Conflict):
    """There is a secret, and who asks has not been recognised."""

    code = "lookup.already_issued"
    vi = (
        "Hồ sơ đã có mã bí mật, không đọc lại được. Để cấp lại, nhập số giấy tờ của người nộp; mã "
        "cũ hết hiệu lực."
    )
    en = (
        "The dossier has a secret, which nobody can read back. To issue another, enter the "
        "applicant's identity number; the old one is void then."
    )


class ToldBefore(Unmet):
    """The same request was answered before; a secret is told only once."""

    code = "lookup.told_before"
    vi = "Mã bí mật đã được cấp và báo một lần, không đọc lại được. Cần thì cấp lại mã mới."
    en = "The secret was told once and cannot be read back. Issue another one if it is needed."


@dataclass(frozen=True, slots=True)
class Recognised:
    """How the clerk knows who asks; empty for the first time.

    identity_number: as the applicant's papers have it. words: where the dossier states none.
    """

    identity_number: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class NewSecret:
    """A secret, this once. sent: by what it was sent to the citizen, too (email, text)."""

    outcome: Outcome
    secret: str
    sent: tuple[str, ...]


def issue_secret(
    office: Office,
    actor: Actor,
    dossier_id: UUID,
    recognised: Recognised | None = None,
    *,
    key: str | None = None,
) -> NewSecret:
    """Make a secret and tell it; the one before is void.

    Errors: NotAllowed, DossierClosed, AlreadyIssued, WrongIdentity, ReasonNeeded, ToldBefore.
    """
    secret = new_secret(office.randomness)
    stored = kept(secret, office.randomness)  # slow: before the transaction
    sent: list[str] = []
    request = {"dossier": str(dossier_id), "again": recognised is not None}

    def work(hand: InHand) -> Outcome:
        _require_entitled(hand)
        body: dict[str, Any] = {"again": _is_issued(hand)}
        if body["again"]:
            body |= _require_recognised(hand, recognised)
        this = (
            lookup_secret.c.agency_id == hand.agency_id,
            lookup_secret.c.dossier_id == hand.dossier_id,
        )
        hand.transaction.execute(delete(lookup_secret).where(*this))
        row = {"agency_id": hand.agency_id, "dossier_id": hand.dossier_id}
        issued = {"issued_at": hand.now, "issued_by": hand.actor.account_id}
        told = {"salt": stored.salt, "hash": stored.hash}
        hand.transaction.execute(insert(lookup_secret), row | issued | told)
        sent[:] = send_secret(hand, secret)
        return hand.put_down(LOOKUP_ISSUED, {**body, "sent": list(sent)})

    outcome = act_on_dossier(office, actor, dossier_id, "issue_secret", request, key, work)
    with office.database.read() as connection:
        row = _row(connection, actor.agency_id, dossier_id)
    if row is None or row.salt != stored.salt:  # answered before, or a twin was faster
        raise ToldBefore
    return NewSecret(outcome, secret, tuple(sent))


def is_issued(connection: Connection, agency_id: str, dossier_id: UUID) -> bool:
    """Whether the dossier has a secret."""
    return _row(connection, agency_id, dossier_id) is not None


def _row(connection: Connection, agency_id: str, dossier_id: UUID) -> Any:
    found = select(lookup_secret).where(
        lookup_secret.c.agency_id == agency_id, lookup_secret.c.dossier_id == dossier_id
    )
    return connection.execute(found).one_or_none()


def _is_issued(hand: InHand) -> bool:
    return is_issued(hand.transaction.connection, hand.agency_id, hand.dossier_id)


def _require_entitled(hand: InHand) -> None:
    if not hand.row.applicant:  # destroyed: nothing is left to be shown
        raise DossierClosed(dossier=hand.row.code)
    if not may_read(hand.transaction.connection, hand.actor, hand.dossier_id):
        raise NotAllowed(who=_WHO)


def _require_recognised(hand: InHand, recognised: Recognised | None) -> dict[str, str]:
    """What the journal says of how the citizen was recognised."""
    if recognised is None:
        raise AlreadyIssued
    known = hand.row.applicant_contact.get("identity_number", "")
    if not known:
        return {"reason": stated(recognised.words)}
    given = recognised.identity_number.replace(" ", "").strip().upper()
    if not secrets.compare_digest(given.encode("utf-8", "replace"), known.encode()):
        raise WrongIdentity
    return {}
