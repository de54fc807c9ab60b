"""Facts made by hand, for tests of measures: a row says only what the test is about."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pyarrow as pa

from analysis.facts.columns import FACTS
from analysis.facts.facts import Facts, facts_of

VN = ZoneInfo("Asia/Ho_Chi_Minh")
HOUR_WS = 3600
DAY_WS = 8 * HOUR_WS
DAY_US = 86_400_000_000
USUAL: Mapping[str, Mapping[str, Any]] = {
    "step_interval": {
        "agency_id": "A",
        "procedure_code": "P",
        "element_id": "Task_1",
        "name": "Thẩm tra",
        "attempt": 1,
        "unit": "U",
        "position": "chuyen_vien",
        "state": "completed",
        "calendar_version": "1",
        "paused_ws": 0,
        "paused_us": 0,
    },
    "dossier_fact": {
        "agency_id": "A",
        "procedure_code": "P",
        "case_code": "normal",
        "channel": "counter",
        "receiving_unit": "U",
        "state": "finished",
        "paused_ws": 0,
        "supplements": 0,
        "extensions": 0,
        "apologies": 0,
    },
    "pause_fact": {"agency_id": "A", "procedure_code": "P", "kind": "supplement"},
    "missing_component": {"agency_id": "A", "procedure_code": "P"},
    "required_component": {"agency_id": "A", "procedure_code": "P", "requirement": "required"},
}


def number(n: int) -> UUID:
    """The n-th id."""
    return UUID(int=n)


def made_facts(at_us: int = 0, **tables: Iterable[Mapping[str, Any]]) -> Facts:
    """Facts of these rows; a column that a row does not name is usual, or null."""
    made = {}
    for name, rows in tables.items():
        columns = FACTS[name]
        full = [dict.fromkeys(columns) | dict(USUAL[name]) | dict(row) for row in rows]
        assert all(set(row) == set(columns) for row in full), "a row names an unknown column"
        made[name] = pa.table({c: [_plain(row[c]) for row in full] for c in columns})
    return facts_of(made, at_us, at_us, VN)


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, UUID) else value
