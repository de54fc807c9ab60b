"""A server killed while it analyses a log: another one begins that log anew, once, by itself."""

import os
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select, update

from engine.foreign_logs.kept import SILENT
from engine.store.database import Database
from engine.store.tables import foreign_log
from tests.api.desk import found_in, open_desk
from tests.faults.server_process import ServerProcess

HERE = "/analysis/foreign-logs"
HEAD = "case_id,activity,start_time,end_time\n"
CASES = 30_000  # some seconds' work
PATIENCE = 120  # seconds


def log_file() -> bytes:
    rows = (
        f"{n},bước {k},2025-07-{n % 28 + 1:02d}T0{k}:00:00Z,2025-07-{n % 28 + 1:02d}T0{k}:30:00Z\n"
        for n in range(CASES)
        for k in range(1, 6)
    )
    return (HEAD + "".join(rows)).encode()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path, monkeypatch):
    monkeypatch.setenv("QUYTRINH_VAR_FOLDER", str(tmp_path))
    if request.param == "sqlite":
        return request.getfixturevalue("desk_files").fresh(tmp_path)
    postgresql = request.getfixturevalue("postgresql_url")
    found_in(postgresql)
    return postgresql


def client(server, token):
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.Client(base_url=server.address, headers=headers, timeout=30, trust_env=False)


def until(http, here, *states):
    """The log once it is so far."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        told = http.get(here).json()
        if told["state"] in states and (told["state"] != "running" or told["progress"]["stage"]):
            return told
        time.sleep(0.05)
    raise AssertionError(told)


def silent(url):
    """The minute goes by after which a process is thought dead; the servers' clock stands."""
    with closing(Database(url)) as database:
        with database.read() as connection:
            seen_at = connection.execute(select(foreign_log.c.seen_at)).scalar_one()
        earlier = seen_at - SILENT - timedelta(seconds=1)
        database.write(lambda t: t.execute(update(foreign_log).values(seen_at=earlier)))


def analysing(name):
    """The processes that analyse a file of this name now."""
    found = []
    for each in Path("/proc").iterdir():
        if each.name.isdigit():
            try:
                words = (each / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if b"analyse" in words and any(word.endswith(name.encode()) for word in words):
                found.append(int(each.name))
    return found


def test_it_is_begun_anew_once_and_nobody_goes_on_for_the_dead(url, tmp_path):
    desk = open_desk(url, tmp_path)
    token = desk.hung.token
    desk.office.database.close()
    name = f"log-{os.getpid()}-{tmp_path.name}.csv"
    servers = [ServerProcess(url)]
    try:
        with client(servers[0], token) as http:
            brought = http.post(HERE, files={"file": (name, log_file())})
            here = f"{HERE}/{brought.json()['log_id']}"
            until(http, here, "running")
        servers.pop().kill()
        _require_gone(name)
        servers += [ServerProcess(url), ServerProcess(url)]
        silent(url)
        with client(servers[0], token) as http:
            again = until(http, here, "running")
            assert len(analysing(name)) <= 1
            told = until(http, here, "done", "refused", "interrupted")
            assert (again["run"], told["run"], told["state"]) == (2, 2, "done")
            assert http.get(f"{here}/analysis").json()["cases"] == CASES
    finally:
        for server in servers:
            server.kill()


def _require_gone(name):
    end = time.monotonic() + 10
    while analysing(name) and time.monotonic() < end:
        time.sleep(0.05)
    assert analysing(name) == []
