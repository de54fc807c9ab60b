"""Activities that are done several times: how many, which of them, and when it is enough.

`engine.runtime.rewriting.repetitions` draws them; here is what its own elements do. All of one
repetition stands in one invented sub-process, so nothing of another round or token is in the way.
What has to be remembered is kept with the counting task, as numbers and FEEL literals.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec
from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin
from SpiffWorkflow.specs.base import TaskSpec
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.runtime.tokens import tokens
from engine.runtime.translation import element_id
from processes.errors import Unmet
from processes.feel import compile_expression
from processes.feel.meter import Meter
from processes.feel.writing import write_literal, write_plain

MOST_INSTANCES = 500
_NUMBER, _ITEMS, _ROUND, COUNTED_BY, _ASKED = "number", "items", "round", "counted_by", "asked"
_INSTANCE = "instance"
_HERE = TaskState.WAITING | TaskState.FUTURE


class NoNumberOfInstances(Unmet):
    """How often an activity is to be done cannot be told from the data."""

    code = "runtime.no_number_of_instances"
    vi = (
        "Không xác định được số lượt của “{element}”: biểu thức “{expression}” cho kết quả "
        "{result}; cần một danh sách hoặc một số nguyên từ 0 đến {most}. Kiểm tra dữ liệu đã nhập."
    )
    en = (
        "How often '{element}' is done cannot be told: '{expression}' gives {result}, and a list "
        "or a whole number from 0 to {most} is needed. Check what was entered."
    )


class RunSpec(BpmnSpecMixin, BpmnTaskSpec):  # type: ignore[misc]  # the library is untyped
    """An invented element; `stated` is what the rewriting wrote on it."""

    stated: Mapping[str, str]

    def _go(self, my_task: Task, chosen: list[TaskSpec]) -> None:
        my_task._sync_children(chosen, TaskState.FUTURE)  # noqa: SLF001
        for child in my_task.children:
            child.task_spec._predict(child, mask=TaskState.FUTURE | TaskState.PREDICTED_MASK)  # noqa: SLF001


class RunParser(TaskParser):  # type: ignore[misc]
    """Reads an invented element; any number of flows may leave it."""

    def create_task(self) -> Any:
        spec = self.spec_class(self.spec, self.bpmn_id, **self.bpmn_attributes)
        spec.stated = dict(self.node.attrib)
        return spec

    def handles_multiple_outgoing(self) -> bool:
        return True


class _Choosing(RunSpec):
    """Which way it goes is not known beforehand: prediction stops here, or a loop has no end."""

    def _predict_hook(self, my_task: Task) -> None:
        my_task._sync_children(self.outputs, TaskState.MAYBE)  # noqa: SLF001


class Each(_Choosing):
    """Counts the instances; side by side, it begins them all. Outputs: activity, way out."""

    def _run_hook(self, my_task: Task) -> bool:
        items = self._items(my_task)
        number = self._number(my_task) if items is None else len(items)
        my_task._set_internal_data(**{_NUMBER: number})  # noqa: SLF001
        if items is not None:
            meter = Meter("", None)
            my_task._set_internal_data(**{_ITEMS: [write_literal(one, meter) for one in items]})  # noqa: SLF001
        following = self.outputs
        if len(following) > 1:  # one after the other there is only the turn
            activity, out = following
            self._go(my_task, [activity] * number or [out])
            if number:
                for instance, child in enumerate(my_task.children, start=1):
                    child._set_internal_data(**{_INSTANCE: instance})  # noqa: SLF001
        return True

    def _items(self, my_task: Task) -> list[Any] | None:
        text = self.stated.get("collection")
        if text is None:
            return None
        found = my_task.workflow.script_engine.value(my_task, text)
        if not isinstance(found, list) or len(found) > MOST_INSTANCES:
            raise self._refusal(text, found)
        return found

    def _number(self, my_task: Task) -> int:
        text = self.stated.get("number", "")
        found = my_task.workflow.script_engine.value(my_task, text)
        whole = isinstance(found, Decimal) and found == found.to_integral_value()
        if not whole or not 0 <= found <= MOST_INSTANCES:
            raise self._refusal(text, found)
        return int(found)

    def _refusal(self, text: str, found: Any) -> NoNumberOfInstances:
        shown = (
            f"{len(found)}" if isinstance(found, list) else write_literal(found, Meter("", None))
        )
        return NoNumberOfInstances(
            element=element_id(self.name), expression=text, result=shown, most=MOST_INSTANCES
        )


class Turn(_Choosing):
    """Before each turn: another one, or on? Outputs: activity, way out."""

    def _run_hook(self, my_task: Task) -> bool:
        before = self._turn_before(my_task)
        done = 0 if before is None else before._get_internal_data(_ROUND)  # noqa: SLF001
        counting = self._counting(my_task, before)
        if counting is not None:
            my_task._set_internal_data(**{COUNTED_BY: counting.id})  # noqa: SLF001
            again = self._another_instance(my_task, counting, done)
        else:
            again = self._another_round(my_task, done)
        activity, out = self.outputs
        if again:
            my_task._set_internal_data(**{_ROUND: done + 1})  # noqa: SLF001
        self._go(my_task, [activity if again else out])
        return True

    def _another_instance(self, my_task: Task, counting: Task, done: int) -> bool:
        number = counting._get_internal_data(_NUMBER)  # noqa: SLF001
        condition = self.stated.get("complete")
        if done and condition is not None:
            known = {**_item(counting, done), **_numbers(number, done, 0)}
            if my_task.workflow.script_engine.evaluate(my_task, condition, known):
                return False
        return bool(done < number)

    def _another_round(self, my_task: Task, done: int) -> bool:
        maximum = self.stated.get("maximum")
        if maximum is not None and done >= int(maximum):
            return False
        if not done and self.stated.get("before") != "true":
            return True
        condition = self.stated.get("condition")
        known = {"loopCounter": Decimal(done)}
        return condition is None or bool(
            my_task.workflow.script_engine.evaluate(my_task, condition, known)
        )

    def _turn_before(self, my_task: Task) -> Task | None:
        """The turn that the activity just done came from."""
        before = my_task.parent
        return before.parent if before.task_spec.name == self._outputs[0] else None

    def _counting(self, my_task: Task, before: Task | None) -> Task | None:
        if before is not None:
            return counting_of(before)
        return my_task.parent if isinstance(my_task.parent.task_spec, Each) else None


class Together(RunSpec):
    """Behind instances side by side: waits for all, or until the completion condition holds."""

    def _update_hook(self, my_task: Task) -> bool:
        arrived = [
            task
            for task in tokens(my_task.workflow)
            if task.task_spec is self and task.has_state(_HERE)
        ]
        counting, instance = instance_of(my_task.parent) or _unreachable()
        if not self._enough(my_task, counting, instance, len(arrived)):
            my_task._set_state(TaskState.WAITING)  # noqa: SLF001
            return False
        for task in tokens(my_task.workflow):
            if task is not my_task:
                task.cancel()
        return True

    def _enough(self, my_task: Task, counting: Task, instance: int, arrived: int) -> bool:
        number = counting._get_internal_data(_NUMBER)  # noqa: SLF001
        if arrived >= number:
            return True
        condition = self.stated.get("complete")
        if condition is None or my_task._get_internal_data(_ASKED):  # noqa: SLF001
            return False
        my_task._set_internal_data(**{_ASKED: True})  # noqa: SLF001 - once, when its instance is done
        known = {**_item(counting, instance), **_numbers(number, arrived, number - arrived)}
        return bool(my_task.workflow.script_engine.evaluate(my_task, condition, known))


def _unreachable() -> tuple[Task, int]:
    message = "an instance without a count"
    raise AssertionError(message)


def instance_of(task: Task | None) -> tuple[Task, int] | None:
    """The counting task of an instance of a repeated activity, and which instance it is, from 1.

    For a loop the counting task is its turn. None for whatever is no such instance itself.
    """
    if task is None:
        return None
    around = task.parent
    if around is None:
        return None
    if isinstance(around.task_spec, Each) and len(around.task_spec.outputs) > 1:
        instance = task._get_internal_data(_INSTANCE)  # noqa: SLF001
        if instance is None:  # going back into it forgot the number; the order is still there
            instance = 1 + [child.id for child in around.children].index(task.id)
        return around, instance
    if isinstance(around.task_spec, Turn) and _ROUND in around.internal_data:
        return counting_of(around) or around, around.internal_data[_ROUND]
    return None


def counting_of(turn: Task) -> Task | None:
    """The task that counted, for a turn; None for a loop, which counts nothing beforehand."""
    number = turn._get_internal_data(COUNTED_BY)  # noqa: SLF001
    return None if number is None else turn.workflow.tasks[number]


def _item(counting: Task, instance: int) -> dict[str, Any]:
    """What conditions see of one instance."""
    known: dict[str, Any] = {"loopCounter": Decimal(instance)}
    items = counting._get_internal_data(_ITEMS)  # noqa: SLF001
    name = getattr(counting.task_spec, "stated", {}).get("item")
    if items is not None and name:
        known[name] = compile_expression(items[instance - 1]).evaluate({})
    return known


def _numbers(number: int, completed: int, active: int) -> dict[str, Any]:
    """Under the names of the standard, and under those of Camunda."""
    counts = {"": number, "Active": active, "Completed": completed, "Terminated": 0}
    return {
        f"{prefix}{which}Instances": Decimal(count)
        for which, count in counts.items()
        for prefix in ("numberOf", "nrOf")
    }


def _around(task: Task) -> Iterator[tuple[Task, int]]:
    """The instances that a task is in, the innermost first."""
    here: Task | None = task
    while here is not None:
        found = instance_of(here)
        if found is not None:
            yield found
        outer = here.workflow.parent_task_id
        here = None if outer is None else here.workflow.top_workflow.get_task_from_id(outer)


def seen_from(task: Task) -> dict[str, Any]:
    """What repetitions around a task add to the data: loopCounter and items, inner over outer."""
    known: dict[str, Any] = {}
    for counting, instance in _around(task):
        known = _item(counting, instance) | known
    return known


def instance_number(task: Task) -> tuple[int | None, str | None, int | None]:
    """Which instance of the nearest multi-instance activity a task is in, for what, of how many."""
    for counting, instance in _around(task):
        if isinstance(counting.task_spec, Each):
            number = counting._get_internal_data(_NUMBER)  # noqa: SLF001
            items = counting._get_internal_data(_ITEMS)  # noqa: SLF001
            if items is None:
                return instance, None, number
            value = compile_expression(items[instance - 1]).evaluate({})
            return instance, write_plain(value, Meter("", None)), number
    return None, None, None
