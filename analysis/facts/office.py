"""The facts of one office, or of all offices in a database, out of the engine's own tables.

Everything is of one moment (`snapshot_of`), open dossiers and steps included. Columns are carried
and cast, never counted again: only the working time a finished dossier used (`work_ws`), and the
pauses that steps of others made, are read off the calendar by which the dossier was counted.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pyarrow as pa
from sqlalchemy import Connection, select

from analysis.facts.columns import FACTS
from analysis.facts.facts import Facts, empty_facts
from analysis.facts.source_sql import KINDS, NOTHING, Scope, Source
from analysis.period import VIET_NAM
from engine.calendar import Calendar
from engine.office import Shelf
from engine.store.columns import to_microseconds
from engine.store.database import Database
from engine.store.snapshot import Snapshot, snapshot_of
from engine.store.tables import calendar, procedure_version
from processes.document import parse
from processes.reader import read

_READ = 300  # diagrams whose components are kept in memory


def office_facts(
    database: Database, agency_id: str | None, at: datetime, zone: ZoneInfo = VIET_NAM
) -> Facts:
    """The facts of one agency, or of all in the database (None), as the tables say now.

    at: now.
    """
    facts = empty_facts(to_microseconds(at), to_microseconds(at), zone)
    with snapshot_of(database) as snapshot:
        gather(facts, snapshot, database, Scope(agency_id))
    return facts


def gather(facts: Facts, snapshot: Snapshot, database: Database, scope: Scope) -> None:
    """Put what the snapshot says of a scope into the tables of the facts.

    database: of which the snapshot is; diagrams and calendars, which never change, are read there.
    """
    source = Source(snapshot.is_sqlite)
    given = {
        "given_run": snapshot.table(source.step_runs(scope)),
        "given_dossier": snapshot.table(source.dossiers(scope)),
        "given_apology": snapshot.table(source.apologies(scope)),
        "given_pause": snapshot.table(source.pauses(scope)),
        "given_clock_pause": snapshot.table(source.clock_pauses(scope)),
    }
    given["given_calendar"] = snapshot.table(source.calendars(scope))
    named = [given["given_run"]["calendar_version"], given["given_calendar"]["version"]]
    versions = {str(each) for column in named for each in column.unique().to_pylist()}
    given["given_open_time"] = _open_time(database, versions)
    given["given_component"] = _required(database, snapshot.table(source.published(scope)))
    for name, table in given.items():
        facts.connection.register(name, table)
    values = {"zone": facts.zone.key, "at": facts.at_us}
    for name in FACTS:
        asked = {key: value for key, value in values.items() if f"${key}" in _INTO[name]}
        facts.connection.execute(_INTO[name], asked)
    for name in given:
        facts.connection.unregister(name)


def _text(column: str) -> str:
    return f"nullif(cast({column} as varchar), '{NOTHING}')"


def _id(column: str) -> str:
    return f"cast({_text(column)} as uuid)"


def _month(column: str) -> str:
    local = f"make_timestamptz({column}) at time zone $zone"
    return f"cast(year({local}) * 100 + month({local}) as integer)"


_KIND = (
    "case kind "
    + " ".join(f"when '{long}' then '{short}'" for long, short in KINDS.items())
    + " else kind end"
)
_OF_EDITION = (
    "left join given_calendar k on k.agency_id = g.agency_id and k.edition = g.calendar_edition"
)
_ELSEWHERE = "kind not in ('citizen_supplement', 'force_majeure')"  # those are in the table `pause`


_AGED = "coalesce(g.paused_since, $at) // 1000000"  # how far an open step has aged: seconds


def _reading(version: str, moment: str, name: str) -> str:
    """A join that finds the open stretch of a calendar at or before epoch seconds, as `name`."""
    return (
        f"asof left join given_open_time {name}"
        f" on {name}.version = {version} and {moment} >= {name}.opens"
    )


def _c(moment: str, name: str) -> str:
    """C(t) of epoch seconds in the stretch `name`: the reading of the calendar's own clock."""
    return f"{name}.worked + least({moment} - {name}.opens, {name}.lasts)"


