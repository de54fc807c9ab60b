"""An office as a replay knows it: who was there when, what came, how long things took.

Times are open seconds of the office (`OpenHours`). A run takes a person's own time (`own_time`) and
before that a delay that no colleague could shorten: batching and extraneous waiting (`causes`).
What people wait for people is not taken over: it comes about again. Source: Chapela-Campa & Dumas
2023, extraneous delays in simulation; Prosimos for people with calendars of their own.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.facts.facts import Facts
from analysis.facts.pauses import steps_stand
from analysis.queues.causes import Cause, split_waiting
from analysis.queues.held import Held, Pieces
from analysis.queues.open_hours import Ints, OpenHours
from analysis.queues.presence import Presence
from analysis.queues.scope import Scope
from analysis.replay.own_time import own_time
from analysis.replay.routes import Route, routes
from processes.errors import Unmet

WARM_UP_US = 60 * 86_400_000_000
"""Arrivals from so long before the period fill the office before it is measured."""
_RECENT_DAYS = 20

Post = tuple[str | None, str | None]
Step = tuple[str, str]


class NothingToReplay(Unmet):
    """No dossier of the office finished in the time looked at."""

    code = "what_if.nothing_to_replay"
    vi = "Chưa có hồ sơ nào giải quyết xong trong kỳ để dựng lại. Chọn một kỳ dài hơn."
    en = "No dossier finished in the period, so there is nothing to replay. Choose a longer one."


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """Times of a step as they occurred, of one run together. stops: the dossier's clock."""

    work: Ints
    delay: Ints
    stops: bool


@dataclass(frozen=True, slots=True, eq=False)
class Supplements:
    """What a procedure asks for later: of which share of dossiers, at which step, for how long."""

    share: float
    steps: tuple[str, ...]
    paused_ws: Ints
    resets: bool


@dataclass(frozen=True, slots=True, eq=False)
class OfficeModel:
    """arrived, limit: of each dossier in order of arrival; limit -1 = none. members: of each post.

    present: person x working day. begin, end, cut: when the period begins and ends, and until when
    the facts tell.
    """

    hours: OpenHours
    begin: int
    end: int
    cut: int
    procedures: tuple[str, ...]
    arrived: Ints
    procedure: Ints
    limit: Ints
    routes: Mapping[str, tuple[Route, ...]]
    samples: Mapping[Step, Samples]
    supplements: Mapping[str, Supplements]
    members: Mapping[Post, tuple[int, ...]]
    present: NDArray[np.bool_]


def office_model(
    facts: Facts, agency: str, scope: Scope, hours: OpenHours, resets: Collection[str] = ()
) -> OfficeModel:
    """Read the office off its facts (NothingToReplay).

    scope: its period; its filters are not looked at, for people do not work on one procedure alone.
    hours: from the warm-up before the period until after its end. resets: codes of procedures
    whose limit is counted again from zero after a supplement.
    """
    since = scope.start_us - WARM_UP_US
    whole = Scope(since, min(scope.end_us, facts.at_us))
    ways: dict[str, list[Route]] = {}
    for route in routes(facts, agency, hours, since, whole.end_us):
        ways.setdefault(route.procedure_code, []).append(route)
    held = Held.of(facts, whole, agency, since)
    if not ways or not len(held.person):
        raise NothingToReplay
    pieces = Pieces.of(facts, whole, agency, since)
    presence = Presence.of(hours, held.persons, *held.acts())
    arrivals = _arrivals(facts, agency, whole, tuple(ways))
    if not arrivals:
        raise NothingToReplay
    codes = tuple(sorted(ways))
    number = {code: place for place, code in enumerate(codes)}
    moments = np.array([since, scope.start_us, scope.end_us, facts.at_us], dtype=np.int64)
    _, begin, end, cut = hours.clock(moments).tolist()
    return OfficeModel(
        hours,
        begin,
        end,
        cut,
        codes,
        hours.clock(np.array([row["received_us"] for row in arrivals], dtype=np.int64)),
        np.array([number[row["procedure_code"]] for row in arrivals], dtype=np.int64),
        np.array([row["limit_ws"] for row in arrivals], dtype=np.int64),
        {code: tuple(found) for code, found in ways.items()},
        _samples(facts, agency, whole, held, pieces, hours, presence),
        _supplements(facts, agency, whole, frozenset(resets)),
        _members(held),
        _there(presence, held, whole.end_us),
    )


