"""`quytrinh export-log`: the office's own facts as an event log for other tools."""

import sys
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from analysis.period import VIET_NAM, Period
from api.cli.office_named import agency_of
from api.cli.options import Database, settings_with
from api.cli.refusal import told_to_people
from api.log_files import LogForm, file_name, log_chunks
from api.whole_file import whole_file
from engine.clock import SystemClock
from engine.ids import unguessable_ids
from engine.office import Office
from engine.store.database import Database as Store


def export_log(
    form: Annotated[LogForm, typer.Option("--format", help="Định dạng / format")] = LogForm.XES,
    first: Annotated[
        str, typer.Option("--from", help="Ngày tiếp nhận đầu / first day of receiving")
    ] = "2000-01-01",
    last: Annotated[str | None, typer.Option("--to", help="Ngày cuối / last day; today")] = None,
    procedure: Annotated[str | None, typer.Option(help="Mã thủ tục / code of a procedure")] = None,
    out: Annotated[
        Path, typer.Option(help="Thư mục hoặc tệp, “-”: ra màn hình / folder or file, '-': stdout")
    ] = Path(),
    key: Annotated[
        str | None,
        typer.Option(help="Khóa bí danh giữ qua nhiều lần xuất / keeps pseudonyms across exports"),
    ] = None,
    agency: Annotated[
        str | None, typer.Option(help="Mã cơ quan, khi có nhiều / which agency, of several")
    ] = None,
    database: Database = None,
) -> None:
    """Xuất nhật ký sự kiện (XES, OCEL 2.0, CSV), không có tên người. / Export the event log."""
    store = Store(settings_with(database_url=database).database_url)
    try:
        office = Office(store, SystemClock(), unguessable_ids())
        now = office.clock.now()
        with told_to_people():
            today = now.astimezone(VIET_NAM).date()
            period = Period(_day(first), today if last is None else _day(last))
            secret = office.ids(now).bytes if key is None else key.encode()
            chunks = log_chunks(
                office, agency_of(store, agency), form, period, procedure, secret, now
            )
            if str(out) == "-":
                sys.stdout.buffer.writelines(chunks)
                return
            file = out / file_name(form, period) if out.is_dir() else out
            with closing(chunks), whole_file(file) as stream:
                stream.writelines(chunks)
    finally:
        store.close()
    typer.echo(f"Đã ghi / written: {file}")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        raise typer.BadParameter(f"{text}: YYYY-MM-DD") from wrong
