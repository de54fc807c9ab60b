"""What `quytrinh analyse` says of a second log, and of a diagram that a log should follow."""

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import orjson
import typer
from lxml import etree

from analysis.comparison.logs import LogsCompared, TimesCompared
from analysis.conformance.conformance import Conformance, conformance
from analysis.conformance.invalid_conformance import MappingUnreadable
from analysis.conformance.mapping import read_mapping
from analysis.event_log.findings import shown
from analysis.event_log.log import EventLog
from analysis.event_log.part import begun_in
from analysis.period import Period
from analysis.progress import Progress, unheard
from api.whole_file import whole_file
from processes.document import NotBpmn, parse
from processes.errors import InvalidInput
from processes.layout.drawing import draw, has_drawing
from processes.reader import read

_ROWS, _NAME = 15, 45
_TOLD_EVERY = 10


class FileNotOpened(InvalidInput):
    """A file that was named is not there, or may not be read."""

    code = "analyse.file_not_opened"
    vi = "Không mở được tệp “{name}”."
    en = "The file '{name}' cannot be opened."


class PeriodUnreadable(InvalidInput):
    """A period that is not two days."""

    code = "analyse.period_unreadable"
    vi = "Kỳ “{text}” chưa đọc được. Ghi như 2026-01-01..2026-06-30."
    en = "The period '{text}' cannot be read. Write it as 2026-01-01..2026-06-30."


def in_period(log: EventLog, text: str | None) -> EventLog:
    """The cases begun in a period as it is typed; all of them where there is none."""
    if text is None:
        return log
    first, _, last = text.partition("..")
    try:
        period = Period(date.fromisoformat(first), date.fromisoformat(last))
    except ValueError as wrong:
        raise PeriodUnreadable(text=shown(text)) from wrong
    return begun_in(log, period)


def told_as_lines(stage: str, done: int, of: int) -> None:
    """How far it is, as a line of JSON on standard error."""
    line = orjson.dumps({"stage": stage, "done": done, "of": of}, option=orjson.OPT_APPEND_NEWLINE)
    sys.stderr.buffer.write(line)
    sys.stderr.buffer.flush()


def told_on_terminal(stage: str, done: int, of: int) -> None:
    """How far it is, on a terminal, in one line; nothing in a pipe."""
    if of and sys.stderr.isatty():
        vi, en = _STAGES.get(stage, (stage, stage))
        end = "\n" if done >= of else ""
        typer.echo(f"\r{vi} / {en}: {100 * done // of} %\x1b[K{end}", err=True, nl=False)


_STAGES = {
    "reading": ("Đọc", "reading"),
    "cases": ("Ghép hồ sơ", "cases"),
    "times": ("Tính thời gian", "times"),
    "writing": ("Ghi", "writing"),
}


def laid_against(
    log: EventLog,
    procedure: Path,
    mapping: Path | None,
    tell: Progress = unheard,
    drawn: Path | None = None,
) -> Conformance:
    """The log against the diagram in a file. drawn: where the diagram is written with a drawing,
    if the file has none.
    """
    document = parse(_bytes(procedure))
    diagram = read(document).diagram
    if diagram is None:
        raise NotBpmn
    try:
        told = {} if mapping is None else read_mapping(_bytes(mapping).decode("utf-8-sig"))
    except UnicodeDecodeError as unreadable:
        raise MappingUnreadable(line="?") from unreadable

    if drawn is not None and not has_drawing(document.root):
        draw(document.root)
        with whole_file(drawn) as stream:
            stream.write(etree.tostring(document.root, xml_declaration=True, encoding="UTF-8"))

    def progress(done: int, ways: int) -> None:
        if done == ways or done % _TOLD_EVERY == 0:
            tell("conformance", done, ways)
            _progress(done, ways)

    return conformance(log, diagram, told, open_too=False, progress=progress)


def _progress(done: int, ways: int) -> None:
    """On a terminal, how far it is; nothing in a pipe."""
    if sys.stderr.isatty():
        end = "\n" if done == ways else ""
        typer.echo(f"\rĐối chiếu / comparing: {done} / {ways}{end}", err=True, nl=False)


