"""Files made to hurt: sizes, cycles, references to nothing, everything at its largest.

`DRAWN`: what such a diagram is called, and the file. Each keeps to the caps of
`processes.document`, so that all the rooms behind it have to cope.
"""

from xml.sax.saxutils import escape

_BPMN = 'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
_OPEN = f'<definitions {_BPMN} id="D" targetNamespace="urn:x">'
_GATEWAYS = ("exclusive", "parallel", "inclusive", "complex", "eventBased")
START, END = '<startEvent id="s"/>', '<endEvent id="e"/>'


def process(body: str, beside: str = "") -> bytes:
    inner = f'<process id="P" isExecutable="true">{body}</process>{beside}'
    return f"{_OPEN}{inner}</definitions>".encode()


def flow(source: str, target: str, condition: str = "", key: object = "") -> str:
    inner = f"<conditionExpression>{escape(condition)}</conditionExpression>" if condition else ""
    ends = f'sourceRef="{source}" targetRef="{target}"'
    return f'<sequenceFlow id="{source}-{target}{key}" {ends}>{inner}</sequenceFlow>'


def flows(*ways: str) -> str:
    """Flows along each "a b c"."""
    pairs = [pair for way in ways for pair in zip(way.split(), way.split()[1:], strict=False)]
    return "".join(flow(*pair) for pair in pairs)


def chain(kind: str, length: int = 400) -> bytes:
    ids = [f"n{i}" for i in range(length)]
    nodes = "".join(f'<{kind} id="{each}"/>' for each in ids)
    return process(START + nodes + END + flows(" ".join(["s", *ids, "e"])))


def fan(kind: str, width: int = 490) -> bytes:
    """One gateway to so many steps and back into one."""
    ids = [f"n{i}" for i in range(width)]
    gates = f'<{kind}Gateway id="g"/><{kind}Gateway id="j"/>'
    nodes = "".join(f'<userTask id="{each}"/>' for each in ids)
    ways = flows("s g", "j e", *(f"g {each} j" for each in ids))
    return process(START + gates + nodes + END + ways)


def bundle(kind: str, flows_count: int) -> bytes:
    """So many flows from one gateway to one step."""
    ways = "".join(flow("g", "t", key=i) for i in range(flows_count))
    body = f'{START}<{kind}Gateway id="g"/><userTask id="t"/>{END}{flows("s g", "t e")}{ways}'
    return process(body)


def web(kind: str, size: int = 25) -> bytes:
    """Every gateway leads to every other one."""
    gates = "".join(f'<{kind}Gateway id="g{i}"/>' for i in range(size))
    ways = [f"g{i} g{j}" for i in range(size) for j in range(size) if i != j]
    return process(START + gates + END + flows("s g0", f"g{size - 1} e", *ways))


def ladder(kind: str, rungs: int = 100) -> bytes:
    """Split and join, again and again: 2^rungs ways."""
    nodes, ways = "", ["s g0"]
    for i in range(rungs):
        nodes += f'<{kind}Gateway id="g{i}"/><{kind}Gateway id="j{i}"/>'
        nodes += f'<userTask id="a{i}"/><userTask id="b{i}"/>'
        after = f"g{i + 1}" if i < rungs - 1 else "e"
        ways += [f"g{i} a{i} j{i} {after}", f"g{i} b{i} j{i}"]
    return process(START + nodes + END + flows(*ways))


def calling(called: str, beside: str = "") -> bytes:
    call = f'{START}<callActivity id="c" calledElement="{called}"/>{END}{flows("s c e")}'
    return process(call, beside)


def call_tree(depth: int = 30, width: int = 6) -> str:
    """Each process calls the next one so many times: width^depth calls."""
    found = ""
    for level in range(depth):
        ids = [f"c{level}-{i}" for i in range(width)]
        calls = "".join(f'<callActivity id="{c}" calledElement="Q{level + 1}"/>' for c in ids)
        ends = f'<startEvent id="s{level}"/>{calls}<endEvent id="e{level}"/>'
        ways = flows(" ".join([f"s{level}", *ids, f"e{level}"]))
        found += f'<process id="Q{level}">{ends}{ways}</process>'
    return found


