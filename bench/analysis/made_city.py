"""A city of made dossiers as a lake: any number, with bottlenecks planted in known places.

A year (2025) of 1,578 procedures in 358 agencies, 5 to 10 steps each, durations log-normal in
working time (eight hours, Monday to Friday). The same number makes the same city.

Planted: step 3 of one procedure takes six times as long; in one agency everybody waits eight times
as long for step 2; step 4 of one procedure is only taken up on Fridays; one component of one
procedure is missing in three dossiers of ten, others in one of fifty.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from analysis.facts.columns import FACTS
from analysis.lake.layout import ENDED, LakeFile
from analysis.lake.manifest import Manifest, Mark
from analysis.lake.publishing import publish
from analysis.lake.writing import Writer
from analysis.period import VIET_NAM

CITY = "H29"
PROCEDURES, AGENCIES = 1578, 358
SLOW = ("P0040", "Step_3")
WAITING_AGENCY = "A013"
FRIDAYS = ("P0060", "Step_4")
MISSING = ("P0030", "C2")
AT = datetime(2025, 12, 31, 17, tzinfo=UTC)  # the first of January in Viet Nam
MONTHS = tuple(202501 + i for i in range(12))
_DAY_WS = 28_800
_AT_A_TIME = 200_000  # dossiers
_MONDAY = 20_087  # 30/12/2024, in days since 1970: C(t) = 0 at its opening


@dataclass(frozen=True, slots=True)
class Made:
    """The lake, and how many rows it has."""

    lake: Path
    dossiers: int
    steps: int


def make_city(lake: Path, dossiers: int, aside: Path) -> Made:
    """Write the lake; aside: a folder for what does not fit into memory."""
    connection = duckdb.connect(":memory:")
    connection.execute(f"set memory_limit = '4GB'; set temp_directory = '{aside}/spill'")
    connection.execute(_PERSONS)
    files: list[LakeFile] = []
    each = dossiers // len(MONTHS)
    for month in range(len(MONTHS)):
        for first in range(0, each, _AT_A_TIME):
            _receive(connection, month, each, range(first, min(first + _AT_A_TIME, each)))
            for fact, sql in _FACTS.items():
                connection.execute(f"create or replace temp table made as {sql}")
                files += _by_part(connection, lake, fact, len(files))
    writer = Writer(lake, CITY, (0, 1), lambda _what: None)
    files += _written(writer, connection, "required_component", 0, _REQUIRED)
    connection.close()
    publish(lake, Manifest(CITY, Mark(1, AT, None, "made"), tuple(files)), VIET_NAM)
    steps = sum(file.rows for file in files if file.fact == "step_interval")
    return Made(lake, each * len(MONTHS), steps)


def _by_part(
    connection: duckdb.DuckDBPyConnection, lake: Path, fact: str, number: int
) -> list[LakeFile]:
    """What was made, a file for each month in which something of it ended."""
    part = f"coalesce({_month_of(ENDED[fact])}, 0)"
    parts = connection.execute(f"select distinct {part} from made order by 1").fetchall()
    columns = ", ".join(f"cast({name} as {kind}) as {name}" for name, kind in FACTS[fact].items())
    there = {row[0] for row in connection.execute("describe made").fetchall()}
    for name in FACTS[fact]:
        if name not in there:
            columns = columns.replace(f"cast({name} as", "cast(null as")
    writer = Writer(lake, CITY, (number, number + 1), lambda _what: None)
    found = []
    for (month,) in parts:
        sql = f"select {columns} from made where {part} = {month}"
        found += _written(writer, connection, fact, month, sql)
    return found


def _written(
    writer: Writer, connection: duckdb.DuckDBPyConnection, fact: str, part: int, sql: str
) -> list[LakeFile]:
    found = writer.write(connection, sql, fact, part, in_order=True)
    return [] if found is None else [found]


def _month_of(moment: str) -> str:
    local = f"make_timestamp({moment} + 25200000000)"
    return f"(year({local}) * 100 + month({local}))"


def _u(*salt: str) -> str:
    """A number from 0 to 1 that is the same for the same."""
    return f"((hash({', '.join(salt)}) % 1000003) / 1000003.0)"


def _lognormal(*salt: str) -> str:
    """About log-normal with a spread of 0.92: the sum of four even numbers is about normal."""
    h = f"hash({', '.join(salt)})"
    parts = " + ".join(f"(({h} >> {16 * i}) & 65535) / 65536.0" for i in range(4))
    return f"exp(1.6 * ({parts} - 2))"


def _us(reading: str) -> str:
    """The moment at which the working clock reads so much, in microseconds: half past seven on."""
    day = f"({reading} // {_DAY_WS})"
    within = f"({reading} % {_DAY_WS})"
    lunch = f"case when {within} >= 14400 then 5400 else 0 end"
    return (
        f"((({_MONDAY} + ({day} // 5) * 7 + {day} % 5) * 86400 + 1800 + {within} + {lunch})"
        " * 1000000)"
    )


def _receive(connection: duckdb.DuckDBPyConnection, month: int, number: int, some: range) -> None:
    """Draw some of a month's dossiers, and how long each step waits and is handled."""
    length = 21 * _DAY_WS
    slow, friday = (int(place[0][1:]) for place in (SLOW, FRIDAYS))
    waits = int(WAITING_AGENCY[1:])
    connection.execute(
        f"""
        create or replace temp table came as
        with drawn as (
            select {month} * {number} + i as g,
                cast(floor({PROCEDURES} * power({_u("g", "1")}, 3)) as integer) as p,
                cast(hash(g, 2) % {AGENCIES} as integer) as a,
                cast({month} * 21.75 * {_DAY_WS} + {2 * _DAY_WS}
                    + (i * {length}::bigint) // {number} as bigint) as c0
            from range({some.start}, {some.stop}) r(i)
        ), timed as (
            select *, 5 + p % 6 as k,
                [cast(3600 * {_lognormal("g", "s", "3")}
                    * case when a = {waits} and s = 2 then 8 else 1 end as bigint)
                    for s in range(1, 6 + p % 6)] as w,
                [cast(1800 * (1 + p % 3) * {_lognormal("g", "s", "4")}
                    * case when p = {slow} and s = 3 then 6 else 1 end as bigint)
                    for s in range(1, 6 + p % 6)] as h
            from drawn
        ), before as (
            select *, cast(c0 + list_sum(w[1:3]) + list_sum(h[1:3]) as bigint) as e4 from timed
        ), fixed as (
            select * replace (case when p = {friday} then
                w[1:3] || [ (e4 // {5 * _DAY_WS}) * {5 * _DAY_WS} + {4 * _DAY_WS} + g % 20000 - e4
                    + case when e4 > (e4 // {5 * _DAY_WS}) * {5 * _DAY_WS} + {4 * _DAY_WS}
                        + g % 20000 then {5 * _DAY_WS} else 0 end] || w[5:]
                else w end as w)
            from before
        )
        select g, p, a, c0, k, w, h, cast(list_sum(w) + list_sum(h) as bigint) as work,
            printf('%08x-%04x-7000-8000-%012x', g // 16, g % 16, g)::uuid as dossier_id,
            printf('P%04d', p) as procedure_code, printf('A%03d', a) as agency_id,
            printf('%08x-0000-7000-8000-%012x', p, p)::uuid as version_id,
            k * {int(_DAY_WS * 0.75)} as limit_ws
        from fixed"""
    )


