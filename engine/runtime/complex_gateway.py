"""The complex gateway as a join: goes on when its activation condition holds, then waits for reset.

While it waits for reset, what comes on the flows that had no token is taken and leads nowhere; when
none can come any more it begins anew. BPMN 2.0.2, 13.4.5.
"""

from decimal import Decimal

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.runtime.gateways import arrived_at, sources_met, take
from engine.runtime.repetition import RunSpec
from engine.runtime.tokens import tokens

_TAKEN = "taken"


class Complex(RunSpec):
    """Waits until the activation condition holds; conditions see `activationCount`.

    activationCount: on how many flows a token has arrived.
    """

    def _update_hook(self, my_task: Task) -> bool:
        arrived = arrived_at(self, my_task)
        known = {"activationCount": Decimal(len(arrived)), "waitingForStart": True}
        engine = my_task.workflow.script_engine
        resetting = any(
            isinstance(task.task_spec, Reset) and task.task_spec.gateway is self
            for task in tokens(my_task.workflow)
        )
        if resetting or not engine.evaluate(my_task, self.stated["activation"], known):
            my_task._set_state(TaskState.WAITING)  # noqa: SLF001
            return False
        for tasks in arrived.values():
            take(my_task, tasks[:1])
        my_task._set_internal_data(**{_TAKEN: sorted(arrived)})  # noqa: SLF001
        return True


class Reset(RunSpec):
    """Stands behind a complex gateway until the flows without a token have had one, or cannot."""

    @property
    def gateway(self) -> Complex:
        gateway: Complex = self._wf_spec.task_specs[self.stated["of"]]
        return gateway

    def _update_hook(self, my_task: Task) -> bool:
        gateway, workflow = self.gateway, my_task.workflow
        taken = set(my_task.parent._get_internal_data(_TAKEN))  # noqa: SLF001
        late: dict[str, Task] = {}
        elsewhere = []
        for task in tokens(workflow):
            if task.task_spec is gateway:
                late.setdefault(task.parent.task_spec.name, task)
            elif task is not my_task:
                elsewhere.append(task)
        missing = set(gateway._inputs) - taken - late.keys()  # noqa: SLF001
        if any(not missing.isdisjoint(sources_met(t.task_spec, gateway)) for t in elsewhere):
            my_task._set_state(TaskState.WAITING)  # noqa: SLF001
            return False
        take(my_task, [task for name, task in late.items() if name not in taken])
        return True
