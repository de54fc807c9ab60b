"""What is no expression is refused at upload: where it goes wrong and what belongs there."""

import pytest

from processes.errors import InvalidInput
from processes.feel import InvalidExpression, compile_expression

# text: line, column, a piece of the Vietnamese sentence
WRONG = {
    "": (1, 1, "chưa viết gì"),
    " = ": (1, 1, "chưa viết gì"),
    "1 +": (1, 4, "hết biểu thức, cần một giá trị"),
    "+ 1": (1, 1, "gặp “+”"),
    "1 2": (1, 3, "gặp “2”"),
    "a >\n  > b": (2, 3, "gặp “>”"),
    "1 == 2": (1, 4, "một dấu “=”"),
    "a && b": (1, 3, "“and”"),
    "a || b": (1, 3, "“or”"),
    "!a": (1, 1, "not("),
    "not a": (1, 5, "not(a)"),
    "a ≥ 1": (1, 3, "“>=”"),
    "a <> b": (1, 4, "gặp “>”"),
    "'dat'": (1, 1, "ngoặc kép"),
    "“dat”": (1, 1, "ngoặc kép"),
    '"dat': (1, 1, "thiếu dấu ngoặc kép đóng"),
    r'"\q"': (1, 2, "không có nghĩa trong chuỗi"),
    "`Ngày": (1, 1, "thiếu dấu `"),
    "${a}": (1, 1, "chỉ viết biểu thức"),
    "a; b": (1, 2, "“;”"),
    "(1": (1, 3, "“)”"),
    "1)": (1, 2, "kết thúc biểu thức"),
    "[1, 2": (1, 6, "“]”"),
    "[1, ]": (1, 5, "gặp “]”"),
    "{a 1}": (1, 4, "“:”"),
    "{a: 1": (1, 6, "“}”"),
    "{a: 1, a: 2}": (1, 8, "đã có ở trước"),
    "a.": (1, 3, "một tên"),
    "1..2": (1, 2, "gặp “..”"),
    "[1..": (1, 5, "một giá trị"),
    "if a then b": (1, 12, "“else”"),
    "if a else b": (1, 6, "“then”"),
    "for x in y": (1, 11, "“return”"),
    "for in y return 1": (1, 5, "gặp “in”"),
    "every x in y return x": (1, 14, "“satisfies”"),
    "x between 1": (1, 12, "“and”"),
    "x instance number": (1, 12, "“of”"),
    "f(1)": (1, 1, "không có hàm nào tên là “f”"),
    "1 + f(1)": (1, 5, "không có hàm nào"),
    "substring(1)": (1, 1, "substring(string, start position, length?)"),
    "count()": (1, 1, "count(list)"),
    "count(lst: [1])": (1, 1, "count(list)"),
    "count(list: [1], 2)": (1, 18, "gặp “2”"),
    '@"hôm nay"': (1, 1, "không phải là ngày"),
    '@"2024-02-30"': (1, 1, "không phải là ngày"),
    "@2024": (1, 1, "@"),
    "1" * 35: (1, 1, "34 chữ số"),
    "1e99999": (1, 1, "34 chữ số"),
    'function(x) external {java: {class: "java.lang.Runtime"}}': (1, 13, "không được chạy"),
    "__import__('os')": (1, 12, "ngoặc kép"),
    "x instance of tMức": (1, 1, "không có kiểu “tMức”"),
    "x instance of list<tMức>": (1, 1, "không có kiểu “tMức”"),
    "function(x: tMức) x": (1, 1, "không có kiểu “tMức”"),
    "a − b": (1, 3, "dấu trừ “-”"),
    "10% * x": (1, 3, "0.1"),
    "(" * 101 + "1" + ")" * 101: (1, 101, "100 tầng"),
    "-" * 300 + "a": (1, 201, "100 tầng"),
    "if a then b else " * 300 + "c": (1, 3401, "100 tầng"),
    "a" + ".b" * 300: (1, 1, "100 tầng"),
    "for x in " * 300 + "x": (1, 901, "100 tầng"),
    "a" + " + a" * 2000: (1, 6001, "3000 từ"),
    "a" * 10_001: (1, 10_001, "10000 ký tự"),
}


@pytest.mark.parametrize(("text", "expected"), WRONG.items())
def test_a_wrong_expression_is_refused_where_it_goes_wrong(text, expected):
    line, column, piece = expected
    with pytest.raises(InvalidExpression) as refused:
        compile_expression(text)
    facts = refused.value.facts
    assert (facts["line"], facts["column"]) == (line, column)
    assert piece in facts["detail_vi"]
    assert isinstance(refused.value, InvalidInput)
    assert refused.value.code == "expression.invalid"
    assert facts["detail_en"] in refused.value.message("en")


def test_the_position_counts_characters_from_the_start_of_the_text():
    with pytest.raises(InvalidExpression) as refused:
        compile_expression("a and\nb or or c")
    assert refused.value.facts["position"] == 11
    assert (refused.value.facts["line"], refused.value.facts["column"]) == (2, 6)


def test_a_long_expression_is_shown_shortened():
    with pytest.raises(InvalidExpression) as refused:
        compile_expression("a + " * 200)
    assert len(refused.value.message("vi")) < 500


def test_calls_that_can_only_give_null_are_let_through_on_demand():
    assert compile_expression("f(1)", strict=False).evaluate({}) is None
    assert compile_expression("count()", strict=False).evaluate({}) is None
    assert compile_expression("even(n: 4)", strict=False).evaluate({}) is None
    assert compile_expression("1 instance of tX", strict=False).evaluate({}) is None


@pytest.mark.parametrize(
    "text", ["a.__class__", "a.__init__.__globals__", '"".join', "f.run", "x.real", "[].append"]
)
def test_no_attribute_of_a_python_object_is_ever_reached(text):
    data = {"a": "x", "f": compile_expression("function(x) x").evaluate({}), "x": 1}
    assert compile_expression(text).evaluate(data) in (None, [])


def test_as_many_brackets_as_allowed_are_read():
    assert compile_expression("(" * 100 + "1" + ")" * 100).evaluate({}) == 1
    assert compile_expression("[" * 60 + "1" + "]" * 60 + "[1]" * 20).evaluate({})


def test_a_long_chain_is_not_deep():
    assert compile_expression("1" + " + 1" * 1400).evaluate({}) == 1401
    assert compile_expression("true" + " and true" * 1000).evaluate({}) is True
