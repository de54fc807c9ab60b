"""Regular expressions of FEEL (XPath 2.0 functions), matched in time linear in the text.

The pattern becomes a list of instructions that is run over the text once, all alternatives side by
side, each character costing at most one visit of each instruction: no pattern can hang.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from processes.feel import limits
from processes.feel.meter import Meter
from processes.feel.pattern_syntax import (
    Anchor,
    Choice,
    Group,
    InvalidPattern,
    OneOf,
    PatternNode,
    PatternTooLarge,
    Repeat,
    Sequence,
    read_pattern,
)

_MATCH, _CHARACTER, _SPLIT, _SAVE, _ANCHOR = range(5)
_Instruction = tuple[int, int, int, OneOf | str | None]  # what, where to go, second way, argument
_Thread = tuple[int, tuple[int, ...]]  # instruction, positions saved


@dataclass(frozen=True, slots=True)
class Found:
    """Where a pattern was found; saved: start and end of the whole and of each group, or -1."""

    text: str
    saved: tuple[int, ...]

    @property
    def start(self) -> int:
        return self.saved[0]

    @property
    def end(self) -> int:
        return self.saved[1]

    def group(self, number: int) -> str:
        """The text of a group, empty where it took no part."""
        start, end = self.saved[2 * number : 2 * number + 2]
        return self.text[start:end] if end >= 0 else ""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled regular expression with so many groups; lines: anchors match at line ends."""

    groups: int
    lines: bool
    _program: tuple[_Instruction, ...]

    @property
    def states(self) -> int:
        """How many instructions the pattern has become."""
        return len(self._program)

    def find(self, text: str, start: int, meter: Meter) -> Found | None:
        """The first match at or after a position, as Perl would choose it."""
        best: tuple[int, ...] | None = None
        threads: list[_Thread] = []
        nothing_saved = (-1,) * (2 * self.groups + 2)
        for position in range(start, len(text) + 1):
            if best is None:
                threads.append((0, nothing_saved))
            character = text[position] if position < len(text) else None
            waiting, done = self._advance(threads, text, position, meter)
            best = best if done is None else done
            threads = [
                (self._program[at][1], saved)
                for at, saved in waiting
                if character is not None and self._program[at][3].admits(character)  # type: ignore[union-attr]
            ]
            if not threads and best is not None:
                break
        return None if best is None else Found(text, best)

    def find_all(self, text: str, meter: Meter) -> Iterator[Found]:
        """All matches from left to right; the pattern must not match the empty text."""
        position = 0
        while (found := self.find(text, position, meter)) is not None:
            yield found
            position = found.end

    def replacement(self, written: str) -> list[str | int] | None:
        """A replacement as texts and group numbers; None when its backslashes or $ are wrong."""
        pieces: list[str | int] = []
        position = 0
        while position < len(written):
            character = written[position]
            following = written[position + 1 : position + 2]
            if character == "\\" and following in ("\\", "$"):
                pieces.append(following)
                position += 2
            elif character == "$" and following in _DIGITS and following:
                number, position = self._group_number(written, position + 1)
                pieces.append(number if number is not None else "")
            elif character in "\\$":
                return None
            else:
                pieces.append(character)
                position += 1
        return pieces

    def _group_number(self, written: str, position: int) -> tuple[int | None, int]:
        number = int(written[position])
        position += 1
        while position < len(written) and written[position] in _DIGITS:
            longer = 10 * number + int(written[position])
            if longer > self.groups:
                break
            number, position = longer, position + 1
        return (number if number <= self.groups else None), position

    def _advance(
        self, threads: list[_Thread], text: str, position: int, meter: Meter
    ) -> tuple[list[_Thread], tuple[int, ...] | None]:
        """Follow the threads to the instructions that wait for a character, in order of preference.

        A thread that is done cuts off those after it; its saved positions come second.
        """
        waiting: list[_Thread] = []
        seen: set[int] = set()
        copying = 1 + self.groups // _GROUPS_PER_STEP
        for thread in threads:
            pending = [thread]
            while pending:
                at, saved = pending.pop()
                if at in seen:
                    continue
                seen.add(at)
                meter.charge(copying)
                what, to, other, argument = self._program[at]
                if what == _CHARACTER:
                    waiting.append((at, saved))
                elif what == _MATCH:
                    return waiting, (saved[0], position, *saved[2:])
                elif what == _SPLIT:
                    pending += [(other, saved), (to, saved)]
                elif what == _SAVE:
                    pending.append((to, (*saved[:other], position, *saved[other + 1 :])))
                elif self._stands(str(argument), text, position):
                    pending.append((to, saved))
        return waiting, None

    def _stands(self, anchor: str, text: str, position: int) -> bool:
        if anchor == "^":
            return position == 0 or (self.lines and text[position - 1] == "\n")
        return position == len(text) or (self.lines and text[position] == "\n")


