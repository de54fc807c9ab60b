"""Tasks in four cells: done in time, done late, running in time, running late (domain facts 5.3).

A task is one run of a step. Done: ended in the period by somebody, by its own verdict. Running: it
was open at the end of the period, judged at that moment; one that stands still has no due time and
is late where its limit was used up before. The clock of a step that others do (tax, a council)
runs while the dossier's stands. Runs that were cancelled are no tasks.
Without a limit a task is in time; a note says how many those are.
"""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from analysis.behind import Selection
from analysis.facts.facts import Facts
from analysis.facts.pauses import steps_stand
from analysis.period import Period
from analysis.rate import Rate
from analysis.reports.form_06a import at_of
from analysis.reports.members import span
from analysis.reports.names import Names
from analysis.reports.table import Cell, Column, Kind, Line, Report, Words

CODE = "tasks"
DEFINITION = "tasks/1"
_DONE = Words("Đã làm", "Done")
_RUNNING = Words("Đang làm", "Running")
_IN_TIME, _LATE = Words("Trong hạn", "In time"), Words("Quá hạn", "Late")
_ALL = Words("Tổng số", "In all")
CELLS = ("done_in_time", "done_late", "running_in_time", "running_late")
LISTED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "tasks": CELLS,
        "tasks_done": CELLS[:2],
        "tasks_running": CELLS[2:],
        **{f"tasks_{cell}": (cell,) for cell in CELLS},
    }
)
"""The columns that count tasks, and the cells that each is made of."""
_TASK = f"""
with task as (
  select coalesce(unit, '') as key, dossier_id, coalesce(late_ws, 0) as late_ws,
    step_run_id, name as step, attempt, enabled_us, ended_us,
    case when state = 'open' then age_ws
      else coalesce(waiting_ws, 0) + coalesce(handling_ws, 0) end as spent_ws,
    limit_ws is null and due_us is null as unlimited,
    case
      when ended_us < $until then
        case when result = 'late' then 'done_late' else 'done_in_time' end
      when due_us < $until - 1 and not stands then 'running_late'
      when due_us is null and ended_us is null and stood and age_ws > limit_ws then 'running_late'
      else 'running_in_time' end as cell
  from (
    select s.*, exists (
      select 1 from pause_fact p where p.agency_id = s.agency_id and p.dossier_id = s.dossier_id
        and p.since_us < $until and (p.until_us is null or p.until_us >= $until)
        and p.since_us <= s.due_us and {steps_stand("p")}
    ) as stands, exists (
      select 1 from pause_fact p where p.agency_id = s.agency_id and p.dossier_id = s.dossier_id
        and p.since_us < $until and p.until_us is null and {steps_stand("p")}
    ) as stood
    from step_interval s
  )
  where enabled_us < $until and (ended_us is null or ended_us >= $begin)
    and (state <> 'cancelled' or ended_us >= $until)
)
"""  # noqa: S608  # a condition of ours
_ASKED = (
    _TASK
    + """
select key, count(case when cell = 'done_in_time' then 1 end) as done_in_time,
  count(case when cell = 'done_late' then 1 end) as done_late,
  count(case when cell = 'running_in_time' then 1 end) as running_in_time,
  count(case when cell = 'running_late' then 1 end) as running_late,
  count(case when unlimited then 1 end) as unlimited
from task group by key order by key = '', key
"""
)
_DOSSIERS = """
select d.dossier_id, d.code, d.procedure_code, coalesce(d.receiving_unit, '') as unit,
  d.received_us, d.due_us, d.finished_us, t.late_ws, '' as arrival, '' as standing
from dossier_fact d
join (
  select dossier_id, cast(sum(late_ws) as bigint) as late_ws from task
  where cell in ({cells}) and {which} group by dossier_id
) t on t.dossier_id = d.dossier_id
"""
_TASKS = """
select d.dossier_id, d.code, d.procedure_code, t.key as unit, d.received_us, d.due_us,
  d.finished_us, t.late_ws, '' as arrival, '' as standing, t.step_run_id, t.step, t.attempt,
  t.enabled_us, t.ended_us, t.spent_ws
from dossier_fact d join task t on t.dossier_id = d.dossier_id
where t.cell in ({cells}) and {which}
"""


