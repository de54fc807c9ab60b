"""The library as we rely on it: one proved version, and what is set right at import.

* Version: the mends below touch inner workings, so no other version is accepted unproved.
* Depth: the library's task iterator stops silently at depth 1,000, after which a dossier with
  many returns would freeze without a word; here it sees the whole tree.
* History: after each step the library asks everything that waits, and walks the whole tree to
  find it; here the tokens are known (`engine.runtime.tokens`), so cost does not grow.
* Numbers: activity instances get small consecutive numbers instead of random UUIDs, so that a
  dossier's state is compact and the same history always gives the same state.
* Silence: with each change of state the library puts together a record for a log that nobody
  reads, which costs more than the change; at the end of a process it walks the tree for one.
"""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from typing import Any

from SpiffWorkflow import Workflow
from SpiffWorkflow import task as _task_module
from SpiffWorkflow.bpmn.util.task import BpmnTaskIterator
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskIterator

from engine.runtime.tokens import update_waiting

PROVED_VERSION = "3.2.0"
if version("spiffworkflow") != PROVED_VERSION:
    _found = version("spiffworkflow")
    _message = f"SpiffWorkflow {PROVED_VERSION} is required, {_found} is installed"
    raise ImportError(_message)

_NO_LIMIT = sys.maxsize
TaskIterator.__init__.__defaults__ = (None, _NO_LIMIT, True, None)
if BpmnTaskIterator.__init__ is not TaskIterator.__init__:
    BpmnTaskIterator.__init__.__defaults__ = tuple(
        _NO_LIMIT if default == 1000 else default  # noqa: PLR2004 - the library's figure
        for default in BpmnTaskIterator.__init__.__defaults__ or ()
    )

Workflow.update_waiting_tasks = update_waiting

# The parser and the prediction of tasks recurse once or more per flow node of a chain.
sys.setrecursionlimit(max(sys.getrecursionlimit(), 20_000))


class Numbers:
    """The next number of an activity instance in one dossier.

    settled: how many instances were left when it last forgot (`engine.runtime.forgetting`).
    """

    def __init__(self, last: int = 0, settled: int = 0) -> None:
        self.last = last
        self.settled = settled

    def next_id(self) -> int:
        self.last += 1
        return self.last


_current = threading.local()


@contextmanager
def numbering(numbers: Numbers) -> Iterator[None]:
    """Within, every activity instance that comes to be gets the dossier's next number."""
    before = getattr(_current, "numbers", None)
    _current.numbers = numbers
    try:
        yield
    finally:
        _current.numbers = before


def _next_id() -> int:
    numbers: Numbers | None = getattr(_current, "numbers", None)
    if numbers is None:
        message = "an activity instance came to be outside of numbering()"
        raise RuntimeError(message)
    return numbers.next_id()


def _set_state(task: Task, value: int) -> None:
    task._state = value  # noqa: SLF001


def _nothing_to_log(_workflow: Workflow, _beside: Any = None) -> dict[str, Any]:
    return {}


_task_module.uuid4 = _next_id
Task._set_state = _set_state  # noqa: SLF001
Workflow.collect_log_extras = _nothing_to_log
