"""What a number of a measure counts, in the words of the measures."""

from dataclasses import dataclass
from enum import StrEnum

from analysis.period import Period

NOBODYS = "-"
"""Instead of a unit or position: runs of none that is fixed. "" asks for all."""


class Counted(StrEnum):
    """Which dossiers or runs of a step a number counts. What begins with `step_` counts runs, what
    begins with `asked` supplements that were asked for.
    """

    FINISHED = "finished"  # handled to the end in the period
    EARLY = "early"
    ON_TIME = "on_time"
    LATE = "late"
    JUDGED = "judged"  # finished with a verdict, early, on time or late
    IN_TIME = "in_time"  # ... early or on time
    TIMED = "timed"  # finished, and how long it took is known
    RECEIVED = "received"  # received in the period
    OPEN = "open"  # being handled now
    OVERDUE = "overdue"  # being handled now, past due
    PAUSED = "paused"  # being handled now, the clock stopped
    SUPPLEMENTED = "supplemented"  # asked for a supplement in the period
    RETURNED = "returned"  # received in the period, and asked for a supplement ever since
    LACKED = "lacked"  # ... for this component
    NEEDING = "needing"  # received in the period, of a version that names the component
    MADE_LATE = "made_late"  # finished in the period, with lateness
    OWED = "owed"  # ... and the step overran its limit in them
    OWED_BETWEEN = "owed_between"  # ... and no step overran
    REPEATED = "repeated"  # ended the step in the period, not for the first time
    PASSED = "passed"  # ended the step in the period
    WATCHED = "watched"  # received in the period, and it is known how long they take
    WATCHED_DONE = "watched_done"  # ... and handled to their own end, within so long
    WATCHED_UNDONE = "watched_undone"  # ... and not (yet)
    WATCHED_LONGER = "watched_longer"  # ... watched for longer than so long
    WENT = "went"  # received in the period, and went this way
    WALKED = "walked"  # finished in the period, time and way are known
    ASKED = "asked"  # a supplement asked for in the period, of a dossier with a due time
    ASKED_LAST_HOUR = "asked_last_hour"  # ... in the last working hour before it
    BEGUN = "begun"  # received in the period, and anything was begun
    BACK_DATED = "back_dated"  # received in the period, more than an hour before anything else
    BULK_FINISHED = "month_end_bulk"  # finished on a last working day of a month
    STEP_ENDED = "step_ended"  # a run of the step ended in the period
    STEP_EARLY = "step_early"
    STEP_ON_TIME = "step_on_time"
    STEP_LATE = "step_late"  # ... past the step's limit
    STEP_JUDGED = "step_judged"  # ... with a verdict
    STEP_IN_TIME = "step_in_time"  # ... early or on time
    STEP_SENT_BACK = "step_sent_back"
    STEP_AGAIN = "step_again"  # ... and it was not the first
    STEP_WAITED = "step_waited"  # ... and it is known how long it waited
    STEP_HANDLED = "step_handled"  # ... was handled
    STEP_PAUSED = "step_paused"  # ... stood paused
    STEP_COMPLETED = "step_completed"  # a run was completed in the period, not sent back
    STEP_QUICK = "step_within_seconds"  # completed within seconds of its start
    STEP_NO_HANDLING = "step_no_handling"  # completed without any handling time
    STEP_SENT_HERE = "step_sent_here"  # opened in the period by being sent back from a step
    STEP_WATCHED = "step_watched"  # handed over in the period, and it is known how long it lies
    STEP_ARRIVED = "step_arrived"  # handed over in the period
    STEP_OPEN = "step_open"  # stands at the step now
    STEP_IN_QUEUE = "step_in_queue"  # waited to be taken up at the end of the day
    STEP_IN_HAND = "step_in_hand"  # was being handled at the end of the day
    STEP_CAUSE = "step_cause"  # ended in the period, and waited for this cause
    STEP_LIKELY_LATE = "step_likely_late"  # open now, and more likely than not to be late

    @property
    def runs(self) -> bool:
        """Whether it counts runs of steps, of which a dossier may have several."""
        return self.value.startswith("step_")

    @property
    def requests(self) -> bool:
        """Whether it counts supplements asked for, of which a dossier may have several."""
        return self.value.startswith("asked")


@dataclass(frozen=True, slots=True)
class Question:
    """What a number counts. Texts that are empty ask for all.

    element_id, unit, position: of a step where it is about steps (element_id also where a step owes
    lateness); otherwise unit is the one that received the dossier. component: the code of the one
    that was asked for. version_id: of the procedure. way: as `way_mark` marks it. cause: of
    waiting. sent_from: the step that sent back. day: yyyy-mm-dd, at the end of which it was
    counted; the period's last where there is none. within_ws: working seconds.
    """

    counted: Counted
    period: Period
    procedure_code: str = ""
    element_id: str = ""
    unit: str = ""
    component: str = ""
    version_id: str = ""
    position: str = ""
    way: str = ""
    cause: str = ""
    sent_from: str = ""
    day: str = ""
    within_ws: int | None = None
