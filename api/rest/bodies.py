"""What requests may carry: text that can be kept, plain values, nothing that was not asked for."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any, Self

from fastapi import Header
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from api.field_faults import NO_SCALAR, NO_TEXT
from processes.data_entry import is_storable

KEY_PATTERN = r"^[\x21-\x7e]{1,100}$"
_MOST_DIGITS = 2**53
_MOST_FIELDS = 200


class Body(BaseModel):
    """A JSON object of a request; unknown fields and unkeepable text are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _keepable(cls, given: Any) -> Any:
        if not all(is_storable(text) for text in _texts(given)):
            raise PydanticCustomError(NO_TEXT, "unkeepable text")
        return given

    @classmethod
    def of_json(cls, text: bytes) -> Self:
        """Read as a route's body is read. Errors: ValueError, ValidationError, RecursionError."""
        return cls.model_validate(json.loads(text))


def _texts(given: Any) -> Iterator[str]:
    """Every text within, without recursion: the sender decides how deep it is."""
    waiting = [given]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            waiting.extend(value.keys())
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)


def _scalar(value: Any) -> Any:
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, int | float) and -_MOST_DIGITS < value < _MOST_DIGITS:
        return value
    raise PydanticCustomError(NO_SCALAR, "not a scalar")


Scalar = Annotated[
    Any,
    PlainValidator(_scalar),
    WithJsonSchema({"type": ["string", "number", "boolean", "null"]}),
]
"""A value of a form; numbers of more than 15 digits are sent as text."""

Entries = Annotated[
    dict[Annotated[str, Field(max_length=120)], Scalar], Field(max_length=_MOST_FIELDS)
]
"""What a person enters: field code -> value; dates as yyyy-mm-dd or dd/mm/yyyy."""


def _stated_moment(value: Any) -> Any:
    """ISO 8601 text only: a bare number would be read as seconds of 1970."""
    if not isinstance(value, str | datetime):
        raise PydanticCustomError("datetime_type", "not a date and time")
    return value


Moment = Annotated[AwareDatetime, BeforeValidator(_stated_moment)]
Code = Annotated[str, Field(min_length=1, max_length=255)]
Reason = Annotated[
    str, Field(max_length=2000, description="In words, at least 5 characters (the engine checks).")
]
Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        pattern=KEY_PATTERN,
        description=(
            "Chosen by the sender, e.g. a UUID. The same request with the same key is done once "
            "and answered the same however often it comes; another request with it is refused."
        ),
    ),
]


def _tag(sent: str | None) -> str | None:
    """The tag within its quotes; `*` stands for any."""
    return None if sent is None or sent.strip() == "*" else sent.strip().strip('"')


IfMatch = Annotated[
    str | None,
    AfterValidator(_tag),
    Header(
        alias="If-Match",
        description=(
            "The `ETag` of the version as it was seen: where the draft has changed since, the "
            "request is refused (`procedure.draft_changed`). Without it any draft will do."
        ),
    ),
]


class ReasonBody(Body):
    """An act that needs a reason."""

    reason: Reason
