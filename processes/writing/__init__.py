"""Writes a procedure as a BPMN file with its `qt` extensions, lanes and a tidy diagram.

The inverse of `processes.reader`: what is written reads back as the same procedure.
"""

from processes.writing.plan import (
    Arrow,
    End,
    Gateway,
    InvalidPlan,
    Plan,
    Start,
    Wait,
)
from processes.writing.writer import definitions, write

__all__ = [
    "Arrow",
    "End",
    "Gateway",
    "InvalidPlan",
    "Plan",
    "Start",
    "Wait",
    "definitions",
    "write",
]
