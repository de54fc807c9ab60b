"""Who was watched for how long: durations of steps and dossiers out of the facts, open ones too.

Working seconds without pauses. A dossier that was withdrawn or discontinued, and a step that was
cancelled, were watched up to there: how long they would have taken is not known.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from analysis.facts.facts import Facts
from analysis.survival.kaplan_meier import Flags, SurvivalCurve, Whole, kaplan_meier

NOT_ENDED = ("withdrawn", "discontinued")
"""Outcomes of dossiers whose handling did not come to its own end."""


@dataclass(frozen=True, slots=True)
class Picked:
    """What is asked about; None is everything.

    step: an element of the diagram; without one it is about whole dossiers. from_us, to_us: when it
    began (dossiers: received; steps: handed over), from included and to not.
    """

    agency_id: str | None = None
    procedure_code: str | None = None
    step: str | None = None
    unit: str | None = None
    version_id: str | None = None
    from_us: int | None = None
    to_us: int | None = None

    def condition(self, begun: str, unit: str) -> tuple[str, dict[str, Any]]:
        """A condition in SQL with its values; begun, unit: the columns that mean these."""
        columns: Mapping[str, str] = {
            "agency_id": "agency_id = $agency_id",
            "procedure_code": "procedure_code = $procedure_code",
            "step": "element_id = $step",
            "unit": f"{unit} = $unit",
            "version_id": "cast(version_id as varchar) = $version_id",
            "from_us": f"{begun} >= $from_us",
            "to_us": f"{begun} < $to_us",
        }
        given = {name: getattr(self, name) for name in columns if getattr(self, name) is not None}
        return " and ".join(("true", *(columns[name] for name in given))), given


EVERYTHING = Picked()


@dataclass(frozen=True, eq=False)
class Watched:
    """lasted: until when each was watched. ended: whether it was over then."""

    lasted: Whole
    ended: Flags

    @property
    def n(self) -> int:
        return len(self.lasted)

    def curve(self) -> SurvivalCurve:
        return kaplan_meier(self.lasted, self.ended)


def dossiers_watched(facts: Facts, picked: Picked = EVERYTHING) -> Watched:
    """How long dossiers took, against their limit, and how long the open ones have taken."""
    condition, values = picked.condition("received_us", "receiving_unit")
    table = facts.arrow(
        f"""
        select coalesce(work_ws, age_ws) as lasted,
          case when work_ws is null or outcome in {NOT_ENDED} then 0 else 1 end as ended
        from dossier_fact where {condition} and coalesce(work_ws, age_ws) is not null
        order by dossier_id
        """,  # noqa: S608 - columns of ours
        **values,
    )
    return _watched(table)


def steps_watched(facts: Facts, picked: Picked = EVERYTHING) -> Watched:
    """How long runs of steps took, waiting and handling, and how long the open ones have lain."""
    condition, values = picked.condition("enabled_us", "unit")
    table = facts.arrow(
        f"""
        select lasted, ended from (
          select step_run_id, {STEP_LASTED} as lasted, {STEP_ENDED} as ended
          from step_interval where {condition}
        ) where lasted is not null order by step_run_id
        """,  # noqa: S608 - columns of ours
        **values,
    )
    return _watched(table)


STEP_LASTED = """case when state = 'open' then age_ws
  else coalesce(waiting_ws, 0) + coalesce(handling_ws, 0) end"""
STEP_ENDED = "case when state in ('completed', 'sent_back') then 1 else 0 end"


@dataclass(frozen=True, slots=True)
class CurveOf:
    """The curve of one procedure or of one step of it."""

    procedure_code: str
    element_id: str | None
    name: str
    curve: SurvivalCurve


def curves(
    facts: Facts, of: Literal["procedure", "step"], picked: Picked = EVERYTHING
) -> tuple[CurveOf, ...]:
    """A curve of each procedure, or of each step of each, by their codes."""
    if of == "procedure":
        query = "select distinct procedure_code, null, procedure_code from dossier_fact"
        begun, unit, watched = "received_us", "receiving_unit", dossiers_watched
    else:
        query = "select procedure_code, element_id, max(name) from step_interval"
        begun, unit, watched = "enabled_us", "unit", steps_watched
    condition, values = picked.condition(begun, unit)
    grouped = " group by 1, 2" if of == "step" else ""
    known = facts.connection.execute(
        f"{query} where {condition}{grouped} order by 1, 2", values
    ).fetchall()
    return tuple(
        CurveOf(code, element, name, watched(facts, _narrowed(picked, code, element)).curve())
        for code, element, name in known
    )


def _narrowed(picked: Picked, code: str, element: str | None) -> Picked:
    return Picked(
        picked.agency_id,
        code,
        element,
        picked.unit,
        picked.version_id,
        picked.from_us,
        picked.to_us,
    )


def _watched(table: Any) -> Watched:
    lasted = table.column("lasted").to_numpy().astype(np.int64)
    return Watched(lasted, table.column("ended").to_numpy().astype(bool))
