"""What every procedure states: a name, a code, at least one case. Limits are never invented."""

from collections.abc import Iterator
from functools import partial
from pathlib import PurePath

from lxml.etree import _Element as Element

from processes.document import bpmn, qt, qt_children
from processes.drawing import draw
from processes.layout.names import add_element
from processes.reader.aliases import alias_limits, parse_alias
from processes.repair.repair import Change, Kind
from processes.repair.wording import name_of
from processes.repair.workpiece import Workpiece
from processes.time_limit import InvalidTimeLimit

NAME = Kind(
    "procedure.name",
    "Quy trình chưa có tên. Lấy tên từ tệp: “{after}”. Sửa lại theo quyết định nếu cần.",
    "The procedure has no name. The file's is taken: '{after}'. Correct it where needed.",
    answers=("qt-name-missing",),
)
CODE = Kind(
    "procedure.code",
    "Quy trình chưa có mã. Tạm lấy mã của quy trình trong tệp: “{after}”. Thay bằng mã thủ tục nếu "
    "có.",
    "The procedure has no code. The process's id is taken for now: '{after}'. Put the code of the "
    "administrative procedure where there is one.",
    answers=("qt-code-missing",),
)
CASE = Kind(
    "procedure.case",
    "Quy trình chưa có trường hợp giải quyết. Thêm trường hợp “Thông thường”; tổng thời hạn do "
    "người thiết kế ghi, không tự đặt ra.",
    "The procedure has no case. The case 'normal' is added; its total limit is for the designer "
    "to state, it is not invented.",
    answers=("qt-case-missing",),
)
KINDS = (NAME, CODE, CASE)


def identify(piece: Workpiece) -> Iterator[Change]:
    """A name, a code and a case, where there are none."""
    process = piece.process
    if process is None or not piece.nodes:
        return
    element = process.get("id") or None
    diagram = draw(piece.document)
    if diagram is not None and not diagram.name.strip():
        name = _name(piece, process)
        yield Change(NAME.of(element, "–", name), partial(process.set, "name", name))
    stated = next(qt_children(process, "procedure"), None)
    code = "" if stated is None else stated.get("code", "").strip()
    if not code and element:
        repair = CODE.of(element, "–", element)
        yield Change(repair, partial(_set_code, piece, process, element))
    if not _has_case(process):
        repair = CASE.of(element, "–", 'qt:case code="normal"')
        yield Change(repair, partial(_add_case, piece, process))


def _name(piece: Workpiece, process: Element) -> str:
    """The name of the model, else of the file, else the process's id."""
    stem = " ".join(PurePath(piece.file_name).stem.replace("_", " ").split())
    return name_of(piece.root) or stem or process.get("id", "")


def _set_code(piece: Workpiece, process: Element, code: str) -> None:
    piece.extension(process, "procedure").set("code", code)


def _has_case(process: Element) -> bool:
    cases = (e.find(qt("case")) for e in qt_children(process, "procedure"))
    return any(case is not None for case in cases) or _has_alias(process)


def _has_alias(process: Element) -> bool:
    """Whether another tool's property states the total limit, which then makes the case."""
    for _, text in alias_limits(process):
        try:
            parse_alias(text)
        except InvalidTimeLimit:
            continue
        return True
    return False


def _add_case(piece: Workpiece, process: Element) -> None:
    case = {"code": "normal", "name": "Thông thường"}
    procedure = piece.extension(process, "procedure")
    first = next((e for e in procedure if e.tag != bpmn("documentation")), None)
    made = add_element(procedure, qt("case"), case)
    if first is not None:
        first.addprevious(made)
