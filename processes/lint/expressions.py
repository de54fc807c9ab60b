"""Expressions of a procedure, compiled once, and what their names refer to."""

import re
from collections.abc import Iterator, Mapping

from processes.diagram import Diagram
from processes.feel import Expression, InvalidExpression, compile_expression
from processes.finding import Finding, Severity
from processes.procedure import Procedure
from processes.rule import Rule, Words, listed

MAX_CHARS = 50_000  # of all expressions of a file together

INVALID = Rule("qt-expression-invalid", Severity.ERROR, "{where}: {problem}", "{where}: {problem}")
FOREIGN = Rule(
    "qt-expression-language",
    Severity.ERROR,
    "{where}: “{text}” không phải là FEEL. Viết điều kiện bằng FEEL, ví dụ: {hint}",
    "{where}: '{text}' is not FEEL. Write the condition in FEEL, such as: {hint}",
)
UNKNOWN_NAME = Rule(
    "qt-name-unknown",
    Severity.ERROR,
    "{where}: “{text}” dùng “{name}”, nhưng không có trường dữ liệu nào mang mã đó. Các trường đã "
    "khai báo: {known}.",
    "{where}: '{text}' uses '{name}', but no field has that code. Declared fields: {known}.",
)
OUT_OF_SCOPE = Rule(
    "qt-name-out-of-scope",
    Severity.ERROR,
    "{where}: “{text}” dùng “{name}”, tên này chỉ có bên trong hoạt động lặp, nên ở đây điều kiện "
    "sẽ hỏng khi chạy. Đưa điều kiện vào trong hoạt động lặp, hoặc dùng một trường dữ liệu.",
    "{where}: '{text}' uses '{name}', which is known inside a repeated activity only, so the "
    "condition would fail here. Move it into the repeated activity, or use a field.",
)
TOO_LONG = Rule(
    "qt-expressions-too-long",
    Severity.ERROR,
    "Các điều kiện của quy trình dài tổng cộng {count} ký tự, tối đa {limit}. Viết gọn lại.",
    "The procedure's conditions have {count} characters together, at most {limit}. Shorten them.",
)
RULES = (INVALID, FOREIGN, UNKNOWN_NAME, OUT_OF_SCOPE, TOO_LONG)

_WRAPPED = re.compile(r"[$#]\{([^{}]*)\}")
_EXAMPLE = 'ket_qua = "dat"'


class Expressions:
    """The names that a procedure's expressions may use, and the expressions compiled so far.

    within: names that are no fields, by the ids of the elements where they are known.
    """

    def __init__(
        self, procedure: Procedure, within: Mapping[str, frozenset[str]] | None = None
    ) -> None:
        self.known = tuple(
            dict.fromkeys(
                field.code
                for fields in (procedure.fields, *(step.fields for step in procedure.steps))
                for field in fields
            )
        )
        self._fields = frozenset(self.known)
        self._within = within or {}
        self._elsewhere = frozenset[str]().union(*self._within.values())
        self._compiled: dict[str, Expression | InvalidExpression] = {}

    def judge_length(self, procedure: Procedure, diagram: Diagram) -> Iterator[Finding]:
        """A finding where compiling everything would take too long; then nothing is compiled."""
        texts = {flow.condition for flow in diagram.flows if flow.condition}
        texts |= {component.when for component in procedure.components if component.when}
        if (count := sum(map(len, texts))) > MAX_CHARS:
            yield TOO_LONG.at(procedure.process_id or None, count=count, limit=MAX_CHARS)

    def compiled(self, text: str) -> Expression | InvalidExpression:
        """The expression, or what is wrong with its text."""
        if text not in self._compiled:
            try:
                self._compiled[text] = compile_expression(text)
            except InvalidExpression as problem:
                self._compiled[text] = problem
        return self._compiled[text]

    def judge(
        self, text: str, element: str | None, where: Words, language: str = ""
    ) -> Iterator[Finding]:
        """Findings about one expression: its language, its grammar, its names."""
        wrapped = _WRAPPED.fullmatch(text.strip())
        if wrapped or text.lstrip().startswith(("${", "#{")) or is_foreign(language):
            hint = _as_feel(wrapped[1]) if wrapped else ""
            yield FOREIGN.at(element, where=where, text=text, hint=hint or _EXAMPLE)
            return
        expression = self.compiled(text)
        if isinstance(expression, InvalidExpression):
            problem = Words(expression.message("vi"), expression.message("en"))
            yield INVALID.at(element, where=where, problem=problem)
            return
        within = self._within.get(element or "", frozenset())
        for name in sorted(expression.names - self._fields - within):
            if name in self._elsewhere:
                yield OUT_OF_SCOPE.at(element, where=where, text=text, name=name)
                continue
            known = listed(self.known, at_most=20)
            yield UNKNOWN_NAME.at(element, where=where, text=text, name=name, known=known)


def _as_feel(text: str) -> str:
    """What a condition of other engines probably is in FEEL; a hint, never used by itself."""
    for foreign, feel in (("==", "="), ("&&", "and"), ("||", "or"), ("'", '"')):
        text = text.replace(foreign, feel)
    return text.strip()


def is_foreign(language: str) -> bool:
    """Whether a language attribute names something other than FEEL."""
    return bool(language.strip()) and "feel" not in language.lower()


def names_of(expression: Expression | InvalidExpression) -> frozenset[str]:
    """The data an expression reads, none where it is invalid."""
    return frozenset() if isinstance(expression, InvalidExpression) else frozenset(expression.names)
