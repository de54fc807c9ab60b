"""What is asked of a foreign log, by the page or a program: read, checked, made plain data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, BinaryIO
from uuid import UUID

from analysis.period import VIET_NAM, Period
from analysis.weekly_hours import WeeklyHours
from api.upload_limit import LOG_MEGABYTES
from engine.actor import Actor
from engine.documents.keeping import arrive_from
from engine.documents.store import MEGABYTE
from engine.foreign_logs.acts import Question, bring_log
from engine.foreign_logs.kept import log_of
from engine.office import Office
from engine.procedure_version import version
from engine.procedures import by_code
from processes.data_entry import is_storable
from processes.document import MAX_BYTES, FileTooLarge
from processes.errors import InvalidInput, NotFound

MOST_MAPPED = 1000
_LONGEST = 10_000


class LogPeriodHalf(InvalidInput):
    """One day of a period without the other."""

    code = "foreign_log.period_half"
    vi = "Kỳ cần cả ngày đầu và ngày cuối, hoặc để trống cả hai."
    en = "A period needs its first and its last day, or neither."


class MappingTooLong(InvalidInput):
    """More activities are mapped than are taken."""

    code = "foreign_log.mapping_too_long"
    vi = "Chỉ nối được tối đa {most} hoạt động một lần."
    en = "At most {most} activities can be mapped."


class DayUnreadable(InvalidInput):
    """A day that is none."""

    code = "foreign_log.day_unreadable"
    vi = "Ngày “{text}” chưa đọc được. Chọn lại ngày."
    en = "The day '{text}' cannot be read. Choose it again."


@dataclass(frozen=True, slots=True)
class LogQuestion:
    """What somebody asks. procedure: code of one of the office, whose diagram in force is meant;
    diagram: BPMN of their own, goes before it; diagram_name without one: the diagram that the log
    was laid against before, by its name.

    mapping: activity -> element, "" where it is none of the diagram's. before: another kept log, or
    None; with before_period alone it is the same log. object_type: OCEL. hours: of the office.
    """

    procedure: str = ""
    diagram: bytes | None = None
    diagram_name: str = ""
    mapping: Mapping[str, str] = field(default_factory=dict)
    before: UUID | None = None
    first: date | None = None
    last: date | None = None
    before_first: date | None = None
    before_last: date | None = None
    object_type: str = ""
    hours: str = ""

    def checked(self, office: Office, actor: Actor, kept: bytes | None = None) -> Question:
        """As it is kept with the log. kept: the diagram that it was laid against.

        Errors: NotFound (procedure), NoSuchLog (the earlier one), FileTooLarge, InvalidPeriod,
        LogPeriodHalf, MappingTooLong, WeeklyHoursInvalid.
        """
        if self.hours:
            WeeklyHours.parse(self.hours, VIET_NAM)
        diagram, name = self._diagram(office, actor, kept)
        if diagram is not None and len(diagram) > MAX_BYTES:
            raise FileTooLarge(size=len(diagram), limit=MAX_BYTES)
        if len(self.mapping) > MOST_MAPPED:
            raise MappingTooLong(most=MOST_MAPPED)
        told: dict[str, Any] = {
            "procedure": self.procedure,
            "diagram": name,
            "mapping": _storable(self.mapping) if diagram is not None else {},
            "period": _period(self.first, self.last),
            "before_period": _period(self.before_first, self.before_last),
            "object_type": self.object_type.strip(),
            "hours": self.hours.strip(),
        }
        if self.before is not None:
            with office.database.read() as connection:
                earlier = log_of(connection, actor, self.before, office.clock.now())
            told |= {"before": earlier.log_id.hex, "before_name": earlier.name}
        return Question({key: value for key, value in told.items() if value}, diagram)

    def _diagram(
        self, office: Office, actor: Actor, kept: bytes | None
    ) -> tuple[bytes | None, str]:
        """The BPMN, and what it is called."""
        if self.diagram is not None:
            return self.diagram, self.diagram_name or "BPMN"
        if kept is not None and self.diagram_name:
            return kept, self.diagram_name
        if not self.procedure:
            return None, ""
        with office.database.read() as connection:
            found = by_code(connection, actor, self.procedure)
            if found.version_id is None:
                raise NotFound(what=f"quy trình {self.procedure}")
            return version(connection, actor, found.version_id).diagram, found.name


def bring(
    office: Office,
    actor: Actor,
    stream: BinaryIO,
    name: str,
    question: Question,
    key: str | None = None,
) -> UUID:
    """Keep the log in a stream, its analysis waiting to be started; its id.

    Errors: DocumentTooLarge, and those of `engine.foreign_logs.acts.bring_log`.
    """
    with arrive_from(office, stream, LOG_MEGABYTES * MEGABYTE) as arrived:
        return bring_log(office, actor, arrived, name, question, key=key)


def _period(first: date | None, last: date | None) -> str:
    if first is None and last is None:
        return ""
    if first is None or last is None:
        raise LogPeriodHalf
    period = Period(first, last)
    return f"{period.first}..{period.last}"


def _storable(mapping: Mapping[str, str]) -> dict[str, str]:
    return {
        activity: element
        for activity, element in mapping.items()
        if activity.strip() and len(activity) <= _LONGEST and is_storable(activity + element)
    }
