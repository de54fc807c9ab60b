"""What is to be done for documents as time passes: quarantine, old logs, what dead uploads left."""

import logging
from datetime import datetime, timedelta

from engine.documents.keeping import tidy
from engine.documents.quarantine import scan_quarantined
from engine.foreign_logs.acts import purge_logs
from engine.office import Office

_BETWEEN = timedelta(minutes=10)
_log = logging.getLogger("quytrinh.documents")


class DocumentRounds:
    """Scans what waits each time it is asked, tidies every ten minutes; any number at a time."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._tidied: datetime | None = None

    def make(self) -> int:
        """How many documents were decided or deleted. Never raises: timers must not stand."""
        done = 0
        try:
            done += scan_quarantined(self._office)
            now = self._office.clock.now()
            if self._tidied is None or not self._tidied <= now < self._tidied + _BETWEEN:
                self._tidied = now
                done += purge_logs(self._office)
                done += tidy(self._office)
        except Exception:  # noqa: BLE001 - the store may be away for a while
            _log.exception("documents could not be looked after")
        return done
