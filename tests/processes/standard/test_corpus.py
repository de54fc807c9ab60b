"""Real files: what is said of them by the constraints was looked at, file by file, and is true."""

import os
from collections import Counter
from pathlib import Path

import pytest

from processes.document import parse
from processes.errors import InvalidInput
from processes.finding import Severity
from processes.standard import judge_standard

ROOT = Path(__file__).resolve().parents[3]
MODELS = Path(os.environ.get("QUYTRINH_CORPORA", ROOT.parent / "shared" / "corpora")) / "bpmn"

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not MODELS.is_dir(), reason=f"no corpora at {MODELS} (QUYTRINH_CORPORA)"),
]

# Errors in files that tools wrote (not the suite's references), each kind with what is in the file.
TRUE_OF_EXPORTS = {
    "std-boundary-compensation-handler": "C.6.0 of a tool: compensation events without an association",
    "std-boundary-host": "Signavio B.2.0-roundtrip: events and their steps in two processes",
    "std-boundary-none": "C.6.0 of a tool: an event on the border without a kind",
    "std-end-missing": "test diagrams that stop at a task, with a start event",
    "std-event-condition-missing": "executable B.1.0, B.2.0: conditional events with empty conditions",
    "std-flow-crosses-pool": "Signavio B.2.0-roundtrip: flows between two processes",
    "std-flow-dangling": "Signavio exports: flows to ids that are nowhere",
    "std-link-source-missing": "B.2.0: the two link events have different names",
    "std-link-target-missing": "B.2.0: the two link events have different names",
    "std-multi-instance-neither": "executable, neither a number nor a collection",
    "std-node-without-incoming": "steps that nothing leads to, beside a start event",
    "std-node-without-outgoing": "steps and border events that lead nowhere, beside an end event",
    "std-ref-data-object": "Sub process.bpmn: a data object that is nowhere",
    "std-timer-none": "executable, timers without a time",
}


def errors(path):
    try:
        document = parse(path.read_bytes())
    except InvalidInput:
        return []
    return [f for f in judge_standard(document) if f.severity is Severity.ERROR]


def reference_models():
    return sorted((MODELS / "miwg" / "Reference").glob("*.bpmn"))


@pytest.mark.parametrize("path", reference_models(), ids=lambda path: path.stem)
def test_the_reference_models_of_the_interchange_group_break_nothing(path):
    assert errors(path) == []


def test_what_is_said_of_tools_exports_was_verified():
    """A kind of error that is new here has to be looked at: is it true of the file?"""
    found = Counter(f.rule for path in sorted(MODELS.rglob("*.bpmn")) for f in errors(path))
    assert set(found) == set(TRUE_OF_EXPORTS)
    assert found["std-flow-dangling"] == 9
    assert sum(found.values()) < 120


def test_most_real_files_break_nothing():
    paths = sorted(MODELS.rglob("*.bpmn"))
    assert sum(bool(errors(path)) for path in paths) < len(paths) / 5
