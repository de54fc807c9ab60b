"""How the library's questions are answered: conditions are FEEL over the dossier's data."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from processes.feel import Expression, compile_expression, evaluate_condition


@lru_cache(maxsize=4096)
def _compiled(text: str) -> Expression:
    return compile_expression(text)


class Conditions:
    """Stands where the library expects a Python script engine; there is no Python to run.

    data: the dossier's typed values, set before each act.
    """

    def __init__(self) -> None:
        self.data: Mapping[str, Any] = {}

    def evaluate(self, _task: Any, expression: str, external_context: Any = None) -> Any:  # noqa: ARG002
        return evaluate_condition(_compiled(expression), self.data)

    def execute(self, _task: Any, _script: str, external_context: Any = None) -> Any:  # noqa: ARG002
        message = "scripts are never run"
        raise PermissionError(message)

    def call_service(self, _task: Any, **_: Any) -> Any:
        message = "services are never called from a diagram"
        raise PermissionError(message)
