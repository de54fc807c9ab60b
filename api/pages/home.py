"""The start page: where each of the three groups begins."""

from fastapi import APIRouter
from fastapi.responses import Response

from api.pages.frame import go
from api.pages.visit import Visiting
from engine.actor import Role

router = APIRouter()


@router.get("/")
def start(seen: Visiting) -> Response:
    """Staff begin with what waits for them, designers with procedures, reform with figures."""
    if seen.actor.holdings:
        return go(seen, "/inbox")
    if Role.REFORM in seen.actor.roles:
        return go(seen, "/analysis")
    return go(seen, "/procedures")
