"""References: to nothing, to something of another kind, and right.

Each row: what holds the reference (REF), where it stands, and an element X that it may name.
"""

from tests.processes.standard.models import file, process

THROW = "<b:intermediateThrowEvent id='H'>{}</b:intermediateThrowEvent>"
CATCH = "<b:intermediateCatchEvent id='H'>{}</b:intermediateCatchEvent>"
MESSAGE, OPERATION = "<b:message id='X'/>", "<b:interface><b:operation id='X'/></b:interface>"
ITEM = "<b:itemDefinition id='X'/>"
CORRELATED = "<b:correlationProperty id='X'/>"
POOL = "<b:collaboration id='C'><b:participant id='X'/></b:collaboration>"
VALUE = "<b:category><b:categoryValue id='X'/></b:category>"
LOOP = "<b:task id='H'><b:multiInstanceLoopCharacteristics {0}>{1}</b:multiInstanceLoopCharacteristics></b:task>"
SHARED = "<b:timerEventDefinition id='X'/>"
INSIDE = {  # in the process, the element that is named beside it there
    "compensation": (
        THROW.format("<b:compensateEventDefinition activityRef='REF'/>"),
        "<b:task id='X'/>",
    ),
    "link-source": (
        CATCH.format("<b:linkEventDefinition><b:source>REF</b:source></b:linkEventDefinition>"),
        "<b:intermediateThrowEvent id='L'><b:linkEventDefinition id='X'/></b:intermediateThrowEvent>",
    ),
    "link-target": (
        THROW.format("<b:linkEventDefinition><b:target>REF</b:target></b:linkEventDefinition>"),
        "<b:intermediateCatchEvent id='L'><b:linkEventDefinition id='X'/></b:intermediateCatchEvent>",
    ),
    "data-object": (
        "<b:dataObjectReference id='H' dataObjectRef='REF'/>",
        "<b:dataObject id='X'/>",
    ),
    "input-set": (
        "<b:task id='H'><b:ioSpecification><b:inputSet><b:dataInputRefs>REF</b:dataInputRefs></b:inputSet></b:ioSpecification></b:task>",
        "<b:dataInput id='X'/>",
    ),
    "output-set": (
        "<b:task id='H'><b:ioSpecification><b:outputSet><b:dataOutputRefs>REF</b:dataOutputRefs></b:outputSet></b:ioSpecification></b:task>",
        "<b:dataOutput id='X'/>",
    ),
    "input-set-outputs": (
        "<b:inputSet id='H'><b:outputSetRefs>REF</b:outputSetRefs></b:inputSet>",
        "<b:outputSet id='X'/>",
    ),
    "output-set-inputs": (
        "<b:outputSet id='H'><b:inputSetRefs>REF</b:inputSetRefs></b:outputSet>",
        "<b:inputSet id='X'/>",
    ),
    "data-source": (
        "<b:task id='H'><b:dataInputAssociation><b:sourceRef>REF</b:sourceRef></b:dataInputAssociation></b:task>",
        "<b:dataObject id='X'/>",
    ),
    "data-target": (
        "<b:task id='H'><b:dataOutputAssociation><b:targetRef>REF</b:targetRef></b:dataOutputAssociation></b:task>",
        "<b:dataObject id='X'/>",
    ),
    "loop-input": (
        LOOP.format("", "<b:loopDataInputRef>REF</b:loopDataInputRef>"),
        "<b:dataObject id='X'/>",
    ),
    "loop-output": (
        LOOP.format("", "<b:loopDataOutputRef>REF</b:loopDataOutputRef>"),
        "<b:dataObject id='X'/>",
    ),
    "lane-node": (
        "<b:laneSet><b:lane id='H'><b:flowNodeRef>REF</b:flowNodeRef></b:lane></b:laneSet>",
        "<b:task id='X'/>",
    ),
    "correlation-binding": (
        "<b:correlationSubscription><b:correlationPropertyBinding correlationPropertyRef='REF'/></b:correlationSubscription>",
        "",
    ),
    "correlation-key": ("<b:correlationSubscription id='H' correlationKeyRef='REF'/>", ""),
    "resource": (
        "<b:task id='H'><b:potentialOwner><b:resourceRef>REF</b:resourceRef></b:potentialOwner></b:task>",
        "",
    ),
    "resource-parameter": (
        "<b:task id='H'><b:performer><b:resourceRef>D</b:resourceRef><b:resourceParameterBinding parameterRef='REF'/></b:performer></b:task>",
        "",
    ),
    "category": ("<b:group id='H' categoryValueRef='REF'/>", ""),
    "association-source": (
        "<b:association id='H' sourceRef='REF' targetRef='P'/>",
        "<b:task id='X'/>",
    ),
    "association-target": (
        "<b:association id='H' sourceRef='P' targetRef='REF'/>",
        "<b:task id='X'/>",
    ),
    "lane-partition": (
        "<b:laneSet><b:lane id='H' partitionElementRef='REF'/></b:laneSet>",
        "<b:task id='X'/>",
    ),
    "supported-process": ("<b:supports>REF</b:supports>", ""),
    "item": ("<b:dataObject id='H' itemSubjectRef='REF'/>", ""),
    "data-store": ("<b:dataStoreReference id='H' dataStoreRef='REF'/>", ""),
    "message": (THROW.format("<b:messageEventDefinition messageRef='REF'/>"), ""),
    "message-operation": (
        THROW.format(
            "<b:messageEventDefinition><b:operationRef>REF</b:operationRef></b:messageEventDefinition>"
        ),
        "",
    ),
    "error": (THROW.format("<b:errorEventDefinition errorRef='REF'/>"), ""),
    "escalation": (THROW.format("<b:escalationEventDefinition escalationRef='REF'/>"), ""),
    "signal": (THROW.format("<b:signalEventDefinition signalRef='REF'/>"), ""),
    "event-definition": (CATCH.format("<b:eventDefinitionRef>REF</b:eventDefinitionRef>"), ""),
    "task-message": ("<b:sendTask id='H' messageRef='REF'/>", ""),
    "task-operation": ("<b:serviceTask id='H' operationRef='REF'/>", ""),
    "loop-one-event": (LOOP.format("oneBehaviorEventRef='REF'", ""), ""),
    "loop-none-event": (LOOP.format("noneBehaviorEventRef='REF'", ""), ""),
    "binding-operation": ("<b:ioBinding operationRef='REF'/>", ""),
}
OUTSIDE = {  # at the root, the element that is named beside it there
    "operation-in": (
        "<b:interface><b:operation id='H'><b:inMessageRef>REF</b:inMessageRef></b:operation></b:interface>",
        MESSAGE,
    ),
    "operation-out": (
        "<b:interface><b:operation id='H'><b:outMessageRef>REF</b:outMessageRef></b:operation></b:interface>",
        MESSAGE,
    ),
    "operation-error": (
        "<b:interface><b:operation id='H'><b:errorRef>REF</b:errorRef></b:operation></b:interface>",
        "<b:error id='X'/>",
    ),
    "message-item": ("<b:message id='H' itemRef='REF'/>", ITEM),
    "payload-item": ("<b:error id='H' structureRef='REF'/>", ITEM),
    "participant-process": (
        "<b:collaboration><b:participant id='H' processRef='REF'/></b:collaboration>",
        "<b:process id='X'/>",
    ),
    "participant-interface": (
        "<b:collaboration><b:participant id='H'><b:interfaceRef>REF</b:interfaceRef></b:participant></b:collaboration>",
        "<b:interface id='X'/>",
    ),
    "message-flow-message": (
        "<b:collaboration><b:messageFlow id='H' messageRef='REF'/></b:collaboration>",
        MESSAGE,
    ),
    "correlation-property": (
        "<b:collaboration><b:correlationKey id='H'><b:correlationPropertyRef>REF</b:correlationPropertyRef></b:correlationKey></b:collaboration>",
        CORRELATED,
    ),
    "correlation-message": (
        "<b:correlationProperty id='H'><b:correlationPropertyRetrievalExpression messageRef='REF'/></b:correlationProperty>",
        MESSAGE,
    ),
    "definitional-collaboration": (
        "<b:process id='H' definitionalCollaborationRef='REF'/>",
        "<b:collaboration id='X'/>",
    ),
    "conversation-pool": (
        "<b:collaboration><b:conversation id='H'><b:participantRef>REF</b:participantRef></b:conversation></b:collaboration>",
        POOL,
    ),
    "conversation-flow": (
        "<b:collaboration><b:conversation id='H'><b:messageFlowRef>REF</b:messageFlowRef></b:conversation></b:collaboration>",
        "<b:collaboration><b:messageFlow id='X'/></b:collaboration>",
    ),
    "choreography-pool": (
        "<b:choreography><b:choreographyTask id='H'><b:participantRef>REF</b:participantRef></b:choreographyTask></b:choreography>",
        POOL,
    ),
    "choreography-message-flow": (
        "<b:choreography><b:choreographyTask id='H'><b:messageFlowRef>REF</b:messageFlowRef></b:choreographyTask></b:choreography>",
        "<b:collaboration><b:messageFlow id='X'/></b:collaboration>",
    ),
    "called-choreography": (
        "<b:choreography><b:callChoreography id='H' calledChoreographyRef='REF'/></b:choreography>",
        "<b:choreography id='X'/>",
    ),
    "pool-association": (
        "<b:collaboration><b:participantAssociation id='H'><b:innerParticipantRef>REF</b:innerParticipantRef></b:participantAssociation></b:collaboration>",
        POOL,
    ),
    "partner": (
        "<b:partnerRole id='H'><b:participantRef>REF</b:participantRef></b:partnerRole>",
        POOL,
    ),
}
BESIDE = {  # the element that is named, where it stands at the root and the reference does not
    "correlation-binding": CORRELATED,
    "correlation-key": "<b:collaboration><b:correlationKey id='X'/></b:collaboration>",
    "resource": "<b:resource id='X'/>",
    "resource-parameter": "<b:resource id='R'><b:resourceParameter id='X'/></b:resource>",
    "category": VALUE,
    "supported-process": "<b:process id='X'/>",
    "item": ITEM,
    "data-store": "<b:dataStore id='X'/>",
    "message": MESSAGE,
    "message-operation": OPERATION,
    "error": "<b:error id='X'/>",
    "escalation": "<b:escalation id='X'/>",
    "signal": "<b:signal id='X'/>",
    "event-definition": SHARED,
    "task-message": MESSAGE,
    "task-operation": OPERATION,
    "loop-one-event": SHARED,
    "loop-none-event": SHARED,
    "binding-operation": OPERATION,
}


def _case(code, name):
    if code in OUTSIDE:
        holder, target = OUTSIDE[code]
        return file(holder.replace("REF", name) + target)
    holder, target = INSIDE[code]
    return process(holder.replace("REF", name) + target, BESIDE.get(code, ""))


CASES = {f"std-ref-{code}": (_case(code, "Gone"), _case(code, "X")) for code in (*INSIDE, *OUTSIDE)}
WRONG_KIND = {
    f"std-ref-{code}": _case(code, "D")
    for code in (*INSIDE, *OUTSIDE)
    if code not in ("association-source", "association-target", "lane-partition")  # any will do
}
CASES["std-ref-called-element"] = (
    process("<b:callActivity id='H' calledElement='X'/><b:task id='X'/>"),
    process("<b:callActivity id='H' calledElement='of_another_file'/>"),
)