def _between(begin: str, earlier: str, end: str, later: str) -> str:
    return _least_0(f"{_c(later, end)} - ({_c(earlier, begin)})")


def _least_0(seconds: str) -> str:
    return f"case when {seconds} is not null then greatest(0, {seconds}) end"


_UNTIL = "case when g.finished_at is null then $at // 1000000 else g.clock_stopped end"
_CONSUMED = f"coalesce(g.clock_used, 0) + {_between('b', 'g.clock_running', 's', _UNTIL)}"
_INTO: Mapping[str, str] = {
    "step_interval": f"""
        insert into step_interval by name
        select g.agency_id, {_id("g.dossier_id")} as dossier_id,
            {_id("g.step_run_id")} as step_run_id, g.procedure_code,
            {_id("g.version_id")} as version_id, g.element_id, g.name, g.attempt,
            {_text("g.unit")} as unit, {_text("g.position")} as position,
            {_id("g.person_id")} as person_id, g.state, g.enabled_at as enabled_us,
            g.started_at as started_us, g.ended_at as ended_us, g.c_enabled, g.c_started,
            g.c_ended, g.calendar_version, g.waiting_ws, g.handling_ws,
            case when g.ended_at is null
                then {_least_0(f"{_c(_AGED, 'o')} - g.c_enabled - g.paused_ws")} end as age_ws,
            g.paused_ws, g.paused_us, g.limit_ws, g.due_at as due_us, g.late_ws,
            {_text("g.result")} as result, {_text("g.late_cause")} as late_cause,
            {_text("g.sent_back_from")} as sent_back_from, g.month
        from given_run g {_reading("g.calendar_version", _AGED, "o")}""",  # noqa: S608
    "dossier_fact": f"""
        insert into dossier_fact by name
        select g.agency_id, {_id("g.dossier_id")} as dossier_id, g.code, g.procedure_code, g.field,
            {_id("g.version_id")} as version_id, g.case_code, g.channel,
            {_text("g.receiving_unit")} as receiving_unit, g.received_at as received_us,
            g.original_due_at as original_due_us, g.due_at as due_us,
            g.finished_at as finished_us, g.returned_at as returned_us, g.state,
            g.national_status, {_text("g.outcome")} as outcome, {_text("g.result")} as result,
            {_text("g.measure")} as measure, g.limit_ws,
            case when g.finished_at is not null then {_CONSUMED} end as work_ws,
            case when g.finished_at is null and g.state = 'paused' then coalesce(g.clock_used, 0)
                when g.finished_at is null then {_CONSUMED} end as age_ws,
            g.late_ws, g.paused_ws, g.supplements, g.extensions, coalesce(a.n, 0) as apologies,
            {_month("g.received_at")} as received_month,
            {_month("g.finished_at")} as finished_month, g.events
        from given_dossier g
        left join given_apology a on a.agency_id = g.agency_id and a.dossier_id = g.dossier_id
        {_OF_EDITION} {_reading("k.version", "g.clock_running", "b")}
        {_reading("k.version", _UNTIL, "s")}""",  # noqa: S608
    "pause_fact": f"""
        insert into pause_fact by name
        select agency_id, {_id("dossier_id")} as dossier_id, procedure_code, {_KIND} as kind,
            charged_to, stage, since as since_us, until as until_us, paused_ws,
            {_id("asked_by")} as asked_by
        from given_pause
        union all
        select g.agency_id, {_id("g.dossier_id")}, g.procedure_code, {_KIND}, g.charged_to,
            'appraisal', g.since * 1000000, g.until * 1000000,
            {_between("b", "g.since", "e", "g.until")}, null
        from given_clock_pause g {_OF_EDITION}
        {_reading("k.version", "g.since", "b")} {_reading("k.version", "g.until", "e")}
        where {_ELSEWHERE}""",  # noqa: S608
    "missing_component": f"""
        insert into missing_component by name
        select agency_id, {_id("dossier_id")} as dossier_id, procedure_code, since as asked_us,
            missing ->> '$[0]' as component, missing ->> '$[1]' as name
        from (select *, unnest(cast(cast(components as json) as json[])) as missing
            from given_pause where kind = 'citizen_supplement')""",  # noqa: S608
    "required_component": f"""
        insert into required_component by name
        select agency_id, procedure_code, {_id("version_id")} as version_id, component, name,
            requirement
        from given_component""",  # noqa: S608
}


