"""The parts of big tables for the coming months: looked after once a day by whoever works."""

import logging
from datetime import datetime, timedelta

from engine.office import Office
from engine.store.partitions import make_months_ahead

_A_DAY = timedelta(days=1)
_log = logging.getLogger("quytrinh.months")


class ComingMonths:
    """Makes them when it is first asked, and then once a day; any number may do so at a time."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._made: datetime | None = None

    def keep(self) -> None:
        """Never raises: they are made months ahead, and what falls outside is kept, too."""
        try:
            now = self._office.clock.now()
            if self._made is None or now - self._made >= _A_DAY:
                self._made = now  # where it fails, tomorrow is soon enough
                make_months_ahead(self._office.database, now)
        except Exception:  # noqa: BLE001 - timers must not stand for it
            _log.exception("the parts of tables for the coming months could not be made")
