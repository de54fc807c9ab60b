"""A file made to hurt gets a real answer or a clear refusal, and soon."""

import io
import time
import zipfile

import pytest

from processes.check import Outcome, check
from processes.finding import Severity
from tests.processes.hostile import DRAWN, REFUSED, chain

SECONDS = 10  # answered in one on a quiet machine; beside other work a core does a third of it


def answered(data):
    """What the check says, in the time it may take; the same again for the same file."""
    began = time.process_time()
    checked = check(data)
    took = time.process_time() - began
    assert took < SECONDS
    return checked


@pytest.mark.parametrize("data", DRAWN.values(), ids=DRAWN.keys())
def test_a_diagram_made_to_hurt_is_answered_in_both_languages(data):
    checked = answered(data)
    assert checked.outcome is not Outcome.PUBLISHABLE  # none states a limit or an owner
    assert checked.findings
    assert all(finding.vi and finding.en for finding in checked.findings)
    assert len(checked.findings) <= 1_000


@pytest.mark.parametrize(("data", "code"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_beyond_a_cap_is_refused_with_the_reason(data, code):
    checked = answered(data)
    assert checked.outcome is Outcome.REFUSED
    assert [finding.rule for finding in checked.findings] == [code]
    assert checked.findings[0].severity is Severity.ERROR


def zipped(data):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("diagram.bpmn", data)
    return packed.getvalue()


def test_an_archive_is_refused_and_never_unpacked():
    bomb = zipped(b"\0" * 50_000_000)
    assert len(bomb) < 100_000
    assert [finding.rule for finding in answered(bomb).findings] == ["document.not_xml"]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32", "cp037"])
def test_a_diagram_in_an_encoding_that_is_not_told_is_refused(encoding):
    text = '<?xml version="1.0"?>' + chain("userTask", 2).decode()
    rules = {finding.rule for finding in answered(text.encode(encoding)).findings}
    assert rules <= {"document.encoding", "document.not_xml"}
    assert rules


@pytest.mark.parametrize("name", ["calls-in-circles", "fan-parallel", "links-in-circles"])
def test_the_same_file_is_answered_the_same(name):
    assert check(DRAWN[name]).to_data() == check(DRAWN[name]).to_data()
