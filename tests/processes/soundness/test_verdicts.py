"""What the prover says of small drawings, one for each rule and for each construct."""

import pytest

from processes.document import parse
from processes.drawing import draw
from processes.finding import Severity
from processes.soundness import RULES, Verdict, findings_of, prove
from tests.processes.drawn import definitions, flows, process
from tests.processes.soundness.replay import replay

START = '<b:startEvent id="S"/>'
END = '<b:endEvent id="E"/>'
A = '<b:userTask id="A"/>'
B = '<b:userTask id="B"/>'
AB = A + B
TIMER = "<b:timerEventDefinition/>"


def xor(name):
    return f'<b:exclusiveGateway id="{name}"/>'


def par(name):
    return f'<b:parallelGateway id="{name}"/>'


def inc(name):
    return f'<b:inclusiveGateway id="{name}"/>'


def cpx(name):
    return f'<b:complexGateway id="{name}"/>'


def boundary(name, host, definition=TIMER, *, interrupting=True):
    cancel = str(interrupting).lower()
    return (
        f'<b:boundaryEvent id="{name}" attachedToRef="{host}" cancelActivity="{cancel}">'
        f"{definition}</b:boundaryEvent>"
    )


def link(kind, name, to):
    return f'<b:{kind} id="{name}"><b:linkEventDefinition name="{to}"/></b:{kind}>'


def sub(name, body, kind="subProcess", more=""):
    return f'<b:{kind} id="{name}" {more}>{body}</b:{kind}>'


def drawn(body):
    return draw(parse(process(START + body)))


def said(diagram):
    """Rules (less their prefix) and elements of all that is found; every walk is played."""
    proof = prove(diagram)
    for flaw in proof.findings:
        if flaw.rule in ("soundness-dead-step", "soundness-unproved"):
            assert not flaw.walk
        else:
            assert replay(diagram, flaw) == "", flaw
    return {f"{flaw.rule.removeprefix('soundness-')} {flaw.element}" for flaw in proof.findings}


SPLIT = ("S G", "G A", "G B", "A J", "B J", "J E")
INNER = '<b:startEvent id="s"/><b:userTask id="a"/><b:userTask id="b"/><b:endEvent id="e"/>'
INNER_BAD = f"{INNER}{xor('g')}{par('j')}{flows('s g', 'g a', 'g b', 'a j', 'b j', 'j e')}"
INNER_GOOD = f"{INNER}{flows('s a', 'a b', 'b e')}"
CONDITION = "<b:conditionExpression>= x</b:conditionExpression>"


def conditional(source, target):
    return (
        f'<b:sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}">'
        f"{CONDITION}</b:sequenceFlow>"
    )


