"""Tokens gathered before an activity: so many begin it once (startQuantity)."""

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.runtime.gateways import take
from engine.runtime.repetition import RunSpec
from engine.runtime.tokens import tokens


class Gather(RunSpec):
    """Waits for `quantity` tokens, whichever way they come, and takes so many."""

    def _update_hook(self, my_task: Task) -> bool:
        here = TaskState.WAITING | TaskState.FUTURE
        others = [
            task
            for task in tokens(my_task.workflow)
            if task.task_spec is self and task.has_state(here) and task is not my_task
        ]
        missing = int(self.stated["quantity"]) - 1
        if len(others) < missing:
            my_task._set_state(TaskState.WAITING)  # noqa: SLF001
            return False
        take(my_task, others[:missing])
        return True
