"""Returning the result (trả kết quả) where the diagram ends before it."""

from uuid import UUID

from engine.actor import Actor
from engine.dossiers.acting import dossier_command
from engine.dossiers.in_hand import FINISHED, RETURNED, InHand
from engine.dossiers.outcome import Outcome
from engine.dossiers.refusals import DossierClosed, NotFinished, NotYours
from engine.office import Office
from engine.store.database import Command
from processes.step import NationalStatus


def return_result(
    office: Office, actor: Actor, dossier_id: UUID, *, key: str | None = None
) -> Outcome:
    """Record that the applicant has the result: whoever may receive dossiers of the unit may."""
    return office.database.write(returning(office, actor, dossier_id, key=key))


def returning(
    office: Office, actor: Actor, dossier_id: UUID, *, key: str | None = None
) -> Command[Outcome]:
    """`return_result` as a command within a transaction."""

    def work(hand: InHand) -> Outcome:
        if hand.row.state in (RETURNED, "closed"):
            raise DossierClosed(dossier=hand.row.code)
        if hand.row.state != FINISHED or not hand.live.instance.completed:
            raise NotFinished
        own = {unit for unit, _ in hand.actor.holdings}
        if hand.row.receiving_unit not in own:
            raise NotYours(step="Trả kết quả", position=hand.row.receiving_unit or "–")
        hand.changes["state"] = RETURNED
        hand.changes["returned_at"] = hand.now
        hand.changes["national_status"] = NationalStatus.RETURNED.value
        return hand.put_down("result.returned", {})

    request = {"dossier": str(dossier_id)}
    return dossier_command(office, actor, dossier_id, "return_result", request, key, work)
