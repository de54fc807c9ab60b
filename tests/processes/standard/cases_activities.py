"""Activities, loops, sub-processes, choreographies and conversations."""

from tests.processes.drawn import flows
from tests.processes.standard.models import (
    END,
    START,
    boundary,
    event,
    executable,
    file,
    process,
    sub,
    task,
)

T, U = task("T"), task("U")
UNDOES = 'isForCompensation="true"'
UNDO = boundary("X", "T", "compensate") + '<b:association id="L" sourceRef="X" targetRef="U"/>'
STANDARD = "<b:standardLoopCharacteristics {}/>"
CARDINALITY, DATA = (
    "<b:loopCardinality>3</b:loopCardinality>",
    "<b:loopDataInputRef>O</b:loopDataInputRef>",
)
ITEM = '<b:inputDataItem id="I"/>'
OUT, OUT_ITEM = "<b:loopDataOutputRef>O</b:loopDataOutputRef>", '<b:outputDataItem id="I"/>'


def multi(inside, attributes=""):
    return task(
        "T",
        f"<b:multiInstanceLoopCharacteristics {attributes}>{inside}</b:multiInstanceLoopCharacteristics>",
    )


def ad_hoc(inside):
    return sub(inside, kind="adHocSubProcess")


def owner(inside):
    return process(
        task("T", f"<b:potentialOwner>{inside}</b:potentialOwner>"), '<b:resource id="R"/>'
    )


def choreography(inside, attributes=""):
    refs = "".join(f"<b:participantRef>{p}</b:participantRef>" for p in inside)
    return file(
        '<b:collaboration id="C"><b:participant id="A"/><b:participant id="B"/></b:collaboration>'
        f'<b:choreography id="H"><b:choreographyTask id="K" {attributes}>{refs}</b:choreographyTask></b:choreography>'
    )


def dance(inside):
    return file(f'<b:choreography id="H">{inside}</b:choreography>')


def talk(*pools, link="A K"):
    refs = "".join(f"<b:participantRef>{p}</b:participantRef>" for p in pools)
    source, target = link.split()
    return file(
        '<b:collaboration id="C"><b:participant id="A"/><b:participant id="B"/>'
        f'<b:conversation id="K">{refs}</b:conversation>'
        f'<b:conversationLink id="L" sourceRef="{source}" targetRef="{target}"/></b:collaboration>'
    )


CASES = {
    "std-start-quantity": (
        process(task("T", "", 'startQuantity="0"')),
        process(task("T", "", 'startQuantity="2"')),
    ),
    "std-completion-quantity": (
        process(task("T", "", 'completionQuantity="-1"')),
        process(task("T", "", 'completionQuantity="2"')),
    ),
    "std-compensation-incoming": (
        process(T + task("U", "", UNDOES) + UNDO + flows("T U")),
        process(T + task("U", "", UNDOES) + UNDO),
    ),
    "std-compensation-outgoing": (
        process(T + task("U", "", UNDOES) + UNDO + flows("U T")),
        process(T + task("U", "", UNDOES) + UNDO),
    ),
    "std-compensation-loose": (
        process(task("U", "", UNDOES)),
        process(T + task("U", "", UNDOES) + UNDO),
    ),
    "std-receive-instantiate": (
        process(U + task("T", "", 'instantiate="true"', "receiveTask") + flows("U T")),
        process(U + task("T", "", 'instantiate="true"', "receiveTask") + flows("T U")),
    ),
    "std-task-message-missing": (
        executable(task("T", kind="sendTask")),
        executable(task("T", "", 'messageRef="M"', "sendTask"), '<b:message id="M"/>'),
    ),
    "std-script-format": (
        process(task("T", "<b:script>x</b:script>", kind="scriptTask")),
        process(task("T", "<b:script>x</b:script>", 'scriptFormat="text/x-groovy"', "scriptTask")),
    ),
    "std-script-mime-type": (
        process(task("T", "", 'scriptFormat="groovy"', "scriptTask")),
        process(task("T", "", 'scriptFormat="text/x-groovy"', "scriptTask")),
    ),
    "std-role-twice": (
        owner("<b:resourceRef>R</b:resourceRef><b:resourceAssignmentExpression/>"),
        owner("<b:resourceAssignmentExpression/>"),
    ),
    "std-role-parameters": (
        owner("<b:resourceParameterBinding/>"),
        owner("<b:resourceRef>R</b:resourceRef><b:resourceParameterBinding/>"),
    ),
    "std-loop-twice": (
        process(task("T", STANDARD.format("") + "<b:multiInstanceLoopCharacteristics/>")),
        process(task("T", STANDARD.format(""))),
    ),
    "std-loop-maximum": (
        process(task("T", STANDARD.format('loopMaximum="-1"'))),
        process(task("T", STANDARD.format('loopMaximum="3"'))),
    ),
    "std-multi-instance-both": (process(multi(CARDINALITY + DATA)), process(multi(CARDINALITY))),
    "std-multi-instance-neither": (
        executable(multi("")),
        executable(multi("", 'other:collection="people"')),
    ),
    "std-multi-instance-input": (process(multi(CARDINALITY + ITEM)), process(multi(DATA + ITEM))),
    "std-multi-instance-output": (process(multi(OUT_ITEM)), process(multi(OUT + OUT_ITEM))),
    "std-multi-instance-behavior": (
        process(multi("", 'behavior="One"')),
        process(multi("", 'behavior="All"')),
    ),
    "std-sub-process-io": (
        process(sub("<b:ioSpecification/>")),
        process(task("T", "<b:ioSpecification/>")),
    ),
    "std-choreography-activity": (
        process('<b:choreographyTask id="K"/>'),
        dance('<b:choreographyTask id="K"/>'),
    ),
    "std-ad-hoc-empty": (process(ad_hoc("")), process(ad_hoc(T))),
    "std-ad-hoc-start": (process(ad_hoc(T + START)), process(sub(T + START))),
    "std-ad-hoc-end": (process(ad_hoc(T + END)), process(sub(T + END))),
    "std-ad-hoc-completion": (
        executable(ad_hoc(T)),
        executable(ad_hoc(T + "<b:completionCondition>x</b:completionCondition>")),
    ),
    "std-choreography-task-pools": (choreography("A"), choreography("AB")),
    "std-choreography-initiating": (
        choreography("AB", 'initiatingParticipantRef="Z"'),
        choreography("AB", 'initiatingParticipantRef="A"'),
    ),
    "std-choreography-event": (
        dance(event("endEvent", "E", "error")),
        dance(event("endEvent", "E", "terminate")),
    ),
    "std-choreography-process-activity": (
        dance(task("T", kind="userTask")),
        dance(task("T", kind="choreographyTask")),
    ),
    "std-conversation-pools": (talk("A"), talk("A", "B")),
    "std-conversation-link": (talk("A", "B", link="A B"), talk("A", "B")),
}
