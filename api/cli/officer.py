"""`quytrinh officer add`, `quytrinh officer password`: accounts, and their passwords."""

import secrets
import sys
from typing import Annotated

import typer

from api.cli.options import Database, settings_with
from api.cli.refusal import told_to_people
from api.opening import open_office
from engine.accounts import actors, add_officer, hash_password, set_password
from engine.actor import Role
from engine.store.condition import agencies
from engine.store.database import Transaction
from processes.errors import Conflict, InvalidInput

officer = typer.Typer(help="Tài khoản cán bộ / officers' accounts", no_args_is_help=True)


class WhichAgency(InvalidInput):
    """The database holds several agencies, or not the one named."""

    code = "officer.which_agency"
    vi = "Chọn cơ quan bằng --agency, một trong: {known}."
    en = "Name the agency with --agency, one of: {known}."


class InvalidHolding(InvalidInput):
    """A position is told as unit/position."""

    code = "officer.invalid_holding"
    vi = "Vị trí “{given}” không đúng dạng đơn_vị/chức_danh, ví dụ mot_cua/can_bo_mot_cua."
    en = "'{given}' is not of the form unit/position, such as mot_cua/can_bo_mot_cua."


class LoginTaken(Conflict):
    """Logins are unique in the whole database."""

    code = "officer.login_taken"
    vi = "Tên đăng nhập {login} đã có người dùng. Chọn tên khác."
    en = "The login {login} is taken. Choose another."


@officer.command("add")
def add(
    login: Annotated[str, typer.Argument(help="Tên đăng nhập / login")],
    name: Annotated[str, typer.Argument(help="Họ tên / name")],
    holding: Annotated[
        list[str] | None, typer.Option(help="đơn_vị/chức_danh / unit/position; nhiều lần / repeat")
    ] = None,
    role: Annotated[
        list[Role] | None, typer.Option(help="Vai trò / role; nhiều lần / repeat")
    ] = None,
    agency: Annotated[str | None, typer.Option(help="Mã cơ quan / agency")] = None,
    database: Database = None,
) -> None:
    """Thêm một tài khoản; in mật khẩu đầu tiên. / Add an account; prints its first password."""
    password = secrets.token_urlsafe(12)
    with told_to_people():
        stated = {
            "login": login,
            "name": name,
            "roles": [each.value for each in role or [Role.STAFF]],
            "holdings": [_holding(each) for each in holding or []],
        }
        office = open_office(settings_with(database_url=database))
        try:
            known = agencies(office.database)
            agency_id = _agency(agency, known)
            now = office.clock.now()
            with office.database.read() as connection:
                if any(login in actors(connection, each, now) for each in known):
                    raise LoginTaken(login=login)
            hashed = hash_password(password)

            def command(transaction: Transaction) -> None:
                add_officer(transaction, agency_id, stated, hashed, now, office.ids)

            office.database.write(command)
        finally:
            office.database.close()
    typer.echo(f"{login}: mật khẩu đầu tiên / first password: {password}")


@officer.command("password")
def password(
    login: Annotated[str, typer.Argument(help="Tên đăng nhập / login")],
    from_input: Annotated[
        bool,
        typer.Option(
            "--stdin", help="Đọc một dòng từ đầu vào chuẩn / read one line of standard input"
        ),
    ] = False,
    database: Database = None,
) -> None:
    """Đặt mật khẩu mới; mọi phiên của cán bộ kết thúc. / Set a password; all sessions end."""
    # Never an argument: those are kept in the shell's history and shown to all in lists of tasks.
    given = _line() if from_input else _asked_twice()
    with told_to_people():
        office = open_office(settings_with(database_url=database))
        try:
            ended = set_password(office.database, login, given)
        finally:
            office.database.close()
    typer.echo(
        f"{login}: đã đặt mật khẩu mới, {ended} phiên kết thúc"
        f" / new password set, {ended} sessions ended"
    )


def _line() -> str:
    return sys.stdin.readline().rstrip("\r\n")


def _asked_twice() -> str:
    asked: str = typer.prompt(
        "Mật khẩu mới / new password",
        hide_input=True,
        confirmation_prompt="Nhập lại / once more",
    )
    return asked


def _holding(given: str) -> dict[str, str]:
    unit, slash, position = given.partition("/")
    if not (unit and slash and position):
        raise InvalidHolding(given=given)
    return {"unit": unit, "position": position}


def _agency(named: str | None, known: tuple[str, ...]) -> str:
    if named is None and len(known) == 1:
        return known[0]
    if named not in known:
        raise WhichAgency(known=", ".join(known) or "–")
    return named
