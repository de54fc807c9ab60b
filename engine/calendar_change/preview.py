"""What a change of the calendar would do to the open dossiers, before anybody approves it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Self
from uuid import UUID

from sqlalchemy import Connection

from engine.calendar_change.open_cases import every_case
from engine.dossiers.follow_calendar import Case, Moved, following
from engine.office import Office
from engine.working_calendar.editions import Edition
from processes.errors import RuleError

_BATCH = 500
SHOWN = 200
"""Lines that are kept; the counts are of all."""


@dataclass(frozen=True, slots=True)
class MovedLine:
    """One dossier of the preview. promised: the due time on its receipt, or last told."""

    dossier_id: UUID
    code: str
    applicant: str
    promised: datetime | None
    before: datetime | None
    after: datetime | None
    steps: tuple[tuple[str, datetime | None, datetime | None], ...]
    effect: str  # becomes_late | no_longer_late | later | earlier | steps_only

    def to_data(self) -> dict[str, Any]:
        return {
            "dossier": str(self.dossier_id),
            "code": self.code,
            "applicant": self.applicant,
            "promised": _iso(self.promised),
            "before": _iso(self.before),
            "after": _iso(self.after),
            "steps": [[name, _iso(before), _iso(after)] for name, before, after in self.steps],
            "effect": self.effect,
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        return cls(
            UUID(data["dossier"]),
            data["code"],
            data["applicant"],
            _moment(data["promised"]),
            _moment(data["before"]),
            _moment(data["after"]),
            tuple((name, _moment(b), _moment(a)) for name, b, a in data["steps"]),
            data["effect"],
        )


_COUNTS = (
    *("open", "moved", "later", "earlier", "becomes_late", "no_longer_late"),
    *("steps", "timers", "promises", "uncountable"),
)


@dataclass(slots=True)
class Preview:
    """Counts of all open dossiers, and the first lines.

    promises: dossiers whose date promised to the citizen changes: the citizen is to be told, for
    no receipt is issued again by itself. uncountable: whose due time the calendar does not reach.
    """

    at: datetime
    open: int = 0
    moved: int = 0
    later: int = 0
    earlier: int = 0
    becomes_late: int = 0
    no_longer_late: int = 0
    steps: int = 0
    timers: int = 0
    promises: int = 0
    uncountable: int = 0
    lines: list[MovedLine] = field(default_factory=list)
    uncounted: list[str] = field(default_factory=list)

    def to_data(self) -> dict[str, Any]:
        return {
            "at": _iso(self.at),
            **{name: getattr(self, name) for name in _COUNTS},
            "lines": [line.to_data() for line in self.lines],
            "uncounted": self.uncounted,
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        return cls(
            at=datetime.fromisoformat(data["at"]),
            **{name: data[name] for name in _COUNTS},
            lines=[MovedLine.from_data(line) for line in data["lines"]],
            uncounted=list(data["uncounted"]),
        )


def previewed(
    office: Office,
    connection: Connection,
    agency_id: str,
    new: Edition,
    each: Callable[[MovedLine], None] | None = None,
) -> Preview:
    """Look at every open dossier. each: is given every line, those beyond the first too."""
    found = Preview(office.clock.now())
    ways: dict[int, Callable[[Case], Moved | None]] = {}
    for case in every_case(connection, agency_id, new.number, _BATCH):
        edition = case.row.calendar_edition
        if edition not in ways:
            old = office.edition_numbered(connection, agency_id, edition)
            ways[edition] = following(old, new)
        found.open += 1
        try:
            moved = ways[edition](case)
        except RuleError:
            found.uncountable += 1
            if len(found.uncounted) < SHOWN:
                found.uncounted.append(case.row.code)
            continue
        if moved is not None:
            _count(found, case, moved, each)
    return found


def _count(
    found: Preview, case: Case, moved: Moved, each: Callable[[MovedLine], None] | None
) -> None:
    before, after = moved.due
    effect = _effect(moved, found.at)
    found.moved += 1
    found.steps += len(moved.steps)
    found.timers += len(moved.timers)
    if before is not None and after is not None and before != after:
        found.promises += 1
        found.later += after > before
        found.earlier += after < before
    found.becomes_late += effect == "becomes_late"
    found.no_longer_late += effect == "no_longer_late"
    if each is None and len(found.lines) >= SHOWN:
        return
    line = MovedLine(
        case.row.dossier_id,
        case.row.code,
        case.row.applicant,
        case.row.due_at or case.row.original_due_at,
        before,
        after,
        tuple((step.name, step.before, step.after) for step in moved.steps),
        effect,
    )
    if len(found.lines) < SHOWN:
        found.lines.append(line)
    if each is not None:
        each(line)


def _effect(moved: Moved, at: datetime) -> str:
    before, after = moved.due
    if moved.becomes_late(at):
        return "becomes_late"
    if moved.ceases_to_be_late(at):
        return "no_longer_late"
    if before is None or after is None or before == after:
        return "steps_only"
    return "later" if after > before else "earlier"


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat()


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
