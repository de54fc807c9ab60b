"""`quytrinh move`: an office moved to another database, with a proof."""

from typing import Annotated, Any

import orjson
import typer

from api.cli.options import settings_with
from api.cli.refusal import told_to_people
from api.opening import make_folder
from engine.move import Moved, Stage
from engine.move import move as move_office

FAULTY = 1
_STAGES = {"copy": "chép / copying", "prove": "đối chiếu / proving"}


def move(
    source: Annotated[str, typer.Option("--from", help="Cơ sở dữ liệu đang dùng / in use now")],
    target: Annotated[str, typer.Option("--to", help="Cơ sở dữ liệu trống / an empty one")],
    json: Annotated[
        bool, typer.Option("--json", help="Một đối tượng JSON / one JSON object")
    ] = False,
) -> None:
    """Chuyển cơ quan sang cơ sở dữ liệu khác, có đối chiếu. / Move the office, with proof.

    Dừng máy chủ trước. Nguồn không bị thay đổi; đích chỉ có dữ liệu khi mọi đối chiếu đều khớp.
    / Stop the server first. The source is not changed; the target gets all of it or nothing.
    """
    from_url, to_url = (settings_with(database_url=each).database_url for each in (source, target))
    make_folder(to_url)
    with told_to_people():
        moved = move_office(from_url, to_url, _tell_progress)
    typer.echo(orjson.dumps(_told(moved)).decode() if json else _lines(moved))
    if moved.faults:
        raise typer.Exit(FAULTY)


def _tell_progress(stage: Stage, name: str, of: int, done: int) -> None:
    """One line a table, overwritten as it goes on, beside the output."""
    end = done == of
    typer.echo(f"\r{_STAGES[stage]} {name}: {done:,}/{of:,}", nl=end, err=True)


def _lines(moved: Moved) -> str:
    width = max(len(table.name) for table in moved.tables)
    lines = [
        f"{table.name:<{width}}  {table.contents.rows:>12,}  {table.contents.sha256}"
        for table in moved.tables
    ]
    lines.append(
        f"{moved.rows:,} dòng, {moved.dossiers:,} hồ sơ, {moved.events:,} sự kiện: hai bên khớp. / "
        "rows, dossiers, events: both databases agree."
    )
    if moved.faults:
        lines.append(
            f"{moved.faults} chỗ hỏng có sẵn ở nguồn; chạy quytrinh verify. / "
            "faults that the source had; run quytrinh verify."
        )
    if moved.unsized:
        lines.append(
            f"Đã chuyển xong, nhưng PostgreSQL chưa thống kê được dữ liệu mới ({moved.unsized}); "
            "hãy chạy VACUUM (ANALYZE) ở đích. / All is moved, but PostgreSQL could not look at "
            "its new data; run VACUUM (ANALYZE) in the target."
        )
    return "\n".join(lines)


def _told(moved: Moved) -> dict[str, Any]:
    tables = {
        str(table.name): {"rows": table.contents.rows, "sha256": table.contents.sha256}
        for table in moved.tables
    }
    counted = {"rows": moved.rows, "dossiers": moved.dossiers, "events": moved.events}
    return {"tables": tables, **counted, "faults": moved.faults, "unsized": moved.unsized}
