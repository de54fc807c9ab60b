"""Diagrams for tests: the transfer of land use rights, whole or with one change, and bare ones."""

from pathlib import Path

from processes.check import check
from processes.finding import Finding

DIAGRAMS = Path(__file__).parent / "diagrams"


def transfer(*changes: tuple[str, str]) -> bytes:
    """The publishable procedure 1.013831 (8 working days), with texts replaced."""
    text = (DIAGRAMS / "transfer.bpmn").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, f"the diagram does not hold {old!r}"
        text = text.replace(old, new)
    return text.encode()


def process(body: str, attributes: str = 'id="P" name="Quy trình" isExecutable="true"') -> bytes:
    """A process with nothing around it; `b:` is BPMN, `qt:` ours."""
    return definitions(f"<b:process {attributes}>{body}</b:process>")


def definitions(body: str) -> bytes:
    return (
        '<b:definitions xmlns:b="http://www.omg.org/spec/BPMN/20100524/MODEL" '
        'xmlns:qt="urn:vn:quy-trinh:1.0" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" '
        'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
        'xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core" '
        f'id="D" targetNamespace="urn:example">{body}</b:definitions>'
    ).encode()


def flows(*pairs: str) -> str:
    """Sequence flows written "A B": from A to B, with the id A_B."""
    return "".join(
        f'<b:sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}"/>'
        for source, target in (pair.split() for pair in pairs)
    )


def findings(data: bytes, rule: str) -> list[Finding]:
    """What the check says under that rule."""
    return [finding for finding in check(data).findings if finding.rule == rule]


def broken(data: bytes) -> set[str]:
    """The rules that the check finds broken."""
    return {finding.rule for finding in check(data).findings}
