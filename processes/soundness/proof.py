"""What the proof of a diagram says: a verdict, and for each flaw the walk that shows it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from processes.finding import Finding, Severity


class Verdict(StrEnum):
    SOUND = "sound"  # proved: every run can end, and nothing is left behind
    UNSOUND = "unsound"  # refuted: at least one flaw, with its walk
    UNPROVED = "unproved"  # neither: the bound was met, or something drawn has no token game


class FixKind(StrEnum):
    """What a proposal changes in the drawing."""

    TO_EXCLUSIVE = "to-exclusive"  # the gateway becomes an exclusive one
    TO_INCLUSIVE = "to-inclusive"
    TO_PARALLEL = "to-parallel"
    JOIN_BEFORE = "join-before"  # a parallel gateway is put before the element, to join its flows


@dataclass(frozen=True, slots=True)
class Move:
    """One move of the token game: an element takes tokens from flows and gives tokens to flows.

    takes, gives: ids of sequence flows. A start takes none, an end gives none. A sub-process that
    the walk enters takes its flow and gives none; one that the walk only passes is one move.
    A boundary event that does not interrupt takes none, one that does takes its activity's flow.
    """

    element: str
    takes: tuple[str, ...]
    gives: tuple[str, ...]

    def to_data(self) -> dict[str, Any]:
        return {"element": self.element, "takes": list(self.takes), "gives": list(self.gives)}


@dataclass(frozen=True, slots=True)
class Fix:
    """A local change after which the flaw is gone; it was tried on a copy before it is proposed."""

    kind: FixKind
    element: str
    vi: str
    en: str

    def to_data(self) -> dict[str, Any]:
        return {"kind": self.kind.value, "element": self.element, "vi": self.vi, "en": self.en}


@dataclass(frozen=True, slots=True)
class Flaw:
    """One finding of the proof.

    element: where it shows. walk: from the start to the bad marking, as short as was found; empty
    for a step that no run reaches. marking: ids of the flows that then hold a token, a flow twice
    where it holds two. again: how many moves at the end of the walk go round, for ever.
    """

    rule: str
    severity: Severity
    element: str | None
    vi: str
    en: str
    walk: tuple[Move, ...] = ()
    marking: tuple[str, ...] = ()
    fix: Fix | None = None
    again: int = 0

    @property
    def finding(self) -> Finding:
        """The flaw as every check states it, without the walk."""
        return Finding(self.rule, self.severity, self.element, self.vi, self.en)

    def to_data(self) -> dict[str, Any]:
        """As plain data: a page plays `walk` from no tokens at all, move by move, to `marking`."""
        return {
            **self.finding.to_data(),
            "walk": [move.to_data() for move in self.walk],
            "marking": list(self.marking),
            "again": self.again,
            "fix": self.fix.to_data() if self.fix is not None else None,
        }


@dataclass(frozen=True, slots=True)
class Proof:
    """The verdict on a diagram. states: markings that had to be looked at one by one."""

    findings: tuple[Flaw, ...]
    verdict: Verdict
    states: int

    def to_data(self) -> dict[str, Any]:
        return {
            "verdict": self.verdict.value,
            "states": self.states,
            "findings": [flaw.to_data() for flaw in self.findings],
        }


def findings_of(proof: Proof) -> tuple[Finding, ...]:
    """The proof's findings as every check states them, without the walks."""
    return tuple(flaw.finding for flaw in proof.findings)
