"""Each kind of repair: a diagram before, what stands there after, and that it is said.

In the lines, "A > B" is a flow; what a line is made of: `spelled.lines`.
"""

import re
from dataclasses import dataclass, field

import pytest

from processes.document import parse
from processes.repair import KINDS, apply, propose
from tests.processes.drawn import definitions, flows, process
from tests.processes.repair.spelled import END, START, lines, whole

AB = '<b:userTask id="A" name="Thẩm định"/><b:userTask id="B" name="Phê duyệt"/>'
GATE = '<b:exclusiveGateway id="G" name="Đủ điều kiện?"/>'
UNFILLED = re.compile(r"(?<![$#])\{")
DI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"


@dataclass(frozen=True)
class Pair:
    """gains, loses: lines; without, holding: texts of the file that go and come."""

    before: bytes
    gains: set[str] = field(default_factory=set)
    loses: set[str] = field(default_factory=set)
    without: str = ""
    holding: str = ""


def conditional(ends, condition="", name="", language=""):
    source, target = ends.split()
    stated = f' language="{language}"' if language else ""
    inner = (
        f"<b:conditionExpression{stated}>{condition}</b:conditionExpression>" if condition else ""
    )
    return (
        f'<b:sequenceFlow id="{source}_{target}" name="{name}" sourceRef="{source}" '
        f'targetRef="{target}">{inner}</b:sequenceFlow>'
    )


def event(tag, definition="", name="", attributes="", inside="", id_="X"):
    inner = ""
    if definition:
        inner = f"<b:{definition}EventDefinition>{inside}</b:{definition}EventDefinition>"
    return f'<b:{tag} id="{id_}" name="{name}" {attributes}>{inner}</b:{tag}>'


def through(node, id_="X"):
    """S > the node > T > E."""
    task = '<b:userTask id="T" name="Trả kết quả"/>'
    return whole(node + task + flows(f"S {id_}", f"{id_} T", "T E"))


def on_border(definition="", name="Hồ sơ giả", inside="", attributes=""):
    """A step A with an event on its border that leads to B."""
    bordering = event("boundaryEvent", definition, name, f'attachedToRef="A" {attributes}', inside)
    return whole(AB + bordering + flows("S A", "A E", "X B", "B E"))


def chosen(*exits):
    """A step A, then a gateway G to B and E with these conditional flows."""
    return whole(AB + GATE + flows("S A", "A G", "B E") + "".join(exits))


def drawn(body, *shapes):
    """A process with shapes written "id x y w h"."""
    plane = "".join(
        f'<d:BPMNShape id="{id_}_di" bpmnElement="{id_}">'
        f'<c:Bounds x="{x}" y="{y}" width="{w}" height="{h}"/></d:BPMNShape>'
        for id_, x, y, w, h in (shape.split() for shape in shapes)
    )
    return definitions(
        f'<b:process id="P" name="Quy trình" isExecutable="true">{body}</b:process>'
        f'<d:BPMNDiagram xmlns:d="{DI}" xmlns:c="{DC}" id="D1">'
        f'<d:BPMNPlane id="P1" bpmnElement="P">{plane}</d:BPMNPlane></d:BPMNDiagram>'
    )


