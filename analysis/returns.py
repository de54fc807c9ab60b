"""The register of returns: each time a dossier went back to its applicant, by whom and why.

Read off the journal: requests for a supplement, refusals, and dossiers discontinued. What the
applicant took back of their own will, and what went back between steps of the office, is none.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Connection, and_, select

from analysis.period import Period
from analysis.source import account, dossier, procedure, step_run
from engine.legal_clock.pause import PauseKind
from engine.store.tables import holding, journal, pause
from engine.units import unit_names

_AT_ONCE = 500  # dossiers asked for in one statement


class ReturnKind(StrEnum):
    SUPPLEMENT = "supplement"
    REFUSAL = "refusal"
    DISCONTINUED = "discontinued"


_KINDS = {
    "supplement.requested": ReturnKind.SUPPLEMENT,
    "dossier.refused": ReturnKind.REFUSAL,
    "dossier.discontinued": ReturnKind.DISCONTINUED,
}


@dataclass(frozen=True, slots=True)
class Return:
    """One return. stage: counter or appraisal, of a supplement; components: what was asked for.

    unit: code of the unit whose step it was; of the one that received the dossier where no step
    says. officer: "" for the system.
    """

    at: datetime
    kind: ReturnKind
    stage: str
    dossier_id: UUID
    code: str
    procedure_code: str
    procedure_name: str
    components: tuple[tuple[str, str], ...]
    reason: str
    legal_basis: str
    officer: str
    unit: str
    unit_name: str


@dataclass(frozen=True, slots=True)
class Share:
    """How many returns name it, and of how many dossiers."""

    name: str
    returns: int
    dossiers: int


@dataclass(frozen=True, slots=True)
class Returns:
    """The returns of a period, the newest first, and what they have in common.

    A return that names several components counts once for each of them.
    """

    lines: tuple[Return, ...]
    by_kind: tuple[Share, ...]
    by_component: tuple[Share, ...]
    by_reason: tuple[Share, ...]
    by_officer: tuple[Share, ...]
    by_unit: tuple[Share, ...]


def returns(connection: Connection, agency_id: str, period: Period) -> Returns:
    """The register of one agency over whole days of the office."""
    rows = _events(connection, agency_id, period)
    known = sorted({row.dossier_id for row in rows})
    runs = _grouped(connection, agency_id, known, step_run, step_run.c.enabled_at)
    pauses = _grouped(connection, agency_id, known, pause, pause.c.since)
    held = _holdings(connection, agency_id, {row.actor_id for row in rows if row.actor_id})
    units = unit_names(connection, agency_id)
    lines = tuple(
        _line(row, runs.get(row.dossier_id, []), pauses.get(row.dossier_id, []), held, units)
        for row in rows
    )
    return Returns(
        lines,
        _shares(lines, lambda line: [line.kind.value]),
        _shares(lines, lambda line: [name for _, name in line.components]),
        _shares(lines, lambda line: [line.reason]),
        _shares(lines, lambda line: [line.officer]),
        _shares(lines, lambda line: [line.unit_name]),
    )


def _events(connection: Connection, agency_id: str, period: Period) -> list[Any]:
    of_dossier = and_(
        dossier.c.agency_id == journal.c.agency_id, dossier.c.dossier_id == journal.c.dossier_id
    )
    of_procedure = and_(
        procedure.c.agency_id == dossier.c.agency_id,
        procedure.c.procedure_id == dossier.c.procedure_id,
    )
    by = and_(
        account.c.agency_id == journal.c.agency_id, account.c.account_id == journal.c.actor_id
    )
    return list(
        connection.execute(
            select(
                journal.c.at,
                journal.c.kind,
                journal.c.body,
                journal.c.actor_id,
                dossier.c.dossier_id,
                dossier.c.code,
                dossier.c.received_by,
                dossier.c.receiving_unit,
                procedure.c.code.label("procedure_code"),
                procedure.c.name.label("procedure_name"),
                account.c.name.label("officer"),
            )
            .join(dossier, of_dossier)
            .join(procedure, of_procedure)
            .outerjoin(account, by)
            .where(
                journal.c.agency_id == agency_id,
                journal.c.at >= period.start,
                journal.c.at < period.end,
                journal.c.kind.in_(_KINDS),
            )
            .order_by(journal.c.at.desc(), journal.c.dossier_id, journal.c.seq.desc())
        )
    )


def _grouped(
    connection: Connection, agency_id: str, dossiers: list[UUID], table: Any, order: Any
) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = {}
    for start in range(0, len(dossiers), _AT_ONCE):
        some = dossiers[start : start + _AT_ONCE]
        query = select(table).where(table.c.agency_id == agency_id, table.c.dossier_id.in_(some))
        for row in connection.execute(query.order_by(order)):
            found.setdefault(row.dossier_id, []).append(row)
    return found


def _holdings(
    connection: Connection, agency_id: str, officers: Iterable[UUID]
) -> dict[UUID, list[Any]]:
    wanted = set(officers)
    found: dict[UUID, list[Any]] = {}
    for row in connection.execute(
        select(holding).where(holding.c.agency_id == agency_id).order_by(holding.c.unit)
    ):
        if row.account_id in wanted:
            found.setdefault(row.account_id, []).append(row)
    return found


def _line(
    row: Any,
    runs: list[Any],
    pauses: list[Any],
    held: dict[UUID, list[Any]],
    units: dict[str, str],
) -> Return:
    body = orjson.loads(row.body)
    asked = [
        each
        for each in pauses
        if each.since == row.at and each.kind == PauseKind.CITIZEN_SUPPLEMENT.value
    ]
    unit = _unit(row, body.get("step"), runs, held.get(row.actor_id, []))
    return Return(
        at=row.at,
        kind=_KINDS[row.kind],
        stage=body.get("stage", ""),
        dossier_id=row.dossier_id,
        code=row.code,
        procedure_code=row.procedure_code,
        procedure_name=row.procedure_name,
        components=tuple((code, name) for code, name in body.get("components", ())),
        reason=" ".join(body["reason"].split()),
        legal_basis=asked[0].legal_basis if asked else "",
        officer=row.officer or "",
        unit=unit,
        unit_name=units.get(unit, unit),
    )


def _unit(row: Any, element: str | None, runs: list[Any], held: list[Any]) -> str:
    """The unit of the step in which it happened: the officer's own, else the latest opened."""
    at_the_time = [
        run
        for run in runs
        if run.enabled_at <= row.at
        and (run.ended_at is None or run.ended_at >= row.at)
        and element in (None, run.element_id)
    ]
    positions = {each.position for each in held}
    theirs = [run for run in at_the_time if run.holder_id == row.actor_id] or [
        run for run in at_the_time if run.position in positions
    ]
    if not theirs and row.actor_id == row.received_by and row.receiving_unit:
        return str(row.receiving_unit)
    for run in reversed(theirs or at_the_time):
        if run.unit:
            return str(run.unit)
        own = next((each.unit for each in held if each.position == run.position), None)
        if own is not None:
            return str(own)
    return str(row.receiving_unit or "")


def _shares(lines: Iterable[Return], named: Callable[[Return], Iterable[str]]) -> tuple[Share, ...]:
    """Counted by name, capitals and blanks apart; the most frequent first."""
    counted: Counter[str] = Counter()
    dossiers: dict[str, set[UUID]] = {}
    shown: dict[str, str] = {}
    for line in lines:
        for name in named(line):
            key = name.casefold().rstrip(".; ")
            shown.setdefault(key, name)
            counted[key] += 1
            dossiers.setdefault(key, set()).add(line.dossier_id)
    order = sorted(counted, key=lambda key: (-counted[key], key))
    return tuple(Share(shown[key], counted[key], len(dossiers[key])) for key in order)
