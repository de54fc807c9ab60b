"""Ropes: sequences that are joined in constant time and read once, at the end."""

from collections.abc import Iterator
from typing import Final

Fired = tuple[int, tuple[int, ...]]
"""A node that moved, and the edges that it gave tokens to."""

Item = int | Fired
"""A node that moves (0, 1, ...), an edge that got a token from it (~edge), or both at once."""


class Rope:
    """What happens, in order. size: how many moves of nodes."""

    __slots__ = ("item", "left", "right", "size")

    def __init__(
        self, size: int, item: Item | None, left: "Rope | None" = None, right: "Rope | None" = None
    ) -> None:
        self.size = size
        self.item = item
        self.left = left
        self.right = right

    def __add__(self, other: "Rope") -> "Rope":
        if self is NOTHING:
            return other
        if other is NOTHING:
            return self
        return Rope(self.size + other.size, None, self, other)

    def __iter__(self) -> Iterator[Item]:
        waiting = [self]
        while waiting:
            rope = waiting.pop()
            if rope.left is not None and rope.right is not None:
                waiting += (rope.right, rope.left)
            elif rope.item is not None:
                yield rope.item


NOTHING: Final = Rope(0, None)


def moving(node: int) -> Rope:
    """A node moves."""
    return Rope(1, node)


def giving(edge: int) -> Rope:
    """An edge gets a token from its source, which moved before."""
    return Rope(0, ~edge)


def replaying(fired: list[Fired]) -> Rope:
    """Moves that are known in full."""
    rope = NOTHING
    for each in fired:
        rope += Rope(1, each)
    return rope
