"""What a fact says: the columns of the fact tables, in one place for every source and every reader.

Moments end in `_us`: whole microseconds of UTC since 1970. Working time ends in `_ws`: whole
working seconds. `c_...` are readings of the working clock of the calendar version beside them;
only readings of one version may be subtracted. `month` is yyyymm in the office's zone. What has
not happened yet is null. Open dossiers and steps are facts like any other: they are never left out.
"""

from collections.abc import Mapping
from types import MappingProxyType

Columns = Mapping[str, str]
"""Name and DuckDB type of each column, in order."""

STEP_INTERVAL: Columns = MappingProxyType(
    {
        "agency_id": "VARCHAR",
        "dossier_id": "UUID",
        "step_run_id": "UUID",
        "procedure_code": "VARCHAR",
        "version_id": "UUID",
        "element_id": "VARCHAR",
        "name": "VARCHAR",
        "attempt": "INTEGER",  # from 1; above 1 it is done again
        "unit": "VARCHAR",
        "position": "VARCHAR",
        "person_id": "UUID",  # who completed it, or holds it
        "state": "VARCHAR",  # open | completed | sent_back | cancelled
        "enabled_us": "BIGINT",
        "started_us": "BIGINT",
        "ended_us": "BIGINT",
        "c_enabled": "BIGINT",
        "c_started": "BIGINT",
        "c_ended": "BIGINT",
        "calendar_version": "VARCHAR",
        "waiting_ws": "BIGINT",  # from enabled to started, pauses apart; null while it waits
        "handling_ws": "BIGINT",  # from started to ended, pauses apart
        "age_ws": "BIGINT",  # of an open one: from enabled to at_us, pauses apart; null once ended
        "paused_ws": "BIGINT",
        "paused_us": "BIGINT",  # calendar microseconds
        "limit_ws": "BIGINT",  # null where the step has no limit
        "due_us": "BIGINT",
        "late_ws": "BIGINT",
        "result": "VARCHAR",  # early | on_time | late; null while open or without a limit
        "late_cause": "VARCHAR",
        "sent_back_from": "VARCHAR",  # element that sent it back to here
        "month": "INTEGER",  # of ended_us
    }
)

DOSSIER_FACT: Columns = MappingProxyType(
    {
        "agency_id": "VARCHAR",
        "dossier_id": "UUID",
        "code": "VARCHAR",
        "procedure_code": "VARCHAR",
        "field": "VARCHAR",  # lĩnh vực of the procedure
        "version_id": "UUID",
        "case_code": "VARCHAR",
        "channel": "VARCHAR",  # counter | post | online
        "receiving_unit": "VARCHAR",
        "received_us": "BIGINT",
        "original_due_us": "BIGINT",
        "due_us": "BIGINT",  # null while the clock stands still, or without a limit
        "finished_us": "BIGINT",
        "returned_us": "BIGINT",
        "state": "VARCHAR",  # open | paused | finished | returned | closed
        "national_status": "VARCHAR",
        "outcome": "VARCHAR",
        "result": "VARCHAR",  # early | on_time | late, the legal verdict; null while open
        "measure": "VARCHAR",  # on_time | late by QĐ 766
        "limit_ws": "BIGINT",
        "work_ws": "BIGINT",  # working time consumed against the limit; null while open
        "age_ws": "BIGINT",  # of an open one: the same until at_us; null once finished
        "late_ws": "BIGINT",
        "paused_ws": "BIGINT",
        "supplements": "INTEGER",
        "extensions": "INTEGER",
        "apologies": "INTEGER",
        "received_month": "INTEGER",
        "finished_month": "INTEGER",
        "events": "INTEGER",  # of its journal: what any act makes larger
    }
)

PAUSE_FACT: Columns = MappingProxyType(
    {
        "agency_id": "VARCHAR",
        "dossier_id": "UUID",
        "procedure_code": "VARCHAR",
        "kind": "VARCHAR",  # supplement, payment, tax, other_unit, council, force_majeure
        "charged_to": "VARCHAR",
        "stage": "VARCHAR",  # counter | appraisal
        "since_us": "BIGINT",
        "until_us": "BIGINT",
        "paused_ws": "BIGINT",
        "asked_by": "UUID",
    }
)

MISSING_COMPONENT: Columns = MappingProxyType(
    {
        "agency_id": "VARCHAR",
        "dossier_id": "UUID",
        "procedure_code": "VARCHAR",
        "asked_us": "BIGINT",
        "component": "VARCHAR",  # its code
        "name": "VARCHAR",
    }
)

REQUIRED_COMPONENT: Columns = MappingProxyType(
    {
        "agency_id": "VARCHAR",
        "procedure_code": "VARCHAR",
        "version_id": "UUID",
        "component": "VARCHAR",
        "name": "VARCHAR",
        "requirement": "VARCHAR",  # required | optional | when
    }
)

FACTS: Mapping[str, Columns] = MappingProxyType(
    {
        "step_interval": STEP_INTERVAL,
        "dossier_fact": DOSSIER_FACT,
        "pause_fact": PAUSE_FACT,
        "missing_component": MISSING_COMPONENT,
        "required_component": REQUIRED_COMPONENT,
    }
)
"""Every fact table by its name."""
