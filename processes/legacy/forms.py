"""Components and fields from the old software's reception form (…_form_struct.xml)."""

import re
from collections.abc import Container
from dataclasses import dataclass

from lxml.etree import _Element

from processes.component import Component, Requirement
from processes.data_field import DataField, FieldType
from processes.finding import Finding
from processes.legacy import rules
from processes.legacy.source import NotLegacyWorkflow, read_xml
from processes.rule import Words
from processes.search_key import search_key

_PREFIX = re.compile(r"^(?:txt|ddl|ckb|chk|rdo|btn)(?=[A-Z0-9])")
_BORDER = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_OTHER = re.compile(r"[^a-z0-9]+")
_OPTIONAL = ("neu co", "(neu ", "truong hop")
_TYPES = {
    "Textbox": FieldType.TEXT,
    "TextboxName": FieldType.TEXT,
    "TextboxArea": FieldType.TEXT,
    "TextboxDate": FieldType.DATE,
    "TextboxMoney": FieldType.NUMBER,
    "DropDownList": FieldType.TEXT,  # its choices stand in another file of the old software
    "Checkbox": FieldType.BOOLEAN,
}
_NUMERIC = ("number", "money")
_NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,6})?")
_ANY_OTHER_PAPER = "ckbTaiLieuKhac"  # only shows the entry that names them
_OTHER_PAPERS = {"txtTaiLieuKhac": "Tài liệu khác"}
_NO_NAME = Words("không có tên", "it has no name")
_NO_TYPE = Words("loại không dùng được", "its kind has no use here")


@dataclass(frozen=True, slots=True)
class Form:
    components: tuple[Component, ...]
    fields: tuple[DataField, ...]
    findings: tuple[Finding, ...]


def read_form(data: bytes, element: str) -> Form:
    """What the form asks for; element: id of the process, to which findings are pinned.

    Papers to be ticked (`doc="yes"`) become components: required, unless their name says
    "nếu có". Entries become fields of the reception. Errors: as `read_workflow`.
    """
    root = read_xml(data)
    if root.tag != "form":
        raise NotLegacyWorkflow(root=str(root.tag)[:100])
    components: dict[str, Component] = {}
    fields: dict[str, DataField] = {}
    findings: list[Finding] = []
    for item in root.iter("item"):
        code = field_code(item.get("id", ""))
        if (why := _refused(item, code)) is not None:
            facts = {"item": item.get("id", "") or _title(item), "type": item.get("type", "")}
            findings.append(rules.FORM_ITEM.at(element, why=why, **facts))
        elif item.get("doc") == "yes":
            code = _free(code.upper(), components.keys())
            components[code] = _component(item, code)
        elif item.get("id") != _ANY_OTHER_PAPER:
            code = _free(code, fields.keys())
            fields[code] = _field(item, code)
    count = {"count": len(components), "fields": len(fields)}
    findings.append(rules.FORM_COMPONENTS.at(element, **count))
    return Form(tuple(components.values()), tuple(fields.values()), tuple(findings))


def _free(wanted: str, taken: Container[str]) -> str:
    """Old forms use ids twice; both entries are kept."""
    code, number = wanted, 1
    while code in taken:
        number += 1
        code = f"{wanted}_{number}"
    return code


def field_code(id_: str) -> str:
    """An id of the form as a name that conditions can use: "txtSoCMT" -> "so_cmt"."""
    words = _BORDER.sub("_", _PREFIX.sub("", id_))
    code = _OTHER.sub("_", search_key(words)).strip("_")[:60]
    return f"o_{code}" if code[:1].isdigit() else code


def _refused(item: _Element, code: str) -> Words | None:
    if item.get("type") not in _TYPES:
        return _NO_TYPE
    if not code or not _title(item):
        return _NO_NAME
    return None


def _title(item: _Element) -> str:
    """The words of an item; their place depends on its kind."""
    texts = [item.get(name, "") for name in ("title", "name", "label")]
    texts.append(_OTHER_PAPERS.get(item.get("id", ""), ""))
    return next((" ".join(text.split()).rstrip(":") for text in texts if text.strip()), "")[:300]


def _component(item: _Element, code: str) -> Component:
    name = _title(item)
    optional = any(word in search_key(name) for word in _OPTIONAL)
    return Component(
        code=code,
        name=name,
        requirement=Requirement.OPTIONAL if optional else Requirement.REQUIRED,
    )


def _field(item: _Element, code: str) -> DataField:
    type_ = _TYPES[item.get("type", "")]
    if type_ is FieldType.TEXT and item.get("validate") in _NUMERIC:
        type_ = FieldType.NUMBER
    return DataField(
        code=code,
        name=_title(item),
        type=type_,
        required=item.get("allownull") == "no",
        default=_default(item, type_),
    )


def _default(item: _Element, type_: FieldType) -> str | None:
    """The entry filled in beforehand (the old name is misspelt), where it is of the type."""
    text = item.get("defaul_value", item.get("default_value", "")).strip()
    if not text or item.get("type") in ("DropDownList", "Checkbox"):
        return None
    if type_ is FieldType.DATE or (type_ is FieldType.NUMBER and not _NUMBER.fullmatch(text)):
        return None
    return text
