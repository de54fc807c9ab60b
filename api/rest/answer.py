"""The base of answers that are read off values of the same shape."""

from pydantic import BaseModel, ConfigDict


class Answer(BaseModel):
    """Read by attribute; nothing is answered that the schema does not state."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)
