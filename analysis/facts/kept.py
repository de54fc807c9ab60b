"""Facts kept at hand: one reading of an agency serves everybody who asks within a minute.

Pages ask many small questions of the same facts; reading the tables anew for each would cost more
than answering. How old the reading is stands on every page (`Facts.fresh_us`).
"""

from collections import OrderedDict
from datetime import datetime, timedelta
from threading import Lock

from analysis.facts.facts import Facts
from analysis.facts.office import office_facts
from engine.store.columns import to_microseconds
from engine.store.database import Database

_US = 1_000_000


class KeptFacts:
    """The latest readings of a few agencies. Safe for many threads; one reads, the others wait."""

    def __init__(
        self, database: Database, *, most_age: timedelta = timedelta(minutes=1), agencies: int = 8
    ) -> None:
        self._database = database
        self._most_age_us = round(most_age.total_seconds() * _US)
        self._agencies = agencies
        self._kept: OrderedDict[str, Facts] = OrderedDict()
        self._reading: dict[str, Lock] = {}
        self._lock = Lock()

    def of(self, agency_id: str, now: datetime, *, since: datetime | None = None) -> Facts:
        """The facts of the agency, at most `most_age` old; a connection of the asker's own.

        The asker closes it. A clock that was set back counts as age too. since: they are read
        anew unless they know what was done by then.
        """
        with self._lock:
            reading = self._reading.setdefault(agency_id, Lock())
        with reading:
            known_us = None if since is None else to_microseconds(since)
            found = self._fresh(agency_id, to_microseconds(now), known_us)
            if found is None:
                found = self._keep(agency_id, office_facts(self._database, agency_id, now))
            return found

    def _fresh(self, agency_id: str, now_us: int, since_us: int | None) -> Facts | None:
        """For one reader, if it is young enough and knows what was done by `since_us`."""
        with self._lock:
            found = self._kept.get(agency_id)
            if found is None or abs(now_us - found.fresh_us) >= self._most_age_us:
                return None
            if since_us is not None and found.fresh_us <= since_us:
                return None
            self._kept.move_to_end(agency_id)
            return found.for_reader()

    def _keep(self, agency_id: str, facts: Facts) -> Facts:
        """For one reader. A former reading is let go, not closed: closing it would close what its
        readers hold in the midst of their questions; its memory is free when the last one is done.
        """
        with self._lock:
            self._kept[agency_id] = facts
            self._kept.move_to_end(agency_id)
            while len(self._kept) > self._agencies:
                self._kept.popitem(last=False)
            return facts.for_reader()
