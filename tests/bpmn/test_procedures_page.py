"""The page of procedures says what the files say."""

import pytest

from processes.procedure import Procedure
from tests.bpmn.catalogue import BPMN, NAMES, procedure

PAGE = (BPMN.parent / "docs" / "reference" / "procedures.md").read_text("utf-8")


def row(found: Procedure, name: str) -> list[str]:
    """The cells of the procedure's row in the first table."""
    (line,) = [
        line
        for line in PAGE.splitlines()
        if line.startswith(f"| [`{found.code}`](../../bpmn/procedures/{name})")
    ]
    return [cell.strip() for cell in line.strip("|").split("|")]


@pytest.mark.parametrize("name", NAMES)
def test_the_page_states_name_limits_steps_components_and_outcomes(name):
    found = procedure(name)
    _, title, limits, steps, components, outcomes, laws = row(found, name)
    assert title == found.name
    stated = [f"`{case.code}`: {case.limit.format('en')}" for case in found.cases if case.limit]
    assert limits.split("<br>") == stated
    assert int(steps) == len(found.steps)
    assert int(components) == len(found.components)
    assert outcomes.split("<br>") == [f"`{outcome.code}`" for outcome in found.outcomes]
    assert set(laws.split("<br>")) == {basis.reference for basis in found.legal_basis}


@pytest.mark.parametrize("name", NAMES)
def test_the_page_says_what_of_a_procedure_is_illustrative(name):
    notes = PAGE.partition("## What is law and what is illustrative")[2]
    assert f"| `{procedure(name).code}` | " in notes
