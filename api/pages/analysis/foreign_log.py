"""A log of another system: where its time goes, against an earlier one, against a diagram."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.concurrency import run_in_threadpool

from analysis.period import VIET_NAM
from api.foreign_logs import ForeignLogs
from api.identity import require_own_page
from api.pages.analysis.filters import require_reader
from api.pages.frame import page, refused
from api.pages.version import record_of
from api.pages.visit import Entered, Visit, Visiting
from api.rest.receiving import form_with_files
from api.rest.uploads import harmless_name
from api.upload_limit import LOG_MEGABYTES
from engine.procedures import by_code, listed
from processes.errors import InvalidInput, RuleError

router = APIRouter()
HERE = "/analysis/log"
_FILES = {"log": "--", "before": "--against", "diagram": "--procedure"}
_MOST_PROCEDURES = 200
_ROWS, _WAYS = 30, 10
_VIETNAMESE = str.maketrans(",.", ".,")
_UNITS = (("ngày", "d", 86_400), ("giờ", "h", 3_600), ("phút", "min", 60))


class NoLog(InvalidInput):
    """The form came without a log."""

    code = "foreign_log.no_file"
    vi = "Chọn tệp nhật ký (XES, CSV hoặc OCEL) rồi bấm “Phân tích”."
    en = "Choose a log (XES, CSV or OCEL) and press 'Analyse'."


@router.get(HERE)
def log_page(seen: Visiting) -> HTMLResponse:
    """The form."""
    require_reader(seen)
    return page(seen, "analysis_log.html", nav="analysis", **_context(seen))


@router.post(HERE)
async def analyse_page(request: Request, seen: Visiting) -> HTMLResponse:
    """What the log says, on the same page; nothing of it is kept."""
    require_reader(seen)
    async with form_with_files(request, len(_FILES)) as fields:
        form = Entered(fields)
        require_own_page(request, seen.session, form.text("csrf_token"))
        return await run_in_threadpool(_analysed, seen, form)


def _analysed(seen: Visit, form: Entered) -> HTMLResponse:
    try:
        with _laid_down(seen, form) as (log, options):
            logs: ForeignLogs = seen.request.app.state.foreign_logs
            found = logs.analyse(log, options)
    except RuleError as error:
        context = _context(seen)
        return refused(
            seen, error, "analysis_log.html", form=form, here=HERE, nav="analysis", **context
        )
    context = _context(seen, found)
    return page(seen, "analysis_log.html", nav="analysis", form=form, here=HERE, **context)


@contextmanager
def _laid_down(seen: Visit, form: Entered) -> Iterator[tuple[Path, list[str]]]:
    """The files in a folder that is gone afterwards, and the words that the command is told."""
    with TemporaryDirectory() as folder:
        options: list[str] = []
        paths: dict[str, Path] = {}
        for name, option in _FILES.items():
            sent = form.file(name)
            if sent is None:
                continue
            paths[name] = Path(folder, name) / harmless_name(sent.filename or name)
            paths[name].parent.mkdir()
            with paths[name].open("wb") as target:
                shutil.copyfileobj(sent.file, target)
            if name != "log":
                options += [option, str(paths[name])]
        if "log" not in paths:
            raise NoLog(field="log")
        code = form.text("procedure")
        if code and "diagram" not in paths:
            paths["diagram"] = Path(folder, "procedure.bpmn")
            paths["diagram"].write_bytes(_diagram(seen, code))
            options += ["--procedure", str(paths["diagram"])]
        if "diagram" in paths and (mapping := form.text("mapping").strip()):
            file = Path(folder, "mapping.csv")
            file.write_text(mapping, encoding="utf-8")
            options += ["--mapping", str(file)]
        if object_type := form.text("object_type").strip():
            options += [f"--object-type={object_type}"]
        yield paths["log"], options


def _diagram(seen: Visit, code: str) -> bytes:
    """The diagram of the version in force."""
    with seen.office.database.read() as connection:
        version_id = by_code(connection, seen.actor, code).version_id
    assert version_id is not None, "only such are offered"
    return record_of(seen, version_id).diagram


def _context(seen: Visit, found: dict[str, Any] | None = None) -> dict[str, Any]:
    with seen.office.database.read() as connection:
        rows = listed(connection, seen.actor, search="", after="", most=_MOST_PROCEDURES)
    return {
        "procedures": [(row.code, row.name) for row in rows if row.version_id is not None],
        "megabytes": LOG_MEGABYTES,
        "found": found,
        "rows": _ROWS,
        "ways": _WAYS,
        "elapsed": lambda seconds: _elapsed(seen, seconds),
        "number": lambda value: f"{value:,}".replace(",", "." if seen.language == "vi" else ","),
        "share": lambda value: _share(seen, value),
        "mapping": _mapping(found),
        "day": lambda text: datetime.fromisoformat(text).astimezone(VIET_NAM).strftime("%d/%m/%Y"),
    }


def _mapping(found: dict[str, Any] | None) -> str:
    """Lines for the activities that the diagram does not know, ids left to be filled in."""
    unknown = (found or {}).get("conformance", {}).get("unknown_activities", [])
    return "\n".join(f'"{name.replace(chr(34), chr(34) * 2)}",' for name in unknown)


def _elapsed(seen: Visit, seconds: float | None) -> str:
    """Wall-clock time in the largest unit that it fills; a day has 24 hours."""
    if seconds is None:
        return "–"
    for vi, en, length in _UNITS:
        if abs(seconds) >= length:
            return f"{_decimal(seen, seconds / length)} {seen.t(vi, en)}"
    return f"{_decimal(seen, seconds)} {seen.t('giây', 's')}"


def _share(seen: Visit, value: float | None) -> str:
    """A part of the whole as per cent, cut off and never rounded up."""
    return "–" if value is None else f"{_decimal(seen, int(value * 1000) / 10)}%"


def _decimal(seen: Visit, value: float) -> str:
    text = f"{value:,.1f}"
    return text.translate(_VIETNAMESE) if seen.language == "vi" else text
