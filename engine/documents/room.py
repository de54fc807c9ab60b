"""Documents are opened where a process can be killed, and what it takes is bounded."""

import atexit
from pathlib import Path
from typing import Any

from engine.judging.refusals import JudgeFailed, JudgesBusy, TakesTooLong, TakesTooMuchMemory
from engine.judging.room import JudgingRoom
from engine.judging.worker import spawn
from processes.errors import Conflict, InvalidInput
from processes.file_kind import FileKind

SECONDS = 15.0  # of work that opening one file may cost
_CHILD = "engine.documents.child"

_room = JudgingRoom(seconds=SECONDS, starting=lambda: spawn("-m", _CHILD))
atexit.register(_room.close)


class DocumentTooCostly(InvalidInput):
    """Opening it takes more time or memory than any honest document."""

    code = "document.too_costly"
    vi = "Mở tệp “{name}” tốn quá nhiều thời gian hoặc bộ nhớ. Lưu lại tệp đơn giản hơn."
    en = "Opening '{name}' takes too much time or memory. Save it again in a simpler way."


class DocumentsBusy(Conflict):
    """Too many documents are being opened at once."""

    code = "document.busy"
    vi = "Đang có quá nhiều tệp được kiểm tra. Thử lại sau ít phút."
    en = "Too many files are being examined. Try again in a few minutes."


def examined(path: Path, name: str) -> tuple[FileKind, int | None]:
    """Kind and pages of a file. Errors: those of `examination.examine`, DocumentTooCostly, busy."""
    kind, pages = _asked(name, "examine", str(path), name)
    return FileKind(kind), pages


def drawn(path: Path, kind: FileKind, page: int, width: int, name: str) -> bytes:
    """A page as PNG. Errors: NoSuchPage, UnreadableFile, DocumentTooCostly, DocumentsBusy."""
    picture: bytes = _asked(name, "preview", str(path), kind.value, page, width)
    return picture


def bound(paths: list[Path], into: Path, name: str) -> int:
    """Pictures bound into one PDF; its pages. Errors: as of `drawn`."""
    pages: int = _asked(name, "bind", [str(path) for path in paths], str(into))
    return pages


def looked_through(path: Path, name: str) -> dict[str, Any]:
    """What a PDF declares of PDF/A (`processes.archival`). Errors: DocumentTooCostly, busy."""
    found: dict[str, Any] = _asked(name, "look_through", str(path))
    return found


def copied_for_keeping(path: Path, kind: FileKind, into: Path, name: str, seconds: int) -> bool:
    """Whether a picture could be made PDF/A. Errors: DocumentTooCostly, DocumentsBusy."""
    made: bool = _asked(name, "copy_picture", str(path), kind.value, str(into), name, seconds)
    return made


def drawn_for_keeping(path: Path, into: Path, name: str, seconds: int) -> str:
    """Why no PDF/A was drawn of a PDF (`NoCopy`), "" where it was. Errors: as before."""
    why: str = _asked(name, "copy_pages", str(path), str(into), name, seconds)
    return why


def _asked(name: str, job: str, *arguments: Any) -> Any:
    try:
        return _room.ask(job, *arguments)
    except (TakesTooLong, TakesTooMuchMemory, JudgeFailed) as refusal:
        raise DocumentTooCostly(name=name) from refusal
    except JudgesBusy:
        raise DocumentsBusy from None
