"""Names may be Vietnamese, may contain spaces, and an expression says which ones it needs."""

from decimal import Decimal
from unicodedata import normalize

import pytest

from processes.feel import FeelFunction, InvalidExpression, compile_expression

FREE = {
    'so_tien > 1000 and ket_qua = "dat"': {"so_tien", "ket_qua"},
    "số_tiền + phí": {"số_tiền", "phí"},
    "for x in xs return x + y": {"xs", "y"},
    "some x in xs satisfies x > nguong": {"xs", "nguong"},
    "{a: 1, b: a + c}": {"c"},
    "{a: a}": {"a"},
    "function(x) x + y": {"y"},
    "hồ_sơ.chủ.tên": {"hồ_sơ"},
    "count(xs) > 0": {"xs"},
    "count > 0": {"count"},  # not called, so it is somebody's datum
    "if a then b else c": {"a", "b", "c"},
    "x in (y, > z)": {"x", "y", "z"},
    "null": set(),
}


@pytest.mark.parametrize(("text", "expected"), FREE.items())
def test_an_expression_names_the_data_it_needs(text, expected):
    assert compile_expression(text).names == expected


def test_inside_a_filter_an_undeclared_name_may_belong_to_the_elements():
    expression = compile_expression("hang[gia > nguong]")
    assert expression.names == {"hang"}
    assert expression.item_names == {"gia", "nguong"}
    declared = compile_expression("hang[gia > nguong]", ["hang", "nguong"])
    assert declared.names == {"hang", "nguong"}
    assert declared.item_names == {"gia"}
    data = {"hang": [{"gia": 5}, {"gia": 50}], "nguong": 10}
    assert declared.evaluate(data) == [{"gia": Decimal(50)}]


def test_an_element_without_the_entry_looks_further_out():
    expression = compile_expression("hang[gia > nguong]")
    data = {"hang": [{"gia": 5, "nguong": 1}, {"gia": 50}], "nguong": 100}
    assert expression.evaluate(data) == [{"gia": Decimal(5), "nguong": Decimal(1)}]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Ngày nộp + 1", ["Ngày nộp"]),
        ("Ngày   nộp + 1", ["Ngày nộp"]),
        ("Ngày nộp hồ sơ + 1 - Ngày nộp", ["Ngày nộp", "Ngày nộp hồ sơ"]),
        ("`Ngày nộp` + 1", []),
        ("Số tiền (VNĐ) + 1", ["Số tiền (VNĐ)"]),
        ("applicant's age + 1", ["applicant's age"]),
        ("in a list + 1", ["in a list"]),
        ("Mẫu 18 + 1", ["Mẫu 18"]),
    ],
)
def test_a_declared_name_may_contain_spaces_and_signs(text, names):
    expression = compile_expression(text, names)
    data = dict.fromkeys(["Ngày nộp", "Ngày nộp hồ sơ", *names], 10)
    assert expression.evaluate(data) in (11, 1)


def test_a_name_with_a_sign_is_not_taken_for_a_calculation_nor_the_other_way_round():
    names = ["a", "b", "a-b"]
    data = {"a": 10, "b": 3, "a-b": 100}
    assert compile_expression("a-b", names).evaluate(data) == 100
    assert compile_expression("a - b", names).evaluate(data) == 7
    assert compile_expression("a-b", ["a", "b"]).evaluate(data) == 7


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{full name: "An", hello: "Chào " + full name}.hello', "Chào An"),
        ("for my item in [1, 2], your item in [3] return my item + your item", [4, 5]),
        ("some any thing in [1] satisfies any thing = 1", True),
        ("(function(first part, second: number) first part - second)(3, 2)", 1),
        ("{the sum: function(x y) x y + 1}.the sum(x y: 2)", 3),
    ],
)
def test_names_with_spaces_that_the_expression_defines_need_no_declaration(text, expected):
    assert compile_expression(text).evaluate({}) == expected


def test_accents_typed_apart_make_the_same_name():
    apart = normalize("NFD", "lý_do")
    expression = compile_expression(f'{apart} = "x"', [apart])
    assert expression.names == {"lý_do"}
    assert expression.evaluate({"lý_do": "x"}) is True


def test_two_names_side_by_side_are_refused_with_the_way_to_write_one():
    with pytest.raises(InvalidExpression) as refused:
        compile_expression("Ngày nộp > 1")
    assert refused.value.facts["column"] == 6
    assert "`Ngày nộp`" in refused.value.message("vi")


def test_keywords_may_be_keys_and_entries():
    assert compile_expression("{in: 1, if: 2}.in").evaluate({}) == 1
    assert compile_expression("a.for.then").evaluate({"a": {"for": {"then": 5}}}) == 5


def test_data_hide_a_built_in_function_only_when_they_are_a_function():
    double = FeelFunction(("x",), lambda _meter, x: x * 2)
    declared = compile_expression("count(xs)", ["count", "xs"])
    assert declared.evaluate({"count": double, "xs": 4}) == 8
    assert declared.evaluate({"count": 7, "xs": [1, 2]}) == 2


def test_a_declared_function_can_be_called_by_position_and_by_name():
    minus = FeelFunction(("a", "b"), lambda _meter, a, b: a - b)
    assert compile_expression("hiệu(5, 3)", ["hiệu"]).evaluate({"hiệu": minus}) == 2
    assert compile_expression("hiệu(b: 5, a: 3)", ["hiệu"]).evaluate({"hiệu": minus}) == -2
    assert compile_expression("hiệu(5)", ["hiệu"]).evaluate({"hiệu": minus}) is None
