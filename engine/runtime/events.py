"""Events as BPMN 2.0 has them: what waits, what is thrown, told apart by kind and name.

The library matches events by its own classes and a register of everything that waits, forgets
some of them (links, signals at an end, compensation) and lets an interrupted branch go on. Here an
event's specification only says what it is about; `engine.runtime.happening` makes things happen.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.parser.event_parsers import (
    BoundaryEventParser,
    EndEventParser,
    EventDefinitionParser,
    StartEventParser,
)
from SpiffWorkflow.bpmn.parser.task_parsers import SubWorkflowParser
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec
from SpiffWorkflow.bpmn.specs.defaults import (
    BoundaryEvent,
    EndEvent,
    EventSubprocess,
    IntermediateCatchEvent,
    IntermediateThrowEvent,
    StartEvent,
    SubWorkflowTask,
    UserTask,
)
from SpiffWorkflow.bpmn.specs.event_definitions.simple import NoneEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.runtime.rewriting.compensation import BORDER, UNDOES
from engine.runtime.rewriting.definitions import ABOUT
from processes.document import BPMN, bpmn, local_name
from processes.drawing import truth

FIRED, SEEN = "event_fired", "seen"
_SUFFIX = "EventDefinition"


@dataclass(frozen=True, slots=True)
class Happening:
    """What an event is about.

    kind: as the element is called ("message", "timer", ...). about: the name, the code ("" is any),
    the condition, the timer's rule, or the activity to compensate ("" is all).
    """

    kind: str
    about: str = ""

    def meets(self, kind: str, name: str) -> bool:
        """Whether a happening of this kind and name is what is waited for."""
        if self.kind != kind:
            return False
        return self.about == name or (kind in ("error", "escalation") and not self.about)


class _Waits:
    """What waits until `happening` says that it has happened; without definitions, not at all."""

    definitions: tuple[Happening, ...] = ()
    all_of = False  # several definitions: wait for each of them

    def _update_hook(self, my_task: Task) -> bool:
        if not self.definitions or my_task.internal_data.get(FIRED):
            return True
        if not my_task.has_state(TaskState.WAITING):
            my_task._set_state(TaskState.WAITING)  # noqa: SLF001
        return False

    def _run_hook(self, my_task: Task) -> bool:  # noqa: ARG002 - as the library calls it
        return True

    def _on_ready_hook(self, my_task: Task) -> None:
        pass

    def _on_cancel(self, my_task: Task) -> None:
        pass


class Catch(_Waits, IntermediateCatchEvent):  # type: ignore[misc]  # the library is untyped
    """An intermediate catch event."""


class Border(_Waits, BoundaryEvent):  # type: ignore[misc]
    """A boundary event; `cancel_activity`: it interrupts."""


class Listener(_Waits, BpmnTaskSpec):  # type: ignore[misc]
    """Waits beside everything in a scope to start an event sub-process."""

    cancel_activity = True
    event_id = ""  # the start event it waits for


class Begin(StartEvent):  # type: ignore[misc]
    """A start event: at the top what opened the dossier, so there is nothing to wait for."""

    definitions: tuple[Happening, ...] = ()
    all_of = False
    interrupting = True

    def _update_hook(self, my_task: Task) -> bool:  # noqa: ARG002
        return True

    def _run_hook(self, my_task: Task) -> bool:  # noqa: ARG002
        return True


class _Throws:
    """What makes something happen: seen by `happening` after it has run."""

    definitions: tuple[Happening, ...] = ()

    @property
    def undoes(self) -> bool:
        """Whether it goes on only when what it compensates is undone."""
        return any(one.kind in ("compensate", "cancel") for one in self.definitions)

    def _run_hook(self, my_task: Task) -> bool | None:  # noqa: ARG002
        return None if self.undoes else True


class Throw(_Throws, IntermediateThrowEvent):  # type: ignore[misc]
    """An intermediate throw event."""


class Ending(_Throws, EndEvent):  # type: ignore[misc]
    """An end event."""

    def _on_complete_hook(self, my_task: Task) -> None:
        pass


class FirstOf(BpmnSpecMixin):  # type: ignore[misc]
    """An event-based gateway: all its events wait, the first to happen takes the others away."""


class Step(UserTask):  # type: ignore[misc]
    """A person's step; a send or receive task is one that knows its message."""

    message: Happening | None = None
    sent = False


def _definitions(node: etree._Element) -> Iterator[Happening]:
    for child in node.iterchildren(f"{{{BPMN}}}*"):
        kind = local_name(child).removesuffix(_SUFFIX)
        if kind == local_name(child):
            continue
        rule = "".join(child.itertext()).strip() if kind == "timer" else child.get(ABOUT, "")
        yield Happening(kind, rule)


