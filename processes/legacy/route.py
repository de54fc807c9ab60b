"""The way through a one-stop workflow: pointers followed, clock and statuses on the way.

Facts of the old software that this rests on: a task points to the next one by its code, NULL
ends the process; `A[B]` also starts task B of a step beside the main chain, which ends with
FINISH_NO_CHAIN_STEP. The clock stops when a task marked `pause` is done, and goes on when one
marked `unpause` is done. Handling is finished after `biz_done`, or as soon as the next task
collects the fee or returns the result.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from processes.finding import Finding
from processes.legacy import rules
from processes.legacy.names import Names
from processes.legacy.source import SourceStep, SourceTask, Workflow
from processes.rule import Rule
from processes.step import NationalStatus

_END = frozenset({"NULL", "FINISH_NO_CHAIN_STEP"})
_AFTER_HANDLING = frozenset({"THU_PHI", "TRA_KET_QUA"})
_ASKS_SUPPLEMENT = "THONG_BAO_BO_SUNG"
_SUPPLEMENT = "BO_SUNG"


@dataclass(frozen=True, slots=True)
class Visit:
    """A task on the way. target: id of the next element, None = the end; side: not awaited."""

    id: str
    step: SourceStep
    task: SourceTask
    target: str | None
    side: bool
    branch: str | None = None
    citizen: bool = False
    status: NationalStatus = NationalStatus.PROCESSING


@dataclass(frozen=True, slots=True)
class Route:
    """Visits in the order of the way, side branches last; left_out: never reached."""

    visits: tuple[Visit, ...]
    left_out: tuple[tuple[SourceStep, SourceTask], ...]
    findings: tuple[Finding, ...]


def find_route(workflow: Workflow, names: Names) -> Route:
    """Follow the pointers from the first task of the main chain."""
    walker = _Walker(workflow, names)
    main = [pair for pair in walker.pairs if not pair[0].side] or walker.pairs
    visits = walker.walk(main[0][1], side=False)
    for visit in visits:  # grows: a side branch may start another one
        if visit.branch is not None:
            first = walker.first.get(visit.branch)
            if first is not None and names.task(first.code) not in {v.id for v in visits}:
                visits.extend(walker.walk(first, side=True))
    drawn = {id(visit.task) for visit in visits}
    left_out = tuple(pair for pair in walker.pairs if id(pair[1]) not in drawn)
    findings = [*walker.findings, *_left_out(left_out, walker, names)]
    timed = tuple(_statuses(visits, findings))
    return Route(timed, left_out, tuple(findings))


class _Walker:
    """Follows pointers and remembers what was wrong with them."""

    def __init__(self, workflow: Workflow, names: Names) -> None:
        self.names = names
        self.pairs = [(step, task) for step in workflow.steps for task in step.tasks]
        self.findings: list[Finding] = []
        self.first: dict[str, SourceTask] = {}
        for _, task in self.pairs:
            self.first.setdefault(task.code, task)
        self._step = {id(task): step for step, task in self.pairs}
        self._seen: set[str] = set()

    def walk(self, task: SourceTask, *, side: bool) -> list[Visit]:
        visits: list[Visit] = []
        current: SourceTask | None = task
        while current is not None:
            id_ = self.names.task(current.code)
            self._seen.add(id_)
            following = self._following(current, id_)
            target = None if following is None else self.names.task(following.code)
            branch = self._branch(current, id_)
            visits.append(Visit(id_, self._step[id(current)], current, target, side, branch))
            if following is not None and target in self._seen:
                rule = rules.LOOP
                if side and target not in {visit.id for visit in visits}:
                    rule = rules.SIDE_BACK
                    visits[-1] = replace(visits[-1], target=None)
                self._report(rule, id_, task=current.name, next=following.name)
                following = None
            current = following
        return visits

    def _following(self, task: SourceTask, id_: str) -> SourceTask | None:
        if not task.next:
            numbers = [n for n, (_, other) in enumerate(self.pairs) if other is task]
            rest = self.pairs[numbers[0] + 1 :]
            side = self._step[id(task)].side
            same = [t for step, t in rest if step.side == side and self.first[t.code] is t]
            if same:
                self._report(rules.NEXT_ABSENT, id_, task=task.name)
            return same[0] if same else None
        if task.next in _END:
            return None
        if task.next not in self.first:
            self._report(rules.NEXT_MISSING, id_, task=task.name, next=task.next)
        return self.first.get(task.next)

    def _branch(self, task: SourceTask, id_: str) -> str | None:
        if task.side is None:
            return None
        if task.side not in self.first:
            self._report(rules.NEXT_MISSING, id_, task=task.name, next=task.side)
            return None
        self._report(rules.SIDE_BRANCH, id_, task=task.name, side=self.first[task.side].name)
        return task.side

    def _report(self, rule: Rule, element: str, **facts: str) -> None:
        self.findings.append(rule.at(element, **facts))


def _left_out(
    left_out: Sequence[tuple[SourceStep, SourceTask]], walker: _Walker, names: Names
) -> Iterator[Finding]:
    for _, task in left_out:
        if walker.first[task.code] is not task:
            yield rules.DUPLICATE.at(names.process, code=task.code)
        else:
            yield rules.UNREACHED.at(names.process, task=task.name, code=task.code)


def _statuses(visits: Sequence[Visit], findings: list[Finding]) -> Iterator[Visit]:
    """Reception, handling, the citizen's time, finished: as the old software went through them."""
    main = [visit for visit in visits if not visit.side]
    citizen = _citizen_time(main, findings)
    first_step = main[0].step
    finished = False
    for visit in visits:
        finished = finished or visit.task.role in _AFTER_HANDLING
        if visit.side:
            status = NationalStatus.PROCESSING
        elif visit.id in citizen:
            asked = visit.task.role == _SUPPLEMENT
            status = NationalStatus.SUPPLEMENT if asked else NationalStatus.FINANCIAL
        elif finished:
            status = NationalStatus.FINISHED
        else:
            received = visit.step is first_step
            status = NationalStatus.RECEIVED if received else NationalStatus.PROCESSING
        yield replace(visit, citizen=visit.id in citizen, status=status)
        finished = finished or (visit.task.biz_done and not visit.side)


def _citizen_time(main: Sequence[Visit], findings: list[Finding]) -> set[str]:
    """Ids of the tasks after a pause, up to the one that lets the clock run again."""
    citizen: set[str] = set()
    since: Visit | None = None
    waiting: list[str] = []
    for visit in main:
        if since is not None:
            waiting.append(visit.id)
        if visit.task.unpause or visit.task.role == _SUPPLEMENT:
            if since is not None:
                citizen.update(waiting)
                facts = {"task": since.task.name, "until": visit.task.name}
                findings.append(rules.PAUSE.at(since.id, **facts))
            elif visit.task.unpause:
                findings.append(rules.UNPAUSE_ALONE.at(visit.id, task=visit.task.name))
            else:
                citizen.add(visit.id)
            since, waiting = None, []
        if since is None and (visit.task.pause or visit.task.role == _ASKS_SUPPLEMENT):
            since = visit
    if since is not None:
        citizen.update(waiting[:1])
        findings.append(rules.PAUSE_OPEN.at(since.id, task=since.task.name))
    return citizen