def _named(prefix: str) -> str:
    return "[" + ", ".join(f"'{prefix}{i}'" for i in range(1, 11)) + "]"


_PERSONS = f"""
    create table persons as select i as number,
        printf('00000000-0000-7000-8000-%012x', i)::uuid as person_id
    from range({AGENCIES * 30}) r(i)"""
_UNTIL = int(AT.timestamp()) * 1_000_000
_STEPS = f"""
    with each as (
        select agency_id, dossier_id, procedure_code, version_id, g, s, p, a,
            w[s] as wait, h[s] as handle, cast(c0 + coalesce(list_sum(w[1:s-1]), 0)
                + coalesce(list_sum(h[1:s-1]), 0) as bigint) as ce
        from (select *, unnest(range(1, k + 1)) as s from came)
    ), timed as (
        select *, ce + wait as cs, ce + wait + handle as cc from each
    ), dated as (
        select *, {_us("ce")} as enabled_us, {_us("cs")} as begun, {_us("cc")} as over from timed
    )
    select agency_id, dossier_id,
        uuid() as step_run_id,
        procedure_code, version_id, {_named("Step_")}[s] as element_id,
        {_named("Bước ")}[s] as name, 1 as attempt,
        {_named("U")}[1 + s % 4] as unit, 'chuyen_vien' as position, person_id,
        case when over < {_UNTIL} then 'completed' else 'open' end as state, enabled_us,
        case when begun < {_UNTIL} then begun end as started_us,
        case when over < {_UNTIL} then over end as ended_us, ce as c_enabled,
        case when begun < {_UNTIL} then cs end as c_started,
        case when over < {_UNTIL} then cc end as c_ended, 'made' as calendar_version,
        case when begun < {_UNTIL} then wait end as waiting_ws,
        case when over < {_UNTIL} then handle end as handling_ws, 0 as paused_ws, 0 as paused_us,
        {_DAY_WS} as limit_ws, {_us(f"(ce + {_DAY_WS})")} as due_us,
        case when over < {_UNTIL} then greatest(0, wait + handle - {_DAY_WS}) end as late_ws,
        case when over >= {_UNTIL} then null when wait + handle > {_DAY_WS} then 'late'
            when wait + handle < {int(_DAY_WS * 0.8)} then 'early' else 'on_time' end as result,
        case when over < {_UNTIL} then {_month_of("over")} end as month
    from dated join persons on number = a * 30 + hash(g, s, 5) % 30
    where enabled_us < {_UNTIL}"""
