"""From a one-stop workflow to a procedure with its diagram."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from processes.component import Requirement
from processes.diagram import NodeKind
from processes.finding import Finding
from processes.legacy import rules
from processes.legacy.fee import normal_fee
from processes.legacy.forms import Form
from processes.legacy.names import Names, group_name, lane_name, position_code
from processes.legacy.route import Route, Visit, find_route
from processes.legacy.source import SourceStep, SourceTask, Workflow
from processes.legacy.times import shared
from processes.procedure import Case, Outcome, Procedure
from processes.rule import Rule, Words, listed
from processes.step import Assignment, ClockKind, StepSpec
from processes.time_limit import TimeLimit, Unit
from processes.writing import Arrow, End, Gateway, Plan, Start

_START, _END = "Start_1", "End_1"
_MOST_DAYS = 9999  # the longest limit that can be stated


@dataclass(frozen=True, slots=True)
class Converted:
    plan: Plan
    findings: tuple[Finding, ...]


def convert(workflow: Workflow, form: Form | None) -> Converted:
    """The procedure that the workflow states, and everything that had to be said about it."""
    names = Names(workflow)
    route = find_route(workflow, names)
    findings = [*_names_missing(workflow, names), *route.findings]
    limits = _limits(route, names, findings)
    steps = tuple(_steps(route, limits, form))
    total = _total(workflow, route, names, findings)
    parts = [("sequence", _sequence(route))]
    if fee := _fee(workflow, route, names, findings):
        parts.append(("fee", fee))
    findings += [*_unknown(workflow, route, names), *(form.findings if form else ())]
    procedure = Procedure(
        process_id=names.process,
        code=names.code,
        name=workflow.name or names.code,
        cases=(Case("normal", "Thông thường", total),),
        components=form.components if form else (),
        fields=form.fields if form else (),
        steps=steps,
        outcomes=(Outcome(_END, "returned", "Đã trả kết quả"),),
        parts=tuple(parts),
    )
    plan = Plan(
        procedure=procedure,
        nodes=tuple(_nodes(route)),
        arrows=tuple(_arrows(route)),
        pool=f"Quy trình {names.code}",
        documentation=_documentation(workflow, route),
    )
    return Converted(plan, tuple(findings))


def _names_missing(workflow: Workflow, names: Names) -> Iterator[Finding]:
    for given, value, what in (
        (workflow.code, names.code, Words("mã quy trình", "code")),
        (workflow.name, names.code, Words("tên quy trình", "name")),
    ):
        if not given:
            yield rules.NAME_MISSING.at(names.process, what=what, given=value)


def _limits(route: Route, names: Names, findings: list[Finding]) -> dict[str, Decimal | None]:
    """Id of the task -> its limit in working days, None where there is nothing to go by."""
    limits: dict[str, Decimal | None] = {}
    by_step: dict[int, list[Visit]] = {}
    for visit in route.visits:
        by_step.setdefault(id(visit.step), []).append(visit)
        if visit.task.time is None and visit.task.time_text:
            facts = {"task": visit.task.name, "stated": visit.task.time_text}
            findings.append(rules.TIME_UNREADABLE.at(visit.id, **facts))
    for visits in by_step.values():
        limits.update(_limits_of_step(visits, findings))
    empty = [visit.task.name for visit in route.visits if limits[visit.id] == 0]
    if empty:
        findings.append(rules.NO_TIME.at(names.process, tasks=listed(empty)))
    return limits


def _limits_of_step(visits: list[Visit], findings: list[Finding]) -> dict[str, Decimal | None]:
    """The citizen's time is not the office's: it keeps what is stated and shares nothing."""
    step = visits[0].step
    citizen = {v.id: v.task.time or None for v in visits if v.citizen}
    office = [visit for visit in visits if not visit.citizen]
    times = [visit.task.time or Decimal(0) for visit in office]
    stated = sum(times, Decimal(0))
    if step.time is None:
        facts = {"step": step.name, "stated": step.time_text, "sum": _days(stated)}
        findings.append(rules.STEP_TIME_ABSENT.at(visits[0].id, **facts))
        kept = times if stated else [None] * len(times)
        return citizen | {v.id: limit for v, limit in zip(office, kept, strict=True)}
    left = max(Decimal(0), step.time - sum((time or 0 for time in citizen.values()), Decimal(0)))
    after = shared(left, times)
    if office and stated != left:
        rule = rules.TASKS_EXCEED if stated > left else rules.TASKS_SHORT
        findings.append(
            rule.at(
                office[0].id,
                step=step.name,
                total=_days(left),
                sum=_days(stated),
                before=_row(times),
                after=_row(after),
            )
        )
    return citizen | {v.id: limit for v, limit in zip(office, after, strict=True)}


def _days(amount: Decimal) -> Words:
    if amount > _MOST_DAYS:
        return Words(f"{amount:f} ngày làm việc", f"{amount:f} working days")
    limit = TimeLimit(amount, Unit.WORKING_DAY)
    return Words(limit.format("vi"), limit.format("en"))


def _row(amounts: Sequence[Decimal]) -> Words:
    row = "[" + "; ".join(f"{amount.normalize():f}" for amount in amounts) + "]"
    return Words(row.replace(".", ","), row)


def _total(
    workflow: Workflow, route: Route, names: Names, findings: list[Finding]
) -> TimeLimit | None:
    """The total of the file, or the sum of its steps; contradictions are told, not settled."""
    steps = {id(v.step): v for v in route.visits if not v.side}
    times = [_time_of(visit.step) for visit in steps.values()]
    stated = sum(times, Decimal(0))
    if workflow.total is None:
        if not 0 < stated <= _MOST_DAYS:
            findings.append(rules.TOTAL_UNKNOWN.at(names.process, sum=_days(stated)))
            return None
        facts = {"stated": workflow.total_text, "total": _days(stated)}
        findings.append(rules.TOTAL_ABSENT.at(names.process, **facts))
        return TimeLimit(stated, Unit.WORKING_DAY)
    if stated != workflow.total:
        rule = rules.TOTAL_EXCEEDED if stated > workflow.total else rules.TOTAL_LARGER
        facts = {"sum": _days(stated), "total": _days(workflow.total)}
        findings.append(rule.at(names.process, **facts))
    return TimeLimit(workflow.total, Unit.WORKING_DAY)


def _time_of(step: SourceStep) -> Decimal:
    if step.time is not None:
        return step.time
    return sum((task.time or Decimal(0) for task in step.tasks), Decimal(0))


def _steps(
    route: Route, limits: dict[str, Decimal | None], form: Form | None
) -> Iterator[StepSpec]:
    components = form.components if form else ()
    asked = tuple(c.code for c in components if c.requirement is Requirement.REQUIRED)
    for number, visit in enumerate(route.visits, start=1):
        limit = limits[visit.id]
        stated = {} if limit is None else {"": TimeLimit(limit, Unit.WORKING_DAY)}
        yield StepSpec(
            element_id=visit.id,
            name=visit.task.name or visit.task.role,
            order=number,
            assignment=_assignment(visit.step),
            limits=stated,
            clock=ClockKind.CITIZEN if visit.citizen else ClockKind.RUNS,
            status=visit.status,
            requires=asked if number == 1 else (),
            documentation=_origin(visit.step, visit.task),
        )


def _assignment(step: SourceStep) -> Assignment:
    """A role in a group is a position in a unit; a group without role is the position itself."""
    name = lane_name(step.group, step.role)
    if not step.role:
        return Assignment(position_code(step.group), None, name)
    unit = position_code(step.group) if step.group else None
    return Assignment(position_code(step.role), unit, name)


def _nodes(route: Route) -> Iterator[Start | End | Gateway]:
    yield Start(_START, "Nộp hồ sơ")
    for visit in route.visits:
        if visit.branch is not None:
            yield Gateway(f"Split_{visit.id}", NodeKind.PARALLEL)
    yield End(_END, "Đã trả kết quả")
    if any(visit.side and visit.target is None for visit in route.visits):
        yield End("End_side", "Xong nhánh phụ")


def _arrows(route: Route) -> Iterator[Arrow]:
    yield Arrow(_START, route.visits[0].id)
    firsts = {v.task.code: v.id for v in reversed(route.visits)}
    for visit in route.visits:
        end = "End_side" if visit.side else _END
        source = visit.id
        if visit.branch is not None:
            source = f"Split_{visit.id}"
            yield Arrow(visit.id, source)
        yield Arrow(source, visit.target or end)
        if visit.branch is not None:
            yield Arrow(source, firsts[visit.branch])


def _sequence(route: Route) -> str:
    """The steps in words: who does what, in which time."""
    told: list[str] = []
    seen: set[int] = set()
    for visit in route.visits:
        step = visit.step
        if id(step) in seen:
            continue
        seen.add(id(step))
        time = f", {_days(step.time).vi}" if step.time is not None else ""
        told.append(f"{len(told) + 1}. {step.name} ({group_name(step.group)}{time})")
    return "; ".join(told) + "."


def _fee(workflow: Workflow, route: Route, names: Names, findings: list[Finding]) -> str:
    fee = normal_fee(workflow.fee)
    collecting = [visit for visit in route.visits if visit.task.role == "THU_PHI"]
    charged = bool(workflow.fee) and fee != normal_fee("0")
    if fee is None:
        findings.append(rules.FEE_UNREADABLE.at(names.process, fee=workflow.fee))
    if collecting and not charged:
        findings.append(rules.FEE_WITHOUT_AMOUNT.at(collecting[0].id, task=collecting[0].task.name))
    if charged and not collecting:
        findings.append(rules.FEE_WITHOUT_STEP.at(names.process, fee=fee or workflow.fee))
    return workflow.fee if fee is None else fee


def _unknown(workflow: Workflow, route: Route, names: Names) -> Iterator[Finding]:
    def found(rule: Rule, element: str, facts: tuple[tuple[str, str], ...]) -> Iterator[Finding]:
        for name, value in facts:
            yield rule.at(element, name=name, value=value)

    yield from found(rules.UNKNOWN, names.process, workflow.unknown)
    seen: set[int] = set()
    for visit in route.visits:
        if id(visit.step) not in seen:
            seen.add(id(visit.step))
            yield from found(rules.UNKNOWN, visit.id, visit.step.unknown)
        yield from found(rules.UNKNOWN, visit.id, visit.task.unknown)
    for step in workflow.set_aside:
        yield rules.SET_ASIDE.at(names.process, step=step)


def _origin(step: SourceStep, task: SourceTask) -> str:
    """Where the step comes from, with everything that has no place of its own."""
    facts = [
        ("mã", task.code),
        ("bước", step.name),
        ("nhóm", step.group),
        ("vai trò", step.role),
        ("mã bước", step.code),
        ("thứ tự", step.order),
        ("thời gian của bước", step.time_text),
        ("thời gian của công việc", task.time_text),
        ("một người thực hiện", "có" if task.single_user else ""),
        ("kết thúc xử lý", "có" if task.biz_done else ""),
        *step.unknown,
        *task.unknown,
    ]
    stated = "; ".join(f"{name}: {value}" for name, value in facts if value)
    return f"Nhập từ phần mềm một cửa. {stated}."


def _documentation(workflow: Workflow, route: Route) -> str:
    lines = [f"Nhập từ phần mềm một cửa, mã {workflow.code}, phiên bản {workflow.version or '–'}."]
    lines += [f"{name}: {value}" for name, value in workflow.unknown]
    lines += [f"Không vẽ “{task.name}”: {_origin(step, task)}" for step, task in route.left_out]
    lines += [f"Bước trong chú thích: {step}" for step in workflow.set_aside]
    return "\n".join(lines)
