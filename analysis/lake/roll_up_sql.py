"""Roll-ups: small tables out of the facts, whose rows add up over months, procedures and agencies.

`step_bins` counts durations in bins (`analysis.lake.binning`): a quantile read from added bins is
within 2.5 % of the exact one. `step_month` has the exact quantiles of each month, element
ceil(n q), which cannot be added. `dossier_month` and `queue_day` also have rows that are sums
already, with an empty agency or procedure: a whole city is answered from few rows. All are of one
part of the facts, so that a month that did not change is not counted again. Runs that were
cancelled tell nothing about a step, and are out.
"""

from collections.abc import Mapping
from types import MappingProxyType

TIMES: Mapping[str, str] = MappingProxyType(
    {
        "sojourn": "waiting_ws + handling_ws",
        "waiting": "waiting_ws",
        "handling": "handling_ws",
        "paused": "paused_ws",
    }
)
"""The durations of a step by their names, in working seconds."""

_STEP = "procedure_code, element_id"
ENDED = "state in ('completed', 'sent_back') and waiting_ws is not null"
"""Which runs of steps tell how long the step takes."""


def _sum(condition: str) -> str:
    return f"count(case when {condition} then 1 end)"


def _quantiles() -> str:
    picked = []
    for time, value in TIMES.items():
        picked.append(f"cast(sum({value}) as bigint) as {time}_ws")
        picked.append(f"quantile_disc({value}, [0.5, 0.8, 0.95]) as {time}_q")
    return ", ".join(picked)


def _result(prefix: str = "") -> str:
    kinds = ", ".join(_sum(f"{prefix}result = '{k}'") + f" as {k}" for k in _RESULTS)
    return f"{kinds}, {_sum(f'{prefix}result is null')} as unjudged"


_RESULTS = ("early", "on_time", "late")

_COUNTED: Mapping[str, str] = MappingProxyType(
    {"came": "enabled_us", "gone": "coalesce(started_us, ended_us)", "done": "ended_us"}
)
"""What is counted of each day: the moment of a run that says so."""


def _queue_day() -> str:
    """What came, left the queue and was done on each day of the zone, of runs of this part."""
    parts = " union all ".join(
        f"select agency_id, {_STEP}, {moment} as at_us, "  # noqa: S608
        + ", ".join(f"{int(name == this)} as {name}" for name in _COUNTED)
        + f" from runs where {moment} is not null"
        for this, moment in _COUNTED.items()
    )
    day = "cast((at_us + $offset_us) // 86400000000 as integer)"
    counted = ", ".join(f"cast(sum({name}) as bigint) as {name}" for name in _COUNTED)
    return f"""
        with runs as not materialized (
            select agency_id, {_STEP}, enabled_us, started_us, ended_us
            from step_interval where coalesce(month, 0) = $part
        ), happened as not materialized ({parts})
        select '' as agency_id, {_STEP}, {day} as day, {counted} from happened group by all
        union all
        select agency_id, '' as procedure_code, '' as element_id, {day} as day, {counted}
        from happened group by all"""  # noqa: S608


def _dossier_month() -> str:
    """Verdicts of finished dossiers: of each agency and procedure, and of all of either."""
    names = (
        *("n", *_RESULTS, "unjudged", "measured_on_time", "measured_late"),
        *("late_ws", "work_ws", "paused_ws", "supplements"),
    )
    sums = ", ".join(f"cast(sum({name}) as bigint) as {name}" for name in names)
    whole = " union all ".join(
        f"select {agency} as agency_id, {procedure} as procedure_code, month, {sums}"  # noqa: S608
        " from each_one group by all"
        for agency, procedure in (("agency_id", "''"), ("''", "procedure_code"), ("''", "''"))
    )
    return f"""
        with each_one as (
            select agency_id, procedure_code, finished_month as month, count(*) as n, {_result()},
                {_sum("measure = 'on_time'")} as measured_on_time,
                {_sum("measure = 'late'")} as measured_late,
                cast(coalesce(sum(late_ws), 0) as bigint) as late_ws,
                cast(coalesce(sum(work_ws), 0) as bigint) as work_ws,
                cast(coalesce(sum(paused_ws), 0) as bigint) as paused_ws,
                cast(sum(supplements) as bigint) as supplements
            from dossier_fact where finished_month = $part group by all
        )
        select * from each_one union all {whole}"""  # noqa: S608


ROLL_UPS: Mapping[str, str] = MappingProxyType(
    {
        "step_month": f"""
            select {_STEP}, month, max(name) as name, count(*) as n, {_result()},
                cast(coalesce(sum(late_ws), 0) as bigint) as late_ws,
                max(limit_ws) as limit_ws, {_sum("state = 'sent_back'")} as returned,
                {_sum("attempt > 1")} as reworked, {_quantiles()}
            from step_interval where month = $part and {ENDED} group by {_STEP}, month""",  # noqa: S608
        "dossier_month": _dossier_month(),
        "queue_day": _queue_day(),
    }
)
"""Name of each roll-up and the statement that counts it for one part ($part, $offset_us)."""

ROLL_UP_ORDER: Mapping[str, str] = MappingProxyType(
    {
        "step_bins": "time, procedure_code, element_id, month",
        "step_month": "procedure_code, element_id, month",
        # Sums first; then eight blocks of procedures, in each by agency: few rows are read both
        # for all agencies of a procedure and for all procedures of an agency.
        "dossier_month": "procedure_code <> '' and agency_id <> '',"
        " ntile(8) over (order by procedure_code), agency_id, procedure_code, month",
        "queue_day": "agency_id, procedure_code, element_id, day",
        "lateness_month": "procedure_code, element_id, month",
        "missing_month": "procedure_code, component, month",
    }
)
"""Every roll-up, and the order of its rows: what a page asks for lies together."""

ROWS_TOGETHER: Mapping[str, int] = MappingProxyType({"step_bins": 2_048})
"""Of how many rows a page reads all or none, where that is not `FEW_ROWS`."""
FEW_ROWS = 8_192
