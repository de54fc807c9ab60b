"""The data fields of the file: which codes there are, and how one is added."""

from collections.abc import Iterable, Iterator

from lxml.etree import _Element as Element

from processes.data_field import DataField, FieldType, Option
from processes.diagram import STEPS
from processes.document import local_name, qt, qt_children
from processes.layout.names import add_element
from processes.repair.asking import Asked
from processes.repair.workpiece import Workpiece


def declared_codes(piece: Workpiece) -> dict[str, FieldType]:
    """Code -> type of every field of the reception form and of the steps."""
    return {
        field.get("code", "").strip(): _type(field)
        for field in _fields(piece)
        if field.get("code", "").strip()
    }


def own_codes(owner: Element, form: str) -> set[str]:
    """Codes of the fields of one step or of the reception form."""
    fields = (
        field for each in qt_children(owner, form) for field in each.iterchildren(qt("field"))
    )
    return {field.get("code", "").strip() for field in fields}


def forms_of(piece: Workpiece, asked: Asked) -> list[Element]:
    """The qt:procedure and qt:step elements whose forms ask those people."""
    process = piece.process
    forms = [piece.extension(step, "step") for step in asked.steps]
    if asked.reception and process is not None:
        forms.insert(0, piece.extension(process, "procedure"))
    return forms


def new_code(wanted: str, taken: set[str]) -> str:
    """A code that is not taken yet; it is then."""
    code, number = wanted, 1
    while code in taken:
        number += 1
        code = f"{wanted}_{number}"
    taken.add(code)
    return code


def add_field(form: Element, field: DataField) -> None:
    """Add a field to a form that has none of that code."""
    if any(each.get("code") == field.code for each in form.iterchildren(qt("field"))):
        return
    stated = add_element(form, qt("field"), {"code": field.code, "name": field.name})
    if field.type is not FieldType.TEXT:
        stated.set("type", field.type.value)
    if field.required:
        stated.set("required", "true")
    if field.default is not None:
        stated.set("default", field.default)
    for option in field.options:
        add_element(stated, qt("option"), {"value": option.value, "name": option.name})


def options(names: Iterable[str], codes: Iterable[str]) -> tuple[Option, ...]:
    """Options with values of their own: a repeated code gets a number."""
    taken: set[str] = set()
    found = []
    for name, wanted in zip(names, codes, strict=True):
        value, number = wanted, 1
        while value in taken:
            number += 1
            value = f"{wanted}_{number}"
        taken.add(value)
        found.append(Option(value, name))
    return tuple(found)


def _fields(piece: Workpiece) -> Iterator[Element]:
    process = piece.process
    if process is None:
        return
    for procedure in qt_children(process, "procedure"):
        yield from procedure.iterchildren(qt("field"))
    for node in piece.nodes.values():
        if local_name(node) in STEPS:
            for step in qt_children(node, "step"):
                yield from step.iterchildren(qt("field"))


def _type(field: Element) -> FieldType:
    try:
        return FieldType(field.get("type", FieldType.TEXT).strip())
    except ValueError:
        return FieldType.TEXT
