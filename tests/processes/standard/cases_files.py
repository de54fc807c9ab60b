"""The file itself: namespaces, imports, languages, ids, places."""

from tests.processes.standard.models import file, process, task

SPACE = 'targetNamespace="urn:example"'
NOTE = '<b:textAnnotation id="N" textFormat="{}"/>'
RETRIEVED = '<b:correlationPropertyRetrievalExpression messageRef="M"/>'

CASES = {
    "std-target-namespace": (file("", ""), file("")),
    "std-import-incomplete": (
        file('<b:import namespace="urn:x" location="x.xsd"/>'),
        file('<b:import namespace="urn:x" location="x.xsd" importType="urn:y"/>'),
    ),
    "std-language-uri": (
        file("", f'{SPACE} expressionLanguage="FEEL"'),
        file("", f'{SPACE} expressionLanguage="https://www.omg.org/spec/DMN/20191111/FEEL/"'),
    ),
    "std-text-format": (process(NOTE.format("plain")), process(NOTE.format("text/plain"))),
    "std-extension-required": (
        file('<b:extension mustUnderstand="true" definition="x:y"/>'),
        file('<b:extension mustUnderstand="false"/>'),
    ),
    "std-id-missing": (file('<b:message name="M"/>'), file('<b:message id="M"/>')),
    "std-id-name": (process(task("1")), process(task("Bước_1"))),
    "std-element-unknown": (file('<b:messsage id="M"/>'), file('<b:message id="M"/>')),
    "std-element-misplaced": (file('<b:task id="T"/>'), process(task("T"))),
    "std-root-element-misplaced": (process('<b:signal id="M"/>'), file('<b:signal id="M"/>')),
    "std-process-public-executable": (
        process("", "", 'processType="Public" isExecutable="true"'),
        process("", "", 'processType="Public"'),
    ),
    "std-participant-association": (
        file(
            '<b:collaboration id="C"><b:participant id="A"/><b:participantAssociation><b:innerParticipantRef>A</b:innerParticipantRef></b:participantAssociation></b:collaboration>'
        ),
        file(
            '<b:collaboration id="C"><b:participant id="A"/><b:participantAssociation><b:innerParticipantRef>A</b:innerParticipantRef><b:outerParticipantRef>A</b:outerParticipantRef></b:participantAssociation></b:collaboration>'
        ),
    ),
    "std-correlation-expression": (
        file('<b:correlationProperty id="K"/>'),
        file(
            f'<b:message id="M"/><b:correlationProperty id="K">{RETRIEVED}</b:correlationProperty>'
        ),
    ),
    "std-operation-message": (
        file('<b:interface id="I"><b:operation id="O"/></b:interface>'),
        file(
            '<b:message id="M"/><b:interface id="I"><b:operation id="O"><b:inMessageRef>M</b:inMessageRef></b:operation></b:interface>'
        ),
    ),
}
