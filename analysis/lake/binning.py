"""Counting the durations of the steps of one part of the facts in bins: one pass over its rows."""

import numpy as np
import pyarrow as pa

from analysis.facts.facts import Facts
from analysis.lake.bins import Bins, bins_of
from analysis.lake.roll_up_sql import ENDED, TIMES
from analysis.survival.kaplan_meier import Whole

_AT_A_TIME = 1 << 22  # rows
_MISSING = -1  # a duration that is not known

STEPS = f"""
    create or replace temp table binned_step as
    select procedure_code, element_id, row_number() over (order by procedure_code, element_id) - 1
        as number, longest
    from (select procedure_code, element_id, max(greatest({", ".join(TIMES.values())})) as longest
        from step_interval where month = $part and {ENDED} group by 1, 2)"""  # noqa: S608 - ours
DURATIONS = f"""
    select cast(number as integer) as number, {
    ", ".join(f"coalesce({value}, {_MISSING}) as {time}" for time, value in TIMES.items())
}
    from step_interval join binned_step using (procedure_code, element_id)
    where month = $part and {ENDED}"""  # noqa: S608 - ours


def step_bins(facts: Facts, part: int) -> pa.Table | None:
    """Bins of each time and step of a month, in their order; None where nothing ended in it.

    Columns: time, procedure_code, element_id, month, n, bins, counts (`analysis.lake.bins.Bins`).
    Memory: four counts of each step and bin, some 400 bins, and the rows of a batch.
    """
    # A statement that makes a table takes no values.
    facts.connection.execute(STEPS.replace("$part", str(part)))
    steps = facts.arrow(
        "select procedure_code, element_id, longest from binned_step order by number"
    )
    if not steps.num_rows:
        return None
    longest = steps.column("longest").to_numpy().max()
    dense = _counted(facts, part, steps.num_rows, int(bins_of(np.array([longest]))[0]) + 1)
    tables = []
    for time, counts in dense.items():
        groups = np.flatnonzero(counts.any(axis=1))
        if not len(groups):
            continue
        told = steps.select(["procedure_code", "element_id"]).take(groups)
        columns = {
            "time": pa.array([time] * len(groups)),
            **{name: told.column(name) for name in told.column_names},
            "month": pa.array(np.full(len(groups), part, dtype=np.int32)),
            **Bins.of(counts[groups]).columns(),
        }
        tables.append(pa.table(columns))
    return pa.concat_tables(tables)


def _counted(facts: Facts, part: int, steps: int, width: int) -> dict[str, Whole]:
    """Of each time the counts by step and bin."""
    dense = {time: np.zeros(steps * width, dtype=np.int64) for time in TIMES}
    rows = facts.connection.sql(DURATIONS, params={"part": part}).to_arrow_reader(_AT_A_TIME)
    for batch in rows:
        begins = batch.column("number").to_numpy().astype(np.int64) * width
        for time, counts in dense.items():
            durations = batch.column(time).to_numpy()
            known = durations != _MISSING
            keys = (begins + bins_of(durations))[known]
            np.add(counts, np.bincount(keys, minlength=len(counts)), out=counts)
    return {time: counts.reshape(steps, width) for time, counts in dense.items()}
