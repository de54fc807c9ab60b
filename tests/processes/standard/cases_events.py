"""Events: their kinds by place, what they state, boundaries, links, compensation."""

from tests.processes.drawn import flows
from tests.processes.standard.models import (
    END,
    START,
    boundary,
    catch,
    event,
    executable,
    process,
    sub,
    task,
    throw,
)

T, U = task("T"), task("U")
DURATION = "<b:timeDuration>PT1H</b:timeDuration>"
DATE = "<b:timeDate>2026-01-01T00:00:00Z</b:timeDate>"
TRIGGERED = 'triggeredByEvent="true"'


def timed(inside):
    return catch("A", f"<b:timerEventDefinition>{inside}</b:timerEventDefinition>")


def defined(kind, attributes=""):
    return f"<b:{kind}EventDefinition {attributes}/>"


def start(kind, attributes=""):
    return event("startEvent", "S", kind, attributes)


def link(name):
    return f'<b:linkEventDefinition name="{name}"/>'


LINKED = T + throw("A", link("x")) + catch("B", link("x")) + U
UNDOES = 'isForCompensation="true"'
UNDO = boundary("X", "T", "compensate") + '<b:association id="L" sourceRef="X" targetRef="U"/>'
UNDOING = sub(start("compensate"), "Undo", attributes=TRIGGERED)

