"""The table of BPMN 2.0: which constructs run, which are only drawn, which are refused.

A construct's code is the element's name, for events with the event definition
("boundaryEvent.message"), for markers with the marker ("activity.standardLoop").
"""

from collections.abc import Iterator, Mapping

from processes.diagram import KIND_WORDS, EventKind, NodeKind
from processes.rule import Words
from processes.support.construct import Construct, Verdict
from processes.support.event_restrictions import EVENT_RESTRICTIONS
from processes.support.restrictions import RESTRICTIONS

NONE = "none"
MULTIPLE = "multiple"
EVENTS = (
    *(NodeKind.START, NodeKind.CATCH, NodeKind.BOUNDARY),
    *(NodeKind.THROW, NodeKind.END),
)

_CAUGHT = (
    *(EventKind.MESSAGE, EventKind.SIGNAL, EventKind.TIMER, EventKind.CONDITIONAL),
    MULTIPLE,
)
_THROWN = (
    *(NONE, EventKind.MESSAGE, EventKind.SIGNAL, EventKind.ESCALATION, EventKind.COMPENSATE),
    MULTIPLE,
)
_OUTWARDS = (EventKind.ERROR, EventKind.ESCALATION)
_RUNNING: Mapping[NodeKind, frozenset[str]] = {
    NodeKind.START: frozenset({NONE, *_CAUGHT, *_OUTWARDS}),
    NodeKind.CATCH: frozenset({*_CAUGHT, EventKind.LINK}),
    NodeKind.BOUNDARY: frozenset({*_CAUGHT, *_OUTWARDS, EventKind.CANCEL, EventKind.COMPENSATE}),
    NodeKind.THROW: frozenset({*_THROWN, EventKind.LINK}),
    NodeKind.END: frozenset({*_THROWN, EventKind.ERROR, EventKind.CANCEL, EventKind.TERMINATE}),
}

_PERSON = Words(
    "Đổi thành bước của người dùng: một người làm rồi xác nhận hoàn thành.",
    "Make it a user task: a person does it and completes the step.",
)
_BRANCH = Words(
    "Dùng cổng loại trừ với điều kiện FEEL trên các luồng ra.",
    "Use an exclusive gateway with FEEL conditions on its outgoing flows.",
)
_INSIDE = Words(
    "Vẽ các bước đó trong một quy trình con (sub-process) của sơ đồ này.",
    "Draw those steps in an embedded sub-process of this diagram.",
)
_EVENT_WORDS = {
    NONE: Words("không loại", "none"),
    MULTIPLE: Words("nhiều loại cùng lúc", "multiple"),
    EventKind.CANCEL: Words("hủy", "cancel"),
    EventKind.COMPENSATE: Words("bù trừ", "compensation"),
    EventKind.CONDITIONAL: Words("điều kiện", "conditional"),
    EventKind.ERROR: Words("lỗi", "error"),
    EventKind.ESCALATION: Words("báo cấp trên", "escalation"),
    EventKind.LINK: Words("liên kết", "link"),
    EventKind.MESSAGE: Words("thông điệp", "message"),
    EventKind.SIGNAL: Words("tín hiệu", "signal"),
    EventKind.TERMINATE: Words("chấm dứt", "terminate"),
    EventKind.TIMER: Words("hẹn giờ", "timer"),
}
_EVENT_ADVICE: Mapping[str, Words] = {
    NONE: Words(
        "Chọn loại hẹn giờ cho sự kiện, hoặc bỏ sự kiện.",
        "Make it a timer event, or remove it.",
    ),
    EventKind.CANCEL: Words(
        "Chỉ dùng loại hủy ở sự kiện kết thúc trong giao dịch và gắn trên giao dịch.",
        "Use cancel at end events of a transaction and on its border only.",
    ),
    EventKind.COMPENSATE: Words(
        "Chỉ dùng bù trừ ở sự kiện phát, sự kiện kết thúc và gắn trên bước.",
        "Use compensation at throw and end events and on the border of steps only.",
    ),
    EventKind.CONDITIONAL: _BRANCH,
    EventKind.ERROR: Words(
        "Chỉ dùng loại lỗi ở sự kiện kết thúc, gắn trên bước, hoặc mở quy trình con theo sự kiện.",
        "Use errors at end events, on borders and to start event sub-processes only.",
    ),
    EventKind.ESCALATION: Words(
        "Chỉ phát ở sự kiện phát hoặc kết thúc, nhận ở sự kiện gắn trên bước.",
        "Throw it at throw or end events, catch it on the border of a step.",
    ),
    EventKind.LINK: Words(
        "Chỉ dùng liên kết ở sự kiện trung gian phát và chờ.",
        "Use links at intermediate throw and catch events only.",
    ),
    EventKind.TERMINATE: Words(
        "Chỉ dùng loại chấm dứt ở sự kiện kết thúc.",
        "Use terminate at end events only.",
    ),
    EventKind.TIMER: Words(
        "Chỉ dùng hẹn giờ ở sự kiện trung gian chờ hoặc gắn trên bước.",
        "Use timers at intermediate catch events and on the boundary of steps only.",
    ),
}
_START_ADVICE = Words(
    "Hồ sơ bắt đầu khi được tiếp nhận: dùng sự kiện bắt đầu không loại.",
    "A dossier begins when it is received: use a start event without a definition.",
)

