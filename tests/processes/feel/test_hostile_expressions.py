"""A hostile expression is refused by its bounds, whatever it tries; time is not what stops it."""

import threading

import pytest

from processes.errors import RuleError
from processes.feel import (
    ExpressionTooCostly,
    InvalidExpression,
    UnusableValue,
    compile_expression,
    limits,
)
from processes.feel.meter import Meter
from processes.feel.pattern import compile_pattern

DOUBLED_LISTS = "{" + ", ".join(f"a{i}: [a{i - 1}, a{i - 1}]" for i in range(1, 60)) + "}"
DOUBLED_TEXTS = "{s0: s, " + ", ".join(f"s{i}: s{i - 1} + s{i - 1}" for i in range(1, 60)) + "}.s59"
TOO_COSTLY = {
    "a loop over a huge range": "count(for i in 1..1000000000 return i)",
    "loops inside loops": "for i in 1..1000, j in 1..1000, k in 1..1000 return i",
    "a search that never finds": "some i in 1..999999999999 satisfies i < 0",
    "a loop inside a filter": "[1][some i in 1..100000 satisfies false]",
    "every day there is": 'for d in @"0001-01-01"..@"9999-12-31" return d',
    "a list that doubles": f"{DOUBLED_LISTS}.a59",
    "comparing doubled lists": f"for x in [{DOUBLED_LISTS}.a59] return x = x",
    "writing a doubled list": f"string({DOUBLED_LISTS}.a59)",
    "flattening a doubled list": f"flatten({DOUBLED_LISTS}.a59)",
    "telling doubled lists apart": f"distinct values({DOUBLED_LISTS}.a59)",
    "a text that doubles": DOUBLED_TEXTS,
    "long texts in a loop": "for i in 1..100000 return upper case(s)",
    "a long text in a list in a loop": "for i in 1..100000 return [s]",
    "searching long texts": "for i in 1..100000 return contains(s, t)",
    "joining long texts": "string join(for i in 1..5000 return s)",
    "a function that calls itself": "{f: function(n) f(n + 1)}.f(1)",
    "a function that calls itself twice": (
        "{f: function(n) if n = 0 then 1 else f(n - 1) + f(n - 1)}.f(20)"
    ),
    "a function applied to itself": "(function(x) x(x))(function(x) x(x))",
    "sorting with a costly order": "sort(xs, function(x, y) some i in 1..1000 satisfies i < 0)",
    "keeping all partial results": "for i in 1..100000 return partial",
    "nesting partial results": "for i in 1..1000 return partial[-1]",
    "comparing long lists again and again": "for i in 1..1000 return xs = xs",
    "searching a long list again and again": "for i in 1..10000 return list contains(xs, -1)",
    "many contexts": "distinct values(for i in 1..3000 return {a: i})",
    "a pattern with nested repetitions": 'matches(s, "(a+)+$")',
    "a pattern with the same choice many times": 'matches(s, "(a|a|a|a|a|a)*b")',
    "a pattern with many stars": 'matches(s, ".*.*.*.*.*.*x")',
    "a pattern that repeats repetitions": 'matches("a", "((a{99}){99}){99}")',
    "a pattern that repeats nothing": 'matches("a", "(?:(?:(?:){2000}){2000}){2000}")',
    "a pattern that is too long": f'matches("a", "{"a" * 501}")',
    "many patterns": 'for i in 1..100000 return matches("a", "(?:a{1000})" + string(i))',
    "a replacement that grows": 'replace(s, "a", "bbbbbbbbbbbbbbbbbbbb")',
    "a pattern with nested groups": f'matches("a", "{"(" * 200}a{")" * 200}")',
    "many time zones": 'for i in 1..100000 return time("10:00:00@A/X" + string(i))',
}
ANSWERED = {
    "a power beyond all numbers": ("9 ** 9999999", None),
    "a tower of powers": ("9 ** 9 ** 9 ** 9 ** 9", None),
    "a power just above one": ("1.00000000001 ** 99999999999999 > 1", True),
    "exp of a huge number": ("exp(10 ** 6000)", None),
    "the rest of a huge number": ("modulo(10 ** 6000, 7)", None),
    "a huge number written out": ("string length(string(10 ** 6000))", 6001),
    "a duration beyond all time": ('@"P999999999D" * 999999999', None),
    "ends of a huge range": ("[1..10 ** 6000].start", 1),
}
DATA = {"s": "a" * limits.STRING_CHARACTERS, "t": "a" * 25_000, "xs": list(range(5_000))}


@pytest.mark.parametrize("text", TOO_COSTLY.values(), ids=TOO_COSTLY)
def test_what_would_take_too_long_is_refused(text):
    expression = compile_expression(text, list(DATA))
    with pytest.raises(ExpressionTooCostly) as refused:
        expression.evaluate(DATA)
    assert "quá lớn" in refused.value.message("vi")