def deciding(*conditions: str) -> bytes:
    ways = "".join(flow("g", "e", text, key=i) for i, text in enumerate(conditions))
    return process(f'{START}<exclusiveGateway id="g"/>{END}{flows("s g")}{ways}')


def links(number: int = 200) -> bytes:
    """Each link leads to the next one, the last to the first."""
    nodes, ways = "", ["s t0"]
    for i in range(number):
        definition = f'<linkEventDefinition name="x{i}"/>'
        nodes += f'<intermediateThrowEvent id="t{i}">{definition}</intermediateThrowEvent>'
        nodes += f'<intermediateCatchEvent id="c{i}">{definition}</intermediateCatchEvent>'
        ways.append(f"c{i} t{(i + 1) % number}")
    return process(START + nodes + flows(*ways))


def pools(number: int = 120) -> bytes:
    """Every pool sends to the next one, the last to the first."""
    people = "".join(f'<participant id="p{i}" processRef="P{i}"/>' for i in range(number))
    messages = "".join(
        f'<messageFlow id="m{i}" sourceRef="t{i}" targetRef="t{(i + 1) % number}"/>'
        for i in range(number)
    )
    processes = "".join(
        f'<process id="P{i}"><startEvent id="s{i}"/><sendTask id="t{i}"/><endEvent id="e{i}"/>'
        f"{flows(f's{i} t{i} e{i}')}</process>"
        for i in range(number)
    )
    collaboration = f'<collaboration id="C">{people}{messages}</collaboration>'
    return f"{_OPEN}{collaboration}{processes}</definitions>".encode()


def timers(number: int = 400) -> bytes:
    border = "".join(
        f'<boundaryEvent id="b{i}" attachedToRef="t"><timerEventDefinition><timeDuration>P1D'
        f"</timeDuration></timerEventDefinition></boundaryEvent>{flow(f'b{i}', 't')}"
        for i in range(number)
    )
    return process(f'{START}<userTask id="t"/>{END}{flows("s t e")}{border}')


def timer(text: str) -> bytes:
    stated = f"<timerEventDefinition><timeDuration>{text}</timeDuration></timerEventDefinition>"
    event = f'<intermediateCatchEvent id="c">{stated}</intermediateCatchEvent>'
    return process(START + event + END + flows("s c e"))


_PLAIN = f'{START}<userTask id="t"/>{END}{flows("s t e")}'
_LANES_IN_CIRCLES = (
    '<laneSet id="L"><lane id="A"><flowNodeRef>A</flowNodeRef><flowNodeRef>B</flowNodeRef>'
    '<childLaneSet id="M"><lane id="B"><flowNodeRef>A</flowNodeRef><flowNodeRef>t</flowNodeRef>'
    "</lane></childLaneSet></lane></laneSet>"
)
_BORDERS_IN_CIRCLES = (
    '<boundaryEvent id="b" attachedToRef="b"/><boundaryEvent id="c" attachedToRef="d"/>'
    '<boundaryEvent id="d" attachedToRef="c"/>'
)
_READS_NOTHING = (
    '<dataObjectReference id="r" dataObjectRef="nothing"/><startEvent id="s"/><userTask id="t">'
    '<ioSpecification><dataInput id="i"/></ioSpecification><dataInputAssociation id="a">'
    "<sourceRef>r</sourceRef><targetRef>i</targetRef></dataInputAssociation></userTask>"
    f"{END}{flows('s t e')}"
)
_CALLS_BACK = (
    '<process id="Q"><startEvent id="qs"/><callActivity id="qc" calledElement="P"/>'
    f'<endEvent id="qe"/>{flows("qs qc qe")}</process>'
)
_SAME_IDS = '<userTask id="t"/>' * 400 + '<sequenceFlow id="t" sourceRef="t" targetRef="t"/>' * 500

