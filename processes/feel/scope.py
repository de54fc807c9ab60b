"""Which names an expression binds itself, where; decided when it is compiled."""

from collections.abc import Iterator
from dataclasses import dataclass, field


class Slots:
    """Hands out numbers for local values, one per binding."""

    def __init__(self) -> None:
        self._next = 0

    def take(self) -> int:
        self._next += 1
        return self._next


@dataclass(frozen=True, slots=True)
class Scope:
    """Names bound around a part of an expression, from the inside out.

    bound: name -> slot. item: slot of a filter's element, whose entries can be named directly.
    """

    outer: "Scope | None" = None
    bound: dict[str, int] = field(default_factory=dict)
    item: int | None = None

    def around(self) -> Iterator["Scope"]:
        """This scope and those around it."""
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.outer

    def slot(self, name: str) -> int | None:
        """The slot that surely holds the name, None when it is not bound here."""
        return next((scope.bound[name] for scope in self.around() if name in scope.bound), None)

    def items_before(self, name: str) -> list[int]:
        """Slots of elements that may have an entry of that name, which then comes first."""
        slots = []
        for scope in self.around():
            if name in scope.bound:
                break
            if scope.item is not None:
                slots.append(scope.item)
        return slots