@pytest.mark.parametrize(("text", "expected"), ANSWERED.values(), ids=ANSWERED)
def test_huge_numbers_are_answered_at_once(text, expected):
    assert compile_expression(text).evaluate({}) == expected


def test_every_bound_is_counted_in_steps():
    """The number of steps is the only clock, so the same expression always ends the same way."""
    meter = Meter("x", None)
    meter.charge(limits.STEPS)
    with pytest.raises(ExpressionTooCostly):
        meter.charge(1)


def test_a_loop_may_take_all_the_steps_but_not_one_more():
    expression = compile_expression("count(for i in 1..n return i)")
    within = max(n for n in (1_000, 10_000, 20_000, 25_000) if _is_answered(expression, n))
    assert within >= 20_000
    assert not _is_answered(expression, limits.STEPS)


def _is_answered(expression, n):
    try:
        return expression.evaluate({"n": n}) == n
    except ExpressionTooCostly:
        return False


@pytest.mark.parametrize(
    "value",
    [
        float("nan"),
        float("inf"),
        10**34 + 1,
        "a" * (limits.STRING_CHARACTERS + 1),
        object(),
        {1: 2},
        b"bytes",
        {1, 2},
        [[object()]],
    ],
    ids=lambda value: type(value).__name__,
)
def test_data_the_language_has_no_word_for_are_refused_by_name(value):
    with pytest.raises(UnusableValue) as refused:
        compile_expression("so_lieu").evaluate({"so_lieu": value})
    assert "so_lieu" in refused.value.message("vi")


def test_data_nested_without_end_are_refused():
    value: list = []
    for _ in range(10_000):
        value = [value]
    with pytest.raises(UnusableValue):
        compile_expression("x").evaluate({"x": value})


@pytest.mark.parametrize(
    "text",
    ["(" * 9_000, "[" * 3_000, "{a:" * 3_000, "not(" * 2_000, "-" * 9_000, "if " * 3_000,
     "for " * 2_500, "for x in " * 1_100, "some x in a satisfies " * 450, "function(x) " * 800,
     "function(" * 1_100, "a is list<" * 900, "a instance of " + "list<" * 1_900, '"' * 9_999,
     "/*" * 4_900, "`" * 9_999, "a " * 4_900, "a." * 4_900, "a[" * 4_900, "a(" * 4_900,
     "{" + "a b c d e f g h:" * 600, "@" * 9_999, "." * 9_999, "]" * 9_999, "\x00" * 100,
     "1" * 9_999, "a = " * 2_400, "1e999999999", "\u0301" * 5_000],
    ids=lambda text: text[:12],
)  # fmt: skip
def test_nonsense_of_any_size_is_refused_when_it_is_read(text):
    with pytest.raises(InvalidExpression):
        compile_expression(text)


def test_the_deepest_expressions_allowed_can_be_evaluated_far_down_the_stack():
    """Nothing nested as deeply as the bounds allow runs into Python's own limit, even in a thread."""
    texts = [
        "-" * 99 + "a",
        "[" * 62 + "a" + "]" * 62,
        "if a = 1 then " * 98 + "a" + " else 0" * 98,
        "(function(x) " * 9 + "x" + ")(a)" * 9,
        "for x in [1] return " * 31 + "x",
        "{f: function(n) if n = 0 then 0 else 1 + f(n - 1)}.f(15)",
    ]
    compiled = [compile_expression(text) for text in texts]
    failed: list[BaseException] = []

    def evaluate_far_down(frames: int) -> None:
        if frames:
            evaluate_far_down(frames - 1)
            return
        try:
            for expression in compiled:
                expression.evaluate({"a": 1})
        except BaseException as error:  # noqa: BLE001 - handed to the test's own thread
            failed.append(error)

    thread = threading.Thread(target=evaluate_far_down, args=(300,))
    thread.start()
    thread.join()
    assert not failed


def test_an_expression_is_reusable_after_it_was_refused():
    expression = compile_expression("count(for i in 1..n return i)")
    with pytest.raises(RuleError):
        expression.evaluate({"n": 10**9})
    assert expression.evaluate({"n": 3}) == 3


def test_one_evaluation_does_not_see_another():
    expression = compile_expression("[xs, xs]")
    first = expression.evaluate({"xs": [1]})
    first[0].append(2)
    assert expression.evaluate({"xs": [1]}) == [[1], [1]]


def test_evaluating_leaves_the_data_alone():
    data = {"xs": [3, 1, 2], "c": {"a": 1}}
    compile_expression(
        'sort(append(xs, 4), function(x, y) x < y)[context put(c, "a", 2).a]'
    ).evaluate(data)
    assert data == {"xs": [3, 1, 2], "c": {"a": 1}}


def test_a_pattern_costs_at_most_one_visit_of_each_state_for_each_character():
    meter = Meter("x", None)
    pattern = compile_pattern("(a+)+b", "", meter)
    before = meter.used
    pattern.find("a" * 1_000, 0, meter)
    assert meter.used - before <= 1_001 * pattern.states
