"""The head's morning list: what of their units is at risk today, the most pressing first."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from api.identity import Officer, TheOffice
from api.rest.answer import Answer
from api.rest.paging import After, Limit, page_of, read_place, write_place
from api.rest.risk_answer import RiskAnswer, risk_answer
from api.rest.worklist import end_of_today
from engine.risk.level import risks
from engine.risk.morning import NOBODY, AtRisk, InHands, at_risk, in_whose_hands, led_by, place_of
from engine.worklist import Place

router = APIRouter(prefix="/morning", tags=["steps"])


class AtRiskRow(Answer):
    """One open step, and how it stands."""

    step: AtRisk
    risk: RiskAnswer


class MorningList(Answer):
    """A page of the list, and how much of all pages is in whose hands (holder null: nobody's).

    Of all pages up to 1,000 steps are counted.
    """

    items: list[AtRiskRow]
    next: str | None
    hands: list[InHands]


@router.get("", summary="Sáng nay / what of my units is at risk today")
def get_morning_list(
    office: TheOffice,
    actor: Officer,
    holder: Annotated[
        UUID | None, Query(description="Only what is in this officer's hands.")
    ] = None,
    nobody: Annotated[bool, Query(description="Only what nobody has taken up.")] = False,
    after: After = "",
    limit: Limit = 50,
) -> MorningList:
    """For heads: open steps of their units that are late or may be by tonight."""
    place = read_place(after)
    with office.database.read() as connection:
        now = office.clock.now()
        led = led_by(connection, actor, now)
        until = end_of_today(office.calendar(connection, actor.agency_id), now)
        rows = at_risk(
            connection,
            led,
            until,
            holder=NOBODY if nobody else holder,
            after=None if place is None else Place(*place),
            most=limit + 1,
        )
        standing = risks(office, connection, actor.agency_id, rows[:limit], now)
        hands = in_whose_hands(connection, led, until)
    page = page_of(rows, limit, _place)
    items = [AtRiskRow(step=row, risk=risk_answer(standing[row.step_run_id])) for row in page.items]
    return MorningList(items=items, next=page.next, hands=list(hands))


def _place(row: AtRisk) -> str:
    place = place_of(row)
    return write_place(place.at, place.step_run_id)
