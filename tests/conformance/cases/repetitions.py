"""Loop markers and multi-instance markers, on steps and on sub-processes."""

from tests.conformance.harness import Case, begin, complete, fire, send_back
from tests.engine.drawing import end, field, gateway, start, step, sub, timer

LOOP, MULTI = "activity.standardLoop", "activity.multiInstance"
AGAIN = field("again", "boolean")
COUNT = field("count", "number")
NAMES = field("names")


def loop(condition=None, **stated):
    attributes = "".join(f' {key}="{value}"' for key, value in stated.items())
    inner = "" if condition is None else f"<b:loopCondition>{condition}</b:loopCondition>"
    return f"<b:standardLoopCharacteristics{attributes}>{inner}</b:standardLoopCharacteristics>"


def many(*, number=None, of=None, item=None, until=None, sequential=False, **stated):
    """of: the id of the data object that holds the list."""
    attributes = "".join(f' {key}="{value}"' for key, value in stated.items())
    inner = "" if number is None else f"<b:loopCardinality>{number}</b:loopCardinality>"
    inner += "" if of is None else f"<b:loopDataInputRef>{of}</b:loopDataInputRef>"
    inner += "" if item is None else f'<b:inputDataItem id="Item" name="{item}"/>'
    inner += "" if until is None else f"<b:completionCondition>{until}</b:completionCondition>"
    turn = "true" if sequential else "false"
    tag = "multiInstanceLoopCharacteristics"
    return f'<b:{tag} isSequential="{turn}"{attributes}>{inner}</b:{tag}>'


def around(*nodes):
    """S, the nodes under test from A on, then B and the end."""
    return (start(), *nodes, step("B"), end())


LINE = ("S A", "A B", "B E")
LAST = complete("B", passes="B E", ends="E", done=True)


def one(id_, marker, *script, covers=(MULTI,), before=(), office=False, fields=(AGAIN,)):
    """Step A with a marker, in a line; before: steps ahead of it."""
    first = before[0] if before else None
    flows = ("S Q", "Q A", "A B", "B E") if first else LINE
    return Case(
        id_,
        covers=covers,
        nodes=around(*before, step("A", *fields, marker=marker)),
        flows=flows,
        script=script,
        office=office,
    )


ASK = step("Q", COUNT, NAMES)
ASKED = begin(passes="S", opens="Q")

LOOPS = (
    one(
        "loop-after",
        loop("again"),
        begin(passes="S", opens="A"),
        complete("A", given={"again": True}, passes="A", opens="A"),
        complete("A", given={"again": True}, passes="A", opens="A"),
        complete("A", given={"again": False}, passes="A", opens="B"),
        LAST,
        covers=(LOOP,),
        office=True,
    ),
    one(
        "loop-before",
        loop("count &gt; loopCounter", testBefore="true"),
        ASKED,
        complete("Q", given={"count": 2}, passes="Q", opens="A"),
        complete("A", passes="A", opens="A"),
        complete("A", passes="A", opens="B"),
        LAST,
        covers=(LOOP,),
        before=(ASK,),
        office=True,
    ),
    one(
        "loop-never",
        loop("count &gt; loopCounter", testBefore="true"),
        ASKED,
        complete("Q", given={"count": 0}, passes="Q", opens="B"),
        LAST,
        covers=(LOOP,),
        before=(ASK,),
    ),
    one(
        "loop-maximum",
        loop("true", loopMaximum="2"),
        begin(passes="S", opens="A"),
        complete("A", passes="A", opens="A"),
        complete("A", passes="A", opens="B"),
        LAST,
        covers=(LOOP,),
    ),
    one(
        "loop-maximum-alone",
        loop(loopMaximum="3"),
        begin(passes="S", opens="A"),
        complete("A", passes="A", opens="A"),
        complete("A", passes="A", opens="A"),
        complete("A", passes="A", opens="B"),
        LAST,
        covers=(LOOP,),
    ),
    Case(
        "loop-timer-on-the-whole",
        covers=(LOOP,),
        nodes=(
            *around(step("A", AGAIN, marker=loop("again"))),
            timer("T", limit="8 working_hour", on="A"),
            step("C"),
        ),
        flows=(*LINE, "T C", "C E"),
        script=(
            begin(passes="S", opens="A", waits="T"),
            complete("A", given={"again": True}, passes="A", opens="A", waits="T"),
            fire("T", passes="T", opens="C"),
            complete("C", passes="C E", done=True),
        ),
        office=True,
    ),
    Case(
        "loop-of-a-sub-process",
        covers=(LOOP,),
        nodes=around(
            sub(
                "A",
                *(start("S1"), step("C"), gateway("exclusive", "G", default="D")),
                *(step("D", AGAIN), end("E1", None)),
                marker=loop("again"),
                flows=(
                    "S1 C",
                    "C G",
                    "G D",
                    "G E1: loopCounter &gt; 1".replace("&gt;", ">"),
                    "D E1",
                ),
            )
        ),
        flows=LINE,
        script=(
            begin(passes="S S1", opens="C"),
            complete("C", passes="C G", opens="D"),
            send_back("D", "C", opens="C"),
            complete("C", passes="C G", opens="D"),
            complete("D", given={"again": True}, passes="D E1 A S1", opens="C"),
            complete("C", given={"again": False}, passes="C G E1 A", opens="B"),
            LAST,
        ),
    ),
    one(
        "loop-sent-back-out",
        loop("again"),
        ASKED,
        complete("Q", passes="Q", opens="A"),
        complete("A", given={"again": True}, passes="A", opens="A"),
        send_back("A", "Q", opens="Q"),
        complete("Q", passes="Q", opens="A"),
        complete("A", given={"again": False}, passes="A", opens="B"),
        LAST,
        covers=(LOOP,),
        before=(ASK,),
        office=True,
    ),
)

