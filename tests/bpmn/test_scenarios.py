"""The scenarios lead through every procedure, by every way and to every outcome."""

from collections.abc import Mapping
from typing import Any

import pytest

from processes.checklist import PRODUCED, missing
from processes.component import CopyForm
from processes.data_entry import enter
from processes.step import NationalStatus
from tests.bpmn.catalogue import NAMES, Scenario, all_scenarios, diagram, procedure, scenarios
from tests.bpmn.token_walk import TokenWalk

SCENARIOS = all_scenarios()
_BEFORE_RECEPTION = (NationalStatus.REGISTERED, NationalStatus.RECEIVED)
_AFTERWARDS = (NationalStatus.FINISHED,)


def play(scenario: Scenario) -> TokenWalk:
    """Walk the tokens as the scenario says; every step must be open when its turn comes."""
    found = procedure(scenario.file)
    walk = TokenWalk(diagram(scenario.file))
    walk.begin(dict(enter(found.fields, scenario.reception)))
    for element, data in scenario.steps:
        step = found.step(element)
        assert step is not None, element
        walk.complete(element, dict(enter(step.fields, data)))
    return walk


@pytest.mark.parametrize("scenario", SCENARIOS, ids=str)
def test_a_scenario_ends_in_its_outcome_with_nothing_left_open(scenario):
    walk = play(scenario)
    outcomes = {outcome.element_id: outcome.code for outcome in procedure(scenario.file).outcomes}
    assert [outcomes[end] for end in walk.ends] == [scenario.outcome]
    assert walk.open == walk.held == []


@pytest.mark.parametrize("scenario", SCENARIOS, ids=str)
def test_a_scenario_names_a_case_of_the_procedure(scenario):
    assert procedure(scenario.file).case(scenario.case) is not None


@pytest.mark.parametrize("scenario", SCENARIOS, ids=str)
def test_the_components_of_a_scenario_let_every_step_be_completed(scenario):
    found = procedure(scenario.file)
    present: dict[str, Mapping[str, int]] = dict(scenario.components)
    data: dict[str, Any] = dict(enter(found.fields, scenario.reception))
    for element, entered in scenario.steps:
        step = found.step(element)
        assert step is not None
        data |= enter(step.fields, entered)
        if step.requires:
            assert missing(found, data, present, step.requires) == (), element
        present |= {code: {PRODUCED: 1} for code, _ in step.produces}


@pytest.mark.parametrize("scenario", SCENARIOS, ids=str)
def test_a_scenario_hands_in_components_that_the_procedure_knows(scenario):
    forms = {form.value for form in CopyForm}
    for code, numbers in scenario.components.items():
        assert procedure(scenario.file).component(code) is not None, code
        assert set(numbers) <= forms
        assert all(number >= 1 for number in numbers.values())


@pytest.mark.parametrize("scenario", SCENARIOS, ids=str)
def test_statuses_follow_in_lawful_order(scenario):
    """A dossier is received before it is handled, and finished before its result is returned."""
    found = procedure(scenario.file)
    steps = [step for element, _ in scenario.steps if (step := found.step(element)) is not None]
    ends = {outcome.code: outcome.status for outcome in found.outcomes}
    statuses = [step.status for step in steps]
    assert statuses[0] in _BEFORE_RECEPTION
    handled = [n for n, s in enumerate(statuses) if s not in (*_BEFORE_RECEPTION, *_AFTERWARDS)]
    if handled:
        received = statuses.index(NationalStatus.RECEIVED)
        assert received < handled[0]
        assert not {*_BEFORE_RECEPTION} & {*statuses[handled[0] :]}
    if NationalStatus.FINISHED in statuses:
        finished = statuses.index(NationalStatus.FINISHED)
        assert set(statuses[finished:]) == {NationalStatus.FINISHED}
    returned = ends[scenario.outcome] is NationalStatus.RETURNED
    assert returned == (statuses[-1] is NationalStatus.FINISHED)


@pytest.mark.parametrize("name", NAMES)
def test_the_scenarios_reach_every_outcome(name):
    reached = {scenario.outcome for scenario in scenarios(name)}
    assert reached == {outcome.code for outcome in procedure(name).outcomes}


@pytest.mark.parametrize("name", NAMES)
def test_the_scenarios_take_every_flow_and_every_case_is_tried_where_ways_differ(name):
    taken = {flow for scenario in scenarios(name) for flow in play(scenario).taken}
    assert taken == {flow.id for flow in diagram(name).flows}


@pytest.mark.parametrize("name", NAMES)
def test_the_scenarios_hand_in_every_component_at_least_once(name):
    handed = {code for scenario in scenarios(name) for code in scenario.components}
    produced = {code for step in procedure(name).steps for code, _ in step.produces}
    wanted = {component.code for component in procedure(name).components}
    assert handed | produced >= wanted
