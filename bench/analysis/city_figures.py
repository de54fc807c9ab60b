"""What a city's questions cost: roll-ups against exact counting, in one run, every column consumed.

A column that nobody reads is never computed: so each statement is summed over all that it finds,
and the sums are compared where they must be the same.
"""

import resource
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from analysis.facts.facts import Facts
from analysis.lake.reading import lake_facts
from analysis.lake.rolling import roll_up
from analysis.lake.tiles import (
    lateness,
    missing,
    month_spreads,
    on_time,
    queue,
    roll_ups,
    spreads,
    step_spreads,
    steps,
)
from bench.analysis.made_city import AT, FRIDAYS, MISSING, MONTHS, SLOW, WAITING_AGENCY
from bench.spread import Spread

YEAR = (MONTHS[0], MONTHS[-1])
_ENOUGH = 100  # of fewer no share is ranked
_STEP = "procedure_code, element_id"
_KEYS = f"{_STEP}, month"
_EXACT = f"""
    select {_KEYS}, count(*) as n, quantile_disc(waiting_ws + handling_ws, [0.5, 0.95]) as q
    from step_interval where state in ('completed', 'sent_back') group by {_KEYS}"""
_SUMMED = "count(*) as groups, sum(n) as n, sum({p50}) as p50, sum({p95}) as p95"


def rolled(lake: Path) -> dict[str, Any]:
    """Rolling up everything once: CPU seconds, and nanoseconds of each row of the facts."""
    cpu, done = _cpu(lambda: roll_up(lake, AT))
    with lake_facts(lake) as facts:
        (row,) = facts.rows("select count(*) as n from step_interval")
    rows = {file.fact: 0 for file in done.files}
    for file in done.files:
        rows[file.fact] += file.rows
    return {"cpu_s": cpu, "ns_per_step": cpu / row["n"] * 1e9, "rows": rows, "peak_gb": peak_gb()}


def quantiles(lake: Path, passes: int, exact_passes: int) -> dict[str, Any]:
    """p50 and p95 of every step x month of the city: exact, from bins, from stored rows."""
    year_sql = _EXACT.replace(_KEYS, _STEP)
    stored_sql = "select n, sojourn_q[1] as p50, sojourn_q[3] as p95 from step_month"
    with lake_facts(lake) as facts, roll_ups(lake) as of:
        asked: dict[str, Callable[[], dict[str, Any]]] = {
            "bins": lambda: _added(of, _KEYS),
            "year_bins": lambda: _added(of, _STEP),
            "stored": lambda: _sums(of, stored_sql, "p50", "p95"),
        }
        told = {name: [_cpu(ask)] for name, ask in asked.items()}
        peak = peak_gb()
        # What is measured against: all values of the year at once, which the product never asks.
        facts.connection.execute("set memory_limit = '5GB'")
        exact = {
            "exact": lambda: _sums(facts, _EXACT, "q[1]", "q[2]"),
            "exact_by_month": lambda: _by_month(facts),
            "year_exact": lambda: _sums(facts, year_sql, "q[1]", "q[2]"),
        }
        told |= {name: [] for name in exact}
        for _ in range(exact_passes):  # in turns, for the load changes
            for name, ask in (asked | exact).items():
                told[name] += [_cpu(ask) for _ in range(1 if name in exact else passes)]
        assert told["exact"][0][1] == told["stored"][0][1], "what is stored is not what is counted"
        for of_all, of_bins in (("exact", "bins"), ("year_exact", "year_bins")):
            assert told[of_all][0][1]["n"] == told[of_bins][0][1]["n"], "bins lost runs"
        cpu = {name: [seconds for seconds, _ in each] for name, each in told.items()}
        cheapest = min(cpu["exact"] + cpu["exact_by_month"])
        return {
            "groups": told["exact"][0][1]["groups"],
            **{f"{name}_cpu_s": Spread.of(each) for name, each in cpu.items()},
            "bins_times_less": cheapest / min(cpu["bins"]),
            "stored_times_less": cheapest / min(cpu["stored"]),
            "year_bins_times_less": min(cpu["year_exact"]) / min(cpu["year_bins"]),
            "bins_peak_gb": peak,
            **_errors(of),
        }


def _sums(of: Facts, sql: str, p50: str, p95: str) -> dict[str, Any]:
    summed = _SUMMED.format(p50=p50, p95=p95)
    return of.rows(f"select {summed} from ({sql})")[0]


def _by_month(facts: Facts) -> dict[str, Any]:
    """The exact ones a month after another, which needs a twelfth of the memory."""
    each = [
        _sums(facts, _EXACT.replace(" group by", f" and month = {month} group by"), "q[1]", "q[2]")
        for month in MONTHS
    ]
    return {name: sum(month[name] or 0 for month in each) for name in each[0]}


def _added(of: Facts, keys: str) -> dict[str, Any]:
    """The same sums of what bins say."""
    found = spreads(of, YEAR, keys.split(", "))
    sums = {name: int(found.column(name).to_numpy().sum()) for name in ("n", "p50", "p95")}
    return {"groups": found.num_rows, **sums}