def _arrivals(
    facts: Facts, agency: str, whole: Scope, codes: tuple[str, ...]
) -> list[dict[str, Any]]:
    where, values = whole.dossiers("received_us")
    sql = f"""
        select received_us, procedure_code, coalesce(limit_ws, -1) as limit_ws
        from dossier_fact where agency_id = $agency and {where}
        order by received_us, dossier_id
    """  # noqa: S608  # conditions of ours
    known = frozenset(codes)
    found = facts.rows(sql, **values, agency=agency)
    return [row for row in found if row["procedure_code"] in known]


def _samples(
    facts: Facts,
    agency: str,
    whole: Scope,
    held: Held,
    pieces: Pieces,
    hours: OpenHours,
    presence: Presence,
) -> dict[Step, Samples]:
    split = split_waiting(held, pieces, hours)
    causes = list(Cause)
    delay = split[causes.index(Cause.BATCHING)] + split[causes.index(Cause.EXTRANEOUS)]
    work = own_time(held, pieces, presence)
    stopping = _stopping(facts, agency, whole)
    found: dict[Step, list[tuple[Ints, Ints]]] = {}
    for place, (procedure, element, _, _) in enumerate(held.named):
        own = held.ended & (held.place == place)
        smooth = own & ~held.paused  # of runs that stood it is not sure what they waited for
        own = smooth if smooth.any() else own
        found.setdefault((procedure, element), []).append((work[own], delay[own]))
    for step, times in _by_nobody(facts, agency, whole).items():
        found.setdefault(step, []).append((np.zeros(len(times), dtype=np.int64), times))
    return {
        step: Samples(
            np.concatenate([work for work, _ in parts]),
            np.concatenate([delay for _, delay in parts]),
            step in stopping,
        )
        for step, parts in found.items()
        if any(len(work) for work, _ in parts)  # of one that is still open nothing is known
    }


def _by_nobody(facts: Facts, agency: str, whole: Scope) -> dict[Step, Ints]:
    """Times of runs that ended without a person: timers, connectors, silence taken as consent."""
    where, values = whole.steps("ended_us")
    sql = f"""
        select procedure_code, element_id, coalesce(waiting_ws, 0) + coalesce(handling_ws, 0) as ws
        from step_interval
        where agency_id = $agency and (person_id is null or started_us is null)
            and state in ('completed', 'sent_back') and {where}
        order by procedure_code, element_id, ended_us, step_run_id
    """  # noqa: S608  # conditions of ours
    times: dict[Step, list[int]] = {}
    for row in facts.rows(sql, **values, agency=agency):
        times.setdefault((row["procedure_code"], row["element_id"]), []).append(row["ws"])
    return {step: np.array(each, dtype=np.int64) for step, each in times.items()}


def _stopping(facts: Facts, agency: str, whole: Scope) -> frozenset[Step]:
    """Steps during whose opening the dossier's clock stands, more often than not.

    One pause may last over several steps that others do in turn, so it need not begin with each.
    """
    where, values = whole.steps("s.enabled_us")
    sql = f"""
        select s.procedure_code, s.element_id
        from (select * from step_interval where agency_id = $agency) s
        left join (
            select distinct r.step_run_id
            from step_interval r join pause_fact p on p.agency_id = r.agency_id
                and p.dossier_id = r.dossier_id and p.since_us <= r.enabled_us
                and (p.until_us is null or p.until_us > r.enabled_us)
            where r.agency_id = $agency and p.kind not in ('supplement', 'citizen_supplement')
        ) p on p.step_run_id = s.step_run_id
        where {where} group by s.procedure_code, s.element_id
        having count(p.step_run_id) * 2 > count(*)
    """  # noqa: S608  # conditions of ours
    rows = facts.rows(sql, **values, agency=agency)
    return frozenset((row["procedure_code"], row["element_id"]) for row in rows)


