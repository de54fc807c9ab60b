"""A real S3-compatible server for tests: versitygw over a folder (Apache-2.0, one Go program).

Had with `go install github.com/versity/versitygw/cmd/versitygw@v1.8.0`; found through
QUYTRINH_S3_SERVER or PATH.
"""

import os
import shutil
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

BUCKET, KEY, SECRET = "ho-so", "quytrinh", "mat-khau-thu-s3"
START_SECONDS = 30


@dataclass
class RunningS3:
    process: subprocess.Popen
    endpoint: str

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


def find_server() -> str | None:
    return os.environ.get("QUYTRINH_S3_SERVER") or shutil.which("versitygw")


def start_s3(folder: Path) -> RunningS3:
    program = find_server()
    if program is None:
        pytest.skip("NOT TESTED ON S3: no versitygw; set QUYTRINH_S3_SERVER")
    (folder / "root" / BUCKET).mkdir(parents=True, exist_ok=True)
    (folder / "meta").mkdir(exist_ok=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [
            *(program, "--access", KEY, "--secret", SECRET, "--port", f"127.0.0.1:{port}"),
            *("--quiet", "posix", "--sidecar", folder / "meta", folder / "root"),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    for _ in range(START_SECONDS * 20):
        with socket.socket() as line:
            if line.connect_ex(("127.0.0.1", port)) == 0:
                return RunningS3(process, f"http://127.0.0.1:{port}")
        time.sleep(0.05)
    process.kill()
    process.wait()
    pytest.fail("versitygw did not start")
