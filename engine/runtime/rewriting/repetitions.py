"""Loop and multi-instance activities: the activity within a sub-process of its own that counts.

    start -> each -> activity (n times) -> together -> end      side by side
    start -> each -> turn -> activity -> turn ... -> end        one after the other
    start -> turn -> activity -> turn ... -> end                a loop

Events on its border, flows and what they say are the sub-process's: they concern all instances.
"""

from lxml import etree

from engine.runtime.rewriting.scope import (
    Element,
    activities,
    add_flow,
    add_node,
    entering,
    events_on,
    invented,
    leaving,
    name_of,
    run,
    scope_of,
    text_of,
    truth_of,
)
from processes.document import bpmn
from processes.support.instances import read_instances

_LOOP, _MULTI = bpmn("standardLoopCharacteristics"), bpmn("multiInstanceLoopCharacteristics")


def repeat(process: Element) -> None:
    """Wrap each activity that has a marker; the inner ones first."""
    for activity in reversed(activities(process)):
        loop, multiple = activity.find(_LOOP), activity.find(_MULTI)
        if loop is not None:
            activity.remove(loop)
            _loop(activity, loop)
        elif multiple is not None:
            activity.remove(multiple)
            _instances(activity, multiple)


def _loop(activity: Element, loop: Element) -> None:
    around = _wrap(activity)
    stated = {
        "condition": text_of(loop, "loopCondition"),
        "maximum": loop.get("loopMaximum"),
        "before": "true" if truth_of(loop, "testBefore") else None,
    }
    turn = _add(around, "turn", stated)
    add_flow(_start(around), turn)
    _in_turn(around, turn, activity)


def _instances(activity: Element, multiple: Element) -> None:
    stated = read_instances(multiple, activity)
    around = _wrap(activity)
    each = _add(
        around,
        "each",
        {"number": stated.number, "collection": stated.collection, "item": stated.item},
    )
    add_flow(_start(around), each)
    if stated.sequential:
        turn = _add(around, "turn", {"complete": stated.completion, "of": name_of(each)})
        add_flow(each, turn)
        _in_turn(around, turn, activity)
        return
    together = _add(around, "together", {"complete": stated.completion, "of": name_of(each)})
    end = _end(around)
    add_flow(each, activity)
    add_flow(each, end)
    add_flow(activity, together)
    add_flow(together, end)


def _in_turn(around: Element, turn: Element, activity: Element) -> None:
    """The order of the two flows matters: first the activity, then the way out."""
    add_flow(turn, activity)
    add_flow(turn, _end(around))
    add_flow(activity, turn)


def _wrap(activity: Element) -> Element:
    """The sub-process around an activity, in its place; the activity stands alone in it."""
    scope = scope_of(activity)
    around: Element = etree.Element(bpmn("subProcess"), {"id": invented(activity, "repeated")})
    if "default" in activity.attrib:
        around.set("default", activity.attrib.pop("default"))
    for flow in entering(activity):
        flow.set("targetRef", name_of(around))
    for flow in leaving(activity):
        flow.set("sourceRef", name_of(around))
    for event in events_on(activity):
        event.set("attachedToRef", name_of(around))
    scope.replace(activity, around)
    around.append(activity)
    return around


def _start(around: Element) -> Element:
    return add_node(around, bpmn("startEvent"), invented(around, "start"))


def _end(around: Element) -> Element:
    return add_node(around, bpmn("endEvent"), invented(around, "end"))


def _add(around: Element, name: str, stated: dict[str, str | None]) -> Element:
    known = {key: value for key, value in stated.items() if value is not None}
    return add_node(around, run(name), invented(around, name), **known)
