"""`quytrinh what-if`: the past of the office played again, changed."""

import json as plain_json
from collections.abc import Iterator
from decimal import ROUND_DOWN, Decimal
from typing import Annotated, Any

import typer

from analysis.facts.facts import Facts
from analysis.facts.office import office_facts
from analysis.period import Period
from analysis.queues.scope import Scope
from analysis.queues.step_limit import StepLimit, step_limit
from analysis.replay.change import (
    AS_IT_WAS,
    Arrivals,
    Change,
    Dropped,
    InvalidChange,
    Limit,
    People,
    SupplementRate,
)
from analysis.replay.what_if import REPLICATIONS, WhatIf, what_if
from api.cli.form import day
from api.cli.options import Database
from api.cli.post import Agency, at_work
from api.past_of_office import office_past
from api.rest.what_if import step_limit_answer, what_if_answer

_DAY_WS = 8 * 3600
_HOUR = 3600
_NOT_TRUSTED = 1
_LARGEST = 10**6  # days, shares, times; also no NaN
Several = list[str] | None


def play_what_if(
    first: Annotated[str, typer.Option("--from", help="YYYY-MM-DD")],
    last: Annotated[str, typer.Option("--to", help="YYYY-MM-DD, cả ngày này / included")],
    procedure: Annotated[str | None, typer.Option(help="Chỉ một thủ tục / only this one")] = None,
    people: Annotated[Several, typer.Option(help="[unit]/position=+1 | -1")] = None,
    limit: Annotated[Several, typer.Option(help="CODE=ngày làm việc / working days")] = None,
    drop: Annotated[Several, typer.Option(help="CODE/ELEMENT")] = None,
    supplements: Annotated[Several, typer.Option(help="CODE=0.1: tỷ lệ / share")] = None,
    arrivals: Annotated[Several, typer.Option(help="[CODE=]1.2: số lần / times")] = None,
    step_limits: Annotated[
        Several, typer.Option("--step-limit", help="CODE/ELEMENT=ngày; chỉ đếm / counted only")
    ] = None,
    replications: Annotated[
        int, typer.Option(min=2, max=1000, help="Số lượt dựng lại / how often it is played")
    ] = REPLICATIONS,
    seed: Annotated[int, typer.Option(min=0, help="Hạt giống / seed")] = 0,
    json: Annotated[
        bool, typer.Option("--json", help="Một đối tượng JSON / one JSON object")
    ] = False,
    agency: Agency = None,
    database: Database = None,
) -> None:
    """Nếu thêm người, rút hạn, bỏ bước…? Dựng lại quá khứ. / What if? The past played again."""
    period = Period(day(first), day(last))
    with at_work(database, agency) as (office, actor):
        change = change_of(people, limit, drop, supplements, arrivals)
        with office_facts(office.database, actor.agency_id, office.clock.now()) as facts:
            counted = [_counted(facts, period, text) for text in step_limits or ()]
            fresh_us = facts.fresh_us
            play = change != AS_IT_WAS or not counted
            scope = Scope.of(period, procedure_code=procedure)
            past = office_past(office, actor, facts, scope) if play else None
        found = (
            None if past is None else what_if(past, change, seed=seed, replications=replications)
        )
    if json:
        typer.echo(_as_data(found, counted, fresh_us))
    else:
        lines = [line for each in counted for line in told_of_step(each)]
        typer.echo("\n".join([*lines, *(told(found) if found else ())]))
    if found and not found.trusted:
        raise typer.Exit(_NOT_TRUSTED)


def _counted(facts: Facts, period: Period, text: str) -> StepLimit:
    """Another limit of one step: CODE/ELEMENT=WORKING_DAYS (InvalidChange)."""
    place, value = _split(text, "=")
    code, element = _split(place, "/")
    limit = Limit(code, round(_number(value, text) * _DAY_WS))
    scope = Scope.of(period, procedure_code=code, element_id=element)
    found = step_limit(facts, scope, limit.limit_ws)
    if not found.runs:
        raise InvalidChange(what=text)
    return found


def _as_data(found: WhatIf | None, counted: list[StepLimit], fresh_us: int) -> str:
    data: dict[str, Any] = {}
    if found is not None:
        data = what_if_answer(found).model_dump(mode="json")
    if counted:
        answers = (step_limit_answer(each, fresh_us) for each in counted)
        data["step_limits"] = [each.model_dump(mode="json") for each in answers]
    return plain_json.dumps(data, ensure_ascii=False)