PARALLEL = (
    one(
        "instances-number",
        many(number="3"),
        begin(passes="S", opens="A#1 A#2 A#3"),
        complete("A#2", passes="A", opens="A#1 A#3"),
        complete("A#1", passes="A", opens="A#3"),
        complete("A#3", passes="A", opens="B"),
        LAST,
        office=True,
    ),
    one(
        "instances-number-from-data",
        many(number="count"),
        ASKED,
        complete("Q", given={"count": 2}, passes="Q", opens="A#1 A#2"),
        complete("A#1", passes="A", opens="A#2"),
        complete("A#2", passes="A", opens="B"),
        LAST,
        before=(ASK,),
        office=True,
    ),
    one(
        "instances-none",
        many(number="count"),
        ASKED,
        complete("Q", given={"count": 0}, passes="Q", opens="B"),
        LAST,
        before=(ASK,),
    ),
    one(
        "instances-unknown-number",
        many(number="count"),
        ASKED,
        complete("Q", given={"count": -1}, refused="runtime.no_number_of_instances"),
        complete("Q", given={"count": 501}, refused="runtime.no_number_of_instances"),
        complete("Q", given={"count": 1}, passes="Q", opens="A#1"),
        complete("A#1", passes="A", opens="B"),
        LAST,
        before=(ASK,),
        office=True,
    ),
    one(
        "instances-until",
        many(number="4", until="numberOfCompletedInstances / numberOfInstances &gt;= 0.5"),
        begin(passes="S", opens="A#1 A#2 A#3 A#4"),
        complete("A#3", passes="A", opens="A#1 A#2 A#4"),
        complete("A#1", passes="A", opens="B"),
        LAST,
        office=True,
    ),
    one(
        "instances-until-one-says-no",
        many(number="3", until="again"),
        begin(passes="S", opens="A#1 A#2 A#3"),
        complete("A#3", given={"again": False}, passes="A", opens="A#1 A#2"),
        complete("A#1", given={"again": True}, passes="A", opens="B"),
        LAST,
        office=True,
    ),
    Case(
        "instances-of-a-list",
        covers=(MULTI,),
        nodes=around(
            ASK,
            sub(
                "A",
                *(start("S1"), gateway("exclusive", "G", default="C"), step("C"), step("D")),
                end("E1", None),
                marker=many(of="split(names, &quot;;&quot;)", item="person"),
                flows=("S1 G", "G C", 'G D: person = "Hoa"', "C E1", "D E1"),
            ),
        ),
        flows=("S Q", "Q A", "A B", "B E"),
        script=(
            ASKED,
            complete("Q", given={"names": "Lan;Hoa"}, passes="Q S1 G S1 G", opens="C#1 D#2"),
            complete("D#2", passes="D E1 A", opens="C#1"),
            complete("C#1", passes="C E1 A", opens="B"),
            LAST,
        ),
        office=True,
    ),
    Case(
        "instances-timer-on-the-whole",
        covers=(MULTI,),
        nodes=(
            *around(step("A", marker=many(number="2"))),
            timer("T", limit="8 working_hour", on="A"),
            step("C"),
        ),
        flows=(*LINE, "T C", "C E"),
        script=(
            begin(passes="S", opens="A#1 A#2", waits="T"),
            complete("A#1", passes="A", opens="A#2", waits="T"),
            fire("T", passes="T", opens="C"),
            complete("C", passes="C E", done=True),
        ),
        office=True,
    ),
    one(
        "instances-sent-back-out",
        many(number="2"),
        ASKED,
        complete("Q", passes="Q", opens="A#1 A#2"),
        send_back("A#1", "Q", refused="step.cannot_send_back"),
        complete("A#1", passes="A", opens="A#2"),
        send_back("A#2", "Q", opens="Q"),
        complete("Q", passes="Q", opens="A#1 A#2"),
        complete("A#2", passes="A", opens="A#1"),
        complete("A#1", passes="A", opens="B"),
        LAST,
        before=(ASK,),
        office=True,
    ),
    Case(
        "instances-sent-back-within",
        covers=(MULTI,),
        nodes=around(
            sub(
                "A",
                *(start("S1"), step("C"), step("D"), end("E1", None)),
                marker=many(number="2"),
                flows=("S1 C", "C D", "D E1"),
            )
        ),
        flows=LINE,
        script=(
            begin(passes="S S1 S1", opens="C#1 C#2"),
            complete("C#2", passes="C", opens="C#1 D#2"),
            send_back("D#2", "C", opens="C#1 C#2"),
            complete("C#1", passes="C", opens="C#2 D#1"),
            complete("C#2", passes="C", opens="D#1 D#2"),
            complete("D#2", passes="D E1 A", opens="D#1"),
            complete("D#1", passes="D E1 A", opens="B"),
            LAST,
        ),
        office=True,
    ),
    Case(
        "instances-within-instances",
        covers=(MULTI,),
        nodes=around(
            sub(
                "A",
                *(start("S1"), step("C", marker=many(number="loopCounter")), end("E1", None)),
                marker=many(number="2"),
                flows=("S1 C", "C E1"),
            )
        ),
        flows=LINE,
        script=(
            begin(passes="S S1 S1", opens="C#1 C#1 C#2"),
            complete("C#2", passes="C", opens="C#1 C#1"),
            complete("C#1", passes="C E1 A", opens="C#1"),
            complete("C#1", passes="C E1 A", opens="B"),
            LAST,
        ),
    ),
)

