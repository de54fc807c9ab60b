"""The facts as they were known at an earlier moment: what came later is undone.

So a forecast can be judged by what became of the dossiers that were open then.
"""

from analysis.facts.columns import FACTS
from analysis.facts.facts import Facts, facts_of


def rewound(facts: Facts, at_us: int) -> Facts:
    """New facts in which `at_us` is now; those given stay as they are.

    What a step that was open then had lasted is interpolated between its own readings of the
    working clock: the calendar itself is not among the facts. Pauses that were running then are
    taken to be outside of it. An extension given later is not undone: limits are those known today.
    """
    tables = {
        "step_interval": facts.arrow(_STEPS, at_us=at_us, now_us=facts.at_us),
        "dossier_fact": facts.arrow(_DOSSIERS, at_us=at_us, now_us=facts.at_us),
        "pause_fact": facts.arrow(_PAUSES, at_us=at_us),
        "missing_component": facts.arrow(
            "select * from missing_component where asked_us < $at_us", at_us=at_us
        ),
        "required_component": facts.arrow("select * from required_component"),
    }
    return facts_of(tables, at_us, min(at_us, facts.fresh_us), facts.zone)


_RUNS = """
    select *, coalesce(ended_us, $now_us) as to_us,
      (ended_us is null or ended_us >= $at_us) as still,
      coalesce(age_ws, coalesce(waiting_ws, 0) + coalesce(handling_ws, 0)) as lasted
    from step_interval where enabled_us < $at_us
"""
_AGE = (  # seconds times microseconds are more than 64 bits hold
    "cast(cast(lasted as hugeint) * (least($at_us, to_us) - enabled_us)"
    " // greatest(to_us - enabled_us, 1) as bigint)"
)
_BEGUN = "started_us < $at_us"
_UNDONE_STEP = {
    "state": "'open'",
    "ended_us": "null",
    "c_ended": "null",
    "waiting_ws": f"case when {_BEGUN} then waiting_ws end",
    "started_us": f"case when {_BEGUN} then started_us end",
    "c_started": f"case when {_BEGUN} then c_started end",
    "handling_ws": "null",
    "late_ws": "null",
    "result": "null",
    "late_cause": "null",
    "month": "null",
    "age_ws": _AGE,
}
_UNDONE_DOSSIER = {
    "state": "'open'",
    "finished_us": "null",
    "returned_us": "null",
    "outcome": "null",
    "result": "null",
    "measure": "null",
    "work_ws": "null",
    "late_ws": "null",
    "finished_month": "null",
    "age_ws": "least(coalesce(consumed, 0), lasted)",
}


def _columns(table: str, undone: dict[str, str]) -> str:
    """Each column as it was: what had not happened is undone, the rest is as it is."""
    return ", ".join(
        f"case when still then {undone[name]} else {name} end as {name}" if name in undone else name
        for name in FACTS[table]
    )


_STEPS = f"with known as ({_RUNS}) select {_columns('step_interval', _UNDONE_STEP)} from known"  # noqa: S608
_DOSSIERS = f"""
    with begun as (
      select dossier_id, min(c_enabled) as c_first from step_interval group by 1
    ), reached as (
      select s.dossier_id,
        max(s.c_enabled - b.c_first + case when still then {_AGE} else c_ended - c_enabled end)
          as reading
      from ({_RUNS}) s join begun b on b.dossier_id = s.dossier_id group by 1
    ), stood as (
      select dossier_id, sum(paused_ws) as paused from pause_fact where until_us < $at_us group by 1
    ), known as (
      select d.*, coalesce(work_ws, age_ws) as lasted,
        (finished_us is null or finished_us >= $at_us) as still,
        greatest(r.reading - coalesce(p.paused, 0), 0) as consumed
      from dossier_fact d left join reached r on r.dossier_id = d.dossier_id
      left join stood p on p.dossier_id = d.dossier_id
      where received_us < $at_us
    )
    select {_columns("dossier_fact", _UNDONE_DOSSIER)} from known
"""  # noqa: S608 - columns of ours
_PAUSES = """
    select * replace (
      case when until_us < $at_us then until_us end as until_us,
      case when until_us < $at_us then paused_ws end as paused_ws)
    from pause_fact where since_us < $at_us
"""
