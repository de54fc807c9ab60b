"""Fields of forms and their options, at reception or at a step."""

from collections.abc import Iterator
from unicodedata import normalize

from lxml.etree import _Element as Element

from processes.data_field import DataField, FieldType, Option
from processes.document import qt
from processes.reader.values import Values


def read_fields(owner: Element, values: Values) -> tuple[DataField, ...]:
    """The qt:field children of a qt:procedure or a qt:step."""
    return tuple(_fields(owner, values))


def _fields(owner: Element, values: Values) -> Iterator[DataField]:
    for element in owner.iterchildren(qt("field")):
        if not (code := values.text(element, "code")):
            continue
        default = normalize("NFC", element.get("default", ""))
        yield DataField(
            code=code,
            name=element.get("name", "").strip() or code,
            type=values.choice(element, "type", FieldType.TEXT),
            required=values.boolean(element, "required", otherwise=False),
            options=tuple(_options(element, values)),
            default=default or None,
        )


def _options(field: Element, values: Values) -> Iterator[Option]:
    for element in field.iterchildren(qt("option")):
        if value := values.text(element, "value"):
            yield Option(value, element.get("name", "").strip() or value)
