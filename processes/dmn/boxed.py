"""Boxed expressions: the shapes in which a model writes its logic (DMN 1.3, chapter 7 and 10.2)."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from lxml.etree import _Element as Element

from processes.dmn.document import child, children, local_name, name_of, text_of, wrong
from processes.dmn.errors import UnsuitableInput
from processes.dmn.item_type import Misfit, Types
from processes.dmn.logic import Logic, Variables, combined, function_of
from processes.feel import (
    Expression,
    InvalidExpression,
    UnaryTests,
    compile_expression,
    compile_unary_tests,
)
from processes.feel.invocation import call_named
from processes.feel.meter import Meter
from processes.feel.writing import write_literal

MAX_EXPRESSIONS = 5_000  # different ones in a model: each takes about 0.2 ms to read
_FEEL = ("feel", "")


class LogicReader:
    """Reads the logic of one model.

    types: of the model; entry_names: names of entries anywhere in it; strict: see `read_decisions`.
    readers: how each kind of boxed expression is read, by its element's name.
    """

    def __init__(
        self, types: Types, entry_names: Collection[str], readers: "Readers", *, strict: bool
    ) -> None:
        self.types = types
        self.strict = strict
        self._readers = readers
        self._entry_names = tuple(entry_names)
        self._expressions: dict[tuple[str, frozenset[str]], Expression] = {}
        self._tests: dict[tuple[str, frozenset[str]], UnaryTests] = {}

    def read(self, element: Element, names: frozenset[str]) -> Logic:
        """The logic of a boxed expression; names: what it can see. Raises InvalidDecisionModel."""
        read = self._readers.get(local_name(element))
        if read is None:
            kind = local_name(element)
            raise wrong(element, f"không hỗ trợ “{kind}”.", f"'{kind}' is not supported.")
        return read(self, element, names)

    def read_inside(self, element: Element | None, names: frozenset[str]) -> Logic | None:
        """The logic of the boxed expression directly inside an element, None for none."""
        if element is None:
            return None
        inside = next(self.logic_in(element), None)
        return None if inside is None else self.read(inside, names)

    def logic_in(self, element: Element) -> Iterator[Element]:
        """The boxed expressions directly inside an element."""
        return (each for each in children(element) if local_name(each) in self._readers)

    def needed(self, element: Element, names: frozenset[str]) -> Logic:
        """The same where there must be one."""
        logic = self.read_inside(element, names)
        if logic is None:
            raise wrong(element, "chưa có nội dung.", "it has no content.")
        return logic

    def expression(self, element: Element, text: str, names: frozenset[str]) -> Logic:
        """The logic of a FEEL text."""
        _refuse_other_language(element)
        compiled = self._expressions.get((text, names))
        if compiled is None:
            self._count(element)
            with _placing(element):
                compiled = compile_expression(
                    text, names, entry_names=self._entry_names, strict=self.strict
                )
            self._expressions[text, names] = compiled
        self._refuse_unknown(element, compiled.names - names)
        return Logic(compiled.evaluate_within, compiled.names, compiled.cost, compiled.depth)

    def tests(self, element: Element, text: str, names: frozenset[str]) -> UnaryTests:
        """The unary tests of a cell, or of a list of allowed values; an empty cell admits all."""
        _refuse_other_language(element)
        compiled = self._tests.get((text, names))
        if compiled is None:
            self._count(element)
            with _placing(element):
                compiled = compile_unary_tests(
                    text or "-", names, entry_names=self._entry_names, strict=self.strict
                )
            self._tests[text, names] = compiled
        self._refuse_unknown(element, compiled.names - names)
        return compiled

    def typed(self, logic: Logic, name: str, type_name: str | None, element: Element) -> Logic:
        """The logic with its result held to a type.

        What does not fit is refused, or null where the model is not strict.
        """
        if not type_name:
            return logic
        if self.strict and not self.types.knows(type_name):
            raise wrong(
                element, f"không có kiểu “{type_name}”.", f"there is no type '{type_name}'."
            )

        def run(variables: Variables, meter: Meter) -> Any:
            return self.conform(logic.run(variables, meter), name, type_name, meter)

        return Logic(run, logic.names, logic.cost, logic.depth)

    def conform(self, value: Any, name: str, type_name: str, meter: Meter) -> Any:
        """A value of the type; what does not fit is refused, or null in a model not strict."""
        try:
            return self.types.conform(value, type_name, meter)
        except Misfit as misfit:
            if not self.strict:
                return None
            shown = write_literal(value, Meter("", None))[:200]
            raise UnsuitableInput(name=name, type=misfit.what, value=shown) from None

    def _count(self, element: Element) -> None:
        if len(self._expressions) + len(self._tests) >= MAX_EXPRESSIONS:
            raise wrong(
                element,
                f"mô hình có hơn {MAX_EXPRESSIONS} biểu thức khác nhau.",
                f"the model has more than {MAX_EXPRESSIONS} different expressions.",
            )

    def _refuse_unknown(self, element: Element, unknown: Iterable[str]) -> None:
        listed = ", ".join(sorted(unknown))
        if listed and self.strict:
            raise wrong(
                element,
                f"“{listed}” không có ở đây; hãy nối dữ liệu hoặc quyết định đó vào.",
                f"'{listed}' is not known here; connect that datum or decision.",
            )


Readers = Mapping[str, Callable[[LogicReader, Element, frozenset[str]], Logic]]


@contextmanager
def _placing(element: Element) -> Iterator[None]:
    """Says where in the model an expression is wrong."""
    try:
        yield
    except InvalidExpression as refused:
        raise wrong(element, refused.message("vi"), refused.message("en")) from None


def _refuse_other_language(element: Element) -> None:
    at: Element | None = element
    while at is not None:
        language = at.get("expressionLanguage")
        if language is not None:
            bare = language.rstrip("/").rpartition("/")[2].rpartition(":")[2].lower()
            if bare not in _FEEL:
                raise wrong(
                    element,
                    f"ngôn ngữ biểu thức “{language[:100]}” không được chạy; hãy viết bằng FEEL.",
                    f"the expression language '{language[:100]}' is not run; write it in FEEL.",
                )
            return
        at = at.getparent()


def _literal(reader: LogicReader, element: Element, names: frozenset[str]) -> Logic:
    text = text_of(element)
    if not text:
        raise wrong(element, "biểu thức còn trống.", "the expression is empty.")
    return reader.expression(element, text, names)


def _context(reader: LogicReader, element: Element, names: frozenset[str]) -> Logic:
    entries: list[tuple[str, Logic]] = []
    result: Logic | None = None
    for entry in children(element, "contextEntry"):
        variable = child(entry, "variable")
        if variable is None:
            result = reader.needed(entry, names)
            continue
        name = name_of(variable)
        # a function may call itself; other entries see those before them
        itself = {name} if child(entry, "functionDefinition") is not None else set()
        logic = reader.needed(entry, names | itself)
        entries.append((name, reader.typed(logic, name, variable.get("typeRef"), entry)))
        names = names | {name}

    def run(variables: Variables, meter: Meter) -> Any:
        made: dict[str, Any] = {}
        inside = dict(variables)
        for name, logic in entries:
            made[name] = inside[name] = logic.run(inside, meter)
        return made if result is None else result.run(inside, meter)

    parts = [logic for _, logic in entries] + ([] if result is None else [result])
    return combined(run, parts, [name for name, _ in entries])


def _list(reader: LogicReader, element: Element, names: frozenset[str]) -> Logic:
    parts = [reader.read(each, names) for each in reader.logic_in(element)]
    return combined(lambda variables, meter: [part.run(variables, meter) for part in parts], parts)


def _relation(reader: LogicReader, element: Element, names: frozenset[str]) -> Logic:
    columns = [name_of(column) for column in children(element, "column")]
    rows: list[list[Logic]] = []
    for row in children(element, "row"):
        cells = [reader.read(each, names) for each in reader.logic_in(row)]
        if len(cells) != len(columns):
            raise wrong(
                row,
                f"hàng có {len(cells)} ô, cần {len(columns)}.",
                f"the row has {len(cells)} cells, {len(columns)} are needed.",
            )
        rows.append(cells)

    def run(variables: Variables, meter: Meter) -> Any:
        return [
            {name: cell.run(variables, meter) for name, cell in zip(columns, cells, strict=True)}
            for cells in rows
        ]

    return combined(run, [cell for cells in rows for cell in cells])


def _invocation(reader: LogicReader, element: Element, names: frozenset[str]) -> Logic:
    function = reader.needed(element, names)
    bindings: list[tuple[str, Logic]] = []
    for binding in children(element, "binding"):
        parameter = child(binding, "parameter")
        argument = reader.needed(binding, names)
        bindings.append(("" if parameter is None else name_of(parameter), argument))

    def run(variables: Variables, meter: Meter) -> Any:
        called = function.run(variables, meter)
        values = [argument.run(variables, meter) for _, argument in bindings]
        return call_named(called, meter, [name for name, _ in bindings], values)

    return combined(run, [function, *(argument for _, argument in bindings)])


def _function(reader: LogicReader, element: Element, names: frozenset[str]) -> Logic:
    parameters, body = read_function(reader, element, names)

    def run(variables: Variables, _meter: Meter) -> Any:
        return function_of(name_of(element) or "function", parameters, body, variables)

    return combined(run, [body], parameters)


def read_function(
    reader: LogicReader, element: Element, names: frozenset[str]
) -> tuple[tuple[str, ...], Logic]:
    """Parameters and body of a function definition, or of a business knowledge model's logic."""
    if element.get("kind", "FEEL") != "FEEL":
        raise wrong(
            element,
            "hàm viết bằng ngôn ngữ khác không được chạy.",
            "functions in another language are not run.",
        )
    formal = list(children(element, "formalParameter"))
    parameters = tuple(name_of(parameter) for parameter in formal)
    body = reader.needed(element, names | frozenset(parameters))
    types = [(name_of(each), each.get("typeRef")) for each in formal if each.get("typeRef")]

    def run(variables: Variables, meter: Meter) -> Any:
        inside = dict(variables)
        for name, type_name in types:
            inside[name] = reader.conform(inside.get(name), name, str(type_name), meter)
        return body.run(inside, meter)

    return parameters, combined(run, [body], parameters)


def _conditional(reader: LogicReader, element: Element, names: frozenset[str]) -> Logic:
    branches = [child(element, name) for name in ("if", "then", "else")]
    if any(branch is None for branch in branches):
        raise wrong(element, "cần if, then và else.", "if, then and else are needed.")
    condition, then, otherwise = (
        reader.needed(branch, names) for branch in branches if branch is not None
    )

    def run(variables: Variables, meter: Meter) -> Any:
        chosen = then if condition.run(variables, meter) is True else otherwise
        return chosen.run(variables, meter)

    return combined(run, [condition, then, otherwise])


READERS: Readers = {
    "literalExpression": _literal,
    "context": _context,
    "list": _list,
    "relation": _relation,
    "invocation": _invocation,
    "functionDefinition": _function,
    "conditional": _conditional,
}