STRUCTURE = {
    "process.executable": Pair(
        process(START + AB + END + flows("S A", "A B", "B E"), 'id="P" name="Quy trình"'),
        {"process P runs"},
        {"process P does not run"},
    ),
    "process.outside": Pair(
        definitions(
            f'<b:process id="P" isExecutable="true" name="Một cửa">{START}{AB}{END}'
            + flows("S A", "A B", "B E")
            + '</b:process><b:process id="Q" isExecutable="true"><b:task id="Q1"/></b:process>'
        ),
        {"process Q does not run"},
        {"process Q runs"},
    ),
    "id.missing": Pair(
        whole('<b:userTask id="A" name="A"/><b:userTask name="Lưu"/>' + flows("S A", "A E")),
        {"userTask_4 userTask “Lưu”"},
    ),
    "id.invalid": Pair(
        whole(
            '<b:userTask id="Bước 1!" name="A"/>'
            '<b:sequenceFlow id="f" sourceRef="S" targetRef="Bước 1!"/>'
            '<b:sequenceFlow id="g" sourceRef="Bước 1!" targetRef="E"/>'
        ),
        {"S > Bước_1", "Bước_1 > E"},
        {"S > Bước 1!"},
    ),
    "id.duplicate": Pair(
        whole(
            '<b:userTask id="A" name="Một"><b:outgoing>A_A</b:outgoing></b:userTask>'
            '<b:userTask id="A" name="Hai"><b:incoming>A_A</b:incoming><b:outgoing>A_E</b:outgoing>'
            "</b:userTask>" + flows("S A", "A A", "A E")
        ),
        {"A_2 userTask “Hai”", "A > A_2", "A_2 > E"},
        {"A > A"},
    ),
    "reference.spelling": Pair(
        whole(
            '<b:userTask id="A" name="A"/>'
            '<b:sequenceFlow id="f" sourceRef="t:S" targetRef="t:A"/>' + flows("A E")
        ),
        {"S > A"},
        {"t:S > t:A"},
    ),
    "reference.default": Pair(
        whole('<b:userTask id="A" name="A" default="S_A"/>' + flows("S A", "A E")),
        without='default="S_A"',
    ),
    "flow.restored": Pair(
        whole(
            '<b:userTask id="A" name="A"><b:incoming>f</b:incoming></b:userTask>'
            '<b:sequenceFlow id="f" sourceRef="S"/>' + flows("A E")
        ),
        {"S > A"},
        {"S > "},
    ),
    "flow.dangling": Pair(
        whole('<b:userTask id="A" name="A"/>' + flows("S A", "A E", "A Z")), loses={"A > Z"}
    ),
    "flow.lifted": Pair(
        whole(
            f'<b:subProcess id="U" name="Con"><b:startEvent id="S2"/>{AB}<b:endEvent id="E2"/>'
            + flows("S2 A", "A B", "B E2")
            + "</b:subProcess>"
            + flows("S A", "U E")
        ),
        {"S > U"},
        {"S > A"},
    ),
    "flow.inward": Pair(
        whole(
            '<b:subProcess id="U" name="Con"><b:task id="A" name="A"/></b:subProcess>'
            + flows("S U", "U A", "U E")
        ),
        {"Start_A > A", "A > End_A"},
        {"U > A"},
    ),
    "flow.to-host": Pair(
        whole(
            AB
            + event(
                "boundaryEvent",
                "timer",
                "Quá hạn",
                'attachedToRef="A"',
                "<b:timeDuration>P3D</b:timeDuration>",
            )
            + flows("S B", "B X", "X E", "A E")
        ),
        {"B > A"},
        {"B > X"},
    ),
    "flow.twice": Pair(
        whole(
            '<b:task id="A" name="A"/>'
            + flows("S A", "A E")
            + '<b:sequenceFlow id="g" sourceRef="A" targetRef="E"/>'
        ),
        without='id="g"',
    ),
    "end.passed": Pair(
        whole(AB + '<b:endEvent id="M" name="Xong một nửa"/>' + flows("S A", "A M", "M B", "B E")),
        {"M intermediateThrowEvent “Xong một nửa”"},
        {"M endEvent “Xong một nửa”"},
    ),
    "start.passed": Pair(
        whole(
            AB
            + flows("S A", "A B", "B E")
            + '<b:sequenceFlow id="back" sourceRef="B" targetRef="S"/>'
        ),
        {"S intermediateThrowEvent", "Start_S > S", "Start_S startEvent"},
        {"S startEvent"},
    ),
    "start.added": Pair(
        process(AB + END + flows("A B", "B E")), {"Start_A startEvent", "Start_A > A"}
    ),
    "start.connected": Pair(whole(AB + flows("A B", "B E")), {"S > A"}),
    "start.choice": Pair(
        process(
            '<b:startEvent id="S1" name="Nộp trực tiếp"/><b:startEvent id="S2" name="Nộp trực tuyến"/>'
            + AB
            + END
            + flows("S1 A", "S2 B", "A B", "B E")
        ),
        {
            "S1 intermediateThrowEvent “Nộp trực tiếp”",
            "Start_S1 > Entry_S1",
            "Entry_S1 exclusiveGateway “Bắt đầu từ đâu?”",
            'Entry_S1 > S1 if bat_dau_tu_dau = "nop_truc_tiep"',
            "Entry_S1 > S2 default",
            "reception: bat_dau_tu_dau choice nop_truc_tiep|nop_truc_tuyen required",
        },
        {"S1 startEvent “Nộp trực tiếp”"},
    ),
    "start.parallel": Pair(
        process(AB + '<b:parallelGateway id="J"/>' + END + flows("A J", "B J", "J E")),
        {"Start_A > Entry_A", "Entry_A parallelGateway", "Entry_A > A", "Entry_A > B"},
    ),
    "start.removed": Pair(
        whole('<b:startEvent id="S2" name="Thừa"/><b:task id="A" name="A"/>' + flows("S A", "A E")),
        loses={"S2 startEvent “Thừa”"},
    ),
    "end.added": Pair(process(START + AB + flows("S A", "A B")), {"End_B endEvent", "B > End_B"}),
    "end.connected": Pair(whole(AB + flows("S A", "A B")), {"B > E"}),
    "end.loose": Pair(
        whole(AB + '<b:endEvent id="E2" name="Thừa"/>' + flows("S A", "A B", "B E")),
        loses={"E2 endEvent “Thừa”"},
    ),
    "loop.exit": Pair(
        process(START + AB + flows("S A", "A B", "B A")),
        {
            "B > Exit_B",
            'Exit_B > A if lap_lai = "lap_lai"',
            "Exit_B > End_Exit_B default",
            "B: lap_lai choice lap_lai|ket_thuc required",
        },
        {"B > A"},
    ),
    "loop.person": Pair(
        whole(
            '<b:task id="A" name="A"/><b:exclusiveGateway id="M"/><b:exclusiveGateway id="G"/>'
            + flows("S A", "A M", "M G", "G M", "G E")
        ),
        {"Again_G userTask “Chọn hướng xử lý”", "M > Again_G", "Again_G > G"},
        {"M > G"},
    ),
    "split.parallel": Pair(
        whole(AB + '<b:task id="C" name="Lưu"/>' + flows("S A", "A B", "A C", "B E", "C E")),
        {"A > Split_A", "Split_A parallelGateway", "Split_A > B", "Split_A > C"},
        {"A > B", "A > C"},
    ),
    "split.inclusive": Pair(
        whole(AB + flows("S A", "B E") + conditional("A B", "phi &gt; 0") + conditional("A E")),
        {"Split_A inclusiveGateway", "Split_A > B if phi > 0", "Split_A > E if true"},
        {"A > B if phi > 0"},
    ),
    "split.conditional": Pair(
        whole(AB + flows("S A", "B E") + conditional("A B", "phi &gt; 0")),
        {"Split_A exclusiveGateway", "Split_A > B if phi > 0", "Split_A > End_Split_A default"},
        {"A > B if phi > 0"},
    ),
    "element.unknown": Pair(
        whole('<b:task id="A" name="A"><b:strange/></b:task>' + flows("S A", "A E")),
        without="strange",
    ),
}

