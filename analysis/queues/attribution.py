"""Who consumed the slack: the lateness of dossiers booked to the steps that overran.

A late dossier i has lateness D_i; its step k overran by o_ik (working seconds, all runs of the
step together). The step owes D_i * o_ik / sum_k o_ik in whole seconds by largest remainder, ties by
element. Where no step overran, D_i stands under `BETWEEN_STEPS`: the limits of the steps do not add
up to the dossier's. The parts sum to the lateness to
the second, for each dossier and so for any group of them.
"""

from dataclasses import dataclass

from analysis.facts.facts import Facts
from analysis.queues.scope import Scope

BETWEEN_STEPS = ""


@dataclass(frozen=True, slots=True)
class OwedByStep:
    """Working seconds of lateness that one step owes, and over how many dossiers.

    element_id and name are empty for lateness that no step's overrun explains.
    """

    procedure_code: str
    element_id: str
    name: str
    late_ws: int
    dossiers: int


@dataclass(frozen=True, slots=True)
class LatenessOwed:
    """All lateness of the period, booked; the parts sum to `total_ws` exactly."""

    total_ws: int
    dossiers: int
    owed: tuple[OwedByStep, ...]


def lateness_by_step(facts: Facts, scope: Scope) -> LatenessOwed:
    """The lateness of all dossiers finished late in the period, by the step that owes it.

    A unit narrows it to dossiers that the unit received; an element is not looked at.
    """
    where, values = scope.dossiers("finished_us")
    rows = facts.rows(_sql(where), **values, between=BETWEEN_STEPS)
    owed = tuple(
        OwedByStep(
            row["procedure_code"], row["element_id"], row["name"], row["late_ws"], row["dossiers"]
        )
        for row in rows
    )
    total = facts.rows(
        "select count(*) as dossiers, cast(coalesce(sum(late_ws), 0) as bigint) as late_ws "  # noqa: S608  # conditions of ours
        f"from dossier_fact where late_ws > 0 and {where}",
        **values,
    )[0]
    return LatenessOwed(total["late_ws"], total["dossiers"], owed)


def _sql(where: str) -> str:
    return f"""
        with late as (
            select agency_id, dossier_id, procedure_code, late_ws
            from dossier_fact where late_ws > 0 and {where}
        ), overrun as (
            select l.agency_id, l.dossier_id, l.procedure_code, l.late_ws as lateness,
                s.element_id, max(s.name) as name, cast(sum(s.late_ws) as bigint) as over_ws
            from late l join step_interval s
                on s.agency_id = l.agency_id and s.dossier_id = l.dossier_id and s.late_ws > 0
            group by l.agency_id, l.dossier_id, l.procedure_code, l.late_ws, s.element_id
        ), weighed as (
            select *, cast(sum(over_ws) over (partition by agency_id, dossier_id) as bigint)
                as all_ws
            from overrun
        ), shared as (
            select *, (lateness * over_ws) % all_ws as rest,
                cast(round((lateness * over_ws - (lateness * over_ws) % all_ws) / all_ws)
                    as bigint) as whole
            from weighed
        ), ranked as (
            select *, lateness - cast(sum(whole) over (partition by agency_id, dossier_id)
                    as bigint) as left_over,
                row_number() over (
                    partition by agency_id, dossier_id order by rest desc, element_id) as place
            from shared
        ), booked as (
            select procedure_code, element_id, name,
                whole + case when place <= left_over then 1 else 0 end as part
            from ranked
            union all
            select l.procedure_code, $between, '', l.late_ws
            from late l left join (select distinct agency_id, dossier_id from overrun) o
                on o.agency_id = l.agency_id and o.dossier_id = l.dossier_id
            where o.dossier_id is null
        )
        select procedure_code, element_id, max(name) as name,
            cast(sum(part) as bigint) as late_ws, count(*) as dossiers
        from booked group by procedure_code, element_id
        order by late_ws desc, procedure_code, element_id
    """  # noqa: S608  # conditions of ours
