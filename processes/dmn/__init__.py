"""Decision models (DMN): tables and expressions that decide from a dossier's data.

`read_decisions` reads and checks a file; `DecisionModel.decide` makes one of its decisions.
"""

from processes.dmn.errors import (
    InvalidDecisionModel,
    NotDecisionModel,
    RulesOverlap,
    UnknownDecision,
    UnsuitableInput,
)
from processes.dmn.model import DecisionModel, InputData
from processes.dmn.reader import read_decisions

__all__ = [
    "DecisionModel",
    "InputData",
    "InvalidDecisionModel",
    "NotDecisionModel",
    "RulesOverlap",
    "UnknownDecision",
    "UnsuitableInput",
    "read_decisions",
]