def _errors(of: Facts) -> dict[str, float]:
    """How far quantiles from bins are from the exact ones, relative."""
    of.connection.register("from_bins", spreads(of, YEAR, _KEYS.split(", ")))
    errors = [
        f"{name}(abs(b.{q} - s.sojourn_q[{i}]) / greatest(s.sojourn_q[{i}], 1)) as {q}_{name}"
        for q, i in (("p50", 1), ("p80", 2), ("p95", 3))
        for name in ("max", "avg")
    ]
    return of.rows(
        f"select {', '.join(errors)} from from_bins b join step_month s using ({_KEYS})"
    )[0]


def tiles(lake: Path, passes: int) -> dict[str, Any]:
    """Wall and CPU milliseconds of every tile of a page, the first time and again."""
    procedure, element = SLOW
    asked: dict[str, Callable[[Facts], Any]] = {
        "on time by month": lambda of: on_time(of, YEAR, "month"),
        "on time by agency": lambda of: on_time(of, YEAR, "agency"),
        "on time by procedure": lambda of: on_time(of, YEAR, "procedure"),
        "on time of one procedure by agency": lambda of: on_time(of, YEAR, "agency", procedure),
        "on time of one agency by procedure": lambda of: on_time(
            of, YEAR, "procedure", agency=WAITING_AGENCY
        ),
        "steps of one procedure": lambda of: steps(of, YEAR, procedure),
        "p50 p80 p95 of its steps, a year": lambda of: step_spreads(of, YEAR, procedure),
        "waiting of its steps, a year": lambda of: step_spreads(of, YEAR, procedure, "waiting"),
        "p50 p80 p95 of its steps, a month": lambda of: month_spreads(of, YEAR[1], procedure),
        "lateness by step, whole city": lambda of: lateness(of, YEAR),
        "queue before one step": lambda of: queue(of, (0, 99_999), procedure, element),
        "missing components, whole city": lambda of: missing(of, YEAR),
        "missing components, one procedure": lambda of: missing(of, YEAR, MISSING[0]),
    }
    found = {}
    with roll_ups(lake) as of:
        for name, ask in asked.items():
            times = [_both(lambda ask=ask: ask(of)) for _ in range(passes + 1)]
            found[name] = {
                "first_ms": times[0][0] * 1e3,
                "wall_ms": Spread.of(wall * 1e3 for wall, _ in times[1:]),
                "cpu_ms": Spread.of(cpu * 1e3 for _, cpu in times[1:]),
            }
    return found


def planted(lake: Path) -> dict[str, bool]:
    """Whether what was planted is found, and ranked first."""
    with roll_ups(lake) as of:
        per_run = of.rows(
            "select procedure_code, element_id, sum(handling_ws) / sum(n) as mean"
            " from step_month group by 1, 2 order by mean desc limit 1"
        )[0]
        owed = [(row["procedure_code"], row["element_id"]) for row in lateness(of, YEAR)[:5]]
        agencies = sorted(on_time(of, YEAR, "agency"), key=lambda each: -each.late / each.n)
        often = (row for row in missing(of, YEAR) if row["required"] >= _ENOUGH)
        asked = sorted(often, key=lambda row: -row["returned"] / row["required"])
        friday = of.rows(
            "select procedure_code, element_id,"
            " cast(sum(case when (day + 3) % 7 = 4 then gone else 0 end) as double) / sum(gone)"
            " as share from queue_day where agency_id = '' group by 1, 2"
            f" having sum(gone) >= {_ENOUGH} order by share desc limit 1"
        )[0]
    return {
        "the slow step handles longest": (per_run["procedure_code"], per_run["element_id"]) == SLOW,
        "the slow step is among the five that owe most lateness": SLOW in owed,
        "the Friday step is among the five that owe most lateness": FRIDAYS in owed,
        "the agency that waits is late most often": agencies[0].key == WAITING_AGENCY,
        "the Friday step is taken up on Fridays most": (
            friday["procedure_code"],
            friday["element_id"],
        )
        == FRIDAYS,
        "the missing component comes back most often": (
            asked[0]["procedure_code"],
            asked[0]["component"],
        )
        == MISSING,
    }


def attribution(lake: Path) -> dict[str, Any]:
    """Whether lateness by step sums to all lateness, to the second."""
    with roll_ups(lake) as of:
        owed = sum(row["late_ws"] for row in lateness(of, YEAR))
        late = sum(each.late_ws for each in on_time(of, YEAR, "month"))
    return {"owed_ws": owed, "late_ws": late, "equal": owed == late}


def peak_gb() -> float:
    """The most memory this process has had, in GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9


def _cpu(ask: Callable[[], Any]) -> tuple[float, Any]:
    begun = time.process_time()
    answer = ask()
    return time.process_time() - begun, answer


def _both(ask: Callable[[], Any]) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    ask()
    return time.perf_counter() - wall, time.process_time() - cpu
