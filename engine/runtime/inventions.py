"""The elements that our rewritings invent, by tag: how they are read, and what runs them."""

from typing import Any

from engine.runtime.complex_gateway import Complex, Reset
from engine.runtime.gathering import Gather
from engine.runtime.repetition import Each, RunParser, Together, Turn
from engine.runtime.rewriting.scope import run

INVENTIONS: dict[str, tuple[Any, Any]] = {
    run("each"): (RunParser, Each),
    run("turn"): (RunParser, Turn),
    run("together"): (RunParser, Together),
    run("gather"): (RunParser, Gather),
    run("complex"): (RunParser, Complex),
    run("reset"): (RunParser, Reset),
}
