"""How many dossiers have files and an electronic result: what QĐ 766 asks of digitisation.

A result is electronic where the dossier has a current file of a component that a step produced; a
dossier is digitised where, beside that, a file of what the applicant brought is there.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, case, exists, func, select

from analysis.period import Period
from analysis.rate import Rate
from analysis.reuse import reused_rate
from analysis.source import agency_is, document, dossier, dossier_component, finished_in

_PRODUCED = "produced"


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
    result, brought = _has_file(agency_id, produced=True), _has_file(agency_id, produced=False)
    ended = connection.execute(
        select(
            func.count(),
            _number(result),
            _number(and_(result, brought)),
        ).where(finished_in(agency_id, period), dossier.c.state != "closed")
    ).one()
    online = dossier.c.channel == "online"
    came = connection.execute(
        select(
            func.count(),
            _number(and_(online, dossier.c.finished_at.is_not(None), result)),
            func.count(func.distinct(case((online, dossier.c.procedure_id)))),
        ).where(
            agency_is(dossier, agency_id),
            dossier.c.received_at >= period.start,
            dossier.c.received_at < period.end,
        )
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
