"""The press: facts and a template go in, a PDF comes out, from a process that can be killed.

What people typed is data (`sys.inputs`), never source; all the same a text can cost more than a
form may, and an office's own template can be anything.
"""

import atexit
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson

from engine.forms import press_child
from engine.forms.refusals import FormFailed, FormTooCostly
from engine.judging.refusals import JudgeFailed, TakesTooLong, TakesTooMuchMemory
from engine.judging.room import JudgingRoom
from engine.judging.worker import Worker, spawn

SECONDS = 15.0  # of work that a form may cost; a register of 2,000 lines takes about a tenth
_PRESSES = 2
_SCREEN = 120.0


def _start() -> Worker:
    return spawn("-m", press_child.__name__)


_room = JudgingRoom(_PRESSES, SECONDS, _start)
"""Processes of the machine: one room for all who print in this process."""

atexit.register(_room.close)


def pdf(source: str, facts: Mapping[str, Any], at: datetime, *, preview: bool = False) -> bytes:
    """The form as PDF/A-2a, accessible (PDF/UA-1); the same bytes for the same arguments.

    at: the time the file says it was made at, of the record. Errors: FormFailed, FormTooCostly.
    """
    made = _asked("pdf", source, _inputs(facts, preview=preview), int(at.timestamp()))
    return bytes(made)


def pictures(source: str, facts: Mapping[str, Any], *, preview: bool = True) -> list[bytes]:
    """The pages as PNG, for the screen. Errors: FormFailed, FormTooCostly."""
    made: list[bytes] = _asked("png", source, _inputs(facts, preview=preview), _SCREEN)
    return made


def _inputs(facts: Mapping[str, Any], *, preview: bool) -> dict[str, str]:
    text = orjson.dumps(facts, option=orjson.OPT_SORT_KEYS).decode()
    return {"facts": text, "preview": "1" if preview else ""}


def _asked(name: str, *arguments: Any) -> Any:
    try:
        could, drawn = _room.ask(name, *arguments)
    except (TakesTooLong, TakesTooMuchMemory) as refusal:
        raise FormTooCostly from refusal
    except JudgeFailed as failure:
        raise FormFailed(reason=failure.facts.get("reason", "")) from failure
    if not could:
        raise FormFailed(reason=drawn)
    return drawn
