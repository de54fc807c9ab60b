"""What the library needs to run one version of a procedure: parsed once, shared by all dossiers."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from lxml import etree
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.parser.task_parsers import ConditionalGatewayParser, GatewayParser
from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition

from engine.runtime import library as _library  # noqa: F401 - sets the library right first
from engine.runtime.gateways import AllOf, OneOf, SomeOf
from engine.runtime.translation import inner_id, runnable
from processes.document import bpmn

_STACK_BYTES = 256 * 1024 * 1024  # the parser recurses along the longest chain of the diagram
_one_stack = threading.Lock()  # the size for new threads is set for the whole process


class OfficeTimer(TimerEventDefinition):  # type: ignore[misc]  # the library is untyped
    """A timer that fires when the engine says so: due times are office time, kept in a table."""

    def has_fired(self, my_task: Any) -> bool:
        return bool(my_task._get_internal_data("event_fired", False))  # noqa: SLF001


class _Parser(BpmnParser):  # type: ignore[misc]
    """The library's parser, with our gateways."""

    OVERRIDE_PARSER_CLASSES: ClassVar[dict[str, Any]] = {
        bpmn("parallelGateway"): (GatewayParser, AllOf),
        bpmn("inclusiveGateway"): (ConditionalGatewayParser, SomeOf),
        bpmn("exclusiveGateway"): (ConditionalGatewayParser, OneOf),
    }


@dataclass(frozen=True)
class Specification:
    """The parsed process with its sub-processes.

    names: the task specifications' names in a fixed order, so that states can use their index.
    """

    process: BpmnProcessSpec
    subprocesses: Mapping[str, BpmnProcessSpec]
    names: tuple[str, ...]
    index: Mapping[str, int]

    FORMAT: ClassVar[int] = 1

    @classmethod
    def parse(cls, definitions: etree._Element, process_id: str) -> "Specification":
        """Parse a checked diagram; a diagram that was not checked may fail in the library."""
        root = runnable(definitions, process_id)
        parsed = _with_deep_stack(lambda: _parse(root, inner_id(process_id)))
        process, subprocesses = parsed
        names = sorted(
            {name for spec in (process, *subprocesses.values()) for name in spec.task_specs}
        )
        return cls(process, subprocesses, tuple(names), {n: i for i, n in enumerate(names)})


def _parse(root: etree._Element, name: str) -> tuple[BpmnProcessSpec, dict[str, BpmnProcessSpec]]:
    parser = _Parser()
    parser.add_bpmn_xml(root)
    process = parser.get_spec(name)
    subprocesses = parser.get_subprocess_specs(name)
    for spec in (process, *subprocesses.values()):
        for task_spec in spec.task_specs.values():
            definition = getattr(task_spec, "event_definition", None)
            if isinstance(definition, TimerEventDefinition):
                task_spec.event_definition = OfficeTimer(definition.name, definition.expression)
    return process, subprocesses


def _with_deep_stack(work: Any) -> Any:
    """Run in a thread of its own with room for long chains; re-raise what it raises."""
    outcome: list[Any] = []

    def run() -> None:
        try:
            outcome.append((True, work()))
        except BaseException as error:  # noqa: BLE001 - carried over to the caller's thread
            outcome.append((False, error))

    thread = threading.Thread(target=run, name="bpmn-parser")
    with _one_stack:
        before = threading.stack_size(_STACK_BYTES)
        try:
            thread.start()
        finally:
            threading.stack_size(before)
    thread.join()
    succeeded, result = outcome[0]
    if not succeeded:
        raise result
    return result
