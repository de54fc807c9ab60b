"""How points and ranges lie to each other (DMN 1.3, 10.3.4.10)."""

from collections.abc import Callable
from typing import Any

from processes.feel import comparison
from processes.feel.builtins.registry import builtin
from processes.feel.meter import Meter
from processes.feel.values import Range

_Ends = tuple[Any, bool, Any, bool]  # start, whether included, end, whether included
_Relation = Callable[[_Ends, _Ends], bool | None]


def _ends(value: Any) -> _Ends | None:
    if value.__class__ is Range:
        if value.equals is not None or value.start is None or value.end is None:
            return None  # only ranges with two ends lie somewhere
        return value.start, value.start_included, value.end, value.end_included
    return None if value is None else (value, True, value, True)


def _both(*results: bool | None) -> bool | None:
    if any(result is False for result in results):
        return False
    return None if any(result is None for result in results) else True


def _either(*results: bool | None) -> bool | None:
    if any(result is True for result in results):
        return True
    return None if any(result is None for result in results) else False


def _same(left: Any, right: Any) -> bool | None:
    return _both(comparison.less_or_equal(left, right), comparison.less_or_equal(right, left))


def _starts_earlier(first: _Ends, second: _Ends) -> bool | None:
    """Whether `first` contains a value before all of `second`."""
    return _either(
        comparison.less(first[0], second[0]),
        _both(_same(first[0], second[0]), first[1] and not second[1]),
    )


def _starts_no_later(first: _Ends, second: _Ends) -> bool | None:
    return _either(
        comparison.less(first[0], second[0]),
        _both(_same(first[0], second[0]), first[1] or not second[1]),
    )


def _ends_no_later(first: _Ends, second: _Ends) -> bool | None:
    return _either(
        comparison.less(first[2], second[2]),
        _both(_same(first[2], second[2]), not first[3] or second[3]),
    )


def _reaches(first: _Ends, second: _Ends) -> bool | None:
    """Whether `first` does not end before `second` starts."""
    return _either(
        comparison.less(second[0], first[2]),
        _both(_same(first[2], second[0]), first[3] and second[1]),
    )


def _before(first: _Ends, second: _Ends) -> bool | None:
    return _either(
        comparison.less(first[2], second[0]),
        _both(_same(first[2], second[0]), not (first[3] and second[1])),
    )


def _meets(first: _Ends, second: _Ends) -> bool | None:
    return _both(_same(first[2], second[0]), first[3] and second[1])


def _overlaps(first: _Ends, second: _Ends) -> bool | None:
    return _both(_reaches(first, second), _reaches(second, first))


def _overlaps_before(first: _Ends, second: _Ends) -> bool | None:
    return _both(
        _starts_earlier(first, second), _reaches(first, second), _ends_no_later(first, second)
    )


def _finishes(first: _Ends, second: _Ends) -> bool | None:
    return _both(first[3] == second[3], _same(first[2], second[2]), _starts_no_later(second, first))


def _includes(first: _Ends, second: _Ends) -> bool | None:
    return _both(_starts_no_later(first, second), _ends_no_later(second, first))


def _starts(first: _Ends, second: _Ends) -> bool | None:
    return _both(first[1] == second[1], _same(first[0], second[0]), _ends_no_later(first, second))


def _coincides(first: _Ends, second: _Ends) -> bool | None:
    return _both(
        first[1] == second[1],
        first[3] == second[3],
        _same(first[0], second[0]),
        _same(first[2], second[2]),
    )


_POINTS, _POINT_RANGE = ("point1", "point2"), ("point", "range")
_RANGE_POINT, _RANGES = ("range", "point"), ("range1", "range2")
# name, whether the arguments change places first, relation, forms in which it is defined
_FUNCTIONS: tuple[tuple[str, bool, _Relation, tuple[tuple[str, str], ...]], ...] = (
    ("before", False, _before, (_POINTS, _POINT_RANGE, _RANGE_POINT, _RANGES)),
    ("after", True, _before, (_POINTS, _POINT_RANGE, _RANGE_POINT, _RANGES)),
    ("meets", False, _meets, (_RANGES,)),
    ("met by", True, _meets, (_RANGES,)),
    ("overlaps", False, _overlaps, (_RANGES,)),
    ("overlaps before", False, _overlaps_before, (_RANGES,)),
    ("overlaps after", True, _overlaps_before, (_RANGES,)),
    ("finishes", False, _finishes, (_POINT_RANGE, _RANGES)),
    ("finished by", True, _finishes, (_RANGE_POINT, _RANGES)),
    ("includes", False, _includes, (_RANGE_POINT, _RANGES)),
    ("during", True, _includes, (_POINT_RANGE, _RANGES)),
    ("starts", False, _starts, (_POINT_RANGE, _RANGES)),
    ("started by", True, _starts, (_RANGE_POINT, _RANGES)),
    ("coincides", False, _coincides, (_POINTS, _RANGES)),
)


def _relate(
    relation: _Relation, form: tuple[str, str], *, swapped: bool
) -> Callable[[Meter, Any, Any], bool | None]:
    def relate(_meter: Meter, first: Any, second: Any) -> bool | None:
        for value, wanted in zip((first, second), form, strict=True):
            if (value.__class__ is Range) != wanted.startswith("range"):
                return None
        ends = _ends(first), _ends(second)
        if ends[0] is None or ends[1] is None:
            return None
        return relation(ends[1], ends[0]) if swapped else relation(ends[0], ends[1])

    return relate


for _name, _swapped, _relation, _forms in _FUNCTIONS:
    for _form in _forms:
        _kinds = ("range" if each.startswith("range") else "point" for each in _form)
        builtin(_name, *(f"{each}: {kind}" for each, kind in zip(_form, _kinds, strict=True)))(
            _relate(_relation, _form, swapped=_swapped)
        )