def _supplements(
    facts: Facts, agency: str, whole: Scope, resets: frozenset[str]
) -> dict[str, Supplements]:
    where, values = whole.dossiers("received_us")
    sql = f"""
        with received as (
            select agency_id, dossier_id, procedure_code from dossier_fact
            where agency_id = $agency and finished_us is not null and {where}
        ), paused as (
            select r.dossier_id, min(s.element_id) as element_id
            from received r join step_interval s
                on s.agency_id = r.agency_id and s.dossier_id = r.dossier_id and s.paused_ws > 0
            group by r.dossier_id
        ), stood as (  -- not by runs: one pause stops all steps that are open side by side
            select r.dossier_id, cast(sum(p.paused_ws) as bigint) as paused_ws
            from received r join pause_fact p
                on p.agency_id = r.agency_id and p.dossier_id = r.dossier_id and {steps_stand("p")}
            group by r.dossier_id
        )
        select r.procedure_code, p.element_id, t.paused_ws
        from received r left join (paused p join stood t on t.dossier_id = p.dossier_id)
            on p.dossier_id = r.dossier_id
        order by r.procedure_code, r.dossier_id
    """  # noqa: S608  # conditions of ours
    rows: dict[str, list[dict[str, Any]]] = {}
    for row in facts.rows(sql, **values, agency=agency):
        rows.setdefault(row["procedure_code"], []).append(row)
    made = {}
    for code, own in rows.items():
        paused = [row for row in own if row["paused_ws"] is not None]
        made[code] = Supplements(
            len(paused) / len(own),
            tuple(row["element_id"] for row in paused),
            np.array([row["paused_ws"] for row in paused], dtype=np.int64),
            code in resets,
        )
    return made


def _members(held: Held) -> dict[Post, tuple[int, ...]]:
    """Who worked in each post, who did most of it first."""
    members = {}
    for number, post in enumerate(held.posts):
        person, runs = np.unique(held.person[held.post == number], return_counts=True)
        members[post] = tuple(person[np.lexsort((person, -runs))].tolist())
    return members


def _there(presence: Presence, held: Held, until_us: int) -> NDArray[np.bool_]:
    """Who is there on which working day, from the first to the last day on which they acted.

    Away is who did nothing on a day all through which a run of theirs waited or was in hand; who
    had nothing to do was there. After the last day known, all are there who acted of late.
    """
    hours, acted = presence.hours, presence.present
    days = len(hours.days)
    first = np.searchsorted(hours.day_clock, hours.clock(held.enabled), side="left")
    beyond = np.searchsorted(hours.day_clock, hours.clock(held.until), side="right") - 1
    whole = first < beyond
    steps = np.zeros((len(acted), days + 1), dtype=np.int64)
    np.add.at(steps, (held.person[whole], np.minimum(first[whole], days)), 1)
    np.subtract.at(steps, (held.person[whole], np.minimum(beyond[whole], days)), 1)
    kept_waiting = np.cumsum(steps, axis=1)[:, :days] > 0
    begun = np.maximum.accumulate(acted, axis=1)
    goes_on = np.maximum.accumulate(acted[:, ::-1], axis=1)[:, ::-1]
    there: NDArray[np.bool_] = (acted | ~kept_waiting) & begun & goes_on
    today = ((until_us - 1) // 1_000_000 + hours.offset_s) // 86_400
    known = int(np.searchsorted(hours.days, today, side="right"))
    recent = acted[:, max(0, known - _RECENT_DAYS) : known].any(axis=1)
    there[:, known:] = np.reshape(recent, (-1, 1))
    return there
