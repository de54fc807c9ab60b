"""Edits a procedure's table without losing the designer's file."""

from processes.editing.edits import (
    Edit,
    EditedTwice,
    LaneEdit,
    NothingToEdit,
    ProcedureEdit,
    StepEdit,
    apply_edits,
)

__all__ = [
    "Edit",
    "EditedTwice",
    "LaneEdit",
    "NothingToEdit",
    "ProcedureEdit",
    "StepEdit",
    "apply_edits",
]