def comparison_lines(found: LogsCompared) -> Iterator[str]:
    """Vietnamese first, as the rest of the report."""
    yield ""
    yield f"SO VỚI / AGAINST: {shown(found.a)}"
    yield f"  {'':<{_NAME}} {'trước/before':>14}{'nay/now':>14}{'lệch/shift':>14}  {'95 %':<24}q"
    yield _times_line("Cả hồ sơ / case", found.cases)
    for step in found.steps[:_ROWS]:
        yield _times_line(shown(step.name, _NAME), step)
    if (late := found.deadline) is not None and late.difference is not None:
        low, high = 100 * late.interval.low, 100 * late.interval.high
        yield (
            f"  Trễ / late: {late.late_a} / {late.n_a} → {late.late_b} / {late.n_b}"
            f" ({100 * late.difference:+.1f} điểm %, 95 %: {low:+.1f} … {high:+.1f})"
        )
    if found.open_a or found.open_b:
        yield (
            f"  Chưa xong, không so / open, not compared: {found.open_a} trước / before, "
            f"{found.open_b} nay / now"
        )
    if found.ways_p is not None:
        yield f"  Cách đi khác trước / other ways: p = {found.ways_p:.3g}"
    for label, names in (("Không còn / gone", found.only_a), ("Mới / new", found.only_b)):
        if names:
            yield f"  {label}: {', '.join(shown(name, 30) for name in names[:_ROWS])}"
    yield "  * khác có ý nghĩa: đủ số, q < 0,05, lệch từ 5 % / a difference: enough, sure, large"


def _times_line(name: str, found: TimesCompared) -> str:
    if found.shift_s is None:
        return f"  {name:<{_NAME}} {found.n_a:>12} n{found.n_b:>12} n             –"
    mark = "*" if found.differs else " "
    span = f"{_hours(found.low_s)} … {_hours(found.high_s)}"
    q = "–" if found.q is None else f"{found.q:.3g}"
    return (
        f"{mark} {name:<{_NAME}} {_hours(found.median_a):>14}{_hours(found.median_b):>14}"
        f"{_hours(found.shift_s):>14}  {span:<24}{q}"
    )


def conformance_lines(found: Conformance) -> Iterator[str]:
    """How far the log goes the ways of the diagram."""
    yield ""
    yield "ĐỐI CHIẾU SƠ ĐỒ / CONFORMANCE"
    yield f"  {found.fitting} / {found.cases} hồ sơ đi đúng sơ đồ / cases go its ways"
    if found.open_cases:
        yield f"  {found.open_cases} hồ sơ chưa xong, chưa đối chiếu / open cases, not compared"
    for label, value in (
        ("Phù hợp theo căn chỉnh / alignment fitness", found.alignment),
        ("Phù hợp theo thẻ / token replay fitness", found.replay),
    ):
        yield f"  {label:<46}{'–' if value is None else f'{value:.4f}':>10}"
    for what, given_up in (
        ("căn chỉnh / alignment", found.given_up),
        ("thẻ / token replay", found.replay_given_up),
    ):
        if given_up:
            yield (
                f"  ! {what}: {given_up} / {found.cases} hồ sơ quá phức tạp, chưa xét, không tính "
                "vào số trên / cases given up, not in the figures above"
            )
    for label, names in (
        ("Không có trong sơ đồ / unknown to the diagram", sorted(found.activities.unknown)),
        ("Không thấy trong nhật ký / not in the log", found.not_in_log),
        ("Coi như đã làm / taken as done", found.silent),
    ):
        if names:
            yield f"  {label}: {', '.join(shown(name, 30) for name in names[:_ROWS])}"
    for each in found.deviations[:_ROWS]:
        kind = "thừa / added  " if each.added else "thiếu / missing"
        yield f"  {kind} {shown(each.name, _NAME):<{_NAME}} {each.cases:>7} hồ sơ / cases"


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as closed:
        raise FileNotOpened(name=shown(file.name)) from closed


def _hours(seconds: int | None) -> str:
    return "–" if seconds is None else f"{seconds / 3600:,.2f} h"
