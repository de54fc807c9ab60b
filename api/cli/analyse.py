"""`quytrinh analyse LOG`: where the time goes in any event log."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from analysis.comparison.logs import LogsCompared, compare_logs
from analysis.conformance.conformance import Conformance
from analysis.directly_follows import Arc
from analysis.event_log.findings import shown
from analysis.event_log.reading import read_log
from analysis.event_log.time_stamp import time_zone
from analysis.log_lateness import Lateness
from analysis.log_measures import LogMeasures, measure_log
from analysis.log_step_times import StepTimes
from analysis.quantile import Spread
from analysis.weekly_hours import WeeklyHours
from api.cli.analyse_more import (
    comparison_lines,
    conformance_lines,
    in_period,
    laid_against,
    told_as_lines,
    told_on_terminal,
)
from processes.errors import RuleError

_ROWS = 10
_NAME = 45
_HOURS = (("giờ", 3_600), ("phút", 60))
_DAYS = (("ngày", 86_400), *_HOURS)  # of 24 hours: never for working time


def analyse(
    log: Annotated[
        Path,
        typer.Argument(
            help="Nhật ký sự kiện / event log: .xes, .xes.gz, .csv, OCEL .json, .sqlite"
        ),
    ],
    json: Annotated[
        bool, typer.Option("--json", help="Một đối tượng JSON / one JSON object")
    ] = False,
    hours: Annotated[
        str | None,
        typer.Option(help="Giờ làm việc / office hours: “T2-T6 07:30-11:30 13:00-17:00”"),
    ] = None,
    zone: Annotated[
        str, typer.Option(help="Múi giờ / time zone of the hours and of times that name none")
    ] = "Asia/Ho_Chi_Minh",
    against: Annotated[
        Path | None, typer.Option(help="So với nhật ký trước / compare with an earlier log")
    ] = None,
    procedure: Annotated[
        Path | None, typer.Option(help="Đối chiếu với sơ đồ BPMN / compare with a diagram")
    ] = None,
    mapping: Annotated[
        Path | None,
        typer.Option(help="Tệp CSV “hoạt động,mã phần tử” / CSV file 'activity,element id'"),
    ] = None,
    object_type: Annotated[
        str | None, typer.Option(help="OCEL: loại đối tượng là hồ sơ / which objects are cases")
    ] = None,
    period: Annotated[
        str | None,
        typer.Option(
            help="Chỉ hồ sơ bắt đầu trong kỳ / only cases begun in: 2026-01-01..2026-06-30"
        ),
    ] = None,
    against_period: Annotated[
        str | None, typer.Option(help="Kỳ trước để so / the earlier period to compare with")
    ] = None,
    drawn: Annotated[
        Path | None,
        typer.Option(
            help="Ghi sơ đồ có hình vẽ nếu thiếu / write the diagram, drawn, if it is not"
        ),
    ] = None,
    progress: Annotated[
        bool, typer.Option("--progress", help="Tiến độ, dòng JSON ra lỗi chuẩn / JSON on stderr")
    ] = False,
) -> None:
    """Đo một nhật ký sự kiện: thời gian, điểm nghẽn, trễ hạn, làm lại. / Measure an event log."""
    tell = told_as_lines if progress else told_on_terminal
    try:
        place = time_zone(zone)
        open_hours = None if hours is None else WeeklyHours.parse(hours, place)
        whole = read_log(log, zone=place, object_type=object_type, progress=tell)
        tell("cases", len(whole.traces), len(whole.traces))
        events = in_period(whole, period)
        measures = measure_log(events, open_hours, tell)
        compared = None
        if against is not None or against_period is not None:
            before = whole
            if against is not None:
                before = read_log(
                    against,
                    zone=place,
                    object_type=object_type,
                    progress=tell,
                    stage="reading_before",
                )
            tell("comparing", 0, 0)
            compared = compare_logs(in_period(before, against_period), events)
        laid = None if procedure is None else laid_against(events, procedure, mapping, tell, drawn)
    except RuleError as refused:
        vi, en = refused.message("vi"), refused.message("en")
        typer.echo(f"{vi}\n{en}", err=True)
        if json:
            error = {"code": refused.code, "vi": vi, "en": en}
            typer.echo(orjson.dumps({"error": error}).decode())
        raise typer.Exit(2) from refused
    if json:
        typer.echo(orjson.dumps(_data(measures, compared, laid)).decode())
        return
    typer.echo("\n".join(report(measures)))
    if compared is not None:
        typer.echo("\n".join(comparison_lines(compared)))
    if laid is not None:
        typer.echo("\n".join(conformance_lines(laid)))


def _data(
    measures: LogMeasures, compared: LogsCompared | None, laid: Conformance | None
) -> dict[str, Any]:
    data = measures.to_data()
    if compared is not None:
        data["comparison"] = compared.to_data()
    if laid is not None:
        data["conformance"] = laid.to_data()
    return data


def report(measures: LogMeasures) -> Iterator[str]:
    """The lines of the report for a terminal, Vietnamese first."""
    yield f"NHẬT KÝ SỰ KIỆN / EVENT LOG: {shown(measures.name)} ({measures.format})"
    yield from _numbers(measures)
    yield from _case_times(measures)
    yield from _late(measures)
    yield from _steps(measures.steps)
    yield from _ways(measures.arcs)
    yield from _rework(measures)
    yield from _variants(measures)
    yield from _findings(measures)


def _numbers(measures: LogMeasures) -> Iterator[str]:
    told = measures.to_data()
    for label, value in (
        ("Hồ sơ / cases", _count(measures.cases)),
        ("Chưa xong / open", _count(measures.open_cases)),
        ("Sự kiện / events", _count(measures.events)),
        ("Lượt thực hiện bước / step runs", _count(measures.runs)),
        ("Bước khác nhau / activities", _count(len(measures.steps))),
        ("Cách đi khác nhau / variants", _count(len(measures.variants))),
        ("Người / resources", _count(measures.resources)),
        ("Nhóm, đơn vị / groups", _count(measures.groups)),
        ("Từ / from", told["first_time"] or "–"),
        ("Đến / to", told["last_time"] or "–"),
        ("Khoảng cách tiếp nhận / arrival gap", _duration(measures.mean_arrival_gap_s)),
    ):
        yield f"  {label:<38}{value:>30}"


def _case_times(measures: LogMeasures) -> Iterator[str]:
    rows = [("đã xong / ended", measures.ended_case)]
    if measures.open_cases:
        rows.append(("mọi hồ sơ, kể cả chưa xong / all, open ones so far", measures.case_duration))
    yield from _table("Thời gian một hồ sơ / case duration", "", rows)
    rows = [("giờ làm việc / working", measures.case_working)]
    yield from _table("Thời gian làm việc một hồ sơ / case working time", "", rows, _HOURS)


def _late(measures: LogMeasures) -> Iterator[str]:
    for label, kept in (
        ("hẹn trả / deadline", measures.deadline),
        ("ngày dự kiến xong / planned end", measures.planned_end),
    ):
        if kept is not None:
            yield from _heading(f"Trễ so với {label}")
            yield from _lateness(kept)


def _lateness(kept: Lateness) -> Iterator[str]:
    share = f" ({_decimal(100 * kept.late / kept.n)} %)" if kept.n else ""
    by_case = kept.ended_by == "case"
    end = "ngày kết thúc / end date" if by_case else "sự kiện cuối / last event"
    yield (
        f"  {_count(kept.n)} hồ sơ đã xong / ended ({end}): {_count(kept.late)} trễ / late{share}, "
        f"{_count(kept.on_time)} đúng hạn / on time"
    )
    yield (
        f"  {_count(kept.open)} hồ sơ chưa xong / open, "
        f"trong đó {_count(kept.open_overdue)} đã quá hạn / overdue"
    )
    if kept.untimed:
        yield f"  {_count(kept.untimed)} hồ sơ không rõ lúc xong / ended at an unknown time"


def _steps(steps: Sequence[StepTimes]) -> Iterator[str]:
    title = "Bước / activity"
    for heading, rows in (
        (
            "Điểm nghẽn: từ khi xong bước trước / bottlenecks: time since the step before",
            [(step.activity, step.since_previous) for step in steps],
        ),
        ("Chờ / waiting", [(step.activity, step.waiting) for step in steps]),
        ("Xử lý / handling", [(step.activity, step.handling) for step in steps]),
        ("Tạm dừng / paused", [(step.activity, step.paused) for step in steps]),
    ):
        yield from _table(heading, title, rows)


def _ways(arcs: Sequence[Arc]) -> Iterator[str]:
    title = "Từ → đến / from → to"
    rows = [(_way(arc), arc.elapsed) for arc in arcs]
    yield from _table("Đường đi tốn thời gian nhất / ways that take most time", title, rows)
    rows = [(_way(arc), arc.working) for arc in arcs]
    yield from _table("Đường đi theo giờ làm việc / ways in working time", title, rows, _HOURS)


def _way(arc: Arc) -> str:
    half = (_NAME - 3) // 2
    return f"{shown(arc.before, half)} → {shown(arc.after, half)}"


def _rework(measures: LogMeasures) -> Iterator[str]:
    if not measures.rework:
        return
    yield from _heading(f"Làm lại / rework: {_count(measures.cases_with_rework)} hồ sơ / cases")
    for again in measures.rework[:_ROWS]:
        yield (
            f"  {_name(again.activity)} {_count(again.cases):>7} hồ sơ, "
            f"{_count(again.repeats)} lượt lặp / repeats"
        )


def _variants(measures: LogMeasures) -> Iterator[str]:
    yield from _heading("Cách đi phổ biến / most frequent variants")
    for variant in measures.variants[:5]:
        share = 100 * variant.n / measures.cases
        way = " → ".join(shown(activity, 30) for activity in variant.activities[:_ROWS])
        more = " → …" if len(variant.activities) > _ROWS else ""
        yield f"  {_count(variant.n):>7} ({_decimal(share)} %)  {way}{more}"


def _findings(measures: LogMeasures) -> Iterator[str]:
    if not measures.findings:
        return
    yield from _heading("Lưu ý về dữ liệu / findings")
    for finding in measures.findings:
        where = f" [{shown(finding.element)}]" if finding.element else ""
        yield f"  ! {finding.vi}{where}"
        yield f"    {finding.en}"


def _heading(text: str) -> Iterator[str]:
    yield ""
    yield text


def _table(
    heading: str,
    title: str,
    rows: Iterable[tuple[str, Spread | None]],
    units: Sequence[tuple[str, int]] = _DAYS,
) -> Iterator[str]:
    """The rows with most time in all; nothing where the log has none of it."""
    timed = [(name, spread) for name, spread in rows if spread is not None]
    if not timed:
        return
    timed.sort(key=lambda row: -row[1].sum)
    yield from _heading(heading)
    heads = ("TB / mean", "trung vị", "80 %", "95 %", "tổng / sum")
    yield f"  {title:<{_NAME}} {'số / n':>7}" + "".join(f"{head:>14}" for head in heads)
    for name, spread in timed[:_ROWS]:
        times = (spread.mean, spread.median, spread.p80, spread.p95, spread.sum)
        cells = "".join(f"{_duration(seconds, units):>14}" for seconds in times)
        yield f"  {_name(name)} {_count(spread.n):>7}{cells}"


def _name(text: str) -> str:
    return f"{shown(text, _NAME):<{_NAME}}"


def _count(n: int) -> str:
    return f"{n:,}".replace(",", ".")


def _decimal(value: float) -> str:
    return f"{value:,.1f}".translate(str.maketrans(",.", ".,"))


def _duration(seconds: float | None, units: Sequence[tuple[str, int]] = _DAYS) -> str:
    """One number and the largest unit that it fills."""
    if seconds is None:
        return "–"
    for unit, length in units:
        if abs(seconds) >= length:
            return f"{_decimal(seconds / length)} {unit}"
    return f"{_decimal(seconds)} giây"
