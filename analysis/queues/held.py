"""What each person of an office had in hand, and when, in columns for numpy.

A piece of work reaches from when a person started a run to when it ended, without the pauses of
the dossier in between (only where the run's own clock stood too).
"""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from analysis.facts.facts import Facts
from analysis.facts.pauses import steps_stand
from analysis.queues.open_hours import Ints
from analysis.queues.scope import Scope

ENDED = "state in ('completed', 'sent_back')"
"""Runs that somebody ended; cancelled ones tell nothing about the step."""
_HELD = """
    select agency_id, dossier_id, step_run_id, person_id, procedure_code, element_id, name, unit,
        version_id,
        position, state, enabled_us, started_us, coalesce(ended_us, $at_us) as until_us, ended_us,
        paused_us, coalesce(waiting_ws, 0) as waiting_ws, coalesce(handling_ws, 0) as handling_ws
    from step_interval
    where agency_id = $agency and person_id is not null and started_us is not null
        and started_us < $until_us and coalesce(ended_us, $at_us) >= $since_us
        and enabled_us <= started_us
"""


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """Runs that persons took up. ids: theirs, as text. person: a number; place: (procedure, step,
    unit) as a number.

    paused: whether it stood for a while; ended: whether it has ended; measured: and within the
    scope. named: procedure, step, unit and name of each place; posts: unit and position of each
    post. Times in epoch microseconds, _ws working seconds.
    """

    ids: "pa.ChunkedArray[Any]"
    person: Ints
    place: Ints
    post: Ints
    enabled: Ints
    started: Ints
    until: Ints
    waiting_ws: Ints
    handling_ws: Ints
    paused: NDArray[np.bool_]
    ended: NDArray[np.bool_]
    measured: NDArray[np.bool_]
    persons: int
    named: tuple[tuple[str, str, str | None, str], ...]
    posts: tuple[tuple[str | None, str | None], ...]

    @classmethod
    def of(cls, facts: Facts, scope: Scope, agency: str, since_us: int) -> Self:
        """All that was in hand in an office from a moment to the end of the scope."""
        where, values = scope.steps("ended_us")
        sql = f"""
            select *, cast(step_run_id as varchar) as id,
                case when {ENDED} and {where} then 1 else 0 end as measured,
                case when ended_us is null then 0 else 1 end as has_ended
            from ({_numbered()}) as held order by run
        """  # noqa: S608  # conditions of ours
        table = facts.arrow(sql, **(values | _window(facts, scope, agency, since_us)))
        person = _ints(table, "person")
        return cls(
            table.column("id"),
            person,
            _ints(table, "place"),
            _ints(table, "post"),
            _ints(table, "enabled_us"),
            _ints(table, "started_us"),
            _ints(table, "until_us"),
            _ints(table, "waiting_ws"),
            _ints(table, "handling_ws"),
            _ints(table, "paused_us") > 0,
            _ints(table, "has_ended").astype(bool),
            _ints(table, "measured").astype(bool),
            int(person.max()) + 1 if len(person) else 0,
            _named(table, "place", ("procedure_code", "element_id", "unit", "name")),
            _named(table, "post", ("unit", "position")),
        )

    def acts(self) -> tuple[Ints, Ints]:
        """Who acted and when: every start, and every end that there was."""
        return (
            np.concatenate((self.person, self.person[self.ended])),
            np.concatenate((self.started, self.until[self.ended])),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """Stretches in which persons worked on a run (its row in `Held`), enabled at `enabled`."""

    run: Ints
    person: Ints
    post: Ints
    enabled: Ints
    begin: Ints
    end: Ints

    @classmethod
    def of(cls, facts: Facts, scope: Scope, agency: str, since_us: int) -> Self:
        """The pieces of all that `Held` holds, persons and posts numbered alike."""
        sql = f"""
            with held as (
                {_numbered()}
            ), cut as (
                select h.run, h.person, h.post, h.enabled_us, h.until_us,
                    greatest(p.since_us, h.started_us) as cut_us,
                    least(coalesce(p.until_us, h.until_us), h.until_us) as again_us,
                    h.started_us
                from held h join pause_fact p
                    on p.agency_id = h.agency_id and p.dossier_id = h.dossier_id
                    and p.since_us < h.until_us
                    and coalesce(p.until_us, h.until_us) > h.started_us
                    and {steps_stand("p")}
                where h.paused_us > 0
            ), furthest as (
                select *, coalesce(max(again_us) over (
                    partition by run order by cut_us, again_us
                    rows between unbounded preceding and 1 preceding), started_us) as from_us
                from cut
            ), piece as (
                select run, person, post, enabled_us, from_us as begin_us, cut_us as end_us
                from furthest
                union all
                select run, max(person), max(post), max(enabled_us), max(again_us), max(until_us)
                from cut group by run
                union all
                select h.run, h.person, h.post, h.enabled_us, h.started_us, h.until_us
                from held h left join (select distinct run from cut) c on c.run = h.run
                where c.run is null
            )
            select * from piece where begin_us < end_us
            order by person, begin_us, end_us, enabled_us
        """  # noqa: S608  # statements of ours
        table = facts.arrow(sql, **_window(facts, scope, agency, since_us))
        names = ("run", "person", "post", "enabled_us", "begin_us", "end_us")
        return cls(*(_ints(table, name) for name in names))


def _window(facts: Facts, scope: Scope, agency: str, since_us: int) -> dict[str, int | str]:
    until = min(scope.end_us, facts.at_us)
    return {"agency": agency, "at_us": facts.at_us, "since_us": since_us, "until_us": until}


def _numbered() -> str:
    """The runs held with the numbers of their person, place and post, and their own."""
    return f"""
        select n.*, row_number() over (
            order by person, place, started_us, enabled_us, step_run_id) - 1 as run
        from (
            select h.*, {_number("person_id")} as person,
                {_number("procedure_code, element_id, unit")} as place,
                {_number("unit, position")} as post
            from ({_HELD}) as h
        ) as n
    """  # noqa: S608  # statements of ours


def _number(columns: str) -> str:
    """Numbers from 0 for each different value, in their order."""
    return f"cast(dense_rank() over (order by {columns}) - 1 as bigint)"


def _ints(table: pa.Table, name: str) -> Ints:
    return np.ascontiguousarray(table[name].combine_chunks().to_numpy(zero_copy_only=False)).astype(
        np.int64
    )


def _named(table: pa.Table, key: str, columns: tuple[str, ...]) -> Any:
    """What each number stands for, by number; of several names of one place the first."""
    numbers = _ints(table, key)
    if not len(numbers):
        return ()
    _, first = np.unique(numbers, return_index=True)
    picked = table.select(list(columns)).take(first).to_pylist()
    return tuple(tuple(row[column] for column in columns) for row in picked)
