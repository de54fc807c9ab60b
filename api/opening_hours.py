"""The office's opening hours over everything that the facts tell of."""

from collections.abc import Mapping

from analysis.facts.facts import Facts
from analysis.queues.open_hours import OpenHours
from engine.office import Office

_LONGEST_CLOSED_US = 31 * 86_400_000_000
"""No office is closed for so long, holidays and all."""


def hours_of(office: Office, agency_id: str, facts: Facts) -> Mapping[str, OpenHours]:
    """Of the agency, from the first step that was ever handed over until the last due time.

    And beyond now: that a day is the last working day of its month is told by the next one.
    """
    found = facts.rows("select min(enabled_us) as first from step_interval")[0]["first"]
    due = facts.rows("select max(original_due_us) as last from dossier_fact")[0]["last"]
    with office.database.read() as connection:
        calendar = office.calendar(connection, agency_id)
    begun = facts.at_us if found is None else min(found, facts.at_us)
    return {
        agency_id: OpenHours.of(calendar, begun, max(facts.at_us + _LONGEST_CLOSED_US, due or 0))
    }