DRAWN: dict[str, bytes] = {
    **{f"fan-{kind}": fan(kind) for kind in _GATEWAYS},
    **{f"bundle-{kind}": bundle(kind, 500) for kind in _GATEWAYS},
    **{f"web-{kind}": web(kind) for kind in _GATEWAYS},
    **{f"ladder-{kind}": ladder(kind) for kind in _GATEWAYS},
    **{f"chain-{kind}": chain(kind) for kind in ("userTask", "subProcess", "exclusiveGateway")},
    "calls-itself": calling("P"),
    "calls-in-circles": calling("Q", _CALLS_BACK),
    "calls-for-ever": calling("Q0", call_tree()),
    "sub-process-in-itself": process(f'{START}<subProcess id="P">{END}</subProcess>{flows("s P")}'),
    "sub-processes-90-deep": process(
        "".join(f'<subProcess id="n{i}">' for i in range(90)) + "</subProcess>" * 90
    ),
    "data-reference-to-nothing": process(_READS_NOTHING),
    "data-reference-to-itself": process(f'{_PLAIN}<dataObjectReference id="r" dataObjectRef="r"/>'),
    "4000-data-references": process(
        "".join(f'<dataObjectReference id="r{i}" dataObjectRef="r{i + 1}"/>' for i in range(4_000))
        + _PLAIN
    ),
    "lanes-in-circles": process(_LANES_IN_CIRCLES + _PLAIN),
    "4000-lanes-of-one-step": process(
        "<laneSet>"
        + "".join(f'<lane id="l{i}"><flowNodeRef>t</flowNodeRef></lane>' for i in range(4_000))
        + f"</laneSet>{_PLAIN}"
    ),
    "borders-in-circles": process(_PLAIN + _BORDERS_IN_CIRCLES),
    "400-timers-on-one-step": timers(),
    "flow-to-itself": process(f'{START}<exclusiveGateway id="g"/>{flows("s g g")}'),
    "flows-to-nothing": process(f"{_PLAIN}{flows('t nowhere', 'nowhere t', 'x y')}"),
    "flow-across-levels": process(
        f'{START}<subProcess id="p"><userTask id="t"/>{flows("t e", "s t")}</subProcess>{END}'
    ),
    "links-in-circles": links(),
    "pools-in-circles": pools(),
    "ids-all-the-same": process(_SAME_IDS),
    "empty-ids": process('<userTask id=""/><userTask/><sequenceFlow sourceRef="" targetRef=""/>'),
    "500-starts": process("".join(f'<startEvent id="s{i}"/>' for i in range(499))),
    "empty-process": process(""),
    "no-process": f"{_OPEN}</definitions>".encode(),
    "names-and-ids-at-their-longest": process(
        f'{START}<userTask id="{"t" * 255}" name="{"Ă" * 9_999}"/>{END}' + flows(f"s {'t' * 255} e")
    ),
    "conditions-deep": deciding("(" * 3_000 + "1" + ")" * 3_000 + " = 1", "-" * 3_000 + "1 = 1"),
    "conditions-deep-elsewhere": deciding("${" + "(" * 3_000 + "1}", "${" + "!" * 3_000 + "x}"),
    "condition-long": deciding(" + ".join(["1"] * 300_000)),
    "conditions-many": deciding(*(f"x{i} > {i}" for i in range(300))),
    "timer-of-many-digits": timer("P" + "9" * 5_000 + "Y"),
    "timer-for-ever": timer("R/P1D"),
    "cardinality-huge": process(
        f'{START}<userTask id="t"><multiInstanceLoopCharacteristics><loopCardinality>9999999999'
        f"</loopCardinality></multiInstanceLoopCharacteristics></userTask>{END}{flows('s t e')}"
    ),
    "text-of-1.9-million": process(f"<documentation>{'x' * 1_900_000}</documentation>{_PLAIN}"),
    "9000-notes": process("<documentation>x</documentation>" * 9_000 + _PLAIN),
}

REFUSED: dict[str, tuple[bytes, str]] = {
    "5000-nodes": (chain("userTask", 5_000), "document.too_complex"),
    "10000-flows-of-one-gateway": (bundle("exclusive", 10_000), "document.too_complex"),
    "sub-processes-300-deep": (
        process("<subProcess>" * 300 + "</subProcess>" * 300),
        "document.too_complex",
    ),
    "20-megabytes": (process("<documentation/>" * 1_300_000), "document.too_large"),
}
"""What is beyond a cap, and the refusal."""
