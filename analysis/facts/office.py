"""The facts of one office, or of all offices in a database, out of the engine's own tables.

Everything is of one moment (`snapshot_of`), open dossiers and steps included. Columns are carried
and cast, never counted again: only the working time a finished dossier used (`work_ws`), and the
pauses that steps of others made, are read off the calendar by which they were counted then.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection, select

from analysis.facts.clock_readings import (
    Counted,
    Moments,
    OpenTime,
    by_edition,
    integers,
    moments_of,
    open_time,
)
from analysis.facts.coded import NONE
from analysis.facts.dossier_columns import dossier_facts
from analysis.facts.editions import Editions
from analysis.facts.facts import Facts, empty_facts
from analysis.facts.source_sql import KINDS, Scope, Source
from analysis.facts.step_columns import runs_in_codes, step_intervals
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
    for name, rows in gather_few(facts, snapshot, database, scope).items():
        facts.connection.register("given", rows)
        facts.connection.execute(f"insert into {name} by name from given")
        facts.connection.unregister("given")


def gather_few(
    facts: Facts, snapshot: Snapshot, database: Database, scope: Scope
) -> dict[str, pa.Table]:
    """The same, but most of all rows, runs of steps and dossiers, are handed back in columns."""
    given = _given(Source(snapshot.is_sqlite), snapshot, scope)
    clocks = Clocks(database, given["given_calendar"], facts.at_us)
    versions = given["given_version"]
    runs = clocks.of_runs(runs_in_codes(given.pop("given_run")))
    dossiers = clocks.of_dossiers(given.pop("given_dossier"))
    columns = {
        "step_interval": step_intervals(runs, versions),
        "dossier_fact": dossier_facts(dossiers, versions, facts.zone),
    }
    given["given_component"] = _required(database, versions)
    given["given_clock"] = dossiers.filter(dossiers["pauses"].is_valid())
    for name, table in given.items():
        facts.connection.register(name, table)
    given["given_clock_pause"] = clocks.of_pauses(facts.arrow(_CLOCK_PAUSES))
    facts.connection.register("given_clock_pause", given["given_clock_pause"])
    for sql in _INTO:
        facts.connection.execute(sql)
    for name in given:
        facts.connection.unregister(name)
    return columns


def _given(source: Source, snapshot: Snapshot, scope: Scope) -> dict[str, pa.Table]:
    """What the tables say; every row with its agency."""
    asked = {
        "given_run": source.step_runs(scope),
        "given_dossier": source.dossiers(scope),
        "given_pause": source.pauses(scope),
        "given_calendar": source.calendars(scope),
        "given_version": source.versions(scope),
    }
    found = {name: source.told(snapshot, sql) for name, sql in asked.items()}
    if scope.agency_id is None:
        return found
    return {
        name: table.append_column("agency_id", same(scope.agency_id, table.num_rows))
        for name, table in found.items()
    }


def same(value: str, number: int) -> "pa.Array[Any]":
    """A column of one text."""
    return pa.DictionaryArray.from_arrays(np.zeros(number, np.int32), pa.array([value]))


class Clocks:
    """The working clocks by which rows were counted, for all rows of a table at once."""

    def __init__(self, database: Database, editions: pa.Table, at_us: int) -> None:
        self._database = database
        self._at_us = at_us
        self._editions = Editions.of(editions)

    def of_runs(self, runs: pa.Table) -> pa.Table:
        """c_opened and c_aged: the clock of an open step when it was opened, and when it stopped
        or now, both by the calendar of now; null of one that ended.
        """
        is_open = runs["ended_at"].is_null().to_numpy()
        opened, stopped = (runs[name] for name in ("enabled_at", "paused_since"))
        since = Moments(integers(opened, 0) // _SECOND, is_open)
        until = Moments(integers(stopped, self._at_us) // _SECOND, is_open)
        now = self._at_us // _SECOND
        counted = self._editions.of_units_at(now, runs["agency_id"], runs["unit"], is_open)
        return self._with(runs, counted, c_opened=since, c_aged=until)

    def of_dossiers(self, dossiers: pa.Table) -> pa.Table:
        """c_running: of the clock when it last began; c_until: when it stopped, or now."""
        stopped, is_open = moments_of(dossiers["clock_stopped"]), dossiers["finished_at"].is_null()
        until = Moments(
            np.where(is_open.to_numpy(), self._at_us // _SECOND, stopped.seconds),
            is_open.to_numpy() | stopped.told,
        )
        running = moments_of(dossiers["clock_running"])
        counted = self._of_edition(dossiers, stopped)
        return self._with(dossiers, counted, c_running=running, c_until=until)

    def of_pauses(self, pauses: pa.Table) -> pa.Table:
        """c_since and c_until of pauses of a dossier's clock."""
        since, until = moments_of(pauses["since"]), moments_of(pauses["until"])
        return self._with(pauses, self._of_edition(pauses, until), c_since=since, c_until=until)

    def _of_edition(self, table: pa.Table, over: Moments) -> Counted:
        """By the edition of when it was over; of what is not, by the one that it names."""
        agencies, named = table["agency_id"], integers(table["calendar_edition"], NONE)
        numbers = self._editions.in_force(agencies, over, named)
        return by_edition(agencies, numbers, self._editions.versions)

    def _with(self, table: pa.Table, counted: Counted, **moments: Moments) -> pa.Table:
        known = _open_time(self._database, counted.versions)
        for name, seconds in moments.items():
            table = table.append_column(name, counted.readings(known, seconds))
        return table


