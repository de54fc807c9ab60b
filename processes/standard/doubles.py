"""One problem, one finding: what lint and the table of constructs have said is not said again.

They know the process that runs, and repairs answer to their codes; these rules know all of the
file. Where both speak of the same problem of the same element, the others' finding stands.
"""

from collections.abc import Iterable, Iterator

from processes.finding import Finding

_EVENTS = (
    *("support.startEvent.", "support.endEvent.", "support.boundaryEvent."),
    *("support.intermediateCatchEvent.", "support.intermediateThrowEvent."),
)
_UNREACHED = ("no-implicit-start", "no-disconnected")
_ENDING = ("no-implicit-end", "no-disconnected")
_STARTING_GATEWAY = ("support.eventBasedGateway.instantiate",)
_UNNUMBERED = ("support.activity.multiInstance.unnumbered",)
_INSTANCE_EVENTS = ("support.activity.multiInstance.events",)
_INSTANCE_OUTPUT = ("support.activity.multiInstance.output",)
_DEFINITION = ("support.event.definitionMissing",)
_FLOW_CONDITION = ("support.sequenceFlow.condition",)

SAID_AS: dict[str, tuple[str, ...]] = {
    "std-flow-dangling": ("qt-flow-dangling",),
    "std-flow-not-a-node": ("qt-flow-dangling",),
    "std-flow-crosses-pool": ("qt-flow-dangling",),
    "std-flow-crosses": ("qt-flow-crosses",),
    "std-start-incoming": ("qt-flow-direction",),
    "std-end-outgoing": ("qt-flow-direction",),
    "std-boundary-incoming": ("qt-flow-direction",),
    "std-event-sub-process-flow": ("qt-flow-direction",),
    "std-boundary-host": ("qt-boundary-host",),
    "std-default-unknown": ("qt-default-unknown",),
    "std-default-elsewhere": ("qt-default-unknown",),
    "std-default-condition": ("qt-default-condition",),
    "std-condition-single": _FLOW_CONDITION,
    "std-condition-event": _FLOW_CONDITION,
    "std-condition-parallel": _FLOW_CONDITION,
    "std-condition-event-gateway": _FLOW_CONDITION,
    "std-start-missing": ("start-event-required",),
    "std-end-missing": ("end-event-required",),
    "std-event-sub-process-starts": ("start-event-required", "single-blank-start-event"),
    "std-node-without-incoming": _UNREACHED,
    "std-node-without-outgoing": _ENDING,
    "std-link-source-incoming": _UNREACHED,
    "std-link-target-outgoing": _ENDING,
    "std-event-gateway-outgoing": _ENDING,
    "std-gateway-idle": ("superfluous-gateway", *_UNREACHED, *_ENDING),
    "std-lane-node-twice": ("qt-lane-twice",),
    "std-start-kind": _EVENTS,
    "std-sub-process-start-kind": _EVENTS,
    "std-event-sub-process-start-kind": _EVENTS,
    "std-end-kind": _EVENTS,
    "std-catch-kind": _EVENTS,
    "std-catch-none": _EVENTS,
    "std-throw-kind": _EVENTS,
    "std-boundary-kind": _EVENTS,
    "std-boundary-none": _EVENTS,
    "std-boundary-cancel": _EVENTS,
    "std-end-cancel": _EVENTS,
    "std-timer-none": ("qt-timer", *_EVENTS),
    "std-event-condition-missing": ("support.event.condition", *_EVENTS),
    "std-event-message-missing": _EVENTS,
    "std-event-signal-missing": _EVENTS,
    "std-error-code-missing": _EVENTS,
    "std-escalation-code-missing": _EVENTS,
    "std-compensation-handler-missing": _EVENTS,
    "std-ref-event-definition": _DEFINITION,
    "std-event-definition-place": _DEFINITION,
    "std-event-gateway-instantiate": _STARTING_GATEWAY,
    "std-event-gateway-parallel": _STARTING_GATEWAY,
    "std-receive-instantiate": ("support.receiveTask.instantiate",),
    "std-start-quantity": ("support.activity.quantity",),
    "std-completion-quantity": ("support.activity.quantity",),
    "std-loop-maximum": ("support.activity.repetition.expression",),
    "std-multi-instance-both": _UNNUMBERED,
    "std-multi-instance-neither": _UNNUMBERED,
    "std-multi-instance-output": _INSTANCE_OUTPUT,
    "std-multi-instance-behavior": _INSTANCE_EVENTS,
    "std-ref-loop-output": _INSTANCE_OUTPUT,
    "std-ref-loop-one-event": _INSTANCE_EVENTS,
    "std-ref-loop-none-event": _INSTANCE_EVENTS,
    "std-ad-hoc-start": ("support.adHocSubProcess.events",),
    "std-ad-hoc-end": ("support.adHocSubProcess.events",),
    "std-ad-hoc-completion": ("support.adHocSubProcess.condition",),
    "std-complex-gateway-activation": ("support.complexGateway.activation",),
    "std-script-format": ("support.scriptTask",),
    "std-script-mime-type": ("support.scriptTask",),
    "std-choreography-activity": ("support.unknown",),
    "std-element-unknown": ("support.unknown",),
    "std-root-element-misplaced": ("support.unknown",),
}
"""Constraint -> beginnings of the codes under which others say the same."""


def without_doubles(findings: Iterable[Finding], said: Iterable[Finding]) -> Iterator[Finding]:
    """The findings whose problem is not said already, of the same element."""
    codes: dict[str | None, set[str]] = {}
    for each in said:
        codes.setdefault(each.element, set()).add(each.rule)
    for finding in findings:
        others = SAID_AS.get(finding.rule, ())
        if not any(code.startswith(others) for code in codes.get(finding.element, ()) if others):
            yield finding
