"""Uploads: megabytes a second into the store and through the door, against a plain file copy.

Measured in turns within each pass, on the same disk: a copy that nobody waits for (`copyfile`, it
ends in the page cache), a durable copy (the same with fsync, rename, fsync of the folder), the
store alone (hash, fsync, rename), and the whole way: HTTP on loopback to a server of its own
process, hash, examination by pdfium in a third process, store, document, three transactions.
"""

import http.client
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bench.machine import load
from bench.printing import table
from bench.spread import spreads
from engine.documents.disk_store import DiskStore
from tests.api.desk import found_in, open_desk
from tests.engine.documents.files import pdf
from tests.faults.server_process import ServerProcess

SIZES = {"100 kB": 100_000, "2 MB": 2_000_000, "40 MB": 40_000_000}
WAYS = ("copy", "durable copy", "store", "upload")
_PIECE = 1 << 20
_LEAST_BYTES = 4_000_000  # of each way in a pass: small files go several at a time


def measure(passes: int, say: Callable[[str], None]) -> dict[str, Any]:
    """size -> way -> MB/s; and the ratio of each way to the durable copy, pass by pass."""
    found: dict[str, list[dict[str, float]]] = {name: [] for name in SIZES}
    begun = load()
    with tempfile.TemporaryDirectory(prefix="quytrinh-bench-", dir=Path.cwd()) as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'office.db'}"
        found_in(url)
        desk = open_desk(url, folder)
        os.environ["QUYTRINH_DOCUMENTS_FOLDER"] = str(folder / "documents")
        os.environ["QUYTRINH_DOSSIER_MEGABYTES"] = "100000"
        dossier = desk.appraised()["dossier_id"]
        server = ServerProcess(url)
        try:
            for number in range(
                passes + 1
            ):  # the first warms up: processes start, folders are made
                say(f"uploads: pass {number}")
                for size, weight in SIZES.items():
                    upload = _uploader(server.address, desk.nam.token, dossier)
                    found[size].append(_pass(folder, weight, upload))
        finally:
            server.kill()
            desk.office.database.close()
            del os.environ["QUYTRINH_DOCUMENTS_FOLDER"], os.environ["QUYTRINH_DOSSIER_MEGABYTES"]
    return {
        "sizes": {size: _figures(each[1:]) for size, each in found.items()},
        "loads": [[begun, load()]],
    }


def _figures(passes: list[dict[str, float]]) -> dict[str, Any]:
    ratios = [{way: each[way] / each["durable copy"] for way in WAYS} for each in passes]
    return {
        "mb_s": spreads(passes),
        "of_durable_copy": spreads(ratios),
    }


def _pass(folder: Path, weight: int, upload: Callable[[bytes], None]) -> dict[str, float]:
    times = max(1, _LEAST_BYTES // weight)
    # New bytes each time: a content that lies there already would still be written, but not grow.
    bodies = [pdf(weight=os.urandom(weight)) for _ in range(times)]
    source, target = folder / "source", folder / "target"
    store = DiskStore(folder / "alone")
    rates = {}
    for way in WAYS:
        spent = 0.0
        for body in bodies:
            source.write_bytes(body)
            begun = time.perf_counter()
            if way == "copy":
                shutil.copyfile(source, target)
            elif way == "durable copy":
                _copy_durably(source, target)
            elif way == "store":
                _keep(store, source)
            else:
                upload(body)
            spent += time.perf_counter() - begun
        rates[way] = sum(map(len, bodies)) / spent / 1e6
    shutil.rmtree(store.folder)
    return rates


def _copy_durably(source: Path, target: Path) -> None:
    part = target.with_suffix(".part")
    with source.open("rb") as read, part.open("wb") as written:
        shutil.copyfileobj(read, written, _PIECE)
        written.flush()
        os.fsync(written.fileno())
    part.replace(target)
    handle = os.open(target.parent, os.O_RDONLY)
    os.fsync(handle)
    os.close(handle)


def _keep(store: DiskStore, source: Path) -> None:
    with source.open("rb") as read, store.arrive(1 << 40) as arrived:
        while piece := read.read(_PIECE):
            arrived.write(piece)
        store.keep("H01", arrived)


def _uploader(address: str, token: str, dossier: str) -> Callable[[bytes], None]:
    at = urlsplit(address)
    path = f"{at.path}/dossiers/{dossier}/documents?component=DON&file_name=a.pdf"
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/octet-stream"}

    def upload(body: bytes) -> None:
        line = http.client.HTTPConnection(at.hostname or "", at.port, timeout=120)
        line.request("POST", path, body, headers)
        answer = line.getresponse()
        said = answer.read()
        line.close()
        if answer.status != http.client.CREATED:
            raise RuntimeError(said.decode())

    return upload


def show(found: dict[str, Any]) -> None:
    rows = [
        [size, way, each["mb_s"][way], each["of_durable_copy"][way]]
        for size, each in found["sizes"].items()
        for way in WAYS
    ]
    head = ["file", "way", "MB/s (lowest-highest)", "of a durable copy"]
    print(table("uploads against a plain file copy, same run", head, rows))
