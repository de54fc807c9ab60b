"""The public DMN compliance tests, level 2: every expected result of every model."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree

from processes.dmn import read_decisions

TESTS = "{http://www.omg.org/spec/DMN/20160719/testcase}"
XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
TOLERANCE = Decimal("1e-8")  # expected numbers are written with fewer digits than 34


def value_of(element):
    """The value that a test file writes: of an input, of an expected result, or inside of them."""
    listed = element.find(f"{TESTS}list")
    if listed is not None:
        return [value_of(item) for item in listed.findall(f"{TESTS}item")]
    components = element.findall(f"{TESTS}component")
    if components:
        return {each.get("name"): value_of(each) for each in components}
    value = element.find(f"{TESTS}value")
    if value is None or value.get(f"{XSI}nil") == "true":
        return None
    kind = value.get(f"{XSI}type", "xsd:string").partition(":")[2]
    return READ[kind](value.text or "")


READ = {
    "string": str,
    "boolean": lambda text: text == "true",
    "decimal": Decimal,
    "double": Decimal,
}


def expected_results(suite: Path) -> Iterator[tuple[Path, str, dict, str, object]]:
    """Model, test case, inputs, decision and outcome, for each outcome that the suite expects."""
    for path in sorted(suite.glob("*/*-test-*.xml")):
        root = etree.parse(path).getroot()
        model = path.parent / root.findtext(f"{TESTS}modelName")
        for case in root.iter(f"{TESTS}testCase"):
            inputs = {each.get("name"): value_of(each) for each in case.iter(f"{TESTS}inputNode")}
            for result in case.iter(f"{TESTS}resultNode"):
                expected = value_of(result.find(f"{TESTS}expected"))
                yield model, case.get("id"), inputs, result.get("name"), expected


def agrees(value, expected):
    if isinstance(expected, Decimal) and isinstance(value, Decimal):
        return abs(value - expected) <= TOLERANCE * max(1, abs(expected))
    if isinstance(expected, list) and isinstance(value, list):
        return len(value) == len(expected) and all(map(agrees, value, expected))
    if isinstance(expected, dict) and isinstance(value, dict):
        return value.keys() == expected.keys() and all(
            agrees(value[name], expected[name]) for name in expected
        )
    return type(value) is type(expected) and value == expected


@pytest.mark.corpus
def test_every_decision_of_the_suite_is_the_one_expected(corpora):
    results = list(expected_results(corpora / "dmn/tck-level-2/compliance-level-2"))
    assert len(results) == 126
    wrong = [
        (model.name, case, decision, value, expected)
        for model, case, inputs, decision, expected in results
        if not agrees(
            value := read_decisions(model.read_bytes()).decide(decision, inputs), expected
        )
    ]
    assert wrong == []
