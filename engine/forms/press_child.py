"""The press's own process: draws forms with Typst, can be killed at any moment.

It reads nothing but the folder of templates, and the network is closed to it: packages that a
template would fetch are refused by a proxy that does not exist.
"""

import io
import json
import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from engine.judging.child import main

try:
    import resource
except ImportError:  # Windows: the time is kept all the same, the memory is not
    resource = None  # type: ignore[assignment]

TEMPLATES = Path(__file__).parent / "templates"
_NOWHERE = "/nonexistent"
_CLOSED = "http://127.0.0.1:9"
_STANDARDS = ("a-2a", "ua-1")
_SHOWN = 300
_MORE_MEGABYTES = 1_024


@cache
def _compiler() -> Any:
    import typst  # noqa: PLC0415 - only this process needs it

    _widen_memory()
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        os.environ[name] = _CLOSED
    return typst.Compiler(
        root=str(TEMPLATES),
        ignore_system_fonts=True,
        package_path=_NOWHERE,
        package_cache_path=_NOWHERE,
    )


Drawn = tuple[bool, Any]
"""Whether it could be drawn; bytes or pages, or why not."""


def draw_pdf(source: str, inputs: Mapping[str, str], seconds: int) -> Drawn:
    """The form as PDF/A-2a and PDF/UA-1, the same bytes for the same arguments.

    seconds: since 1970, the time the file says it was made at.
    """
    standards = list(_STANDARDS)
    return _drawn(source, inputs, format="pdf", pdf_standards=standards, timestamp=seconds)


def draw_png(source: str, inputs: Mapping[str, str], dots_per_inch: float) -> Drawn:
    """The form as pictures, one a page."""
    could, drawn = _drawn(source, inputs, format="png", ppi=dots_per_inch)
    return could, [drawn] if isinstance(drawn, bytes) else drawn


def _drawn(source: str, inputs: Mapping[str, str], **how: Any) -> Drawn:
    compiler = _compiler()
    facts = json.loads(inputs["facts"])
    given = {**inputs, "qr": _qr(facts.get("qr") or facts.get("code", ""))}
    try:
        return True, compiler.compile(source.encode(), sys_inputs=given, **how)
    except RuntimeError as refusal:
        return False, str(getattr(refusal, "message", refusal))[:_SHOWN]


@cache
def _segno() -> Any:
    import segno  # noqa: PLC0415

    return segno


def _qr(text: str) -> str:
    """The text as an SVG picture; "" where there is none."""
    if not text:
        return ""
    picture = io.BytesIO()
    code = _segno().make(text, error="m", micro=False)
    code.save(picture, kind="svg", xmldecl=False, border=1, unit="mm")
    return picture.getvalue().decode()


JOBS = {"pdf": draw_pdf, "png": draw_png}


def _widen_memory() -> None:
    """A register of 2,000 lines takes more than what judges are given; bounded all the same."""
    if resource is None:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    if soft != resource.RLIM_INFINITY:
        wanted = soft + _MORE_MEGABYTES * 1024 * 1024
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))


if __name__ == "__main__":
    main(JOBS)
