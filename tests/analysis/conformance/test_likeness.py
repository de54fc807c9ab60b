"""An activity is proposed the step whose name is most like its own, and only if it is alike."""

import pytest

from analysis.conformance.likeness import likeness_of, proposed

STEPS = {
    "Task_1": "Tiếp nhận hồ sơ",
    "Task_2": "Thẩm định hồ sơ",
    "Task_3": "Ký giấy phép",
    "Task_4": "Trả kết quả",
}


@pytest.mark.parametrize(
    ("activity", "step"),
    [
        ("tiep nhan ho so", "Task_1"),
        ("T02. Tiếp nhận hồ sơ tại bộ phận một cửa", "Task_1"),
        ("Thẩm định", "Task_2"),
        ("THẨM ĐỊNH HỒ SƠ (lần 2)", "Task_2"),
        ("Trả kết quả cho công dân", "Task_4"),
    ],
)
def test_names_that_differ_a_little_are_proposed(activity, step):
    assert proposed([activity], STEPS) == {activity: step}


@pytest.mark.parametrize("activity", ["Xác minh thực địa", "12345", "!!!", "", "x" * 10_000])
def test_nothing_is_proposed_where_nothing_is_alike(activity):
    assert proposed([activity], STEPS) == {}


def test_numbers_are_names_where_there_is_nothing_else():
    assert proposed(["12"], {"a": "12", "b": "13"}) == {"12": "a"}


def test_no_proposals_where_there_is_no_step_or_far_too_many_pairs():
    assert proposed(["a"], {}) == {}
    many = {f"T{n}": f"Bước {n} a" for n in range(1000)}
    assert proposed([f"bước {n}" for n in range(1000)], many) == {}


def test_likeness_lies_between_none_and_the_same():
    assert likeness_of(("a", "b"), ("a", "b")) == 1
    assert likeness_of(("a",), ("b",)) == 0
    assert likeness_of((), ("b",)) == 0
