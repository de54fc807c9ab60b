"""startQuantity: so many tokens begin an activity once; completionQuantity: so many leave it.

BPMN 2.0.2, table 10.3.
"""

from engine.runtime.rewriting.scope import (
    Element,
    activities,
    add_flow,
    add_node,
    insert_before,
    insert_behind,
    invented,
    leaving,
    run,
    scope_of,
)
from processes.document import bpmn


def count_tokens(process: Element) -> None:
    """Gather tokens before an activity, multiply them behind it."""
    for activity in activities(process):
        wanted, given = (
            _quantity(activity, "startQuantity"),
            _quantity(activity, "completionQuantity"),
        )
        if wanted > 1:
            insert_before(
                activity, run("gather"), invented(activity, "gather"), quantity=str(wanted)
            )
        if given > 1:
            _multiply(activity, given)


def _quantity(activity: Element, attribute: str) -> int:
    return int(activity.attrib.pop(attribute, "1").strip())


def _multiply(activity: Element, given: int) -> None:
    """A parallel split into so many bare ways, which meet again one after the other."""
    scope = scope_of(activity)
    if not leaving(activity):
        return  # the tokens end where they are made
    default = activity.attrib.pop("default", None)
    merge = insert_behind(activity, bpmn("exclusiveGateway"), invented(activity, "merge"))
    (bare,) = leaving(activity)
    scope.remove(bare)
    split = add_node(scope, bpmn("parallelGateway"), invented(activity, "multiply"))
    add_flow(activity, split)
    for number in range(1, given + 1):
        way = add_node(scope, bpmn("exclusiveGateway"), invented(activity, "way", str(number)))
        add_flow(split, way)
        add_flow(way, merge)
    # What leaves the merge is the activity's: a step like it, which `part_ways` looks at.
    passing = insert_behind(merge, bpmn("intermediateThrowEvent"), invented(activity, "leaving"))
    if default is not None:
        passing.set("default", default)
