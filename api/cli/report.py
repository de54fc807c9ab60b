"""`quytrinh report`: reports of a period to a file or the terminal, and periods that are closed."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated
from uuid import UUID

import orjson
import typer

from analysis.facts.kept import KeptFacts
from analysis.period import VIET_NAM, Period
from analysis.reports.closed_figures import KEPT_GROUPS, gives_back
from analysis.reports.consolidation import consolidated
from analysis.reports.members import Only
from analysis.reports.names import read_names
from analysis.reports.offered import REPORTS, Asked
from analysis.reports.table import Report
from api.cli.form import day, officer_of
from api.cli.options import Database
from api.cli.post import Agency, at_work
from api.cli.refusal import told_to_people
from api.reports.cell_text import cell_text, closed_text, said
from api.reports.letterhead import Letterhead
from api.reports.making import as_reported, changed_since, close, letterhead, made, require_reader
from api.reports.printed import report_pdf
from api.reports.table_csv import report_csv
from api.reports.workbook import workbook
from api.rest.reports import report_answer
from engine.clock import SystemClock
from engine.closed_periods import (
    Closing,
    NoSuchClosing,
    agree_to_reopen,
    ask_to_reopen,
    closing,
    closings,
)

report = typer.Typer(help="Báo cáo, chốt kỳ / reports and closed periods", no_args_is_help=True)
From = Annotated[str, typer.Option("--from", help="YYYY-MM-DD")]
To = Annotated[str, typer.Option("--to", help="YYYY-MM-DD, cả ngày này / included")]
By = Annotated[str, typer.Option("--by", help="unit | field | procedure | handling_unit | officer")]
One = Annotated[str | None, typer.Option(help="Chỉ một mã / only this one")]
File = Annotated[Path | None, typer.Option(help="Ghi ra tệp / file to write")]
As = Annotated[str, typer.Option("--as", help="Tên đăng nhập của người làm / whose act it is")]
AsSomebody = Annotated[str | None, typer.Option("--as", help="Tên đăng nhập / login")]
Id = Annotated[str, typer.Argument(help="Mã lần chốt / id of the closing")]
_WRONG, _DIFFERENT = 1, 1


def _command(code: str) -> Callable[..., None]:
    def make(
        first: From,
        last: To,
        by: By = "",
        unit: One = None,
        field: One = None,
        procedure: One = None,
        xlsx: File = None,
        csv: File = None,
        pdf: File = None,
        as_json: Annotated[bool, typer.Option("--json")] = False,
        login: AsSomebody = None,
        agency: Agency = None,
        database: Database = None,
    ) -> None:
        only = Only(unit=unit, field=field, procedure=procedure)
        asked = Asked(code, Period(day(first), day(last)), by, only)
        with at_work(database, agency) as (office, actor):
            who = officer_of(office, actor, login) if login else actor
            found, head = (
                made(office, KeptFacts(office.database), who, asked),
                letterhead(office, who),
            )
        _write(found, head, xlsx, csv, pdf)
        if as_json:
            typer.echo(report_answer(found).model_dump_json())
        elif not (xlsx or csv or pdf):
            _show(found)
        for words in found.wrong:
            typer.echo(f"{words.vi} / {words.en}", err=True)
        if found.wrong:
            raise typer.Exit(_WRONG)

    make.__doc__ = f"{REPORTS[code].title.vi} / {REPORTS[code].title.en.lower()}."
    return make


for _code in REPORTS:
    report.command(_code)(_command(_code))


@report.command("close")
def close_period(
    first: From, last: To, login: As, agency: Agency = None, database: Database = None
) -> None:
    """Chốt kỳ biểu 06a. / Close form 06a of a period."""
    with at_work(database, agency) as (office, actor):
        who = officer_of(office, actor, login)
        made_id = close(office, who, Period(day(first), day(last)))
        with office.database.read() as connection:
            typer.echo(_told(closing(connection, who, made_id)))


@report.command("closings")
def list_closings(agency: Agency = None, database: Database = None) -> None:
    """Các kỳ đã chốt, mỗi dòng một JSON. / Closed periods, one JSON line each."""
    with at_work(database, agency) as (office, actor), office.database.read() as connection:
        for each in closings(connection, actor, "06a"):
            typer.echo(_told(each))


@report.command("show")
def show(
    closing_id: Id,
    by: By = "unit",
    xlsx: File = None,
    csv: File = None,
    pdf: File = None,
    agency: Agency = None,
    database: Database = None,
) -> None:
    """Số đã chốt, tính lại từ danh sách hồ sơ đã giữ. / What was closed, recounted from it."""
    if by not in KEPT_GROUPS:
        raise typer.BadParameter(" | ".join(KEPT_GROUPS), param_hint="--by")
    with at_work(database, agency) as (office, actor):
        require_reader(actor)
        with office.database.read() as connection:
            of = closing(connection, actor, _id(closing_id))
            names = read_names(connection, actor.agency_id)
            calendar = office.calendar(connection, actor.agency_id)
        head = letterhead(office, actor)
    found = as_reported(of, by, names, calendar.local)
    _write(found, head, xlsx, csv, pdf)
    if not (xlsx or csv or pdf):
        _show(found)
    same = of.intact and gives_back(of.figures, of.members, by)
    typer.echo(
        "Tính lại từ hồ sơ đã giữ: khớp / recounted: the same"
        if same
        else "Tính lại từ hồ sơ đã giữ: KHÔNG khớp / recounted: NOT the same"
    )
    if not same:
        raise typer.Exit(_WRONG)


@report.command("compare")
def compare(closing_id: Id, agency: Agency = None, database: Database = None) -> None:
    """Số đã chốt so với hôm nay; thoát 1 nếu khác. / Closed against today; exit 1 if changed."""
    with at_work(database, agency) as (office, actor):
        with office.database.read() as connection:
            of = closing(connection, actor, _id(closing_id))
        found = changed_since(office, KeptFacts(office.database), actor, of)
    for cell, (then, now) in found.total.items():
        typer.echo(orjson.dumps({"cell": cell, "closed": then, "now": now}).decode())
    for moved in found.moved:
        line = {"code": moved.code, "closed": moved.before, "now": moved.now}
        typer.echo(orjson.dumps(line).decode())
    if found:
        raise typer.Exit(_DIFFERENT)


@report.command("reopen")
def reopen(
    closing_id: Id,
    reason: Annotated[str, typer.Option(help="Lý do / why")],
    login: As,
    agency: Agency = None,
    database: Database = None,
) -> None:
    """Đề nghị mở lại một kỳ; người khác phải đồng ý. / Ask to reopen; another has to agree."""
    with at_work(database, agency) as (office, actor):
        who = officer_of(office, actor, login)
        ask_to_reopen(office, who, _id(closing_id), reason)
        with office.database.read() as connection:
            typer.echo(_told(closing(connection, who, _id(closing_id))))


@report.command("agree")
def agree(closing_id: Id, login: As, agency: Agency = None, database: Database = None) -> None:
    """Đồng ý mở lại kỳ. / Agree to reopen the period."""
    with at_work(database, agency) as (office, actor):
        who = officer_of(office, actor, login)
        agree_to_reopen(office, who, _id(closing_id))
        with office.database.read() as connection:
            typer.echo(_told(closing(connection, who, _id(closing_id))))


@report.command("merge")
def merge(
    files: Annotated[list[Path], typer.Argument(help="Biểu 06a, .xlsx", exists=True)],
    reporting: Annotated[str, typer.Option("--agency-name", help="Đơn vị báo cáo / who reports")],
    xlsx: File = None,
    csv: File = None,
    pdf: File = None,
) -> None:
    """Gộp biểu 06a của nhiều hệ thống; từ chối tệp không khớp. / Put forms 06a together."""
    with told_to_people():
        found = consolidated(files, SystemClock().now().astimezone(VIET_NAM))
        _write(found, Letterhead(reporting), xlsx, csv, pdf)
    if not (xlsx or csv or pdf):
        _show(found)


def _write(
    found: Report, head: Letterhead, xlsx: Path | None, csv: Path | None, pdf: Path | None
) -> None:
    if xlsx:
        xlsx.write_bytes(workbook(found, head))
    if csv:
        csv.write_bytes(report_csv(found))
    if pdf:
        pdf.write_bytes(report_pdf(found, head))


def _show(found: Report) -> None:
    """The report in the terminal: tabs between cells."""
    typer.echo(f"{found.form} {said(found.title, 'vi')}".strip())
    if found.answer is not None:
        typer.echo(said(found.answer, "vi"))
    typer.echo("\t".join(" / ".join(said(w, "vi") for w in c.head) for c in found.columns))
    for line in (*found.lines, *([found.total] if found.total else [])):
        cells = zip(found.columns, line.cells, strict=True)
        typer.echo("\t".join(cell_text(cell, column.kind, "vi") for column, cell in cells))
    for words in found.notes:
        typer.echo(said(words, "vi"))
    if closed := closed_text(found, "vi"):
        typer.echo(closed)


def _told(of: Closing) -> str:
    told = {
        "closing_id": str(of.closing_id),
        "first": of.first.isoformat(),
        "last": of.last.isoformat(),
        "edition": of.edition,
        "definition": of.definition,
        "closed_at": of.closed_at.isoformat(),
        "closed_by": of.closed_by,
        "sha256": of.sha256,
        "intact": of.intact,
        "in_force": of.in_force,
        "reopening": None if of.reopening is None else of.reopening.reason,
    }
    return orjson.dumps(told).decode()


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NoSuchClosing from None
