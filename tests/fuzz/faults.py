"""What must be true of the answer to any file, and what is not."""

from collections.abc import Iterator

from engine.judging import JudgingRoom
from processes.check import Outcome
from processes.errors import InvalidInput, RuleError


def faults(room: JudgingRoom, data: bytes) -> Iterator[str]:
    """What is wrong with the answers to this file."""
    try:
        checked, was_read = room.ask("check", data, "a.bpmn")
    except RuleError as refusal:
        yield f"check: {refusal}"
        return
    if checked.outcome is Outcome.REFUSED and not checked.findings:
        yield "refused without a reason"
    if any(not (finding.vi and finding.en) for finding in checked.findings):
        yield "a finding without words"
    if checked.outcome is Outcome.PUBLISHABLE and checked.procedure is None:
        yield "publishable without a procedure"
    again, _ = room.ask("check", data, "a.bpmn")
    if again.to_data() != checked.to_data():
        yield "another answer the second time"
    if not was_read:
        return
    try:
        mended, repairs = room.ask("mend", data, None, "a.bpmn")
    except InvalidInput as refusal:
        if refusal.code.startswith("judging."):
            yield f"mend: {refusal}"
        return
    yield from _faults_of_mended(room, mended, bool(repairs), checked.outcome)


def _faults_of_mended(
    room: JudgingRoom, mended: bytes, changed: bool, before: Outcome
) -> Iterator[str]:
    try:
        after, was_read = room.ask("check", mended, "a.bpmn")
    except RuleError as refusal:
        yield f"check of the repaired file: {refusal}"
        return
    if changed and not was_read:
        yield f"the repaired file cannot be read: {after.findings[0].en}"
    if before is Outcome.PUBLISHABLE and after.outcome is not Outcome.PUBLISHABLE:
        yield "repairs spoil a publishable file"