CASES = {
    "std-start-kind": (process(start("error")), process(start("message"))),
    "std-sub-process-start-kind": (process(sub(start("timer"))), process(sub(START))),
    "std-event-sub-process-start-kind": (
        process(sub(start("link"), attributes=TRIGGERED)),
        process(sub(start("error"), attributes=TRIGGERED)),
    ),
    "std-end-kind": (
        process(event("endEvent", "E", "timer")),
        process(event("endEvent", "E", "terminate")),
    ),
    "std-catch-kind": (process(catch("A", "error")), process(catch("A", "signal"))),
    "std-catch-none": (process(catch("A")), process(catch("A", "signal"))),
    "std-throw-kind": (process(throw("A", "timer")), process(throw("A", "escalation"))),
    "std-boundary-kind": (
        process(T + boundary("X", "T", "terminate")),
        process(T + boundary("X", "T", "error")),
    ),
    "std-boundary-none": (process(T + boundary("X", "T", "")), process(T + boundary("X", "T"))),
    "std-parallel-multiple": (
        process(event("startEvent", "S", "message", 'parallelMultiple="true"')),
        process(
            event(
                "startEvent", "S", defined("message") + defined("signal"), 'parallelMultiple="true"'
            )
        ),
    ),
    "std-timer-several": (process(timed(DATE + DURATION)), process(timed(DURATION))),
    "std-timer-none": (executable(timed("")), executable(timed(DURATION))),
    "std-event-condition-missing": (
        process(catch("A", "conditional")),
        process(
            catch(
                "A", "<b:conditionalEventDefinition><b:condition/></b:conditionalEventDefinition>"
            )
        ),
    ),
    "std-event-message-missing": (
        executable(catch("A", "message")),
        executable(catch("A", defined("message", 'messageRef="M"')), '<b:message id="M"/>'),
    ),
    "std-event-signal-missing": (
        executable(catch("A", "signal")),
        executable(catch("A", defined("signal", 'signalRef="M"')), '<b:signal id="M"/>'),
    ),
    "std-error-code-missing": (
        executable(event("endEvent", "E", defined("error", 'errorRef="R"')), '<b:error id="R"/>'),
        executable(
            event("endEvent", "E", defined("error", 'errorRef="R"')),
            '<b:error id="R" errorCode="1"/>',
        ),
    ),
    "std-escalation-code-missing": (
        executable(event("endEvent", "E", "escalation")),
        executable(
            event("endEvent", "E", defined("escalation", 'escalationRef="R"')),
            '<b:escalation id="R" escalationCode="1"/>',
        ),
    ),
    "std-end-cancel": (
        process(event("endEvent", "E", "cancel")),
        process(sub(event("endEvent", "E", "cancel"), kind="transaction")),
    ),
    "std-compensation-handler-missing": (
        process(T + throw("A", defined("compensate", 'activityRef="T"'))),
        process(
            T + task("U", "", UNDOES) + UNDO + throw("A", defined("compensate", 'activityRef="T"'))
        ),
    ),
    "std-event-definition-place": (
        process(
            catch("A", "timer") + catch("B", "<b:eventDefinitionRef>A_d</b:eventDefinitionRef>")
        ),
        process(
            catch("B", "<b:eventDefinitionRef>X</b:eventDefinitionRef>"),
            '<b:timerEventDefinition id="X"/>',
        ),
    ),
    "std-boundary-host": (process(T + sub(boundary("X", "T"))), process(T + boundary("X", "T"))),
    "std-boundary-event-sub-process": (
        process(sub(start("timer"), attributes=TRIGGERED) + boundary("X", "Sub")),
        process(sub(START) + boundary("X", "Sub")),
    ),
    "std-boundary-incoming": (
        process(T + U + boundary("X", "T") + flows("U X")),
        process(T + U + boundary("X", "T") + flows("X U")),
    ),
    "std-boundary-cancel": (
        process(T + boundary("X", "T", "cancel")),
        process(sub("", kind="transaction") + boundary("X", "Sub", "cancel")),
    ),
    "std-boundary-cancel-twice": (
        process(
            sub("", kind="transaction")
            + boundary("X", "Sub", "cancel")
            + boundary("Y", "Sub", "cancel")
        ),
        process(
            sub("", kind="transaction")
            + boundary("X", "Sub", "cancel")
            + boundary("Y", "Sub", "error")
        ),
    ),
    "std-boundary-interrupting": (
        process(T + boundary("X", "T", "error", 'cancelActivity="false"')),
        process(T + boundary("X", "T", "signal", 'cancelActivity="false"')),
    ),
    "std-boundary-compensation-flow": (
        process(T + task("U", "", UNDOES) + UNDO + task("V") + flows("X V")),
        process(T + task("U", "", UNDOES) + UNDO),
    ),
    "std-boundary-compensation-handler": (
        process(T + boundary("X", "T", "compensate")),
        process(T + task("U", "", UNDOES) + UNDO),
    ),
    "std-link-name": (
        process(T + throw("A", "link") + flows("T A")),
        process(LINKED + flows("T A", "B U")),
    ),
    "std-link-target-missing": (
        process(T + throw("A", link("x")) + catch("B", link("y")) + flows("T A")),
        process(LINKED + flows("T A", "B U")),
    ),
    "std-link-target-several": (
        process(LINKED + catch("C", link("x")) + flows("T A", "B U", "C U")),
        process(LINKED + flows("T A", "B U")),
    ),
    "std-link-source-missing": (
        process(LINKED + catch("C", link("y")) + flows("T A", "B U", "C U")),
        process(LINKED + flows("T A", "B U")),
    ),
    "std-link-source-outgoing": (
        process(LINKED + flows("T A", "A U", "B U")),
        process(LINKED + flows("T A", "B U")),
    ),
    "std-link-target-incoming": (
        process(LINKED + flows("T A", "T B", "B U")),
        process(LINKED + flows("T A", "B U")),
    ),
    "std-link-source-incoming": (
        process(LINKED + flows("B U")),
        process(LINKED + flows("T A", "B U")),
    ),
    "std-link-target-outgoing": (
        process(LINKED + flows("T A")),
        process(LINKED + flows("T A", "B U")),
    ),
    "std-event-sub-process-flow": (
        process(T + sub(start("timer"), attributes=TRIGGERED) + flows("T Sub")),
        process(T + sub(START) + flows("T Sub")),
    ),
    "std-event-sub-process-starts": (
        process(sub(END, attributes=TRIGGERED)),
        process(sub(start("timer"), attributes=TRIGGERED)),
    ),
    "std-event-sub-process-trigger": (
        process(sub(START, attributes=TRIGGERED)),
        process(sub(start("timer"), attributes=TRIGGERED)),
    ),
    "std-event-sub-process-interrupting": (
        process(sub(start("error", 'isInterrupting="false"'), attributes=TRIGGERED)),
        process(sub(start("timer", 'isInterrupting="false"'), attributes=TRIGGERED)),
    ),
    "std-event-sub-process-compensation": (process(UNDOING), process(sub(UNDOING))),
    "std-event-sub-process-compensation-twice": (
        process(sub(UNDOING + UNDOING.replace('"Undo"', '"Again"').replace('"S"', '"S2"'))),
        process(sub(UNDOING)),
    ),
    "std-event-sub-process-kind": (
        process(sub(start("timer"), kind="transaction", attributes=TRIGGERED)),
        process(sub(start("timer"), attributes=TRIGGERED)),
    ),
}