CASES = {
    # the five rules, bad and good twins
    "deadlock": (AB + xor("G") + par("J") + END + flows(*SPLIT), {"deadlock J"}),
    "no-deadlock": (AB + xor("G") + xor("J") + END + flows(*SPLIT), set()),
    "lack": (AB + par("G") + xor("J") + END + flows(*SPLIT), {"lack-of-synchronisation J"}),
    "implicit-merge": (
        A + B + '<b:userTask id="J"/>' + par("G") + END + flows(*SPLIT),
        {"lack-of-synchronisation J"},
    ),
    "no-lack": (AB + par("G") + par("J") + END + flows(*SPLIT), set()),
    "improper": (
        AB + inc("G") + par("J") + END + '<b:endEvent id="F"/>'
        + flows("S G", "G A", "G B", "G F", "A J", "B J", "J E"),
        {"deadlock J", "improper-completion J"},
    ),
    "two-ends": (AB + par("G") + '<b:endEvent id="F"/>' + END + flows("S G", "G A", "G B", "A E", "B F"), set()),
    "dead": (AB + END + flows("S A", "A E", "B E"), {"dead-step B"}),
    "endless": (AB + xor("G") + flows("S G", "G A", "A B", "B G"), {"endless-loop G"}),
    "loop-with-step": (AB + xor("G") + xor("H") + END + flows("S G", "G A", "A H", "H G", "H E"), {"dead-step B"}),
    "automatic-endless": (
        '<b:scriptTask id="A"/>' + xor("G") + flows("S G", "G A", "A G"), {"endless-loop A"},
    ),
    "automatic-loop": (
        '<b:scriptTask id="A"/>' + xor("G") + xor("H") + END + flows("S G", "G A", "A H", "H G", "H E"), set(),
    ),
    "idle-loop": (xor("G") + xor("H") + END + flows("S G", "G H", "H G", "H E"), {"idle-loop H"}),
    "timer-loop": (
        f'<b:intermediateCatchEvent id="A">{TIMER}</b:intermediateCatchEvent>'
        + xor("G") + xor("H") + END + flows("S G", "G A", "A H", "H G", "H E"),
        set(),
    ),
    # gateways
    "inclusive": (AB + inc("G") + inc("J") + END + flows(*SPLIT), set()),
    "inclusive-joined-parallel": (AB + inc("G") + par("J") + END + flows(*SPLIT), {"deadlock J"}),
    "inclusive-joined-exclusive": (
        AB + inc("G") + xor("J") + END + flows(*SPLIT), {"lack-of-synchronisation J"},
    ),
    "parallel-joined-inclusive": (AB + par("G") + inc("J") + END + flows(*SPLIT), set()),
    "complex-split": (AB + cpx("G") + inc("J") + END + flows(*SPLIT), set()),
    "complex-join": (AB + par("G") + cpx("J") + END + flows(*SPLIT), {"unproved J"}),
    "event-gateway": (
        AB.replace("userTask", "receiveTask") + '<b:eventBasedGateway id="G"/>' + xor("J") + END + flows(*SPLIT),
        set(),
    ),
    "event-gateway-joined": (
        AB.replace("userTask", "receiveTask") + '<b:eventBasedGateway id="G"/>' + par("J") + END + flows(*SPLIT),
        {"deadlock J"},
    ),
    # activities with several flows out
    "all-flows-out": (AB + par("J") + '<b:userTask id="G"/>' + END + flows(*SPLIT), set()),
    "all-flows-merged": (
        AB + xor("J") + '<b:userTask id="G"/>' + END + flows(*SPLIT), {"lack-of-synchronisation J"},
    ),
    "conditional-flows": (
        AB + inc("J") + '<b:userTask id="G" default="G_B"/>' + END + conditional("G", "A")
        + flows("S G", "G B", "A J", "B J", "J E"),
        set(),
    ),
    "conditional-flows-joined": (
        AB + par("J") + '<b:userTask id="G" default="G_B"/>' + END + conditional("G", "A")
        + flows("S G", "G B", "A J", "B J", "J E"),
        {"deadlock J"},
    ),
    # starts and ends
    "two-starts": (
        AB + '<b:startEvent id="T"/>' + xor("J") + END + flows("S A", "T B", "A J", "B J", "J E"), set(),
    ),
    "two-starts-joined": (
        AB + '<b:startEvent id="T"/>' + par("J") + END + flows("S A", "T B", "A J", "B J", "J E"),
        {"deadlock J"},
    ),
    "terminate": (
        AB + par("G") + par("J") + xor("X") + '<b:endEvent id="T"><b:terminateEventDefinition/></b:endEvent>' + END
        + flows("S G", "G A", "G B", "A X", "X T", "X J", "B J", "J E"),
        set(),
    ),
    "no-terminate": (
        AB + par("G") + par("J") + xor("X") + '<b:endEvent id="T"/>' + END
        + flows("S G", "G A", "G B", "A X", "X T", "X J", "B J", "J E"),
        {"improper-completion J"},
    ),
    # events
    "interrupting": (AB + boundary("X", "A") + xor("J") + END + flows("S A", "A J", "X B", "B J", "J E"), set()),
    "interrupting-joined": (
        AB + boundary("X", "A") + par("J") + END + flows("S A", "A J", "X B", "B J", "J E"), {"deadlock J"},
    ),
    "reminder": (
        AB + boundary("X", "A", interrupting=False) + '<b:endEvent id="F"/>' + END + flows("S A", "A E", "X B", "B F"),
        set(),
    ),
    "reminder-merged": (
        AB + boundary("X", "A", interrupting=False) + xor("J") + END + flows("S A", "A J", "X B", "B J", "J E"),
        {"lack-of-synchronisation J"},
    ),
    "reminder-merged-before-step": (
        AB + boundary("X", "A", interrupting=False) + END + flows("S A", "A B", "X B", "B E"),
        {"lack-of-synchronisation B"},
    ),
    "reminder-joined": (
        AB + boundary("X", "A", interrupting=False) + inc("J") + END + flows("S A", "A J", "X B", "B J", "J E"),
        set(),
    ),
    "link": (
        A + link("intermediateThrowEvent", "X", "đi") + link("intermediateCatchEvent", "Y", "đi") + END
        + flows("S A", "A X", "Y E"),
        set(),
    ),
    "link-joined": (
        AB + xor("G") + par("J") + link("intermediateThrowEvent", "X", "đi")
        + link("intermediateCatchEvent", "Y", "đi") + END + flows("S G", "G A", "G B", "A X", "Y J", "B J", "J E"),
        {"deadlock J"},
    ),
    "link-lost": (A + link("intermediateThrowEvent", "X", "đi") + flows("S A", "A X"), {"unproved X"}),
    "message-signal-condition": (
        "".join(
            f'<b:intermediateCatchEvent id="{name}"><b:{kind}EventDefinition/></b:intermediateCatchEvent>'
            for name, kind in (("A", "message"), ("B", "signal"), ("C", "conditional"))
        )
        + END + flows("S A", "A B", "B C", "C E"),
        set(),
    ),
    "compensation": (
        A + '<b:userTask id="undo" isForCompensation="true"/>'
        + boundary("X", "A", "<b:compensateEventDefinition/>") + END + flows("S A", "A E"),
        set(),
    ),
    # sub-processes
    "sub": (sub("P1", INNER_GOOD) + END + flows("S P1", "P1 E"), set()),
    "sub-deadlock": (sub("P1", INNER_BAD) + END + flows("S P1", "P1 E"), {"deadlock j"}),
    "sub-endless-interrupted": (
        sub("P1", f"{INNER}{xor('g')}{flows('s g', 'g a', 'a b', 'b g')}") + boundary("X", "P1") + END
        + flows("S P1", "X E"),
        set(),
    ),
    "sub-endless": (
        sub("P1", f"{INNER}{xor('g')}{flows('s g', 'g a', 'a b', 'b g')}") + A + END + flows("S P1", "P1 A", "A E"),
        {"endless-loop g", "dead-step A"},
    ),
    "event-sub": (
        A + sub("P1", INNER_GOOD, more='triggeredByEvent="true"') + END + flows("S A", "A E"), set(),
    ),
    "event-sub-deadlock": (
        A + sub("P1", INNER_BAD, more='triggeredByEvent="true"') + END + flows("S A", "A E"), {"deadlock j"},
    ),
    "event-sub-leaves-loop": (
        AB + sub("P1", INNER_GOOD, more='triggeredByEvent="true"') + xor("G") + flows("S G", "G A", "A B", "B G"),
        set(),
    ),
    "ad-hoc": (
        sub("P1", '<b:userTask id="a"/><b:userTask id="b"/>', "adHocSubProcess") + END + flows("S P1", "P1 E"),
        set(),
    ),
    "ad-hoc-deadlock": (
        sub(
            "P1",
            f'<b:userTask id="a"/><b:userTask id="b"/><b:userTask id="c"/>{xor("g")}{par("j")}'
            + flows("a g", "g b", "g c", "b j", "c j"),
            "adHocSubProcess",
        )
        + END + flows("S P1", "P1 E"),
        {"deadlock j"},
    ),
    "error-always-thrown": (
        sub(
            "P1",
            '<b:startEvent id="s"/><b:endEvent id="e"><b:errorEventDefinition/></b:endEvent>' + flows("s e"),
        )
        + boundary("X", "P1", "<b:errorEventDefinition/>") + AB + END + '<b:endEvent id="F"/>'
        + flows("S P1", "P1 A", "A E", "X B", "B F"),
        {"dead-step A"},
    ),
    "error-nobody-catches": (
        sub(
            "P1",
            '<b:startEvent id="s"/><b:endEvent id="e"><b:errorEventDefinition/></b:endEvent>' + flows("s e"),
        )
        + A + END + flows("S P1", "P1 A", "A E"),
        {"dead-step A"},
    ),
    # token quantities
    "start-quantity": (AB + par("G") + '<b:userTask id="J" startQuantity="2"/>' + END + flows(*SPLIT), set()),
    "start-quantity-missed": (
        AB + xor("G") + '<b:userTask id="J" startQuantity="2"/>' + END + flows(*SPLIT),
        {"deadlock J", "dead-step J"},
    ),
    "start-quantity-of-an-inclusive-split": (
        AB + inc("G") + '<b:userTask id="J" startQuantity="2"/>' + par("K") + B.replace('"B"', '"C"') + END
        + flows("S K", "K G", "K C", "G A", "G B", "A J", "B J", "J E", "C E"),
        {"improper-completion J"},
    ),
    "start-quantity-interrupted": (
        AB + par("G") + '<b:userTask id="J" startQuantity="2"/>' + boundary("X", "J") + END + flows(*SPLIT, "X E"),
        set(),
    ),
    "start-quantity-too-large": (
        AB + par("G") + '<b:userTask id="J" startQuantity="3"/>' + END + flows(*SPLIT), {"unproved J"},
    ),
    "completion-quantity": (
        '<b:userTask id="A" completionQuantity="2"/>' + B + END + flows("S A", "A B", "B E"), {"unproved A"},
    ),
    "quantities-meet": (
        '<b:userTask id="A" completionQuantity="2"/><b:userTask id="B" startQuantity="2"/>' + END
        + flows("S A", "A B", "B E"),
        set(),
    ),
    "multi-instance": (
        '<b:userTask id="A"><b:multiInstanceLoopCharacteristics/></b:userTask>' + END + flows("S A", "A E"), set(),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_drawing_gets_its_verdict_and_each_walk_can_be_played(case):
    body, expected = CASES[case]
    assert said(drawn(body)) == expected


CALLED = '<b:process id="Q">{}</b:process>'
CALLING = (
    '<b:process id="P" isExecutable="true">'
    + START + A + '<b:callActivity id="C" calledElement="Q"/>' + END + flows("S A", "A C", "C E") + "</b:process>"
)  # fmt: skip


def test_a_called_process_of_the_file_is_judged_with_a_walk_into_it():
    diagram = draw(parse(definitions(CALLING + CALLED.format(INNER_BAD))))
    assert said(diagram) == {"deadlock j"}
    walk = prove(diagram).findings[0].walk
    assert [move.element for move in walk][:3] == ["S", "A", "C"]


def test_a_sound_called_process_is_sound():
    assert said(draw(parse(definitions(CALLING + CALLED.format(INNER_GOOD))))) == set()


def test_a_process_that_calls_itself_is_said_to_be_unproved():
    body = '<b:startEvent id="s"/><b:callActivity id="c" calledElement="Q"/><b:endEvent id="e"/>'
    diagram = draw(parse(definitions(CALLING + CALLED.format(body + flows("s c", "c e")))))
    assert said(diagram) == {"unproved c"}


def test_the_walk_to_a_deadlock_names_what_is_taken_and_given():
    (flaw,) = prove(drawn(CASES["deadlock"][0])).findings
    assert flaw.to_data()["walk"] == [
        {"element": "S", "takes": [], "gives": ["S_G"]},
        {"element": "G", "takes": ["S_G"], "gives": ["G_A"]},
        {"element": "A", "takes": ["G_A"], "gives": ["A_J"]},
    ]
    assert flaw.marking == ("A_J",)
    assert flaw.fix.to_data()["kind"] == "to-exclusive"


def test_what_cannot_be_proved_within_the_effort_is_never_called_sound():
    wide = "".join(f'<b:userTask id="T{n}"/>' for n in range(70))
    lines = [f"G T{n}" for n in range(70)] + [f"T{n} J" for n in range(70)]
    proof = prove(drawn(wide + inc("G") + par("J") + END + flows("S G", "J E", *lines)))
    assert proof.verdict is Verdict.UNPROVED
    (finding,) = findings_of(proof)
    assert (finding.rule, finding.severity) == ("soundness-unproved", Severity.WARNING)


def test_a_sound_drawing_has_nothing_to_say():
    proof = prove(drawn(CASES["no-deadlock"][0]))
    assert proof.verdict is Verdict.SOUND
    assert findings_of(proof) == ()
    assert proof.to_data()["verdict"] == "sound"


def test_every_rule_is_shown_by_a_drawing():
    shown = {
        f"soundness-{found.split()[0]}" for _, expected in CASES.values() for found in expected
    }
    between_pools = {"soundness-collaboration", "soundness-unheard-message"}  # test_collaboration
    assert shown == {rule.code for rule in RULES} - between_pools
