"""Forms: what one costs from facts to bytes, and from the record to a kept, numbered form.

`python -m bench.forms`. On a loaded machine the lowest of many is what a form costs, the median
what was waited for.
"""

import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from engine.forms import press
from engine.forms.catalogue import samples, shipped_templates
from engine.forms.issuing import issue
from engine.forms.kinds import FormKind
from engine.store.migrations import upgrade
from tests.engine.drawing import CLERK
from tests.engine.forms.filled import opened, received
from tests.engine.offices import open_ward

AT = datetime(2026, 3, 2, 1, 5, tzinfo=UTC)
DRAWN = 60
ISSUED = 60


def seconds_of(work: Callable[[int], object], times: int) -> list[float]:
    """Wall time of each of so many."""
    found = []
    for number in range(times):
        start = time.perf_counter()
        work(number)
        found.append(time.perf_counter() - start)
    return found


def told(what: str, found: list[float]) -> None:
    ordered = sorted(found)
    middle, most = statistics.median(ordered), ordered[int(0.95 * len(ordered))]
    print(
        f"{what}: {1 / middle:.0f} a second; milliseconds: lowest {ordered[0] * 1000:.1f}, "
        f"median {middle * 1000:.1f}, 95 % {most * 1000:.1f}"
    )


def draw_all() -> None:
    """Each template, another number each time, so that nothing is remembered."""
    start = time.perf_counter()
    press.pdf(shipped_templates()[0].source, samples()[FormKind.RECEIPT], AT)
    print(f"the first form of a process: {time.perf_counter() - start:.2f} s")
    for template in shipped_templates():
        facts = samples()[template.kind]

        def draw(number: int, facts: dict = facts, source: str = template.source) -> bytes:
            said = f"{number}/X {number * 7919}"
            return press.pdf(source, {**facts, "number": said}, AT)

        told(f"drawn {template.template}", seconds_of(draw, DRAWN))


def draw_registers() -> None:
    """Lines of a register."""
    template = next(each for each in shipped_templates() if each.template == "2025/07")
    facts = samples()[FormKind.REGISTER]
    for lines in (100, 1_000, 2_000):
        book = [[str(n), *facts["lines"][0][1:]] for n in range(lines)]
        given = {**facts, "lines": book}
        found = seconds_of(
            lambda n, g=given: press.pdf(template.source, {**g, "number": str(n)}, AT), 3
        )
        told(f"register of {lines} lines", found)


def issue_all() -> None:
    """From the record: read, checked, drawn, numbered, kept, on the journal; SQLite on disk."""
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'bench.db'}"
        upgrade(url)
        ward = opened(open_ward(url))
        outcomes = [received(ward) for _ in range(ISSUED)]
        clerk = ward.holder(*CLERK)

        def one(number: int) -> object:
            dossier_id = outcomes[number].dossier_id
            return issue(ward.office, clerk, dossier_id, FormKind.RECEIPT, {})

        told("issued receipts, one clerk", seconds_of(one, ISSUED))
        told("printed again", seconds_of(one, ISSUED))
        ward.office.database.close()


if __name__ == "__main__":
    draw_all()
    draw_registers()
    issue_all()
