"""The judgements that strangers' files are given: checked, mended, converted."""

import atexit
from collections.abc import Collection
from dataclasses import replace

from engine.judging.refusals import JudgeFailed, TakesTooLong, TakesTooMuchMemory
from engine.judging.room import JudgingRoom
from processes.check import Checked
from processes.document import MAX_BYTES, FileTooLarge, parse
from processes.finding import Finding
from processes.legacy import LegacyImport
from processes.repair import Repair

_room = JudgingRoom()
"""Processes of the machine, like its threads: one room for all who ask in this process."""

atexit.register(_room.close)


def judge(data: bytes, file_name: str = "") -> Checked:
    """The check of a stranger's file, in a process of its own; never raises for what is in it.

    The tree is parsed again here, which is done in milliseconds, once the judge has lived through
    it. Errors: JudgesBusy.
    """
    if len(data) > MAX_BYTES:
        return Checked((Finding.of(FileTooLarge(size=len(data), limit=MAX_BYTES)),))
    try:
        checked, has_document = _room.ask("check", data, file_name)
    except (TakesTooLong, TakesTooMuchMemory, JudgeFailed) as refusal:
        return Checked((Finding.of(refusal),))
    assert isinstance(checked, Checked)
    return replace(checked, document=parse(data)) if has_document else checked


def mend(
    data: bytes, accepted: Collection[str] | None = None, file_name: str = ""
) -> tuple[bytes, tuple[Repair, ...]]:
    """The file with the accepted repairs made (None: all), and the repairs, as `repair.apply` does.

    Errors: InvalidInput, JudgesBusy.
    """
    chosen = None if accepted is None else tuple(accepted)
    mended: tuple[bytes, tuple[Repair, ...]] = _room.ask("mend", data, chosen, file_name)
    return mended


def convert(workflow: bytes, form: bytes | None) -> LegacyImport:
    """A workflow of one-stop software as BPMN. Errors: InvalidInput, JudgesBusy."""
    imported: LegacyImport = _room.ask("convert", workflow, form)
    return imported