def change_of(
    people: Several, limit: Several, drop: Several, supplements: Several, arrivals: Several
) -> Change:
    """The change that was typed (InvalidChange)."""
    return Change(
        tuple(map(_people, people or ())),
        tuple(
            Limit(code, round(_number(value, text) * _DAY_WS))
            for text in limit or ()
            for code, value in [_split(text, "=")]
        ),
        tuple(Dropped(*_split(text, "/")) for text in drop or ()),
        tuple(
            SupplementRate(code, _number(value, text))
            for text in supplements or ()
            for code, value in [_split(text, "=")]
        ),
        tuple(map(_arrivals, arrivals or ())),
    )


def _people(text: str) -> People:
    place, by = _split(text, "=")
    unit, slash, position = place.rpartition("/")
    if not (slash and position):
        raise InvalidChange(what=text)
    try:
        return People(unit or None, position, int(by))
    except ValueError as error:
        raise InvalidChange(what=text) from error


def _arrivals(text: str) -> Arrivals:
    code, equals, factor = text.rpartition("=")
    return Arrivals(_number(factor, text), code if equals else None)


def _split(text: str, sign: str) -> tuple[str, str]:
    name, found, value = text.rpartition(sign)
    if not (found and name and value):
        raise InvalidChange(what=text)
    return name, value


def _number(value: str, text: str) -> float:
    """A number as it is typed, with a point or a comma; no other is one of an office."""
    try:
        number = float(value.replace(",", "."))
    except ValueError as error:
        raise InvalidChange(what=text) from error
    if not abs(number) < _LARGEST:
        raise InvalidChange(what=text)
    return number


_SAID = {
    "in_time": "đúng hạn / in time",
    "p50_ws": "trung vị / median",
    "p95_ws": "phân vị 95 / 95th percentile",
}


def told(found: WhatIf) -> Iterator[str]:
    """The lines for a terminal, Vietnamese first."""
    yield f"DỰNG LẠI / REPLAY: {found.dossiers} hồ sơ / dossiers, {found.replications} lượt / plays"
    for check in found.checks:
        sign = "≈" if check.near else "≠"
        past, played = (_value(check.measure, each) for each in (check.observed, check.replayed))
        said = f"thực tế / observed {past} {sign} dựng lại / replayed {played}"
        yield f"  {_SAID[check.measure]}: {said}"
    if not found.trusted:
        yield "  Dựng lại chưa sát thực tế: chỉ tham khảo. / Not near to the past: only a hint."
    yield "THAY ĐỔI / DIFFERENCE"
    for each in found.differences:
        was, becomes = (_value(each.measure, value) for value in (each.as_it_was, each.changed))
        gap = "" if each.difference is None else f" ({_change(each.measure, each.difference)})"
        yield f"  {_SAID[each.measure]}: {was} -> {becomes}{gap}"
        if each.interval is not None:
            low, high = (
                _change(each.measure, end) for end in (each.interval.low, each.interval.high)
            )
            yield f"    95 %: {low} … {high}"
    if found.never_before or found.never_after:
        never = f"{found.never_before:.1f} -> {found.never_after:.1f}"
        yield f"  không bao giờ xong / never finished: {never} hồ sơ / dossiers"


def told_of_step(found: StepLimit) -> Iterator[str]:
    """How many runs would have been late under another limit of their step."""
    before, after = found.late_before, found.late_after
    yield (
        f"BƯỚC / STEP {found.procedure_code}/{found.element_id}: {found.runs} lượt / runs, "
        f"thời hạn / limit {found.limit_ws / _HOUR:.1f} h"
    )
    low, high = found.interval.low * 100, found.interval.high * 100
    yield f"  trễ theo thời hạn cũ / late as it was: {before.part}/{before.whole}"
    yield (
        f"  trễ theo thời hạn này / late under it: {after.part}/{after.whole} "
        f"({after.percent} %; 95 %: {low:.1f} … {high:.1f})"
    )
    yield f"  giữ được thì bớt tối đa / keeping it saves at most: {found.over_ws / _HOUR:.1f} h"


def _value(measure: str, value: float | None) -> str:
    if value is None:
        return "–"
    return f"{_cut(value)} %" if measure == "in_time" else f"{value / _HOUR:.1f} h"


def _cut(share: float) -> Decimal:
    """In percent, cut off: 100 % never stands where a dossier is late."""
    return (Decimal(f"{share:.12f}") * 100).quantize(Decimal("0.01"), ROUND_DOWN)


def _change(measure: str, value: float) -> str:
    return f"{value * 100:+.2f} %" if measure == "in_time" else f"{value / _HOUR:+.1f} h"
