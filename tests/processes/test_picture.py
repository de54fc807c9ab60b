"""A diagram becomes an SVG picture: every element once, every text escaped, nothing executable."""

import pytest
from lxml import etree

from processes.document import BPMN, parse
from processes.layout import draw
from processes.layout.names import BPMNDI, DC
from processes.picture import svg
from tests.processes.drawn import transfer

SVG = "{http://www.w3.org/2000/svg}"


def definitions(content: str) -> etree._Element:
    return etree.fromstring(
        f'<b:definitions xmlns:b="{BPMN}" id="Defs"><b:process id="P" name="Cấp phép">'
        f"{content}</b:process></b:definitions>"
    )


def one(kind: str, inner: str = "", **attributes: str) -> etree._Element:
    stated = " ".join(f'{name}="{value}"' for name, value in attributes.items())
    return definitions(f'<b:{kind} id="X" {stated}>{inner}</b:{kind}>')


def picture(root: etree._Element, marks: dict[str, str] | None = None) -> etree._Element:
    return etree.fromstring(svg(root, marks))


def element(drawn: etree._Element, id_: str) -> etree._Element:
    found = drawn.xpath("//*[@data-element=$id]", id=id_)
    assert len(found) == 1
    return found[0]


def texts(drawn: etree._Element) -> str:
    spans = drawn.iter(f"{SVG}tspan")
    return " ".join(span.text for span in spans)


def test_every_drawn_element_is_in_the_picture_once():
    root = parse(transfer()).root
    drawn = picture(root)
    ids = [
        e.get("bpmnElement") for e in root.iter(f"{{{BPMNDI}}}BPMNShape", f"{{{BPMNDI}}}BPMNEdge")
    ]
    assert ids
    for id_ in ids:
        element(drawn, id_)


def test_names_are_shown():
    drawn = picture(one("userTask", name="Tiếp nhận hồ sơ"))
    assert texts(drawn) == "Tiếp nhận hồ sơ"


def test_a_long_name_is_wrapped_into_lines():
    drawn = picture(one("userTask", name="Thẩm định hồ sơ đề nghị cấp giấy phép xây dựng"))
    assert len(list(drawn.iter(f"{SVG}tspan"))) > 1
    assert texts(drawn) == "Thẩm định hồ sơ đề nghị cấp giấy phép xây dựng"


def test_hostile_names_stay_text():
    root = one("userTask")
    root[0][0].set("name", '</text><script>alert(1)</script><a href="javascript:x">')
    drawn = picture(root)
    names = {etree.QName(e).localname for e in drawn.iter()}
    assert not names & {"script", "a", "image", "foreignObject", "style"}
    assert "<script>" in texts(drawn)


def test_no_attribute_of_the_picture_runs_or_loads_anything():
    for node in picture(parse(transfer()).root).iter():
        assert not any(
            name.startswith("on") or "href" in name or name == "style" for name in node.attrib
        )


def test_marks_become_classes_and_known_ones_colours():
    drawn = picture(one("userTask", name="Ký"), {"X": "late current"})
    marked = element(drawn, "X")
    assert {"late", "current"} <= set(marked.get("class").split())
    assert marked.get("fill") not in (None, "#ffffff")


def test_unmarked_elements_stay_white():
    assert element(picture(one("userTask")), "X").get("fill") is None


def test_marks_that_are_no_class_names_are_left_out():
    marked = element(picture(one("userTask"), {"X": 'late" onload="x'}), "X")
    assert "onload" not in marked.get("class")
    assert "late" not in marked.get("class").split()


def test_the_picture_is_announced_by_the_procedures_name():
    drawn = picture(one("userTask"))
    assert drawn.get("role") == "img"
    assert drawn.findtext(f"{SVG}title") == "Cấp phép"


def test_a_file_without_a_diagram_is_drawn_and_not_changed():
    root = one("userTask", name="Ký")
    before = etree.tostring(root)
    element(picture(root), "X")
    assert etree.tostring(root) == before


def looks(drawn: etree._Element) -> bytes:
    return etree.tostring(element(drawn, "X"))


