"""The product served by uvicorn in a process of its own: `python -m bench.served URL`.

Prints the port and serves until its standard input is closed.
"""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Served:
    """A running server: where it listens, and its process."""

    address: str
    pid: int


@contextmanager
def served(url: str) -> Iterator[Served]:
    """Serve the office at `url` while the block runs."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.served", url],
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


def _serve(url: str) -> None:
    import uvicorn  # noqa: PLC0415  only in the server's own process

    from api.app import create_app  # noqa: PLC0415
    from api.settings import Settings  # noqa: PLC0415
    from bench.office import open_office  # noqa: PLC0415

    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen(128)
    office = open_office(url)
    # tick_seconds=0: the watch over timers and due times is a process of its own in this run.
    settings = Settings(database_url=url, tick_seconds=0)
    server = uvicorn.Server(
        uvicorn.Config(create_app(office, settings), log_level="warning", access_log=False)
    )

    def wait_for_the_end() -> None:
        sys.stdin.read()
        server.should_exit = True

    threading.Thread(target=wait_for_the_end, daemon=True).start()
    print(listening.getsockname()[1], flush=True)
    server.run(sockets=[listening])
    office.database.close()
    os._exit(0)  # uvicorn's signal handling needs no second round


if __name__ == "__main__":
    _serve(sys.argv[1])