_SECOND = 1_000_000
_KIND = (
    "case kind "
    + " ".join(f"when '{long}' then '{short}'" for long, short in KINDS.items())
    + " else kind end"
)
_ELSEWHERE = "kind not in ('citizen_supplement', 'force_majeure')"  # those are in the table `pause`
_OF_VERSION = "join given_version v on v.agency_id = g.agency_id and v.version_id = g.version_id"


def _id(column: str) -> str:
    return f"cast({column} as uuid)"


def _least_0(seconds: str) -> str:
    return f"case when {seconds} is not null then greatest(0, {seconds}) end"


_CLOCK_PAUSES = f"""
    select agency_id, dossier_id, procedure_code, calendar_edition,
        coalesce(told ->> '$[0]', '') as kind, coalesce(told ->> '$[4]', '') as charged_to,
        cast(told ->> '$[1]' as bigint) as since, cast(told ->> '$[2]' as bigint) as until
    from (select g.agency_id, cast(g.dossier_id as varchar) as dossier_id, v.procedure_code,
            g.calendar_edition, unnest(cast(cast(g.pauses as json) as json[])) as told
        from given_clock g {_OF_VERSION})"""  # noqa: S608 - ours
_INTO = (
    f"""
        insert into pause_fact by name
        select agency_id, {_id("dossier_id")} as dossier_id, procedure_code, {_KIND} as kind,
            charged_to, stage, since as since_us, until as until_us, paused_ws,
            {_id("asked_by")} as asked_by
        from given_pause""",  # noqa: S608
    f"""
        insert into missing_component by name
        select agency_id, {_id("dossier_id")} as dossier_id, procedure_code, since as asked_us,
            missing ->> '$[0]' as component, missing ->> '$[1]' as name
        from (select *, unnest(cast(cast(components as json) as json[])) as missing
            from given_pause where kind = 'citizen_supplement')""",  # noqa: S608
    f"""
        insert into required_component by name
        select agency_id, procedure_code, {_id("version_id")} as version_id, component, name,
            requirement
        from given_component""",  # noqa: S608
    f"""
        insert into pause_fact by name
        select agency_id, {_id("dossier_id")} as dossier_id, procedure_code, {_KIND} as kind,
            charged_to, 'appraisal' as stage, since * {_SECOND} as since_us,
            until * {_SECOND} as until_us, {_least_0("c_until - c_since")} as paused_ws
        from given_clock_pause where {_ELSEWHERE}""",  # noqa: S608 - columns of ours
)
"""What fills the tables of the facts out of what was given: all facts that have few rows."""

_OPEN_TIME: Shelf[str, OpenTime] = Shelf(30)


def _open_time(database: Database, versions: Iterable[str]) -> dict[str, OpenTime]:
    """Of each version of a calendar when it is open."""
    found = {version: _OPEN_TIME.get(version) for version in versions}
    if None in found.values():
        with database.read() as connection:
            for version in (each for each, told in found.items() if told is None):
                _OPEN_TIME.put(version, read := open_time(_calendar(connection, version)))
                found[version] = read
    return {version: told for version, told in found.items() if told is not None}


def _calendar(connection: Connection, version: str) -> Calendar:
    """A calendar by its version, which says its content: whichever office has kept it."""
    data = connection.execute(
        select(calendar.c.data).where(calendar.c.version == version).limit(1)
    ).scalar_one()
    return Calendar.from_data(data)


def _required(database: Database, versions: pa.Table) -> pa.Table:
    """The components that the versions in force, now or once, ask for."""
    rows: list[tuple[str, ...]] = []
    with database.read() as connection:
        for version in versions.filter(pc.is_valid(versions["published_at"])).to_pylist():
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
