"""Diagrams are drawn tidily: nothing overlaps, no line runs through a shape, the same every time."""

import copy
import itertools
from unicodedata import normalize
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from processes.document import BPMN
from processes.layout import draw, has_drawing
from processes.layout.lettering import activity_size, label_size, text_width, wrap
from processes.layout.names import BPMNDI
from tests.processes.tidiness import drawing_of, inside, problems

POOL = (
    '<bpmn:collaboration id="C"><bpmn:participant id="Pool" name="UBND quận" processRef="P"/>'
    "</bpmn:collaboration>"
)


def tree(content: str, before: str = "") -> etree._Element:
    return etree.fromstring(
        f'<bpmn:definitions xmlns:bpmn="{BPMN}" id="Defs">{before}'
        f'<bpmn:process id="P" name="Cấp phép">{content}</bpmn:process></bpmn:definitions>'
    )


def node(kind: str, id_: str, name: str = "", inner: str = "") -> str:
    return f"<bpmn:{kind} id={quoteattr(id_)} name={quoteattr(name)}>{inner}</bpmn:{kind}>"


def flows(*pairs: str) -> str:
    """Flows from words such as "A>B" or "A>B:nhãn"."""
    written = []
    for pair in pairs:
        ends, _, name = pair.partition(":")
        source, target = ends.split(">")
        id_ = f"F_{source}_{target}"
        written.append(
            f'<bpmn:sequenceFlow id="{id_}" sourceRef="{source}" targetRef="{target}" '
            f"name={quoteattr(name)}/>"
        )
    return "".join(written)


def lanes(**members: str) -> str:
    made = "".join(
        f'<bpmn:lane id="Lane_{name}" name="{name}">'
        + "".join(f"<bpmn:flowNodeRef>{m}</bpmn:flowNodeRef>" for m in ids.split())
        + "</bpmn:lane>"
        for name, ids in members.items()
    )
    return f'<bpmn:laneSet id="Lanes">{made}</bpmn:laneSet>'


LINEAR = tree(
    lanes(mot_cua="S A D Z", chuyen_vien="B", lanh_dao="C")
    + node("startEvent", "S", "Nộp hồ sơ")
    + node("userTask", "A", "Tiếp nhận")
    + node("userTask", "B", "Thẩm định hồ sơ đề nghị cấp giấy phép xây dựng nhà ở riêng lẻ đô thị")
    + node("userTask", "C", "Ký duyệt")
    + node("userTask", "D", "Trả kết quả")
    + node("endEvent", "Z", "Đã trả kết quả")
    + flows("S>A", "A>B", "B>C", "C>D", "D>Z"),
    POOL,
)
LOOP = tree(
    node("startEvent", "S")
    + node("userTask", "A", "Tiếp nhận")
    + node("userTask", "B", "Thẩm định")
    + node("exclusiveGateway", "X", "Hồ sơ đạt yêu cầu?")
    + node("userTask", "C", "Ký duyệt")
    + node("endEvent", "Z", "Đã cấp")
    + node("endEvent", "N", "Từ chối")
    + flows("S>A", "A>B", "B>X", "X>C:Đạt", "X>A:Thiếu", "X>N:Không đủ điều kiện", "C>Z")
)
PARALLEL = tree(
    node("startEvent", "S")
    + node("parallelGateway", "P1")
    + node("userTask", "A", "Ý kiến Công an")
    + node("userTask", "B", "Ý kiến Quân sự")
    + node("parallelGateway", "P2")
    + node("endEvent", "Z")
    + flows("S>P1", "P1>A", "P1>B", "A>P2", "B>P2", "P2>Z")
)
NESTED = tree(
    node("startEvent", "S")
    + node(
        "subProcess",
        "SP",
        "Thẩm định",
        node("startEvent", "S2")
        + node("userTask", "I", "Kiểm tra thực địa")
        + node("endEvent", "Z2")
        + flows("S2>I", "I>Z2"),
    )
    + '<bpmn:boundaryEvent id="T" name="Quá 5 ngày" attachedToRef="SP"/>'
    + node("userTask", "N", "Nhắc nhở")
    + node("endEvent", "Z")
    + flows("S>SP", "SP>Z", "T>N", "N>Z")
)
EXAMPLES = {"linear": LINEAR, "loop": LOOP, "parallel": PARALLEL, "nested": NESTED}


