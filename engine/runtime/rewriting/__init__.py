"""Constructs that the library does not run as the standard has them, said in others that it does.

Each file rewrites one construct, in the copy of the diagram that the library is given; ids are
already spelt (`translation.inner_id`). What a rewriting invents has a dot in its id, so that no
trace and no list of open steps ever shows it; what the designer drew keeps its own.
"""

from lxml import etree

from engine.runtime.rewriting.ad_hoc import choose_freely
from engine.runtime.rewriting.beginnings import begin_and_end
from engine.runtime.rewriting.complex_gateways import decide_by_number
from engine.runtime.rewriting.quantities import count_tokens
from engine.runtime.rewriting.repetitions import repeat
from engine.runtime.rewriting.rounds import end_predictions
from engine.runtime.rewriting.ways_out import part_ways

# Repetitions take the activity with all that quantities and ways out hang on it, so they come late;
# rounds are looked for in what is drawn by then; beginnings and ends complete every scope.
_IN_ORDER = (
    *(choose_freely, decide_by_number, count_tokens, part_ways, repeat),
    *(end_predictions, begin_and_end),
)


def rewrite(process: etree._Element) -> None:
    """Rewrite a process, in place."""
    for rewriting in _IN_ORDER:
        rewriting(process)


__all__ = ["rewrite"]
