"""What a check says of a stored diagram, kept for the diagrams looked at most recently."""

import hashlib
from dataclasses import replace

from fastapi import Request

from engine.judging import JudgeFailed, TakesTooLong, TakesTooMuchMemory, judge
from engine.office import Shelf
from processes.check import Checked

_KEPT = 100
_NOT_FINISHED = {error.code for error in (TakesTooLong, TakesTooMuchMemory, JudgeFailed)}


class Judgements:
    """Checks of diagrams by their content, so that no page checks the same file twice."""

    def __init__(self) -> None:
        self._kept: Shelf[bytes, Checked] = Shelf(_KEPT)

    def of(self, diagram: bytes, file_name: str = "") -> Checked:
        """The check of the diagram, less the parsed file; file_name as `judge` takes it.

        A judge that could not finish is asked again next time. Errors: JudgesBusy.
        """
        key = hashlib.sha256(file_name.encode() + b"\0" + diagram).digest()
        known = self._kept.get(key)
        if known is None:
            known = replace(judge(diagram, file_name), document=None)
            if not any(finding.rule in _NOT_FINISHED for finding in known.findings):
                self._kept.put(key, known)
        return known


def judgements_of(request: Request) -> Judgements:
    """The checks that the application keeps."""
    kept: Judgements = request.app.state.judgements
    return kept
