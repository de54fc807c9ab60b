"""Where the time goes: the pages of reform teams."""

from fastapi import APIRouter

from api.pages.analysis import (
    behind,
    city,
    compare,
    components,
    foreign_log,
    overview,
    procedure,
    queue,
    spread,
    waits,
    what_if,
)
from api.pages.analysis.filters import Days, filters_of, require_reader

__all__ = ["Days", "filters_of", "require_reader", "router"]

router = APIRouter()
for _room in (
    behind,
    city,
    foreign_log,
    overview,
    procedure,
    waits,
    queue,
    components,
    spread,
    compare,
    what_if,
):
    router.include_router(_room.router)
