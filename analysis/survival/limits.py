"""Which limit the procedure and each of its steps could keep, beside the limit of today.

In whole half-days (`propose_limit`); where most limits are shorter than a working day, in whole
half-hours, for half a day says nothing of a step of one hour. Today's limit is stated where at
least half of the dossiers (runs) have the very same: a same-day limit ends at a time of day, so
each dossier has another length, and none of them is "the limit".
"""

from dataclasses import dataclass, replace

from analysis.facts.facts import Facts
from analysis.survival.observed import Picked, Watched, dossiers_watched, steps_watched
from analysis.survival.proposed_limit import HALF_DAY_WS, ProposedLimit, propose_limit

HALF_HOUR_WS = 1800
SHARES = (0.80, 0.90, 0.95, 0.99)
"""The shares that are usually wanted."""


@dataclass(frozen=True, slots=True)
class LimitOf:
    """A step's limit, or the whole procedure's (element_id and name empty).

    limit_ws: today's, None where there is none that most have. unit_ws: in which wholes it is
    proposed.
    """

    procedure_code: str
    element_id: str
    name: str
    limit_ws: int | None
    unit_ws: int
    proposed: ProposedLimit


def limits(facts: Facts, picked: Picked, *wanted: float) -> tuple[LimitOf, ...]:
    """For each share: of one procedure as a whole, then of each step that somebody ended.

    By their elements. A step that was picked stands by itself.
    """
    code = picked.procedure_code
    assert code is not None, "limits are those of a procedure"
    found = [] if picked.step else [_asked(facts, picked, "")]
    for element, name in _steps(facts, picked):
        asked = _asked(facts, replace(picked, step=element), name)
        found += [asked] if asked.watched.ended.any() else []
    return tuple(each.limit(code, share) for share in wanted for each in found)


@dataclass(frozen=True, eq=False)
class _Asked:
    """What is the same whatever share is wanted."""

    element_id: str
    name: str
    stated_ws: int | None
    unit_ws: int
    watched: Watched

    def limit(self, code: str, wanted: float) -> LimitOf:
        proposed = propose_limit(self.watched, wanted, unit_ws=self.unit_ws)
        return LimitOf(code, self.element_id, self.name, self.stated_ws, self.unit_ws, proposed)


def _asked(facts: Facts, picked: Picked, name: str) -> _Asked:
    watched = dossiers_watched if picked.step is None else steps_watched
    return _Asked(
        picked.step or "",
        name,
        stated_limit(facts, picked),
        _unit(facts, picked),
        watched(facts, picked),
    )


def stated_limit(facts: Facts, picked: Picked) -> int | None:
    """The limit that at least half of what was picked has, of what has one; else None."""
    table, condition, values = _where(picked)
    rows = facts.rows(
        f"""
        select limit_ws, count(*) as n, sum(count(*)) over () as whole
        from {table} where limit_ws is not null and {condition}
        group by limit_ws order by n desc, limit_ws limit 1
        """,  # noqa: S608 - names of ours
        **values,
    )
    most = rows[0] if rows else None
    return int(most["limit_ws"]) if most and 2 * most["n"] >= most["whole"] else None


def _unit(facts: Facts, picked: Picked) -> int:
    """Half an hour where most limits are shorter than a day; else half a day."""
    table, condition, values = _where(picked)
    row = facts.rows(
        f"""
        select count(*) as whole, count(case when limit_ws < {2 * HALF_DAY_WS} then 1 end) as short
        from {table} where limit_ws is not null and {condition}
        """,  # noqa: S608 - names of ours
        **values,
    )[0]
    return HALF_HOUR_WS if 2 * row["short"] > row["whole"] else HALF_DAY_WS


def _where(picked: Picked) -> tuple[str, str, dict[str, object]]:
    if picked.step is None:
        return "dossier_fact", *picked.condition("received_us", "receiving_unit")
    return "step_interval", *picked.condition("enabled_us", "unit")


def _steps(facts: Facts, picked: Picked) -> list[tuple[str, str]]:
    condition, values = picked.condition("enabled_us", "unit")
    rows = facts.rows(
        "select element_id, max(name) as name from step_interval "  # noqa: S608 - columns of ours
        f"where {condition} group by element_id order by element_id",
        **values,
    )
    return [(row["element_id"], row["name"]) for row in rows]
