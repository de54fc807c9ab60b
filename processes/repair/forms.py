"""Forms of other engines: their fields become ours, at the step or at reception."""

from collections.abc import Iterator
from functools import partial

from lxml.etree import _Element as Element

from processes.data_field import DataField
from processes.diagram import STEPS, NodeKind
from processes.dialects import read_form
from processes.document import local_name
from processes.repair.declared import add_field, declared_codes, own_codes
from processes.repair.repair import UNASKED, Change, Kind
from processes.repair.wording import quoted, words_of
from processes.repair.workpiece import Workpiece
from processes.rule import listed

FIELDS = Kind(
    "form.fields",
    "{node} có biểu nhập của công cụ khác ({fields}). Khai báo các trường đó bằng qt:field để nhập "
    "được ở đây; phần ghi của công cụ kia giữ nguyên.",
    "{node} has a form of another tool ({fields}). Its fields are declared as qt:field, so that "
    "they can be entered here; what the other tool wrote stays.",
    answers=UNASKED,
)
KINDS = (FIELDS,)


def take_over_forms(piece: Workpiece) -> Iterator[Change]:
    """Fields that another tool's form asks for and ours does not."""
    process, types = piece.process, declared_codes(piece)
    for node in list(piece.nodes.values()):
        kind = local_name(node)
        reception = kind == NodeKind.START and node.getparent() is process
        if kind not in STEPS and not reception:
            continue
        owner, form = (process, "procedure") if reception else (node, "step")
        if owner is None:
            continue
        known = own_codes(owner, form)
        fields = [
            field
            for field in read_form(node)
            if field.code not in known and types.get(field.code, field.type) is field.type
        ]
        types.update({field.code: field.type for field in fields})
        if fields:
            yield _take_over(piece, node, owner, form, fields)


def _take_over(
    piece: Workpiece, node: Element, owner: Element, form: str, fields: list[DataField]
) -> Change:
    names = listed([field.name for field in fields])
    after = " | ".join(f"{field.code}: {field.type.value}" for field in fields)
    repair = FIELDS.of(
        node.get("id"), names, f"{quoted(node)}: {after}", node=words_of(node), fields=names
    )
    return Change(repair, partial(_add, piece, owner, form, fields))


def _add(piece: Workpiece, owner: Element, form: str, fields: list[DataField]) -> None:
    stated = piece.extension(owner, form)
    for field in fields:
        add_field(stated, field)
