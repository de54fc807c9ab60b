"""Sequence flows, message flows, ways in and out, gateways."""

from tests.processes.drawn import flows
from tests.processes.standard.models import (
    END,
    START,
    boundary,
    catch,
    conditional,
    event,
    executable,
    file,
    pools,
    process,
    sub,
    task,
    throw,
)

T, U, V = task("T"), task("U"), task("V")
XOR, AND = task("G", kind="exclusiveGateway"), task("G", kind="parallelGateway")
EVENT_GATE = task("G", kind="eventBasedGateway")
TIMED = catch("A", "timer") + catch("B", "signal")
LISTED = "<b:task id='T'><b:outgoing>{}</b:outgoing></b:task>"


def gate(inside, attributes="", way=("G A", "G B")):
    return process(task("G", "", attributes, "eventBasedGateway") + inside + flows(*way))


def directed(direction, way):
    return process(
        task("G", "", f'gatewayDirection="{direction}"', "exclusiveGateway")
        + T
        + U
        + V
        + flows(*way)
    )


JOIN, SPLIT, BOTH = ("T G", "U G", "G V"), ("T G", "G U", "G V"), ("T G", "U G", "G V", "G T")

CASES = {
    "std-flow-dangling": (process(T + flows("T Gone")), process(T + U + flows("T U"))),
    "std-flow-not-a-node": (
        process(T + '<b:textAnnotation id="N"/>' + flows("T N")),
        process(T + U + flows("T U")),
    ),
    "std-flow-crosses-pool": (
        pools(inside_p=T + flows("T U"), inside_q=U),
        pools(inside_p=T + U + flows("T U")),
    ),
    "std-flow-crosses": (process(T + sub(U) + flows("T U")), process(T + sub(U) + flows("T Sub"))),
    "std-flow-elsewhere": (process(T + U + sub(flows("T U"))), process(sub(T + U + flows("T U")))),
    "std-default-unknown": (
        process(task("T", "", 'default="X"') + U + flows("T U")),
        process(task("T", "", 'default="T_U"') + U + flows("T U")),
    ),
    "std-default-condition": (
        process(task("T", "", 'default="X"') + U + conditional("X", "T", "U")),
        process(task("T", "", 'default="T_U"') + U + conditional("X", "T", "U") + flows("T U")),
    ),
    "std-default-elsewhere": (
        process(task("G", "", 'default="G_T"', "parallelGateway") + T + flows("G T")),
        process(task("G", "", 'default="G_T"', "inclusiveGateway") + T + flows("G T")),
    ),
    "std-condition-single": (
        process(T + U + conditional("X", "T", "U")),
        process(T + U + V + conditional("X", "T", "U") + flows("T V")),
    ),
    "std-condition-event": (
        process(START + T + conditional("X", "S", "T")),
        process(START + T + flows("S T")),
    ),
    "std-condition-parallel": (
        process(AND + T + conditional("X", "G", "T")),
        process(XOR + T + conditional("X", "G", "T")),
    ),
    "std-condition-event-gateway": (
        process(EVENT_GATE + TIMED + conditional("X", "G", "A") + flows("G B")),
        gate(TIMED),
    ),
    "std-flow-unlisted": (
        process(LISTED.format("T_U") + U + V + flows("T U", "T V")),
        process(LISTED.format("T_U") + U + flows("T U")),
    ),
    "std-listed-flow-unknown": (
        process(LISTED.format("Gone") + U + flows("T U")),
        process(LISTED.format("T_U") + U + flows("T U")),
    ),
    "std-listed-flow-contradicts": (
        process(LISTED.format("U_V") + U + V + flows("T U", "U V")),
        process(T + U + V + flows("T U", "U V")),
    ),
    "std-flow-immediate": (
        executable(T + U + flows("T U").replace("/>", ' isImmediate="false"/>')),
        process(T + U + flows("T U").replace("/>", ' isImmediate="false"/>')),
    ),
    "std-message-flow-dangling": (pools("PoolP Gone"), pools("PoolP PoolQ")),
    "std-message-flow-one-pool": (
        pools("T U", inside_p=T + U),
        pools("T U", inside_p=T, inside_q=U),
    ),
    "std-message-flow-gateway": (
        pools("T G", inside_p=T, inside_q=XOR),
        pools("T U", inside_p=T, inside_q=U),
    ),
    "std-message-flow-end": (
        pools("T N", inside_p=T, inside_q='<b:dataObject id="N"/>'),
        pools("T PoolQ", inside_p=T),
    ),
    "std-message-flow-from-start": (
        pools("S U", inside_p=START, inside_q=U),
        pools("U S", inside_p=START, inside_q=U),
    ),
    "std-message-flow-into-end": (
        pools("U E", inside_p=END, inside_q=U),
        pools("E U", inside_p=END, inside_q=U),
    ),
    "std-message-flow-from-catch": (
        pools("A U", inside_p=catch("A", "message"), inside_q=U),
        pools("U A", inside_p=catch("A", "message"), inside_q=U),
    ),
    "std-message-flow-into-throw": (
        pools("U A", inside_p=throw("A", "message"), inside_q=U),
        pools("A U", inside_p=throw("A", "message"), inside_q=U),
    ),
    "std-message-flow-no-message": (
        pools("U S", inside_p=START, inside_q=U),
        pools("U S", inside_p=event("startEvent", "S", "message"), inside_q=U),
    ),
    "std-start-missing": (process(T + END + flows("T E")), process(T + flows())),
    "std-end-missing": (
        process(START + T + flows("S T")),
        process(START + T + END + flows("S T", "T E")),
    ),
    "std-node-without-incoming": (
        process(START + T + END + flows("S E", "T E")),
        process(T + U + flows("T U")),
    ),
    "std-node-without-outgoing": (
        process(START + T + END + flows("S T")),
        process(T + U + flows("T U")),
    ),
    "std-start-incoming": (process(START + T + flows("T S")), process(START + T + flows("S T"))),
    "std-end-outgoing": (process(END + T + flows("E T")), process(END + T + flows("T E"))),
    "std-start-interrupting": (
        process(event("startEvent", "S", "", 'isInterrupting="false"')),
        process(
            sub(
                event("startEvent", "S", "timer", 'isInterrupting="false"'),
                attributes='triggeredByEvent="true"',
            )
        ),
    ),
    "std-gateway-converging": (directed("Converging", SPLIT), directed("Converging", JOIN)),
    "std-gateway-diverging": (directed("Diverging", JOIN), directed("Diverging", SPLIT)),
    "std-gateway-mixed": (directed("Mixed", JOIN), directed("Mixed", BOTH)),
    "std-gateway-direction": (directed("Sideways", JOIN), directed("Unspecified", BOTH)),
    "std-gateway-idle": (process(XOR + T + U + flows("T G", "G U")), directed("Unspecified", JOIN)),
    "std-complex-gateway-activation": (
        process(task("G", kind="complexGateway") + T + U + V + flows(*JOIN)),
        process(
            task("G", "<b:activationCondition>x</b:activationCondition>", kind="complexGateway")
            + T
            + U
            + V
            + flows(*JOIN)
        ),
    ),
    "std-event-gateway-outgoing": (gate(TIMED, way=("G A",)), gate(TIMED)),
    "std-event-gateway-target": (gate(TIMED + T, way=("G A", "G T")), gate(TIMED)),
    "std-event-gateway-target-incoming": (gate(TIMED + T, way=("G A", "G B", "T A")), gate(TIMED)),
    "std-event-gateway-mix": (
        gate(catch("A", "message") + task("R", kind="receiveTask"), way=("G A", "G R")),
        gate(catch("A", "timer") + task("R", kind="receiveTask"), way=("G A", "G R")),
    ),
    "std-event-gateway-boundary": (
        gate(
            catch("A", "timer") + task("R", kind="receiveTask") + boundary("X", "R"),
            way=("G A", "G R"),
        ),
        gate(catch("A", "timer") + task("R", kind="receiveTask"), way=("G A", "G R")),
    ),
    "std-event-gateway-instantiate": (
        gate(TIMED + T, 'instantiate="true"', ("G A", "G B", "T G")),
        gate(TIMED, 'instantiate="true"'),
    ),
    "std-event-gateway-parallel": (
        gate(TIMED, 'eventGatewayType="Parallel"'),
        gate(TIMED, 'eventGatewayType="Parallel" instantiate="true"'),
    ),
    "std-event-gateway-start-target": (
        gate(TIMED, 'eventGatewayType="Parallel" instantiate="true"'),
        gate(
            catch("A", "message") + catch("B", "message"),
            'eventGatewayType="Parallel" instantiate="true"',
        ),
    ),
    "std-process-closed": (
        pools("T U", inside_p=T, inside_q=U).replace(
            b'<b:process id="P"', b'<b:process id="P" isClosed="true"'
        ),
        pools("T U", inside_p=T, inside_q=U),
    ),
    "std-participant-minimum": (
        file(
            '<b:collaboration id="C"><b:participant id="A"><b:participantMultiplicity minimum="-1"/></b:participant></b:collaboration>'
        ),
        file(
            '<b:collaboration id="C"><b:participant id="A"><b:participantMultiplicity minimum="2"/></b:participant></b:collaboration>'
        ),
    ),
    "std-participant-maximum": (
        file(
            '<b:collaboration id="C"><b:participant id="A"><b:participantMultiplicity minimum="3" maximum="2"/></b:participant></b:collaboration>'
        ),
        file(
            '<b:collaboration id="C"><b:participant id="A"><b:participantMultiplicity minimum="2" maximum="2"/></b:participant></b:collaboration>'
        ),
    ),
}