_DOSSIERS = f"""
    with dated as (select *, {_us("(c0 + work)")} as over from came)
    select agency_id, dossier_id, 'D' || g as code, procedure_code, 'F' || (p % 40) as field,
        version_id, 'normal' as case_code, ['counter', 'online', 'post'][1 + g % 3] as channel,
        'U0' as receiving_unit, {_us("c0")} as received_us,
        {_us("(c0 + limit_ws)")} as original_due_us, {_us("(c0 + limit_ws)")} as due_us,
        case when over < {_UNTIL} then over end as finished_us,
        case when over < {_UNTIL} then over end as returned_us,
        case when over < {_UNTIL} then 'returned' else 'open' end as state,
        case when over < {_UNTIL} then '10' else '3' end as national_status,
        case when over < {_UNTIL} then 'granted' end as outcome,
        case when over >= {_UNTIL} then null when work > limit_ws then 'late'
            when work < limit_ws * 8 // 10 then 'early' else 'on_time' end as result,
        case when over >= {_UNTIL} then null when work > limit_ws then 'late'
            else 'on_time' end as measure,
        limit_ws, case when over < {_UNTIL} then work end as work_ws,
        case when over < {_UNTIL} then greatest(0, work - limit_ws) end as late_ws, 0 as paused_ws,
        0 as supplements, 0 as extensions, 0 as apologies,
        {_month_of(_us("c0"))} as received_month,
        case when over < {_UNTIL} then {_month_of("over")} end as finished_month, k + 2 as events
    from dated"""
_CITED = f"""
    select *, 'C' || c as component from (select *, unnest([1, 2, 3]) as c from came)
    where {_u("g", "c", "7")} < case when p = {int(MISSING[0][1:])}
        and c = {MISSING[1][1:]} then 0.3 else 0.02 end"""
_MISSING = f"""
    select agency_id, dossier_id, procedure_code, {_us("(c0 + w[1])")} as asked_us, component,
        'Giấy ' || component as name
    from ({_CITED}) where {_us("(c0 + w[1])")} < {_UNTIL}"""
_PAUSES = f"""
    select distinct agency_id, dossier_id, procedure_code, 'supplement' as kind, '' as charged_to,
        'counter' as stage, {_us("(c0 + w[1])")} as since_us,
        {_us(f"(c0 + w[1] + {_DAY_WS})")} as until_us, {_DAY_WS} as paused_ws
    from ({_CITED}) where {_us(f"(c0 + w[1] + {_DAY_WS})")} < {_UNTIL}"""
_REQUIRED = f"""
    select * from (select printf('A%03d', a.i) as agency_id,
        printf('P%04d', p.i) as procedure_code,
        printf('%08x-0000-7000-8000-%012x', p.i, p.i)::uuid as version_id,
        'C' || c.i as component, 'Giấy C' || c.i as name, 'required' as requirement
    from range({AGENCIES}) a(i), range({PROCEDURES}) p(i), range(1, 4) c(i))"""
_FACTS = {
    "step_interval": _STEPS,
    "dossier_fact": _DOSSIERS,
    "missing_component": _MISSING,
    "pause_fact": _PAUSES,
}
