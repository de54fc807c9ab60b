"""A table answers as its hit policy says (DMN 1.3, 8.2.10)."""

from decimal import Decimal

import pytest

from processes.dmn import InvalidDecisionModel, RulesOverlap, UnsuitableInput
from tests.processes.dmn import draft
from tests.processes.dmn.draft import model

ORDER = '"cao", "vừa", "thấp"'
RULES = [
    (["< 10"], ['"thấp"']),
    (["> 5"], ['"vừa"']),
    (["> 7"], ['"cao"']),
    (["> 7, 3"], ['"cao"']),
]
ANSWERS = [
    ("UNIQUE", 4, "thấp"),
    ("UNIQUE", None, None),
    ("FIRST", 8, "thấp"),
    ("FIRST", 20, "vừa"),
    ("PRIORITY", 8, "cao"),
    ("PRIORITY", 6, "vừa"),
    ("RULE ORDER", 8, ["thấp", "vừa", "cao", "cao"]),
    ("COLLECT", 6, ["thấp", "vừa"]),
    ("OUTPUT ORDER", 8, ["cao", "cao", "vừa", "thấp"]),
    ("OUTPUT ORDER", None, None),
    ("COLLECT", None, None),
]
NUMBERS = [(["> 1"], ["10"]), (["> 2"], ["20"]), (["> 3"], ["5"])]
AGGREGATED = [
    ("SUM", 3, 30),
    ("SUM", 9, 35),
    ("COUNT", 9, 3),
    ("MIN", 9, 5),
    ("MAX", 9, 20),
    ("MIN", 2, 10),
    ("SUM", 0, None),
]


def one_table(rules, policy="UNIQUE", aggregation="", output=f"muc: {ORDER}", strict=True):
    """A model of one decision "Mức" over the datum x."""
    table = draft.table(["x"], [output], rules, policy, aggregation)
    return model(draft.datum("x"), draft.decision("Mức", table, "i-x"), strict=strict)


@pytest.mark.parametrize(("policy", "x", "expected"), ANSWERS)
def test_a_table_answers_by_its_hit_policy(policy, x, expected):
    assert one_table(RULES, policy).decide("Mức", {"x": x}) == expected


@pytest.mark.parametrize(("aggregation", "x", "expected"), AGGREGATED)
def test_a_collecting_table_makes_one_number_of_the_answers(aggregation, x, expected):
    table = one_table(NUMBERS, "COLLECT", aggregation, output="so")
    assert table.decide("Mức", {"x": x}) == expected


def test_rules_that_overlap_in_a_unique_table_are_refused_with_their_numbers():
    with pytest.raises(RulesOverlap) as refused:
        one_table(RULES).decide("Mức", {"x": 6})
    assert "1, 2" in refused.value.message("vi")


def test_rules_of_an_any_table_must_agree():
    rules = [(["> 1"], ['"có"']), (["> 2"], ['"có"']), (["> 3"], ['"không"'])]
    table = one_table(rules, "ANY", output="muc")
    assert table.decide("Mức", {"x": 3}) == "có"
    with pytest.raises(RulesOverlap):
        table.decide("Mức", {"x": 4})


def test_an_overlap_is_null_where_the_model_is_read_as_the_standard_lets_it():
    assert one_table(RULES, strict=False).decide("Mức", {"x": 6}) is None


def test_the_default_stands_where_no_rule_matches():
    table = one_table([(["> 5"], ['"cao"'])], output=f'muc: {ORDER}; "thấp"')
    assert table.decide("Mức", {"x": 1}) == "thấp"
    assert table.decide("Mức", {"x": 6}) == "cao"