WORK = {
    "task.person": Pair(
        through(
            '<b:scriptTask id="X" name="Tính phí" scriptFormat="python"><b:script>phi = 1</b:script></b:scriptTask>'
        ),
        {"X userTask “Tính phí”", "X says Mã lệnh trong sơ đồ gốc (không chạy):\nphi = 1"},
        {"X scriptTask “Tính phí”"},
        without="scriptFormat",
    ),
    "task.quantity": Pair(
        through('<b:task id="X" name="A" startQuantity="2"/>'), without="startQuantity"
    ),
    "task.instantiate": Pair(
        through('<b:receiveTask id="X" name="A" instantiate="true"/>'), without="instantiate"
    ),
    "call.person": Pair(
        through('<b:callActivity id="X" name="Thẩm tra" calledElement="KhongCo"/>'),
        {"X userTask “Thẩm tra”", "X says Làm theo quy trình: KhongCo"},
        {"X callActivity “Thẩm tra”"},
    ),
    "call.embedded": Pair(
        definitions(
            f'<b:process id="P" isExecutable="true" name="Chính">{START}'
            f'<b:callActivity id="X" name="Thẩm tra" calledElement="Q"/>{END}{flows("S X", "X E")}</b:process>'
            '<b:process id="Q" name="Con"><b:startEvent id="QS"/><b:userTask id="QT" name="Xem xét"/>'
            f'<b:endEvent id="QE"/>{flows("QS QT", "QT QE")}</b:process>'
        ),
        {"X subProcess “Thẩm tra”", "X_QT userTask “Xem xét” in X", "X_QS > X_QT", "X_QT > X_QE"},
        {"X callActivity “Thẩm tra”"},
    ),
    "sub-process.empty": Pair(
        through('<b:subProcess id="X" name="Kiểm tra"/>'),
        {"X userTask “Kiểm tra”"},
        {"X subProcess “Kiểm tra”"},
    ),
    "sub-process.transaction": Pair(
        through(
            '<b:transaction id="X" name="Thu phí" method="##Store"><b:task id="A" name="Thu"/></b:transaction>'
        ),
        {"X subProcess “Thu phí”", "Start_A > A"},
        {"X transaction “Thu phí”"},
        without="##Store",
    ),
    "sub-process.ad-hoc": Pair(
        through(
            '<b:adHocSubProcess id="X" name="Lấy ý kiến" ordering="Sequential"><b:task id="A" name="Sở A"/>'
            '<b:task id="B" name="Sở B"/><b:completionCondition>đủ</b:completionCondition></b:adHocSubProcess>'
        ),
        {"X subProcess “Lấy ý kiến”", "A > B", "Start_A > A", "B > End_B"},
        {"X adHocSubProcess “Lấy ý kiến”"},
    ),
    "sub-process.event": Pair(
        whole(
            AB
            + '<b:subProcess id="V" name="Khi rút hồ sơ" triggeredByEvent="true"><b:startEvent id="VS"/>'
            '<b:task id="VT" name="Trả lại giấy tờ"/></b:subProcess>' + flows("S A", "A B", "B E")
        ),
        {"process P_not_run does not run"},
        {"V subProcess “Khi rút hồ sơ”", "VT task “Trả lại giấy tờ” in V"},
        holding="Trả lại giấy tờ",
    ),
    "compensation.aside": Pair(
        whole(
            AB
            + '<b:task id="H" name="Hoàn phí" isForCompensation="true"/>'
            + flows("S A", "A B", "B E")
        ),
        {"process P_not_run does not run"},
        {"H task “Hoàn phí”"},
        holding="Hoàn phí",
    ),
    "compensation.ordinary": Pair(
        through('<b:task id="X" name="A" isForCompensation="true"/>'), without="isForCompensation"
    ),
    "activity.loop": Pair(
        through(
            '<b:task id="X" name="Soát"><b:standardLoopCharacteristics><b:loopCondition>${loi &gt; 0}</b:loopCondition>'
            "</b:standardLoopCharacteristics></b:task>"
        ),
        {"X > Again_X", "Again_X > X if loi > 0", "Again_X > T default", "X: loi number required"},
        {"X > T"},
        without="standardLoop",
    ),
    "activity.instances": Pair(
        through(
            '<b:task id="X" name="Lấy ý kiến"><b:multiInstanceLoopCharacteristics camunda:collection="cacSo"/></b:task>'
        ),
        {
            "X > Again_X",
            "Again_X > X “Lặp lại”",
            'Again_X > X if con_luot_nua = "lap_lai"',
            "Again_X > T default",
        },
        {"X > T"},
        without="multiInstance",
    ),
}

