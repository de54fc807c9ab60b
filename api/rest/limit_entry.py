"""A time limit in requests and answers: as a person writes it, or amount and unit."""

from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, computed_field

from api.rest.bodies import Body
from processes.time_limit import TimeLimit, Unit


class LimitBody(Body):
    """A limit as numbers."""

    amount: Annotated[Decimal, Field(ge=0, le=9999, decimal_places=2)]
    unit: Unit


LimitEntry = Annotated[
    Annotated[str, Field(max_length=100)] | LimitBody,
    Field(examples=["1,5 ngày làm việc", {"amount": "1.5", "unit": "working_day"}]),
]
"""As decisions write it ("1,5 ngày làm việc", "2 working hours"), or amount and unit."""


def read_limit(entry: str | LimitBody) -> TimeLimit:
    """The limit stated (InvalidTimeLimit)."""
    if isinstance(entry, str):
        return TimeLimit.parse(entry)
    return TimeLimit(entry.amount, entry.unit)


class LimitAnswer(BaseModel):
    """A limit with its words."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    amount: Decimal
    unit: Unit

    @computed_field
    def vi(self) -> str:
        return TimeLimit(self.amount, self.unit).format("vi")

    @computed_field
    def en(self) -> str:
        return TimeLimit(self.amount, self.unit).format("en")
