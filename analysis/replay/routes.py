"""Which ways dossiers really went: runs of steps, what each waited for, and who did it.

A route is the partial order of one finished dossier: a run waits for all runs that had ended when
it was opened and that nothing has followed yet; where there are none, for the one that ended last
(a split). What lay between (a timer, a message) is its lag. So joins, splits and loops of the
diagram are in the routes as they happened, and a replay draws whole routes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

import numpy as np

from analysis.facts.facts import Facts
from analysis.queues.open_hours import OpenHours

ROUTES = 1_000
"""How many routes of a procedure are kept; of more, evenly spread over the time received."""

NOBODY = -1


@dataclass(frozen=True, slots=True)
class RouteStep:
    """One run of a route. element: (procedure, step); post: (unit, position), None = nobody did it.

    waits_for: places in the route of the runs before it; lag_ws: open seconds between their end
    and its opening. finishes: the handling of the dossier ended with it.
    """

    element_id: str
    post: tuple[str | None, str | None] | None
    waits_for: tuple[int, ...]
    lag_ws: int
    finishes: bool


@dataclass(frozen=True, slots=True)
class Route:
    """The way of one dossier."""

    procedure_code: str
    steps: tuple[RouteStep, ...]


def routes(
    facts: Facts, agency: str, hours: OpenHours, since_us: int, until_us: int
) -> tuple[Route, ...]:
    """Routes of the dossiers of an office received between and finished since, by procedure.

    What came later may go other ways: a procedure changes.
    """
    rows = facts.rows(_SQL, agency=agency, since_us=since_us, until_us=until_us, most=ROUTES)
    moments = ("received_us", "finished_us", "enabled_us", "ended_us")
    for name in moments[:1] + moments[2:]:
        clock = hours.clock(np.array([row[name] for row in rows], dtype=np.int64))
        for row, reading in zip(rows, clock.tolist(), strict=True):
            row[f"c_{name}"] = reading
    return tuple(
        _route(code, tuple(own))
        for (code, _), own in groupby(rows, key=itemgetter("procedure_code", "dossier_id"))
    )


_SQL = """
    with finished as (
        select agency_id, dossier_id, procedure_code, received_us, finished_us,
            row_number() over (
                partition by procedure_code order by received_us, dossier_id) as place,
            count(*) over (partition by procedure_code) as n
        from dossier_fact
        where agency_id = $agency and received_us >= $since_us and received_us < $until_us
            and finished_us is not null
    ), picked as (
        select * from finished
        where n <= $most or (place * $most) % n < $most
    )
    select p.procedure_code, p.dossier_id, p.received_us, p.finished_us, s.element_id, s.unit,
        s.position, case when s.person_id is null or s.started_us is null then 0 else 1 end as held,
        s.enabled_us, s.ended_us
    from picked p join step_interval s
        on s.agency_id = p.agency_id and s.dossier_id = p.dossier_id
    where s.ended_us is not null and (s.state <> 'cancelled' or s.started_us is not null)
    order by p.procedure_code, p.dossier_id, s.enabled_us, s.ended_us, s.step_run_id
"""


def _route(code: str, rows: Sequence[Mapping[str, Any]]) -> Route:
    steps: list[RouteStep] = []
    dangling: list[int] = []
    finish = _finishing(rows)
    for number, row in enumerate(rows):
        over = [place for place in dangling if rows[place]["ended_us"] <= row["enabled_us"]]
        waits_for = over or _last_ended(rows[:number], row["enabled_us"])
        dangling = [place for place in dangling if place not in over] + [number]
        since = max(
            (rows[place]["c_ended_us"] for place in waits_for), default=row["c_received_us"]
        )
        steps.append(
            RouteStep(
                row["element_id"],
                (row["unit"], row["position"]) if row["held"] else None,
                tuple(waits_for),
                max(0, row["c_enabled_us"] - since),
                number == finish,
            )
        )
    return Route(code, tuple(steps))


def _finishing(rows: Sequence[Mapping[str, Any]]) -> int:
    """The run with which handling ended: the one that ended then, else the last to end."""
    ended = [row["ended_us"] for row in rows]
    finished = rows[0]["finished_us"]
    return ended.index(finished) if finished in ended else ended.index(max(ended))


def _last_ended(rows: Iterable[Mapping[str, Any]], at_us: int) -> list[int]:
    ended = [(row["ended_us"], place) for place, row in enumerate(rows) if row["ended_us"] <= at_us]
    return [max(ended)[1]] if ended else []
