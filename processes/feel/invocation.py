"""How functions are defined and called."""

from collections.abc import Callable, Sequence
from typing import Any

from processes.feel import limits, syntax
from processes.feel.builtins import BUILTINS, Builtin
from processes.feel.compilation import OF_THE_MOMENT, Code, Compiler, Parts
from processes.feel.meter import Frame, Meter
from processes.feel.scope import Scope
from processes.feel.type_names import FeelType
from processes.feel.values import FeelFunction


def call(function: Any, meter: Meter, arguments: Sequence[Any]) -> Any:
    """Call a function value with arguments by position; null for a wrong number, or no function."""
    if function.__class__ is not FeelFunction or len(arguments) != len(function.parameters):
        return None
    return function.run(meter, *arguments)


def call_named(function: Any, meter: Meter, names: Sequence[str], arguments: Sequence[Any]) -> Any:
    """The same with arguments by name."""
    if function.__class__ is not FeelFunction or set(names) != set(function.parameters):
        return None
    by_name = dict(zip(names, arguments, strict=True))
    return function.run(meter, *(by_name[parameter] for parameter in function.parameters))


def bounded(run: Callable[..., Any], depth: int, cost: int) -> Callable[..., Any]:
    """The body of a function, charged for each call and refused when calls nest too deeply."""

    def enter(meter: Meter, *arguments: Any) -> Any:
        meter.charge(cost)
        meter.calls += depth
        if meter.calls > limits.EVALUATION_DEPTH:
            meter.too_deep()
        try:
            return run(meter, *arguments)
        finally:
            meter.calls -= depth

    return enter


def _definition(compiler: Compiler, node: syntax.Definition, scope: Scope) -> Code:
    parameters = tuple(name for name, _ in node.parameters)
    types = [type_ for _, type_ in node.parameters]
    for type_ in types:
        if type_ is not None:
            compiler.check_type(node, type_)
    inner, slots = compiler.bind(scope, *parameters)
    body = compiler.compile(node.body, inner)
    depth, cost = node.body.depth + 1, node.body.cost

    def define(frame: Frame) -> FeelFunction:
        def run(meter: Meter, *arguments: Any) -> Any:
            values = [
                value if type_ is None else conform(value, type_, meter)
                for value, type_ in zip(arguments, types, strict=True)
            ]
            meter.charge(len(frame.locals) // limits.LOCALS_PER_STEP)
            inside = {**frame.locals, **dict(zip(slots, values, strict=True))}
            return body(frame.inside(inside, meter))

        return FeelFunction(parameters, bounded(run, depth, cost))

    return define


def conform(value: Any, type_: FeelType, meter: Meter) -> Any:
    """The value as something of the type: itself, its only element, a list of it, or null."""
    if value is None or type_.admits(value, meter.charge) is not False:
        return value
    if value.__class__ is list and len(value) == 1 and type_.admits(value[0], meter.charge):
        return value[0]
    if type_.name == "list" and value.__class__ is not list and type_.admits([value], meter.charge):
        return [value]
    return None


def _call(compiler: Compiler, node: syntax.Call, scope: Scope) -> Code:
    arguments = compiler.all_of(node.arguments, scope)
    name = node.function.name if isinstance(node.function, syntax.Name) else ""
    bound = scope.slot(name) is not None
    builtin = None if bound else BUILTINS.get(name)
    if builtin is not None and name not in compiler.declared:
        _check_call(compiler, node, builtin)
        compiler.needs_moment |= name in OF_THE_MOMENT
        return _builtin_call(builtin, node.names, arguments)
    known = bound or name in compiler.declared or bool(scope.items_before(name))
    if name and compiler.strict and not known:
        raise compiler.refuse(
            node.function,
            f"không có hàm nào tên là “{name}”.",
            f"there is no function called '{name}'.",
        )
    otherwise = None if builtin is None else _builtin_call(builtin, node.names, arguments)
    return _dynamic_call(compiler.compile(node.function, scope), node.names, arguments, otherwise)


def _check_call(compiler: Compiler, node: syntax.Call, builtin: Builtin) -> None:
    if compiler.strict and not builtin.fits(len(node.arguments), node.names):
        raise compiler.refuse(
            node.function,
            f"hàm “{builtin.name}” được gọi không đúng; cách gọi: {builtin.usage()}.",
            f"the function '{builtin.name}' is not called like that but {builtin.usage()}.",
        )


def _builtin_call(builtin: Builtin, names: Sequence[str], arguments: tuple[Code, ...]) -> Code:
    def by_name(frame: Frame) -> Any:
        values = [argument(frame) for argument in arguments]
        return builtin.call_named(frame.meter, names, values)

    def by_position(frame: Frame) -> Any:
        return builtin.call(frame.meter, [argument(frame) for argument in arguments])

    return by_name if names else by_position


def _dynamic_call(
    function: Code, names: Sequence[str], arguments: tuple[Code, ...], otherwise: Code | None
) -> Code:
    """A call of a function value; `otherwise` where there is none (data hide a built-in's name)."""

    def run(frame: Frame) -> Any:
        called = function(frame)
        if called.__class__ is not FeelFunction:
            return None if otherwise is None else otherwise(frame)
        values = [argument(frame) for argument in arguments]
        if names:
            return call_named(called, frame.meter, names, values)
        return call(called, frame.meter, values)

    return run


PARTS: Parts = {
    syntax.Definition: _definition,
    syntax.Call: _call,
}
