"""Dossiers that older versions saved are taken up and go on as they would have then.

`format_1.json` is from before events ran; `format_1_constructs.json.zst` has a story of each
construct as the last version of that format saved it, a state after each act.
"""

import base64
import json
from pathlib import Path

import pytest
import zstandard
from lxml import etree

from engine.runtime.instance import Instance
from engine.runtime.specification import Specification
from tests.conformance.harness import Act, Case, Play

FOLDER = Path(__file__).parent / "stored"
STORED = json.loads((FOLDER / "format_1.json").read_text("utf-8"))
CONSTRUCTS = json.loads(
    zstandard.decompress((FOLDER / "format_1_constructs.json.zst").read_bytes())
)


def standing(instance):
    return {
        "open": sorted(step.element_id for step in instance.open_steps().values()),
        "waiting": sorted(timer.element_id for timer in instance.waiting_timers().values()),
    }


@pytest.mark.parametrize("name", STORED)
def test_a_dossier_saved_in_format_1_goes_on_from_every_moment(name):
    story = STORED[name]
    specification = Specification.parse(etree.fromstring(story["file"].encode()), "Process")
    for number, then in enumerate(story["states"]):
        instance = Instance.restore(specification, base64.b64decode(then["state"]))
        assert standing(instance) == {key: then[key] for key in ("open", "waiting")}
        for (kind, element), after in zip(
            story["acts"][number:], story["states"][number + 1 :], strict=True
        ):
            found = {**instance.open_steps(), **instance.waiting_timers()}
            token = max(t for t, one in found.items() if one.element_id == element)
            (instance.complete if kind == "complete" else instance.fire)(token, {})
            assert standing(instance) == {key: after[key] for key in ("open", "waiting")}
        # The other story's interrupted branch never comes to the join that waits for it.
        assert instance.completed == (name == "in_time")


@pytest.mark.parametrize("name", CONSTRUCTS)
def test_a_dossier_of_each_construct_goes_on_from_every_moment(name):
    story = CONSTRUCTS[name]
    specification = Specification.parse(etree.fromstring(story["file"].encode()), "Process")
    acts = tuple(Act(**act) for act in story["acts"])
    for number, state in enumerate(story["states"]):
        Stored(name, specification, acts, number, base64.b64decode(state)).run()


class Stored(Play):
    """The rest of a story, from a saved state on."""

    def __init__(self, name, specification, acts, number, state):
        self.case = Case(name, (), (), script=acts[number + 1 :])
        self.specification = specification
        self.saving = True
        self.data = {key: value for act in acts[: number + 1] for key, value in act.given.items()}
        self.instance = Instance.restore(specification, state)