EVENTS = {
    "event.shared": Pair(
        definitions(
            '<b:timerEventDefinition id="TD"><b:timeDuration>P2D</b:timeDuration></b:timerEventDefinition>'
            f'<b:process id="P" name="Q" isExecutable="true">{START}<b:intermediateCatchEvent id="X" name="Chờ">'
            '<b:eventDefinitionRef>TD</b:eventDefinitionRef></b:intermediateCatchEvent><b:task id="T" name="T"/>'
            f"{END}{flows('S X', 'X T', 'T E')}</b:process>"
        ),
        {"X intermediateCatchEvent “Chờ” timer P2D"},
        without="eventDefinitionRef",
    ),
    "event.shared-unknown": Pair(
        through(
            '<b:intermediateThrowEvent id="X" name="Mốc"><b:eventDefinitionRef>ZZ</b:eventDefinitionRef></b:intermediateThrowEvent>'
        ),
        without="eventDefinitionRef",
    ),
    "start.plain": Pair(
        whole("")
        .replace(
            b'<b:startEvent id="S"/>',
            '<b:startEvent id="S" name="Có đơn"><b:messageEventDefinition/></b:startEvent>'.encode(),
        )
        .replace(
            b"</b:process>",
            ('<b:task id="A" name="A"/>' + flows("S A", "A E") + "</b:process>").encode(),
        ),
        {"S startEvent “Có đơn”"},
        {"S startEvent “Có đơn” message"},
    ),
    "link.connected": Pair(
        whole(
            AB
            + '<b:intermediateThrowEvent id="L1"><b:linkEventDefinition name="K"/></b:intermediateThrowEvent>'
            '<b:intermediateCatchEvent id="L2"><b:linkEventDefinition name="K"/></b:intermediateCatchEvent>'
            + flows("S A", "A L1", "L2 B", "B E")
        ),
        {"L1 intermediateThrowEvent “K”", "L2 intermediateThrowEvent “K”", "L1 > L2"},
        {"L1 intermediateThrowEvent link"},
    ),
    "link.alone": Pair(
        through(event("intermediateThrowEvent", "link", "Sang trang 2")),
        {"X intermediateThrowEvent “Sang trang 2”"},
        {"X intermediateThrowEvent “Sang trang 2” link"},
    ),
    "event.awaited": Pair(
        through(event("intermediateCatchEvent", "signal", "Có ý kiến")),
        {"X userTask “Có ý kiến”"},
        {"X intermediateCatchEvent “Có ý kiến” signal"},
    ),
    "event.sent": Pair(
        definitions(
            f'<b:message id="M" name="Giấy mời"/><b:process id="P" name="Q" isExecutable="true">{START}'
            '<b:intermediateThrowEvent id="X"><b:messageEventDefinition messageRef="M"/></b:intermediateThrowEvent>'
            f'<b:task id="T" name="T"/>{END}{flows("S X", "X T", "T E")}</b:process>'
        ),
        {"X userTask “Gửi thông báo: Giấy mời”"},
        {"X intermediateThrowEvent message"},
    ),
    "event.plain": Pair(
        through(event("intermediateCatchEvent", "", "Đã nộp")),
        {"X intermediateThrowEvent “Đã nộp”"},
        {"X intermediateCatchEvent “Đã nộp”"},
    ),
    "end.sent": Pair(
        whole(
            '<b:task id="A" name="A"/>'
            + event("endEvent", "message", "Đã trả")
            + flows("S A", "A X")
        ),
        {
            "Send_X userTask “Gửi thông báo: Đã trả”",
            "A > Send_X",
            "Send_X > X",
            "X endEvent “Đã trả”",
        },
        {"X endEvent “Đã trả” message", "A > X"},
    ),
    "end.plain": Pair(
        whole(
            '<b:task id="A" name="A"/>' + event("endEvent", "error", "Hỏng") + flows("S A", "A X")
        ),
        {"X endEvent “Hỏng”"},
        {"X endEvent “Hỏng” error"},
    ),
    "timer.value": Pair(
        through(
            event(
                "intermediateCatchEvent",
                "timer",
                "Chờ",
                "",
                "<b:timeDuration>timedelta(days=2)</b:timeDuration>",
            )
        ),
        {"X intermediateCatchEvent “Chờ” timer P2D"},
        {"X intermediateCatchEvent “Chờ” timer timedelta(days=2)"},
    ),
    "timer.once": Pair(
        on_border("timer", "Nhắc", "<b:timeCycle>R3/P1D</b:timeCycle>", 'cancelActivity="false"'),
        {"X boundaryEvent “Nhắc” timer P1D @A"},
        {"X boundaryEvent “Nhắc” timer R3/P1D @A"},
    ),
    "timer.from-name": Pair(
        through(event("intermediateCatchEvent", "timer", "Chờ 3 ngày làm việc")),
        {"X intermediateCatchEvent “Chờ 3 ngày làm việc” timer 3 working days"},
        {"X intermediateCatchEvent “Chờ 3 ngày làm việc” timer"},
    ),
    "timer.person": Pair(
        through(event("intermediateCatchEvent", "timer", "Chờ công dân")),
        {"X userTask “Chờ công dân”"},
        {"X intermediateCatchEvent “Chờ công dân” timer"},
    ),
    "boundary.choice": Pair(
        on_border("error"),
        {
            "A > After_A",
            "After_A exclusiveGateway “Kết quả: Thẩm định”",
            'After_A > B if ket_qua_tham_dinh = "ho_so_gia"',
            "After_A > E default",
            "A: ket_qua_tham_dinh choice ho_so_gia|hoan_thanh_binh_thuong required",
        },
        {"X boundaryEvent “Hồ sơ giả” error @A", "X > B"},
    ),
    "boundary.also": Pair(
        on_border("message", "Có đơn bổ sung", "", 'cancelActivity="false"'),
        {
            "Also_A inclusiveGateway",
            "Also_A > E if true",
            "Also_A > B if co_don_bo_sung = true",
            "A: co_don_bo_sung boolean required",
        },
        {"X boundaryEvent “Có đơn bổ sung” message @A"},
    ),
    "boundary.compensation": Pair(
        whole(
            AB
            + event("boundaryEvent", "compensate", "Hoàn", 'attachedToRef="A"')
            + flows("S A", "A B", "B E")
        ),
        loses={"X boundaryEvent “Hoàn” compensate @A"},
    ),
    "boundary.attached": Pair(
        drawn(
            START
            + AB
            + END
            + event("boundaryEvent", "timer", "Quá hạn", "", "<b:timeDuration>P1D</b:timeDuration>")
            + flows("S A", "A E", "X B", "B E"),
            "A 100 100 100 80",
            "X 132 162 36 36",
        ),
        {"X boundaryEvent “Quá hạn” timer P1D @A"},
        {"X boundaryEvent “Quá hạn” timer P1D @None"},
    ),
    "boundary.loose": Pair(
        whole(
            AB
            + event("boundaryEvent", "error", "Lạc", 'attachedToRef="KhongCo"')
            + flows("S A", "A X", "X B", "B E")
        ),
        {"X intermediateThrowEvent “Lạc”"},
        {"X boundaryEvent “Lạc” error @KhongCo"},
    ),
}

