"""Limits added up: the longest way through the diagram against the limit of each case.

A decision is only consistent if the steps' limits fit into the procedure's. Real ones do not
always: "Cấp đổi giấy chứng nhận" states 0.5 + 9 + 2 + 0.5 + 0 = 12 working days of 10.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from processes.diagram import Diagram, Node, NodeKind, Repetition, at, leaving
from processes.finding import Finding, Severity
from processes.graph import Graph
from processes.procedure import Case, Procedure
from processes.rule import Rule, Words, listed, shorten
from processes.step import ClockKind
from processes.time_limit import TimeLimit, Unit

WORKING_DAY_SECONDS = 8 * 3600
MAX_CASES = 50
_SHOWN_STEPS = 15
_SPREAD, _LONG_HOLIDAYS = 2, 14
"""n working days are taken to lie within 2 n + 14 days: weeks of four days, Tết among them."""

EXCEED = Rule(
    "qt-limits-exceed",
    Severity.ERROR,
    "Trường hợp {case}: tổng thời hạn các bước trên đường dài nhất là {total}, vượt thời hạn "
    "{limit} là {difference}. Đường dài nhất: {path}. Rút ngắn các bước hoặc sửa thời hạn chung.",
    "Case {case}: the limits of the steps on the longest way add up to {total}, {difference} more "
    "than the limit of {limit}. Longest way: {path}. Shorten steps or correct the total.",
)
SLACK = Rule(
    "qt-limits-slack",
    Severity.INFO,
    "Trường hợp {case}: tổng thời hạn các bước trên đường dài nhất là {total}, còn dư {difference} "
    "so với thời hạn {limit}.",
    "Case {case}: the limits of the steps on the longest way add up to {total}, {difference} less "
    "than the limit of {limit}.",
)
UNITS = Rule(
    "qt-limits-units",
    Severity.INFO,
    "Trường hợp {case}: không so sánh hết được tổng thời hạn các bước với thời hạn {limit}, vì có "
    "thời hạn không tính theo giờ làm việc: {steps}.",
    "Case {case}: the steps' limits cannot be fully compared with the limit of {limit}, because "
    "some are not in working time: {steps}.",
)
DAYS = Rule(
    "qt-limits-days-exceed",
    Severity.ERROR,
    "Trường hợp {case}: các bước trên đường dài nhất cần ít nhất {least} ngày, thời hạn {limit} "
    "không quá {most} ngày. Đường dài nhất: {path}. Rút ngắn các bước hoặc sửa thời hạn chung.",
    "Case {case}: the steps on the longest way need at least {least} days, the limit of {limit} is "
    "no more than {most} days. Longest way: {path}. Shorten steps or correct the total.",
)
REPEATED = Rule(
    "qt-limits-repeated",
    Severity.INFO,
    "Trường hợp {case}: {steps} được làm nhiều lượt, nhưng thời hạn chỉ cộng một lượt vào thời hạn "
    "{limit}.",
    "Case {case}: {steps} is done several times, but its limit is added once to what is compared "
    "with the limit of {limit}.",
)
TOO_MANY = Rule(
    "qt-cases-too-many",
    Severity.ERROR,
    "Quy trình có {count} trường hợp giải quyết, tối đa {limit}. Tách thành nhiều quy trình.",
    "The procedure has {count} cases, at most {limit}. Split the procedure.",
)
RULES = (EXCEED, SLACK, UNITS, DAYS, REPEATED, TOO_MANY)


@dataclass(frozen=True, slots=True)
class CaseTotal:
    """The longest way through the diagram for one case.

    path: ids of the nodes on it. working_seconds: its limits added up. limit: the case's own.
    slack_seconds: what the case's limit leaves, negative where it is exceeded; None where the
    limit is absent or not comparable. uncounted: ids of nodes whose limit is in calendar time.
    """

    case: str
    path: tuple[str, ...]
    working_seconds: int
    limit: TimeLimit | None
    slack_seconds: int | None
    uncounted: tuple[str, ...]


def path_totals(procedure: Procedure, diagram: Diagram) -> tuple[CaseTotal, ...]:
    """The longest way for every case, in the procedure's order.

    Every loop counts once, parallel branches by the longest; steps in which the dossier's clock
    stands still do not count; calendar time does not add up with working time.
    """
    tree = _loopless(diagram)
    return tuple(_total(case, procedure, diagram, tree) for case in procedure.cases[:MAX_CASES])


def limits_after(procedure: Procedure, diagram: Diagram) -> dict[str, dict[str, int]]:
    """By case and step: working seconds that the diagram allows for what follows the step.

    Added up as in `path_totals`; a step that no way leads to the end from is left out.
    """
    tree = _loopless(diagram)
    found = {}
    for case in procedure.cases[:MAX_CASES]:
        seconds, _ = _weights(case, procedure, diagram)
        longest, _ = _longest(seconds, diagram, tree)
        found[case.code] = {
            step.element_id: longest[vertex] - seconds.get(vertex, 0)
            for step in procedure.steps
            if (vertex := leaving(step.element_id)) in longest
        }
    return found


def judge_limits(procedure: Procedure, diagram: Diagram) -> Iterator[Finding]:
    """Findings about cases whose steps need more, or less, than the case allows."""
    element = diagram.process_id or None
    if (count := len(procedure.cases)) > MAX_CASES:
        yield TOO_MANY.at(element, count=count, limit=MAX_CASES)
    tree = _loopless(diagram)
    for case in procedure.cases[:MAX_CASES]:
        total = _total(case, procedure, diagram, tree)
        yield from _judge(total, procedure, diagram, element)
        if total.slack_seconds is None or total.slack_seconds >= 0:
            yield from _judge_days(case, procedure, diagram, tree)


def format_working(seconds: int) -> Words:
    """Working time for a sentence: 345600 s is "12 ngày làm việc" / "12 working days"."""
    if seconds % 7200 == 0 and seconds >= WORKING_DAY_SECONDS:
        amount, vi, en = Decimal(seconds) / WORKING_DAY_SECONDS, "ngày làm việc", "working day"
    elif seconds % 900 == 0:
        amount, vi, en = Decimal(seconds) / 3600, "giờ làm việc", "working hour"
    else:
        amount, vi, en = Decimal(seconds // 60), "phút", "minute"
    number = f"{amount.normalize():f}"
    plural = "" if amount == 1 else "s"
    return Words(f"{number.replace('.', ',')} {vi}", f"{number} {en}{plural}")


def _judge(
    total: CaseTotal, procedure: Procedure, diagram: Diagram, element: str | None
) -> Iterator[Finding]:
    case = procedure.case(total.case)
    if case is None or total.limit is None:
        return
    limit = Words(total.limit.format("vi"), total.limit.format("en"))
    name = f"“{case.name}”"
    if total.slack_seconds is None or total.uncounted:
        uncounted = [diagram.by_id[node].words for node in total.uncounted]
        if not total.limit.is_working_time:
            uncounted.insert(0, Words("thời hạn chung", "the total limit"))
        steps = Words(listed([w.vi for w in uncounted]), listed([w.en for w in uncounted]))
        yield UNITS.at(element, case=name, limit=limit, steps=steps)
    again = [node.words for node in map(diagram.by_id.__getitem__, total.path) if _repeats(node)]
    if again:
        steps = Words(listed([w.vi for w in again]), listed([w.en for w in again]))
        yield REPEATED.at(element, case=name, limit=limit, steps=steps)
    if not total.slack_seconds:
        return
    rule = EXCEED if total.slack_seconds < 0 else SLACK
    yield rule.at(
        element,
        case=name,
        limit=limit,
        total=format_working(total.working_seconds),
        difference=format_working(abs(total.slack_seconds)),
        path=_names(total.path, total.case, procedure),
    )


def _judge_days(
    case: Case, procedure: Procedure, diagram: Diagram, tree: Graph
) -> Iterator[Finding]:
    """Calendar time does not add up with working time, but some of it fits into no calendar."""
    limits, _ = _limits_at(case, procedure, diagram)
    if case.limit is None or all(limit.is_working_time for limit in limits.values()):
        return
    longest, following = _longest({v: _least(each) for v, each in limits.items()}, diagram, tree)
    starts = [start.id for start in diagram.starts() if start.id in longest]
    if not starts:
        return
    walk = list(_follow(max(starts, key=longest.__getitem__), following))
    least, most = longest[walk[0]], _most_days(case.limit)
    if least <= most * WORKING_DAY_SECONDS:
        return
    path = tuple(dict.fromkeys(at(vertex) for vertex in walk))
    yield DAYS.at(
        diagram.process_id or None,
        case=f"“{case.name}”",
        least=least // WORKING_DAY_SECONDS,
        most=most,
        limit=Words(case.limit.format("vi"), case.limit.format("en")),
        path=_names(path, case.code, procedure),
    )


def _least(limit: TimeLimit) -> int:
    """What it lasts in any calendar, a day of it as a working day's seconds; “trong ngày”: none."""
    if limit.is_working_time:
        return limit.working_seconds
    days = {Unit.DAY: 1, Unit.MONTH: 28}.get(limit.unit, 0)
    return int(limit.amount) * days * WORKING_DAY_SECONDS


