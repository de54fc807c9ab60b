"""The cells of a decision table: what passes and what does not."""

from datetime import date
from decimal import Decimal

import pytest

from processes.feel import InvalidExpression, compile_unary_tests

PASSES = [
    ("-", None),
    ("-", 5),
    ("5", 5),
    ("-5", -5),
    ('"Đạt"', "Đạt"),
    ("true", True),
    ("false", False),
    ("null", None),
    (">= 18", 18),
    ("< 18", Decimal("17.9")),
    ("= 5", 5),
    ("!= 5", 6),
    ("[18..65]", 65),
    ("]18..65[", 19),
    ("(18..65)", 19),
    ('"a", "b"', "b"),
    ("< 5, > 10", 11),
    ("[1..3], 7", 7),
    ("not(5)", 6),
    ('not("a", "b")', "c"),
    ("not([1..3], > 10)", 5),
    ("not(true)", False),
    ("1 + 1", 2),
    ("muc", 7),
    ("< muc + 1", 7),
    ("[1, 2, 7]", 7),
    ("cac_muc", 8),
    ("? > muc", 8),
    ('starts with(?, "Hà")', "Hà Nội"),
    ("? > 5 and ? < 10", 8),
    ("count(?) = 2", [1, 2]),
    ("some x in ? satisfies x > 1", [1, 2]),
    ("muc > 5", "anything"),
    ("not(? > 5)", 3),
    ('date("2024-01-01")', date(2024, 1, 1)),
    ('> date("2024-01-01")', date(2024, 1, 2)),
    ('[@"2024-01-01"..@"2024-12-31"]', date(2024, 5, 5)),
    ("[1, 2]", [1, 2]),
    ('list contains(?, "a")', ["a", "b"]),
]
FAILS = [
    ("5", 6),
    ("5", None),
    ("5", "5"),
    (">= 18", None),
    (">= 18", "19"),
    ("> null", None),
    ("null", 0),
    ('"a"', "A"),
    ("]18..65[", 18),
    ("not(5)", 5),
    ("not(> 5)", None),
    ("not(> 5)", "x"),
    ("muc", 8),
    ("thieu", 5),
    ("? > muc", 7),
    ("? > thieu", 7),
    ("muc > 7", "anything"),
    ("true", 1),
    ("muc = 7", False),
    ("[1, 2]", [1, 3]),
]
DATA = {"muc": 7, "cac_muc": [7, 8]}


@pytest.mark.parametrize(("text", "value"), PASSES)
def test_the_value_passes(text, value):
    assert compile_unary_tests(text).matches(value, DATA) is True


@pytest.mark.parametrize(("text", "value"), FAILS)
def test_the_value_does_not_pass(text, value):
    assert compile_unary_tests(text).matches(value, DATA) is False


@pytest.mark.parametrize(
    ("text", "column"), [("", 1), ("5,", 3), (">", 2), ("not()", 5), ("- 5 6", 5), ("5 or", 5)]
)
def test_a_wrong_cell_is_refused_where_it_goes_wrong(text, column):
    with pytest.raises(InvalidExpression) as refused:
        compile_unary_tests(text)
    assert refused.value.facts["column"] == column


def test_a_cell_names_the_data_it_needs_and_not_its_own_value():
    assert compile_unary_tests("> muc, ? = khac").names == {"muc", "khac"}


def test_not_of_a_function_in_a_longer_cell_is_the_function():
    tests = compile_unary_tests("not(a), true")
    assert tests.matches(True, {"a": True}) is True
    assert tests.matches(False, {"a": True}) is True
    assert tests.matches(False, {"a": None}) is False


def test_a_name_with_spaces_stands_in_a_cell():
    assert compile_unary_tests("> Mức thu", ["Mức thu"]).matches(8, {"Mức thu": 7})
