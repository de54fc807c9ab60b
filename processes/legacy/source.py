"""A one-stop workflow file as it stands: steps of groups, tasks with a pointer to the next one.

Read like any uploaded file: bounded, without DOCTYPE, without entities. What the format knows
is told apart from what it does not know; nothing is judged here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from lxml import etree
from lxml.etree import _Element

from processes.document import (
    DoctypeForbidden,
    EmptyFile,
    FileTooLarge,
    NotXml,
    TooComplex,
    UnknownEncoding,
)
from processes.errors import InvalidInput

MAX_BYTES = 500_000
MAX_ELEMENTS = 2_000
MAX_TASKS = 200
_MAX_TEXT = 2_000  # characters of an attribute
_TIME = re.compile(r"(-?[0-9]{1,4})(?:[.,]([0-9]{1,2}))?")
_SIDE = re.compile(r"\[([^\]]*)\]")
NAMES = {
    "process": ("code", "name", "totaltime", "version", "fee"),
    "step": ("order", "group", "name", "time", "role", "code", "no_chain"),
    "task": (
        *("code", "name", "time", "next", "next_no_chain"),
        *("single_user", "biz_done", "pause", "unpause"),
    ),
}


class NotLegacyWorkflow(InvalidInput):
    """Well-formed XML, but not a workflow of the one-stop software."""

    code = "legacy.not_workflow"
    vi = (
        "Tệp không phải là quy trình của phần mềm một cửa (phần tử gốc là “{root}”, cần “process” "
        "với các “step” và “task”). Chọn tệp …_workflow.xml."
    )
    en = (
        "The file is not a workflow of the one-stop software (its root is '{root}'; expected is "
        "'process' with 'step' and 'task'). Choose a …_workflow.xml file."
    )


@dataclass(frozen=True, slots=True)
class SourceTask:
    """One task. time: in working days, None where absent or unreadable; `next` as written."""

    code: str
    name: str
    time: Decimal | None
    time_text: str
    next: str | None
    side: str | None
    single_user: bool
    biz_done: bool
    pause: bool
    unpause: bool
    unknown: tuple[tuple[str, str], ...]

    @property
    def role(self) -> str:
        """The last word of the code: what the software calls the task's role."""
        return self.code.rpartition("::")[2].strip().upper()


@dataclass(frozen=True, slots=True)
class SourceStep:
    """Tasks of one group with a time for all of them. side: runs beside the main chain."""

    name: str
    group: str
    role: str
    order: str
    code: str
    time: Decimal | None
    time_text: str
    side: bool
    tasks: tuple[SourceTask, ...]
    unknown: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Workflow:
    """The whole file. total: in working days, None where absent (-1) or unreadable.

    set_aside: names of steps that stand in comments.
    """

    code: str
    name: str
    total: Decimal | None
    total_text: str
    fee: str
    version: str
    steps: tuple[SourceStep, ...]
    unknown: tuple[tuple[str, str], ...]
    set_aside: tuple[str, ...]


def read_workflow(data: bytes) -> Workflow:
    """Read the file, or refuse it.

    Errors: EmptyFile, FileTooLarge, UnknownEncoding, DoctypeForbidden, NotXml, TooComplex,
    NotLegacyWorkflow; all are InvalidInput.
    """
    root = read_xml(data)
    steps = tuple(_steps(root))
    if root.tag != "process" or not any(step.tasks for step in steps):
        raise NotLegacyWorkflow(root=str(root.tag)[:100])
    tasks = sum(len(step.tasks) for step in steps)
    if tasks > MAX_TASKS:
        raise TooComplex(what_vi="số công việc", what_en="tasks", count=tasks, limit=MAX_TASKS)
    return Workflow(
        code=_text(root, "code"),
        name=_text(root, "name"),
        total=_positive(_time(_text(root, "totaltime"))),
        total_text=_text(root, "totaltime"),
        fee=_text(root, "fee"),
        version=_text(root, "version"),
        steps=steps,
        unknown=tuple(_unknown(root, ("step", "no_chain_step"))),
        set_aside=tuple(_set_aside(root)),
    )


