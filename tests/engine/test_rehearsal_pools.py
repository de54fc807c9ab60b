"""Messages and signals pass between the pools of a file; the outside comes last."""

from engine.rehearsal import Rehearsal, Script, load, read_scenarios
from engine.working_calendar.viet_nam import vietnam
from tests.engine.offices import START

CALENDAR = vietnam(2026, 2030)
HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="urn:x">'
    '<message id="M1" name="Đơn"/><message id="M2" name="Trả lời"/><signal id="S1" name="Xong"/>'
)


def node(kind, id_, inner="", **stated):
    attributes = "".join(f' {key}="{value}"' for key, value in stated.items())
    return f'<{kind} id="{id_}"{attributes}>{inner}</{kind}>'


def event(kind, id_, what="", of="message", **stated):
    inner = f'<{of}EventDefinition {of}Ref="{what}"/>' if what else ""
    return node(kind, id_, inner, **stated)


def process(id_, *nodes, way):
    pairs = zip(way.split(), way.split()[1:], strict=False)
    flows = "".join(node("sequenceFlow", f"{a}-{b}", sourceRef=a, targetRef=b) for a, b in pairs)
    return node("process", id_, "".join(nodes) + flows, isExecutable="true")


def file(*processes, messages=()):
    flows = "".join(
        node("messageFlow", f"m{n}", sourceRef=a, targetRef=b) for n, (a, b) in enumerate(messages)
    )
    people = "".join(node("participant", f"pool{i}", processRef=i) for i in "AB")
    collaboration = node("collaboration", "C", people + flows) if messages else ""
    return f"{HEAD}{collaboration}{''.join(processes)}</definitions>".encode()


CITIZEN = process(
    "A",
    event("startEvent", "a1"),
    node("sendTask", "a2", messageRef="M1"),
    event("intermediateCatchEvent", "a3", "M2"),
    event("endEvent", "a4"),
    way="a1 a2 a3 a4",
)
OFFICE = process(
    "B",
    event("startEvent", "b1", "M1"),
    node("userTask", "b2"),
    event("endEvent", "b3", "M2"),
    way="b1 b2 b3",
)


def rehearsal(data):
    return Rehearsal(data, CALENDAR, START)


def ids(run):
    return [each.id for each in run.trace]


def test_an_office_answers_what_a_citizen_sends():
    both = file(CITIZEN, OFFICE, messages=[("a2", "b1"), ("b3", "a3")])
    run = rehearsal(both).run(Script())
    assert run.outcome == "completed"
    assert ids(run) == ["a1", "a2", "b1", "b2", "b3", "a3", "a4"]


def test_an_answer_that_nobody_sends_is_waited_for_in_vain():
    silent = OFFICE.replace('<messageEventDefinition messageRef="M2"/>', "")
    silent = silent.replace('id="b3"', 'id="b3" name="im"')
    other = node("userTask", "b4")
    asks = file(
        CITIZEN,
        silent.replace("</process>", f"{other}</process>"),
        messages=[("a2", "b1"), ("b4", "a3")],
    )
    run = rehearsal(asks).run(Script())
    assert run.outcome == "stuck"
    assert "a3" in run.error


def test_what_an_outsider_sends_comes_when_nothing_else_can_happen():
    run = rehearsal(file(CITIZEN)).run(Script())
    assert (run.outcome, ids(run)) == ("completed", ["a1", "a2", "a3", "a4"])


def test_a_timer_fires_before_the_outside_is_heard():
    timer = "<timerEventDefinition><timeDuration>P3D</timeDuration></timerEventDefinition>"
    waits = process(
        "A",
        event("startEvent", "a1"),
        node("eventBasedGateway", "g"),
        event("intermediateCatchEvent", "letter", "M2"),
        node("intermediateCatchEvent", "late", timer),
        event("endEvent", "e1"),
        event("endEvent", "e2"),
        way="a1 g letter e1",
    ).replace(
        "</process>",
        node("sequenceFlow", "x", sourceRef="g", targetRef="late")
        + node("sequenceFlow", "y", sourceRef="late", targetRef="e2")
        + "</process>",
    )
    stage = rehearsal(file(waits))
    assert ids(stage.run(Script()))[-2:] == ["late", "e2"]
    every = list(stage.every_path(1, {}))
    assert {run.ended for run in every} == {("e1",), ("e2",)}
    assert stage.coverage(every).missed_flows == ()
    told = load(
        "scenarios: [{steps: [{message: Trả lời, data: {x: 1}}], expect: {end: e1}}]".encode()
    )
    (run,) = stage.play(read_scenarios(told))
    assert (run.outcome, run.data) == ("completed", {"x": 1})


def test_a_signal_reaches_the_other_pool():
    throws = process(
        "A",
        event("startEvent", "a1"),
        node("userTask", "a2"),
        event("endEvent", "a3", "S1", of="signal"),
        way="a1 a2 a3",
    )
    catches = process(
        "B",
        event("startEvent", "b1", "S1", of="signal"),
        node("userTask", "b2"),
        event("endEvent", "b3"),
        way="b1 b2 b3",
    )
    run = rehearsal(file(throws, catches)).run(Script())
    assert ids(run) == ["a1", "a2", "a3", "b1", "b2", "b3"]
