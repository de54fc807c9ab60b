"""Strangers' files are judged where they can be killed: in processes of their own.

A file that costs more than its time or memory, or brings its judge down, is refused with a
sentence; the next file is judged as if nothing had happened. Why: docs/decisions/0006.
"""

from engine.judging.judge import convert, judge, mend
from engine.judging.refusals import JudgeFailed, JudgesBusy, TakesTooLong, TakesTooMuchMemory
from engine.judging.room import JudgingRoom

__all__ = [
    "JudgeFailed",
    "JudgesBusy",
    "JudgingRoom",
    "TakesTooLong",
    "TakesTooMuchMemory",
    "convert",
    "judge",
    "mend",
]
