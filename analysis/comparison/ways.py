"""The ways dossiers went through the diagram (variants), and whether two sides went other ways."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import md5

import numpy as np
from scipy.special import chdtrc

from analysis.comparison.side import Side
from analysis.facts.facts import Facts
from analysis.survival.observed import EVERYTHING, Picked

_BY_END = "ended_us, step_run_id"
_AT_ONCE = 16  # steps put together in one go: a statement as long as the longest way would be slow


def ways_sql(facts: Facts) -> str:
    """One row a dossier: the steps that were ended, in the order of their ends, ids between ' > '.

    Columns dossier_id and way. Put together by places, in two rounds: engines agree neither on an
    aggregate of texts nor on its order.
    """
    (longest,) = facts.rows(
        "select coalesce(max(n), 0) as n from (select count(*) as n from step_interval "
        "where state in ('completed', 'sent_back') group by dossier_id) as lengths"
    )
    rounds = max(1, -(-int(longest["n"]) // _AT_ONCE))
    return f"""
        select dossier_id, {_joined("part", rounds)} as way
        from (
          select dossier_id, block as place, {_joined("element_id", _AT_ONCE)} as part
          from (
            select dossier_id, element_id, place_of_all % {_AT_ONCE} as place,
              cast(floor(place_of_all / {_AT_ONCE}) as bigint) as block
            from (
              select dossier_id, element_id, row_number() over (
                  partition by dossier_id order by {_BY_END}) - 1 as place_of_all
              from step_interval where state in ('completed', 'sent_back')
            ) as numbered
          ) as blocks group by dossier_id, block
        ) as parts group by dossier_id
    """  # noqa: S608 - columns of ours


def way_mark(steps: Sequence[str]) -> str:
    """What names a way in an address: the digest of its text, as engines make it too."""
    return md5(" > ".join(steps).encode(), usedforsecurity=False).hexdigest()


def way_marked(facts: Facts, mark: str) -> tuple[str, ...]:
    """The steps of the way so marked; empty where no dossier went it."""
    rows = facts.rows(
        f"select min(way) as way from ({ways_sql(facts)}) where md5(way) = $mark",  # noqa: S608
        mark=mark,
    )
    return tuple(rows[0]["way"].split(" > ")) if rows[0]["way"] else ()


def _joined(column: str, places: int) -> str:
    """The texts at places 0, 1, ... of a group, with ' > ' between them."""
    each = [f"coalesce(max(case when place = 0 then {column} end), '')"]
    each += [
        f"coalesce(max(case when place = {n} then concat(' > ', {column}) end), '')"
        for n in range(1, places)
    ]
    return f"concat({', '.join(each)})"


@dataclass(frozen=True, slots=True)
class Way:
    """n dossiers went this way. median_ws, sum_ws: working time of those that are finished."""

    steps: tuple[str, ...]
    n: int
    finished: int
    median_ws: int | None
    sum_ws: int


@dataclass(frozen=True, slots=True)
class WaysComparison:
    """The ways of both sides: steps, n of a, n of b. p: chi-square, rare ways counted together."""

    ways: tuple[tuple[tuple[str, ...], int, int], ...]
    p: float | None


def ways(facts: Facts, picked: Picked = EVERYTHING, *, most: int = 100) -> tuple[Way, ...]:
    """The most frequent ways, of dossiers received in the period; then by their steps."""
    condition, values = picked.condition("received_us", "receiving_unit")
    rows = facts.rows(
        f"""
        with ways as ({ways_sql(facts)}), told as (
          select w.way, d.work_ws, row_number() over (
              partition by w.way order by d.work_ws nulls last, d.dossier_id) as place
          from (select * from dossier_fact where {condition}) d
          join ways w on w.dossier_id = d.dossier_id
        ), counted as (
          select way, count(*) as n, count(work_ws) as finished,
            cast(coalesce(sum(work_ws), 0) as bigint) as sum_ws from told group by way
        )
        select c.way, c.n, c.finished, c.sum_ws, t.work_ws as median_ws
        from counted c
        left join told t on t.way = c.way and c.finished > 0
          and t.place = cast(floor((c.finished + 1) / 2) as bigint)
        order by c.n desc, c.way limit $most
        """,  # noqa: S608 - columns of ours
        most=most,
        **values,
    )
    return tuple(
        Way(
            tuple(row["way"].split(" > ")),
            int(row["n"]),
            int(row["finished"]),
            row["median_ws"],
            int(row["sum_ws"]),
        )
        for row in rows
    )


def compare_ways(facts: Facts, a: Side, b: Side) -> WaysComparison:
    """Whether b goes other ways than a; ways by falling number of both together."""
    counts = [
        {way.steps: way.n for way in ways(facts, side.picked, most=1_000_000)} for side in (a, b)
    ]
    keys = sorted({*counts[0], *counts[1]}, key=lambda k: (-sum(c.get(k, 0) for c in counts), k))
    rows = tuple((key, counts[0].get(key, 0), counts[1].get(key, 0)) for key in keys)
    return WaysComparison(rows, p_of_ways([(x, y) for _, x, y in rows]))


def p_of_ways(rows: list[tuple[int, int]]) -> float | None:
    """Ways of which fewer than five are expected on a side are taken together."""
    table = np.array(rows, dtype=np.float64).reshape(-1, 2).T
    total = table.sum()
    if total == 0 or (table.sum(axis=1) == 0).any():
        return None
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / total
    rare = (expected < 5).any(axis=0)  # noqa: PLR2004
    joined = np.concatenate((table[:, ~rare], table[:, rare].sum(axis=1, keepdims=True)), axis=1)
    joined = joined[:, joined.sum(axis=0) > 0]
    if joined.shape[1] < 2:  # noqa: PLR2004
        return None
    expected = np.outer(joined.sum(axis=1), joined.sum(axis=0)) / total
    return float(chdtrc(joined.shape[1] - 1, ((joined - expected) ** 2 / expected).sum()))
