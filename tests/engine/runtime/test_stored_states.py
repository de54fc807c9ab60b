"""Dossiers that were saved before events ran are taken up and go on as they would have then."""

import base64
import json
from pathlib import Path

import pytest
from lxml import etree

from engine.runtime.instance import Instance
from engine.runtime.specification import Specification

STORED = json.loads((Path(__file__).parent / "stored" / "format_1.json").read_text("utf-8"))


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
