"""Conditions of other engines, written in FEEL."""

import re
from collections.abc import Collection, Iterator
from functools import partial

from lxml.etree import _Element as Element

from processes.diagram import ACTIVITIES, NodeKind
from processes.dialects import Untranslatable, is_usable, to_feel
from processes.document import bpmn, local_name
from processes.lint.expressions import is_foreign
from processes.repair.declared import declared_codes
from processes.repair.repair import Change, Kind
from processes.repair.wording import condition_of, name_of, words_of
from processes.repair.workpiece import Workpiece
from processes.rule import Words

UNREAD = ("qt-expression-invalid", "qt-expression-language", "qt-name-unknown")
"""What the check says of a condition that is not FEEL over declared data."""

TRANSLATED = Kind(
    "condition.translated",
    "Điều kiện của {flow} viết bằng ngôn ngữ khác ({before}). Dịch sang FEEL, cùng ý nghĩa: "
    "{after}.",
    "The condition of {flow} is written in another language ({before}). Translated to FEEL with "
    "the same meaning: {after}.",
    answers=UNREAD,
)
NEVER_WEIGHED = Kind(
    "condition.never-weighed",
    "{flow} không cần điều kiện ({why}), và “{before}” không phải là FEEL. Bỏ điều kiện, giữ "
    "làm tên luồng nếu luồng chưa có tên.",
    "{flow} needs no condition ({why}), and '{before}' is not FEEL. It is taken out, and kept "
    "as the flow's name where it has none.",
    answers=UNREAD,
)
KINDS = (TRANSLATED, NEVER_WEIGHED)

CHOOSING = (NodeKind.EXCLUSIVE, NodeKind.INCLUSIVE)
WEIGHING = (*CHOOSING, NodeKind.COMPLEX, *sorted(ACTIVITIES))
_ALONE = Words("luồng ra duy nhất", "the only flow out")
_DEFAULT = Words("luồng mặc định", "the default flow")
_FOREIGN = re.compile(r"\s*[$#]\{")


def translate_conditions(piece: Workpiece) -> Iterator[Change]:
    """Conditions behind gateways are FEEL wherever that can be said with the same meaning."""
    declared = declared_codes(piece)
    for flow in piece.flows:
        text = condition_of(flow)
        gateway = piece.source(flow)
        if not text or local_name(gateway) not in WEIGHING or is_plain(flow, declared):
            continue
        language = _language(flow)
        try:
            feel = to_feel(text, declared)
        except Untranslatable:
            if not is_own_slip(piece, text) and local_name(gateway) in CHOOSING:
                yield from _never_weighed(piece, flow, gateway, text)
            continue
        before = f"{text} [{language}]" if language else text
        repair = TRANSLATED.of(flow.get("id"), before, feel, flow=words_of(flow))
        yield Change(repair, partial(piece.set_condition, flow, feel))


def is_plain(flow: Element, declared: Collection[str]) -> bool:
    """Whether the flow's condition is FEEL over flat data."""
    return not is_foreign(_language(flow)) and is_usable(condition_of(flow), declared)


def is_own_slip(piece: Workpiece, text: str) -> bool:
    """Whether it is our designers' own condition with a slip: for them to mend, not to replace."""
    words = set(re.findall(r"\w+", text))
    return not _FOREIGN.match(text) and bool(words & piece.first_codes)


def is_unsayable(piece: Workpiece, flow: Element) -> bool:
    """Whether the flow's condition is complained of, and cannot be said in FEEL."""
    text = condition_of(flow)
    if not text or not piece.complaints.at(flow.get("id"), UNREAD) or is_own_slip(piece, text):
        return False
    try:
        to_feel(text, declared_codes(piece))
    except Untranslatable:
        return True
    return False


def _language(flow: Element) -> str:
    stated = flow.find(bpmn("conditionExpression"))
    return "" if stated is None else stated.get("language", "").strip()


def _never_weighed(
    piece: Workpiece, flow: Element, gateway: Element, text: str
) -> Iterator[Change]:
    """An unreadable condition where none is wanted; elsewhere a person chooses (`choices`)."""
    alone = len(piece.leaving(gateway.get("id", ""))) == 1
    default = flow.get("id") == gateway.get("default")
    if not (alone or default):
        return
    why = _ALONE if alone else _DEFAULT
    repair = NEVER_WEIGHED.of(flow.get("id"), text, "–", flow=words_of(flow), why=why)
    yield Change(repair, partial(keep_as_name, piece, flow, text))


def keep_as_name(piece: Workpiece, flow: Element, text: str) -> None:
    """Take a condition out; people can still read it."""
    if text and not name_of(flow):
        flow.set("name", " ".join(text.split()))
    elif text and name_of(flow) != " ".join(text.split()):
        piece.say(flow, f"Điều kiện trong sơ đồ gốc: {text}")
    piece.clear_condition(flow)