class _OwnEvents(EventDefinitionParser):  # type: ignore[misc]
    """Gives the specification what our translation spelt out instead of the library's reading."""

    def get_event_definition(self, _xpaths: Any) -> Any:
        return NoneEventDefinition(description="Default")

    def _create_task(self, *args: Any, **kwargs: Any) -> Any:
        spec = super()._create_task(*args, **kwargs)
        spec.definitions = tuple(_definitions(self.node))
        spec.all_of = truth(self.node.get("parallelMultiple"))
        if isinstance(spec, Begin):
            spec.interrupting = truth(self.node.get("isInterrupting"), otherwise=True)
        return spec


class _StartParser(_OwnEvents, StartEventParser):  # type: ignore[misc]
    pass


class _EndParser(_OwnEvents, EndEventParser):  # type: ignore[misc]
    pass


class _PlainParser(_OwnEvents):
    def create_task(self) -> Any:
        return self._create_task(self.get_event_definition(()))


class _BorderParser(_OwnEvents, BoundaryEventParser):  # type: ignore[misc]
    def create_task(self) -> Any:
        interrupts = truth(self.node.get("cancelActivity"), otherwise=True)
        return self._create_task(self.get_event_definition(()), interrupts)


class _FirstOfParser(TaskParser):  # type: ignore[misc]
    def handles_multiple_outgoing(self) -> bool:
        return True


class _StepParser(TaskParser):  # type: ignore[misc]
    def create_task(self) -> Any:
        spec = super().create_task()
        message = self.node.find(bpmn("messageEventDefinition"))
        if message is not None:
            spec.message = Happening("message", message.get(ABOUT, ""))
            spec.sent = truth(message.get("sent"))
        return spec


class _ScopeParser(SubWorkflowParser):  # type: ignore[misc]
    def create_task(self) -> Any:
        if truth(self.node.get("triggeredByEvent")):  # the library looks in another namespace
            self.spec_class = EventSubprocess
        return super().create_task()


PARSERS = {
    bpmn("startEvent"): (_StartParser, Begin),
    bpmn("endEvent"): (_EndParser, Ending),
    bpmn("intermediateCatchEvent"): (_PlainParser, Catch),
    bpmn("intermediateThrowEvent"): (_PlainParser, Throw),
    bpmn("boundaryEvent"): (_BorderParser, Border),
    bpmn("eventBasedGateway"): (_FirstOfParser, FirstOf),
    bpmn("subProcess"): (_ScopeParser, SubWorkflowTask),
    bpmn("userTask"): (_StepParser, Step),
}
"""The library's parsers, taught."""


def listen(process: Any, subprocesses: Any) -> None:
    """Put a listener before each event sub-process of a scope, beside what the scope does."""
    start = process.start
    for name in list(start._outputs):  # noqa: SLF001
        inner = process.task_specs[name]
        if not isinstance(inner, EventSubprocess):
            continue
        begin = next(iter(subprocesses[inner.spec].bpmn_start_events))
        listener = Listener(process, f"{begin.name}.Listener")
        listener.definitions, listener.all_of = begin.definitions, begin.all_of
        listener.event_id = begin.name
        listener.cancel_activity = begin.interrupting or any(
            one.kind == "error" for one in begin.definitions
        )
        start._outputs[start._outputs.index(name)] = listener.name  # noqa: SLF001
        inner._inputs.remove(start.name)  # noqa: SLF001
        listener._inputs.append(start.name)  # noqa: SLF001
        listener.connect(inner)


def undoing(parser: Any) -> dict[str, tuple[str, str]]:
    """Steps that undo others: activity -> (handler, boundary event)."""
    found: dict[str, tuple[str, str]] = {}
    for process_parser in list(parser.process_parsers.values()):
        if process_parser.spec is None:
            continue
        for node in process_parser.node.iterchildren(f"{{{BPMN}}}*"):
            undone = node.get(UNDOES)
            if undone is not None:
                handler = process_parser.parse_node(node)
                handler._inputs = [process_parser.spec.start.name]  # noqa: SLF001 - may run
                found[undone] = (handler.name, node.get(BORDER, ""))
    return found


def know_everywhere(handlers: Mapping[str, tuple[str, str]], scopes: Sequence[Any]) -> None:
    """Handlers run below the event that throws, which may stand in a scope around them."""
    for name, _ in handlers.values():
        handler = next(s.task_specs[name] for s in scopes if name in s.task_specs)
        for scope in scopes:
            scope.task_specs.setdefault(name, handler)


def begin_at_one(process: Any) -> None:
    """Of several start events one begins; the library would let all of them wait for each other."""
    split = process.task_specs.get("StartEventSplit")
    if split is None:
        return
    begins = [spec for spec in split.outputs if isinstance(spec, Begin)]
    start = process.start
    for begin in begins:
        begin._inputs = [start.name]  # noqa: SLF001
        begin._outputs.remove("StartEventJoin")  # noqa: SLF001
    others = [name for name in start._outputs if name != split.name]  # noqa: SLF001
    start._outputs = [*(begin.name for begin in begins), *others]  # noqa: SLF001
    for name in (split.name, "StartEventJoin"):
        del process.task_specs[name]