def drawn(example: etree._Element) -> etree._Element:
    root = copy.deepcopy(example)
    draw(root)
    return root


@pytest.mark.parametrize("name", EXAMPLES)
def test_usual_structures_are_tidy(name):
    assert problems(drawn(EXAMPLES[name])) == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_drawing_changes_nothing_but_the_diagram(name):
    root = drawn(EXAMPLES[name])
    for diagram in root.findall(f"{{{BPMNDI}}}BPMNDiagram"):
        root.remove(diagram)
    assert etree.tostring(root, method="c14n") == etree.tostring(EXAMPLES[name], method="c14n")


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_same_file_is_drawn_the_same_way_and_once(name):
    root = drawn(EXAMPLES[name])
    first = etree.tostring(root)
    draw(root)
    assert etree.tostring(root) == first


def test_work_flows_from_left_to_right_through_the_lanes():
    drawing = drawing_of(drawn(LINEAR))
    order = [drawing.boxes[id_] for id_ in ("S", "A", "B", "C", "D", "Z")]
    assert all(a.right < b.x for a, b in itertools.pairwise(order))
    bands = [drawing.boxes[f"Lane_{name}"] for name in ("mot_cua", "chuyen_vien", "lanh_dao")]
    assert [bands[0].bottom, bands[1].bottom] == [bands[1].y, bands[2].y]
    assert all(inside(band, drawing.boxes["Pool"]) for band in bands)


def test_steps_of_a_lane_without_branches_stand_on_one_line():
    drawing = drawing_of(drawn(LINEAR))
    assert len({drawing.boxes[id_].centre[1] for id_ in ("S", "A", "D", "Z")}) == 1


def test_shapes_have_the_sizes_that_tools_use():
    boxes = drawing_of(drawn(LOOP)).boxes
    assert {(boxes[i].width, boxes[i].height) for i in ("S", "Z", "N")} == {(36, 36)}
    assert (boxes["X"].width, boxes["X"].height) == (50, 50)
    assert (boxes["A"].width, boxes["A"].height) == (120, 80)


def test_a_long_name_gets_a_larger_task():
    boxes = drawing_of(drawn(LINEAR)).boxes
    assert boxes["B"].width > 120 or boxes["B"].height > 80


def test_two_parallel_branches_lie_evenly_around_the_main_line():
    boxes = drawing_of(drawn(PARALLEL)).boxes
    main = {boxes[i].centre[1] for i in ("S", "P1", "P2", "Z")}
    assert len(main) == 1
    middle = main.pop()
    assert boxes["A"].centre[1] - middle == middle - boxes["B"].centre[1] < 0


def test_the_way_back_runs_above_the_steps_it_repeats():
    drawing = drawing_of(drawn(LOOP))
    highest = min(y for _, y in drawing.lines["F_X_A"])
    assert highest < min(drawing.boxes[id_].y for id_ in ("A", "B"))


def test_the_main_path_is_straight_and_the_refusal_is_beside_it():
    boxes = drawing_of(drawn(LOOP)).boxes
    assert len({boxes[i].centre[1] for i in ("S", "A", "B", "X", "C", "Z")}) == 1
    assert boxes["N"].centre[1] != boxes["X"].centre[1]


def test_lines_cross_no_more_than_they_must():
    """Drawn in the order of the file, A-D and B-E would cross."""
    names = ("A", "B", "E", "D")
    root = tree("".join(node("userTask", n) for n in names) + flows("A>E", "A>D", "B>E"))
    draw(root)
    boxes = drawing_of(root).boxes
    assert (boxes["A"].y < boxes["B"].y) == (boxes["D"].y < boxes["E"].y)


def test_names_of_flows_and_gateways_lie_on_nothing():
    drawing = drawing_of(drawn(LOOP))
    labels = [drawing.labels[id_] for id_ in ("X", "F_X_C", "F_X_A", "F_X_N", "Z", "N")]
    for number, label in enumerate(labels):
        assert not any(label.meets(box) for box in drawing.boxes.values())
        assert not any(label.meets(other) for other in labels[number + 1 :])
        for points in drawing.lines.values():
            assert not any(label.crossed_by(a, b) for a, b in itertools.pairwise(points))


