"""The lake refreshed from time to time, beside the other work, where a folder is configured."""

import logging
from datetime import datetime, timedelta
from pathlib import Path

from analysis.lake.manifest import LakeMovedOn
from analysis.lake.refresh import refresh
from analysis.lake.rolling import roll_up
from api.background import Background
from engine.office import Office
from engine.store.condition import agencies

_log = logging.getLogger("quytrinh.lake")


class LakeRounds(Background):
    """Refreshes the lake of every agency in the database every so many minutes.

    Any number of processes may: of two at a time one comes too late, and nothing is lost.
    """

    def __init__(self, office: Office, lake: Path, minutes: float, every_seconds: float) -> None:
        self._office, self._lake = office, lake.resolve()
        self._between = timedelta(minutes=minutes)
        self._done: datetime | None = None
        super().__init__("lake", self._round, office.clock, every_seconds)

    def _round(self) -> int:
        """Nothing before its time; then every agency, and the roll-ups."""
        now = self._office.clock.now()
        if self._done is not None and self._done <= now < self._done + self._between:
            return 0
        self._done = now
        failed: list[Exception] = []
        for agency_id in agencies(self._office.database):
            try:
                refresh(self._office.database, agency_id, self._lake, now)
            except LakeMovedOn:
                _log.info("the lake of %s was refreshed elsewhere", agency_id)
            except Exception as error:  # noqa: BLE001  the others' lakes are refreshed all the same
                _log.warning("the lake of %s was not refreshed", agency_id)
                failed.append(error)
        roll_up(self._lake, now)
        if failed:
            raise failed[0]
        return 0  # it is over until its time comes again
