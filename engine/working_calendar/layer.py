"""Layers of a calendar (lịch làm việc): what the country, the city, the office, a unit states.

A layer is a small document of rules; each rule has its days, its words, its legal basis and who
entered it. `compose` makes one working calendar of them, the layer nearest to the unit above all.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Self

from engine.calendar import Calendar, layer
from engine.working_calendar.office_hours import (
    DayException,
    ExceptionKind,
    NoDateGiven,
    Overrides,
    Session,
    StatedTwice,
    UnreadableCalendar,
    WeekPattern,
    read_sessions,
    spoken_date,
)
from processes.data_entry import is_storable
from processes.errors import InvalidInput

_DAY = timedelta(days=1)
_LONGEST_DAYS = 366  # of one rule; what lasts longer is a change of the week
_LONGEST_TEXT = 500
_MOST_RULES = 5_000  # of one layer
_EXPECTED = "(dự kiến)"  # at the end of a name; no longer true once it is decided


class InvalidRule(InvalidInput):
    """A rule of a calendar that contradicts itself or gives no grounds."""

    code = "calendar.rule_invalid"
    vi = "Dòng lịch {rule} chưa đúng: {why_vi}"
    en = "The calendar's rule {rule} is not right: {why_en}"


class NothingExpected(InvalidInput):
    """A day is to be confirmed that no rule of the layer expects."""

    code = "calendar.nothing_expected"
    vi = "Ngày {day} không có dòng “dự kiến” nào cần xác nhận. Mở lại lịch."
    en = "No rule of {day} is 'expected' and wants confirming. Open the calendar again."


class LayersIncomplete(InvalidInput):
    """Layers of which no calendar can be made."""

    code = "calendar.layers_incomplete"
    vi = "Các tầng lịch chưa ghép được: {why_vi}"
    en = "The layers make no calendar: {why_en}"


class Level(StrEnum):
    """Whose statement a layer is; the later one stands above those before it."""

    COUNTRY = "country"
    CITY = "city"
    OFFICE = "office"
    UNIT = "unit"


class RuleKind(StrEnum):
    """What makes a day exceptional."""

    HOLIDAY = "holiday"  # nghỉ lễ
    SUBSTITUTE = "substitute_holiday"  # nghỉ bù, Labour Code art. 111.3
    SWAPPED = "swapped_day"  # nghỉ hoán đổi, worked on another day
    MAKE_UP = "make_up_day"  # làm bù
    CLOSURE = "closure"  # nghỉ đột xuất: storm, mourning, power cut
    HOURS = "special_hours"  # giờ khác thường ngày; without sessions: an ordinary day after all


_WORKED = (RuleKind.MAKE_UP, RuleKind.HOURS)


@dataclass(frozen=True, slots=True)
class DayRule:
    """Days, `first` to `last`, that do not follow the week.

    sessions, in_place_of: as of a DayException; only days that are worked have them.
    entered_by: who entered it, for people; it does not change the time.
    """

    first: date
    last: date
    kind: RuleKind
    name: str
    basis: str
    sessions: tuple[Session, ...] | None = None
    in_place_of: date | None = None
    undecided: bool = False
    note: str = ""
    entered_by: str = ""

    def __post_init__(self) -> None:
        if not 0 <= (self.last - self.first).days < _LONGEST_DAYS:
            raise self._wrong("ngày cuối phải từ ngày đầu đến 366 ngày sau", "1 to 366 days long")
        if not (self.name.strip() and self.basis.strip()):
            raise self._wrong("cần tên và căn cứ", "it needs a name and a legal basis")
        if any(not _fits(text) for text in (self.name, self.basis, self.note, self.entered_by)):
            raise self._wrong("chữ quá dài hoặc có ký tự lạ", "a text is too long or unprintable")
        works = self.kind in _WORKED
        if not works and (self.sessions is not None or self.in_place_of is not None):
            raise self._wrong("ngày nghỉ không có buổi làm việc", "a day off has no sessions")
        made_up = self.kind is RuleKind.MAKE_UP
        if made_up and self.in_place_of is None and self.sessions is None:
            raise self._wrong("ghi làm bù cho ngày nào", "state the day it is worked for")
        if not made_up and self.in_place_of is not None:
            raise self._wrong(
                "chỉ ngày làm bù thay cho ngày khác", "only a make-up day replaces one"
            )
        list(self.exceptions())  # and what else an exceptional day may not be

    def exceptions(self) -> Iterator[DayException]:
        """The rule as statements about single days."""
        kind = ExceptionKind.WORK if self.kind in _WORKED else ExceptionKind.OFF
        for offset in range((self.last - self.first).days + 1):
            yield DayException(
                self.first + offset * _DAY,
                kind,
                self.name,
                self.basis,
                self.sessions,
                self.in_place_of,
                self.undecided,
                self.note,
            )

    @property
    def spoken_days(self) -> str:
        """The days as people write them."""
        if self.first == self.last:
            return spoken_date(self.first)
        return f"{spoken_date(self.first)} - {spoken_date(self.last)}"

    def _wrong(self, vi: str, en: str) -> InvalidRule:
        rule = f"{self.spoken_days} “{self.name[:60]}”"
        return InvalidRule(rule=rule, why_vi=f"{vi}.", why_en=f"{en}.")

    def to_data(self) -> dict[str, Any]:
        data: dict[str, Any] = {
            "from": self.first.isoformat(),
            "to": self.last.isoformat(),
            "kind": str(self.kind),
            "name": self.name,
            "basis": self.basis,
        }
        if self.sessions is not None:
            data["sessions"] = [str(session) for session in self.sessions]
        if self.in_place_of is not None:
            data["in_place_of"] = self.in_place_of.isoformat()
        optional = {
            "undecided": self.undecided,
            "note": self.note,
            "entered_by": self.entered_by,
        }
        return data | {name: value for name, value in optional.items() if value}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Read a rule; `to` may be left out for one day."""
        _require_known(data, _DAY_KEYS)
        sessions, in_place_of = data.get("sessions"), data.get("in_place_of")
        undecided = data.get("undecided", False)
        if not isinstance(undecided, bool):
            raise TypeError(undecided)
        first = _day(data["from"])
        return cls(
            first=first,
            last=_day(data["to"]) if "to" in data else first,
            kind=RuleKind(data["kind"]),
            name=_text(data["name"]),
            basis=_text(data["basis"]),
            sessions=None if sessions is None else read_sessions(*sessions),
            in_place_of=None if in_place_of is None else _day(in_place_of),
            undecided=undecided,
            note=_text(data.get("note", "")),
            entered_by=_text(data.get("entered_by", "")),
        )


