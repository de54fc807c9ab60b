"""Columns of a diagram: which flows run backwards, and how far right each node stands."""

from collections.abc import Sequence

Pair = tuple[str, str]


def backward(nodes: Sequence[str], flows: Sequence[Pair]) -> set[int]:
    """Numbers of the flows that close a loop, seen from the starts in the order given."""
    leaving: dict[str, list[int]] = {node: [] for node in nodes}
    entered: set[str] = set()
    for number, (source, target) in enumerate(flows):
        leaving[source].append(number)
        if source != target:
            entered.add(target)
    roots = [n for n in nodes if n not in entered] + [n for n in nodes if n in entered]
    closing: set[int] = set()
    done: set[str] = set()
    for root in roots:
        if root not in done:
            _walk(root, leaving, flows, done, closing)
    return closing


def _walk(
    root: str,
    leaving: dict[str, list[int]],
    flows: Sequence[Pair],
    done: set[str],
    closing: set[int],
) -> None:
    """Depth first, without recursion: diagrams may be long chains."""
    done.add(root)
    on_path = {root}
    path = [(root, iter(leaving[root]))]
    while path:
        node, ways = path[-1]
        number = next(ways, None)
        if number is None:
            path.pop()
            on_path.discard(node)
            continue
        target = flows[number][1]
        if target in on_path:
            closing.add(number)
        elif target not in done:
            done.add(target)
            on_path.add(target)
            path.append((target, iter(leaving[target])))


def columns(nodes: Sequence[str], flows: Sequence[Pair], closing: set[int]) -> dict[str, int]:
    """Column of each node: right of all that lead to it; loose starts stand near their next."""
    ahead: dict[str, list[str]] = {node: [] for node in nodes}
    waiting = dict.fromkeys(nodes, 0)
    for number, (source, target) in enumerate(flows):
        if number not in closing:
            ahead[source].append(target)
            waiting[target] += 1
    column = dict.fromkeys(nodes, 0)
    starts = [node for node in nodes if waiting[node] == 0]
    ready = list(starts)
    for node in ready:
        for target in ahead[node]:
            column[target] = max(column[target], column[node] + 1)
            waiting[target] -= 1
            if waiting[target] == 0:
                ready.append(target)
    for node in starts:
        if ahead[node]:
            column[node] = min(column[target] for target in ahead[node]) - 1
    return column


def ways_to_go(nodes: Sequence[str], flows: Sequence[Pair], closing: set[int]) -> dict[str, int]:
    """Longest number of forward flows from each node to an end: tells the main path."""
    back: dict[str, list[str]] = {node: [] for node in nodes}
    waiting = dict.fromkeys(nodes, 0)
    for number, (source, target) in enumerate(flows):
        if number not in closing:
            back[target].append(source)
            waiting[source] += 1
    left = dict.fromkeys(nodes, 0)
    ready = [node for node in nodes if waiting[node] == 0]
    for node in ready:
        for source in back[node]:
            left[source] = max(left[source], left[node] + 1)
            waiting[source] -= 1
            if waiting[source] == 0:
                ready.append(source)
    return left


def parts(nodes: Sequence[str], flows: Sequence[Pair]) -> dict[str, int]:
    """Number of the connected part that each node belongs to, in the order of the nodes."""
    near: dict[str, list[str]] = {node: [] for node in nodes}
    for source, target in flows:
        near[source].append(target)
        near[target].append(source)
    part: dict[str, int] = {}
    number = -1
    for node in nodes:
        if node in part:
            continue
        number += 1
        part[node] = number
        todo = [node]
        while todo:
            for other in near[todo.pop()]:
                if other not in part:
                    part[other] = number
                    todo.append(other)
    return part
