"""Where the time goes, as data: every measure, with its definition and how fresh it is."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Response

from analysis.facts.kept import KeptFacts
from analysis.period import Period
from analysis.queues.scope import Scope
from api.analysis_readers import ANALYSIS_READERS, positions_for
from api.identity import Officer, TheFacts, TheOffice
from api.measure_rows import plain, table
from api.measures import DEFINITIONS, MEASURES, MeasureName
from api.opening_hours import hours_of
from api.rest.answer import Answer
from engine.actor import Actor
from engine.office import Office
from engine.store.columns import from_microseconds

router = APIRouter(tags=["analysis"], prefix="/analysis/measures")
_BEGIN, _END = date(2000, 1, 1), date(2100, 12, 31)
First = Annotated[date, Query(ge=_BEGIN, le=_END, description="First day.")]
Last = Annotated[date, Query(ge=_BEGIN, le=_END, description="Last day, included.")]
Name = Annotated[MeasureName, Path(description="Số đo / the measure, as listed.")]
Narrowed = Annotated[str | None, Query(max_length=120, description="Chỉ mã này / only this code.")]


class MeasureListed(Answer):
    """A measure that can be asked for."""

    name: MeasureName
    vi: str
    en: str


class MeasuredRows(Answer):
    """rows: as docs/reference/measures.md says; times in working seconds (`_ws`).

    definitions: counts up when a measure means something else. fresh_at: until when everything is
    known.
    """

    measure: MeasureName
    vi: str
    en: str
    definitions: int
    first: date
    last: date
    fresh_at: datetime
    rows: list[dict[str, Any]]


@router.get("", summary="Các số đo / the measures")
def get_measures(actor: Officer) -> list[MeasureListed]:
    """What can be asked for; for heads and the reform team."""
    _require_reader(actor)
    return [MeasureListed(name=name, vi=m.vi, en=m.en) for name, m in MEASURES.items()]


@dataclass(frozen=True, slots=True)
class _Question:
    """Which measure an address asks for, of what."""

    measure: MeasureName
    period: Period
    scope: Scope


def _question(
    measure: Name,
    first: First,
    last: Last,
    procedure: Narrowed = None,
    step: Narrowed = None,
    unit: Narrowed = None,
) -> _Question:
    """Both shapes of a measure take the same parameters."""
    period = Period(first, last)
    scope = Scope.of(
        period, procedure_code=procedure or None, element_id=step or None, unit=unit or None
    )
    return _Question(measure, period, scope)


@router.get("/{measure}", summary="Một số đo / a measure")
def get_measure(
    office: TheOffice,
    kept: TheFacts,
    actor: Officer,
    asked: Annotated[_Question, Depends(_question)],
) -> MeasuredRows:
    """One measure over a period, of the visitor's agency; nobody is told apart by name."""
    rows, fresh_at = _rows(office, kept, actor, asked)
    return MeasuredRows(
        measure=asked.measure,
        vi=MEASURES[asked.measure].vi,
        en=MEASURES[asked.measure].en,
        definitions=DEFINITIONS,
        first=asked.period.first,
        last=asked.period.last,
        fresh_at=fresh_at,
        rows=[plain(row) for row in rows],
    )


@router.get(
    "/{measure}/table.csv",
    summary="Một số đo, CSV / a measure as CSV",
    response_class=Response,
    responses={200: {"content": {"text/csv": {}}}},
)
def get_measure_table(
    office: TheOffice,
    kept: TheFacts,
    actor: Officer,
    asked: Annotated[_Question, Depends(_question)],
) -> Response:
    """The same for spreadsheets (UTF-8 with its mark)."""
    rows, _ = _rows(office, kept, actor, asked)
    name = f"{asked.measure.value}-{asked.period.first}-{asked.period.last}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(table(rows), media_type="text/csv; charset=utf-8", headers=headers)


def _rows(
    office: Office, kept: KeptFacts, actor: Actor, asked: _Question
) -> tuple[list[Any], datetime]:
    _require_reader(actor)
    with kept.of(actor.agency_id, office.clock.now()) as facts:
        hours = hours_of(office, actor.agency_id, facts)
        rows = list(MEASURES[asked.measure].rows(facts, asked.scope, hours))
        if asked.measure is MeasureName.POSITIONS:
            rows = list(positions_for(actor, rows))
        return rows, from_microseconds(facts.fresh_us)


def _require_reader(actor: Actor) -> None:
    actor.require(*ANALYSIS_READERS, who="tổ cải cách, lãnh đạo (reform, head)")
