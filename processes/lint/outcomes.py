"""How a dossier may end, and what the applicant may be asked for: once, with a chance to complete.

NĐ 61/2018/NĐ-CP: one request for a supplement (art. 11, 17, 19), a result or a refusal with its
reason; QĐ 766/QĐ-TTg: the national statuses that end a dossier.
"""

import itertools
from collections.abc import Iterator

from processes.diagram import Diagram, leaving
from processes.finding import Finding, Severity
from processes.procedure import Procedure, ProcedureKind
from processes.rule import Rule, Words
from processes.step import ClockKind, NationalStatus, StepSpec

NO_RESULT = Rule(
    "qt-result-missing",
    Severity.WARNING,
    "Không sự kiện kết thúc nào trả kết quả cho người nộp. Ghi qt:end có favourable là true ở nơi "
    "trả kết quả.",
    "No end event gives the applicant a result. Add a qt:end with favourable=true where the result "
    "is returned.",
)
NO_REFUSAL = Rule(
    "qt-refusal-missing",
    Severity.WARNING,
    "Quy trình không có cách từ chối: không sự kiện kết thúc nào ghi favourable là false. Thêm "
    "nhánh từ chối có văn bản nêu lý do.",
    "The procedure has no way to refuse: no end event states favourable=false. Add a branch for "
    "the refusal with its reason.",
)
NOT_FINAL = Rule(
    "qt-outcome-status",
    Severity.WARNING,
    "{node} kết thúc hồ sơ ở trạng thái {status}, không phải trạng thái kết thúc. Dùng 10 (đã trả "
    "kết quả), 3 (từ chối tiếp nhận), 7 (rút) hoặc 8 (dừng xử lý).",
    "{node} ends the dossier in status {status}, which ends nothing. Use 10 (returned), 3 (not "
    "received), 7 (withdrawn) or 8 (discontinued).",
)
REOPENED = Rule(
    "qt-status-reopened",
    Severity.WARNING,
    "{node} (trạng thái {status}) đứng sau bước đã xử lý xong (trạng thái 9 hoặc 10). Sửa status "
    "theo đúng thứ tự.",
    "{node} (status {status}) comes after the dossier was finished (status 9 or 10). Put the "
    "statuses in order.",
)
CHARGED = Rule(
    "qt-status-clock",
    Severity.WARNING,
    "{node} chờ người dân (trạng thái {status}) nhưng vẫn tính vào thời hạn của cơ quan. Đặt clock "
    "là citizen.",
    "{node} waits for the citizen (status {status}), yet the agency's clock runs. Set its clock to "
    "citizen.",
)
NO_SUPPLEMENT = Rule(
    "qt-supplement-missing",
    Severity.WARNING,
    "Quy trình đòi thành phần hồ sơ nhưng không cho bổ sung (atMost là 0). Cho yêu cầu bổ sung một "
    "lần.",
    "The procedure asks for components but allows no supplement (atMost is 0). Allow it once.",
)
SUPPLEMENT_OFTEN = Rule(
    "qt-supplement-often",
    Severity.WARNING,
    "Quy trình cho yêu cầu bổ sung {count} lần, pháp luật cho một lần (NĐ 61/2018/NĐ-CP). Đặt "
    "atMost là 1, hoặc ghi căn cứ riêng.",
    "The procedure allows {count} requests for supplements, the law one (NĐ 61/2018/NĐ-CP). Set "
    "atMost to 1, unless a special law says otherwise.",
)
ASKED_TWICE = Rule(
    "qt-component-asked-twice",
    Severity.WARNING,
    "{first} và sau đó {second} cùng đòi thành phần “{code}”. Chỉ đòi một lần, ở bước kiểm tra "
    "đầu tiên.",
    "{first} and later {second} both ask for the component '{code}'. Ask once, at the first step "
    "that checks it.",
)
RULES = (
    *(NO_RESULT, NO_REFUSAL, NOT_FINAL, REOPENED, CHARGED),
    *(NO_SUPPLEMENT, SUPPLEMENT_OFTEN, ASKED_TWICE),
)

_FINAL = frozenset(
    {
        *(NationalStatus.NOT_RECEIVED, NationalStatus.WITHDRAWN),
        *(NationalStatus.DISCONTINUED, NationalStatus.RETURNED),
    }
)
_DONE = frozenset({NationalStatus.FINISHED, NationalStatus.RETURNED})
_OPEN = frozenset(
    {
        *(NationalStatus.REGISTERED, NationalStatus.RECEIVED, NationalStatus.PROCESSING),
        *(NationalStatus.SUPPLEMENT, NationalStatus.FINANCIAL),
    }
)
_CITIZENS = frozenset({NationalStatus.SUPPLEMENT, NationalStatus.FINANCIAL})


def judge_outcomes(procedure: Procedure, diagram: Diagram) -> Iterator[Finding]:
    """Findings about ends, statuses behind the end, and what applicants are asked for."""
    yield from _asked_twice(procedure, diagram)
    if procedure.kind is not ProcedureKind.PUBLIC:
        return
    element = procedure.process_id or None
    if procedure.outcomes and not any(outcome.favourable for outcome in procedure.outcomes):
        yield NO_RESULT.at(element)
    if procedure.outcomes and all(outcome.favourable for outcome in procedure.outcomes):
        yield NO_REFUSAL.at(element)
    for outcome in procedure.outcomes:
        if outcome.status not in _FINAL:
            node = diagram.by_id[outcome.element_id].words
            yield NOT_FINAL.at(outcome.element_id, node=node, status=outcome.status.value)
    yield from _steps(procedure, diagram)
    allowed = procedure.supplement.at_most
    if procedure.components and allowed == 0:
        yield NO_SUPPLEMENT.at(element)
    if allowed > 1:
        yield SUPPLEMENT_OFTEN.at(element, count=allowed)


def _steps(procedure: Procedure, diagram: Diagram) -> Iterator[Finding]:
    done = [leaving(step.element_id) for step in procedure.steps if step.status in _DONE]
    behind = diagram.graph.reachable(done)
    for step in procedure.steps:
        if step.status in _OPEN and step.element_id in behind:
            yield _about(REOPENED, step)
        if step.status in _CITIZENS and step.clock is ClockKind.RUNS:
            yield _about(CHARGED, step)


def _asked_twice(procedure: Procedure, diagram: Diagram) -> Iterator[Finding]:
    """Steps on one way that require the same component; a loop back to a step is no second."""
    asking: dict[str, list[StepSpec]] = {}
    for step in procedure.steps:
        for code in dict.fromkeys(step.requires):
            asking.setdefault(code, []).append(step)
    later: dict[str, set[str]] = {}
    for code, steps in asking.items():
        for first, second in itertools.pairwise(steps):
            begun = first.element_id
            if begun not in later:
                later[begun] = diagram.graph.reachable([leaving(begun)])
            if second.element_id in later[begun]:
                facts = {"first": _named(first), "second": _named(second), "code": code}
                yield ASKED_TWICE.at(second.element_id, **facts)


def _about(rule: Rule, step: StepSpec) -> Finding:
    return rule.at(step.element_id, node=_named(step), status=step.status.value)


def _named(step: StepSpec) -> Words:
    name = f"“{step.name}”" if step.name else step.element_id
    return Words(name, name)
