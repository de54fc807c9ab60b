"""`quytrinh convert-log LOG`: any event log, written in another format."""

import gzip
from contextlib import closing
from pathlib import Path
from typing import Annotated

import orjson
import typer

from analysis.event_log.reading import read_log
from analysis.event_log.time_stamp import time_zone
from analysis.log_export.foreign import LeftOut, foreign_pieces
from api.cli.analyse_more import told_as_lines, told_on_terminal
from api.log_files import LogForm, written
from api.whole_file import whole_file
from processes.errors import RuleError


def convert_log(
    log: Annotated[Path, typer.Argument(help="Nhật ký / log: .xes, .csv, OCEL, .gz")],
    out: Annotated[Path, typer.Option(help="Tệp để ghi / file to write")],
    form: Annotated[LogForm, typer.Option("--format", help="Định dạng / format")] = LogForm.XES,
    packed: Annotated[bool, typer.Option("--gzip", help="Nén / packed by gzip")] = False,
    zone: Annotated[
        str, typer.Option(help="Múi giờ của giờ không ghi múi / zone of times that name none")
    ] = "Asia/Ho_Chi_Minh",
    object_type: Annotated[
        str | None, typer.Option(help="OCEL: loại đối tượng là hồ sơ / which objects are cases")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Một đối tượng JSON / one object")] = False,
    progress: Annotated[
        bool, typer.Option("--progress", help="Tiến độ, dòng JSON ra lỗi chuẩn / JSON on stderr")
    ] = False,
) -> None:
    """Chuyển nhật ký sang XES, CSV hoặc OCEL 2.0. / Write an event log in another format."""
    left_out = LeftOut()
    tell = told_as_lines if progress else told_on_terminal
    try:
        events = read_log(log, zone=time_zone(zone), object_type=object_type, progress=tell)
        chunks = written(form, foreign_pieces(events, left_out, tell))
        with closing(chunks), whole_file(out) as stream:
            if packed:
                with gzip.open(stream, "wb") as smaller:
                    smaller.writelines(chunks)
            else:
                stream.writelines(chunks)
    except RuleError as refused:
        vi, en = refused.message("vi"), refused.message("en")
        typer.echo(f"{vi}\n{en}", err=True)
        if json:
            error = {"code": refused.code, "vi": vi, "en": en}
            typer.echo(orjson.dumps({"error": error}).decode())
        raise typer.Exit(2) from refused
    told = {
        "cases": len(events.traces) - left_out.cases,
        "events_left_out": left_out.events,
        "cases_left_out": left_out.cases,
        "cases_renamed": left_out.renamed,
    }
    if json:
        typer.echo(orjson.dumps(told).decode())
        return
    typer.echo(f"Đã ghi / written: {out} ({told['cases']} hồ sơ / cases)")
    if left_out.events or left_out.cases:
        typer.echo(
            "  ! Bỏ ra vì không có thời điểm / left out, without a time: "
            f"{left_out.events} sự kiện / events, {left_out.cases} hồ sơ / cases"
        )
    if left_out.renamed:
        typer.echo(f"  ! Đặt lại tên / named anew: {left_out.renamed} hồ sơ trùng tên / cases")
