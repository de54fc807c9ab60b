"""Repairs a foreign diagram step by step, with the designer's consent.

`propose` lists what can be repaired, each with its element, the reason, before and after; `apply`
makes what was accepted. Nothing is repaired silently, and the file as it was sent is never changed.
Kinds of repairs: docs/reference/repairs.md.
"""

from processes.repair.gaps import NEEDS_DESIGNER
from processes.repair.order import KINDS
from processes.repair.proposal import Mended, UnknownRepair, apply, mend, propose
from processes.repair.repair import Kind, Repair
from processes.repair.workpiece import TooManyRepairs

__all__ = [
    "KINDS",
    "NEEDS_DESIGNER",
    "Kind",
    "Mended",
    "Repair",
    "TooManyRepairs",
    "UnknownRepair",
    "apply",
    "mend",
    "propose",
]
