"""National statuses in their order.

Received (2) comes before processing (4), finished (9) before returned (10): reports compare the
moments of these statuses (QĐ 766/QĐ-TTg, indicator 2.1).
"""

from collections.abc import Iterator

from processes.diagram import Diagram, leaving
from processes.finding import Finding, Severity
from processes.procedure import Procedure, ProcedureKind
from processes.rule import Rule
from processes.step import NationalStatus

SKIPS_FINISHED = Rule(
    "qt-status-order",
    Severity.WARNING,
    "Có đường đến {node} (trạng thái 10, đã trả kết quả) mà không qua bước nào ở trạng thái 9 (đã "
    'xử lý xong). Đặt status="9" cho bước trả kết quả.',
    "A way leads to {node} (status 10, returned) without a step of status 9 (finished). Set "
    'status="9" on the step that returns the result.',
)
RECEIVED_LATE = Rule(
    "qt-status-received-late",
    Severity.WARNING,
    "{node} đưa hồ sơ về trạng thái 2 (được tiếp nhận) sau khi đã xử lý (trạng thái 4). Sửa status "
    "của các bước theo đúng thứ tự.",
    "{node} sets status 2 (received) after status 4 (processing). Put the statuses in order.",
)
NOT_RECEIVED = Rule(
    "qt-status-not-received",
    Severity.WARNING,
    "Có đường từ bước mới đăng ký (trạng thái 1) đến {node} (trạng thái 4) mà không qua trạng thái "
    '2 (được tiếp nhận). Đặt status="2" cho bước tiếp nhận.',
    "A way leads from a step of status 1 (registered) to {node} (status 4) without status 2 "
    '(received). Set status="2" on the reception step.',
)
RULES = (SKIPS_FINISHED, RECEIVED_LATE, NOT_RECEIVED)


def judge_statuses(procedure: Procedure, diagram: Diagram) -> Iterator[Finding]:
    """Findings about ways on which a status is skipped; public procedures only."""
    if procedure.kind is not ProcedureKind.PUBLIC:
        return
    status = {step.element_id: step.status for step in procedure.steps}
    starts = [start.id for start in diagram.starts()]
    unfinished = _ways(diagram, starts, _with(status, NationalStatus.FINISHED))
    ends = {o.element_id: o.status for o in procedure.outcomes}
    for node, reached in {**status, **ends}.items():
        if reached is NationalStatus.RETURNED and node in unfinished:
            yield SKIPS_FINISHED.at(node, node=diagram.by_id[node].words)
    yield from _reception(diagram, status)


def _reception(diagram: Diagram, status: dict[str, NationalStatus]) -> Iterator[Finding]:
    processing = _with(status, NationalStatus.PROCESSING)
    supplement = _with(status, NationalStatus.SUPPLEMENT)
    received = _with(status, NationalStatus.RECEIVED)
    registered = _with(status, NationalStatus.REGISTERED)
    # after a supplement a dossier may be received again
    later = _ways(diagram, [leaving(step) for step in sorted(processing)], supplement)
    for step in status:
        if step in received and step in later:
            yield RECEIVED_LATE.at(step, node=diagram.by_id[step].words)
    unreceived = _ways(diagram, [leaving(step) for step in sorted(registered)], received)
    for step in status:
        if step in processing and step in unreceived:
            yield NOT_RECEIVED.at(step, node=diagram.by_id[step].words)


def _ways(diagram: Diagram, starts: list[str], avoiding: frozenset[str]) -> set[str]:
    return diagram.graph.reachable(starts, avoiding)


def _with(status: dict[str, NationalStatus], wanted: NationalStatus) -> frozenset[str]:
    return frozenset(step for step, found in status.items() if found is wanted)
