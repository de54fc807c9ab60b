"""Components of a dossier: brought in, waived by someone entitled."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert

from engine.actor import Actor, Role
from engine.dossiers.acting import act_on_dossier
from engine.dossiers.in_hand import InHand
from engine.dossiers.outcome import Outcome
from engine.dossiers.reason import stated
from engine.dossiers.refusals import InvalidCopies, NoSuchComponent, NotYours
from engine.office import Office
from engine.store.tables import dossier_component
from processes.checklist import WAIVED
from processes.component import PAPER_FORMS, CopyForm
from processes.procedure import Procedure

_MOST_COPIES = 999


@dataclass(frozen=True, slots=True)
class Brought:
    """So many copies of a component in a form."""

    component: str
    form: str = CopyForm.ORIGINAL.value
    number: int = 1


def component_rows(
    procedure: Procedure,
    brought: Iterable[Brought],
    actor: Actor,
    dossier_id: UUID,
    at: datetime,
) -> list[dict[str, Any]]:
    """The rows that record them; components and forms checked, zero left out."""
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for item in brought:
        component = procedure.component(item.component)
        if component is None:
            known = ", ".join(c.code for c in procedure.components)
            raise NoSuchComponent(component=item.component, known=known or "–")
        valid = (
            item.form in {form.value for form in PAPER_FORMS} and 0 <= item.number <= _MOST_COPIES
        )
        if not valid:
            raise InvalidCopies(form=item.form, number=item.number)
        if item.number:
            rows[component.code, item.form] = {
                "agency_id": actor.agency_id,
                "dossier_id": dossier_id,
                "component": component.code,
                "form": item.form,
                "number": item.number,
                "name": component.name,
                "added_at": at,
                "added_by": actor.account_id,
            }
        else:
            rows.pop((component.code, item.form), None)
    return list(rows.values())


def record_components(
    office: Office,
    actor: Actor,
    dossier_id: UUID,
    brought: tuple[Brought, ...],
    *,
    key: str | None = None,
) -> Outcome:
    """State how many copies of the named components the dossier holds; zero takes one out.

    For holders of an open step of the dossier.
    """
    request = {
        "dossier": str(dossier_id),
        "components": [[b.component, b.form, b.number] for b in brought],
    }

    def work(hand: InHand) -> Outcome:
        hand.require_alive()
        require_handler(hand)
        write_components(hand, brought)
        return hand.put_down("components.recorded", {"components": request["components"]})

    return act_on_dossier(office, actor, dossier_id, "record_components", request, key, work)


def write_components(hand: InHand, brought: tuple[Brought, ...]) -> None:
    """Replace what is recorded of the named (component, form) pairs."""
    rows = component_rows(hand.version.procedure, brought, hand.actor, hand.dossier_id, hand.now)
    for item in brought:
        hand.transaction.execute(
            delete(dossier_component).where(
                dossier_component.c.agency_id == hand.agency_id,
                dossier_component.c.dossier_id == hand.dossier_id,
                dossier_component.c.component == item.component,
                dossier_component.c.form == item.form,
            )
        )
    if rows:
        hand.transaction.execute(insert(dossier_component), rows)
    hand.components_changed()


def require_handler(hand: InHand) -> None:
    """Refuse unless the actor holds the position of an open step, or received the dossier."""
    if hand.row.received_by == hand.actor.account_id:
        return
    runs = hand.open_runs()
    if not any(hand.actor.holds(run.position, run.unit) for run in runs):
        step = runs[0].name if runs else "–"
        raise NotYours(step=step, position=", ".join(sorted({r.position or "–" for r in runs})))


def waive_component(
    office: Office,
    actor: Actor,
    dossier_id: UUID,
    component: str,
    reason: str,
    *,
    key: str | None = None,
) -> Outcome:
    """Let the dossier go without a component: heads only, with a reason on the journal."""
    request = {"dossier": str(dossier_id), "component": component, "reason": reason}

    def work(hand: InHand) -> Outcome:
        hand.require_alive()
        hand.actor.require(Role.HEAD, who="lãnh đạo đơn vị (head)")
        words = stated(reason)
        asked = hand.version.procedure.component(component)
        if asked is None:
            known = ", ".join(c.code for c in hand.version.procedure.components)
            raise NoSuchComponent(component=component, known=known or "–")
        key_columns = {
            "agency_id": hand.agency_id,
            "dossier_id": hand.dossier_id,
            "component": component,
            "form": WAIVED,
        }
        hand.transaction.execute(
            delete(dossier_component).where(
                *(dossier_component.c[name] == value for name, value in key_columns.items())
            )
        )
        hand.transaction.execute(
            insert(dossier_component),
            key_columns
            | {
                "number": 1,
                "name": asked.name,
                "reason": words,
                "added_at": hand.now,
                "added_by": hand.actor.account_id,
            },
        )
        hand.components_changed()
        return hand.put_down("component.waived", {"component": component, "reason": words})

    return act_on_dossier(office, actor, dossier_id, "waive_component", request, key, work)
