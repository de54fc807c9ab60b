"""Reduction of a game: what is drawn in blocks shrinks to nothing, in time linear in the drawing.

Every rule keeps every answer: whether a run can get stuck, whether two tokens can meet in one
node, whether all runs can end, which nodes move. A block with one way in and one way out vanishes
into the edge it stands on; a game that vanishes altogether is sound. After the reduction rules for
free-choice nets (Desel and Esparza 1995), with ways instead of transitions.

A node whose only input is one edge moves as soon as its source has moved, so both may be one move
- unless an inclusive join lies behind it and it chooses: the join looks at where tokens can still
go, and a choice that is made earlier is seen earlier.
"""

from collections.abc import Iterable

from processes.soundness.net import Entry, Net, loops_of
from processes.soundness.residue import Course, Knot, Residue
from processes.soundness.rope import NOTHING, Fired, Item, Rope, replaying


def reduce(residue: Residue, net: Net) -> None:
    """Apply the rules, in place, until none applies."""
    _Reducer(residue, net).run()


def resolved(items: Iterable[Item], net: Net) -> list[Fired]:
    """Each node that moves with the edges it gives tokens to; no node may move twice in it."""
    given: dict[int, list[int]] = {}
    order: list[int | Fired] = []
    for item in items:
        if isinstance(item, tuple):
            order.append(item)
        elif item >= 0:
            given[item] = []
            order.append(item)
        else:
            given[net.edges[~item].source].append(~item)
    return [each if isinstance(each, tuple) else (each, tuple(given[each])) for each in order]


