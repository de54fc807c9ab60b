"""What happens to a running dossier: events meet what waits for them.

An event that interrupts takes away what it interrupts at once, whatever is open inside. Errors
and escalations go outwards to the nearest that catches them; signals reach everything that waits.
Compensation runs the steps that undo below the event that asked for it, the last done first.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit
from SpiffWorkflow.bpmn.specs.defaults import EventSubprocess
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.runtime.events import (
    FIRED,
    SEEN,
    Border,
    Catch,
    Ending,
    FirstOf,
    Happening,
    Listener,
    Step,
    Throw,
)
from engine.runtime.tokens import all_tokens, beside, tokens, update_waiting
from engine.runtime.translation import element_id
from processes.timer import InvalidTimer, Repetition

# What is kept with an instance of an event, and saved with it.
FOLLOWS = "follows"  # the timer that this one repeats
_TIMES = "times"  # how often a repeating timer has fired
_SPENT = "spent"  # definitions that do not happen again
_HELD = "held"  # the condition held when it last happened
DONE_AS = "done_as"  # when an activity that can be undone was completed
_UNDONE = "undone"
_TO_UNDO = "to_undo"  # what an event still has to undo, the next first

_Waiting = tuple[Task, int, Happening]


@dataclass(frozen=True, slots=True)
class Sent:
    """What left the dossier: a message, a signal, or an error or escalation that nobody caught."""

    kind: str
    name: str
    element_id: str


class Happenings:
    """Makes things happen in one dossier during one act.

    handlers: activity -> (the step that undoes it, its boundary event). note: told of each instance
    that was completed; pass_by: of the boundary event of a step that is undone.
    """

    def __init__(
        self,
        workflow: Any,
        handlers: Mapping[str, tuple[str, str]],
        note: Callable[[Task], None],
        pass_by: Callable[[str], None],
        next_number: Callable[[], int],
    ) -> None:
        self._workflow = workflow
        self._handlers = handlers
        self._note = note
        self._pass_by = pass_by
        self._next_number = next_number
        self.sent: list[Sent] = []
        self.received: list[int] = []

    def waiting(self) -> Iterator[_Waiting]:
        """What can happen now: the instance that waits, and which of its definitions."""
        for task in list(all_tokens(self._workflow)):
            yield from possible(task)

    def happen(self, task: Task, index: int) -> None:
        """This definition of what waits has happened."""
        spec = task.task_spec
        if isinstance(spec, Step):
            self.received.append(task.id)
            self.run(task)
            return
        if spec.all_of and len(spec.definitions) > 1:
            seen = sorted({*task.internal_data.get(SEEN, ()), index})
            task._set_internal_data(**{SEEN: seen})  # noqa: SLF001
            if len(seen) < len(spec.definitions):
                return
        task._set_internal_data(**{FIRED: True})  # noqa: SLF001
        self._make_room(task, index)
        spec._update(task)  # noqa: SLF001

    def run(self, task: Task) -> None:
        """Run an instance, and what follows from it beside its flows."""
        self._pass(task, task.run)

    def _pass(self, task: Task, act: Callable[[], Any]) -> None:
        scope = task.workflow
        waiting = self._before(task)
        scope.throwing = isinstance(task.task_spec, Ending) and bool(waiting)
        act()
        self._note(task)
        self._after(task, waiting)
        if scope.throwing:  # only now is it clear whether the scope is at its end
            scope.throwing = False
            if not scope.completed:
                update_waiting(scope)

    def _before(self, task: Task) -> list[_Waiting]:
        """What waits before something is thrown: what comes to wait through it comes too late."""
        spec = task.task_spec
        throws = isinstance(spec, (Throw, Ending)) and spec.definitions
        sends = isinstance(spec, Step) and spec.sent
        return list(self.waiting()) if throws or sends else []

    def _after(self, task: Task, waiting: list[_Waiting]) -> None:
        spec = task.task_spec
        done = task.has_state(TaskState.COMPLETED)
        if done and task.parent is not None and isinstance(task.parent.task_spec, FirstOf):
            _take_away(task.parent.children, task)
        if done and spec.name in self._handlers:
            task._set_internal_data(**{DONE_AS: self._next_number()})  # noqa: SLF001
        if isinstance(spec, Step) and spec.sent and spec.message is not None and done:
            self._send(task, spec.message, waiting)
        elif isinstance(spec, (Throw, Ending)):
            if done:
                self._throw(task, waiting)
            elif spec.undoes:
                self._begin_undoing(task)
        if done and task.triggered and isinstance(task.parent.task_spec, (Throw, Ending)):
            self._undo_next(task.parent)

    def cares(self, holds: Callable[[str], bool]) -> bool:
        """Let one condition that has come to hold happen; whether there was one."""
        for task, index, definition in self.waiting():
            if definition.kind != "conditional":
                continue
            if not holds(definition.about):
                task.internal_data.pop(_HELD, None)
            elif not task.internal_data.get(_HELD):
                self.happen(task, index)
                return True
        return False

    # What an event takes away, and what stays

    def _make_room(self, task: Task, index: int) -> None:
        spec = task.task_spec
        if isinstance(spec, Catch):
            if isinstance(task.parent.task_spec, FirstOf):
                _take_away(task.parent.children, task)
        elif not spec.cancel_activity:
            _wait_again(task, index)
        elif isinstance(spec, Border):
            _take_away(task.parent.children, task)
        else:
            _take_away(tokens(task.workflow), task)

    # What is thrown

    def _throw(self, task: Task, waiting: list[_Waiting]) -> None:
        for definition in task.task_spec.definitions:
            match definition.kind:
                case "message":
                    self._send(task, definition, waiting)
                case "signal":
                    self._leave(task, definition)
                    self._reach(waiting, "signal", definition.about)
                case "error" | "escalation":
                    self._pass_outwards(task, definition)
                case "cancel":
                    self._cancelled(task)
                case "terminate":
                    end_scope(task.workflow, task)

    def _send(self, task: Task, message: Happening, waiting: list[_Waiting]) -> None:
        """To the first of the dossier that waits for it, else out into the world."""
        met = [one for one in waiting if one[2].meets("message", message.about) and _waits(one)]
        if met:
            catcher, index, _ = min(met, key=lambda one: one[0].id)
            self.happen(catcher, index)
        else:
            self._leave(task, message)

    def reach_all(self, kind: str, name: str) -> None:
        """It happens to everything that waits for it at this moment."""
        self._reach(list(self.waiting()), kind, name)

    def _reach(self, waiting: list[_Waiting], kind: str, name: str) -> None:
        for one in waiting:
            if one[2].meets(kind, name) and _waits(one):
                self.happen(one[0], one[1])

    def _pass_outwards(self, task: Task, thrown: Happening) -> None:
        scope, from_reaction = task.workflow, False
        while True:
            listeners = [] if from_reaction else tokens(scope)
            around = around_scope(scope)
            caught = _best(listeners, thrown) or _best(_borders(around), thrown)
            if caught is not None:
                self.happen(*caught)
                return
            if around is None:
                break
            from_reaction = isinstance(around.task_spec, EventSubprocess)
            scope = around.workflow
        self._leave(task, thrown)
        if thrown.kind == "error":
            end_scope(scope, task)

    def _cancelled(self, task: Task) -> None:
        around = around_scope(task.workflow)
        caught = _best(_borders(around), Happening("cancel"))
        if caught is not None:
            self.happen(*caught)
        else:
            end_scope(task.workflow, task)

    def _leave(self, task: Task, thrown: Happening) -> None:
        self.sent.append(Sent(thrown.kind, thrown.about, element_id(task.task_spec.name)))

    # Undoing

    def _begin_undoing(self, task: Task) -> None:
        definitions = task.task_spec.definitions
        scope = task.workflow
        around = around_scope(scope)
        if any(one.kind == "cancel" for one in definitions):
            _take_away(tokens(scope), task)
        elif around is not None and isinstance(around.task_spec, EventSubprocess):
            scope = around.workflow  # what reacts undoes what it reacts to
        found: dict[int, int] = {}
        for one in definitions:
            if one.kind in ("compensate", "cancel"):
                found |= self._undoable(scope, one.about)
        order = sorted(found, key=lambda number: -found[number])
        task._set_internal_data(**{_TO_UNDO: order})  # noqa: SLF001
        self._undo_next(task)

    def _undoable(self, scope: Any, activity: str) -> dict[int, int]:
        """Completed instances of a scope that can be undone, and when they were completed."""
        found: dict[int, int] = {}
        for task in scope.tasks.values():
            if activity and task.task_spec.name.partition(".")[0] != activity:
                continue
            if DONE_AS in task.internal_data:
                if _UNDONE not in task.internal_data:
                    found[task.id] = task.internal_data[DONE_AS]
            elif task.has_state(TaskState.COMPLETED):
                inner = self._workflow.subprocesses.get(task.id)
                if inner is not None:
                    found |= self._undoable(inner, "")
        return found

    def _undo_next(self, throwing: Task) -> None:
        """Open the next step that undoes; when there is none left, go on."""
        order = throwing.internal_data.get(_TO_UNDO, [])
        if not order:
            self._pass(throwing, throwing.complete)
            return
        throwing._set_internal_data(**{_TO_UNDO: order[1:]})  # noqa: SLF001
        undone = self._workflow.get_task_from_id(order[0])
        undone._set_internal_data(**{_UNDONE: True})  # noqa: SLF001
        handler, border = self._handlers[undone.task_spec.name]
        self._pass_by(border)
        spec = throwing.workflow.spec.task_specs[handler]
        child = throwing._add_child(spec, TaskState.FUTURE)  # noqa: SLF001
        child.triggered = True
        spec._update(child)  # noqa: SLF001


def possible(task: Task) -> Iterator[_Waiting]:
    """The definitions of one instance that can still happen."""
    spec = task.task_spec
    if isinstance(spec, Step):
        if spec.message is not None and not spec.sent and task.has_state(TaskState.READY):
            yield task, 0, spec.message
    elif isinstance(spec, (Catch, Border, Listener)) and task.has_state(TaskState.WAITING):
        over = {*task.internal_data.get(SEEN, ()), *task.internal_data.get(_SPENT, ())}
        for index, definition in enumerate(spec.definitions):
            if index not in over:
                yield task, index, definition


def _waits(one: _Waiting) -> bool:
    """Whether what waited a moment ago still does."""
    task, index, _ = one
    return task.id in task.workflow.tasks and any(at == index for _, at, _ in possible(task))


def around_scope(scope: Any) -> Task | None:
    """The instance in which a sub-process runs, as its borders see it; None at the top."""
    if scope.parent_task_id is None:
        return None
    around = scope.top_workflow.get_task_from_id(scope.parent_task_id)
    while around.triggered and around.parent is not None:  # one of several instances of it
        around = around.parent
    return around


def end_scope(scope: Any, by: Task) -> None:
    """End a process or sub-process at once, with all that is open in it."""
    _take_away(tokens(scope), None)
    scope._mark_complete(by)  # noqa: SLF001
    scope.completed_event(scope)


def undoing(workflow: Any) -> bool:
    """Whether something is being undone."""
    return any(
        isinstance(task.task_spec, (Throw, Ending)) and task.has_state(TaskState.STARTED)
        for task in all_tokens(workflow)
    )


def waits_for_nobody(task: Task) -> bool:
    """Whether an error or escalation can only come from outside: on the border of a step."""
    return isinstance(task.task_spec, Border) and step_beside(task) is not None


def step_beside(task: Task) -> int | None:
    """The token of the step that waits itself, or on whose border the event waits."""
    beside = task
    if not isinstance(task.task_spec, Step):
        if not isinstance(task.task_spec, Border):
            return None
        beside = next(c for c in task.parent.children if not isinstance(c.task_spec, Border))
        if not beside.task_spec.manual:
            return None
    number: int = beside.id
    return number


def interrupts(task: Task) -> bool:
    """Whether what the event waits beside ends when it comes."""
    return isinstance(task.task_spec, (Border, Listener)) and bool(task.task_spec.cancel_activity)


def _borders(around: Task | None) -> list[Task]:
    if around is None or around.parent is None:
        return []
    split = around.parent
    return list(split.children) if isinstance(split.task_spec, BoundaryEventSplit) else []


def _best(tasks: list[Task], thrown: Happening) -> tuple[Task, int] | None:
    """Who of these catches: the one that names it before the one that catches any."""
    met = [
        (not definition.about, task.id, task, index)
        for waiting in tasks
        if isinstance(waiting.task_spec, (Border, Listener))
        for task, index, definition in possible(waiting)
        if definition.meets(thrown.kind, thrown.about)
    ]
    if not met:
        return None
    _, _, task, index = min(met, key=lambda one: one[:2])
    return task, index


def _take_away(tasks: list[Task], but: Task | None) -> None:
    for task in list(tasks):
        if task is but or task.has_state(TaskState.FINISHED_MASK):
            continue
        if isinstance(task.task_spec, Border) and not task.has_state(TaskState.WAITING):
            continue  # it has happened and goes its way
        for child in task.children:
            if child.triggered:  # below what runs several: they end before it does
                child.cancel()
        task.cancel()


def _wait_again(task: Task, index: int) -> None:
    """An event that does not interrupt goes on waiting for the next time."""
    spec, definition = task.task_spec, task.task_spec.definitions[index]
    kept: dict[str, Any] = {}
    spent = list(task.internal_data.get(_SPENT, ()))
    times = task.internal_data.get(_TIMES, 0)
    if definition.kind == "timer":
        times += 1
        if _repeats(definition.about, times):
            kept[FOLLOWS] = task.id
        else:
            spent.append(index)
    elif definition.kind == "conditional":
        kept[_HELD] = True
    if len(spent) == len(spec.definitions):
        return
    if times:
        kept[_TIMES] = times
    if spent:
        kept[_SPENT] = spent
    again = Task(task.workflow, spec, task.parent, state=TaskState.WAITING)
    again.internal_data = kept
    spec._predict(again, mask=TaskState.NOT_FINISHED_MASK)  # noqa: SLF001
    beside(task, again)


def _repeats(rule: str, times: int) -> bool:
    """Whether a timer that has fired so often fires once more."""
    spelt = json.loads(rule)
    if spelt["kind"] != "cycle":
        return False
    try:
        repetition = Repetition.parse(spelt["value"])
    except InvalidTimer:
        return False
    return repetition.times is None or times < repetition.times
