"""The real virus scanner, with a signature of our own: it knows one harmless string."""

import os
import shutil
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

KNOWN = b"quytrinh-thu-ma-doc-7f3a9c"
NAME = "Quytrinh.Thu"
START_SECONDS = 60


@dataclass
class RunningClamd:
    process: subprocess.Popen
    socket: Path

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()


def find_clamd() -> str:
    """Where it is: QUYTRINH_CLAMD, or the machine's."""
    found = os.environ.get("QUYTRINH_CLAMD") or shutil.which("clamd", path="/usr/sbin:/usr/bin")
    if not found:
        pytest.skip("NOT TESTED WITH CLAMD: install clamav-daemon")
    return found


def start_clamd(folder: Path, most_megabytes: int = 5) -> RunningClamd:
    """Start it with our signature alone; it takes streams of so many megabytes."""
    program = find_clamd()
    (folder / "thu.ndb").write_text(f"{NAME}:0:*:{KNOWN.hex()}\n")
    place = folder / "clamd.sock"
    (folder / "clamd.conf").write_text(
        f"LocalSocket {place}\nDatabaseDirectory {folder}\nForeground yes\n"
        f"StreamMaxLength {most_megabytes}M\nLogFile {folder / 'clamd.log'}\nExitOnOOM yes\n"
        "TemporaryDirectory {0}\n".format(folder)
    )
    process = subprocess.Popen(
        [program, "--config-file", folder / "clamd.conf"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    for _ in range(START_SECONDS * 10):
        if place.exists() and _answers(place):
            return RunningClamd(process, place)
        if process.poll() is not None:
            break
        time.sleep(0.1)
    process.kill()
    process.wait()
    log = folder / "clamd.log"
    pytest.fail(f"clamd did not start: {log.read_text() if log.exists() else '?'}")


def _answers(place: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as line:
        try:
            line.connect(str(place))
            line.sendall(b"zPING\0")
            return line.recv(100) == b"PONG\0"
        except OSError:
            return False