CHOICES = {
    "gateway.complex": Pair(
        whole(AB + '<b:complexGateway id="G"/>' + flows("S G", "G A", "G B", "A E", "B E")),
        {"G inclusiveGateway"},
        {"G complexGateway"},
    ),
    "gateway.event-based": Pair(
        whole(
            AB
            + '<b:eventBasedGateway id="G" name="Chờ trả lời"/>'
            + event("intermediateCatchEvent", "message", "Có văn bản", id_="M")
            + event("intermediateCatchEvent", "signal", "Có điện thoại", id_="N")
            + event(
                "intermediateCatchEvent",
                "timer",
                "Hết hạn",
                "",
                "<b:timeDuration>P5D</b:timeDuration>",
                id_="W",
            )
            + flows("S G", "G M", "G N", "G W", "M A", "N A", "W B", "A E", "B E")
        ),
        {
            "G userTask “Chờ trả lời”",
            "W boundaryEvent “Hết hạn” timer P5D @G",
            "G > Which_G",
            'Which_G > M if viec_da_xay_ra = "co_van_ban"',
            "Which_G > N default",
            "G: viec_da_xay_ra choice co_van_ban|co_dien_thoai required",
        },
        {"G eventBasedGateway “Chờ trả lời”", "G > W"},
    ),
    "condition.idle": Pair(
        whole(
            AB
            + '<b:parallelGateway id="G"/>'
            + flows("S G", "A E", "B E")
            + conditional("G A", "phi &gt; 0")
            + conditional("G B")
        ),
        {"G > A “phi > 0”"},
        {"G > A if phi > 0"},
    ),
    "condition.translated": Pair(
        chosen(
            conditional("G B", "${diem &gt; 5 &amp;&amp; loai == 'A'}"),
            conditional("G E", "${diem &lt;= 5}"),
        ),
        {'G > B if diem > 5 and loai = "A"', "G > E if diem <= 5"},
        {"G > B if ${diem > 5 && loai == 'A'}"},
    ),
    "condition.never-weighed": Pair(
        whole(
            AB
            + '<b:exclusiveGateway id="G" default="G_E"/>'
            + flows("S A", "A G", "B E")
            + conditional("G B", "phi &gt; 0")
            + conditional("G E", "các trường hợp khác")
        ),
        {"G > E “các trường hợp khác”"},
        {"G > E if các trường hợp khác"},
    ),
    "gateway.default": Pair(
        chosen(conditional("G B", "phi &gt; 0"), conditional("G E")), {"G > E default"}
    ),
    "gateway.choice": Pair(
        chosen(conditional("G B", name="Đạt"), conditional("G E", name="Không đạt")),
        {
            'G > B if du_dieu_kien = "dat"',
            "G > E default",
            "A: du_dieu_kien choice dat|khong_dat required",
        },
    ),
    "gateway.several": Pair(
        whole(
            AB
            + '<b:inclusiveGateway id="G"/>'
            + flows("S A", "A G", "B E")
            + conditional("G B")
            + conditional("G E", name="Lưu")
        ),
        {
            "G > B if phe_duyet = true",
            "G > E if luu = true or (phe_duyet = false)",
            "A: phe_duyet boolean required",
            "A: luu boolean required",
        },
    ),
    "field.declared": Pair(
        chosen(conditional("G B", 'kq = "dat"'), conditional("G E", 'kq = "hong"')),
        {"A: kq choice dat|hong required"},
    ),
    "form.fields": Pair(
        through(
            '<b:userTask id="X" name="Nhập"><b:extensionElements><camunda:formData><camunda:formField id="so-tien" '
            'label="Số tiền" type="long"/></camunda:formData></b:extensionElements></b:userTask>'
        ),
        {"X: so_tien number"},
        holding="camunda:formField",
    ),
}

