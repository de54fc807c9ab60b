"""A condition is true or false; anything else stops the dossier with a sentence, never silently."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from processes.errors import Unmet
from processes.feel import (
    ConditionNotBoolean,
    MomentMissing,
    compile_expression,
    evaluate_condition,
)


def test_a_condition_holds_or_does_not():
    condition = compile_expression('= so_tien > 1000 and ket_qua = "dat"')
    assert evaluate_condition(condition, {"so_tien": 1001, "ket_qua": "dat"}) is True
    assert evaluate_condition(condition, {"so_tien": Decimal("999.99"), "ket_qua": "dat"}) is False


def test_a_condition_decided_without_the_missing_datum_is_decided():
    condition = compile_expression('so_tien > 1000 and ket_qua = "dat"')
    assert evaluate_condition(condition, {"ket_qua": "khong_dat"}) is False


def test_a_condition_that_lacks_data_is_refused_and_names_them():
    condition = compile_expression("so_tien > muc and co_uy_quyen")
    with pytest.raises(ConditionNotBoolean) as refused:
        evaluate_condition(condition, {"so_tien": 5, "muc": None})
    assert refused.value.facts["missing"] == ("co_uy_quyen", "muc")
    assert "co_uy_quyen, muc" in refused.value.message("vi")
    assert "so_tien > muc and co_uy_quyen" in refused.value.message("en")
    assert isinstance(refused.value, Unmet)


@pytest.mark.parametrize(
    ("text", "shown"), [("1", "1"), ('"yes"', '"yes"'), ("null", "null"), ("[true]", "[true]")]
)
def test_a_condition_that_is_neither_true_nor_false_is_refused_and_shows_what_it_is(text, shown):
    with pytest.raises(ConditionNotBoolean) as refused:
        evaluate_condition(compile_expression(text), {})
    assert refused.value.facts["result"] == shown
    assert shown in refused.value.message("vi")


def test_comparing_a_number_with_a_text_is_no_condition():
    with pytest.raises(ConditionNotBoolean):
        evaluate_condition(compile_expression('so_tien > "1000"'), {"so_tien": 5})


def test_an_absent_datum_can_be_asked_for():
    condition = compile_expression("ly_do = null")
    assert evaluate_condition(condition, {}) is True
    assert evaluate_condition(condition, {"ly_do": "x"}) is False


def test_a_condition_on_today_needs_the_moment():
    condition = compile_expression('today() > @"2026-01-31"')
    with pytest.raises(MomentMissing):
        evaluate_condition(condition, {})
    at = datetime(2026, 1, 31, 17, 0, tzinfo=UTC)  # midnight in Viet Nam
    assert evaluate_condition(condition, {}, at=at) is True


@pytest.mark.parametrize(
    ("text", "expected"),
    [("today() > x", True), ("(for f in [now] return f())[1] > x", True), ("x > 1", False)],
)
def test_an_expression_says_whether_it_needs_the_moment(text, expected):
    assert compile_expression(text).needs_moment is expected


def test_a_huge_result_is_shown_shortened():
    with pytest.raises(ConditionNotBoolean) as refused:
        evaluate_condition(compile_expression("x"), {"x": "a" * 10_000})
    assert len(refused.value.message("vi")) < 500


@pytest.mark.parametrize(
    "value", [[[1] * 30_000], {"a": "x" * 40_000, "b": ["y" * 40_000]}], ids=["list", "texts"]
)
def test_showing_a_result_does_not_fail_itself(value):
    with pytest.raises(ConditionNotBoolean):
        evaluate_condition(compile_expression("x"), {"x": value})