_REFUSED_NODES = {
    NodeKind.SERVICE_TASK: _PERSON,
    NodeKind.SCRIPT_TASK: Words(
        "Không mã lệnh nào trong sơ đồ được chạy. " + _PERSON.vi,
        "No code of a diagram is ever run. " + _PERSON.en,
    ),
    NodeKind.BUSINESS_RULE_TASK: _BRANCH,
    NodeKind.CALL_ACTIVITY: _INSIDE,
    NodeKind.IMPLICIT_THROW: Words("Bỏ phần tử này.", "Remove it."),
    NodeKind.ANY_EVENT: Words("Chọn một loại sự kiện cụ thể.", "Choose a concrete kind of event."),
}

_MARKERS = (
    Construct("activity.standardLoop", Verdict.RUNS, Words("dấu lặp", "loop marker")),
    Construct(
        "activity.multiInstance", Verdict.RUNS, Words("dấu nhiều lượt", "multi-instance marker")
    ),
    *RESTRICTIONS,
    *EVENT_RESTRICTIONS,
    Construct("activity.compensation", Verdict.RUNS, Words("bước bù trừ", "compensation activity")),
    Construct(
        "activity.quantity",
        Verdict.RUNS,
        Words("số thẻ khác 1 (startQuantity, completionQuantity)", "token quantity other than 1"),
    ),
    Construct(
        "receiveTask.instantiate",
        Verdict.REFUSED,
        Words("bước nhận tự mở hồ sơ", "instantiating receive task"),
        _START_ADVICE,
    ),
    Construct(
        "subProcess.event", Verdict.RUNS, Words("quy trình con theo sự kiện", "event sub-process")
    ),
    Construct(
        "event.eventDefinitionRef",
        Verdict.RUNS,
        Words("định nghĩa sự kiện dùng chung", "shared event definition"),
    ),
    Construct("timer.timeCycle", Verdict.RUNS, Words("hẹn giờ lặp lại", "cycle timer")),
    Construct("timer.timeDate", Verdict.RUNS, Words("mốc thời gian ISO 8601", "ISO 8601 date")),
    Construct(
        "timer.timeDuration",
        Verdict.RUNS,
        Words("khoảng thời gian ISO 8601", "ISO 8601 duration"),
    ),
    Construct(
        "timer.limit",
        Verdict.RUNS,
        Words("khoảng thời gian làm việc (qt:limit)", "working time (qt:limit)"),
    ),
)

_FLOWS = (
    Construct("sequenceFlow", Verdict.RUNS, Words("luồng", "sequence flow")),
    Construct(
        "sequenceFlow.condition",
        Verdict.RUNS,
        Words("điều kiện FEEL sau cổng loại trừ, bao hàm", "FEEL condition behind a gateway"),
    ),
    Construct(
        "sequenceFlow.conditionAfterActivity",
        Verdict.RUNS,
        Words("điều kiện trên luồng ra của bước", "condition on a flow out of an activity"),
    ),
    Construct(
        "activity.default",
        Verdict.RUNS,
        Words("luồng mặc định của bước", "default flow of an activity"),
    ),
    Construct(
        "activity.severalFlows",
        Verdict.RUNS,
        Words("nhiều luồng ra của bước", "several flows out of an activity"),
    ),
    Construct(
        "event.severalFlows",
        Verdict.RUNS,
        Words("nhiều luồng ra của sự kiện", "several flows out of an event"),
    ),
    Construct(
        "subProcess.implicitStart",
        Verdict.RUNS,
        Words("quy trình con không có sự kiện bắt đầu", "sub-process without a start event"),
    ),
    Construct(
        "subProcess.implicitEnd",
        Verdict.RUNS,
        Words("quy trình con không có sự kiện kết thúc", "sub-process without an end event"),
    ),
    Construct(
        "sequenceFlow.conditionElsewhere",
        Verdict.REFUSED,
        Words(
            "điều kiện trên luồng không ra từ cổng loại trừ hay bao hàm",
            "condition on a flow out of neither an exclusive nor an inclusive gateway",
        ),
        Words(
            "Bỏ điều kiện, hoặc thay bằng cổng loại trừ.",
            "Remove the condition, or use an exclusive gateway.",
        ),
    ),
)

