"""The base of answers that are read off values of the same shape."""

from fastapi import Response
from pydantic import BaseModel, ConfigDict, TypeAdapter

from engine.dossiers.outcome import Outcome


class Answer(BaseModel):
    """Read by attribute; nothing is answered that the schema does not state."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)


_OUTCOME = TypeAdapter(Outcome)


def answer_outcome(outcome: Outcome) -> Response:
    """What FastAPI would answer; it would first check that what we made is what we made."""
    return Response(_OUTCOME.dump_json(outcome), media_type="application/json")
