"""Roll-ups: small tables out of the facts, whose rows add up over months, procedures and agencies.

`step_bins` counts durations in bins whose bounds grow by a twentieth, so that a quantile read from
added bins is within 2.5 % of the exact one. `step_month` has the exact quantiles of each month,
element ceil(n q), which cannot be added. All are of one part of the facts, so that a month that did
not change is not counted again. Runs that were cancelled tell nothing about a step, and are out.
"""

from collections.abc import Mapping
from types import MappingProxyType

RATIO = 1.05
"""How much larger the upper bound of a bin is than its lower bound."""

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
_ENDED = "state in ('completed', 'sent_back') and waiting_ws is not null"
_BIN = f"case when {{0}} < 1 then -1 else cast(floor(ln({{0}}) / ln({RATIO})) as integer) end"


def _bins(time: str, value: str) -> str:
    return f"""
        select '{time}' as time, {_STEP}, month, {_BIN.format(f"({value})")} as bin,
            count(*) as n, cast(sum({value}) as bigint) as sum_ws,
            count(case when result in ('early', 'on_time') then 1 end) as on_time
        from step_interval where month = $part and {_ENDED} group by all"""  # noqa: S608


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
        with runs as (select * from step_interval where coalesce(month, 0) = $part),
        happened as ({parts}),
        by_day as (select agency_id, {_STEP}, {day} as day, {counted} from happened group by all)
        select '' as agency_id, {_STEP}, day, {counted} from by_day group by all
        union all
        select agency_id, '' as procedure_code, '' as element_id, day, {counted}
        from by_day group by all"""  # noqa: S608


ROLL_UPS: Mapping[str, str] = MappingProxyType(
    {
        "step_bins": " union all ".join(_bins(*each) for each in TIMES.items()),
        "step_month": f"""
            select {_STEP}, month, max(name) as name, count(*) as n, {_result()},
                cast(coalesce(sum(late_ws), 0) as bigint) as late_ws,
                max(limit_ws) as limit_ws, {_sum("state = 'sent_back'")} as returned,
                {_sum("attempt > 1")} as reworked, {_quantiles()}
            from step_interval where month = $part and {_ENDED} group by {_STEP}, month""",  # noqa: S608
        "dossier_month": f"""
            select agency_id, procedure_code, finished_month as month, count(*) as n, {_result()},
                {_sum("measure = 'on_time'")} as measured_on_time,
                {_sum("measure = 'late'")} as measured_late,
                cast(coalesce(sum(late_ws), 0) as bigint) as late_ws,
                cast(coalesce(sum(work_ws), 0) as bigint) as work_ws,
                cast(coalesce(sum(paused_ws), 0) as bigint) as paused_ws,
                cast(sum(supplements) as bigint) as supplements
            from dossier_fact where finished_month = $part group by all""",  # noqa: S608
        "queue_day": _queue_day(),
    }
)
"""Name of each roll-up and the statement that counts it for one part ($part, $offset_us)."""

ROLL_UP_ORDER: Mapping[str, str] = MappingProxyType(
    {
        "step_bins": "time, procedure_code, element_id, month, bin",
        "step_month": "procedure_code, element_id, month",
        "dossier_month": "agency_id, procedure_code, month",
        "queue_day": "agency_id, procedure_code, element_id, day",
        "lateness_month": "procedure_code, element_id, month",
        "missing_month": "procedure_code, component, month",
    }
)
"""Every roll-up, and the order of its rows: what a page asks for lies together."""
