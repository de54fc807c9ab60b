"""Functions and methods of other engines that have a counterpart in FEEL."""

from collections.abc import Callable, Mapping

from processes.dialects.feel_text import ATOM, Sort, Term, compared, is_empty, negated
from processes.dialects.names import field_code
from processes.dialects.words import Untranslatable
from processes.feel.writing import write_text

NAMED = frozenset({"getVariable", "getVariableLocal", "getDataObject", "get"})
"""Functions that read the variable whose name they are given."""
HOLDERS = frozenset({"execution", "task", "variables", "vars", "var", "data", "caseExecution"})
"""Objects of other engines that only hold variables."""
_COMPARING = {
    **dict.fromkeys(("eq", "equals", "equalTo"), "="),
    **dict.fromkeys(("ne", "notEquals", "notEqualTo"), "!="),
    "lt": "<",
    "lessThan": "<",
    "lte": "<=",
    "lessThanOrEquals": "<=",
    "gt": ">",
    "greaterThan": ">",
    "gte": ">=",
    "greaterThanOrEquals": ">=",
}


def variable(name: str) -> Term:
    """A variable of the other engine as a field."""
    return Term(field_code(name), ATOM, Sort.NAME, (name,))


def function(name: str, arguments: list[Term], names: list[str | None]) -> Term:
    """A call such as `len(x)`, `execution.getVariable('x')`, `vars:eq(x, 1)`.

    names: of each argument the text, where it is a bare text. Errors: Untranslatable.
    """
    if name in NAMED and len(arguments) == 1 and names[0]:
        return variable(names[0])
    if name in _FUNCTIONS and len(arguments) == 1:
        return _FUNCTIONS[name](arguments[0])
    if name in _COMPARING and len(arguments) == 2:  # noqa: PLR2004  vars:eq(name, value)
        left = variable(names[0]) if names[0] else arguments[0]
        return compared(left, _COMPARING[name], arguments[1])
    raise Untranslatable(text=f"{name}(…)", detail=name)


def method(of: Term, name: str, arguments: list[Term]) -> Term:
    """A call such as `x.equals("a")` or `x.isEmpty()`. Errors: Untranslatable."""
    if not arguments and name in _FUNCTIONS:
        return _FUNCTIONS[name](of)
    if len(arguments) == 1 and name in ("equals", "equalTo"):
        return compared(of, "=", arguments[0])
    if len(arguments) == 1 and name == "equalsIgnoreCase":
        return compared(_called("lower case", of), "=", _called("lower case", arguments[0]))
    if len(arguments) == 1 and name in _TESTS:
        text = f"{_TESTS[name]}({of.text}, {arguments[0].text})"
        return Term(text, ATOM, Sort.CONDITION)
    raise Untranslatable(text=f"{of.text}.{name}(…)", detail=name)


def literal(value: str) -> Term:
    """A text as FEEL writes it."""
    return Term(write_text(value))


def _called(name: str, argument: Term) -> Term:
    return Term(f"{name}({argument.text})")


def _calling(name: str) -> Callable[[Term], Term]:
    return lambda argument: _called(name, argument)


_TESTS = {
    **dict.fromkeys(("contains", "includes"), "contains"),
    **dict.fromkeys(("startsWith", "startswith"), "starts with"),
    **dict.fromkeys(("endsWith", "endswith"), "ends with"),
}
_FUNCTIONS: Mapping[str, Callable[[Term], Term]] = {
    **dict.fromkeys(("len", "length", "size"), _calling("string length")),
    **dict.fromkeys(("str", "toString", "string"), _calling("string")),
    **dict.fromkeys(("int", "float", "Number", "parseInt", "number"), _calling("number")),
    **dict.fromkeys(("toLowerCase", "lower"), _calling("lower case")),
    **dict.fromkeys(("toUpperCase", "upper"), _calling("upper case")),
    **{name: _calling(name) for name in ("abs", "floor", "ceiling")},
    **dict.fromkeys(("isEmpty", "empty"), is_empty),
    "isNotEmpty": lambda term: negated(is_empty(term)),
    "booleanValue": lambda term: term,
}
