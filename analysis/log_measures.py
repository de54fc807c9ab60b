"""The measures of one event log, whatever system wrote it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.directly_follows import Arc, directly_follows
from analysis.event_log.arrays import arrays_of
from analysis.event_log.findings import Tally
from analysis.event_log.log import EventLog, LogFormat
from analysis.event_log.step_runs import StepRun, step_runs
from analysis.event_log.time_stamp import write_instant
from analysis.log_ends import CaseEnds, case_ends, told_span
from analysis.log_lateness import Lateness, lateness
from analysis.log_step_times import StepTimes, step_times
from analysis.progress import Progress, counted, unheard
from analysis.quantile import Spread
from analysis.rework import Rework, cases_with_rework, rework
from analysis.variants import Variant, variants, way_of
from analysis.weekly_hours import WeeklyHours
from processes.finding import Finding

TOP_VARIANTS = 10


@dataclass(frozen=True, slots=True)
class LogMeasures:
    """What a log says. Times are microseconds of UTC; None where the log has no times.

    runs: of steps; equals `events` where every event is a completion.
    pairs: steps that follow another in their case; the arcs of the graph add up to it.
    mean_arrival_gap_s: seconds from the first event of a case to that of the next case.
    open_cases: cases that have not ended (`log_ends`); open_ways: how many of a variant's cases.
    case_duration: from the first to the last time of every case, of open ones so far; ended_case:
    of the cases that ended only.
    working_hours, case_working: only where weekly hours were given.
    """

    name: str
    format: LogFormat
    cases: int
    events: int
    runs: int
    resources: int
    groups: int
    first_us: int | None
    last_us: int | None
    mean_arrival_gap_s: float | None
    open_cases: int
    open_ways: Mapping[tuple[str, ...], int]
    case_duration: Spread | None
    ended_case: Spread | None
    case_working: Spread | None
    arcs: tuple[Arc, ...]
    variants: tuple[Variant, ...]
    steps: tuple[StepTimes, ...]
    rework: tuple[Rework, ...]
    cases_with_rework: int
    deadline: Lateness | None
    planned_end: Lateness | None
    findings: tuple[Finding, ...]

    @property
    def pairs(self) -> int:
        """How often a step follows another."""
        return sum(arc.n for arc in self.arcs)

    def to_data(self) -> dict[str, Any]:
        """Plain data under the keys that docs/reference/analyse.md describes."""
        return {
            "file": self.name,
            "format": self.format,
            "cases": self.cases,
            "open_cases": self.open_cases,
            "events": self.events,
            "runs": self.runs,
            "activities": len(self.steps),
            "variants": len(self.variants),
            "resources": self.resources,
            "groups": self.groups,
            "first_time": _written(self.first_us),
            "last_time": _written(self.last_us),
            "mean_arrival_gap_seconds": self.mean_arrival_gap_s,
            "case_duration_seconds": _spread(self.case_duration),
            "ended_case_seconds": _spread(self.ended_case),
            "case_working_seconds": _spread(self.case_working),
            "directly_follows_arcs": len(self.arcs),
            "directly_follows_pairs": self.pairs,
            "directly_follows": [_arc_data(arc) for arc in self.arcs],
            "top_variants": [
                {
                    "n": variant.n,
                    "open": self.open_ways.get(variant.activities, 0),
                    "activities": list(variant.activities),
                }
                for variant in self.variants[:TOP_VARIANTS]
            ],
            "activities_table": self._activities_table(),
            "late": {
                name: _lateness_data(kept)
                for name, kept in (("deadline", self.deadline), ("planned_end", self.planned_end))
                if kept is not None
            },
            "rework": {again.activity: again.cases for again in self.rework},
            "cases_with_rework": self.cases_with_rework,
            "findings": [_finding_data(finding) for finding in self.findings],
        }

    def _activities_table(self) -> list[dict[str, Any]]:
        again = {row.activity: row for row in self.rework}
        none = Rework("", 0, 0)
        return [_step_data(step, again.get(step.activity, none)) for step in self.steps]


def measure_log(
    log: EventLog, hours: WeeklyHours | None = None, progress: Progress = unheard
) -> LogMeasures:
    """Measure a log; with `hours` also how long arcs and cases took while the office was open."""
    tally = Tally()
    traces = counted(log.traces, "times", len(log.traces), progress)
    cases = [step_runs(trace, tally) for trace in traces]
    steps = step_times(cases, Counter(e.activity for t in log.traces for e in t.events))
    progress("ways", 0, 0)
    arcs = directly_follows(arrays_of(cases), hours)
    progress("rework", 0, 0)
    of_cases = [told_span(trace) for trace in log.traces]
    spans = [span for span in of_cases if span is not None]
    ends = case_ends(log, cases)
    _tell_open(ends, log, cases, tally)
    over = [span for span, still in zip(of_cases, ends.open, strict=True) if span and not still]
    return LogMeasures(
        name=log.name,
        format=log.format,
        cases=len(cases),
        events=sum(len(trace.events) for trace in log.traces),
        runs=sum(map(len, cases)),
        resources=len({e.resource for trace in log.traces for e in trace.events} - {None}),
        groups=len({e.group for trace in log.traces for e in trace.events} - {None}),
        first_us=min((begin for begin, _ in spans), default=None),
        last_us=max((end for _, end in spans), default=None),
        mean_arrival_gap_s=_mean_gap_s([begin for begin, _ in spans]),
        open_cases=sum(ends.open),
        open_ways=Counter(
            way_of(runs) for runs, still in zip(cases, ends.open, strict=True) if still
        ),
        case_duration=Spread.of([end - begin for begin, end in spans]),
        ended_case=Spread.of([end - begin for begin, end in over]),
        case_working=None if hours is None else Spread.of(_working(spans, hours)),
        arcs=arcs,
        variants=variants(cases),
        steps=steps,
        rework=rework(cases),
        cases_with_rework=cases_with_rework(cases),
        deadline=lateness([trace.deadline_us for trace in log.traces], ends),
        planned_end=lateness([trace.planned_end_us for trace in log.traces], ends),
        findings=log.findings + tally.findings(),
    )


def _tell_open(
    ends: CaseEnds, log: EventLog, cases: Sequence[Sequence[StepRun]], tally: Tally
) -> None:
    """That a case is open by a step of its own nobody sees at a glance; a missing date they do."""
    if ends.by == "case":
        return
    for trace, runs in zip(log.traces, cases, strict=True):
        if on := next((run.activity for run in runs if not run.completed), None):
            tally.note("log-case-open", trace.case_id, on)


def _working(spans: Sequence[tuple[int, int]], hours: WeeklyHours) -> list[int]:
    """Microseconds that the office was open in each span."""
    ends = hours.clocks(np.array(spans, dtype=np.int64).reshape(-1, 2))
    return (ends[:, 1] - ends[:, 0]).tolist()  # type: ignore[no-any-return]


def _mean_gap_s(begins: Sequence[int]) -> float | None:
    gaps = len(begins) - 1
    return (max(begins) - min(begins)) / gaps / 1e6 if gaps > 0 else None


def _written(us: int | None) -> str | None:
    return None if us is None else write_instant(us)


def _spread(spread: Spread | None) -> dict[str, Any] | None:
    return None if spread is None else spread.to_data()


def _arc_data(arc: Arc) -> dict[str, Any]:
    elapsed, working = arc.elapsed, arc.working
    data = {
        "from": arc.before,
        "to": arc.after,
        "n": arc.n,
        "timed": 0 if elapsed is None else elapsed.n,
        "mean_seconds": None if elapsed is None else elapsed.mean,
        "median_seconds": None if elapsed is None else elapsed.median,
        "sum_seconds": None if elapsed is None else elapsed.sum,
    }
    return data if working is None else {**data, "working_seconds": working.to_data()}


def _step_data(step: StepTimes, again: Rework) -> dict[str, Any]:
    since = step.since_previous
    return {
        "activity": step.activity,
        "events": step.events,
        "runs": step.runs,
        "cases": step.cases,
        "first_in_cases": step.first,
        "last_in_cases": step.last,
        "open": step.open,
        "n": 0 if since is None else since.n,
        "mean_seconds": None if since is None else since.mean,
        "median_seconds": None if since is None else since.median,
        "p80_seconds": None if since is None else since.p80,
        "p95_seconds": None if since is None else since.p95,
        "sum_seconds": 0.0 if since is None else since.sum,
        "waiting_seconds": _spread(step.waiting),
        "handling_seconds": _spread(step.handling),
        "sojourn_seconds": _spread(step.sojourn),
        "paused_seconds": _spread(step.paused),
        "rework_cases": again.cases,
        "repeats": again.repeats,
    }


def _lateness_data(kept: Lateness) -> dict[str, Any]:
    return {
        "n": kept.n,
        "late": kept.late,
        "on_time": kept.on_time,
        "open": kept.open,
        "open_overdue": kept.open_overdue,
        "untimed": kept.untimed,
        "overrun_seconds": _spread(kept.overrun),
        "ended_by": kept.ended_by,
    }


def _finding_data(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "severity": str(finding.severity),
        "element": finding.element,
        "vi": finding.vi,
        "en": finding.en,
    }
