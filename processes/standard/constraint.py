"""A constraint: a rule with the place in the standard that states it."""

from dataclasses import dataclass

from processes.rule import Rule


@dataclass(frozen=True, slots=True)
class Constraint(Rule):
    """section: of the BPMN specification, version 2.0.2 (OMG formal/2013-12-09)."""

    section: str
