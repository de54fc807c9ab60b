"""One row of the table of BPMN 2.0."""

from dataclasses import dataclass
from enum import StrEnum

from processes.rule import Words


class Verdict(StrEnum):
    RUNS = "runs"  # the engine does what the standard says
    DRAWN = "drawn"  # kept in the drawing, the standard gives it no effect on the flow
    REFUSED = "refused"  # the file cannot be published with it


@dataclass(frozen=True, slots=True)
class Construct:
    """One row. advice: what to use instead; on a drawn construct it is said as a warning."""

    code: str
    verdict: Verdict
    kind: Words
    advice: Words | None = None


def refused(code: str, kind: Words, advice: Words) -> Construct:
    """A row that stands against publishing, with what to draw instead."""
    return Construct(code, Verdict.REFUSED, kind, advice)
