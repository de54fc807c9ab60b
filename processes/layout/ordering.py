"""The order of places within a column: lanes from top to bottom, then as few crossings as found."""

from bisect import bisect_left, insort

from processes.layout.skeleton import Place, Port, Side, Skeleton

_SWEEPS = 12
Segment = tuple[Place, Place, float, float]  # left, right, and which way each end leans


def arrange_columns(skeleton: Skeleton) -> None:
    """Sort the places of every column in place. Deterministic: ties keep the file's order."""
    gaps = segments(skeleton)
    _sort_first(skeleton, gaps)
    best = [list(column) for column in skeleton.places]
    fewest = _crossings(skeleton.places, gaps)
    for sweep in range(_SWEEPS):
        if fewest == 0:
            break
        _sweep(skeleton.places, gaps, rightwards=sweep % 2 == 0)
        count = _crossings(skeleton.places, gaps)
        if count < fewest:
            fewest, best = count, [list(column) for column in skeleton.places]
    skeleton.places[:] = best


def segments(skeleton: Skeleton) -> list[list[Segment]]:
    """For each gap between two columns, the pieces of flows that run through it."""
    gaps: list[list[Segment]] = [[] for _ in skeleton.places]
    for route in skeleton.routes:
        if route.around or route.chain[0] is route.chain[-1]:
            continue
        for number in range(len(route.chain) - 1):
            left, right = route.chain[number], route.chain[number + 1]
            lean_left = _lean(route.left_port) if number == 0 else left.bias
            last = number == len(route.chain) - 2
            lean_right = _lean(route.right_port) if last else right.bias
            gaps[left.column].append((left, right, lean_left, lean_right))
    return gaps


def _lean(port: Port) -> float:
    return 0.4 * port.side.value if port.side is not Side.FLANK else 0.0


def _sort_first(skeleton: Skeleton, gaps: list[list[Segment]]) -> None:
    """By lane, connected part, and the order in which a walk along the flows meets them."""
    met: dict[int, int] = {}
    ahead: dict[int, list[Place]] = {}
    for gap in gaps:
        for left, right, _, _ in gap:
            ahead.setdefault(id(left), []).append(right)
    for column in skeleton.places:
        for root in column:
            todo = [root]
            while todo:
                place = todo.pop()
                if id(place) not in met:
                    met[id(place)] = len(met)
                    todo.extend(reversed(ahead.get(id(place), [])))
    for column in skeleton.places:
        column.sort(key=lambda p: (p.lane, p.part, p.bias, met[id(p)]))


def _sweep(columns: list[list[Place]], gaps: list[list[Segment]], *, rightwards: bool) -> None:
    order = range(1, len(columns)) if rightwards else range(len(columns) - 2, -1, -1)
    for number in order:
        near = columns[number - 1] if rightwards else columns[number + 1]
        rank = {id(place): index for index, place in enumerate(near)}
        pulls: dict[int, list[float]] = {}
        for left, right, lean_left, lean_right in gaps[number - 1 if rightwards else number]:
            here, there = (right, left) if rightwards else (left, right)
            lean = lean_left if rightwards else lean_right
            pulls.setdefault(id(here), []).append(rank[id(there)] + lean)
        column = columns[number]
        scale = len(near) / max(1, len(column))
        wish = {}
        for index, place in enumerate(column):
            pull = pulls.get(id(place))
            wish[id(place)] = sum(pull) / len(pull) if pull else index * scale
        column.sort(key=lambda p: (p.lane, p.part, wish[id(p)] + p.bias / 10))


def _crossings(columns: list[list[Place]], gaps: list[list[Segment]]) -> int:
    count = 0
    for number in range(len(columns) - 1):
        rank = {id(p): i for column in columns[number : number + 2] for i, p in enumerate(column)}
        ends = sorted((rank[id(a)] + la, rank[id(b)] + lb) for a, b, la, lb in gaps[number])
        seen: list[float] = []
        for _, right in ends:
            count += len(seen) - bisect_left(seen, right + 1e-9)
            insort(seen, right)
    return count
