"""Laws that hold for all values, not only for those we thought of."""

import re
import string
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processes.errors import InvalidInput
from processes.feel import (
    ExpressionTooCostly,
    InvalidExpression,
    Range,
    YearsMonths,
    compile_expression,
    compile_unary_tests,
)
from processes.feel.meter import Meter
from processes.feel.pattern import compile_pattern
from processes.feel.tokens import KEYWORDS
from processes.feel.writing import write_literal

numbers = st.decimals(
    min_value=-(10**12), max_value=10**12, places=6, allow_nan=False, allow_infinity=False
)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
zones = st.none() | st.just(UTC) | offsets
plain = st.one_of(
    st.none(),
    st.booleans(),
    numbers,
    texts,
    st.dates(),
    st.times(timezones=zones),
    st.datetimes(timezones=zones),
    st.timedeltas(),
    st.integers(-(10**6), 10**6).map(YearsMonths),
)
values = st.recursive(
    plain,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=8,
)
ranges = st.tuples(numbers, numbers, st.booleans(), st.booleans()).map(
    lambda ends: Range(min(ends[:2]), max(ends[:2]), *ends[2:])
)
truths = st.sampled_from([True, False, None])
SUM = compile_expression("a + b - b")
PRODUCT = compile_expression("a * b / b")
ORDER = compile_expression("[a < b, a = b, a > b]")
MODULO = compile_expression("b * floor(a / b) + modulo(a, b)")
LISTS = compile_expression(
    "reverse(reverse(xs)) = xs and count(concatenate(xs, ys)) = count(xs) + count(ys)"
)
SORTED = compile_expression("sort(xs, function(x, y) x < y)")
AND_OR = compile_expression(
    "[a and b, b and a, not(not(a) or not(b)), (a and b) and c, a and (b and c)]"
)


def same(left, right):
    """Equal, of one type all the way down, and in one time zone."""
    if type(left) is not type(right):
        return False
    if isinstance(left, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    if isinstance(left, datetime | time) and (left.tzinfo is None) != (right.tzinfo is None):
        return False
    return left == right


def refusal(act):
    """The refusal of an act, None when it is done."""
    try:
        act()
    except InvalidInput as refused:
        return refused
    return None


@given(numbers, numbers)
def test_adding_and_taking_away_gives_back_exactly(a, b):
    assert SUM.evaluate({"a": a, "b": b}) == a


@given(st.integers(-(10**9), 10**9), st.integers(1, 10**9))
def test_multiplying_and_dividing_gives_back_exactly(a, b):
    assert PRODUCT.evaluate({"a": a, "b": b}) == a


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_float_comes_in_as_the_number_that_was_written(number):
    assert compile_expression("x").evaluate({"x": number}) == Decimal(repr(number))


@given(st.integers(-(10**6), 10**6), st.integers(-(10**6), 10**6).filter(bool))
def test_quotient_and_rest_make_the_number_again(a, b):
    assert MODULO.evaluate({"a": a, "b": b}) == a


@given(numbers, numbers)
def test_numbers_are_smaller_equal_or_greater_and_only_one_of_them(a, b):
    assert sorted(ORDER.evaluate({"a": a, "b": b})) == [False, False, True]


@given(truths, truths, truths)
def test_and_commutes_associates_and_is_or_of_the_opposites(a, b, c):
    straight, turned, opposite, first, last = AND_OR.evaluate({"a": a, "b": b, "c": c})
    assert straight is turned is opposite
    assert first is last


@given(values)
def test_a_value_written_as_an_expression_reads_back_as_itself(value):
    value = compile_expression("x").evaluate({"x": value})  # its texts NFC
    written = write_literal(value, Meter("", None))
    assert same(compile_expression(written).evaluate({}), value)


@given(ranges)
def test_a_range_written_as_an_expression_reads_back_as_itself(value):
    written = write_literal(value, Meter("", None))
    assert compile_expression(written).evaluate({}) == value


@given(values)
def test_every_value_equals_itself(value):
    assert compile_expression("x = x").evaluate({"x": value}) is True


@given(numbers, ranges)
def test_a_number_is_in_a_range_or_outside_of_it(number, within):
    data = {"x": number, "r": within}
    inside = compile_expression("x in r").evaluate(data)
    outside = compile_expression("before(x, r) or after(x, r)").evaluate(data)
    empty = within.start == within.end and not (within.start_included and within.end_included)
    assert empty or inside is not outside


@given(st.lists(numbers, max_size=10), st.lists(numbers, max_size=10))
def test_lists_keep_what_they_hold(xs, ys):
    assert LISTS.evaluate({"xs": xs, "ys": ys}) is True
    assert SORTED.evaluate({"xs": xs}) == sorted(xs)


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(-10_000, 10_000))
def test_going_some_days_and_back_ends_on_the_same_date(day, days):
    data = {"d": day, "n": timedelta(days=days)}
    assert compile_expression("d + n - n = d and (d + n) - d = n").evaluate(data) is True


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(0, 500))
def test_whole_months_later_is_so_many_months_away(day, months):
    data = {"d": day.replace(day=min(day.day, 28)), "m": YearsMonths(months)}
    assert compile_expression("years and months duration(d, d + m) = m").evaluate(data) is True


