"""`quytrinh form`: issue standard forms, print them again, have templates of the office's own."""

from datetime import date
from pathlib import Path
from typing import Annotated

import orjson
import typer

from api.cli.options import Database
from api.cli.post import Agency, at_work
from engine.accounts import actors
from engine.actor import Actor
from engine.code_lookup import dossier_of_code
from engine.forms.catalogue import (
    Template,
    as_data,
    drop_template,
    keep_template,
    own_templates,
    shipped_templates,
)
from engine.forms.issued import Issued, issued_of, pdf_of
from engine.forms.issuing import draft_document, issue
from engine.forms.kinds import FormKind
from engine.forms.making import kind_of
from engine.forms.refusals import NoSuchForm, UnknownForm
from engine.office import Office
from processes.errors import NotFound

form = typer.Typer(help="Biểu mẫu / standard forms", no_args_is_help=True)
Code = Annotated[str, typer.Argument(help="Mã hồ sơ / dossier code")]
Kind = Annotated[str, typer.Argument(help="Loại / kind: receipt, apology, control_slip, …")]
As = Annotated[str, typer.Option("--as", help="Tên đăng nhập của người lập / whose act it is")]
Set = Annotated[
    list[str] | None, typer.Option("--set", help="Mục=giá trị / entry=value; nhiều lần / repeat")
]
Out = Annotated[Path, typer.Option("--out", help="Ghi ra tệp / file to write")]


@form.command("list")
def list_forms(code: Code, agency: Agency = None, database: Database = None) -> None:
    """Biểu mẫu đã phát hành của hồ sơ. / Forms issued on a dossier."""
    with at_work(database, agency) as (office, actor), office.database.read() as connection:
        found = issued_of(connection, actor, dossier_of_code(connection, actor, code))
    for each in found:
        typer.echo(_told(each))


@form.command("issue")
def issue_form(
    code: Code,
    kind: Kind,
    login: As,
    out: Out,
    entries: Set = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Cho thay phiếu đã phát hành / may replace")
    ] = False,
    agency: Agency = None,
    database: Database = None,
) -> None:
    """Phát hành một biểu mẫu ra tệp PDF. / Issue a form and write its PDF."""
    with at_work(database, agency) as (office, actor):
        officer = officer_of(office, actor, login)
        with office.database.read() as connection:
            dossier_id = dossier_of_code(connection, actor, code)
        given = _entries(entries or [])
        made = issue(office, officer, dossier_id, kind_of(kind), given, replacing=replace)
        _write(office, actor, made, out)
    typer.echo(_told(made))


@form.command("reprint")
def reprint(
    code: Code,
    number: Annotated[str, typer.Argument(help="Số / number, ví dụ 01/TTPVHCC")],
    out: Out,
    agency: Agency = None,
    database: Database = None,
) -> None:
    """In lại đúng tệp đã phát hành. / Write the very bytes that were issued."""
    with at_work(database, agency) as (office, actor):
        with office.database.read() as connection:
            found = issued_of(connection, actor, dossier_of_code(connection, actor, code))
        made = next((each for each in found if each.number_text == number), None)
        if made is None:
            raise NoSuchForm
        _write(office, actor, made, out)
    typer.echo(_told(made))


@form.command("draft")
def draft(
    code: Code,
    kind: Kind,
    login: As,
    out: Out,
    entries: Set = None,
    agency: Agency = None,
    database: Database = None,
) -> None:
    """Bản dự thảo Word chưa có số. / A draft in Word, without a number."""
    with at_work(database, agency) as (office, actor):
        officer = officer_of(office, actor, login)
        with office.database.read() as connection:
            dossier_id = dossier_of_code(connection, actor, code)
        data = draft_document(office, officer, dossier_id, kind_of(kind), _entries(entries or []))
    out.write_bytes(data)
    typer.echo(f"Đã ghi / written: {out}")


@form.command("templates")
def templates(agency: Agency = None, database: Database = None) -> None:
    """Các mẫu và ngày hiệu lực, mỗi mẫu một dòng JSON. / Templates, one JSON line each."""
    with at_work(database, agency) as (office, actor), office.database.read() as connection:
        own = own_templates(connection, actor.agency_id)
    for each in (*shipped_templates(), *own):
        typer.echo(orjson.dumps(as_data(each)).decode())


@form.command("template-set")
def template_set(
    name: Annotated[str, typer.Argument(help="Tên mẫu / its name")],
    kind: Kind,
    file: Annotated[Path, typer.Argument(help="Tệp .typ / Typst source")],
    valid_from: Annotated[str, typer.Option("--from", help="YYYY-MM-DD")],
    basis: Annotated[str, typer.Option(help="Căn cứ / legal basis")],
    valid_to: Annotated[str | None, typer.Option("--to", help="YYYY-MM-DD")] = None,
    unit: Annotated[str, typer.Option(help="Mã đơn vị / unit; “” = cả cơ quan / all")] = "",
    number: Annotated[str, typer.Option(help="Tên mẫu in cuối trang / form number")] = "Mẫu riêng",
    agency: Agency = None,
    database: Database = None,
) -> None:
    """Dùng mẫu riêng của cơ quan hoặc đơn vị. / Have a template of the office's own."""
    with at_work(database, agency) as (office, actor):
        known = {each.value: each for each in FormKind}
        if kind not in known:
            raise UnknownForm(kind=kind, known=", ".join(known))
        try:
            source = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise NotFound(what=str(file)) from error
        first, last = day(valid_from), day(valid_to) if valid_to else None
        stated = Template(name, known[kind], number, basis, first, last, source, unit, own=True)
        keep_template(office, actor, stated)
    typer.echo("Đã dùng. / In use.")


@form.command("template-drop")
def template_drop(
    name: Annotated[str, typer.Argument(help="Tên mẫu / its name")],
    agency: Agency = None,
    database: Database = None,
) -> None:
    """Bỏ mẫu riêng, dùng lại mẫu của luật. / Drop an own template."""
    with at_work(database, agency) as (office, actor):
        if not drop_template(office, actor, name):
            raise NotFound(what=name)
    typer.echo("Đã bỏ. / Dropped.")


def officer_of(office: Office, actor: Actor, login: str) -> Actor:
    """The officer of that login, of the agency (NotFound)."""
    with office.database.read() as connection:
        found = actors(connection, actor.agency_id, office.clock.now()).get(login)
    if found is None:
        raise NotFound(what=login)
    return found


def day(text: str) -> date:
    """A day as it is typed."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(text) from error


def _entries(stated: list[str]) -> dict[str, str]:
    for each in stated:
        if "=" not in each:
            raise typer.BadParameter(each)
    pairs = (each.partition("=") for each in stated)
    return {name: value for name, _, value in pairs}


def _write(office: Office, actor: Actor, made: Issued, out: Path) -> None:
    with office.database.read() as connection:
        out.write_bytes(pdf_of(connection, made, actor.agency_id))


def _told(made: Issued) -> str:
    return (
        f"{made.number_text} {made.kind.value} {made.template} "
        f"{made.issued_at:%Y-%m-%dT%H:%M:%SZ} sha256:{made.pdf_sha256.hex()}"
    )
