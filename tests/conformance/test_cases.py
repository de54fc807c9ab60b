"""Every construct that runs does what BPMN says: straight, saved at any moment, in an office."""

import pytest

from tests.conformance.harness import OfficePlay, Play
from tests.conformance.registry import all_cases

CASES = all_cases()
IN_THE_OFFICE = [case for case in CASES if case.office]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_runs_as_the_standard_says(case):
    Play(case, saving=False).run()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_runs_the_same_saved_and_restored_between_any_two_acts(case):
    Play(case, saving=True).run()


@pytest.mark.parametrize("case", IN_THE_OFFICE, ids=lambda case: case.id)
def test_runs_the_same_through_the_acts_of_the_office(ward, case):
    OfficePlay(case, ward).run()


def test_cases_have_names_of_their_own():
    assert len({case.id for case in CASES}) == len(CASES)
