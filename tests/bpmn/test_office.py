"""The sample office can play every procedure."""

from collections import Counter

from processes.step import StepSpec
from tests.bpmn.catalogue import NAMES, office, procedure

ROLES = {"designer", "reform", "admin", "head", "staff"}


def test_codes_and_logins_are_unique():
    for listed, key in (("units", "code"), ("positions", "code"), ("officers", "login")):
        values = [entry[key] for entry in office()[listed]]
        assert len(set(values)) == len(values)


def test_holdings_name_units_and_positions_that_exist():
    units = {unit["code"] for unit in office()["units"]}
    positions = {position["code"] for position in office()["positions"]}
    for officer in office()["officers"]:
        assert officer["holdings"]
        for holding in officer["holdings"]:
            assert holding["unit"] in units
            assert holding["position"] in positions


def test_every_role_is_played_by_somebody_and_no_other():
    played = {role for officer in office()["officers"] for role in officer["roles"]}
    assert played == ROLES


def test_units_and_positions_of_the_lanes_exist():
    units = {unit["code"] for unit in office()["units"]}
    positions = {position["code"] for position in office()["positions"]}
    for name in NAMES:
        for step in procedure(name).steps:
            assert step.assignment is not None
            assert step.assignment.position in positions
            assert step.assignment.unit in {*units, None}


def test_who_has_much_to_do_has_colleagues():
    """Two officers or more where a unit's position has steps in three procedures or more."""
    steps: dict[tuple[str, str], set[str]] = {}
    for name in NAMES:
        for step in procedure(name).steps:
            if step.assignment is not None and step.assignment.unit is not None:
                place = step.assignment.unit, step.assignment.position
                steps.setdefault(place, set()).add(name)
    holders = Counter(
        (holding["unit"], holding["position"])
        for officer in office()["officers"]
        for holding in officer["holdings"]
    )
    alone_by_nature = {"chu_tich", "chanh_van_phong"}
    for (unit, position), names in steps.items():
        if len(names) >= 3 and position not in alone_by_nature:
            assert holders[unit, position] >= 2, (unit, position)


def test_separated_duties_can_be_done_by_different_people():
    for name in NAMES:
        found = procedure(name)
        for step in found.steps:
            for other in step.not_same_as:
                against = found.step(other)
                assert against is not None, (name, step.element_id, other)
                assert len(_able(step) | _able(against)) >= 2


def _able(step: StepSpec) -> set[str]:
    """Logins of the officers who may do the step."""
    assert step.assignment is not None
    position, unit = step.assignment.position, step.assignment.unit
    return {
        officer["login"]
        for officer in office()["officers"]
        for holding in officer["holdings"]
        if holding["position"] == position and unit in (holding["unit"], None)
    }
