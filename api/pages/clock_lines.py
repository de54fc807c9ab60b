"""The clock on a dossier's page: the sentence, the drawing, and the same facts as a table."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from api.pages.clock_drawing import (
    MARK_WORDS,
    Drawing,
    drawing,
    small_drawing,
    spoken_moment,
)
from api.pages.visit import Visit
from engine.dossier_file import DossierFile, StepRun
from engine.dossiers.moving import TAX_OFFICE
from engine.legal_clock.dossier_clock import ShownClock, dossier_clock, step_clocks
from engine.legal_clock.pause import Pause, PauseKind
from engine.legal_clock.picture import Mark, MarkKind, PartKind, PicturePart
from engine.legal_clock.sentence import NO_LIMIT, UNREADABLE
from engine.legal_clock.spoken_time import spoken_working_time, waited_for

_IN_KEY = 8
_NOBODYS = (PauseKind.CITIZEN_SUPPLEMENT, PauseKind.CITIZEN_PAYMENT)


@dataclass(frozen=True, slots=True)
class Line:
    """A part in words. amount: its working time. whose: to whom a pause is charged, else ""."""

    part: PicturePart
    number: int | None
    words: str
    amount: str
    whose: str


@dataclass(frozen=True, slots=True)
class MarkLine:
    """A due time, now or the end, in words."""

    words: str
    moment: datetime | None


@dataclass(frozen=True, slots=True)
class ClockView:
    """A clock as its page shows it. more: parts that stand in the table only."""

    shown: ShownClock
    name: str
    sentence: str
    drawing: Drawing
    lines: tuple[Line, ...]
    marks: tuple[MarkLine, ...]
    more: int
    difference: str

    @property
    def key(self) -> tuple[Line, ...]:
        """The first parts, and what is left."""
        last = [line for line in self.lines if line.part.kind is PartKind.LEFT]
        first = [line for line in self.lines if line not in last][:_IN_KEY]
        return (*first, *last)


@dataclass(frozen=True, slots=True)
class Clocks:
    """own: None where no limit is stated or none can be read, which the sentence then says.

    unreadable: open steps whose clock cannot be read, and the sentence that says so.
    """

    own: ClockView | None
    sentence: str
    steps: tuple[ClockView, ...]
    unreadable: tuple[tuple[StepRun, str], ...]


def clocks(seen: Visit, file: DossierFile, now: datetime) -> Clocks:
    """The dossier's clock and those of its open steps, ready to be drawn."""
    own = dossier_clock(file, now)
    steps = tuple(_view(seen, file, shown) for shown in step_clocks(file, now))
    said = seen.t(*UNREADABLE)
    damaged = tuple((s, said) for s in file.open_steps if s.step_run_id in file.unreadable)
    if own is None:
        none = said if file.row.dossier_id in file.unreadable else seen.t(*NO_LIMIT)
        return Clocks(None, none, steps, damaged)
    view = _view(seen, file, own)
    return Clocks(view, view.sentence, steps, damaged)


def _view(seen: Visit, file: DossierFile, shown: ShownClock) -> ClockView:
    picture, local = shown.picture, shown.calendar.local

    def at_mark(mark: Mark) -> str:
        return f"{_mark(seen, shown, mark)} {spoken_moment(local, mark.moment)}".strip()

    drawn = drawing(picture, at_mark) if shown.step is None else small_drawing(picture)
    units = _units(file)
    lines = tuple(_line(seen, shown, box.part, box.number, units) for box in drawn.boxes)
    numbered = [line for line in lines if line.number]
    return ClockView(
        shown=shown,
        name=shown.step.name if shown.step else "",
        sentence=shown.sentence(seen.language),
        drawing=drawn,
        lines=lines,
        marks=tuple(MarkLine(_mark(seen, shown, mark), mark.moment) for mark in picture.marks),
        more=max(0, len(numbered) - _IN_KEY),
        difference=_difference(seen, picture.difference),
    )


def _mark(seen: Visit, shown: ShownClock, mark: Mark) -> str:
    if mark.kind is MarkKind.LIMIT and shown.picture.paused and shown.picture.left >= 0:
        return seen.t("Hạn nếu tiếp tục ngay", "Due if it goes on now")
    return seen.t(*MARK_WORDS[mark.kind])


def _line(
    seen: Visit, shown: ShownClock, part: PicturePart, number: int | None, units: Mapping[str, str]
) -> Line:
    amount = seen.t("0 phút làm việc", "no working time")
    if part.seconds:
        amount = spoken_working_time(part.seconds, seen.language)
    whose = "" if part.pause is None else _whose(seen, part.pause, units)
    return Line(part, number, _words(seen, shown, part), amount, whose)


def _words(seen: Visit, shown: ShownClock, part: PicturePart) -> str:
    if part.pause is not None:
        return seen.t("Tạm dừng ", "Paused, ") + waited_for(part.pause.kind, seen.language)
    names = shown.step.name if shown.step else " + ".join(part.steps)
    names = names or seen.t("Không bước nào mở", "No step open")
    said = {
        PartKind.LEFT: ("Không dùng đến", "Not used")
        if shown.picture.stopped
        else ("Còn lại", "Left"),
        PartKind.UNCOUNTED: (
            "Chưa tính giờ (nhận sau giờ chốt)",
            "Not counted yet (came after the cutoff)",
        ),
        PartKind.OVER: (f"Quá hạn: {names}", f"Past the limit: {names}"),
        PartKind.VOID: (f"{names} (sau đó tính lại từ đầu)", f"{names} (then counted from zero)"),
    }
    return seen.t(*said.get(part.kind, (names, names)))


def _whose(seen: Visit, pause: Pause, units: Mapping[str, str]) -> str:
    if pause.charged_to is None:
        if pause.kind in _NOBODYS:
            return seen.t("người nộp, không tính cho ai", "the applicant's, charged to nobody")
        return seen.t("không tính cho ai", "charged to nobody")
    if pause.charged_to == TAX_OFFICE:
        return seen.t("tính cho cơ quan thuế", "charged to the tax office")
    name = units.get(pause.charged_to, pause.charged_to)
    return seen.t(f"tính cho {name}", f"charged to {name}")


def _units(file: DossierFile) -> dict[str, str]:
    """Names of whom steps are assigned to, by unit and by position."""
    found: dict[str, str] = {}
    for step in file.version.procedure.steps:
        if step.assignment is not None:
            found |= {
                code: step.assignment.name
                for code in (step.assignment.unit, step.assignment.position)
                if code
            }
    return found


def _difference(seen: Visit, seconds: int) -> str:
    if not seconds:
        return ""
    amount = spoken_working_time(abs(seconds), seen.language)
    return seen.t(
        f"Lịch làm việc đổi sau khi xong; thời gian đã dùng khi đó tính khác {amount}.",
        f"The calendar changed after it was done; what was used then was counted {amount} apart.",
    )
