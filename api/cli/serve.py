"""`quytrinh serve`: the product at a local address; `quytrinh worker`: what falls due, the post."""

import logging
import signal
import socket
import threading
from contextlib import suppress
from typing import Annotated

import typer
import uvicorn

from api.app import create_app
from api.background import collect_less_often
from api.cli.options import Database, settings_with
from api.cli.refusal import told_to_people
from api.lake_rounds import LakeRounds
from api.log_masking import mask_logs
from api.opening import FirstLogin, open_office
from api.outgoing_post import OutgoingPost
from api.passing_time import PassingTime
from engine.actor import Role

_ROLES = {
    Role.STAFF: ("cán bộ", "staff"),
    Role.DESIGNER: ("người thiết kế quy trình", "process designer"),
    Role.REFORM: ("tổ cải cách", "reform team"),
    Role.HEAD: ("lãnh đạo", "head"),
    Role.ADMIN: ("quản trị", "administrator"),
}


def serve(
    host: Annotated[
        str | None, typer.Option(help="Địa chỉ lắng nghe / address", show_default="127.0.0.1")
    ] = None,
    port: Annotated[
        int | None, typer.Option(help="Cổng / port; 0 = tự chọn / any", show_default="8000")
    ] = None,
    database: Database = None,
    without_worker: Annotated[
        bool,
        typer.Option(
            "--without-worker",
            help="Để “quytrinh worker” làm việc đến hạn và gửi đi / leave that to workers",
        ),
    ] = False,
) -> None:
    """Mở hệ thống tại một địa chỉ. / Serve the product at an address."""
    tick = 0 if without_worker else None
    settings = settings_with(host=host, port=port, database_url=database, tick_seconds=tick)
    _log_to_terminal()
    with told_to_people():
        office = open_office(settings, tell=_tell_first_login)
    try:
        config = uvicorn.Config(
            create_app(office, settings),
            host=settings.host,
            port=settings.port,
            access_log=False,  # addresses carry names and codes of people's dossiers
            server_header=False,
            log_config=None,
        )
        with suppress(KeyboardInterrupt):  # Ctrl+C is how people stop it
            _Telling(config).run(sockets=[config.bind_socket()])
    finally:
        office.database.close()


def worker(database: Database = None) -> None:
    """Xử lý việc đến hạn và gửi đi, không phục vụ trang. / Do what falls due and the post."""
    settings = settings_with(database_url=database)
    _log_to_terminal()
    with told_to_people():
        office = open_office(settings, tell=_tell_first_login)
    loops = [
        PassingTime(office, settings.every_seconds, alone=True),
        OutgoingPost(office, settings),
    ]
    if settings.lake_folder is not None:
        folder, every = settings.lake_folder, settings.every_seconds
        loops.append(LakeRounds(office, folder, settings.lake_minutes, every))
    ending = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ending.set())
    collect_less_often()
    for loop in loops:
        loop.start()
    typer.echo("Đang xử lý việc đến hạn; Ctrl+C để dừng. / Working; Ctrl+C stops.")
    ending.wait()
    for loop in loops:
        loop.stop()
    office.database.close()


class _Telling(uvicorn.Server):
    """Says where it is served once it is served."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and sockets:
            _tell_address(self.config.host, sockets[0].getsockname()[1])


def _log_to_terminal() -> None:
    logging.basicConfig(level=logging.INFO)
    logging.getLogger("spiff").setLevel(logging.WARNING)  # it tells of every workflow
    mask_logs("%(levelname)s %(name)s: %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)


def _tell_address(host: str, port: int) -> None:
    shown = f"[{host}]" if ":" in host else host
    typer.echo(f"Hệ thống chạy tại / serving at: http://{shown}:{port}/   (Ctrl+C để dừng / stops)")


def _tell_first_login(first: FirstLogin) -> None:
    typer.echo("Đã lập cơ quan mẫu. / The sample office was founded.")
    typer.echo(
        f"  Mật khẩu đầu tiên, mọi tài khoản / first password, all accounts: {first.password}"
    )
    for role, login in first.by_role:
        vi, en = _ROLES[role]
        typer.echo(f"    {login:<16} {vi} / {en}")
    typer.echo(f"  Và / and {len(first.accounts) - len(first.by_role)} tài khoản khác / others")
    typer.echo(f"  Ghi tại / written to: {first.file}")