DIFFERENT = {
    "kinds of tasks": [
        one(kind)
        for kind in (
            *("task", "userTask", "manualTask", "serviceTask", "scriptTask", "sendTask"),
            *("receiveTask", "businessRuleTask", "callActivity"),
        )
    ],
    "gateways": [
        one(kind)
        for kind in (
            *("exclusiveGateway", "inclusiveGateway", "parallelGateway"),
            *("eventBasedGateway", "complexGateway"),
        )
    ],
    "events": [
        one("startEvent"),
        one("endEvent"),
        one("intermediateThrowEvent"),
        *(
            one("intermediateCatchEvent", f"<b:{kind}EventDefinition/>")
            for kind in ("timer", "message", "signal", "conditional", "link", "error", "escalation")
        ),
        one("intermediateThrowEvent", "<b:messageEventDefinition/>"),
        one("endEvent", "<b:terminateEventDefinition/>"),
        one("startEvent", "<b:timerEventDefinition/>"),
        one("startEvent", "<b:timerEventDefinition/>", isInterrupting="false"),
        one("intermediateCatchEvent", "<b:signalEventDefinition/><b:timerEventDefinition/>"),
    ],
    "activities": [
        one("subProcess"),
        one("subProcess", triggeredByEvent="true"),
        one("transaction"),
        one("adHocSubProcess"),
        one("userTask", "<b:standardLoopCharacteristics/>"),
        one("userTask", "<b:multiInstanceLoopCharacteristics/>"),
        one("userTask", '<b:multiInstanceLoopCharacteristics isSequential="true"/>'),
        one("userTask", isForCompensation="true"),
    ],
    "artifacts": [
        one("dataObjectReference"),
        one("dataStoreReference"),
        one("group"),
        one("textAnnotation"),
    ],
}


@pytest.mark.parametrize("what", DIFFERENT)
def test_different_things_look_different(what):
    pictures = [
        etree.tostring(element(picture(root), "X")).replace(
            b"bpmn-" + etree.QName(root[0][0]).localname.encode(), b""
        )
        for root in DIFFERENT[what]
    ]
    assert len(set(pictures)) == len(pictures)


def test_pools_and_lanes_lie_beneath_the_steps():
    root = definitions(
        '<b:laneSet id="LS"><b:lane id="L" name="Một cửa"><b:flowNodeRef>X</b:flowNodeRef></b:lane>'
        '</b:laneSet><b:userTask id="X"/>'
    )
    drawn = picture(root)
    classes = [group.get("class") or "" for group in drawn.iter(f"{SVG}g")]
    last_lane = max(n for n, c in enumerate(classes) if "bpmn-lane" in c)
    assert last_lane < min(n for n, c in enumerate(classes) if "bpmn-userTask" in c)


def test_the_default_flow_and_conditional_flows_are_marked():
    def flow(default: str, condition: str) -> bytes:
        root = definitions(
            f'<b:task id="A" {default}/><b:task id="B"/>'
            f'<b:sequenceFlow id="X" sourceRef="A" targetRef="B">{condition}</b:sequenceFlow>'
        )
        return looks(picture(root))

    plain = flow("", "")
    assert flow('default="X"', "") != plain
    assert flow("", "<b:conditionExpression>a = 1</b:conditionExpression>") != plain


@pytest.mark.parametrize("value", ["NaN", "1e309", "-1e9", "x", ""])
def test_impossible_coordinates_do_not_reach_the_picture(value):
    root = one("userTask", name="Ký")
    draw(root)
    next(root.iter(f"{{{DC}}}Bounds")).set("x", value)
    assert picture(root).xpath("//*[@data-element='X']") == []


def test_an_edge_that_points_to_nothing_is_left_out():
    root = one("userTask")
    draw(root)
    next(root.iter(f"{{{BPMNDI}}}BPMNShape")).set("bpmnElement", "Nowhere")
    assert picture(root).xpath("//*[@data-element]") == []


def test_the_picture_is_as_large_as_what_it_shows():
    root = parse(transfer()).root
    x, y, width, height = map(float, picture(root).get("viewBox").split())
    for bounds in root.iter(f"{{{DC}}}Bounds"):
        box = [float(bounds.get(name)) for name in ("x", "y", "width", "height")]
        assert x <= box[0]
        assert y <= box[1]
        assert box[0] + box[2] <= x + width
        assert box[1] + box[3] <= y + height
