"""Loops and several instances: how often, over what, and what an instance reports."""

import re
from collections.abc import Iterator

from lxml.etree import _Element as Element

from processes.document import BPMN, bpmn, namespace
from processes.finding import Finding, Severity
from processes.rule import Words
from processes.standard.constraint import Constraint
from processes.standard.model import ACTIVITY_KINDS, Model

BOTH = Constraint(
    "std-loop-twice",
    Severity.ERROR,
    "{node} vừa có dấu lặp vừa có dấu nhiều lượt. Chỉ giữ một.",
    "{node} has both a loop and a multi-instance marker. Keep one.",
    "10.3.8",
)
MAXIMUM = Constraint(
    "std-loop-maximum",
    Severity.ERROR,
    "{node}: số lần lặp tối đa là “{value}”, phải là số nguyên từ 0. Sửa loopMaximum.",
    "{node}: the loop runs '{value}' times at most, which is no whole number from 0. Correct the "
    "loopMaximum.",
    "10.3.8",
)
CARDINALITY_TWICE = Constraint(
    "std-multi-instance-both",
    Severity.ERROR,
    "{node}: số lượt được ghi cả bằng loopCardinality và bằng loopDataInputRef. Chỉ giữ một.",
    "{node}: the number of instances is stated both by loopCardinality and by loopDataInputRef. "
    "Keep one.",
    "10.3.8",
)
CARDINALITY_NONE = Constraint(
    "std-multi-instance-neither",
    Severity.ERROR,
    "{node} thuộc quy trình thực thi nhưng không nói có bao nhiêu lượt. Ghi loopCardinality hoặc "
    "loopDataInputRef.",
    "{node} is part of an executable process but does not say how many instances there are. State "
    "a loopCardinality or a loopDataInputRef.",
    "10.3.8",
)
INPUT_ITEM = Constraint(
    "std-multi-instance-input",
    Severity.WARNING,
    "{node}: inputDataItem chỉ có nghĩa cùng với loopDataInputRef. Ghi cả hai.",
    "{node}: an inputDataItem means nothing without a loopDataInputRef. State both.",
    "10.3.8",
)
OUTPUT_ITEM = Constraint(
    "std-multi-instance-output",
    Severity.WARNING,
    "{node}: outputDataItem chỉ có nghĩa cùng với loopDataOutputRef. Ghi cả hai.",
    "{node}: an outputDataItem means nothing without a loopDataOutputRef. State both.",
    "10.3.8",
)
BEHAVIOR = Constraint(
    "std-multi-instance-behavior",
    Severity.WARNING,
    "{node}: behavior là {behavior} nhưng chưa có {missing}. Ghi thêm, hoặc đổi behavior thành "
    "All.",
    "{node}: its behavior is {behavior}, but {missing} is missing. Add it, or make the behavior "
    "All.",
    "10.3.8",
)
RULES = (BOTH, MAXIMUM, CARDINALITY_TWICE, CARDINALITY_NONE, INPUT_ITEM, OUTPUT_ITEM, BEHAVIOR)

_STANDARD, _MULTI = "standardLoopCharacteristics", "multiInstanceLoopCharacteristics"
_ITEMS = (
    (INPUT_ITEM, "inputDataItem", "loopDataInputRef"),
    (OUTPUT_ITEM, "outputDataItem", "loopDataOutputRef"),
)
_WHOLE = re.compile(r"\+?\d{1,18}")


def judge_loops(model: Model) -> Iterator[Finding]:
    """Findings about loop characteristics (10.3.8)."""
    for loop in model.of(_STANDARD):
        activity = model.parent[loop]
        if model.children(activity, _MULTI):
            yield BOTH.at(model.id_of(activity), node=model.words(activity))
        value = loop.get("loopMaximum")
        if value is not None and not _WHOLE.fullmatch(value.strip()):
            yield MAXIMUM.at(model.id_of(activity), node=model.words(activity), value=value)
    for loop in model.of(_MULTI):
        activity = model.parent[loop]
        if model.kind[activity] in ACTIVITY_KINDS:
            yield from _instances(model, activity, loop)


def _instances(model: Model, activity: Element, loop: Element) -> Iterator[Finding]:
    where, words = model.id_of(activity), model.words(activity)
    stated = {
        tag: loop.find(bpmn(tag)) is not None
        for tag in (
            *("loopCardinality", "loopDataInputRef", "loopDataOutputRef"),
            *("inputDataItem", "outputDataItem", "complexBehaviorDefinition"),
        )
    }
    if stated["loopCardinality"] and stated["loopDataInputRef"]:
        yield CARDINALITY_TWICE.at(where, node=words)
    unsaid = not (stated["loopCardinality"] or stated["loopDataInputRef"] or _is_extended(loop))
    if unsaid and model.is_executable(activity):
        yield CARDINALITY_NONE.at(where, node=words)
    for rule, item, data in _ITEMS:
        if stated[item] and not stated[data] and not _is_extended(loop):
            yield rule.at(where, node=words)
    yield from _behavior(where, words, loop, complex_defined=stated["complexBehaviorDefinition"])


def _behavior(
    where: str | None, words: Words, loop: Element, *, complex_defined: bool
) -> Iterator[Finding]:
    behavior = loop.get("behavior", "All")
    missing = {
        "One": "" if loop.get("oneBehaviorEventRef") else "oneBehaviorEventRef",
        "None": "" if loop.get("noneBehaviorEventRef") else "noneBehaviorEventRef",
        "Complex": "" if complex_defined else "complexBehaviorDefinition",
    }.get(behavior, "")
    if missing:
        yield BEHAVIOR.at(where, node=words, behavior=behavior, missing=missing)


def _is_extended(loop: Element) -> bool:
    """Whether another vendor's attributes or extensions say over what it runs."""
    foreign = any(str(name).startswith("{") for name in loop.attrib)
    inside = loop.find(bpmn("extensionElements"))
    return foreign or (inside is not None and any(namespace(e) != BPMN for e in inside))