@dataclass(frozen=True, slots=True)
class WeekRule:
    """The sessions of an ordinary week from a date on, with the decision that says so.

    A weekday that the pattern does not state is as in the layer below; a pattern that states none
    ends this layer's own hours.
    """

    pattern: WeekPattern
    basis: str
    name: str = ""
    entered_by: str = ""

    def __post_init__(self) -> None:
        fits = all(_fits(text) for text in (self.name, self.basis, self.entered_by))
        if not self.basis.strip() or not fits:
            raise InvalidRule(
                rule=spoken_date(self.pattern.valid_from),
                why_vi="giờ làm việc trong tuần cần căn cứ, mỗi ô dưới 500 ký tự.",
                why_en="the week's hours need a legal basis; texts are under 500 characters.",
            )

    def to_data(self) -> dict[str, Any]:
        texts = {"basis": self.basis, "name": self.name, "entered_by": self.entered_by}
        return self.pattern.to_data() | {name: text for name, text in texts.items() if text}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        texts = {name: _text(data[name]) for name in _WEEK_TEXTS if name in data}
        hours = {name: value for name, value in data.items() if name not in texts}
        return cls(WeekPattern.from_data(hours), texts.pop("basis"), **texts)


_DAY_KEYS = frozenset(
    {"from", "to", "kind", "name", "basis", "sessions"}
    | {"in_place_of", "undecided", "note", "entered_by"}
)
_WEEK_TEXTS = ("basis", "name", "entered_by")


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when a country's calendar reaches, and in which time zone."""

    zone: str
    first_day: date
    last_day: date

    def to_data(self) -> dict[str, str]:
        days = {"first_day": self.first_day.isoformat(), "last_day": self.last_day.isoformat()}
        return {"zone": self.zone, **days}


