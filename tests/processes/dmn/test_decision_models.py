"""Decisions are made from data, from other decisions and with shared functions."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from processes.dmn import (
    InvalidDecisionModel,
    NotDecisionModel,
    UnknownDecision,
    UnsuitableInput,
    read_decisions,
)
from processes.dmn.boxed import MAX_EXPRESSIONS
from processes.dmn.document import MAX_BYTES, MAX_ELEMENTS
from processes.dmn.reader import MAX_NAMES, MAX_REQUIREMENTS, MAX_TYPES
from processes.feel import ExpressionTooCostly, MomentMissing
from tests.processes.dmn import draft
from tests.processes.dmn.draft import model


def test_a_decision_uses_the_decisions_it_requires():
    made = model(
        draft.datum("Thu nhập", "number"),
        draft.decision("Cả năm", draft.literal("12 * Thu nhập"), "i-Thu nhập"),
        draft.decision("Đủ", draft.literal("Cả năm > 100"), "d-Cả năm"),
        draft.decision("Thừa", draft.literal("1"), "d-Đủ"),
    )
    assert made.decide("Đủ", {"Thu nhập": 10}) is True
    assert made.decide("d-Đủ", {"Thu nhập": 8}) is False
    assert [datum.name for datum in made.required_inputs("Đủ")] == ["Thu nhập"]


def test_a_decision_is_made_once_however_many_require_it():
    shared = draft.decision("a", draft.literal("count(for i in 1..5000 return i)"))
    users = [draft.decision(f"u{i}", draft.literal("a"), "d-a") for i in range(20)]
    last = draft.decision(
        "tổng",
        draft.literal(" + ".join(f"u{i}" for i in range(20))),
        *(f"d-u{i}" for i in range(20)),
    )
    assert model(shared, *users, last).decide("tổng", {}) == 100_000


def test_a_long_chain_of_decisions_is_no_problem():
    chain = [draft.decision("x0", draft.literal("1"))]
    chain += [
        draft.decision(f"x{i}", draft.literal(f"x{i - 1} + 1"), f"d-x{i - 1}")
        for i in range(1, 1500)
    ]
    assert model(*reversed(chain)).decide("x1499", {}) == 1500


def test_a_business_knowledge_model_is_a_function_of_decisions():
    made = model(
        draft.function(
            "Trả góp", ["p", "r", "n"], draft.literal("(p * r / 12) / (1 - (1 + r / 12) ** -n)")
        ),
        draft.decision("D", draft.literal("decimal(Trả góp(600000, 0.0375, 360), 2)"), "b-Trả góp"),
        draft.decision(
            "E", draft.literal("decimal(Trả góp(n: 360, p: 600000, r: 0.0375), 2)"), "b-Trả góp"
        ),
    )
    assert made.decide("D", {}) == made.decide("E", {}) == Decimal("2778.69")


def test_functions_may_use_functions_and_themselves():
    made = model(
        draft.function("gấp đôi", ["x"], draft.literal("2 * x")),
        draft.function("gấp bốn", ["x"], draft.literal("gấp đôi(gấp đôi(x))"), "b-gấp đôi"),
        draft.function(
            "giai thừa", ["n"], draft.literal("if n = 0 then 1 else n * giai thừa(n - 1)")
        ),
        draft.decision("D", draft.literal("gấp bốn(3) + giai thừa(4)"), "b-gấp bốn", "b-giai thừa"),
        draft.decision("Vô hạn", draft.literal("giai thừa(-1)"), "b-giai thừa"),
    )
    assert made.decide("D", {}) == 36
    with pytest.raises(ExpressionTooCostly):
        made.decide("Vô hạn", {})


def test_a_function_can_be_a_table():
    table = draft.table(["loại"], ["phí"], [(['"nhanh"'], ["200"]), (['"thường"'], ["100"])])
    made = model(
        draft.datum("loại"),
        draft.function("Phí", ["loại"], table),
        draft.decision("D", draft.literal('Phí(loại) + Phí("thường")'), "i-loại", "b-Phí"),
    )
    assert made.decide("D", {"loại": "nhanh"}) == 300


def test_boxed_expressions_of_every_shape():
    literal = draft.literal
    context = (
        '<context><contextEntry><variable name="lãi suất"/>' + literal("0.1") + "</contextEntry>"
        '<contextEntry><variable name="gốc"/>' + literal("lãi suất * 100") + "</contextEntry>"
        '<contextEntry><variable name="f"/>'
        + draft.function("", ["x"], literal("x + gốc"), tag="f")
        + "</contextEntry>"
    )
    made = model(
        draft.decision("context", context + "</context>"),
        draft.decision("kết quả", context + "<contextEntry>" + literal("f(1)") + "</contextEntry></context>"),
        draft.decision("list", "<list>" + literal("1") + literal('"a"') + "</list>"),
        draft.decision(
            "relation",
            '<relation><column name="tên"/><column name="tuổi"/><row>' + literal('"An"') + literal("5")
            + "</row><row>" + literal('"Bình"') + literal("6") + "</row></relation>",
        ),
        draft.decision("lọc", literal('relation[tên = "An"].tuổi'), "d-relation"),
        draft.function("hiệu", ["a", "b"], literal("a - b")),
        draft.decision(
            "invocation",
            "<invocation>" + literal("hiệu") + '<binding><parameter name="b"/>' + literal("1")
            + '</binding><binding><parameter name="a"/>' + literal("5") + "</binding></invocation>",
            "b-hiệu",
        ),
        draft.decision("function", draft.function("", ["x"], literal("x * 2"), tag="f")),
        draft.decision("gọi", literal("function2(4)").replace("function2", "`function`"), "d-function"),
        draft.decision(
            "conditional",
            f"<conditional><if>{literal('1 > 2')}</if><then>{literal('3')}</then><else>{literal('4')}</else></conditional>",
        ),
    )  # fmt: skip
    context_value = made.decide("context", {})
    assert context_value["gốc"] == 10
    assert made.decide("kết quả", {}) == 11
    assert made.decide("list", {}) == [1, "a"]
    assert made.decide("relation", {}) == [{"tên": "An", "tuổi": 5}, {"tên": "Bình", "tuổi": 6}]
    assert made.decide("lọc", {}) == [5]
    assert made.decide("invocation", {}) == 4
    assert made.decide("gọi", {}) == 8
    assert made.decide("conditional", {}) == 4


def test_a_decision_service_is_a_function_and_can_be_asked_itself():
    service = (
        '<decisionService id="s-dv" name="dv"><variable name="dv"/><outputDecision href="#d-ra"/>'
        '<encapsulatedDecision href="#d-giữa"/><inputDecision href="#d-vào"/>'
        '<inputData href="#i-x"/></decisionService>'
    )
    made = model(
        draft.datum("x", "number"),
        draft.decision("vào", draft.literal("1000")),
        draft.decision("giữa", draft.literal("x + vào"), "i-x", "d-vào"),
        draft.decision("ra", draft.literal("giữa * 2"), "d-giữa"),
        service,
        draft.decision("D", draft.literal("dv(1, 2)"), "s-dv"),
        draft.decision("E", draft.literal("dv(vào: 5, x: 1)"), "s-dv"),
    )
    assert made.decide("ra", {"x": 1}) == 2002
    assert made.decide("D", {}) == 6
    assert made.decide("E", {}) == 12
    assert made.decide("dv", {"x": 1, "vào": 2}) == 6


TYPES = (
    '<itemDefinition name="tMức"><typeRef>string</typeRef><allowedValues><text>"cao", "thấp"</text>'
    '</allowedValues></itemDefinition><itemDefinition name="tNgười"><itemComponent name="họ tên">'
    '<typeRef>string</typeRef></itemComponent><itemComponent name="mức" isCollection="true">'
    "<typeRef>tMức</typeRef></itemComponent></itemDefinition>"
    '<itemDefinition name="tSố" isCollection="true"><typeRef>number</typeRef></itemDefinition>'
)
FITTING = [
    ("tMức", "cao", "cao"),
    ("tMức", None, None),
    ("tMức", ["cao"], "cao"),
    ("tSố", [1, 2], [1, 2]),
    ("tSố", 1, [1]),
    ("tNgười", {"họ tên": "An", "mức": ["cao", "thấp"]}, {"họ tên": "An", "mức": ["cao", "thấp"]}),
    ("tNgười", {"họ tên": "An"}, {"họ tên": "An", "mức": None}),
    ("date", date(2026, 1, 31), date(2026, 1, 31)),
    ("feel:number", 1, 1),
    ("Any", "x", "x"),
]
UNFITTING = [
    ("tMức", "vừa"),
    ("tMức", 1),
    ("tSố", [1, "a"]),
    ("tNgười", {"họ tên": 5}),
    ("tNgười", {"mức": ["vừa"]}),
    ("tNgười", "An"),
    ("date", "2026-01-31"),
    ("boolean", "true"),
    ("number", [1, 2]),
]


@pytest.mark.parametrize(("type_", "value", "expected"), FITTING)
def test_data_of_their_type_come_in(type_, value, expected):
    made = model(TYPES, draft.datum("x", type_), draft.decision("D", draft.literal("x"), "i-x"))
    assert made.decide("D", {"x": value}) == expected


@pytest.mark.parametrize(("type_", "value"), UNFITTING)
def test_data_of_another_type_are_refused_by_name(type_, value):
    elements = TYPES, draft.datum("x", type_), draft.decision("D", draft.literal("x"), "i-x")
    with pytest.raises(UnsuitableInput) as refused:
        model(*elements).decide("D", {"x": value})
    assert "“x”" in refused.value.message("vi")
    assert model(*elements, strict=False).decide("D", {"x": value}) is None


def test_an_outcome_of_another_type_is_refused():
    decision = draft.decision("D", draft.literal('"a"'), type_="number")
    with pytest.raises(UnsuitableInput):
        model(decision).decide("D", {})
    assert model(decision, strict=False).decide("D", {}) is None


def test_entries_with_spaces_are_known_from_the_types():
    made = model(
        TYPES, draft.datum("x", "tNgười"), draft.decision("D", draft.literal("x.họ tên"), "i-x")
    )
    assert made.decide("D", {"x": {"họ tên": "An"}}) == "An"


def test_now_and_today_come_from_the_moment_given():
    made = model(draft.decision("D", draft.literal("today()")))
    assert made.decide("D", {}, at=datetime(2026, 1, 31, 18, 0, tzinfo=UTC)) == date(2026, 2, 1)
    with pytest.raises(MomentMissing):
        made.decide("D", {})


def test_an_unknown_decision_is_refused_with_the_known_ones():
    with pytest.raises(UnknownDecision) as refused:
        model(draft.decision("Có", draft.literal("1"))).decide("Không", {})
    assert "Có" in refused.value.message("vi")


def test_the_bounds_hold_for_all_decisions_together():
    loops = [
        draft.decision(f"x{i}", draft.literal("count(for i in 1..9000 return i)"))
        for i in range(20)
    ]
    last = draft.decision("D", draft.literal("1"), *(f"d-x{i}" for i in range(20)))
    made = model(*loops, last)
    assert made.decide("x0", {}) == 9000
    with pytest.raises(ExpressionTooCostly):
        made.decide("D", {})


def wrong_models():
    literal = draft.literal
    circle = [draft.decision("a", literal("b"), "d-b"), draft.decision("b", literal("a"), "d-a")]
    return {
        "a decision that requires itself": (circle, "phụ thuộc vào chính nó"),
        "a reference to nothing": ([draft.decision("D", literal("1"), "d-x")], "không trỏ đến"),
        "a decision required as a datum": (
            [draft.decision("iD", literal("1")).replace("d-iD", "i-D"), draft.decision("E", literal("1"), "i-D")],
            "không trỏ đến",
        ),
        "an unconnected name": ([draft.datum("x"), draft.decision("D", literal("x"))], "“x” không có ở đây"),
        "an unknown function": ([draft.decision("D", literal("f(1)"))], "không có hàm"),
        "an unknown type": ([draft.datum("x", "tX")], "không có kiểu"),
        "an unknown type of an outcome": ([draft.decision("D", literal("1"), type_="tX")], "không có kiểu"),
        "a type defined by itself": (
            ['<itemDefinition name="t"><typeRef>t</typeRef></itemDefinition>'], "bằng chính nó",
        ),
        "an empty decision": ([draft.decision("D", "")], "chưa có nội dung"),
        "an empty expression": ([draft.decision("D", literal(""))], "còn trống"),
        "an empty function": (['<businessKnowledgeModel id="b" name="f"/>'], "chưa có nội dung"),
        "a wrong expression": ([draft.decision("D", literal("1 +"))], "dòng 1, cột 4"),
        "two decisions of one name": ([draft.decision("D", literal("1"))] * 2, "trùng"),
        "a decision without a name": (['<decision id="x"><literalExpression/></decision>'], "thiếu tên"),
        "another language": (
            [draft.decision("D", literal("1", 'expressionLanguage="http://www.java.com/java"'))], "không được chạy",
        ),
        "a Java function": (
            [draft.function("f", [], literal("1")).replace("<encapsulatedLogic>", '<encapsulatedLogic kind="Java">')],
            "không được chạy",
        ),
        "an import": (['<import namespace="x" importType="y" name="z"/>'], "import"),
        "a row too short": (
            [draft.decision("D", f'<relation><column name="a"/><column name="b"/><row>{literal("1")}</row></relation>')],
            "hàng có 1 ô",
        ),
        "half a condition": ([draft.decision("D", f"<conditional><if>{literal('true')}</if></conditional>")], "else"),
        "a service without outcome": (['<decisionService id="s" name="s"/>'], "đầu ra"),
    }  # fmt: skip


WRONG = wrong_models()


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_a_model_that_cannot_be_carried_out_is_refused(wrong):
    elements, piece = wrong
    with pytest.raises(InvalidDecisionModel) as refused:
        model(*elements)
    assert piece in refused.value.message("vi")


def test_what_the_standard_lets_pass_is_read_on_demand():
    made = model(
        draft.decision("D", draft.literal("nobody + f(1)")), draft.decision("E", ""), strict=False
    )
    assert made.decide("D", {}) is None
    assert made.decide("E", {}) is None


@pytest.mark.parametrize(
    "namespace",
    [
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20230324/MODEL/",
    ],
)
def test_every_version_of_the_format_is_read(namespace):
    data = draft.definitions(draft.decision("D", draft.literal("1")), namespace=namespace)
    assert read_decisions(data).decide("D", {}) == 1


def hostile_files():
    good = draft.definitions(draft.decision("D", draft.literal("1"))).decode()
    bomb = '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    return {
        "nothing": b"",
        "no XML": b"%PDF-1.7",
        "broken XML": good[:-5].encode(),
        "another root": b"<html/>",
        "BPMN": b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>',
        "a DOCTYPE": ("<!DOCTYPE definitions>" + good).encode(),
        "an entity bomb": (bomb + good).encode(),
        "an outer entity": (
            '<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + good
        ).encode(),
        "a DOCTYPE in UTF-16": ('<?xml version="1.0" encoding="UTF-16"?>' + bomb + good).encode(
            "utf-16"
        ),
        "too many bytes": good.encode() + b" " * MAX_BYTES,
        "too many elements": good.replace(
            "</definitions>", "<x/>" * MAX_ELEMENTS + "</definitions>"
        ).encode(),
        "too many levels": good.replace(
            "</definitions>", "<x>" * 150 + "</x>" * 150 + "</definitions>"
        ).encode(),
        "levels without end": (b"<x>" * 100_000),
    }


HOSTILE = hostile_files()


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_is_refused(data):
    with pytest.raises(NotDecisionModel):
        read_decisions(data)


def test_too_many_expressions_are_refused():
    cells = "".join(draft.literal(f"{i}") for i in range(MAX_EXPRESSIONS + 1))
    with pytest.raises(InvalidDecisionModel):
        model(draft.decision("D", f"<list>{cells}</list>"))


def test_too_many_types_names_or_requirements_are_refused():
    types = "".join(f'<itemDefinition name="t{i}"/>' for i in range(MAX_TYPES + 1))
    entries = "".join(f'<itemComponent name="mục {i}"/>' for i in range(MAX_NAMES + 1))
    data = [draft.datum(f"x{i}") for i in range(MAX_REQUIREMENTS + 1)]
    needs = [f"i-x{i}" for i in range(MAX_REQUIREMENTS + 1)]
    for elements in (
        [types],
        [f'<itemDefinition name="t">{entries}</itemDefinition>'],
        [*data, draft.decision("D", draft.literal("1"), *needs)],
    ):
        with pytest.raises(InvalidDecisionModel) as refused:
            model(*elements)
        assert "hơn" in refused.value.message("vi")
