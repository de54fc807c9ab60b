"""Imports the workflows of one-stop software ("một cửa điện tử", 2012-2015) as BPMN.

What each element and attribute becomes: docs/reference/legacy-import.md.
"""

from dataclasses import dataclass

from processes.finding import Finding
from processes.legacy.converting import convert
from processes.legacy.forms import read_form
from processes.legacy.names import Names
from processes.legacy.rules import RULES
from processes.legacy.source import NotLegacyWorkflow, read_workflow
from processes.writing import write

__all__ = ["RULES", "LegacyImport", "NotLegacyWorkflow", "import_legacy"]


@dataclass(frozen=True, slots=True)
class LegacyImport:
    """A BPMN file, drawn, with everything that was repaired, doubted or kept aside.

    findings: pinned to elements of `bpmn`; code, name: of the procedure.
    """

    bpmn: bytes
    findings: tuple[Finding, ...]
    code: str
    name: str


def import_legacy(data: bytes, form: bytes | None = None) -> LegacyImport:
    """Make BPMN of a …_workflow.xml; form: the …_form_struct.xml of the same procedure, if any.

    The form adds the dossier's components and the fields of the reception. The same input
    always gives the same bytes.

    Errors: EmptyFile, FileTooLarge, UnknownEncoding, DoctypeForbidden, NotXml, TooComplex,
    NotLegacyWorkflow; all are InvalidInput.
    """
    workflow = read_workflow(data)
    asked = None if form is None else read_form(form, Names(workflow).process)
    converted = convert(workflow, asked)
    procedure = converted.plan.procedure
    return LegacyImport(write(converted.plan), converted.findings, procedure.code, procedure.name)