def read_xml(data: bytes) -> _Element:
    """The root of a small XML file that is hostile until proven otherwise."""
    if not data.strip():
        raise EmptyFile
    if len(data) > MAX_BYTES:
        raise FileTooLarge(size=len(data), limit=MAX_BYTES)
    text = _decode(data)
    if "<!doctype" in text.casefold():
        raise DoctypeForbidden
    if text.startswith("<?xml"):
        text = text.partition("?>")[2]
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True
    )
    try:
        root = etree.fromstring(text.strip().encode("utf-8"), parser)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        raise NotXml(line=line, column=column, detail=str(error.msg)[:200]) from None
    if next(root.iter(etree.Entity), None) is not None:
        raise DoctypeForbidden
    count = sum(1 for _ in root.iter())
    if count > MAX_ELEMENTS:
        raise TooComplex(what_vi="số phần tử", what_en="elements", count=count, limit=MAX_ELEMENTS)
    return root


def _decode(data: bytes) -> str:
    """The software writes UTF-8, with or without a byte order mark; editors also UTF-16."""
    codec = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        raise UnknownEncoding(encoding=codec) from None


def _steps(root: _Element) -> Iterator[SourceStep]:
    for element in root.iterchildren("step", "no_chain_step"):
        yield SourceStep(
            name=_text(element, "name"),
            group=_text(element, "group"),
            role=_text(element, "role"),
            order=_text(element, "order"),
            code=_text(element, "code"),
            time=_not_negative(_time(_text(element, "time"))),
            time_text=_text(element, "time"),
            side=element.tag == "no_chain_step" or _flag(element, "no_chain"),
            tasks=tuple(_task(task) for task in element.iterchildren("task")),
            unknown=tuple(_unknown(element, ("task",), "step")),
        )


def _task(element: _Element) -> SourceTask:
    following = element.get("next")
    side = _text(element, "next_no_chain") or None
    if following is not None:
        bracket = _SIDE.search(following)
        side = (bracket[1].strip() or None) if bracket else side
        following = " ".join(_SIDE.sub("", following).split())
    return SourceTask(
        code=_text(element, "code"),
        name=_text(element, "name"),
        time=_not_negative(_time(_text(element, "time"))),
        time_text=_text(element, "time"),
        next=following,
        side=side,
        single_user=_flag(element, "single_user"),
        biz_done=_flag(element, "biz_done"),
        pause=_flag(element, "pause"),
        unpause=_flag(element, "unpause"),
        unknown=tuple(_unknown(element, ())),
    )


def _text(element: _Element, name: str) -> str:
    return " ".join(element.get(name, "").split())[:_MAX_TEXT]


def _flag(element: _Element, name: str) -> bool:
    return _text(element, name).casefold() == "true"


def _time(text: str) -> Decimal | None:
    """Working days with a point or a comma; None for what is not a number."""
    stated = _TIME.fullmatch(text)
    return None if stated is None else Decimal(f"{stated[1]}.{stated[2] or 0}")


def _not_negative(time: Decimal | None) -> Decimal | None:
    return time if time is not None and time >= 0 else None


def _positive(time: Decimal | None) -> Decimal | None:
    return time if time is not None and time > 0 else None


def _unknown(
    element: _Element, children: tuple[str, ...], kind: str | None = None
) -> Iterator[tuple[str, str]]:
    """Attributes and children that the format, as far as we know it, does not have."""
    known = NAMES.get(kind or str(element.tag), ())
    for name, value in element.attrib.items():
        if name not in known:
            yield str(name)[:100], " ".join(value.split())[:_MAX_TEXT]
    for child in element:
        if isinstance(child.tag, str) and child.tag not in children:
            yield f"<{child.tag[:100]}>", _shown(child)
    words = " ".join((element.text or "").split())
    if words:
        yield "#text", words[:_MAX_TEXT]


def _shown(element: _Element) -> str:
    shown = " ".join(f"{name}={value}" for name, value in element.attrib.items())
    return " ".join(shown.split())[:_MAX_TEXT]


def _set_aside(root: _Element) -> Iterator[str]:
    """Names of steps in comments: somebody took them out, and may want to know."""
    for comment in root.iter(etree.Comment):
        for name in re.findall(r'<step\b[^>]{0,500}?\bname="([^"]{0,200})"', comment.text or ""):
            yield " ".join(name.split())
