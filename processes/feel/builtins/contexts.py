"""Functions of contexts (DMN 1.3, 10.3.4.9; 1.4 for those that make new ones)."""

from typing import Any

from processes.feel.builtins.registry import builtin
from processes.feel.meter import Meter

_Context = dict[str, Any]


@builtin("get value", "m: context", "key: string")
def get_value(_meter: Meter, source: _Context, key: str) -> Any:
    return source.get(key)


@builtin("get value", "m: context", "keys: list")
def get_nested_value(_meter: Meter, source: _Context, keys: list[Any]) -> Any:
    value: Any = source
    for key in keys:
        if value.__class__ is not dict or key.__class__ is not str:
            return None
        value = value.get(key)
    return value if keys else None


@builtin("get entries", "m: context")
def get_entries(_meter: Meter, source: _Context) -> list[_Context]:
    return [{"key": key, "value": value} for key, value in source.items()]


@builtin("context", "entries: list")
def context(_meter: Meter, entries: list[Any]) -> _Context | None:
    """A context of entries {key, value}; null when a key is there twice, or is no text."""
    made: _Context = {}
    for each in entries:
        if each.__class__ is not dict or not {"key", "value"} <= each.keys():
            return None
        if each["key"].__class__ is not str or each["key"] in made:
            return None
        made[each["key"]] = each["value"]
    return made


@builtin("context put", "context: context", "key: string", "value: any")
def context_put(_meter: Meter, source: _Context, key: str, value: Any) -> _Context:
    return {**source, key: value}


@builtin("context put", "context: context", "keys: list", "value: any")
def context_put_nested(
    meter: Meter, source: _Context, keys: list[Any], value: Any
) -> _Context | None:
    if not keys or keys[0].__class__ is not str:
        return None
    key, *rest = keys
    meter.charge(len(keys))
    if not rest:
        return {**source, key: value}
    inner = source.get(key)
    if inner is None:
        inner = {}
    if inner.__class__ is not dict:
        return None
    put = context_put_nested(meter, inner, rest, value)
    return None if put is None else {**source, key: put}


@builtin("context merge", "contexts: list")
def context_merge(meter: Meter, contexts: list[Any]) -> _Context | None:
    merged: _Context = {}
    for each in contexts:
        if each.__class__ is not dict:
            return None
        meter.charge(len(each))
        merged.update(each)
    return merged
