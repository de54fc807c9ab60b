"""How many dossiers have files and an electronic result: what QĐ 766 asks of digitisation.

A result is electronic where the dossier has a current file of a component that a step produced; a
dossier is digitised where, beside that, a file of what the applicant brought is there. The lists
behind these numbers ask the same conditions of the tables, for facts know nothing of files.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, exists, func, select

from analysis.behind import Selection
from analysis.period import Period
from analysis.rate import Rate
from analysis.reuse import reused_rate, took_over
from analysis.source import agency_is, document, dossier, dossier_component, finished_in

_PRODUCED = "produced"
LISTED = frozenset(
    {"came_766", "online_result", "reused", "with_result", "electronic", "digitised"}
)
"""The cells of which `dossiers_of` knows the dossiers."""


@dataclass(frozen=True, slots=True)
class Electronic:
    """Of dossiers with a result in the period, and of those received online in it."""

    with_result: int
    electronic: int
    digitised: int
    received: int
    online_with_electronic_result: int
    online_procedures: int
    reused: Rate  # at least one component taken over from an earlier dossier, of those received


def electronic(connection: Connection, agency_id: str, period: Period) -> Electronic:
    """Count them; dossiers refused, withdrawn or discontinued have no result."""
    result = _has_file(agency_id, produced=True)
    ended = connection.execute(
        select(func.count(), _number(result), _number(and_(result, _brought(agency_id)))).where(
            *_with_result(agency_id, period)
        )
    ).one()
    online = dossier.c.channel == "online"
    came = connection.execute(
        select(
            func.count(),
            _number(and_(online, dossier.c.finished_at.is_not(None), result)),
            func.count(func.distinct(case((online, dossier.c.procedure_id)))),
        ).where(*_received(agency_id, period))
    ).one()
    with_result, electronic_result, digitised = map(int, ended)
    received, online_result, online_procedures = map(int, came)
    return Electronic(
        with_result,
        electronic_result,
        digitised,
        received,
        online_result,
        online_procedures,
        reused_rate(connection, agency_id, period),
    )


def dossiers_of(connection: Connection, agency_id: str, period: Period, cell: str) -> Selection:
    """The dossiers that a number counts, by its cell in `LISTED`."""
    conditions = _counted_in(agency_id, period, cell)
    rows = connection.execute(select(dossier.c.dossier_id).where(*conditions)).scalars()
    sql = """
        select d.dossier_id, d.code, d.procedure_code, coalesce(d.receiving_unit, '') as unit,
            d.received_us, d.due_us, d.finished_us, coalesce(d.late_ws, 0) as late_ws,
            '' as arrival, '' as standing
        from dossier_fact d
        where d.dossier_id in (select cast(unnest(cast($ids as varchar[])) as uuid))
    """
    return Selection(sql, {"ids": [str(each) for each in rows]})


def _counted_in(agency_id: str, period: Period, cell: str) -> tuple[ColumnElement[bool], ...]:
    came, ended = _received(agency_id, period), _with_result(agency_id, period)
    result = _has_file(agency_id, produced=True)
    online = dossier.c.channel == "online", dossier.c.finished_at.is_not(None)
    known: Mapping[str, tuple[ColumnElement[bool], ...]] = {
        "came_766": came,
        "online_result": (*came, *online, result),
        "reused": (*came, took_over()),
        "with_result": ended,
        "electronic": (*ended, result),
        "digitised": (*ended, result, _brought(agency_id)),
    }
    return known[cell]


def _with_result(agency_id: str, period: Period) -> tuple[ColumnElement[bool], ...]:
    return finished_in(agency_id, period), dossier.c.state != "closed"


def _received(agency_id: str, period: Period) -> tuple[ColumnElement[bool], ...]:
    return (
        agency_is(dossier, agency_id),
        dossier.c.received_at >= period.start,
        dossier.c.received_at < period.end,
    )


def _brought(agency_id: str) -> Any:
    return _has_file(agency_id, produced=False)


def _number(condition: Any) -> Any:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _has_file(agency_id: str, *, produced: bool) -> Any:
    """Whether a current file of a produced component, or of another one, is there."""
    made = exists(
        select(dossier_component.c.component).where(
            dossier_component.c.agency_id == agency_id,
            dossier_component.c.dossier_id == document.c.dossier_id,
            dossier_component.c.component == document.c.component,
            dossier_component.c.form == _PRODUCED,
        )
    )
    return exists(
        select(document.c.number).where(
            document.c.agency_id == agency_id,
            document.c.dossier_id == dossier.c.dossier_id,
            document.c.state == "current",
            made if produced else ~made,
        )
    )