def compile_pattern(written: str, flags: str, meter: Meter) -> Pattern | None:
    """A regular expression ready to use, None for a text that is none.

    flags: letters of s (dot is any character), m (anchors at lines), i (letter case ignored),
    x (white space left out), q (no character is special).
    """
    meter.charge(len(written))
    try:
        pattern = _compiled(written, flags)
    except InvalidPattern:
        return None
    except PatternTooLarge:
        meter.refuse("mẫu tìm kiếm quá lớn", "the pattern is too large")
    meter.charge(2 * pattern.states)  # as if it had not been kept from the last time
    return pattern


@lru_cache(maxsize=256)
def _compiled(written: str, flags: str) -> Pattern:
    if not set(flags) <= set("smixq"):
        raise InvalidPattern
    if len(written) > limits.PATTERN_CHARACTERS:
        raise PatternTooLarge
    node, groups = read_pattern(written, flags)
    program = _Program()
    program.emit(Group(node, 0))
    program.add(_MATCH)
    return Pattern(groups, "m" in flags, tuple(program.instructions))


class _Program:
    """Instructions being written, each going on to the next one unless it says otherwise."""

    def __init__(self) -> None:
        self.instructions: list[_Instruction] = []
        self._written = 0  # nodes written out: empty ones leave no instruction

    def add(self, what: int, argument: OneOf | str | None = None, other: int = 0) -> int:
        at = len(self.instructions)
        if at >= limits.PATTERN_STATES:
            raise PatternTooLarge
        self.instructions.append((what, at + 1, other, argument))
        return at

    def emit(self, node: PatternNode) -> None:
        """Write the instructions of a node; what is repeated is written out."""
        self._written += 1
        if self._written > 2 * limits.PATTERN_STATES:
            raise PatternTooLarge
        if isinstance(node, OneOf):
            self.add(_CHARACTER, node)
        elif isinstance(node, Anchor):
            self.add(_ANCHOR, node.sign)
        elif isinstance(node, Sequence):
            for each in node.nodes:
                self.emit(each)
        elif isinstance(node, Choice):
            self._emit_choice(node)
        elif isinstance(node, Group):
            self._emit_group(node)
        else:
            self._emit_repeat(node)

    def _emit_choice(self, node: Choice) -> None:
        ends: list[int] = []
        for each in node.nodes[:-1]:
            split = self.add(_SPLIT)
            self.emit(each)
            ends.append(self.add(_SPLIT))
            self._lead(split, split + 1, len(self.instructions))
        self.emit(node.nodes[-1])
        for end in ends:
            self._lead(end, len(self.instructions), len(self.instructions))

    def _emit_group(self, node: Group) -> None:
        if node.number is None:
            self.emit(node.node)
            return
        self.add(_SAVE, other=2 * node.number)
        self.emit(node.node)
        self.add(_SAVE, other=2 * node.number + 1)

    def _emit_repeat(self, node: Repeat) -> None:
        for _ in range(node.least):
            self.emit(node.node)
        if node.most is None:
            split = self.add(_SPLIT)
            self.emit(node.node)
            back = self.add(_SPLIT)
            self._lead(back, split, split)
            self._choose(split, greedy=node.greedy)
            return
        splits = []
        for _ in range(node.most - node.least):
            splits.append(self.add(_SPLIT))
            self.emit(node.node)
        for split in splits:
            self._choose(split, greedy=node.greedy)

    def _choose(self, split: int, *, greedy: bool) -> None:
        """Let a split go on inside or leave to the end of what is written, the preferred first."""
        inside, outside = split + 1, len(self.instructions)
        if greedy:
            self._lead(split, inside, outside)
        else:
            self._lead(split, outside, inside)

    def _lead(self, at: int, to: int, other: int) -> None:
        what, _, _, argument = self.instructions[at]
        self.instructions[at] = (what, to, other, argument)


_DIGITS = "0123456789"
_GROUPS_PER_STEP = 8
