"""Directed graphs: what can be reached, what lies on a loop; linear time, no recursion."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Graph:
    """Vertices with their successors, in a stated order; every successor is a vertex."""

    successors: Mapping[str, tuple[str, ...]]

    def reachable(self, starts: Iterable[str], avoiding: Collection[str] = ()) -> set[str]:
        """Vertices that a walk from the starts can meet without entering those to avoid."""
        seen: set[str] = set()
        waiting = [vertex for vertex in starts if vertex in self.successors]
        while waiting:
            vertex = waiting.pop()
            if vertex not in seen and vertex not in avoiding:
                seen.add(vertex)
                waiting += self.successors[vertex]
        return seen

    def reversed(self) -> "Graph":
        """The same graph walked backwards."""
        before: dict[str, list[str]] = {vertex: [] for vertex in self.successors}
        for vertex, after in self.successors.items():
            for successor in after:
                before[successor].append(vertex)
        return Graph({vertex: tuple(found) for vertex, found in before.items()})

    def only(self, keep: Callable[[str], bool]) -> "Graph":
        """The graph of the kept vertices and the edges between them."""
        return Graph(
            {
                vertex: tuple(s for s in after if keep(s))
                for vertex, after in self.successors.items()
                if keep(vertex)
            }
        )

    def depth_first(self, starts: Iterable[str]) -> tuple[list[str], set[tuple[str, str]]]:
        """Vertices in the order in which a depth-first walk leaves them, and its back edges.

        Without the back edges the walked graph has no loop, and the order reversed is topological.
        """
        left: list[str] = []
        back: set[tuple[str, str]] = set()
        open_: set[str] = set()
        done: set[str] = set()
        for start in starts:
            path: list[tuple[str, Iterator[str]]] = []
            entering: str | None = start if start in self.successors else None
            while entering is not None or path:
                if entering is not None and entering not in done:
                    path.append((entering, iter(self.successors[entering])))
                    open_.add(entering)
                entering = None
                if not path:
                    break
                vertex, rest = path[-1]
                for successor in rest:
                    if successor in open_:
                        back.add((vertex, successor))
                    elif successor not in done:
                        entering = successor
                        break
                else:
                    path.pop()
                    open_.discard(vertex)
                    done.add(vertex)
                    left.append(vertex)
        return left, back

    def loops(self) -> list[list[str]]:
        """Groups of vertices that can reach each other (strongly connected), loops only."""
        left, _ = self.depth_first(self.successors)
        backwards = self.reversed()
        assigned: set[str] = set()
        found: list[list[str]] = []
        for vertex in reversed(left):
            if vertex in assigned:
                continue
            group = sorted(backwards.reachable([vertex], avoiding=assigned))
            assigned.update(group)
            if len(group) > 1 or vertex in self.successors[vertex]:
                found.append(group)
        return found
