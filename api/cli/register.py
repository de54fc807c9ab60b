"""`quytrinh register`: the register printed, codes decided, dossiers found by typed codes."""

import json
import sys
from pathlib import Path
from typing import Annotated

import orjson
import typer

from api.cli.form import Out, day, officer_of
from api.cli.options import Database
from api.cli.post import Agency, at_work
from engine.code_lookup import MOST_CODES, look_up
from engine.forms.issued import pdf_of
from engine.forms.issuing import issue_register
from engine.forms.register_book import period_of
from engine.registers.register_settings import (
    InvalidRegisterSettings,
    set_registers,
    settings_of,
)

register = typer.Typer(help="Sổ, mã hồ sơ / registers and codes", no_args_is_help=True)
_NOT_FOUND = 1


@register.command("print")
def print_register(
    first: Annotated[str, typer.Argument(help="YYYY-MM-DD")],
    last: Annotated[str, typer.Argument(help="YYYY-MM-DD")],
    login: Annotated[str, typer.Option("--as", help="Tên đăng nhập / login")],
    out: Out,
    identity_code: Annotated[str, typer.Option(help="Mã định danh đơn vị / of a unit")] = "",
    agency: Agency = None,
    database: Database = None,
) -> None:
    """In sổ theo dõi hồ sơ của một kỳ. / Print the register of a period."""
    period = period_of(day(first), day(last), identity_code)
    with at_work(database, agency) as (office, actor):
        made = issue_register(office, officer_of(office, actor, login), period)
        with office.database.read() as connection:
            out.write_bytes(pdf_of(connection, made, actor.agency_id))
    typer.echo(f"{made.number_text} {made.about} sha256:{made.pdf_sha256.hex()}")


@register.command("settings")
def settings(
    file: Annotated[
        Path | None, typer.Argument(help="Tệp JSON để đặt / JSON to set; bỏ trống: in ra / show")
    ] = None,
    agency: Agency = None,
    database: Database = None,
) -> None:
    """Cách viết mã, đơn vị có sổ riêng, ký hiệu phiếu. / Spelling, own registers, symbols."""
    with at_work(database, agency) as (office, actor):
        if file is not None:
            try:
                stated = json.loads(file.read_text(encoding="utf-8"))
            except (OSError, ValueError) as error:
                raise InvalidRegisterSettings(what=str(error)[:200]) from error
            set_registers(office, actor, stated)
        with office.database.read() as connection:
            found = settings_of(connection, actor.agency_id)
    typer.echo(json.dumps(found.to_data(), ensure_ascii=False, indent=2))


@register.command("find")
def find(
    codes: Annotated[
        list[str] | None, typer.Argument(help="Mã như gõ hoặc quét; bỏ trống: đọc từng dòng")
    ] = None,
    agency: Agency = None,
    database: Database = None,
) -> None:
    """Tra mã hồ sơ, kể cả mã viết sai kiểu. / What typed codes mean, one JSON line each."""
    typed = codes or [line.rstrip("\n") for line in sys.stdin]
    missing = False
    with at_work(database, agency) as (office, actor), office.database.read() as connection:
        for start in range(0, len(typed), MOST_CODES):
            for each in look_up(connection, actor, typed[start : start + MOST_CODES]):
                missing = missing or each.dossier_id is None
                typer.echo(orjson.dumps(each.to_data()).decode())
    if missing:
        raise typer.Exit(_NOT_FOUND)