@dataclass(frozen=True, slots=True)
class Layer:
    """The rules of one level; of a unit, its code says which. Only the country's has a span.

    Each day is stated once in a layer (StatedTwice): two rules about it could not both hold.
    """

    level: Level
    weeks: tuple[WeekRule, ...] = ()
    days: tuple[DayRule, ...] = ()
    unit: str = ""
    span: Span | None = None

    def __post_init__(self) -> None:
        if (self.level is Level.UNIT) != bool(self.unit):
            raise LayersIncomplete(
                why_vi="chỉ tầng đơn vị ghi mã đơn vị, và phải ghi.",
                why_en="a unit's layer names the unit, and no other does.",
            )
        if (self.level is Level.COUNTRY) != (self.span is not None):
            raise LayersIncomplete(
                why_vi="tầng cả nước, và chỉ tầng ấy, ghi múi giờ, ngày đầu và ngày cuối.",
                why_en="the country's layer, and only it, states zone, first and last day.",
            )
        if len(self.weeks) + len(self.days) > _MOST_RULES:
            raise UnreadableCalendar(detail=f"> {_MOST_RULES}")
        weeks = sorted(self.weeks, key=lambda rule: rule.pattern.valid_from)
        object.__setattr__(self, "weeks", tuple(weeks))
        object.__setattr__(self, "days", tuple(sorted(self.days, key=lambda rule: rule.first)))
        self._require_once()

    @property
    def key(self) -> tuple[Level, str]:
        """What tells this layer from the others of an office."""
        return self.level, self.unit

    def overrides(self) -> Overrides:
        """What the layer states otherwise than those below."""
        stated = (exception for rule in self.days for exception in rule.exceptions())
        return Overrides(tuple(rule.pattern for rule in self.weeks), tuple(stated))

    def with_day(self, rule: DayRule) -> Self:
        """The layer with one more rule (StatedTwice)."""
        return replace(self, days=(*self.days, rule))

    def without_day(self, first: date) -> Self:
        """The layer without the rule that begins on a day."""
        return replace(self, days=tuple(rule for rule in self.days if rule.first != first))

    def confirming(self, first: date, basis: str) -> Self:
        """An expected day that is decided now, by a document (NothingExpected)."""
        expected = next((r for r in self.days if r.first == first and r.undecided), None)
        if expected is None:
            raise NothingExpected(day=spoken_date(first))
        name = expected.name.removesuffix(_EXPECTED).rstrip()
        decided = replace(expected, undecided=False, basis=basis, name=name, entered_by="", note="")
        days = tuple(decided if rule is expected else rule for rule in self.days)
        return replace(self, days=days)

    def with_week(self, rule: WeekRule) -> Self:
        """The layer with the week's hours from a date on; what began that day is replaced."""
        begins = rule.pattern.valid_from
        others = (other for other in self.weeks if other.pattern.valid_from != begins)
        return replace(self, weeks=(*others, rule))

    def signed(self, name: str, before: "Layer | None") -> Self:
        """The layer in which every rule that was not there before is entered by that person."""
        known_days = {_unsigned(rule): rule for rule in before.days} if before else {}
        known_weeks = {_unsigned(rule): rule for rule in before.weeks} if before else {}
        return replace(
            self,
            days=tuple(
                known_days.get(_unsigned(rule), replace(rule, entered_by=name))
                for rule in self.days
            ),
            weeks=tuple(
                known_weeks.get(_unsigned(rule), replace(rule, entered_by=name))
                for rule in self.weeks
            ),
        )

    def to_data(self) -> dict[str, Any]:
        """JSON-able; `from_data` is its inverse."""
        return {
            "level": str(self.level),
            **({"unit": self.unit} if self.unit else {}),
            **(self.span.to_data() if self.span else {}),
            "weeks": [rule.to_data() for rule in self.weeks],
            "days": [rule.to_data() for rule in self.days],
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Read a layer (UnreadableCalendar, or the error that names the fault)."""
        try:
            _require_known(data, _LAYER_KEYS)
            level = Level(data["level"])
            return cls(
                level,
                tuple(WeekRule.from_data(rule) for rule in data.get("weeks", ())),
                tuple(DayRule.from_data(rule) for rule in data.get("days", ())),
                _text(data.get("unit", "")),
                _span(data) if level is Level.COUNTRY else None,
            )
        except (KeyError, TypeError, ValueError, AttributeError) as unreadable:
            raise UnreadableCalendar(detail=repr(unreadable)[:200]) from unreadable

    def _require_once(self) -> None:
        beyond: date | None = None
        for rule in self.days:
            if beyond is not None and rule.first <= beyond:
                raise StatedTwice(day=spoken_date(rule.first))
            beyond = rule.last
        begins = [rule.pattern.valid_from for rule in self.weeks]
        twice = next((day for day in begins if begins.count(day) > 1), None)
        if twice is not None:
            raise StatedTwice(day=spoken_date(twice))


_LAYER_KEYS = frozenset(("level", "unit", "zone", "first_day", "last_day", "weeks", "days"))


def compose(layers: Iterable[Layer]) -> Calendar:
    """The working calendar that the layers make together.

    Errors: LayersIncomplete, and those of a Calendar: hours missing, a year without working time,
    days outside of the country's span.
    """
    ordered = sorted(layers, key=lambda each: list(Level).index(each.level))
    levels = [each.level for each in ordered]
    span = ordered[0].span if ordered else None
    if span is None or len(set(levels)) != len(levels):
        raise LayersIncomplete(
            why_vi="cần đúng một tầng cả nước và nhiều nhất một tầng mỗi cấp.",
            why_en="one layer of the country is needed, and at most one of each level.",
        )
    base = ordered[0].overrides()
    made = Calendar(span.zone, span.first_day, span.last_day, base.patterns, base.exceptions)
    for above in ordered[1:]:
        made = layer(made, above.overrides())
    return made


def calendars_of(layers: Iterable[Layer]) -> dict[str, Calendar]:
    """The office's calendar under "", and that of each unit with a layer of its own by its code."""
    stated = tuple(layers)
    office = [each for each in stated if each.level is not Level.UNIT]
    made = {"": compose(office)}
    for unit in (each for each in stated if each.level is Level.UNIT):
        if unit.unit in made:
            raise LayersIncomplete(
                why_vi=f"đơn vị {unit.unit} có hai tầng.",
                why_en=f"the unit {unit.unit} has two layers.",
            )
        made[unit.unit] = compose((*office, unit))
    return made


def country_layer(calendar: Calendar, basis: str, entered_by: str = "") -> Layer:
    """A calendar that was made at once, such as the seed, as the country's layer.

    basis: of the week's hours; the exceptional days have their own.
    """
    return Layer(
        Level.COUNTRY,
        tuple(WeekRule(p, basis, entered_by=entered_by) for p in calendar.patterns),
        tuple(_rule_of(stated, entered_by) for stated in calendar.exceptions),
        span=Span(calendar.zone, calendar.first_day, calendar.last_day),
    )


def _rule_of(stated: DayException, entered_by: str) -> DayRule:
    return DayRule(
        stated.day,
        stated.day,
        _kind_of(stated),
        stated.name,
        stated.basis,
        stated.sessions,
        stated.in_place_of,
        stated.undecided,
        stated.note,
        entered_by,
    )


def _kind_of(stated: DayException) -> RuleKind:
    if stated.kind is ExceptionKind.WORK:
        return RuleKind.MAKE_UP if stated.in_place_of else RuleKind.HOURS
    if "nghỉ bù" in stated.name:
        return RuleKind.SUBSTITUTE
    return RuleKind.SWAPPED if "hoán đổi" in stated.name else RuleKind.HOLIDAY


def _unsigned(rule: Any) -> Any:
    return replace(rule, entered_by="")


def _span(data: Mapping[str, Any]) -> Span:
    first, last = (date.fromisoformat(data[name]) for name in ("first_day", "last_day"))
    return Span(_text(data["zone"]), first, last)


def _fits(text: str) -> bool:
    return len(text) <= _LONGEST_TEXT and is_storable(text)


def _day(stated: Any) -> date:
    """A day as a file has it; NoDateGiven where the calendar of the year has no such day."""
    if not isinstance(stated, str):
        raise TypeError(stated)
    try:
        return date.fromisoformat(stated)
    except ValueError as unreadable:
        raise NoDateGiven(given=stated[:40]) from unreadable


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _require_known(data: Mapping[str, Any], known: frozenset[str]) -> None:
    unknown = set(data) - known
    if unknown:
        raise UnreadableCalendar(detail=", ".join(sorted(map(str, unknown)))[:200])
