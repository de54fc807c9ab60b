"""What the library needs to run one version of a procedure: parsed once, shared by all dossiers."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from lxml import etree
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.parser.task_parsers import ConditionalGatewayParser, GatewayParser
from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec

from engine.runtime import library as _library  # noqa: F401 - sets the library right first
from engine.runtime.events import PARSERS, begin_at_one, know_everywhere, listen, undoing
from engine.runtime.gateways import AllOf, OneOf, SomeOf
from engine.runtime.inventions import INVENTIONS
from engine.runtime.places import Places
from engine.runtime.translation import inner_id, runnable
from processes.document import bpmn

_STACK_BYTES = 256 * 1024 * 1024  # the parser recurses along the longest chain of the diagram
_one_stack = threading.Lock()  # the size for new threads is set for the whole process


class _Parser(BpmnParser):  # type: ignore[misc]
    """The library's parser, with our gateways and events."""

    OVERRIDE_PARSER_CLASSES: ClassVar[dict[str, Any]] = {
        bpmn("parallelGateway"): (GatewayParser, AllOf),
        bpmn("inclusiveGateway"): (ConditionalGatewayParser, SomeOf),
        bpmn("exclusiveGateway"): (ConditionalGatewayParser, OneOf),
        **PARSERS,
        **INVENTIONS,
    }


@dataclass(frozen=True)
class Specification:
    """The parsed process with its sub-processes.

    names: the task specifications' names in a fixed order, so that states can use their index.
    handlers: activity -> the step that undoes it and its boundary event, all by their inner ids.
    places: where its dossiers were seen to stand, and which ways led on.
    """

    process: BpmnProcessSpec
    subprocesses: Mapping[str, BpmnProcessSpec]
    names: tuple[str, ...]
    index: Mapping[str, int]
    handlers: Mapping[str, tuple[str, str]]
    places: Places = field(default_factory=Places, repr=False, compare=False)

    FORMAT: ClassVar[int] = 1

    @classmethod
    def parse(cls, definitions: etree._Element, process_id: str) -> "Specification":
        """Parse a checked diagram; a diagram that was not checked may fail in the library."""
        root = runnable(definitions, process_id)
        parsed = _with_deep_stack(lambda: _parse(root, inner_id(process_id)))
        process, subprocesses, handlers = parsed
        names = sorted(
            {name for spec in (process, *subprocesses.values()) for name in spec.task_specs}
        )
        index = {name: number for number, name in enumerate(names)}
        return cls(process, subprocesses, tuple(names), index, handlers)


def _parse(root: etree._Element, name: str) -> tuple[Any, dict[str, Any], dict[str, Any]]:
    parser = _Parser()
    parser.add_bpmn_xml(root)
    process = parser.get_spec(name)
    parser.get_subprocess_specs(name)
    handlers = undoing(parser)
    subprocesses = parser.get_subprocess_specs(name)
    scopes = (process, *subprocesses.values())
    know_everywhere(handlers, scopes)
    for scope in scopes:
        listen(scope, subprocesses)
        begin_at_one(scope)
    return process, subprocesses, handlers


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