_PROCESSES = (
    Construct(
        "process.second",
        Verdict.REFUSED,
        Words("quy trình thực thi thứ hai trong tệp", "second executable process of the file"),
        Words(
            "Chỉ để một quy trình isExecutable; tách quy trình kia thành tệp riêng.",
            "Leave one process executable and put the other into a file of its own.",
        ),
    ),
    Construct(
        "process.other",
        Verdict.DRAWN,
        Words("quy trình không thực thi bên cạnh", "other process that is not executable"),
        Words(
            "Các bước trong đó chỉ là minh họa, không ai được giao.",
            "Its steps are documentation only; nobody will be assigned to them.",
        ),
    ),
    Construct(
        "choreography",
        Verdict.REFUSED,
        Words("biên đạo (choreography)", "choreography"),
        Words("Vẽ thành quy trình (process).", "Draw it as a process."),
    ),
)

_PERFORMER = Words(
    "Người thực hiện được lấy từ làn: ghi chức danh ở qt:assignment của làn.",
    "Who does a step comes from its lane: state the position in the lane's qt:assignment.",
)
_DRAWN = {
    "participant": Words("bể của bên ngoài", "black-box pool"),
    "messageFlow": Words("luồng thông điệp", "message flow"),
    "textAnnotation": Words("ghi chú", "text annotation"),
    "association": Words("đường nối ghi chú", "association"),
    "group": Words("nhóm", "group"),
    "dataObject": Words("đối tượng dữ liệu", "data object"),
    "dataObjectReference": Words("tham chiếu dữ liệu", "data object reference"),
    "dataStoreReference": Words("kho dữ liệu", "data store"),
    "dataInputAssociation": Words("dữ liệu vào", "data input association"),
    "dataOutputAssociation": Words("dữ liệu ra", "data output association"),
    "ioSpecification": Words("đặc tả dữ liệu", "input/output specification"),
    "property": Words("thuộc tính dữ liệu", "property"),
    "documentation": Words("mô tả", "documentation"),
    "categoryValueRef": Words("nhóm phân loại", "category"),
    "auditing": Words("kiểm toán", "auditing"),
    "monitoring": Words("giám sát", "monitoring"),
    "extensionElements": Words("phần mở rộng", "extension elements"),
}
_PERFORMERS = ("resourceRole", "performer", "humanPerformer", "potentialOwner")

_UNKNOWN = Construct(
    "unknown",
    Verdict.REFUSED,
    Words("phần tử BPMN không rõ", "unknown BPMN element"),
    Words("Bỏ phần tử này hoặc vẽ lại bằng phần tử chuẩn.", "Remove it or redraw it."),
)


def _nodes() -> Iterator[Construct]:
    for kind, words in KIND_WORDS.items():
        if kind in EVENTS:
            continue
        advice = _REFUSED_NODES.get(kind)
        yield Construct(kind, Verdict.REFUSED if advice else Verdict.RUNS, words, advice)


def _events() -> Iterator[Construct]:
    for node in EVENTS:
        for event, event_words in _EVENT_WORDS.items():
            node_words = KIND_WORDS[node]
            words = Words(
                f"{node_words.vi} {event_words.vi}",
                node_words.en if event is NONE else f"{event_words.en} {node_words.en}",
            )
            runs = event in _RUNNING[node]
            verdict, advice = Verdict.RUNS, None
            if not runs:
                verdict = Verdict.REFUSED
                advice = _START_ADVICE if node is NodeKind.START else _EVENT_ADVICE[event]
            yield Construct(f"{node}.{event}", verdict, words, advice)


def _drawn() -> Iterator[Construct]:
    for name, words in _DRAWN.items():
        yield Construct(name, Verdict.DRAWN, words)
    for name in _PERFORMERS:
        words = Words("người thực hiện theo chuẩn BPMN", "BPMN resource role")
        yield Construct(name, Verdict.DRAWN, words, _PERFORMER)


CONSTRUCTS: Mapping[str, Construct] = {
    construct.code: construct
    for construct in (
        *(*_nodes(), *_events(), *_MARKERS, *_FLOWS, *_PROCESSES),
        *(Construct("lane", Verdict.RUNS, Words("làn", "lane")), *_drawn(), _UNKNOWN),
    )
}
"""Every construct by its code."""
