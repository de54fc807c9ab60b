"""Fields of a form: what a person enters at reception or at a step, with its type."""

from dataclasses import dataclass
from enum import StrEnum


class FieldType(StrEnum):
    TEXT = "text"
    NUMBER = "number"  # decimal, exact
    BOOLEAN = "boolean"
    DATE = "date"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    name: str


@dataclass(frozen=True, slots=True)
class DataField:
    """One entry of a form; conditions in the diagram refer to it by `code`."""

    code: str
    name: str
    type: FieldType = FieldType.TEXT
    required: bool = False
    options: tuple[Option, ...] = ()
    default: str | None = None
