"""Which components are missing again and again, and what that costs: a pareto.

Return rate of a component c = dossiers sent back citing c / dossiers for which c is required, both
of the dossiers received in the period. A component required only under a condition is counted
against all dossiers of the versions that name it, and says so (`certain` is False): the rate is
then too low, never too high. The delay is the mean pause, in working seconds, of the supplements
that cited it; a supplement that cites three components is in the mean of all three.
"""

from dataclasses import dataclass
from typing import Any

from analysis.comparison.intervals import Interval, wilson
from analysis.facts.facts import Facts
from analysis.queues.scope import Scope
from analysis.rate import Rate

SUPPLEMENT_KINDS = ("supplement", "citizen_supplement")


@dataclass(frozen=True, slots=True)
class MissingComponent:
    """One component of one procedure. asked: times it was cited; ended: of them, pauses that ended.

    paused_ws: working seconds of those in all. cumulative: citations of this and all above it, of
    all citations.
    """

    procedure_code: str
    component: str
    name: str
    returned: Rate
    certain: bool
    interval: Interval
    asked: int
    ended: int
    paused_ws: int
    cumulative: Rate

    @property
    def mean_paused_ws(self) -> int | None:
        """The mean delay, cut to whole seconds; None while no pause has ended."""
        return self.paused_ws // self.ended if self.ended else None


def missing_components(facts: Facts, scope: Scope) -> tuple[MissingComponent, ...]:
    """The components that supplements cited, the one cited in most dossiers first."""
    rows = [row for row in component_counts(facts, scope) if row["asked"]]
    citations, so_far = sum(row["asked"] for row in rows), 0
    made = []
    for row in rows:
        so_far += row["asked"]
        whole = max(row["required"], row["returned"])
        made.append(
            MissingComponent(
                row["procedure_code"],
                row["component"],
                row["name"],
                Rate(row["returned"], whole),
                row["conditional"] == 0 and row["required"] >= row["returned"],
                wilson(row["returned"], whole),
                row["asked"],
                row["ended"],
                row["paused_ws"],
                Rate(so_far, citations),
            )
        )
    return tuple(made)


def component_counts(facts: Facts, scope: Scope) -> list[dict[str, Any]]:
    """Of each component that was cited, or that a dossier received in the period needs, the counts.

    Those of several periods may be added; of a component that nobody cited, required counts all the
    same.
    """
    where, values = scope.dossiers("received_us")
    return facts.rows(_sql(where), **values)


def _sql(where: str) -> str:
    kinds = ", ".join(f"'{kind}'" for kind in SUPPLEMENT_KINDS)
    return f"""
        with received as (
            select agency_id, dossier_id, procedure_code, version_id
            from dossier_fact where {where}
        ), cited as (
            select r.procedure_code, m.component, max(m.name) as name, count(*) as asked,
                count(distinct r.dossier_id) as returned, count(p.until_us) as ended,
                cast(coalesce(sum(case when p.until_us is not null then p.paused_ws end), 0)
                    as bigint) as paused_ws
            from received r
            join missing_component m on m.agency_id = r.agency_id and m.dossier_id = r.dossier_id
            left join pause_fact p on p.agency_id = m.agency_id and p.dossier_id = m.dossier_id
                and p.since_us = m.asked_us and p.kind in ({kinds})
            group by r.procedure_code, m.component
        ), of_version as (
            select agency_id, procedure_code, version_id, component, max(name) as name,
                max(case when requirement = 'required' then 0 else 1 end) as conditional
            from required_component group by agency_id, procedure_code, version_id, component
        ), required as (
            select r.procedure_code, v.component, max(v.name) as name, count(*) as required,
                cast(sum(v.conditional) as bigint) as conditional
            from received r join of_version v on v.agency_id = r.agency_id
                and v.procedure_code = r.procedure_code and v.version_id = r.version_id
            group by r.procedure_code, v.component
        )
        select coalesce(c.procedure_code, q.procedure_code) as procedure_code,
            coalesce(c.component, q.component) as component, coalesce(c.name, q.name) as name,
            coalesce(c.asked, 0) as asked, coalesce(c.returned, 0) as returned,
            coalesce(c.ended, 0) as ended, coalesce(c.paused_ws, 0) as paused_ws,
            coalesce(q.required, 0) as required, coalesce(q.conditional, 0) as conditional
        from cited c full outer join required q
            on q.procedure_code = c.procedure_code and q.component = c.component
        order by returned desc, asked desc, procedure_code, component
    """  # noqa: S608  # conditions of ours
