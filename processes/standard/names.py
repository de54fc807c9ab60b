"""What the elements of BPMN are called in a sentence for designers."""

from processes.diagram import KIND_WORDS
from processes.rule import Words

_OTHERS = {
    "definitions": Words("tệp", "file"),
    "process": Words("quy trình", "process"),
    "collaboration": Words("sơ đồ cộng tác", "collaboration"),
    "choreography": Words("biên đạo", "choreography"),
    "globalConversation": Words("hội thoại dùng chung", "global conversation"),
    "participant": Words("bể", "pool"),
    "laneSet": Words("tập làn", "lane set"),
    "lane": Words("làn", "lane"),
    "sequenceFlow": Words("luồng", "flow"),
    "messageFlow": Words("luồng thông điệp", "message flow"),
    "message": Words("thông điệp", "message"),
    "signal": Words("tín hiệu", "signal"),
    "error": Words("lỗi", "error"),
    "escalation": Words("việc báo cấp trên", "escalation"),
    "association": Words("đường nối", "association"),
    "textAnnotation": Words("ghi chú", "text annotation"),
    "group": Words("nhóm", "group"),
    "dataObject": Words("đối tượng dữ liệu", "data object"),
    "dataObjectReference": Words("tham chiếu dữ liệu", "data object reference"),
    "dataStore": Words("kho dữ liệu", "data store"),
    "dataStoreReference": Words("tham chiếu kho dữ liệu", "data store reference"),
    "dataInput": Words("dữ liệu vào", "data input"),
    "dataOutput": Words("dữ liệu ra", "data output"),
    "property": Words("thuộc tính dữ liệu", "property"),
    "dataInputAssociation": Words("đường dữ liệu vào", "data input association"),
    "dataOutputAssociation": Words("đường dữ liệu ra", "data output association"),
    "itemDefinition": Words("kiểu dữ liệu", "item definition"),
    "interface": Words("giao diện dịch vụ", "interface"),
    "operation": Words("thao tác dịch vụ", "operation"),
    "resource": Words("nguồn lực", "resource"),
    "conversation": Words("hội thoại", "conversation"),
    "subConversation": Words("hội thoại con", "sub-conversation"),
    "callConversation": Words("hội thoại gọi", "call conversation"),
    "choreographyTask": Words("bước biên đạo", "choreography task"),
    "subChoreography": Words("biên đạo con", "sub-choreography"),
    "callChoreography": Words("biên đạo gọi", "call choreography"),
    "BPMNShape": Words("hình vẽ", "shape"),
    "BPMNEdge": Words("đường vẽ", "edge"),
    "BPMNPlane": Words("mặt vẽ", "plane"),
    "BPMNDiagram": Words("bản vẽ", "drawing"),
}
KINDS: dict[str, Words] = {**{str(kind): words for kind, words in KIND_WORDS.items()}, **_OTHERS}


def kind_words(kind: str) -> Words:
    """The name of a kind of element; the standard's own where people have none."""
    return KINDS.get(kind, Words(kind, kind))
