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

    def to_data(self) -> dict[str, Any]:
        return {
            "step_run_id": str(self.step_run_id),
            "element_id": self.element_id,
            "name": self.name,
            "unit": self.unit,
            "position": self.position,
            "due_at": None if self.due_at is None else self.due_at.isoformat(),
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "OpenedStep":
        due = data["due_at"]
        return cls(
            UUID(data["step_run_id"]),
            data["element_id"],
            data["name"],
            data["unit"],
            data["position"],
            None if due is None else datetime.fromisoformat(due),
        )


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

    def to_data(self) -> dict[str, Any]:
        """As JSON; also what is kept under an idempotency key."""
        return {
            "dossier_id": str(self.dossier_id),
            "code": self.code,
            "version": self.version,
            "state": self.state,
            "national_status": self.national_status,
            "outcome": self.outcome,
            "due_at": None if self.due_at is None else self.due_at.isoformat(),
            "opened": [step.to_data() for step in self.opened],
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Outcome":
        due = data["due_at"]
        return cls(
            UUID(data["dossier_id"]),
            data["code"],
            data["version"],
            data["state"],
            data["national_status"],
            data["outcome"],
            None if due is None else datetime.fromisoformat(due),
            tuple(OpenedStep.from_data(step) for step in data["opened"]),
        )
