"""What no repair fills in: the designer alone can decide it.

Time limits, who does a step, codes and cases are never invented. A file in which nothing else is
wrong once it is repaired counts as repairable.
"""

from processes.lint.publication import NO_CASE
from processes.lint.publication import NO_LIMIT as CASE_LIMIT
from processes.lint.steps import LIMIT, NO_TIMEOUT_LIMIT, OWNER
from processes.reader import CODE, NAME
from processes.reader.positions import POSITION_MISSING

NEEDS_DESIGNER = frozenset(
    rule.code
    for rule in (LIMIT, CASE_LIMIT, NO_TIMEOUT_LIMIT, OWNER, POSITION_MISSING, CODE, NAME, NO_CASE)
)
"""Codes of the rules about such gaps: something is not stated yet, nothing stated is wrong."""
