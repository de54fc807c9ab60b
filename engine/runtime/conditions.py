"""How the library's questions are answered: conditions are FEEL over the dossier's data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from engine.runtime.repetition import seen_from
from processes.feel import ConditionNotBoolean, Expression, compile_expression, evaluate_condition


@lru_cache(maxsize=4096)
def _compiled(text: str) -> Expression:
    return compile_expression(text)


@dataclass(frozen=True, slots=True)
class Question:
    """A condition that an act asks.

    beside: what it sees over the dossier's data. event: of a conditional event, which may not
    happen as long as the condition is undecided; elsewhere that is an error.
    """

    text: str
    beside: Mapping[str, Any] | None = None
    event: bool = False

    def answer(self, data: Mapping[str, Any], at: datetime | None) -> bool:
        """Whether it holds over the data; at: the act's moment, for today() and now()."""
        seen = {**data, **self.beside} if self.beside else data
        try:
            return evaluate_condition(_compiled(self.text), seen, at=at)
        except ConditionNotBoolean:
            if self.event:
                return False
            raise


class Conditions:
    """Stands where the library expects a Python script engine; there is no Python to run.

    data: the dossier's typed values; at: the act's moment, for today() and now(). Both are set
    before each act. asked: the act's questions so far and their answers; None once it has asked
    something else than a condition.
    """

    def __init__(self) -> None:
        self.data: Mapping[str, Any] = {}
        self.at: datetime | None = None
        self.asked: list[tuple[Question, bool]] | None = []

    def holds(self, expression: str) -> bool:
        """Whether a conditional event may happen; not as long as the condition is undecided."""
        return self._ask(Question(expression, event=True))

    def evaluate(self, task: Any, expression: str, external_context: Any = None) -> Any:
        """Whether a condition holds; external_context: what it sees beside the data."""
        beside = {**seen_from(task), **(external_context or {})}
        return self._ask(Question(expression, beside or None))

    def _ask(self, question: Question) -> bool:
        answer = question.answer(self.data, self.at)
        if self.asked is not None:
            self.asked.append((question, answer))
        return answer

    def value(self, task: Any, expression: str) -> Any:
        """What an expression gives."""
        self.asked = None
        around = seen_from(task)
        seen = {**self.data, **around} if around else self.data
        return _compiled(expression).evaluate(seen, at=self.at)

    def execute(self, _task: Any, _script: str, external_context: Any = None) -> Any:  # noqa: ARG002
        message = "scripts are never run"
        raise PermissionError(message)

    def call_service(self, _task: Any, **_: Any) -> Any:
        message = "services are never called from a diagram"
        raise PermissionError(message)
