"""Signatures: milliseconds of CPU that verifying one costs, and what the process around it adds.

Documents of one page with one, two and ten signatures, by a chain of three certificates with
revocation lists; with and without a timestamp. CPU time of the process that verifies, the lowest of
many runs in each pass, so that a loaded machine says the same; a bare check of the same number of
ECDSA signatures, measured in turns, tells what mathematics alone costs.
"""

import hashlib
import logging
import time
from collections.abc import Callable
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from bench.machine import load
from bench.printing import table
from bench.spread import spreads
from engine.signatures import verify
from engine.signatures.pdf import verify_pdf
from tests.engine.signatures.authority import AGENCY, CHECKED, OFFICE, document, signed

_RUNS = 12  # in each pass; the lowest counts
_BESIDE = 40  # points between places


def measure(passes: int, say: Callable[[str], None]) -> dict[str, Any]:
    """document -> way -> CPU ms a signature (wall ms for the way through the room)."""
    logging.disable(logging.CRITICAL)
    begun = load()
    office = OFFICE()
    trust = office.trust(crls=office.lists())
    documents = {
        "1 signature": (_signed(1), 1),
        "1, timestamp": (_signed(1, stamped=True), 1),
        "2, timestamps": (_signed(2, stamped=True), 2),
        "10 signatures": (_signed(10), 10),
    }
    found: dict[str, list[dict[str, float]]] = {name: [] for name in documents}
    bare = _bare_check()
    for number in range(passes):
        say(f"signatures: pass {number + 1}")
        for name, (data, signatures) in documents.items():
            assert verify(data, trust, AGENCY, CHECKED).hold
            found[name].append(
                {
                    "verify": _lowest(lambda d=data: verify_pdf(d, trust.plain(), CHECKED))
                    / signatures,
                    "process": _lowest(
                        lambda d=data: verify(d, trust, AGENCY, CHECKED), time.perf_counter
                    )
                    / signatures,
                    "ecdsa": _lowest(bare),
                }
            )
    logging.disable(logging.NOTSET)
    return {
        "documents": {name: spreads(each) for name, each in found.items()},
        "loads": [[begun, load()]],
    }


def show(found: dict[str, Any]) -> None:
    """The figures as a table."""
    rows = [
        [name, *(each[way] for way in ("verify", "process", "ecdsa"))]
        for name, each in found["documents"].items()
    ]
    head = ["document", "CPU ms a signature", "wall ms through the process", "ECDSA alone, ms"]
    print(table("verifying signatures: lowest of 12 runs in each pass", head, rows))


def _signed(times: int, *, stamped: bool = False) -> bytes:
    office = OFFICE()
    data = document()
    for number in range(times):
        who = office.officer if number % 2 == 0 else office.seal
        left = 20 + number * _BESIDE
        data = signed(
            data,
            who,
            f"Ky{number}",
            stamped_by=office.stamps if stamped else None,
            box=(left, 20, left + 30, 40),
        )
    return data


def _bare_check() -> Callable[[], None]:
    key = OFFICE().officer.key
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    data = hashlib.sha256(b"quyet dinh").digest()
    signature = key.sign(data, ec.ECDSA(hashes.SHA256()))
    public = key.public_key()
    return lambda: public.verify(signature, data, ec.ECDSA(hashes.SHA256()))


def _lowest(act: Callable[[], Any], clock: Callable[[], float] = time.process_time) -> float:
    """Milliseconds of the quickest of the runs."""
    spent = []
    for _ in range(_RUNS):
        begun = clock()
        act()
        spent.append(clock() - begun)
    return min(spent) * 1000
