"""Data that conditions name and nobody declared: fields of the nearest step, with a type."""

from collections.abc import Collection, Iterator
from difflib import get_close_matches
from functools import partial

from lxml.etree import _Element as Element

from processes.data_field import DataField, FieldType, Option
from processes.dialects import field_code, names_in
from processes.document import local_name
from processes.repair.asking import Asked, nearest_people
from processes.repair.choices import forms_before, where_asked
from processes.repair.conditions import WEIGHING, is_plain
from processes.repair.declared import add_field, declared_codes
from processes.repair.inferring import Inferred, infer_types
from processes.repair.repair import Change, Kind
from processes.repair.wording import condition_of, words_of
from processes.repair.workpiece import Workpiece

DECLARED = Kind(
    "field.declared",
    "{node} xét “{name}”, nhưng không có trường dữ liệu nào mang mã đó. Khai báo trường kiểu "
    "{type} ở {where}: người thực hiện nhập.",
    "{node} weighs '{name}', but no field has that code. A field of type {type} is declared at "
    "{where}, for a person to enter.",
    answers=("qt-name-unknown",),
)
KINDS = (DECLARED,)

_ALIKE = 0.8  # a name so near to a declared one is a slip, for its designer to mend
_OTHER = Option("khac", "Khác")


def declare_names(piece: Workpiece) -> Iterator[Change]:
    """Every name in a condition is a field that somebody enters before."""
    declared = declared_codes(piece)
    conditions = [condition_of(flow) for flow in piece.flows if _counts(piece, flow, declared)]
    inferred = infer_types(conditions)
    for gateway in piece.of_kind(*WEIGHING):
        for name in _unknown(piece, gateway, declared_codes(piece)):
            yield _declare(piece, gateway, name, inferred.get(name, Inferred()))


def _counts(piece: Workpiece, flow: Element, declared: Collection[str]) -> bool:
    chooses = local_name(piece.source(flow)) in WEIGHING
    return chooses and bool(condition_of(flow)) and is_plain(flow, declared)


def _unknown(piece: Workpiece, gateway: Element, declared: Collection[str]) -> list[str]:
    """Names that the gateway weighs and nobody declared, in their order."""
    found: dict[str, None] = {}
    for flow in piece.leaving(gateway.get("id", "")):
        if condition_of(flow) and is_plain(flow, declared):
            for name in sorted(names_in(condition_of(flow))):
                is_slip = get_close_matches(name, piece.first_codes, 1, _ALIKE)
                if name not in declared and field_code(name) == name and not is_slip:
                    found[name] = None
    return list(found)


def _declare(piece: Workpiece, gateway: Element, name: str, inferred: Inferred) -> Change:
    asked = nearest_people(piece, gateway)
    type_ = inferred.type
    offered = _options(piece, gateway, inferred) if type_ is FieldType.CHOICE else ()
    field = DataField(name, name.replace("_", " "), type_, required=True, options=offered)
    where = where_asked(gateway, asked)
    shown = f" ({' | '.join(option.value for option in offered)})" if offered else ""
    repair = DECLARED.of(
        gateway.get("id"),
        name,
        f"{where.vi}: {name}: {type_.value}{shown}",
        name,
        node=words_of(gateway),
        name=name,
        type=type_.value,
        where=where,
    )
    return Change(repair, partial(_add, piece, gateway, field, asked))


def _options(piece: Workpiece, gateway: Element, inferred: Inferred) -> tuple[Option, ...]:
    """The answers that conditions know; another one where the gateway has a way for it."""
    answers = tuple(Option(answer, answer) for answer in inferred.answers)
    left = piece.leaving(gateway.get("id", ""))
    otherwise = any(not condition_of(flow) for flow in left)
    if (otherwise or len(answers) == 1) and _OTHER.value not in inferred.answers:
        return (*answers, _OTHER)
    return answers


def _add(piece: Workpiece, gateway: Element, field: DataField, asked: Asked | None) -> None:
    for form in forms_before(piece, gateway, asked):
        add_field(form, field)