DESK = {
    "lane.drawn": Pair(
        drawn(
            '<b:laneSet id="LS"><b:lane id="L" name="Kế toán"/></b:laneSet>'
            + START
            + AB
            + END
            + flows("S A", "A B", "B E"),
            "L 0 0 800 200",
            "S 20 80 36 36",
            "A 100 60 100 80",
            "B 300 60 100 80",
            "E 500 80 36 36",
        ),
        {"A by ke_toan", "B by ke_toan"},
    ),
    "lane.twice": Pair(
        whole(
            '<b:laneSet id="LS"><b:lane id="L" name="Kế toán"><b:flowNodeRef>A</b:flowNodeRef></b:lane>'
            '<b:lane id="M" name="Văn thư"><b:flowNodeRef>A</b:flowNodeRef><b:flowNodeRef>B</b:flowNodeRef></b:lane>'
            "</b:laneSet>" + AB + flows("S A", "A B", "B E")
        ),
        {"A by ke_toan"},
        {"A by van_thu"},
    ),
    "lane.assigned": Pair(
        whole(
            '<b:userTask id="A" name="A" camunda:candidateGroups="Kế toán, Thủ quỹ"/>'
            + flows("S A", "A E")
        ),
        {"A by ke_toan"},
        holding='camunda:candidateGroups="Kế toán, Thủ quỹ"',
    ),
    "limit.due-date": Pair(
        whole(
            '<b:userTask id="A" name="A" camunda:dueDate="${now().plusDays(3)}"/>'
            + flows("S A", "A E")
        ),
        {"A limit 3 days"},
        holding="plusDays(3)",
    ),
    "procedure.name": Pair(
        process(START + AB + END + flows("S A", "A B", "B E"), 'id="P" isExecutable="true"'),
        {"name P"},
        {"name "},
    ),
    "procedure.code": Pair(whole(AB + flows("S A", "A B", "B E")), holding='code="P"'),
    "procedure.case": Pair(whole(AB + flows("S A", "A B", "B E")), {"case normal None"}),
    "drawing.all": Pair(whole(AB + flows("S A", "A B", "B E")), holding="BPMNShape"),
    "drawing.rest": Pair(
        drawn(
            START + AB + END + flows("S A", "A B", "B E"),
            "S 20 80 36 36",
            "A 100 60 100 80",
            "E 500 80 36 36",
        ),
        holding='bpmnElement="B"',
    ),
}

