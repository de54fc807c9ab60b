"""Lanes and data; the drawing."""

from tests.processes.standard.models import catch, drawing, file, pools, process, sub, task, throw

T, U = task("T"), task("U")
OBJECT, TYPES = (
    '<b:dataObject id="O" itemSubjectRef="{}"/>',
    '<b:itemDefinition id="N" structureRef="number"/><b:itemDefinition id="W" structureRef="text"/>',
)
STORED = '<b:dataObject id="O"/>'
SOURCE, TARGET = "<b:sourceRef>{}</b:sourceRef>", "<b:targetRef>{}</b:targetRef>"
IO = (
    '<b:ioSpecification><b:dataInput id="I" {0}/><b:dataOutput id="Out"/>'
    "<b:inputSet><b:dataInputRefs>I</b:dataInputRefs></b:inputSet>"
    "<b:outputSet><b:dataOutputRefs>Out</b:dataOutputRefs></b:outputSet></b:ioSpecification>"
)


def lanes(*members):
    inside = "".join(
        f'<b:lane id="L{i}">'
        + "".join(f"<b:flowNodeRef>{m}</b:flowNodeRef>" for m in names)
        + "</b:lane>"
        for i, names in enumerate(members)
    )
    return f'<b:laneSet id="Ls">{inside}</b:laneSet>'


def given(inside, item=""):
    return task(
        "T", IO.format(item) + f'<b:dataInputAssociation id="A">{inside}</b:dataInputAssociation>'
    )


def produced(inside):
    return task(
        "T", IO.format("") + f'<b:dataOutputAssociation id="A">{inside}</b:dataOutputAssociation>'
    )


def io(inside):
    return process(task("T", f"<b:ioSpecification>{inside}</b:ioSpecification>"))


def shape(element, attributes="", inside='<dc:Bounds x="0" y="0" width="100" height="80"/>'):
    return f'<di:BPMNShape id="s_{element}" bpmnElement="{element}" {attributes}>{inside}</di:BPMNShape>'


POINT = '<dd:waypoint x="1" y="2"/>'


def edge(element, attributes="", inside=POINT + POINT):
    return (
        f'<di:BPMNEdge id="e_{element}" bpmnElement="{element}" {attributes}>{inside}</di:BPMNEdge>'
    )


IN, OUT = SOURCE.format("O") + TARGET.format("I"), SOURCE.format("Out") + TARGET.format("O")
BOTH_SETS = "<b:inputSet/><b:outputSet/>"
PARTITIONED = (
    '<b:laneSet id="Ls"><b:lane id="L0" {}><b:partitionElement id="Part"/></b:lane></b:laneSet>'
)

CASES = {
    "std-lane-node-twice": (process(lanes(["T"], ["T"]) + T), process(lanes(["T"], ["U"]) + T + U)),
    "std-lane-foreign-node": (
        pools(inside_p=lanes(["U"]), inside_q=U),
        pools(inside_p=lanes(["U"]) + U),
    ),
    "std-lane-partition-twice": (
        process(PARTITIONED.format('partitionElementRef="P"')),
        process(PARTITIONED.format("")),
    ),
    "std-lane-choreography": (
        file(f'<b:choreography id="H">{lanes([])}</b:choreography>'),
        process(lanes([])),
    ),
    "std-data-object-scope": (
        process(sub(STORED) + '<b:dataObjectReference id="R" dataObjectRef="O"/>'),
        process(STORED + sub('<b:dataObjectReference id="R" dataObjectRef="O"/>')),
    ),
    "std-data-association-target": (
        process(STORED + given(SOURCE.format("O"))),
        process(STORED + given(IN)),
    ),
    "std-data-association-source": (
        process(STORED + given(TARGET.format("I"))),
        process(STORED + given(IN)),
    ),
    "std-data-association-sources": (
        process(STORED + given(SOURCE.format("O") + IN)),
        process(STORED + given(SOURCE.format("O") + IN + "<b:transformation>x</b:transformation>")),
    ),
    "std-data-input-elsewhere": (
        process(STORED + given(SOURCE.format("O") + TARGET.format("O"))),
        process(STORED + given(IN)),
    ),
    "std-data-output-elsewhere": (
        process(STORED + produced(SOURCE.format("O") + TARGET.format("O"))),
        process(STORED + produced(OUT)),
    ),
    "std-data-association-items": (
        process(OBJECT.format("W") + given(IN, 'itemSubjectRef="N"'), TYPES),
        process(OBJECT.format("N") + given(IN, 'itemSubjectRef="N"'), TYPES),
    ),
    "std-io-input-set": (io("<b:outputSet/>"), io(BOTH_SETS)),
    "std-io-output-set": (io("<b:inputSet/>"), io(BOTH_SETS)),
    "std-io-input-unused": (
        io('<b:dataInput id="I"/>' + BOTH_SETS),
        process(task("T", IO.format(""))),
    ),
    "std-io-output-unused": (
        io('<b:dataOutput id="I"/>' + BOTH_SETS),
        process(task("T", IO.format(""))),
    ),
    "std-catch-data-input": (
        process(catch("A", '<b:dataInput id="I"/><b:signalEventDefinition/>')),
        process(catch("A", '<b:dataOutput id="I"/><b:signalEventDefinition/>')),
    ),
    "std-throw-data-output": (
        process(throw("A", '<b:dataOutput id="I"/>')),
        process(throw("A", '<b:dataInput id="I"/>')),
    ),
    "std-shape-of-nothing": (drawing('<di:BPMNShape id="s"/>'), drawing(shape("T"))),
    "std-shape-unknown-element": (drawing(shape("Gone")), drawing(shape("T"))),
    "std-shape-of-a-line": (drawing(shape("T_U")), drawing(shape("T"))),
    "std-edge-of-a-node": (drawing(edge("T")), drawing(edge("T_U"))),
    "std-shape-bounds": (
        drawing(shape("T", inside='<dc:Bounds x="0" y="0" width="NaN" height="80"/>')),
        drawing(shape("T")),
    ),
    "std-edge-waypoints": (drawing(edge("T_U", inside=POINT)), drawing(edge("T_U"))),
    "std-shape-twice": (drawing(shape("T") + shape("T")), drawing(shape("T") + shape("U"))),
    "std-edge-end": (
        drawing(edge("T_U", 'sourceElement="Gone"')),
        drawing(shape("T") + edge("T_U", 'sourceElement="s_T"')),
    ),
    "std-plane-element": (drawing("", plane="T"), drawing("")),
    "std-shape-mark": (
        drawing(shape("T", 'isMarkerVisible="true"')),
        drawing(shape("G", 'isMarkerVisible="true"'), '<b:exclusiveGateway id="G"/>'),
    ),
    "std-label-style": (
        drawing(
            shape(
                "T",
                inside='<dc:Bounds x="0" y="0" width="9" height="8"/><di:BPMNLabel labelStyle="Gone"/>',
            )
        ),
        drawing(
            shape(
                "T",
                inside='<dc:Bounds x="0" y="0" width="9" height="8"/><di:BPMNLabel labelStyle="Style"/>',
            )
        ),
    ),
}
