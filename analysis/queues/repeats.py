"""Work that came back: steps done again, who sent them back, and dossiers returned to citizens.

A run is a repeat when its attempt is above 1. Rework of a step = dossiers in which it was repeated
/ dossiers in which it was run; its cost is the handling (working seconds) of the repeats. The
return rate of a procedure = dossiers for which a supplement was asked / dossiers received.
"""

from dataclasses import dataclass

from analysis.comparison.intervals import Interval, wilson
from analysis.facts.facts import Facts
from analysis.queues.scope import Scope
from analysis.rate import Rate


@dataclass(frozen=True, slots=True)
class Repeated:
    """How often one step is done again: of dossiers how many, and what the repeats cost."""

    procedure_code: str
    element_id: str
    name: str
    repeated: Rate
    interval: Interval
    repeats: int
    most_attempts: int
    repeat_handling_ws: int
    handling_ws: int


@dataclass(frozen=True, slots=True)
class SentBack:
    """One step sends back to another: so many runs were opened by it."""

    procedure_code: str
    sent_from: str
    sent_to: str
    name_to: str
    times: int
    dossiers: int


@dataclass(frozen=True, slots=True)
class Returned:
    """Dossiers of one procedure for which the citizen had to bring something."""

    procedure_code: str
    returned: Rate
    interval: Interval
    supplements: int


def repeated_steps(facts: Facts, scope: Scope) -> tuple[Repeated, ...]:
    """The steps that were repeated, of the runs ended in the period, the dearest first."""
    where, values = scope.steps("ended_us")
    sql = f"""
        with runs as (
            select agency_id, dossier_id, procedure_code, element_id, name, attempt,
                coalesce(handling_ws, 0) as handling_ws
            from step_interval where state in ('completed', 'sent_back') and {where}
        ), cases as (
            select agency_id, dossier_id, procedure_code, element_id, max(name) as name,
                max(attempt) as attempts, sum(handling_ws) as handling_ws,
                count(case when attempt > 1 then 1 end) as repeats,
                sum(case when attempt > 1 then handling_ws else 0 end) as repeat_ws
            from runs group by agency_id, dossier_id, procedure_code, element_id
        )
        select procedure_code, element_id, max(name) as name, count(*) as dossiers,
            count(case when repeats > 0 then 1 end) as repeated, max(attempts) as attempts,
            cast(sum(repeats) as bigint) as repeats, cast(sum(repeat_ws) as bigint) as repeat_ws,
            cast(sum(handling_ws) as bigint) as handling_ws
        from cases group by procedure_code, element_id having sum(repeats) > 0
        order by repeat_ws desc, repeated desc, procedure_code, element_id
    """  # noqa: S608  # conditions of ours
    return tuple(
        Repeated(
            row["procedure_code"],
            row["element_id"],
            row["name"],
            Rate(row["repeated"], row["dossiers"]),
            wilson(row["repeated"], row["dossiers"]),
            row["repeats"],
            row["attempts"],
            row["repeat_ws"],
            row["handling_ws"],
        )
        for row in facts.rows(sql, **values)
    )


def sent_back(facts: Facts, scope: Scope) -> tuple[SentBack, ...]:
    """Which step sends back to which, of the runs opened in the period, most often first."""
    where, values = scope.steps("enabled_us")
    sql = f"""
        select procedure_code, sent_back_from as sent_from, element_id as sent_to,
            max(name) as name_to, count(*) as times, count(distinct dossier_id) as dossiers
        from step_interval where sent_back_from is not null and {where}
        group by procedure_code, sent_back_from, element_id
        order by times desc, procedure_code, sent_from, sent_to
    """  # noqa: S608  # conditions of ours
    return tuple(SentBack(**row) for row in facts.rows(sql, **values))


def returned_dossiers(facts: Facts, scope: Scope) -> tuple[Returned, ...]:
    """The return rate of each procedure, of the dossiers received in the period, highest first."""
    where, values = scope.dossiers("received_us")
    sql = f"""
        select procedure_code, count(*) as received,
            count(case when supplements > 0 then 1 end) as returned,
            cast(sum(supplements) as bigint) as supplements
        from dossier_fact where {where} group by procedure_code
        order by count(case when supplements > 0 then 1 end) * 1.0 / count(*) desc, procedure_code
    """  # noqa: S608  # conditions of ours
    return tuple(
        Returned(
            row["procedure_code"],
            Rate(row["returned"], row["received"]),
            wilson(row["returned"], row["received"]),
            row["supplements"],
        )
        for row in facts.rows(sql, **values)
    )
