"""`quytrinh reminders`: the ladder's settings, how officers are reached, what messages cost."""

import json
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from api.cli.options import Database
from api.cli.post import Agency, at_work
from engine.reminders.contact import set_contact
from engine.reminders.cost import spent
from engine.reminders.ladder_history import set_ladder
from engine.reminders.ladder_settings import InvalidLadder, settings_of

reminders = typer.Typer(help="Nhắc việc / reminders", no_args_is_help=True)
Day = Annotated[str, typer.Argument(help="YYYY-MM-DD")]


@reminders.command("show")
def show(agency: Agency = None, database: Database = None) -> None:
    """Thang nhắc việc đang dùng, dạng JSON. / The ladder in force, as JSON."""
    with at_work(database, agency) as (office, actor), office.database.read() as connection:
        found = settings_of(connection, actor.agency_id)
    typer.echo(json.dumps(found.to_data(), ensure_ascii=False, indent=2))


@reminders.command("set")
def set_from(
    file: Annotated[Path, typer.Argument(help="Tệp JSON như “show” in ra / JSON as `show` prints")],
    agency: Agency = None,
    database: Database = None,
) -> None:
    """Đặt thang nhắc việc. / Set the ladder."""
    with at_work(database, agency) as (office, actor):
        try:
            stated = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise InvalidLadder(what=str(error)[:200]) from error
        set_ladder(office, actor, stated)
    typer.echo("Đã đặt. / Set.")


@reminders.command("contact")
def contact(
    login: Annotated[str, typer.Argument(help="Tên đăng nhập / login")],
    email: Annotated[str | None, typer.Option(help="Thư điện tử / e-mail; “” bỏ / removes")] = None,
    phone: Annotated[str | None, typer.Option(help="Điện thoại / telephone; “” bỏ")] = None,
    agency: Agency = None,
    database: Database = None,
) -> None:
    """Địa chỉ nhận nhắc việc của cán bộ. / Where an officer is reminded."""
    with at_work(database, agency) as (office, actor):
        set_contact(office, actor, login, email, phone)
    typer.echo("Đã ghi. / Kept.")


@reminders.command("cost")
def cost(first: Day, last: Day, agency: Agency = None, database: Database = None) -> None:
    """Số tin, chi phí, tin mỗi bước. / Messages, what they cost, and how many for each step."""
    days = _number(first), _number(last)
    if days[1] < days[0]:
        raise typer.BadParameter(
            f"{first} > {last}: ngày cuối trước ngày đầu / ends before it begins"
        )
    with at_work(database, agency) as (office, actor), office.database.read() as connection:
        found = spent(connection, actor, *days)
    for each in found:
        typer.echo(
            f"{each.kind}: {each.sent} tin / messages ({each.parts} phần / parts), "
            f"{each.cost} đồng, {each.per_step:.1f} tin mỗi bước / per step "
            f"({each.steps} bước / steps), giữ lại / held: {each.held}, "
            f"hết tác dụng / expired: {each.expired}"
        )
    if not found:
        typer.echo("Không có tin nào. / No messages.")


def _number(day: str) -> int:
    try:
        return int(date.fromisoformat(day).strftime("%Y%m%d"))
    except ValueError as error:
        raise typer.BadParameter(day) from error
