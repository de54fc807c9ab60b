"""Who consumed the slack: the lateness of dossiers booked to the steps that overran.

A late dossier i has lateness D_i (working seconds past its due time); its step k overran its limit
by o_ik. Of D_i the step owes D_i * o_ik / sum_k o_ik, in whole seconds by largest remainder, so
that the parts sum to the total lateness to the second. Where no step overran, D_i is booked to
`BETWEEN_STEPS`: the limits of the steps do not add up to the dossier's.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, and_, func, select

from analysis.period import Period
from analysis.source import dossier, finished_in, of_procedure, procedure_names, step_run

BETWEEN_STEPS = ""


@dataclass(frozen=True, slots=True)
class Owed:
    """Lateness owed to one step: working seconds in all, and of how many dossiers.

    element_id and name are empty for lateness that no step's overrun explains.
    """

    procedure_code: str
    procedure_name: str
    element_id: str
    name: str
    late_ws: int
    dossiers: int


@dataclass(frozen=True, slots=True)
class Attribution:
    """All lateness of a period, booked; the parts sum to `total_ws` exactly."""

    total_ws: int
    dossiers: int
    owed: tuple[Owed, ...]


def divide(lateness: int, overruns: Mapping[str, int]) -> dict[str, int]:
    """Whole parts of `lateness` in proportion to the overruns; they sum to it exactly.

    >>> divide(10, {"a": 1, "b": 2})
    {'a': 3, 'b': 7}
    """
    total = sum(overruns.values())
    if total == 0:
        return {BETWEEN_STEPS: lateness}
    shares = {key: divmod(lateness * overrun, total) for key, overrun in overruns.items()}
    left = lateness - sum(whole for whole, _ in shares.values())
    by_remainder = sorted(shares, key=lambda key: (-shares[key][1], key))
    favoured = set(by_remainder[:left])
    return {key: whole + (key in favoured) for key, (whole, _) in shares.items()}


def lateness_owed(
    connection: Connection, agency_id: str, period: Period, procedure_id: UUID | None = None
) -> Attribution:
    """The lateness of all dossiers finished late in the period, by the step that owes it."""
    late = (
        select(dossier.c.dossier_id, dossier.c.procedure_id, dossier.c.late_ws)
        .where(
            finished_in(agency_id, period),
            dossier.c.late_ws > 0,
            *of_procedure(dossier, procedure_id),
        )
        .subquery()
    )
    overruns = (
        select(
            late.c.dossier_id,
            late.c.procedure_id,
            late.c.late_ws,
            step_run.c.element_id,
            func.max(step_run.c.name).label("name"),
            func.coalesce(func.sum(step_run.c.late_ws), 0).label("overrun"),
        )
        .outerjoin(
            step_run,
            and_(
                step_run.c.agency_id == agency_id,
                step_run.c.dossier_id == late.c.dossier_id,
                step_run.c.late_ws > 0,
            ),
        )
        .group_by(late.c.dossier_id, late.c.procedure_id, late.c.late_ws, step_run.c.element_id)
    )
    names = {r.procedure_id: r for r in connection.execute(procedure_names(agency_id))}
    return _booked(connection.execute(overruns), names)


def _booked(rows: Iterable[Any], names: Mapping[UUID, Any]) -> Attribution:
    dossiers: dict[UUID, tuple[UUID, int, dict[str, int]]] = {}
    step_names: dict[tuple[UUID, str], str] = {}
    for row in rows:
        known = dossiers.setdefault(row.dossier_id, (row.procedure_id, int(row.late_ws), {}))
        if row.element_id is not None:
            known[2][row.element_id] = int(row.overrun)
            step_names[row.procedure_id, row.element_id] = row.name
    booked: dict[tuple[UUID, str], tuple[int, int]] = {}
    for procedure_id, lateness, overruns in dossiers.values():
        for element, part in divide(lateness, overruns).items():
            seconds, number = booked.get((procedure_id, element), (0, 0))
            booked[procedure_id, element] = (seconds + part, number + 1)
    owed = [
        Owed(
            names[key[0]].code, names[key[0]].name, key[1], step_names.get(key, ""), seconds, number
        )
        for key, (seconds, number) in booked.items()
    ]
    return Attribution(
        total_ws=sum(lateness for _, lateness, _ in dossiers.values()),
        dossiers=len(dossiers),
        owed=tuple(sorted(owed, key=lambda o: (-o.late_ws, o.procedure_code, o.element_id))),
    )
