"""What happens when time passes: timers of the diagram fire, overdue steps escalate or consent.

Found by index and done in batches; the effect and the mark that it happened commit together, so
that many workers, or a worker killed at any moment, neither lose nor double one. What fails waits
longer each time and at last stands aside (`setbacks`): it holds up nobody.
"""

import logging
from collections.abc import Callable

from engine.dossiers.due_timers import Followed, Missed, fire_due_timers
from engine.dossiers.overdue import judge_overdue_steps
from engine.dossiers.setbacks import note_setback
from engine.office import Office
from engine.store.database import StaleState
from processes.errors import RuleError

_log = logging.getLogger("quytrinh.timeouts")
_MOST = 1000
_TOGETHER = 200
"""A batch: whoever acts on one of its dossiers meanwhile waits for all of it."""


def let_time_pass(office: Office, most: int = _MOST) -> int:
    """Do what has fallen due by now, at most so many of each kind; how many were done."""
    fired = _each(office, fire_due_timers, most)
    return fired + _each(office, judge_overdue_steps, most)


def _each(office: Office, do: Callable[[Office, int], tuple[int, list[Missed]]], most: int) -> int:
    """Do what is due, the longest due first; what cannot be done is passed over, not waited for."""
    done = 0
    while done < most:
        now_done, missed = do(office, min(_TOGETHER, most - done))
        done += now_done
        noted = sum(_noted(office, each) for each in missed)
        if not now_done and not noted:
            break
    return done


def _noted(office: Office, missed: Missed) -> bool:
    """Have what failed wait; whether to look on.

    What somebody else changed meanwhile is looked at again anyway.
    """
    row, error = missed
    if isinstance(error, StaleState):
        return False
    if isinstance(error, Followed):
        return True
    told = "what fell due in dossier %s cannot be done: %r"
    trace = None if isinstance(error, RuleError) else error
    _log.error(told, row.dossier_id, error, exc_info=trace)
    note_setback(office, row, error)
    return True
