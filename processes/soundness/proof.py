"""What the proof of a diagram says: a verdict, and for each flaw the walk that shows it."""

from dataclasses import dataclass
from enum import StrEnum

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


@dataclass(frozen=True, slots=True)
class Fix:
    """A local change after which the flaw is gone; it was tried on a copy before it is proposed."""

    kind: FixKind
    element: str
    vi: str
    en: str


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


@dataclass(frozen=True, slots=True)
class Proof:
    """The verdict on a diagram. states: markings that had to be looked at one by one."""

    findings: tuple[Flaw, ...]
    verdict: Verdict
    states: int


def findings_of(proof: Proof) -> tuple[Finding, ...]:
    """The proof's findings as every check states them, without the walks."""
    return tuple(
        Finding(flaw.rule, flaw.severity, flaw.element, flaw.vi, flaw.en) for flaw in proof.findings
    )
