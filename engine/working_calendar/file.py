"""A layer of the calendar as a file, YAML or JSON: what is exported can be imported again."""

import yaml

from engine.rehearsal.scenario_file import UnreadableScenarios, load
from engine.working_calendar.layer import Layer
from engine.working_calendar.office_hours import UnreadableCalendar


def read_layer(data: bytes) -> Layer:
    """The layer of a file, whoever wrote it (UnreadableCalendar, or what names the fault)."""
    try:
        stated = load(data)
    except UnreadableScenarios as unreadable:
        raise UnreadableCalendar(detail=str(unreadable.facts["reason_vi"])) from unreadable
    return Layer.from_data(stated)


def write_layer(layer: Layer) -> str:
    """The layer as YAML, in the order in which people read it."""
    return yaml.safe_dump(layer.to_data(), allow_unicode=True, sort_keys=False, width=100)
