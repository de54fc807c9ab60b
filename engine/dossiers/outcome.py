"""What an act answers: where the dossier stands now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class OpenedStep:
    """A step that the act opened."""

    step_run_id: UUID
    element_id: str
    name: str
    unit: str | None
    position: str | None
    due_at: datetime | None

    def to_data(self) -> list[Any]:
        return [
            self.step_run_id.hex,
            self.element_id,
            self.name,
            self.unit,
            self.position,
            _spelt(self.due_at),
        ]

    @classmethod
    def from_data(cls, data: list[Any]) -> "OpenedStep":
        run, element, name, unit, position, due = data
        return cls(UUID(run), element, name, unit, position, _moment(due))


@dataclass(frozen=True, slots=True)
class Outcome:
    """The dossier after the act; `version` counts acts, for If-Match."""

    dossier_id: UUID
    code: str
    version: int
    state: str
    national_status: str
    outcome: str | None
    due_at: datetime | None
    opened: tuple[OpenedStep, ...]

    def to_data(self) -> list[Any]:
        """As small JSON; what is kept under an idempotency key."""
        return [
            self.dossier_id.hex,
            self.code,
            self.version,
            self.state,
            self.national_status,
            self.outcome,
            _spelt(self.due_at),
            [step.to_data() for step in self.opened],
        ]

    @classmethod
    def from_data(cls, data: list[Any] | Mapping[str, Any]) -> "Outcome":
        """What `to_data` wrote, also before its columns lost their names."""
        if isinstance(data, Mapping):
            data = [data[name] for name in _NAMES[:-1]] + [
                [[step[name] for name in _NAMES_OF_STEP] for step in data["opened"]]
            ]
        dossier, code, version, state, status, outcome, due, opened = data
        steps = tuple(OpenedStep.from_data(step) for step in opened)
        return cls(UUID(dossier), code, version, state, status, outcome, _moment(due), steps)


_NAMES = tuple(Outcome.__slots__)
_NAMES_OF_STEP = tuple(OpenedStep.__slots__)


def _spelt(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