PAIRS = STRUCTURE | WORK | EVENTS | CHOICES | DESK


@pytest.mark.parametrize("kind", PAIRS)
def test_before_and_after(kind):
    pair = PAIRS[kind]
    before, (data, made) = lines(pair.before), apply(pair.before)
    after = lines(data)
    assert kind in {repair.kind for repair in made}
    assert pair.gains <= after, pair.gains - after
    assert not pair.gains & before, "was there before"
    assert pair.loses <= before, pair.loses - before
    assert not pair.loses & after, pair.loses & after
    assert not pair.without or pair.without.encode() in pair.before
    assert not pair.without or pair.without.encode() not in data
    assert pair.holding.encode() in data


@pytest.mark.parametrize("kind", PAIRS)
def test_a_repaired_file_needs_no_repair(kind):
    data, _ = apply(PAIRS[kind].before)
    assert propose(parse(data)) == ()
    assert apply(data) == (data, ())


@pytest.mark.parametrize("kind", PAIRS)
def test_a_repair_says_what_and_why_in_both_languages(kind):
    for repair in propose(parse(PAIRS[kind].before)):
        assert repair.vi[0].isupper() or not repair.vi[0].isalpha()
        assert repair.vi.endswith(".")
        assert repair.en.endswith(".")
        assert repair.vi != repair.en
        assert not UNFILLED.search(repair.vi + repair.en)
        assert repair.before
        assert repair.after
        assert repair.before != repair.after


def test_every_kind_of_repair_has_a_pair():
    assert {kind.code for kind in KINDS} == set(PAIRS)


def test_kinds_have_codes_of_their_own():
    assert len({kind.code for kind in KINDS}) == len(KINDS)
