"""Quick entry: received, every step completed and the result returned, in one request."""

from typing import Annotated

from fastapi import APIRouter, status
from pydantic import Field

from api.identity import Officer, TheOffice
from api.rest.bodies import Entries, Key
from api.rest.dossiers import ReceptionBody, reception_of
from engine.dossiers.outcome import Outcome
from engine.dossiers.quick_entry import QuickEntry, enter_quickly

router = APIRouter(prefix="/dossiers", tags=["dossiers"])

_MOST_STEPS = 200

StepId = Annotated[str, Field(min_length=1, max_length=255)]


class QuickEntryBody(ReceptionBody):
    """A reception, and what is entered at the steps on its way. steps: by element id."""

    steps: Annotated[dict[StepId, Entries], Field(max_length=_MOST_STEPS)] = Field(
        default_factory=dict
    )


@router.post(
    "/quick",
    summary="Tiếp nhận và trả kết quả ngay / quick entry",
    status_code=status.HTTP_201_CREATED,
)
def post_quick_entry(
    office: TheOffice, actor: Officer, body: QuickEntryBody, key: Key = None
) -> Outcome:
    """Receive, complete every step on the way and return the result: all of it or nothing.

    For who holds the position of every step on the way; only in a same-day case.
    """
    return enter_quickly(office, actor, QuickEntry(reception_of(body), body.steps), key=key)