SEQUENTIAL = (
    one(
        "turns-number",
        many(number="2", sequential=True),
        begin(passes="S", opens="A#1"),
        complete("A#1", passes="A", opens="A#2"),
        complete("A#2", passes="A", opens="B"),
        LAST,
        office=True,
    ),
    one(
        "turns-of-a-list",
        many(of="split(names, &quot;;&quot;)", item="person", sequential=True),
        ASKED,
        complete("Q", given={"names": "Lan;Hoa;Minh"}, passes="Q", opens="A#1"),
        complete("A#1", passes="A", opens="A#2"),
        complete("A#2", passes="A", opens="A#3"),
        complete("A#3", passes="A", opens="B"),
        LAST,
        before=(ASK,),
        office=True,
    ),
    one(
        "turns-until",
        many(number="5", until="again = false or loopCounter = 3", sequential=True),
        begin(passes="S", opens="A#1"),
        complete("A#1", given={"again": True}, passes="A", opens="A#2"),
        complete("A#2", passes="A", opens="A#3"),
        complete("A#3", passes="A", opens="B"),
        LAST,
    ),
    one(
        "turns-none",
        many(number="0", sequential=True),
        begin(passes="S", opens="B"),
        LAST,
    ),
    Case(
        "turns-again-in-a-drawn-loop",
        covers=(MULTI,),
        nodes=(
            *(
                start(),
                gateway("exclusive", "M"),
                step("A", marker=many(number="2", sequential=True)),
            ),
            *(step("B", AGAIN), gateway("exclusive", "G", default="E"), end()),
        ),
        flows=("S M", "M A", "A B", "B G", "G M: again", "G E"),
        script=(
            begin(passes="S M", opens="A#1"),
            complete("A#1", passes="A", opens="A#2"),
            complete("A#2", passes="A", opens="B"),
            complete("B", given={"again": True}, passes="B G M", opens="A#1"),
            complete("A#1", passes="A", opens="A#2"),
            complete("A#2", passes="A", opens="B"),
            complete("B", given={"again": False}, passes="B G E", done=True),
        ),
        office=True,
    ),
)

CASES = (*LOOPS, *PARALLEL, *SEQUENTIAL)
