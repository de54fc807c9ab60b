"""For each constraint a model that breaks it and one, as near as can be, that does not."""

from tests.processes.standard import (
    cases_activities,
    cases_data,
    cases_events,
    cases_files,
    cases_flows,
    cases_references,
)

CASES = {
    **cases_files.CASES,
    **cases_references.CASES,
    **cases_flows.CASES,
    **cases_events.CASES,
    **cases_activities.CASES,
    **cases_data.CASES,
}
