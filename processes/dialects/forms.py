"""Forms of other engines, as the data fields of a step or of the reception."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from unicodedata import normalize

from lxml.etree import _Element as Element

from processes.data_entry import enter
from processes.data_field import DataField, FieldType, Option
from processes.dialects.names import ENGINES, engine_elements, field_code, is_dynamic
from processes.document import bpmn, namespace
from processes.errors import InvalidInput

_MOST = 200  # fields of one form
_TYPES = {
    **dict.fromkeys(("boolean", "checkbox"), FieldType.BOOLEAN),
    **dict.fromkeys(("long", "int", "integer", "double", "number", "decimal"), FieldType.NUMBER),
    **dict.fromkeys(("date", "datetime"), FieldType.DATE),
    **dict.fromkeys(("enum", "select", "radio"), FieldType.CHOICE),
}
_SHOWN_ONLY = frozenset(
    {"text", "html", "image", "button", "group", "dynamiclist", "spacer", "separator", "table"}
)
_BUNDLED = "camunda-forms:bpmn:"


def read_form(activity: Element) -> tuple[DataField, ...]:
    """The fields that another engine's form of this activity or start event asks for.

    Camunda 7 form fields, Flowable and Activiti form properties, Camunda 8 forms that stand in the
    file. Forms in other files cannot be read.
    """
    fields = [*_properties(activity), *_bundled(activity)]
    found: dict[str, DataField] = {}
    for field in fields[:_MOST]:
        found.setdefault(field.code, field)
    return tuple(found.values())


def _properties(activity: Element) -> Iterator[DataField]:
    for _, element in engine_elements(activity, "formField", "formProperty"):
        if not (name := element.get("id", "").strip()):
            continue
        label = element.get("label", "") or element.get("name", "")
        default = element.get("defaultValue", "") or element.get("default", "")
        options = tuple(_values(element))
        yield _field(name, label, element.get("type", ""), _required(element), options, default)


def _required(element: Element) -> bool:
    constraints = (e for e in element.iter("{*}constraint") if namespace(e) in ENGINES)
    names = {constraint.get("name") for constraint in constraints}
    return element.get("required", "").strip() == "true" or "required" in names


def _values(element: Element) -> Iterator[Option]:
    for value in element.iterchildren("{*}value"):
        if namespace(value) in ENGINES and (id_ := value.get("id", "").strip()):
            yield Option(id_, value.get("name", "").strip() or id_)


def _bundled(activity: Element) -> Iterator[DataField]:
    """A Camunda 8 form: JSON in the process's extensions, named by the task's form key."""
    process = next(activity.iterancestors(bpmn("process")), None)
    if process is None:
        return
    keys = {e.get("formKey", "") for _, e in engine_elements(activity, "formDefinition")}
    wanted = {key.removeprefix(_BUNDLED) for key in keys if key.startswith(_BUNDLED)}
    if not wanted:
        return
    for _, form in engine_elements(process, "userTaskForm"):
        if form.get("id") in wanted:
            yield from _components(_json(form.text or ""))


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _components(form: Any) -> Iterator[DataField]:
    """Fields of the form's schema, those inside groups too."""
    waiting = [form]
    while waiting:
        outer = waiting.pop(0)
        inner = outer.get("components") if isinstance(outer, dict) else None
        for component in inner if isinstance(inner, list) else ():
            if not isinstance(component, dict):
                continue
            waiting.append(component)
            if (field := _component(component)) is not None:
                yield field


def _component(component: dict[str, Any]) -> DataField | None:
    name, kind = _text(component.get("key")), _text(component.get("type"))
    if not name or _kind(kind) in _SHOWN_ONLY:
        return None
    rules = component.get("validate")
    required = isinstance(rules, dict) and rules.get("required") is True
    listed = component.get("values")
    options = tuple(
        Option(value, _text(each.get("label")) or value)
        for each in (listed if isinstance(listed, list) else ())
        if isinstance(each, dict) and (value := _text(each.get("value")))
    )
    default = component.get("defaultValue")
    stated = str(default).lower() if isinstance(default, bool) else _text(default)
    return _field(name, _text(component.get("label")), kind, required, options, stated)


def _kind(kind: str) -> str:
    return kind.strip().lower()


def _text(value: Any) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return value.strip() if isinstance(value, str) else ""


def _field(
    name: str,
    label: str,
    kind: str,
    required: bool,
    options: tuple[Option, ...],
    default: str,
) -> DataField:
    """The field; a choice without options is a text, a default that does not fit is left out."""
    type_ = _TYPES.get(_kind(kind), FieldType.TEXT)
    options = tuple({option.value: option for option in options}.values())
    if type_ is FieldType.CHOICE and not options:
        type_ = FieldType.TEXT
    if type_ is not FieldType.CHOICE:
        options = ()
    stated = None if is_dynamic(default) else normalize("NFC", default.strip()) or None
    shown = " ".join(label.split()) or name
    plain = DataField(field_code(name), shown, type_, required, options)
    if stated is None:
        return plain
    field = replace(plain, default=stated)
    try:
        enter((field,), {})
    except InvalidInput:
        return plain
    return field
