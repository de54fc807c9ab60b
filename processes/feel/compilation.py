"""From the parts of an expression to a function that evaluates it: closures, built once."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from processes.feel import limits, syntax
from processes.feel.builtins import BUILTINS
from processes.feel.errors import InvalidExpression
from processes.feel.meter import Frame
from processes.feel.scope import Scope, Slots
from processes.feel.tokens import wrong
from processes.feel.type_names import FeelType

Code = Callable[[Frame], Any]
Test = Callable[[Frame, Any], bool | None]
OF_THE_MOMENT = frozenset({"now", "today"})
INPUT = "?"  # the value that unary tests are applied to


class Compiler:
    """Compiles the parts of one expression and notes which names it leaves free.

    declared: names the caller knows; parts: how each kind of part is compiled;
    strict: whether calls that can only give null are refused.
    """

    def __init__(
        self, text: str, declared: Collection[str], parts: "Parts", *, strict: bool
    ) -> None:
        self.text = text
        self._parts = parts
        self.declared = frozenset(declared)
        self.strict = strict
        self.slots = Slots()
        self.free: set[str] = set()
        self.free_in_filters: set[str] = set()
        self.used: set[int] = set()  # slots that are read somewhere
        self.needs_moment = False

    def compile(self, node: syntax.Node, scope: Scope) -> Code:
        return self._parts[node.__class__](self, node, scope)

    def all_of(self, nodes: Collection[syntax.Node], scope: Scope) -> tuple[Code, ...]:
        return tuple(self.compile(node, scope) for node in nodes)

    def bind(self, scope: Scope, *names: str) -> tuple[Scope, list[int]]:
        """A scope with more names, and their slots."""
        slots = [self.slots.take() for _ in names]
        return Scope(scope, dict(zip(names, slots, strict=True))), slots

    def check_type(self, node: syntax.Node, type_: FeelType) -> None:
        """Refuse a type that the language does not have: every test for it would be null."""
        unknown = type_.unknown()
        if unknown is not None and self.strict:
            raise self.refuse(node, f"không có kiểu “{unknown}”.", f"there is no type '{unknown}'.")

    def refuse(self, node: syntax.Node, detail_vi: str, detail_en: str) -> InvalidExpression:
        return wrong(self.text, node.position, detail_vi, detail_en)


Parts = Mapping[type[syntax.Node], Callable[[Compiler, Any, Scope], Code]]


def _literal(_compiler: Compiler, node: syntax.Literal, _scope: Scope) -> Code:
    value = node.value
    return lambda _frame: value


def _name(compiler: Compiler, node: syntax.Name, scope: Scope) -> Code:
    name = node.name
    items = scope.items_before(name)
    slot = scope.slot(name)
    if slot is not None:
        compiler.used.add(slot)
        code: Code = _local(slot)
    else:
        certain = not items or name in compiler.declared
        (compiler.free if certain else compiler.free_in_filters).add(name)
        code = _builtin_or_variable(name) if name in BUILTINS else _variable(name)
        compiler.needs_moment |= name in OF_THE_MOMENT
    for item in reversed(items):
        code = _entry_of(item, name, code)
    return code


def _local(slot: int) -> Code:
    return lambda frame: frame.locals[slot]


def _variable(name: str) -> Code:
    return lambda frame: frame.variable(name)


def _builtin_or_variable(name: str) -> Code:
    function = BUILTINS[name].as_function()
    return lambda frame: frame.variable(name) if name in frame.variables else function


def _entry_of(slot: int, name: str, otherwise: Code) -> Code:
    def entry(frame: Frame) -> Any:
        item = frame.locals[slot]
        if item.__class__ is dict and name in item:
            return item[name]
        return otherwise(frame)

    return entry


def _list(compiler: Compiler, node: syntax.ListOf, scope: Scope) -> Code:
    elements = compiler.all_of(node.elements, scope)
    return lambda frame: [element(frame) for element in elements]


def _context(compiler: Compiler, node: syntax.ContextOf, scope: Scope) -> Code:
    entries: list[tuple[str, int, Code]] = []
    for entry in node.entries:
        inner, (slot,) = compiler.bind(scope, entry.key)
        # a function sees itself, so that it can call itself; other entries see those before them
        itself = isinstance(entry.value, syntax.Definition)
        entries.append((entry.key, slot, compiler.compile(entry.value, inner if itself else scope)))
        scope = inner

    def context(frame: Frame) -> dict[str, Any]:
        made: dict[str, Any] = {}
        frame.meter.charge(len(frame.locals) // limits.LOCALS_PER_STEP)
        inside = frame.inside(dict(frame.locals), frame.meter)
        for key, slot, code in entries:
            made[key] = inside.locals[slot] = code(inside)
        return made

    return context


def _if(compiler: Compiler, node: syntax.If, scope: Scope) -> Code:
    condition = compiler.compile(node.condition, scope)
    then = compiler.compile(node.then, scope)
    otherwise = compiler.compile(node.otherwise, scope)
    return lambda frame: then(frame) if condition(frame) is True else otherwise(frame)


def _instance_of(compiler: Compiler, node: syntax.InstanceOf, scope: Scope) -> Code:
    value = compiler.compile(node.value, scope)
    compiler.check_type(node, node.type)
    admits = node.type.admits
    return lambda frame: admits(value(frame), frame.meter.charge)


PARTS: Parts = {
    syntax.Literal: _literal,
    syntax.Name: _name,
    syntax.ListOf: _list,
    syntax.ContextOf: _context,
    syntax.If: _if,
    syntax.InstanceOf: _instance_of,
}
