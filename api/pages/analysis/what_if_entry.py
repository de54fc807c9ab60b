"""What is typed into the what-if form: read field by field, each fault at its own field."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from analysis.replay.change import (
    Arrivals,
    Change,
    Dropped,
    Limit,
    NoSupplementsKnown,
    People,
    SupplementRate,
    TooFewPeople,
)
from api.pages.frame import Wrong
from api.pages.visit import Visit
from processes.errors import RuleError

DAY_WS = 8 * 3600
_ALL = 100
_MOST_DAYS = 10_000
_MOST_ARRIVALS = 300
_MOST_SHOWN = 40
_LARGEST = 10**6  # of anything that is typed: more is a slip
_FIELD_OF: Mapping[type[RuleError], str] = {
    TooFewPeople: "people",
    NoSupplementsKnown: "supplements",
}


@dataclass(frozen=True)
class Asked:
    """What the form holds, as it was typed; all of it lives in the address.

    post: "unit|position". people: so many more or fewer. limit: working days. drop: a step.
    supplements, arrivals: per cent. step, step_limit: another limit of one step, working days; it
    is counted, not played.
    """

    post: str = ""
    people: str = ""
    limit: str = ""
    drop: str = ""
    supplements: str = ""
    arrivals: str = ""
    step: str = ""
    step_limit: str = ""

    @property
    def anything(self) -> bool:
        return any((self.people, self.limit, self.drop, self.supplements, self.arrivals))

    @property
    def query(self) -> dict[str, str]:
        """What was entered, to go on with in another period; a choice alone is no entry."""
        own = {name: getattr(self, name) for name in self.__dataclass_fields__}
        if not self.people:
            own.pop("post")
        if not self.step_limit:
            own.pop("step")
        return {name: text for name, text in own.items() if text}


class Entry:
    """The form's fields as values; what is wrong with them gathers in `wrong`.

    posts, steps: the values that may be chosen.
    """

    def __init__(
        self, seen: Visit, code: str, asked: Asked, posts: Iterable[str], steps: Iterable[str]
    ) -> None:
        self._seen, self._code, self._asked = seen, code, asked
        self._posts, self._steps = set(posts), set(steps)
        self.wrong: list[Wrong] = []

    def change(self) -> Change | None:
        """The change that was typed; None where nothing was, or something is wrong with it."""
        found = Change(
            people=self._people(),
            limits=self._limits(),
            dropped=self._dropped(),
            supplements=self._supplements(),
            arrivals=self._arrivals(),
        )
        return None if self.wrong or not self._asked.anything else found

    def step_limit_ws(self) -> int | None:
        """Another limit of one step, in working seconds; None where none was typed."""
        days = self._days("step_limit", self._asked.step_limit)
        if days is None:
            return None
        if self._asked.step not in self._steps:
            self._no_such_step("step", self._asked.step)
            return None
        return int(days * DAY_WS)

    def refused(self, error: RuleError) -> None:
        """What the replay says no to, at the field that can mend it."""
        self.wrong.append((_FIELD_OF.get(type(error)), self._seen.said(error)))

    def _people(self) -> tuple[People, ...]:
        text = self._asked.people
        number = _number(text)
        if not text:
            return ()
        if number is None or number != int(number) or not 0 < abs(number) <= _ALL:
            self._wrong(
                "people",
                text,
                "ghi số nguyên khác 0, từ -100 đến 100",
                "enter a whole number that is not 0, from -100 to 100",
            )
            return ()
        if self._asked.post not in self._posts:
            said = self._seen.t(
                "Chọn lại vị trí: trong kỳ không ai làm quy trình này ở vị trí đã nêu.",
                "Choose the position again: nobody of the one named worked on it in the period.",
            )
            self.wrong.append(("post", said))
            return ()
        unit, _, position = self._asked.post.partition("|")
        return (People(unit or None, position or None, int(number)),)

    def _limits(self) -> tuple[Limit, ...]:
        days = self._days("limit", self._asked.limit)
        return () if days is None else (Limit(self._code, int(days * DAY_WS)),)

    def _dropped(self) -> tuple[Dropped, ...]:
        step = self._asked.drop
        if step and step not in self._steps:
            self._no_such_step("drop", step)
            return ()
        return (Dropped(self._code, step),) if step else ()

    def _supplements(self) -> tuple[SupplementRate, ...]:
        share = self._per_cent("supplements", self._asked.supplements, _ALL)
        return () if share is None else (SupplementRate(self._code, share),)

    def _arrivals(self) -> tuple[Arrivals, ...]:
        factor = self._per_cent("arrivals", self._asked.arrivals, _MOST_ARRIVALS)
        return () if factor is None else (Arrivals(factor, self._code),)

    def _days(self, field: str, text: str) -> Decimal | None:
        number = _number(text)
        if number is not None and 0 < int(number * DAY_WS) <= _MOST_DAYS * DAY_WS:
            return number
        if text:
            self._wrong(
                field,
                text,
                "ghi số ngày làm việc lớn hơn 0, ví dụ 2,5",
                "enter working days, more than 0, for example 2.5",
            )
        return None

    def _per_cent(self, field: str, text: str, most: int) -> float | None:
        number = _number(text)
        if number is not None and 0 <= number <= most:
            return float(number / _ALL)
        if text:
            self._wrong(
                field, text, f"ghi phần trăm từ 0 đến {most}", f"enter per cent, from 0 to {most}"
            )
        return None

    def _no_such_step(self, field: str, step: str) -> None:
        self._wrong(
            field,
            step,
            "trong kỳ không có lượt nào qua bước này, chọn lại",
            "no run of this step ended in the period, choose again",
        )

    def _wrong(self, field: str, text: str, vi: str, en: str) -> None:
        shown = text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…"
        name = self._seen.t(*_NAMES[field])
        said = self._seen.t(f"{name}, đã ghi “{shown}”: {vi}.", f"{name}, given '{shown}': {en}.")
        self.wrong.append((field, said))


_NAMES = {
    "people": ("Thêm hay bớt mấy người", "How many more or fewer"),
    "limit": ("Thời hạn của hồ sơ", "Limit of a dossier"),
    "drop": ("Bỏ bước", "Drop a step"),
    "supplements": ("Tỷ lệ hồ sơ phải bổ sung", "Share that needs a supplement"),
    "arrivals": ("Lượng hồ sơ đến", "Dossiers that come"),
    "step": ("Thời hạn khác cho bước", "Another limit for the step"),
    "step_limit": ("Thời hạn của bước đó", "Limit of that step"),
}
"""As the form calls its fields."""


def _number(text: str) -> Decimal | None:
    """A number as people type it, with a comma or a point; None where it is none."""
    try:
        number = Decimal(text.replace(",", "."))
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < _LARGEST else None
