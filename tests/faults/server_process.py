"""The product in a process of its own, to be killed: `python -m tests.faults.server_process URL`.

Its clock stands, so that the test says the same on any day; everything else is as it is served.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 90


class ServerProcess:
    """A running server; `kill` ends it as a power cut would, without a word to it."""

    def __init__(self, url: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.server_process", url],
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        assert self._process.stdout is not None
        port = self._process.stdout.readline().strip()
        assert port, "the server did not start; its own words are above"
        self.address = f"http://127.0.0.1:{port}/api/v1"
        self._wait(int(port))

    def _wait(self, port: int) -> None:
        for _ in range(START_SECONDS * 50):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            assert self._process.poll() is None, "the server ended by itself"
            time.sleep(0.02)
        raise AssertionError("the server takes no connections")

    def kill(self) -> None:
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(30)
        if self._process.stdout is not None:
            self._process.stdout.close()


def _serve(url: str) -> None:
    import uvicorn  # noqa: PLC0415  only in the server's own process

    from api.app import create_app  # noqa: PLC0415
    from api.document_place import documents_of  # noqa: PLC0415
    from api.settings import Settings  # noqa: PLC0415
    from engine.clock import SetClock  # noqa: PLC0415
    from engine.ids import unguessable_ids  # noqa: PLC0415
    from engine.office import Office  # noqa: PLC0415
    from engine.store.database import Database  # noqa: PLC0415
    from tests.api.desk import START  # noqa: PLC0415

    settings = Settings(database_url=url, tick_seconds=1)
    documents = documents_of(settings)
    office = Office(Database(url), SetClock(START), unguessable_ids(), documents=documents)
    app = create_app(office, settings, with_pages=False)
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", access_log=False)
    listening = config.bind_socket()
    sys.stdout.write(f"{listening.getsockname()[1]}\n")
    sys.stdout.flush()
    uvicorn.Server(config).run(sockets=[listening])


if __name__ == "__main__":
    _serve(sys.argv[1])
