"""Soundness: whether every run of a diagram ends well, proved, with the walk of tokens that shows
why not (docs/reference/soundness.md).
"""

from processes.soundness.fixes import apply
from processes.soundness.proof import Fix, FixKind, Flaw, Move, Proof, Verdict, findings_of
from processes.soundness.proving import prove
from processes.soundness.rules import RULES

__all__ = [
    "RULES",
    "Fix",
    "FixKind",
    "Flaw",
    "Move",
    "Proof",
    "Verdict",
    "apply",
    "findings_of",
    "prove",
]
