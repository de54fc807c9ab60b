"""The office's opening hours over everything that the facts tell of."""

from collections.abc import Mapping

from analysis.facts.facts import Facts
from analysis.queues.open_hours import OpenHours
from engine.office import Office


def hours_of(office: Office, agency_id: str, facts: Facts) -> Mapping[str, OpenHours]:
    """Of the agency, from the first step that was ever handed over until now."""
    found = facts.rows("select min(enabled_us) as first from step_interval")[0]["first"]
    with office.database.read() as connection:
        calendar = office.calendar(connection, agency_id)
    begun = facts.at_us if found is None else min(found, facts.at_us)
    return {agency_id: OpenHours.of(calendar, begun, facts.at_us)}
