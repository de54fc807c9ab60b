"""Forms: what one costs from facts to bytes, and from the record to a kept, numbered form.

Each template is drawn with another number each time, so that nothing is remembered. An issued
receipt is read from the record, checked, drawn, numbered, kept and on the journal, SQLite on disk,
one clerk; printed again, it is only given out. A pass gives the median of its runs, and the lowest:
on a loaded machine that is what a form costs.
"""

import statistics
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.machine import load
from bench.printing import table
from bench.spread import spreads
from engine.forms import press
from engine.forms.catalogue import samples, shipped_templates
from engine.forms.issuing import issue
from engine.forms.kinds import FormKind
from engine.store.migrations import upgrade
from tests.engine.drawing import CLERK
from tests.engine.forms.filled import opened, received
from tests.engine.offices import Ward, open_ward

AT = datetime(2026, 3, 2, 1, 5, tzinfo=UTC)
_DRAWN = 20  # of each template in a pass
_ISSUED = 20
_BOOKS = {100: 3, 2_000: 1}  # lines of a register: how often in a pass

Work = Callable[[int], object]


def measure(passes: int, say: Callable[[str], None]) -> dict[str, Any]:
    """what -> "ms", "lowest_ms" and "a_second", each with its spread over the passes."""
    begun = load()
    first = time.perf_counter()
    press.pdf(shipped_templates()[0].source, samples()[FormKind.RECEIPT], AT)
    first_ms = (time.perf_counter() - first) * 1000
    found: dict[str, list[dict[str, float]]] = {}
    with TemporaryDirectory(prefix="quytrinh-bench-", dir=Path.cwd()) as folder:
        url = f"sqlite:///{Path(folder) / 'bench.db'}"
        upgrade(url)
        ward = opened(open_ward(url))
        try:
            for number in range(passes):
                say(f"forms: pass {number + 1}")
                for what, (work, times) in {**_drawn(number), **_issued(ward)}.items():
                    found.setdefault(what, []).append(_pass(work, times))
        finally:
            ward.office.database.close()
    return {
        "forms": {what: spreads(each) for what, each in found.items()},
        "first_of_a_process_ms": first_ms,
        "loads": [[begun, load()]],
    }


def show(found: dict[str, Any]) -> None:
    """The figures as a table."""
    rows = [
        [what, each["ms"], each["lowest_ms"], each["a_second"]]
        for what, each in found["forms"].items()
    ]
    head = ["form", "ms (lowest-highest of the passes)", "lowest of a pass, ms", "a second"]
    print(table("standard forms: median of the runs of each pass", head, rows))
    print(f"the first form of a process: {found['first_of_a_process_ms']:.0f} ms")


def _drawn(number: int) -> dict[str, tuple[Work, int]]:
    """Every template once more, and the register with many lines."""
    works: dict[str, tuple[Work, int]] = {}
    for template in shipped_templates():
        facts = samples()[template.kind]
        works[f"drawn {template.template}"] = (_draw(template.source, facts, number), _DRAWN)
    book = next(each for each in shipped_templates() if each.template == "2025/07")
    facts = samples()[FormKind.REGISTER]
    for lines, times in _BOOKS.items():
        long = {**facts, "lines": [[str(n), *facts["lines"][0][1:]] for n in range(lines)]}
        works[f"register of {lines} lines"] = (_draw(book.source, long, number), times)
    return works


def _draw(source: str, facts: Mapping[str, Any], number: int) -> Work:
    def draw(run: int) -> bytes:
        said = f"{run}/X {number * 7919 + run}"
        return press.pdf(source, {**facts, "number": said}, AT)

    return draw


def _issued(ward: Ward) -> dict[str, tuple[Work, int]]:
    clerk = ward.holder(*CLERK)
    dossiers = [received(ward).dossier_id for _ in range(_ISSUED)]

    def one(run: int) -> object:
        return issue(ward.office, clerk, dossiers[run], FormKind.RECEIPT, {})

    return {"issued receipt": (one, _ISSUED), "printed again": (one, _ISSUED)}


def _pass(work: Work, times: int) -> dict[str, float]:
    spent = []
    for run in range(times):
        begun = time.perf_counter()
        work(run)
        spent.append((time.perf_counter() - begun) * 1000)
    middle = statistics.median(spent)
    return {"ms": middle, "lowest_ms": min(spent), "a_second": 1000 / middle}