def _open_time(database: Database, versions: Iterable[str]) -> pa.Table:
    """Every open stretch of these calendars, with C(t) at its beginning."""
    columns: dict[str, list[str | int]] = {name: [] for name in _OPEN_TIME.names}
    with database.read() as connection:
        for version in sorted(versions):
            stretches = _STRETCHES.get(version)
            if stretches is None:
                stretches = _stretches(_calendar(connection, version))
                _STRETCHES.put(version, stretches)
            for stretch in stretches:
                values: tuple[str | int, ...] = (version, *stretch)
                for name, value in zip(columns, values, strict=True):
                    columns[name].append(value)
    return pa.table(columns, schema=_OPEN_TIME)


_OPEN_TIME = pa.schema(
    [("version", pa.string())] + [(name, pa.int64()) for name in ("opens", "lasts", "worked")]
)
_Stretches = tuple[tuple[int, int, int], ...]  # opens, lasts, worked before; seconds
_STRETCHES: Shelf[str, _Stretches] = Shelf(30)


def _calendar(connection: Connection, version: str) -> Calendar:
    """A calendar by its version, which says its content: whichever office has kept it."""
    data = connection.execute(
        select(calendar.c.data).where(calendar.c.version == version).limit(1)
    ).scalar_one()
    return Calendar.from_data(data)


def _stretches(of: Calendar) -> _Stretches:
    worked, found = 0, []
    for opens, closes in of.open_segments():
        found.append((opens, closes - opens, worked))
        worked += closes - opens
    return tuple(found)


def _required(database: Database, published: pa.Table) -> pa.Table:
    """The components that the versions named in the snapshot ask for."""
    rows: list[tuple[str, ...]] = []
    with database.read() as connection:
        for version in published.to_pylist():
            agency_id, version_id = version["agency_id"], _uuid(version["version_id"])
            found = _components(connection, (database.url, agency_id, version_id))
            named = agency_id, version["procedure_code"], str(version_id)
            rows.extend((*named, *component) for component in found)
    names = ("agency_id", "procedure_code", "version_id", "component", "name", "requirement")
    return _texts(names, rows)


def _uuid(told: UUID | str) -> UUID:
    return told if isinstance(told, UUID) else UUID(told)


_Component = tuple[str, str, str]  # code, name, requirement
_Version = tuple[str, str, UUID]  # which database, agency and version
_KNOWN: Shelf[_Version, tuple[_Component, ...]] = Shelf(_READ)


def _components(connection: Connection, key: _Version) -> tuple[_Component, ...]:
    """The components of a published version; it never changes, so that it is read once."""
    known = _KNOWN.get(key)
    if known is None:
        drawn = connection.execute(
            select(procedure_version.c.diagram).where(
                procedure_version.c.agency_id == key[1], procedure_version.c.version_id == key[2]
            )
        ).scalar_one()
        procedure = read(parse(drawn)).procedure
        components = () if procedure is None else procedure.components
        known = tuple((each.code, each.name, each.requirement.value) for each in components)
        _KNOWN.put(key, known)
    return known


def _texts(names: Iterable[str], rows: list[tuple[str, ...]]) -> pa.Table:
    columns = list(zip(*rows, strict=True)) or [()] * 6
    fields = [pa.field(name, pa.string()) for name in names]
    return pa.table([pa.array(each, pa.string()) for each in columns], schema=pa.schema(fields))