@given(numbers, st.lists(numbers, min_size=1, max_size=5))
def test_not_of_tests_is_the_opposite_of_the_tests(value, tests):
    written = ", ".join(f"> {test}" for test in tests)
    straight = compile_unary_tests(written).matches(value, {})
    assert compile_unary_tests(f"not({written})").matches(value, {}) is not straight


@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_any_text_is_read_or_refused(text):
    refused = refusal(lambda: compile_expression(text))
    assert refused is None or isinstance(refused, InvalidExpression)
    if refused is not None:
        assert 0 <= refused.facts["position"] <= len(text)


WORDS = [
    *KEYWORDS,
    *"+-*/=<>()[]{},.:?",
    "..",
    "**",
    "!=",
    "->",
    '"a"',
    "1",
    "x",
    "count",
    '@"P1D"',
]


@given(st.lists(st.sampled_from(WORDS), max_size=25))
def test_any_sequence_of_words_is_read_and_answered_or_refused(words):
    text = " ".join(words)
    data = {"x": [1, {"x": 2}]}
    refused = refusal(lambda: compile_expression(text, strict=False).evaluate(data))
    assert refused is None or isinstance(refused, InvalidExpression | ExpressionTooCostly)


letters = st.text("ab", max_size=12)
never_empty = st.recursive(
    st.sampled_from(["a", "b", ".", "[ab]", "[^a]"]),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda two: f"(?:{two[0]}|{two[1]})"),
        st.tuples(inner, st.sampled_from(["+", "{2}", "{1,2}", "+?"])).map(
            lambda two: f"({two[0]}){two[1]}"
        ),
    ),
    max_leaves=6,
)
# what may be empty is not repeated: there the engines' choices differ, and the standard is silent
patterns = st.lists(
    st.tuples(never_empty, st.sampled_from(["", "*", "?", "*?", "??"])).map(
        lambda two: f"({two[0]}){two[1]}"
    ),
    min_size=1,
    max_size=3,
).map("".join)


@given(patterns, letters)
def test_a_pattern_finds_what_a_backtracking_engine_finds(pattern, text):
    found = compile_pattern(pattern, "", meter := Meter("", None)).find(text, 0, meter)
    expected = re.search(pattern, text)
    assert (found is None) == (expected is None)
    if found is not None:
        groups = [found.group(number) for number in range(expected.re.groups + 1)]
        assert (found.start, found.end) == expected.span()
        assert groups == [expected.group(number) or "" for number in range(expected.re.groups + 1)]


@pytest.mark.parametrize("character", string.punctuation + " \t\nđĐ٣")
def test_a_quoted_pattern_matches_exactly_itself(character):
    meter = Meter("", None)
    found = compile_pattern(character, "q", meter).find(f"x{character}y", 0, meter)
    assert found.group(0) == character
