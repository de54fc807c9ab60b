"""How the library's questions are answered: conditions are FEEL over the dossier's data."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from engine.runtime.repetition import seen_from
from processes.feel import ConditionNotBoolean, Expression, compile_expression, evaluate_condition


@lru_cache(maxsize=4096)
def _compiled(text: str) -> Expression:
    return compile_expression(text)


class Conditions:
    """Stands where the library expects a Python script engine; there is no Python to run.

    data: the dossier's typed values; at: the act's moment, for today() and now(). Both are set
    before each act.
    """

    def __init__(self) -> None:
        self.data: Mapping[str, Any] = {}
        self.at: datetime | None = None

    def holds(self, expression: str) -> bool:
        """Whether a conditional event may happen; not as long as the condition is undecided."""
        try:
            return evaluate_condition(_compiled(expression), self.data, at=self.at)
        except ConditionNotBoolean:
            return False

    def evaluate(self, task: Any, expression: str, external_context: Any = None) -> Any:
        """Whether a condition holds; external_context: what it sees beside the data."""
        seen = self._seen(task, external_context)
        return evaluate_condition(_compiled(expression), seen, at=self.at)

    def value(self, task: Any, expression: str) -> Any:
        """What an expression gives."""
        return _compiled(expression).evaluate(self._seen(task, None), at=self.at)

    def _seen(self, task: Any, beside: Mapping[str, Any] | None) -> Mapping[str, Any]:
        """The data, what repetitions around the task add, and what the asker knows."""
        around = seen_from(task)
        return {**self.data, **around, **(beside or {})} if around or beside else self.data

    def execute(self, _task: Any, _script: str, external_context: Any = None) -> Any:  # noqa: ARG002
        message = "scripts are never run"
        raise PermissionError(message)

    def call_service(self, _task: Any, **_: Any) -> Any:
        message = "services are never called from a diagram"
        raise PermissionError(message)