def test_a_flow_is_named_near_its_gateway():
    drawing = drawing_of(drawn(LOOP))
    gateway = drawing.boxes["X"]
    for flow in ("F_X_C", "F_X_A", "F_X_N"):
        assert drawing.labels[flow].meets(gateway, gap=60)


def test_data_and_notes_stand_beside_their_step():
    root = tree(
        node("userTask", "A", "Soạn")
        + node("userTask", "B", "Ký")
        + node("dataObjectReference", "D", "Đơn")
        + '<bpmn:textAnnotation id="N"><bpmn:text>Điều 17 NĐ 61/2018</bpmn:text></bpmn:textAnnotation>'
        + '<bpmn:association id="L1" sourceRef="D" targetRef="A"/>'
        + '<bpmn:association id="L2" sourceRef="B" targetRef="N"/>'
        + flows("A>B")
    )
    draw(root)
    drawing = drawing_of(root)
    for note, step in (("D", "A"), ("N", "B")):
        assert abs(drawing.boxes[note].centre[0] - drawing.boxes[step].centre[0]) < 1
        assert not drawing.boxes[note].meets(drawing.boxes[step])
    assert len(drawing.lines["L1"]) == len(drawing.lines["L2"]) == 2


def test_pools_stand_above_each_other_with_messages_between():
    before = (
        '<bpmn:collaboration id="C"><bpmn:participant id="Citizen" name="Người dân"/>'
        '<bpmn:participant id="Office" processRef="P"/>'
        '<bpmn:messageFlow id="M1" name="Hồ sơ" sourceRef="Citizen" targetRef="S"/>'
        '<bpmn:messageFlow id="M2" sourceRef="Z" targetRef="Citizen"/></bpmn:collaboration>'
    )
    root = tree(
        node("startEvent", "S")
        + node("userTask", "A")
        + node("endEvent", "Z")
        + flows("S>A", "A>Z"),
        before,
    )
    draw(root)
    drawing = drawing_of(root)
    assert drawing.boxes["Citizen"].bottom < drawing.boxes["Office"].y
    assert drawing.boxes["Citizen"].width == drawing.boxes["Office"].width
    assert drawing.lines["M1"][0][1] == drawing.boxes["Citizen"].bottom
    assert drawing.lines["M1"][-1][1] == drawing.boxes["S"].y
    assert drawing.lines["M2"][-1][1] == drawing.boxes["Citizen"].bottom


def test_nested_lanes_lie_inside_each_other():
    root = tree(
        '<bpmn:laneSet id="LS"><bpmn:lane id="Outer" name="Sở"><bpmn:childLaneSet id="CLS">'
        '<bpmn:lane id="L1" name="Phòng A"><bpmn:flowNodeRef>A</bpmn:flowNodeRef></bpmn:lane>'
        '<bpmn:lane id="L2" name="Phòng B"><bpmn:flowNodeRef>B</bpmn:flowNodeRef></bpmn:lane>'
        "</bpmn:childLaneSet></bpmn:lane></bpmn:laneSet>"
        + node("userTask", "A")
        + node("userTask", "B")
        + flows("A>B"),
        POOL,
    )
    draw(root)
    boxes = drawing_of(root).boxes
    assert problems(root) == []
    assert inside(boxes["L1"], boxes["Outer"])
    assert inside(boxes["L2"], boxes["Outer"])
    assert boxes["Outer"].x < boxes["L1"].x


def test_a_file_without_diagram_has_no_drawing_and_a_drawn_one_has():
    assert not has_drawing(LOOP)
    assert has_drawing(drawn(LOOP))


def test_a_drawing_that_lacks_one_flow_is_not_complete():
    root = drawn(LOOP)
    edge = next(root.iter(f"{{{BPMNDI}}}BPMNEdge"))
    edge.getparent().remove(edge)
    assert not has_drawing(root)


def test_what_is_inside_a_collapsed_sub_process_need_not_be_drawn():
    root = drawn(NESTED)
    for shape in list(root.iter(f"{{{BPMNDI}}}BPMNShape")):
        if shape.get("bpmnElement") in ("S2", "I", "Z2"):
            shape.getparent().remove(shape)
    assert not has_drawing(root)
    for shape in root.iter(f"{{{BPMNDI}}}BPMNShape"):
        if shape.get("bpmnElement") == "SP":
            shape.set("isExpanded", "false")
    for edge in list(root.iter(f"{{{BPMNDI}}}BPMNEdge")):
        if edge.get("bpmnElement") in ("F_S2_I", "F_I_Z2"):
            edge.getparent().remove(edge)
    assert has_drawing(root)


