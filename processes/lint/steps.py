"""Steps: each has an owner and a limit, and refers to things that exist."""

from collections.abc import Iterator

from processes.diagram import Diagram, NodeKind
from processes.finding import Finding, Severity
from processes.procedure import Procedure
from processes.rule import Rule, Words, listed
from processes.step import ClockKind, OnTimeout, Signature, StepSpec

LIMIT = Rule(
    "qt-limit-missing",
    Severity.ERROR,
    "Bước {step} chưa có thời hạn{cases}. Ghi qt:limit cho bước.",
    "Step {step} has no limit{cases}. Add a qt:limit to it.",
)
NO_TIMEOUT_LIMIT = Rule(
    "qt-timeout-without-limit",
    Severity.ERROR,
    "Bước {step} coi im lặng là đồng ý khi hết hạn, nhưng chưa có thời hạn. Ghi qt:limit cho bước.",
    "Step {step} takes silence as consent when its limit passes, but has no limit. Add one.",
)
CASE = Rule(
    "qt-limit-case-unknown",
    Severity.ERROR,
    "Bước {step} có thời hạn cho trường hợp “{case}”, nhưng quy trình không có trường hợp đó. Các "
    "trường hợp: {known}.",
    "Step {step} has a limit for the case '{case}', which the procedure does not have. "
    "Cases: {known}.",
)
OWNER = Rule(
    "qt-owner-missing",
    Severity.ERROR,
    "Bước {step} chưa có người thực hiện. Đặt bước vào một làn có tên chức danh.",
    "Step {step} has nobody to do it. Put it into a lane named after a position.",
)
NOT_SAME = Rule(
    "qt-not-same-unknown",
    Severity.ERROR,
    "Bước {step} không được trùng người với “{other}”, nhưng không có bước nào mang mã đó. Sửa "
    "thuộc tính notSameAs.",
    "Step {step} must not be done by the doer of '{other}', but no step has that id. Correct the "
    "attribute notSameAs.",
)
NOT_SAME_SELF = Rule(
    "qt-not-same-self",
    Severity.ERROR,
    "Bước {step} không thể không trùng người với chính nó. Sửa thuộc tính notSameAs.",
    "Step {step} cannot be separated from itself. Correct the attribute notSameAs.",
)
SIGNS = Rule(
    "qt-signs-unknown",
    Severity.ERROR,
    "Bước {step} cần chữ ký số trên “{code}”, nhưng không có thành phần hay tài liệu nào mang mã "
    "đó. Sửa thuộc tính signs.",
    "Step {step} needs '{code}' signed, but no component or document has that code. Correct the "
    "attribute signs.",
)
SIGNS_WITHOUT_KIND = Rule(
    "qt-signs-without-signature",
    Severity.ERROR,
    "Bước {step} nêu tài liệu cần ký số nhưng chưa nói loại chữ ký. Ghi thuộc tính signature.",
    "Step {step} names documents to be signed, but no kind of signature. State signature.",
)
OUTCOME = Rule(
    "qt-outcome-missing",
    Severity.WARNING,
    "{node} chưa ghi kết quả. Thêm qt:end với outcome và name để thống kê được.",
    "{node} states no outcome. Add a qt:end with outcome and name, so that it can be counted.",
)
NO_STEPS = Rule(
    "qt-steps-missing",
    Severity.ERROR,
    "Quy trình không có bước nào do người thực hiện. Vẽ ít nhất một bước của người dùng.",
    "The procedure has no step that a person does. Draw at least one user task.",
)
RULES = (
    *(LIMIT, NO_TIMEOUT_LIMIT, CASE, OWNER, NOT_SAME, NOT_SAME_SELF, SIGNS, SIGNS_WITHOUT_KIND),
    *(OUTCOME, NO_STEPS),
)


def judge_steps(procedure: Procedure, diagram: Diagram) -> Iterator[Finding]:
    """Findings about the steps in reading order, then about the ends."""
    if not procedure.steps:
        yield NO_STEPS.at(procedure.process_id or None)
    cases = [case.code for case in procedure.cases]
    known = frozenset(step.element_id for step in procedure.steps)
    for step in procedure.steps:
        yield from _limits(step, cases)
        if step.assignment is None:
            yield OWNER.at(step.element_id, step=_words(step))
        for other in step.not_same_as:
            if other == step.element_id:
                yield NOT_SAME_SELF.at(step.element_id, step=_words(step))
            elif other not in known:
                yield NOT_SAME.at(step.element_id, step=_words(step), other=other)
    yield from _signs(procedure)
    stated = {outcome.element_id for outcome in procedure.outcomes}
    for node in diagram.children(None):
        if node.kind is NodeKind.END and node.id not in stated:
            yield OUTCOME.at(node.id, node=node.words)


def _signs(procedure: Procedure) -> Iterator[Finding]:
    known = {component.code for component in procedure.components}
    known |= {code for step in procedure.steps for code, _ in step.produces}
    for step in procedure.steps:
        for code in step.signs:
            if code not in known:
                yield SIGNS.at(step.element_id, step=_words(step), code=code)
        if step.signs and step.signature is Signature.NONE:
            yield SIGNS_WITHOUT_KIND.at(step.element_id, step=_words(step))


def _limits(step: StepSpec, cases: list[str]) -> Iterator[Finding]:
    if step.on_timeout is OnTimeout.DEEMED_CONSENT and not step.limits:
        yield NO_TIMEOUT_LIMIT.at(step.element_id, step=_words(step))
    elif step.clock is ClockKind.RUNS:
        lacking = [case for case in cases or [""] if step.limit(case) is None]
        if lacking:
            names = listed(lacking)
            every = len(lacking) == len(cases or [""])
            of = Words("", "") if every else Words(f" cho {names}", f" for {names}")
            yield LIMIT.at(step.element_id, step=_words(step), cases=of)
    for case in step.limits:
        if case and case not in cases:
            facts = {"case": case, "known": listed(cases)}
            yield CASE.at(step.element_id, step=_words(step), **facts)


def _words(step: StepSpec) -> Words:
    name = f"“{step.name}”" if step.name else step.element_id
    return Words(name, name)