def test_several_outputs_make_a_context_and_priority_looks_at_them_from_left_to_right():
    table = draft.table(
        ["x"],
        ['Kết quả: "duyệt", "từ chối"', 'lai suat: "thường", "ưu đãi"'],
        [
            (["> 0"], ['"từ chối"', '"thường"']),
            (["> 1"], ['"duyệt"', '"ưu đãi"']),
            (["> 2"], ['"duyệt"', '"thường"']),
        ],
        "PRIORITY",
    )
    made = model(draft.datum("x"), draft.decision("Duyệt vay", table, "i-x"))
    assert made.decide("Duyệt vay", {"x": 1}) == {"Kết quả": "từ chối", "lai suat": "thường"}
    assert made.decide("Duyệt vay", {"x": 2}) == {"Kết quả": "duyệt", "lai suat": "ưu đãi"}
    assert made.decide("Duyệt vay", {"x": 3}) == {"Kết quả": "duyệt", "lai suat": "thường"}


def test_all_conditions_of_a_rule_must_hold_and_an_empty_one_always_does():
    table = draft.table(
        ["tuổi", "loại"],
        ["phí"],
        [
            (["< 18", "-"], ["0"]),
            ([">= 18", '"ưu tiên"'], ["tuổi * 10"]),
            ([">= 18", 'not("ưu tiên")'], ["1000"]),
            (["null", ""], ["-1"]),
        ],
    )
    made = model(
        draft.datum("tuổi", "number"),
        draft.datum("loại", "string"),
        draft.decision("Phí", table, "i-tuổi", "i-loại", type_="number"),
    )
    assert made.decide("Phí", {"tuổi": 17, "loại": "thường"}) == 0
    assert made.decide("Phí", {"tuổi": 18, "loại": "ưu tiên"}) == Decimal(180)
    assert made.decide("Phí", {"tuổi": 18, "loại": "thường"}) == 1000
    assert made.decide("Phí", {"loại": "x"}) == -1


def test_a_value_outside_of_the_column_is_refused():
    table = draft.table(["x"], ["y"], [(["-"], ["1"])]).replace(
        "</inputExpression>",
        '</inputExpression><inputValues><text>"a", "b"</text></inputValues>',
    )
    elements = draft.datum("x"), draft.decision("D", table, "i-x")
    assert model(*elements).decide("D", {"x": "a"}) == 1
    assert model(*elements, strict=False).decide("D", {"x": "c"}) is None
    with pytest.raises(UnsuitableInput):
        model(*elements).decide("D", {"x": "c"})


WRONG = [
    ({"policy": "LAST"}, "hit policy"),
    ({"policy": "PRIORITY", "outputs": ["y"]}, "thứ tự ưu tiên"),
    ({"aggregation": "SUM"}, "phép gộp"),
    ({"policy": "COLLECT", "aggregation": "AVG"}, "phép gộp"),
    (
        {"policy": "COLLECT", "aggregation": "SUM", "outputs": ["y", "z"], "rules": []},
        "một cột kết quả",
    ),
    ({"outputs": []}, "không có cột kết quả"),
    ({"outputs": ["y", "y"], "rules": []}, "tên riêng"),
    ({"inputs": [""]}, "chưa có biểu thức"),
    ({"rules": [(["-", "-"], ["1"])]}, "2 điều kiện"),
    ({"rules": [(["-"], [])]}, "0 kết quả"),
    ({"rules": [(["> "], ["1"])]}, "hết biểu thức"),
    ({"rules": [(["-"], ["1 +"])]}, "hết biểu thức"),
    ({"inputs": ["x +"]}, "hết biểu thức"),
    ({"rules": [(["> z"], ["1"])]}, "“z” không có ở đây"),
    ({"outputs": ['y: "a",']}, "gặp “]”"),
]


@pytest.mark.parametrize(("change", "piece"), WRONG)
def test_a_wrong_table_is_refused_when_it_is_read(change, piece):
    parts = {"inputs": ["x"], "outputs": ["y"], "rules": [(["-"], ["1"])]} | change
    with pytest.raises(InvalidDecisionModel) as refused:
        model(draft.datum("x"), draft.decision("Mức phí", draft.table(**parts), "i-x"))
    assert piece in refused.value.message("vi")
    assert "Mức phí" in refused.value.message("vi") or change.get("outputs")