def test_an_empty_process_can_be_drawn():
    root = tree("", POOL)
    draw(root)
    assert drawing_of(root).boxes["Pool"].width > 0


def test_ids_of_the_diagram_do_not_take_ids_of_the_model():
    root = tree(node("userTask", "A") + node("userTask", "A_di") + flows("A>A_di"))
    draw(root)
    ids = root.xpath("//@id")
    assert len(ids) == len(set(ids))


KINDS = ["userTask", "userTask", "exclusiveGateway", "parallelGateway", "endEvent", "subProcess"]
NAMES = st.sampled_from(
    ["", "Duyệt", "Thẩm định hồ sơ xin cấp phép xây dựng nhà ở", "Đủ điều kiện?"]
)


@st.composite
def graphs(draw_: st.DrawFn) -> etree._Element:
    """Any graph of nodes in lanes: loops, several starts, self-loops, boundary events, nesting."""
    count = draw_(st.integers(1, 12))
    ids = [f"n{number}" for number in range(count)]
    kinds = draw_(st.lists(st.sampled_from(KINDS), min_size=count, max_size=count))
    pairs = draw_(st.sets(st.tuples(st.sampled_from(ids), st.sampled_from(ids)), max_size=18))
    chain = [] if draw_(st.booleans()) else list(itertools.pairwise(ids))
    content = ""
    hosts = []
    for id_, kind_ in zip(ids, kinds, strict=True):
        inner = ""
        if kind_ == "subProcess" and draw_(st.booleans()):
            inner = node("userTask", f"{id_}a") + node("userTask", f"{id_}b")
            inner += flows(f"{id_}a>{id_}b", f"{id_}b>{id_}a:lại")
        content += node(kind_, id_, draw_(NAMES), inner)
        if kind_ in ("userTask", "subProcess"):
            hosts.append(id_)
    guests = []
    for host in hosts:
        for number in range(draw_(st.integers(0, 2))):
            guests.append(f"{host}g{number}")
            name = escape(draw_(NAMES))
            content += (
                f'<bpmn:boundaryEvent id="{guests[-1]}" name="{name}" attachedToRef="{host}"/>'
            )
    arrows = [f"{a}>{b}:{draw_(NAMES)}" for a, b in sorted(pairs | set(chain))]
    arrows += [f"{guest}>{draw_(st.sampled_from(ids))}" for guest in guests]
    lane_count = draw_(st.integers(0, 3))
    members = {f"lan{number}": "" for number in range(lane_count)}
    for id_ in ids:
        if members:
            members[draw_(st.sampled_from(sorted(members)))] += f" {id_}"
    before = POOL if draw_(st.booleans()) else ""
    return tree((lanes(**members) if members else "") + content + flows(*arrows), before)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(graphs())
def test_any_graph_is_tidy(graph):
    draw(graph)
    assert problems(graph) == []
    assert has_drawing(graph)


@pytest.mark.slow
def test_the_largest_file_that_may_be_uploaded_is_drawn_within_seconds():
    """500 nodes and 2,000 flows are the caps of processes.document; long ones run around."""
    content = "".join(node("userTask", f"n{i}") for i in range(500))
    arrows = [f"n{i}>n{i + 1}" for i in range(499)]
    arrows += [f"n{i * 7 % 500}>n{i * 131 % 499}" for i in range(600)]
    root = tree(content + flows(*dict.fromkeys(arrows)))
    draw(root)
    assert has_drawing(root)
    assert problems(root) == []


@given(st.text(max_size=200), st.floats(20, 300))
def test_wrapped_lines_fit_and_lose_no_word(text, room):
    lines = wrap(text, room)
    if len(lines) < 12:
        assert "".join("".join(lines).split()) == "".join(normalize("NFC", text).split())
    widest = max((text_width(letter) for line in lines for letter in line), default=0)
    assert all(text_width(line) <= max(room, 2 * widest) for line in lines[:-1])


def test_a_name_without_letters_takes_no_room():
    assert label_size("  ") == (0.0, 0.0)
    assert activity_size("") == (120.0, 80.0)
