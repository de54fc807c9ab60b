"""What the table of constructs says is proved by a test, row by row, and the page says the same."""

from pathlib import Path

import pytest

from processes.check import Outcome, check
from processes.support import CONSTRUCTS, Verdict
from tests.conformance.registry import numbers
from tests.conformance.support_table import example, page

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "support.md"
RUNS = [code for code, row in CONSTRUCTS.items() if row.verdict is Verdict.RUNS]
REFUSED = [code for code, row in CONSTRUCTS.items() if row.verdict is Verdict.REFUSED]


@pytest.mark.parametrize("code", RUNS)
def test_what_runs_has_a_conformance_case(code):
    assert numbers()[code] > 0, "add a case to tests/conformance/cases"


@pytest.mark.parametrize("code", REFUSED)
def test_what_is_refused_cannot_be_published(code):
    found = check(example(code))
    assert found.outcome is not Outcome.PUBLISHABLE
    assert f"support.{code}" in {finding.rule for finding in found.findings}


def test_cases_cover_only_what_the_table_has_as_running():
    assert set(numbers()) <= set(RUNS)


def test_the_page_is_up_to_date():
    written = PAGE.read_text(encoding="utf-8")
    assert written == page(), (
        "python -m tests.conformance.support_table > docs/reference/support.md"
    )
