"""Drafts of receptions that nobody went on with: forgotten once a day, by whoever works."""

import logging
from datetime import datetime, timedelta

from engine.office import Office
from engine.reception.drafts import purge_reception_drafts

_A_DAY = timedelta(days=1)
_log = logging.getLogger("quytrinh.drafts")


class OldDrafts:
    """Forgets them when it is first asked, and then once a day; any number may do so at a time."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._gone: datetime | None = None

    def forget(self) -> None:
        """Never raises: timers must not stand, and what is old is shown to nobody anyway."""
        try:
            now = self._office.clock.now()
            if self._gone is None or now - self._gone >= _A_DAY:
                self._gone = now
                self._office.database.write(lambda t: purge_reception_drafts(t, now))
        except Exception:  # noqa: BLE001 - tomorrow is soon enough
            _log.exception("old drafts of receptions could not be forgotten")
