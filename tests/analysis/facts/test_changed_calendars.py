"""What is open is as old as the calendar of today says, whatever was in force when it began."""

import pytest

from analysis.facts.office import office_facts
from tests.analysis.office_day import HOUR
from tests.engine.calendar_changes import changed, closure, office_layer, unit_layer
from tests.engine.drawing import OFFICER, draw, end, start, step
from tests.engine.offices import datetime_of

STORM = closure((3, 11))
DRAWN = draw(
    start(),
    step("A", lane=OFFICER, limit="2 working_hour"),
    end(),
    flows=("S A", "A E"),
)


def age_of_step(ward, *when):
    now = datetime_of(*when)
    with office_facts(ward.office.database, ward.agency_id, now) as facts:
        (row,) = facts.rows("select age_ws from step_interval where ended_us is null")
        return row["age_ws"]


@pytest.mark.parametrize("layer", [office_layer(STORM), unit_layer("van_phong", STORM)])
def test_a_day_closed_afterwards_makes_a_step_past_its_limit_no_older(ward, layer):
    """Its due time was before the storm and does not move, so the step itself is not written."""
    ward.received(DRAWN, 2026, 3, 9, 8, 0)
    ward.at(2026, 3, 12, 8, 0)
    assert age_of_step(ward, 2026, 3, 12, 9, 0) == 25 * HOUR
    changed(ward, layer)
    assert age_of_step(ward, 2026, 3, 12, 9, 0) == 17 * HOUR