def four_cells(facts: Facts, period: Period) -> dict[str, int]:
    """The cells of all units together, and how many tasks had no limit (`unlimited`)."""
    return _together(facts.rows(_ASKED, **span(facts, period).values))


def dossiers_of(facts: Facts, period: Period, cell: str, unit: str | None) -> Selection:
    """The dossiers whose tasks a cell counts, of one unit or of all; a dossier may have several."""
    return _listed(_DOSSIERS, facts, period, cell, unit)


def tasks_of(facts: Facts, period: Period, cell: str, unit: str | None) -> Selection:
    """The tasks that a cell counts: runs of steps, as many as the number says."""
    return replace(_listed(_TASKS, facts, period, cell, unit), runs=True)


def _listed(sql: str, facts: Facts, period: Period, cell: str, unit: str | None) -> Selection:
    cells = ", ".join(f"'{each}'" for each in LISTED[cell])
    which, values = ("true", {}) if unit is None else ("key = $unit", {"unit": unit})
    text = _TASK + sql.format(cells=cells, which=which)
    return Selection(text, {**span(facts, period).values, **values})


def _together(rows: list[dict[str, Any]]) -> dict[str, int]:
    return {name: sum(int(row[name]) for row in rows) for name in (*CELLS, "unlimited")}


def report_tasks(facts: Facts, period: Period, names: Names) -> Report:
    """The four cells by unit."""
    rows = facts.rows(_ASKED, **span(facts, period).values)
    total = _together(rows)
    notes = []
    if total["unlimited"]:
        notes.append(
            Words(
                f"{total['unlimited']} việc không có thời hạn được tính là trong hạn.",
                f"{total['unlimited']} tasks without a limit count as in time.",
            )
        )
    return Report(
        code=CODE,
        form="",
        title=Words("Tình hình thực hiện công việc", "How tasks were done"),
        counts=Words("Số việc (lượt thực hiện bước)", "Tasks (runs of steps)"),
        period=period,
        definition=DEFINITION,
        columns=(
            Column("no", (Words("TT", "No."),)),
            Column("name", (Words("Đơn vị", "Unit"),), Kind.TEXT),
            Column("all", (Words("Tổng số việc", "Tasks in all"),), cell="tasks"),
            Column("done", (_DONE, _ALL), cell="tasks_done"),
            Column("done_in_time", (_DONE, _IN_TIME), cell="tasks_done_in_time"),
            Column("done_late", (_DONE, _LATE), cell="tasks_done_late"),
            Column("running", (_RUNNING, _ALL), cell="tasks_running"),
            Column("running_in_time", (_RUNNING, _IN_TIME), cell="tasks_running_in_time"),
            Column("running_late", (_RUNNING, _LATE), cell="tasks_running_late"),
            Column("rate", (Words("Làm trong hạn", "Done in time"),), Kind.RATE),
        ),
        lines=tuple(
            Line(row["key"], (n, _name(row["key"], names), *_numbers(row)))
            for n, row in enumerate(rows, start=1)
        ),
        total=Line("", (None, Words("Tổng cộng", "Total"), *_numbers(total))),
        answer=_answer(total),
        notes=tuple(notes),
        at=at_of(facts),
    )


def _answer(total: dict[str, int]) -> Words:
    done = total["done_in_time"] + total["done_late"]
    running = total["running_in_time"] + total["running_late"]
    return Words(
        f"Đã làm {done}/{done + running} việc; {running} việc chưa làm, trong đó "
        f"{total['running_in_time']} còn trong hạn, {total['running_late']} quá hạn.",
        f"{done} of {done + running} tasks are done; of {running} others "
        f"{total['running_in_time']} are in time, {total['running_late']} late.",
    )


def _name(key: str, names: Names) -> Words:
    return names.of("unit", key) if key else Words("Không thuộc đơn vị cố định", "No fixed unit")


def _numbers(row: dict[str, int]) -> tuple[Cell, ...]:
    done = row["done_in_time"] + row["done_late"]
    running = row["running_in_time"] + row["running_late"]
    return (
        done + running,
        *(done, row["done_in_time"], row["done_late"]),
        *(running, row["running_in_time"], row["running_late"]),
        Rate(row["done_in_time"], done),
    )
