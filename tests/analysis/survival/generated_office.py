"""A made office whose truth is known: steps with lognormal times, always open, one procedure.

Its working clock is the wall clock, so that nothing but the forecast is in question.
"""

import numpy as np
import pyarrow as pa

from analysis.facts.columns import FACTS
from analysis.facts.facts import Facts, facts_of
from tests.analysis.made_facts import DAY_WS, VN

SECOND_US = 1_000_000
MEDIANS = (0.5, 1.5, 2.0, 0.8)
"""Days that each step takes half of the time."""
LIMIT_WS = 8 * DAY_WS


def ids(numbers):
    return [f"00000000-0000-0000-0000-{number:012d}" for number in numbers]


def generated_office(
    dossiers: int, days: int, seed: int, *, together: float = 0.0, spread: float = 0.7
) -> Facts:
    """Dossiers arrive evenly over so many working days; what is not over by their end is open.

    together: how much of a dossier's slowness is the same in all of its steps, 0 to 1.
    """
    chance = np.random.default_rng(seed)
    steps = len(MEDIANS)
    received = np.sort(chance.integers(0, days * DAY_WS, dossiers))
    own = chance.standard_normal((dossiers, steps)) * np.sqrt(1 - together)
    shared = chance.standard_normal((dossiers, 1)) * np.sqrt(together)
    lasts = (np.array(MEDIANS) * DAY_WS * np.exp(spread * (own + shared))).astype(np.int64) + 1
    ends = received[:, None] + np.cumsum(lasts, axis=1)
    return facts_of(
        {
            "dossier_fact": _dossiers(received, ends[:, -1], days * DAY_WS),
            "step_interval": _steps(ends - lasts, ends, days * DAY_WS),
        },
        days * DAY_WS * SECOND_US,
        days * DAY_WS * SECOND_US,
        VN,
    )


def _dossiers(received, finished, now):
    n, over = len(received), finished <= now
    return _table(
        "dossier_fact",
        n,
        agency_id=np.full(n, "A"),
        dossier_id=ids(range(n)),
        procedure_code=np.full(n, "P"),
        state=np.where(over, "finished", "open"),
        received_us=received * SECOND_US,
        finished_us=pa.array(finished * SECOND_US, mask=~over),
        limit_ws=np.full(n, LIMIT_WS),
        work_ws=pa.array(finished - received, mask=~over),
        age_ws=pa.array(now - received, mask=over),
        paused_ws=np.zeros(n, dtype=np.int64),
    )


def _steps(begins, ends, now):
    dossiers, steps = begins.shape
    number = np.arange(dossiers * steps)
    begins, ends = begins.ravel(), ends.ravel()
    began = begins < now
    number, begins, ends = number[began], begins[began], ends[began]
    over, n = ends <= now, len(begins)
    return _table(
        "step_interval",
        n,
        agency_id=np.full(n, "A"),
        dossier_id=ids(number // steps),
        step_run_id=ids(number),
        procedure_code=np.full(n, "P"),
        element_id=np.char.add("Task_", (number % steps).astype(str)),
        name=np.char.add("Bước ", (number % steps).astype(str)),
        state=np.where(over, "completed", "open"),
        enabled_us=begins * SECOND_US,
        started_us=begins * SECOND_US,
        ended_us=pa.array(ends * SECOND_US, mask=~over),
        c_enabled=begins,
        c_started=begins,
        c_ended=pa.array(ends, mask=~over),
        calendar_version=np.full(n, "1"),
        waiting_ws=np.zeros(n, dtype=np.int64),
        handling_ws=pa.array(ends - begins, mask=~over),
        age_ws=pa.array(now - begins, mask=over),
        paused_ws=np.zeros(n, dtype=np.int64),
    )


def _table(table, n, **columns):
    assert set(columns) <= set(FACTS[table])
    return pa.table({c: columns.get(c, pa.nulls(n)) for c in FACTS[table]})
