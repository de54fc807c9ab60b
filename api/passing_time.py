"""The worker: every few seconds, what has fallen due in the meantime is done.

Dossiers first follow a changed calendar: what falls due by the old one may not by the new.
"""

from api.background import Background
from api.coming_months import ComingMonths
from api.document_rounds import DocumentRounds
from api.old_drafts import OldDrafts
from engine.calendar_change.reprojection import follow_calendars
from engine.dossiers.timeouts import let_time_pass
from engine.office import Office
from engine.reminders.digest import send_digests
from engine.reminders.held import release_held
from engine.reminders.owed_round import tell_what_is_owed
from engine.reminders.round import remind
from engine.risk.anew import rate_open_steps
from engine.risk.gathering import gather

_AT_A_TIME = 200_000  # open dossiers that follow a calendar, before timers are looked at again


class PassingTime(Background):
    """Lets time pass in an office: timers fire, overdue steps escalate, reminders go out.

    Any number of them, in any number of processes, may run on one database. alone: nobody is
    served by this process.
    """

    def __init__(self, office: Office, every_seconds: float, *, alone: bool = False) -> None:
        months, documents = ComingMonths(office), DocumentRounds(office)
        drafts = OldDrafts(office)

        def look() -> int:
            drafts.forget()
            return _pass(office, months, documents, alone=alone)

        super().__init__("passing-time", look, office.clock, every_seconds)


def _pass(
    office: Office, months: ComingMonths, documents: DocumentRounds, *, alone: bool = False
) -> int:
    months.keep()
    done = 0
    try:
        done += follow_calendars(office, _AT_A_TIME, alone=alone).moved
    finally:  # timers look themselves whether their dossier has to follow first
        done += let_time_pass(office)
    done += remind(office).looked_at
    done += tell_what_is_owed(office)
    gather(office)
    rate_open_steps(office)
    send_digests(office)
    done += release_held(office).sent
    done += documents.make()
    return done
