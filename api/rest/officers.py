"""Colleagues: to whom a step can be handed over."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict

from api.identity import Officer, TheOffice
from api.rest.login import Holding
from engine.accounts import actors

router = APIRouter(tags=["officers"])


class Colleague(BaseModel):
    """An active officer of the agency."""

    model_config = ConfigDict(extra="forbid")

    login: str
    name: str
    holdings: list[Holding]


@router.get("/officers", summary="Cán bộ của cơ quan / officers of the agency")
def get_officers(
    office: TheOffice,
    actor: Officer,
    position: Annotated[str, Query(max_length=60, description="Only holders of it.")] = "",
    unit: Annotated[str, Query(max_length=60, description="Only holders in it.")] = "",
) -> list[Colleague]:
    """The agency's officers by name, those who hold a position in a unit now where asked for."""
    with office.database.read() as connection:
        known = actors(connection, actor.agency_id, office.clock.now())
    found = [
        Colleague(
            login=login,
            name=each.name,
            holdings=[Holding(unit=u, position=p) for u, p in sorted(each.holdings)],
        )
        for login, each in known.items()
        if any(
            position in ("", held) and unit in ("", held_unit)
            for held_unit, held in each.holdings or {("", "")}
        )
    ]
    return sorted(found, key=lambda colleague: (colleague.name, colleague.login))
