"""The product served by uvicorn in a process of its own: `python -m bench.served URL`.

Prints the port and serves until its standard input is closed. Beside the product's own end points
it has two empty ones, which know who asks, read a body and answer nothing: one goes the way of all
end points, one the short way of the commands that are sent most (`api/short_way.py`).
"""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

EMPTY = "/api/v1/empty"
SHORT_EMPTY = "/api/v1/steps/01960000-0000-7000-8000-000000000000/empty"
_ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Served:
    """A running server: where it listens, and its process."""

    address: str
    pid: int


@contextmanager
def served(url: str, *, commit_ms: float = 0, group: int = 64) -> Iterator[Served]:
    """Serve the office at `url` while the block runs.

    commit_ms: what each commit is made to cost more; group: how many commands may share one.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.served", url, str(commit_ms), str(group)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=_ROOT,
    )
    try:
        assert process.stdin is not None
        assert process.stdout is not None
        port = process.stdout.readline().strip()
        if not port:
            raise RuntimeError("the server did not start; its own words are above")
        yield Served(f"http://127.0.0.1:{port}", process.pid)
    finally:
        if process.stdin is not None:
            process.stdin.close()
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _serve(url: str, commit_ms: float, group: int) -> None:
    import uvicorn  # noqa: PLC0415  only in the server's own process

    from api.app import create_app  # noqa: PLC0415
    from api.settings import Settings  # noqa: PLC0415
    from bench.office import open_office  # noqa: PLC0415

    _make_commits_cost(commit_ms, group)
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen(128)
    office = open_office(url)
    # tick_seconds=0: the watch over timers and due times is a process of its own in this run.
    settings = Settings(database_url=url, tick_seconds=0)
    app = create_app(office, settings)
    _add_empty(app)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False))

    def wait_for_the_end() -> None:
        sys.stdin.read()
        server.should_exit = True

    threading.Thread(target=wait_for_the_end, daemon=True).start()
    print(listening.getsockname()[1], flush=True)
    server.run(sockets=[listening])
    office.database.close()
    os._exit(0)  # uvicorn's signal handling needs no second round


def _make_commits_cost(milliseconds: float, group: int) -> None:
    """A disk that is slower to flush, and so many commands to a commit."""
    from sqlalchemy import Engine, event  # noqa: PLC0415

    from engine.store import database  # noqa: PLC0415

    database._GROUP = group  # noqa: SLF001  there is no setting: nobody would want another
    if milliseconds:
        event.listen(Engine, "commit", lambda _: time.sleep(milliseconds / 1000))


def _add_empty(app: Any) -> None:
    """End points as the product's are made, with the same doors and body, first of all routes."""
    from starlette.responses import JSONResponse, Response  # noqa: PLC0415

    from api import short_way  # noqa: PLC0415
    from api.identity import Officer  # noqa: PLC0415
    from api.rest.step_acts import CompletionBody  # noqa: PLC0415
    from engine import accounts  # noqa: PLC0415

    async def empty(actor: Officer, body: CompletionBody) -> dict[str, str]:
        return {"who": actor.name, "read": str(len(body.data))}

    async def short(office: Any, who: Any, _step: Any, body: CompletionBody, _key: Any) -> Response:
        asked = await office.database.looked(
            lambda connection: accounts.session(connection, who.clock, who.token)
        )
        return JSONResponse(await empty(asked.actor, body))

    app.add_api_route(EMPTY, empty, methods=["POST"])
    app.router.routes.insert(0, app.router.routes.pop())
    short_way.COMMANDS["empty"] = short_way.Command(SHORT_EMPTY, CompletionBody, short)


if __name__ == "__main__":
    _serve(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]))
