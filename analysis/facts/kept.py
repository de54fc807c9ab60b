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
            found = self._fresh(agency_id, to_microseconds(now))
            if found is not None and since is not None and found.fresh_us <= to_microseconds(since):
                found = None
            if found is None:
                found = office_facts(self._database, agency_id, now)
                self._keep(agency_id, found)
            return found.for_reader()

    def _fresh(self, agency_id: str, now_us: int) -> Facts | None:
        with self._lock:
            found = self._kept.get(agency_id)
            if found is None or abs(now_us - found.fresh_us) >= self._most_age_us:
                return None
            self._kept.move_to_end(agency_id)
            return found

    def _keep(self, agency_id: str, facts: Facts) -> None:
        """Readers of the former reading keep their connections to it until they are done."""
        with self._lock:
            former = [self._kept.pop(agency_id, None)]
            self._kept[agency_id] = facts
            while len(self._kept) > self._agencies:
                former.append(self._kept.popitem(last=False)[1])
        for each in former:
            if each is not None:
                each.close()
