"""Every construct of the language gives the value that the DMN 1.3 standard says."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest

from processes.feel import Range, YearsMonths, compile_expression

NUMBERS = {
    "1": 1,
    ".872": "0.872",
    "-.5": "-0.5",
    "1.5e3": 1500,
    "= 2": 2,
    "1 + 2 * 3": 7,
    "(1 + 2) * 3": 9,
    "10 + 20 / -5 - 3": 3,
    "10--5": 15,
    "-10*-5": 50,
    "-2 ** 2": 4,  # negation binds tighter than the power (grammar rule 4)
    "2 ** 3 ** 2": 64,
    "10 ** -5": "0.00001",
    "0.1 + 0.2": "0.3",
    "1.1 * 3": "3.3",
    "2 ** 0.5": "1.414213562373095048801688724209698",
    "0 ** 0": 1,
    "1 /* một */ + 1 // hai": 2,
}
NULLS = [
    "null",
    "10 / 0",
    "0 / 0",
    "1 + null",
    "null - 1",
    '1 + "1"',
    '"a" - "b"',
    "true + 1",
    "9 ** 9999999",
    "(-1) ** 0.5",
    "-null",
    '-"a"',
    "nobody",
    "nobody.at.home",
    "null > 1",
    '1 > "1"',
    "true > false",
    '@"2024-01-01" < @"2024-01-01T00:00:00"',
    '@"10:00:00" < @"10:00:00Z"',
    "[1..null]",
    '["a"..1]',
    "null between 1 and 2",
    '1 in (> "a")',
    '@"2024-01-01T00:00:00" - @"2024-01-01T00:00:00Z"',
    '@"9999-12-31" + @"P1D"',
    '@"P1D" + @"P1M"',
    '@"P1Y" / 0',
    '@"P1D" / @"P1M"',
    '@"2024-01-01" + 1',
    "1()",
    "(function(x) x)(1, 2)",
    "(function(x) x)(y: 1)",
]
TRUE = [
    "1 = 1.00",
    "-0 = 0",
    '"a" = "a"',
    "null = null",
    "1 != null",
    '"Đạt" = "Đạt"',
    '"a" < "b"',
    "2 >= 2",
    "[1, [2]] = [1, [2]]",
    '{a: 1, b: "x"} = {b: "x", a: 1}',
    "[1..3] = [1..3]",
    "[1..3] != (1..3]",
    '@"P1D" = @"PT24H"',
    '@"P1Y" = @"P12M"',
    '@"2024-01-01T10:00:00Z" = @"2024-01-01T17:00:00+07:00"',
    '@"2024-01-01T17:00:00@Asia/Ho_Chi_Minh" = @"2024-01-01T10:00:00Z"',
    '@"2024-01-01" < @"2024-02-01"',
    "5 between 1 and 5",
    "5 between 1 and 10 and true",
    "5 in [1..5]",
    "5 in ]4..5]",
    "4 in [4..5[",
    "5 in (> 3)",
    "5 in > 3",
    "5 in (1, 5, 9)",
    "5 in (< 3, >= 5)",
    "5 in [1, 2, 5]",
    "5 in [[1..2], [4..6]]",
    "5 in (!= 4)",
    "[1] in ([[1], [2]])",
    "1 in 1",
    '"b" in ["a".."c"]',
    '@"2024-05-01" in [@"2024-01-01"..@"2024-12-31"]',
    "not(false)",
    "1 instance of number",
    '"a" instance of string',
    "true instance of boolean",
    "[1] instance of list<number>",
    '["a"] instance of list',
    "{a: 1} instance of context",
    '{a: 1, b: "x"} instance of context<a: number, b: string>',
    '@"2024-01-01" instance of date',
    '@"10:00:00" instance of time',
    '@"2024-01-01T00:00:00" instance of date and time',
    '@"P1D" instance of days and time duration',
    '@"P1M" instance of years and months duration',
    "[1..2] instance of range<number>",
    "(function(x) x) instance of function<number>->number",
    "1 instance of Any",
    "null instance of Null",
    "some x in [1, 2, 3] satisfies x > 2",
    "every x in [1, 2, 3] satisfies x > 0",
    "every x in [] satisfies false",
    "some x in [1, 2], y in [2, 3] satisfies x + y = 5",
    "every x in 1..3, y in [x, 4] satisfies y >= x",
    'if 1 > 0 then true else "no"',
    "if null then false else true",
    "{a: 1}.a = 1",
    "[{a: 1}, {a: 2}].a = [1, 2]",
    '@"2024-01-31".month = 1',
]
FALSE = [
    "1 = 2",
    "1 = null",
    "[] = null",
    "[1, 2] = [2, 1]",
    "{a: 1} = {a: 1, b: 2}",
    '@"10:00:00@Europe/Paris" = @"10:00:00@Asia/Dhaka"',
    '@"10:00:00" = @"10:00:00Z"',
    "6 between 1 and 5",
    "1 in (1..2)",
    "2 in [1..2)",
    "5 in ]5..6]",
    "null in [1, 2]",
    "null instance of number",
    "null instance of Any",
    '[1, "a"] instance of list<number>',
    "{a: 1} instance of context<a: string>",
    "{a: 1} instance of context<b: number>",
    "1 instance of string",
    "(function(x) x) instance of function<number, number>->number",
    "some x in [] satisfies true",
    "every x in [1, -1] satisfies x > 0",
]
OTHERS: dict[str, Any] = {
    '"a" + "b"': "ab",
    r'"\"\\\n\té\U01F40E"': '"\\\n\té\U0001f40e',
    '"tiếng Việt"': "tiếng Việt",
    "[]": [],
    "{}": {},
    '{"tên có dấu": 1, b: 2}': {"tên có dấu": Decimal(1), "b": Decimal(2)},
    "{a: 1, b: a + 1, c: {d: b}}": {"a": 1, "b": 2, "c": {"d": 2}},
    "[1..3]": Range(Decimal(1), Decimal(3)),
    "(1..3)": Range(Decimal(1), Decimal(3), start_included=False, end_included=False),
    "]1..3[": Range(Decimal(1), Decimal(3), start_included=False, end_included=False),
    "(>= 5)": Range(Decimal(5), None, end_included=False),
    "(< 5)": Range(None, Decimal(5), start_included=False, end_included=False),
    '@"2024-02-29"': date(2024, 2, 29),
    '@"08:30:00"': time(8, 30),
    '@"08:30:00Z"': time(8, 30, tzinfo=UTC),
    '@"2024-02-29T08:30:00.5"': datetime.fromisoformat("2024-02-29T08:30:00.500000"),
    '@"P1DT2H3M4.5S"': timedelta(days=1, hours=2, minutes=3, seconds=4.5),
    '@"-P1Y2M"': YearsMonths(-14),
    '@"2024-01-31" + @"P1M"': date(2024, 2, 29),
    '@"P1M" + @"2023-01-31"': date(2023, 2, 28),
    '@"2024-03-31" - @"P1M"': date(2024, 2, 29),
    '@"2024-01-01" + @"PT36H"': date(2024, 1, 2),
    '@"2024-01-01" - @"PT1H"': date(2023, 12, 31),
    '@"2024-01-01T23:00:00" + @"PT2H"': datetime.fromisoformat("2024-01-02T01:00:00"),
    '@"23:00:00" + @"PT2H"': time(1, 0),
    '@"01:00:00Z" - @"PT2H"': time(23, 0, tzinfo=UTC),
    '@"2024-03-01" - @"2024-02-01"': timedelta(days=29),
    '@"2024-01-01T00:00:00Z" - @"2023-12-31"': timedelta(days=1),  # a date is midnight UTC
    '@"10:00:00" - @"08:30:00"': timedelta(hours=1, minutes=30),
    '@"2024-10-27T12:00:00@Europe/Paris" - @"2024-10-26T12:00:00@Europe/Paris"': timedelta(
        hours=25  # clocks are put back in the night between
    ),
    '@"P1D" * 1.5': timedelta(days=1, hours=12),
    '2.5 * @"PT23H"': timedelta(days=2, hours=9, minutes=30),
    '@"P10Y11M" / 2.5': YearsMonths(52),
    '-2.5 * @"P1Y11M"': YearsMonths(-57),
    '@"P10Y" / @"P5Y"': Decimal(2),
    '@"P1D" / @"PT6H"': Decimal(4),
    '-@"P1D"': timedelta(days=-1),
    '@"P1Y" - @"P1M"': YearsMonths(11),
    "[1, 2, 3][item > 1]": [2, 3],
    "[1, 2, 3][1]": Decimal(1),
    "[1, 2, 3][-1]": Decimal(3),
    "[1, 2, 3][4]": None,
    "[1, 2, 3][0]": None,
    "[1, 2, 3][1 + 1]": Decimal(2),
    "[{a: 1}, {a: 2}][a > 1]": [{"a": 2}],
    "[{a: 1}, {a: 2}][item.a = 1]": [{"a": 1}],
    "[{item: 5}][item.item = 5]": [{"item": 5}],
    "5[1]": Decimal(5),
    "5[item > 3]": [5],
    "null[true]": [],
    "null[1]": None,
    "[1, 2][false]": [],
    "[][1]": None,
    "for x in [1, 2] return x * x": [1, 4],
    "for x in 3..1 return x": [3, 2, 1],
    "for x in [1..3) return x": [1, 2],
    "for x in [1, 2], y in [3, 4] return x * y": [3, 4, 6, 8],
    "for x in [[1, 2], [3]], y in x return y": [1, 2, 3],
    "for i in 0..4 return if i = 0 then 1 else i * partial[-1]": [1, 1, 2, 6, 24],
    "for x in null return x": None,
    "for x in 5 return x + 1": [6],
    'for d in @"2024-01-31"..@"2024-02-01" return d': [date(2024, 1, 31), date(2024, 2, 1)],
    "(function(x, y) x - y)(5, 3)": Decimal(2),
    "(function(x, y) x - y)(y: 5, x: 3)": Decimal(-2),
    "{f: function(n) if n <= 1 then 1 else n * f(n - 1)}.f(20)": Decimal(2432902008176640000),
    "{a: 1, f: function(x) x + a}.f(2)": Decimal(3),
    "(function(x: number) x)([1])": Decimal(1),
    '(function(x: number) x)("a")': None,
    "(function(x: list<number>) x)(1)": [1],
    'if "x" then 1 else 2': Decimal(2),
    "[[1..3]][1].start": Decimal(1),
    "[1..3).end included": False,
    '@"2024-02-29T08:30:15.25+07:00".second': Decimal("15.25"),
    '@"2024-02-29T08:30:00+07:00".time offset': timedelta(hours=7),
    '@"2024-02-29T08:30:00@Asia/Ho_Chi_Minh".timezone': "Asia/Ho_Chi_Minh",
    '@"2024-02-29".weekday': Decimal(4),
    '@"-P1Y2M".months': Decimal(-2),
    '@"-P1DT2H3M4.5S".seconds': Decimal("-4.5"),
    '@"P1DT26H".days': Decimal(2),
    '@"P1DT26H".hours': Decimal(2),
    '@"2024-02-29".hour': None,
}


def value_of(text: str, **variables: Any) -> Any:
    return compile_expression(text).evaluate(variables)


@pytest.mark.parametrize(("text", "expected"), NUMBERS.items())
def test_a_calculation_is_exact(text, expected):
    value = value_of(text)
    assert isinstance(value, Decimal)
    assert value == Decimal(expected)


@pytest.mark.parametrize("text", NULLS)
def test_what_has_no_value_is_null(text):
    assert value_of(text) is None


@pytest.mark.parametrize("text", TRUE)
def test_this_holds(text):
    assert value_of(text) is True


@pytest.mark.parametrize("text", FALSE)
def test_this_does_not_hold(text):
    assert value_of(text) is False


@pytest.mark.parametrize(("text", "expected"), OTHERS.items())
def test_an_expression_gives_the_value_of_the_standard(text, expected):
    value = value_of(text)
    assert value == expected
    assert type(value) is type(expected)


AND = {  # DMN 1.3, table 48: rows left, columns right
    (True, True): True, (True, False): False, (True, None): None,
    (False, True): False, (False, False): False, (False, None): False,
    (None, True): None, (None, False): False, (None, None): None,
}  # fmt: skip


@pytest.mark.parametrize(("operands", "expected"), AND.items())
def test_and_knows_three_values(operands, expected):
    left, right = operands
    assert value_of("a and b", a=left, b=right) is expected


@pytest.mark.parametrize(("operands", "expected"), AND.items())
def test_or_is_and_of_the_opposites(operands, expected):
    opposite = {True: False, False: True, None: None}
    left, right = (opposite[each] for each in operands)
    assert value_of("a or b", a=left, b=right) is opposite[expected]


@pytest.mark.parametrize(
    ("value", "expected"), [(True, False), (False, True), (None, None), (1, None)]
)
def test_not_turns_round_what_is_true_or_false(value, expected):
    assert value_of("not(a)", a=value) is expected


def test_something_that_is_neither_true_nor_false_is_unknown_in_and():
    assert value_of('true and "yes"') is None
    assert value_of('false and "yes"') is False


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (1, Decimal(1)),
        (0.1, Decimal("0.1")),  # what the sender wrote, not the binary fraction next to it
        (10**30, Decimal(10) ** 30),
        (Decimal("1.50"), Decimal("1.5")),
        ((1, 2), [Decimal(1), Decimal(2)]),
        ({"a": [1.5]}, {"a": [Decimal("1.5")]}),
        (True, True),
        (date(2024, 1, 1), date(2024, 1, 1)),
    ],
)
def test_data_from_outside_become_values_of_the_language(data, expected):
    assert value_of("x", x=data) == expected


def test_numbers_inside_data_are_exact_too():
    assert value_of("x.a + x.b", x={"a": 0.1, "b": 0.2}) == Decimal("0.3")


def test_letters_with_accents_typed_apart_are_the_same_text():
    assert value_of('x = "Hà Nội"', x="Ha\u0300 No\u0302\u0323i") is True
    assert value_of('x = "Ha\u0300 No\u0302\u0323i"', x="Hà Nội") is True