class _Reducer:
    """The work list of the rules, and one method for each of them."""

    def __init__(self, residue: Residue, net: Net) -> None:
        self._left = residue
        self._net = net
        self._knots = residue.knots
        self._queue: dict[int, None] = {}
        self._choosy = bool(residue.joins_some())
        self._guarded: set[int] = set()

    def run(self) -> None:
        """Rules for single knots as long as one applies, then loops of choices."""
        joins = -1
        while True:
            found = self._left.joins_some()
            if len(found) != joins:
                joins = len(found)
                self._choosy = bool(found)
                self._guarded = self._left.reaching(found)
                self._queue = dict.fromkeys(self._knots)
            while self._queue:
                place = next(iter(self._queue))
                del self._queue[place]
                if place in self._knots:
                    self._work(place)
            if len(self._left.joins_some()) == joins and not self._loops_of_choices():
                return

    def _work(self, place: int) -> None:
        knot = self._knots[place]
        self._tidy(place, knot)
        if place == self._left.root:
            return
        if not knot.kept and len(knot.courses) == 1:
            course = knot.courses[0]
            if course.gives_nothing:
                if knot.ends or self._ends_quietly(knot):
                    self._end(place, knot, course)
                return
            if course.is_single and self._pass(place, knot, course):
                return
        if not knot.kept and len(knot.ins) == 1 and knot.courses:
            self._absorb(place, knot)

    def _touch(self, *places: int | None) -> None:
        for place in places:
            if place is not None and place in self._knots:
                self._queue[place] = None

    def _tidy(self, place: int, knot: Knot) -> None:
        """One way for each effect; edges side by side become one; a free return is no move."""
        if len(knot.ins) == 1 and self._left.source[next(iter(knot.ins))] is not None:
            knot.entry = Entry.ONE
        self._unify(knot)
        self._fuse(place, knot)
        self._return(place, knot)

    def _unify(self, knot: Knot) -> None:
        if len(knot.courses) > 1:
            best: dict[object, Course] = {}
            for course in knot.courses:
                known = best.get(course.key)
                if known is None or course.size < known.size:
                    best[course.key] = course
            knot.courses = list(best.values())

    def _fuse(self, place: int, knot: Knot) -> None:
        """Edges to the same knot that carry tokens together, or never together, become one."""
        by_target: dict[int, list[int]] = {}
        for edge in knot.edges:
            by_target.setdefault(self._left.target[edge], []).append(edge)
        for target, edges in by_target.items():
            if len(edges) > 1:
                for group in self._alike(knot, self._knots[target], edges):
                    if len(group) > 1:
                        self._merge_edges(knot, self._knots[target], group)
                        self._touch(place, target)

    def _alike(self, knot: Knot, target: Knot, edges: list[int]) -> list[list[int]]:
        """Groups of edges that the target cannot tell apart."""
        if target.entry is Entry.SOME:
            return [edges]
        if target.entry is Entry.ONE:
            together = any(
                sum(edge in course.must or edge in course.may for edge in edges) > 1
                for course in knot.courses
            )
            return [] if together else [edges]
        groups: dict[tuple[int, ...], list[int]] = {}
        for edge in edges:
            if not any(edge in course.may for course in knot.courses):
                where = tuple(i for i, c in enumerate(knot.courses) if edge in c.must)
                groups.setdefault(where, []).append(edge)
        return list(groups.values())

    def _merge_edges(self, knot: Knot, target: Knot, edges: list[int]) -> None:
        first = edges[0]
        for course in knot.courses:
            must = [course.must.pop(edge) for edge in edges if edge in course.must]
            may = [course.may.pop(edge) for edge in edges if edge in course.may]
            if must:
                course.must[first] = sum(must, NOTHING)
            elif may:
                course.may[first] = min(may, key=lambda rope: rope.size)
        for edge in edges[1:]:
            del target.ins[edge], self._left.source[edge], self._left.target[edge]
        self._unify(knot)

    def _return(self, place: int, knot: Knot) -> None:
        """A way that only leads back to where it began changes nothing, if there is another."""
        if knot.kept or knot.entry is not Entry.ONE:
            return
        for course in list(knot.courses):
            edge = next(iter(course.must)) if course.is_single else None
            if edge is None or self._left.target[edge] != place or len(knot.courses) == 1:
                continue
            if sum(edge in c.must or edge in c.may for c in knot.courses) == 1:
                knot.courses.remove(course)
                del knot.ins[edge], self._left.source[edge], self._left.target[edge]
                self._touch(place, *(self._left.source[e] for e in knot.ins))
                self._touch(*(self._left.target[e] for e in knot.edges))

    def _ends_quietly(self, knot: Knot) -> bool:
        """Whether no second token can come while one is before the knot.

        One could where a loop gives it a token each time round and goes on.
        """
        if len(knot.ins) > 1:
            return False
        (edge,) = knot.ins
        source = self._left.source[edge]
        producer = self._left.producer(edge)
        if producer is None or source is None:
            return False
        alone = all(
            len(way.must) + len(way.may) == 1
            for way in producer.courses
            if edge in way.must or edge in way.may
        )
        return alone or not self._is_on_loop(source)

    def _is_on_loop(self, place: int) -> bool:
        before = (self._left.source[edge] for edge in self._knots[place].ins)
        after = (self._left.target[edge] for edge in self._knots[place].edges)
        earlier = self._left.reaching(source for source in before if source is not None)
        return not earlier.isdisjoint(after)

    def _end(self, place: int, knot: Knot, course: Course) -> None:
        """A knot that gives nothing vanishes: its tokens end where they come from."""
        for edge in knot.ins:
            source = self._left.source[edge]
            producer = self._left.producer(edge)
            if producer is None:
                continue
            for way in list(producer.courses):
                rope = way.must.pop(edge, None)
                if rope is not None:
                    way.script += rope + course.script
                    way.marks |= course.marks
                    continue
                rope = way.may.pop(edge, None)
                if rope is not None and course.marks & ~way.marks:
                    other = way.copy()
                    other.script += rope + course.script
                    other.marks |= course.marks
                    producer.courses.append(other)
            producer.covers += knot.covers
            del self._left.source[edge], self._left.target[edge]
            self._touch(source)
        del self._knots[place]

    def _pass(self, place: int, knot: Knot, course: Course) -> bool:
        """A knot with one way on to one edge vanishes into the edges before it, where it may."""
        ((edge, onward),) = course.must.items()
        target = self._left.target[edge]
        after = self._knots[target]
        if target == place or after.ends > knot.ends:  # an end vanishes by itself
            return False
        if len(knot.ins) > 1 and not self._same_entry(knot, after):
            single = len(after.ins) == 1 and after.courses and not after.kept
            single = single and not after.courses[0].gives_nothing
            return bool(single) and knot.entry is not Entry.ONE and self._absorb(target, after)
        if knot.entry is Entry.ALL and len(knot.ins) > 1:
            for way in after.courses:
                way.script = course.script + onward + way.script
            after.covers += knot.covers
        else:
            self._lead_on(knot, course.script + onward)
        if len(after.ins) == 1:
            after.entry = Entry.ONE
        del after.ins[edge], self._left.source[edge], self._left.target[edge]
        for before in knot.ins:
            after.ins[before] = None
            self._left.target[before] = target
            self._touch(self._left.source[before])
        del self._knots[place]
        self._touch(target)
        return True

    def _same_entry(self, knot: Knot, after: Knot) -> bool:
        """Whether tokens before a merge or join may as well stand before the one behind it."""
        if knot.entry is Entry.ONE:
            return len(after.ins) == 1 or (after.entry is Entry.ONE and not after.ends)
        both = knot.entry is Entry.ALL and after.entry is Entry.ALL and len(after.ins) > 1
        return both and self._only_joins(knot)

    def _only_joins(self, knot: Knot) -> bool:
        """Whether no step would be taken for unreached should the join behind it never move."""
        nodes = [self._net.nodes[place] for place in knot.covers]
        return all(node.entry is Entry.ALL and not node.acts for node in nodes)

    def _lead_on(self, knot: Knot, onward: Rope) -> None:
        """Whoever gives a token to the knot leads it on at once."""
        covered: set[int] = set()
        for before in knot.ins:
            producer = self._left.producer(before)
            if producer is None:
                continue
            for way in producer.courses:
                if before in way.must:
                    way.must[before] += onward
                elif before in way.may:
                    way.may[before] += onward
            if id(producer) not in covered:
                covered.add(id(producer))
                producer.covers += knot.covers

    def _absorb(self, place: int, knot: Knot) -> bool:
        """A knot with one edge into it moves together with that edge's source, where it may."""
        (edge,) = knot.ins
        source = self._left.source[edge]
        producer = self._left.producer(edge)
        if producer is None or source is None or source == place:
            return False
        ways = [w for w in producer.courses if edge in w.must or edge in w.may]
        alone = all(len(w.must) == 1 and not w.may for w in ways)
        if any(edge in w.may for w in ways) or not (alone or len(knot.courses) == 1):
            return False
        if self._choosy and place in self._guarded and len(knot.edges) > 1:
            return False
        for way in ways:
            producer.courses.remove(way)
            before = way.script + way.must.pop(edge)
            for course in knot.courses:
                joined = Course(way.must | course.must, way.may | course.may)
                joined.script = before + course.script
                joined.marks = way.marks | course.marks
                producer.courses.append(joined)
        producer.covers += knot.covers
        for out in knot.edges:
            self._left.source[out] = source
            self._touch(self._left.target[out])
        del self._knots[place], self._left.source[edge], self._left.target[edge]
        self._touch(source)
        return True

    def _loops_of_choices(self) -> bool:
        """Exclusive gateways that can all reach each other are one knot, with all their exits."""
        single: dict[int, dict[int, Course]] = {}
        for place, knot in self._knots.items():
            free = not knot.kept and not (self._choosy and place in self._guarded)
            if knot.entry is Entry.ONE and place != self._left.root and free:
                single[place] = self._lone_edges(knot)
        steps = {
            place: [self._left.target[e] for e in found if self._left.target[e] in single]
            for place, found in single.items()
        }
        changed = False
        for group in loops_of(steps):
            inner = {
                edge: place
                for place in group
                for edge in single[place]
                if self._left.target[edge] in group
            }
            if len(group) > 1 and self._has_exit(group, inner):
                self._contract(group, inner)
                changed = True
        return changed

    def _lone_edges(self, knot: Knot) -> dict[int, Course]:
        """Edges that the knot gives a token to in one way only, and nothing else then."""
        lone = {next(iter(c.must)): c for c in knot.courses if c.is_single}
        shared = {e for c in knot.courses if not c.is_single for e in (*c.must, *c.may)}
        return {edge: course for edge, course in lone.items() if edge not in shared}

    def _has_exit(self, group: list[int], inner: dict[int, int]) -> bool:
        return any(
            not (course.is_single and next(iter(course.must)) in inner)
            for place in group
            for course in self._knots[place].courses
        )

    def _contract(self, group: list[int], inner: dict[int, int]) -> None:
        """All tokens enter the group at its head, from where every exit can be reached."""
        head = next(place for place in group if any(e not in inner for e in self._knots[place].ins))
        from_head = self._trails(head, inner)
        knot = self._knots[head]
        courses: list[Course] = []
        for place in group:
            member = self._knots[place]
            for course in member.courses:
                if not (course.is_single and next(iter(course.must)) in inner):
                    course.script = from_head[place] + course.script
                    courses.append(course)
            for edge in [e for e in member.ins if e not in inner]:
                self._enter_at(head, edge, self._trails(place, inner)[head])
            if place != head:
                knot.covers += member.covers
        for edge in inner:
            del self._left.source[edge], self._left.target[edge]
            knot.ins.pop(edge, None)
        for place in group:
            if place != head:
                del self._knots[place]
        knot.courses = courses
        for edge in knot.edges:
            self._left.source[edge] = head
            self._touch(self._left.target[edge])
        self._touch(head, *(self._left.source[edge] for edge in knot.ins))

    def _enter_at(self, head: int, edge: int, trail: Rope) -> None:
        producer = self._left.producer(edge)
        if producer is not None:
            for way in producer.courses:
                if edge in way.must:
                    way.must[edge] += trail
                elif edge in way.may:
                    way.may[edge] += trail
        self._left.target[edge] = head
        self._knots[head].ins[edge] = None

    def _trails(self, start: int, inner: dict[int, int]) -> dict[int, Rope]:
        """What happens on a short way from a member of a group to each of the others."""
        found = {start: NOTHING}
        waiting = [start]
        for place in waiting:
            for course in self._knots[place].courses:
                edge = next(iter(course.must)) if course.is_single else None
                if edge is None or edge not in inner:
                    continue
                target = self._left.target[edge]
                if target not in found:
                    hop = resolved(course.script + course.must[edge], self._net)
                    found[target] = found[place] + replaying(hop)
                    waiting.append(target)
        return found
