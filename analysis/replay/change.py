"""What is asked: one thing or several that would have been otherwise."""

from collections import Counter
from dataclasses import dataclass

from processes.errors import InvalidInput

_MOST_PEOPLE = 100
_MOST_ARRIVALS = 3.0
_MOST_LIMIT_WS = 10**9


class InvalidChange(InvalidInput):
    """A change that no office can make."""

    code = "what_if.change_invalid"
    vi = "Giả định “{what}” không hợp lệ. Xem lại số người, thời hạn, tỷ lệ."
    en = "The change '{what}' is not valid. Check the number of people, the limit, the rates."


class TooFewPeople(InvalidChange):
    """More people would leave than there are."""

    code = "what_if.too_few_people"
    vi = "Vị trí này có {people} người trong kỳ, không bớt được {fewer}. Ghi số nhỏ hơn."
    en = "This position has {people} people in the period; {fewer} cannot leave. Enter fewer."


class NoSupplementsKnown(InvalidChange):
    """The past has no supplement of the procedure, so nobody knows how long one takes."""

    code = "what_if.no_supplements_known"
    vi = (
        "Trong kỳ chưa hồ sơ nào của {procedure} phải bổ sung, nên không biết một lần bổ sung mất "
        "bao lâu. Chọn kỳ dài hơn, hoặc ghi 0."
    )
    en = (
        "No dossier of {procedure} needed a supplement in the period, so nobody knows how long one "
        "takes. Choose a longer period, or enter 0."
    )


@dataclass(frozen=True, slots=True)
class People:
    """So many people more (or, below 0, fewer) in one position of a unit."""

    unit: str | None
    position: str | None
    by: int

    def __post_init__(self) -> None:
        if self.by == 0 or abs(self.by) > _MOST_PEOPLE:
            raise InvalidChange(what=self.typed)

    @property
    def typed(self) -> str:
        """As people ask for it: unit/position=+1."""
        return f"{self.unit or '–'}/{self.position or '–'}={self.by:+d}"


@dataclass(frozen=True, slots=True)
class Limit:
    """Another limit of all dossiers of a procedure, working seconds."""

    procedure_code: str
    limit_ws: int

    def __post_init__(self) -> None:
        if not 0 < self.limit_ws <= _MOST_LIMIT_WS:
            raise InvalidChange(what=f"{self.procedure_code}: {self.limit_ws}")


@dataclass(frozen=True, slots=True)
class Dropped:
    """A step that is no longer done."""

    procedure_code: str
    element_id: str


@dataclass(frozen=True, slots=True)
class SupplementRate:
    """Another share of a procedure's dossiers for which a supplement is asked, 0 to 1."""

    procedure_code: str
    share: float

    def __post_init__(self) -> None:
        if not 0 <= self.share <= 1:
            raise InvalidChange(what=f"{self.procedure_code}: {self.share}")


@dataclass(frozen=True, slots=True)
class Arrivals:
    """So many times the arrivals of a procedure, None = of the whole office."""

    factor: float
    procedure_code: str | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.factor <= _MOST_ARRIVALS:
            raise InvalidChange(what=f"{self.procedure_code or '*'}: x {self.factor}")


@dataclass(frozen=True, slots=True)
class Change:
    """All that would have been otherwise at once; nothing stated, nothing changed.

    One thing is stated once: of two limits of a procedure nobody would know which is meant.
    """

    people: tuple[People, ...] = ()
    limits: tuple[Limit, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    supplements: tuple[SupplementRate, ...] = ()
    arrivals: tuple[Arrivals, ...] = ()

    def __post_init__(self) -> None:
        for stated in (self.limits, self.supplements, self.arrivals):
            codes = Counter(each.procedure_code for each in stated)
            for code, times in codes.items():
                if times > 1:
                    raise InvalidChange(what=f"{code or '*'} x {times}")
        factors = {each.procedure_code: each.factor for each in self.arrivals}
        of_all = factors.pop(None, 1.0)
        if of_all * max(factors.values(), default=1.0) > _MOST_ARRIVALS:
            raise InvalidChange(what=f"* x {of_all} x {max(factors.values()):g}")


AS_IT_WAS = Change()
