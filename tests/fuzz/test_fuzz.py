"""Spoiled procedures are answered; `python -m tests.fuzz` tries as many as there is time for."""

import random

import pytest

from engine.judging import JudgingRoom
from tests.engine.offices import BPMN
from tests.fuzz.faults import faults
from tests.fuzz.mutations import mutant

FILES = [path.read_bytes() for path in sorted((BPMN / "procedures").glob("*.bpmn"))]
MUTANTS = 15  # of each of the groups below


@pytest.fixture(scope="module")
def room():
    found = JudgingRoom(size=1, seconds=10)  # a machine that runs tests is slow at times
    yield found
    found.close()


@pytest.mark.parametrize("group", range(4))
def test_a_spoiled_procedure_gets_an_answer_that_holds(room, group):
    for number in range(MUTANTS):
        chance = random.Random(f"{group}/{number}")
        data = mutant(chance.choice(FILES), chance)
        assert list(faults(room, data)) == [], f"{group}/{number}"
