"""Where the parts of a clock's picture lie on the page: shares of the width, lanes for labels.

Everything is drawn in shares (%) and pixels of height, so that one drawing fits a telephone and a
wide page, and letters keep their size. What fits is judged by the narrowest and a usual width.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.legal_clock.picture import ClockPicture, DayTick, Mark, MarkKind, PartKind, PicturePart

PHONE, DESK = 310, 760  # pixels of the bar
_LETTER, _BESIDE = 7.4, 10  # of a label: a letter's width, and the room beside its line
_NUMBER = 18  # pixels that a number in the bar needs
_LANE, _BAR, _FOOT = 20, 32, 24
_DAY_LABEL = 52
_MOST_LANES = 6
SMALL_BAR = 12
_NUMBERED = (PartKind.USED, PartKind.OVER, PartKind.VOID, PartKind.PAUSED)


@dataclass(frozen=True, slots=True)
class Box:
    """A part of the bar. x, width: per cent. number: by which the list below names it.

    shown: "always", "desk" or "" for the number; named: whether its name fits on a wide page.
    """

    part: PicturePart
    x: str
    width: str
    number: int | None
    shown: str
    named: bool


@dataclass(frozen=True, slots=True)
class Label:
    """A mark: its line at x %, from its lane to the bar; before: the words stand left of it."""

    mark: Mark
    x: str
    y: int
    before: bool
    words: str


@dataclass(frozen=True, slots=True)
class Day:
    """A working day's beginning; shown: "always", "desk", or "" for its date."""

    tick: DayTick
    x: str
    shown: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture laid out; heights in pixels."""

    picture: ClockPicture
    boxes: tuple[Box, ...]
    labels: tuple[Label, ...]
    days: tuple[Day, ...]
    top: int
    bar: int
    height: int


def drawing(picture: ClockPicture, words: Callable[[Mark], str]) -> Drawing:
    """The large picture. words: what stands at a mark."""
    labels, lanes = _labels(picture, words)
    top = lanes * _LANE + 4
    return Drawing(
        picture=picture,
        boxes=_boxes(picture),
        labels=labels,
        days=_days(picture),
        top=top,
        bar=_BAR,
        height=top + _BAR + _FOOT,
    )


def small_drawing(picture: ClockPicture) -> Drawing:
    """A bar of one step: no labels, its sentence stands beside it."""
    marks = tuple(Label(m, _share(m.at, picture), 0, False, "") for m in picture.marks)
    return Drawing(picture, _boxes(picture), marks, (), 4, SMALL_BAR, SMALL_BAR + 8)


def _share(seconds: int, picture: ClockPicture) -> str:
    return f"{100 * seconds / picture.length:.3f}%"


def _boxes(picture: ClockPicture) -> tuple[Box, ...]:
    found: list[Box] = []
    number = 0
    for part in picture.parts:
        number += part.kind in _NUMBERED
        share = part.seconds / picture.length
        name = " + ".join(part.steps)
        fits = share * PHONE >= _NUMBER, share * DESK >= _NUMBER
        found.append(
            Box(
                part=part,
                x=_share(part.begin, picture),
                width=_share(part.seconds, picture),
                number=number if part.kind in _NUMBERED else None,
                shown="always" if fits[0] else "desk" if fits[1] else "",
                named=bool(name) and share * DESK >= len(name) * _LETTER + 2 * _NUMBER,
            )
        )
    return tuple(found)


def _labels(picture: ClockPicture, words: Callable[[Mark], str]) -> tuple[tuple[Label, ...], int]:
    """Marks in lanes above the bar, the lowest that is free on a telephone."""
    placed: list[tuple[int, float, float, float]] = []  # lane, line, and from where to where
    labels: list[tuple[Mark, int, bool, str]] = []
    for mark in picture.marks:
        said = words(mark)
        line = mark.at / picture.length * PHONE
        before = mark.at * 2 > picture.length
        wide = len(said) * _LETTER + _BESIDE
        begin, end = (line - wide, line) if before else (line, line + wide)
        free = (lane for lane in range(_MOST_LANES) if _is_free(lane, line, begin, end, placed))
        lane = next(free, len(placed))  # a line through words is still read: they have a rim
        placed.append((lane, line, begin, end))
        labels.append((mark, lane, before, said))
    lanes = 1 + max((lane for _, lane, _, _ in labels), default=0)
    return tuple(
        Label(mark, _share(mark.at, picture), (lanes - lane - 1) * _LANE, before, said)
        for mark, lane, before, said in labels
    ), lanes


def _is_free(
    lane: int,
    line: float,
    begin: float,
    end: float,
    placed: Sequence[tuple[int, float, float, float]],
) -> bool:
    """No words over words, and no line through words."""
    for other, its_line, its_begin, its_end in placed:
        if lane == other and begin < its_end and its_begin < end:
            return False
        if other < lane and its_begin < line < its_end:
            return False
        if other > lane and begin < its_line < end:
            return False
    return True


def _days(picture: ClockPicture) -> tuple[Day, ...]:
    """Ticks of days, dates where there is room for them."""
    found: list[Day] = []
    last = {"always": -1.0, "desk": -1.0}
    for tick in picture.days:
        share = tick.at / picture.length
        shown = ""
        for kind, width in (("always", PHONE), ("desk", DESK)):
            room = share * width - last[kind] * width >= _DAY_LABEL or last[kind] < 0
            if room and share * width <= width - _DAY_LABEL / 2 and share * width >= _DAY_LABEL / 2:
                shown = kind
                last[kind] = share
                if kind == "always":
                    last["desk"] = share
                break
        found.append(Day(tick, _share(tick.at, picture), shown))
    return tuple(found)


def spoken_moment(local: Callable[[datetime], datetime], at: datetime | None) -> str:
    """A moment at a mark: "15:10 24/02"."""
    return "" if at is None else f"{local(at):%H:%M %d/%m}"


MARK_WORDS = {
    MarkKind.NOW: ("Bây giờ", "Now"),
    MarkKind.ENDED: ("Xong", "Done"),
    MarkKind.LIMIT: ("Hạn", "Due"),
    MarkKind.ORIGINAL: ("Hẹn ban đầu", "First promised"),
    MarkKind.STATUTORY: ("Hạn theo QĐ 766", "Due by QĐ 766"),
}
