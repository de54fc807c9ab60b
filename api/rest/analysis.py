"""Where the time goes, as data: every measure, with its definition and how fresh it is."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Response

from analysis.facts.kept import KeptFacts
from analysis.period import VIET_NAM, Period
from analysis.queues.queue import DAY_US
from analysis.queues.scope import Scope
from api.analysis_readers import ANALYSIS_READERS, positions_for
from api.identity import Officer, TheFacts, TheOffice
from api.measure_rows import plain
from api.measures import DEFINITIONS, MEASURES, MeasureName, limits_of
from api.opening_hours import hours_of
from api.rest.answer import Answer
from api.table_files import TYPES, Kind, table_file
from engine.actor import Actor
from engine.office import Office
from engine.store.columns import from_microseconds
from processes.errors import InvalidInput

router = APIRouter(tags=["analysis"], prefix="/analysis/measures")
_BEGIN, _END = date(2000, 1, 1), date(2100, 12, 31)
_MOST_DAYS = 1_830  # five years: of a hundred steps 15 MB
First = Annotated[date, Query(ge=_BEGIN, le=_END, description="First day.")]
Last = Annotated[date, Query(ge=_BEGIN, le=_END, description="Last day, included.")]
Name = Annotated[MeasureName, Path(description="Số đo / the measure, as listed.")]
Narrowed = Annotated[str | None, Query(max_length=120, description="Chỉ mã này / only this code.")]


class NotOfSteps(InvalidInput):
    """A measure of whole dossiers was asked about one step."""

    code = "measure.not_of_steps"
    vi = "Số đo “{measure}” tính trên cả hồ sơ, không lọc theo bước. Bỏ tham số `step`."
    en = "The measure '{measure}' is of whole dossiers, not of one step. Leave out `step`."


class TooManyDays(InvalidInput):
    """Queues were asked for day by day, of more days than an answer can hold."""

    code = "measure.too_many_days"
    vi = "Hàng đợi từng ngày: kỳ dài tối đa {most} ngày. Chọn kỳ ngắn hơn."
    en = "Queues day by day: a period has {most} days at most. Choose a shorter one."


class MeasureListed(Answer):
    """A measure that can be asked for. of_steps: whether it takes `step`."""

    name: MeasureName
    vi: str
    en: str
    of_steps: bool


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
    return [
        MeasureListed(name=name, vi=m.vi, en=m.en, of_steps=m.of_steps)
        for name, m in MEASURES.items()
    ]


@dataclass(frozen=True, slots=True)
class _Question:
    """Which measure an address asks for, of what."""

    measure: MeasureName
    period: Period
    scope: Scope
    share: int | None


Share = Annotated[
    int | None, Query(ge=50, le=99, description="limits: tỷ lệ phải kịp / the share to keep it, %.")
]


def _question(
    measure: Name,
    first: First,
    last: Last,
    procedure: Narrowed = None,
    step: Narrowed = None,
    unit: Narrowed = None,
    version: Annotated[UUID | None, Query(description="Phiên bản quy trình / version.")] = None,
    share: Share = None,
) -> _Question:
    """Both shapes of a measure take the same parameters (NotOfSteps)."""
    if step and not MEASURES[measure].of_steps:
        raise NotOfSteps(measure=measure.value)
    period = Period(first, last)
    scope = Scope.of(
        period,
        procedure_code=procedure or None,
        element_id=step or None,
        unit=unit or None,
        version_id=None if version is None else str(version),
    )
    return _Question(measure, period, scope, share)


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
    "/{measure}/table.{kind}",
    summary="Một số đo, CSV hay Excel / a measure as CSV or Excel",
    response_class=Response,
    responses={200: {"content": {media: {} for media in TYPES.values()}}},
)
def get_measure_table(
    office: TheOffice,
    kept: TheFacts,
    actor: Officer,
    asked: Annotated[_Question, Depends(_question)],
    kind: Annotated[Kind, Path(description="Dạng tệp: csv hay xlsx / the kind of file.")],
) -> Response:
    """The same for spreadsheets (CSV is UTF-8 with its mark); each line says how fresh it is."""
    found, fresh_at = _rows(office, kept, actor, asked)
    rows = [plain(row) | {"fresh_at": fresh_at.astimezone(VIET_NAM).isoformat()} for row in found]
    name = f"{asked.measure.value}-{asked.period.first}-{asked.period.last}"
    return table_file(kind, name, rows, MEASURES[asked.measure].vi)


def _rows(
    office: Office, kept: KeptFacts, actor: Actor, asked: _Question
) -> tuple[list[Any], datetime]:
    _require_reader(actor)
    with kept.of(actor.agency_id, office.clock.now()) as facts:
        if asked.measure is MeasureName.QUEUE:
            _require_days(asked.scope, facts.at_us)
        hours = hours_of(office, actor.agency_id, facts)
        if asked.measure is MeasureName.LIMITS and asked.share is not None:
            rows: list[Any] = list(limits_of(facts, asked.scope, asked.share / 100))
        else:
            rows = list(MEASURES[asked.measure].rows(facts, asked.scope, hours))
        if asked.measure is MeasureName.POSITIONS:
            rows = list(positions_for(actor, rows))
        return rows, from_microseconds(facts.fresh_us)


def _require_days(scope: Scope, at_us: int) -> None:
    """TooManyDays; those to come are none."""
    if min(scope.end_us, at_us) - scope.start_us > _MOST_DAYS * DAY_US:
        raise TooManyDays(most=_MOST_DAYS)


def _require_reader(actor: Actor) -> None:
    actor.require(*ANALYSIS_READERS, who="tổ cải cách, lãnh đạo (reform, head)")
