"""Who analyses foreign logs: one after the other, in a thread beside the answering of requests.

What a browser waits for stands in the database, so a closed tab loses nothing and every server
says the same. What a process leaves undone when it ends is begun anew by one that is idle.
"""

import logging
import shutil
import threading
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from api.foreign_logs import (
    MOST_SECONDS,
    AnalysisEnded,
    AnalysisStopped,
    ForeignLogFailed,
    analysed,
)
from api.rest.uploads import harmless_name
from engine.actor import Actor, system_actor
from engine.foreign_logs import work
from engine.foreign_logs.kept import KeptLog, LogState, Progress, diagram_of, log_of
from engine.foreign_logs.resuming import take_over
from engine.foreign_logs.work import Run
from engine.office import Office
from processes.errors import RuleError

_log = logging.getLogger("quytrinh.foreign_logs")
_DRAWN, _MOST_DRAWN = "drawn.bpmn", 16 << 20
LEFT_SECONDS = 10.0
"""Between two looks for what another process left undone."""
_OPTIONS = {
    "object_type": "--object-type",
    "hours": "--hours",
    "period": "--period",
    "before_period": "--against-period",
}


class LogWork:
    """The analyses that this process was given; the thread is there while there are any."""

    def __init__(self, office: Office, seconds: float = MOST_SECONDS) -> None:
        self._office, self._seconds = office, seconds
        self._waiting: deque[Run] = deque()
        self._thread: threading.Thread | None = None
        self._ending = False
        self._lock = threading.Lock()

    def start(self, actor: Actor, log_id: UUID) -> None:
        """Analyse a log of the actor's agency, if its analysis waits for somebody (NoSuchLog)."""
        with self._office.database.read() as connection:
            log = log_of(connection, actor, log_id, self._office.clock.now())
        if log.state is LogState.WAITING:
            self.take(Run(actor.agency_id, log.log_id, log.run))

    def take(self, run: Run) -> None:
        """Analyse it after those that wait already; given twice, it is done once."""
        with self._lock:
            if run in self._waiting or self._ending:
                return
            self._waiting.append(run)
            if self._thread is None:
                self._thread = threading.Thread(target=self._loop, name="foreign-logs", daemon=True)
                self._thread.start()

    def look(self) -> int:
        """Begin anew what another process left undone, one at a time, if nothing is at work here;
        how many.
        """
        with self._lock:
            if self._waiting or self._ending:
                return 0
        run = take_over(self._office)
        if run is None:
            return 0
        self.take(run)
        if self._ending:
            work.interrupted(self._office, run)
        return 1

    def stop(self) -> None:
        """End what is at work; those logs say that they were interrupted."""
        with self._lock:
            self._ending, thread = True, self._thread
        if thread is not None:
            thread.join()

    def rest(self) -> None:
        """Return once nothing is at work or waits."""
        while (thread := self._thread) is not None:
            thread.join()

    def _loop(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._thread = None
                    return
                run = self._waiting[0]
            try:
                self._do(run)
            except Exception:  # noqa: BLE001 - the next one is none the worse for it
                _log.exception("the analysis of a foreign log could not be written down")
            with self._lock:
                self._waiting.popleft()

    def _do(self, run: Run) -> None:
        if self._ending:
            work.interrupted(self._office, run)
            return
        if not work.begin(self._office, run):
            return
        try:
            work.done(self._office, run, *self._analysed(run))
        except AnalysisStopped:
            if self._ending:
                work.interrupted(self._office, run)
        except AnalysisEnded:
            work.interrupted(self._office, run)
        except RuleError as error:
            work.refused(self._office, run, _told(error))
        except Exception:  # noqa: BLE001 - whoever waits is told, too
            _log.exception("a foreign log could not be analysed")
            work.refused(self._office, run, _told(ForeignLogFailed()))

    def _analysed(self, run: Run) -> tuple[bytes, bytes | None]:
        """What it says, and its diagram where that had to be drawn."""
        with TemporaryDirectory() as folder:
            log, options = _laid_down(self._office, run, Path(folder))
            said = analysed(log, options, lambda told: self._heard(run, told), self._seconds)
            drawn = Path(folder, _DRAWN)
            fits = drawn.is_file() and drawn.stat().st_size <= _MOST_DRAWN
            return said, drawn.read_bytes() if fits else None

    def _heard(self, run: Run, told: Progress) -> bool:
        """Note that this one goes on and that others still wait; whether it should go on."""
        if self._ending:
            return False
        try:
            with self._lock:
                others = list(self._waiting)[1:]
            for other in others:
                work.still(self._office, other)
            return work.still(self._office, run, told)
        except Exception:  # noqa: BLE001 - the database may be away for a moment
            _log.warning("how far a foreign log is could not be noted", exc_info=True)
            return True


def _laid_down(office: Office, run: Run, folder: Path) -> tuple[Path, list[str]]:
    """The files in a folder, and the words that the command is told."""
    now, reader = office.clock.now(), system_actor(run.agency_id)
    with office.database.read() as connection:
        log = log_of(connection, reader, run.log_id, now)
        asked: Mapping[str, Any] = log.question
        diagram = diagram_of(connection, run.agency_id, run.log_id, now)
        before = asked.get("before")
        earlier = log_of(connection, reader, UUID(before), now) if before else None
    options = [f"{word}={asked[name]}" for name, word in _OPTIONS.items() if asked.get(name)]
    path = lay_log(office, run.agency_id, log, folder / "log")
    if earlier is not None:
        lain = lay_log(office, run.agency_id, earlier, folder / "before")
        options += ["--against", str(lain)]
    if diagram is not None:
        drawn = folder / "diagram.bpmn"
        drawn.write_bytes(diagram)
        options += ["--procedure", str(drawn), "--drawn", str(folder / _DRAWN)]
        if asked.get("mapping"):
            told = folder / "mapping.csv"
            told.write_text(mapping_csv(asked["mapping"]), encoding="utf-8")
            options += ["--mapping", str(told)]
    return path, options


def lay_log(office: Office, agency_id: str, log: KeptLog, folder: Path) -> Path:
    """The bytes of a kept log in a folder of their own, under its name."""
    folder.mkdir()
    path = folder / harmless_name(log.name)
    with office.documents.store.open(agency_id, log.sha256) as source, path.open("wb") as target:
        shutil.copyfileobj(source, target)
    return path


def mapping_csv(mapping: Mapping[str, str]) -> str:
    """Activity -> element as the file that the command reads."""
    return "".join(
        f'"{activity.replace(chr(34), chr(34) * 2)}",{element}\n'
        for activity, element in mapping.items()
    )


def _told(error: RuleError) -> dict[str, str]:
    return {"code": error.code, "vi": error.message("vi"), "en": error.message("en")}