def _most_days(limit: TimeLimit) -> int:
    """Days within which it ends, as far as an office's calendar can be foreseen."""
    if limit.is_working_time:
        return _SPREAD * -(-limit.working_seconds // WORKING_DAY_SECONDS) + _LONG_HOLIDAYS
    return int(limit.amount) * (31 if limit.unit is Unit.MONTH else 1)


def _repeats(node: Node) -> bool:
    """Whether one time follows the other; side by side they take no longer than one."""
    return node.repetition in (Repetition.LOOP, Repetition.EACH_IN_TURN)


def _names(path: tuple[str, ...], case: str, procedure: Procedure) -> Words:
    """The steps on the way with their limits."""
    steps = [step for node in path if (step := procedure.step(node)) is not None]
    limited = [(step.name or step.element_id, step.limit(case)) for step in steps]
    shown = [(shorten(name), limit) for name, limit in limited if limit is not None]
    rest = ["…"] * (len(shown) > _SHOWN_STEPS)
    vi = [f"{name} ({limit.format('vi')})" for name, limit in shown[:_SHOWN_STEPS]]
    en = [f"{name} ({limit.format('en')})" for name, limit in shown[:_SHOWN_STEPS]]
    return Words(" → ".join(vi + rest), " → ".join(en + rest))


def _loopless(diagram: Diagram) -> Graph:
    """The graph without the edges that close loops, vertices from the end backwards."""
    left, back = diagram.graph.depth_first(start.id for start in diagram.starts())
    edges = diagram.graph.successors
    return Graph({v: tuple(s for s in edges[v] if (v, s) not in back) for v in left})


def _total(case: Case, procedure: Procedure, diagram: Diagram, graph: Graph) -> CaseTotal:
    seconds, uncounted = _weights(case, procedure, diagram)
    longest, following = _longest(seconds, diagram, graph)
    starts = [start.id for start in diagram.starts() if start.id in longest]
    walk = list(_follow(max(starts, key=longest.__getitem__), following)) if starts else []
    path = tuple(dict.fromkeys(at(vertex) for vertex in walk))
    worked = longest[walk[0]] if walk else 0
    skipped = tuple(dict.fromkeys(at(v) for v in walk if v in uncounted))
    return CaseTotal(case.code, path, worked, case.limit, _slack(case.limit, worked), skipped)


def _longest(
    seconds: Mapping[str, int], diagram: Diagram, graph: Graph
) -> tuple[dict[str, int], dict[str, str]]:
    """From each vertex to the end: the most seconds, and which vertex is next on that way."""
    longest: dict[str, int] = {}
    following: dict[str, str] = {}
    for vertex, successors in graph.successors.items():
        ways = [s for s in successors if s in longest]
        node = diagram.by_id[at(vertex)]
        if ways:
            following[vertex] = max(ways, key=longest.__getitem__)  # of equals the first drawn
            longest[vertex] = seconds.get(vertex, 0) + longest[following[vertex]]
        elif node.kind is NodeKind.END and node.parent is None:
            longest[vertex] = seconds.get(vertex, 0)
    return longest, following


def _follow(vertex: str, following: Mapping[str, str]) -> Iterator[str]:
    yield vertex
    while vertex in following:
        vertex = following[vertex]
        yield vertex


def _slack(limit: TimeLimit | None, worked: int) -> int | None:
    """What the limit leaves.

    Of calendar time only an excess is certain: n days hold no more than n working days.
    """
    if limit is None:
        return None
    if limit.is_working_time:
        return limit.working_seconds - worked
    days = limit.amount * (31 if limit.unit is Unit.MONTH else 1)
    slack = int(days) * WORKING_DAY_SECONDS - worked
    return slack if slack < 0 else None


def _weights(
    case: Case, procedure: Procedure, diagram: Diagram
) -> tuple[dict[str, int], frozenset[str]]:
    """Seconds at each vertex, and the vertices whose time cannot be counted so."""
    counted, uncounted = _limits_at(case, procedure, diagram)
    seconds = {v: limit.working_seconds for v, limit in counted.items() if limit.is_working_time}
    return seconds, uncounted


def _limits_at(
    case: Case, procedure: Procedure, diagram: Diagram
) -> tuple[dict[str, TimeLimit], frozenset[str]]:
    """The limit at each vertex, and the vertices whose time is not working time."""
    limits: dict[str, TimeLimit | None] = {}
    uncounted: set[str] = set()
    for step in procedure.steps:
        if step.clock is ClockKind.RUNS:
            limits[leaving(step.element_id)] = step.limit(case.code)
    for node in diagram.nodes:
        if node.timer is None:
            continue
        limits[node.id] = node.timer.limit
        if node.timer.limit is None:
            uncounted.add(node.id)
            # by its boundary the step is left no later than by its own limit
            limits[node.id] = limits.get(leaving(node.attached_to or ""))
    counted = {v: limit for v, limit in limits.items() if limit is not None}
    uncounted.update(v for v, limit in counted.items() if not limit.is_working_time)
    return counted, frozenset(uncounted)
