"""Regular expressions as text: XML Schema's, with XPath's anchors, groups, lazy quantifiers."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace

from processes.feel import limits


class InvalidPattern(Exception):
    """The text is no regular expression of this kind."""


class PatternTooLarge(Exception):
    """The pattern would need too many states."""


@dataclass(frozen=True, slots=True)
class OneOf:
    """One character: of a range or of a class, or not (negated), and not of `but`."""

    ranges: tuple[tuple[str, str], ...] = ()
    classes: tuple[Callable[[str], bool], ...] = ()
    negated: bool = False
    but: "OneOf | None" = None
    any_case: bool = False

    def admits(self, character: str) -> bool:
        """Whether the character is one of these."""
        inside = self._contains(character)
        if self.any_case and not inside:
            inside = any(
                self._contains(other)
                for other in (character.lower(), character.upper())
                if len(other) == 1
            )
        return inside != self.negated and not (self.but and self.but.admits(character))

    def _contains(self, character: str) -> bool:
        for low, high in self.ranges:
            if low <= character <= high:
                return True
        return any(belongs(character) for belongs in self.classes)


@dataclass(frozen=True, slots=True)
class Anchor:
    """`^` or `$`."""

    sign: str


@dataclass(frozen=True, slots=True)
class Sequence:
    nodes: "tuple[PatternNode, ...]"


@dataclass(frozen=True, slots=True)
class Choice:
    nodes: "tuple[PatternNode, ...]"


@dataclass(frozen=True, slots=True)
class Group:
    """number: of the capture, None for a group that is not kept."""

    node: "PatternNode"
    number: int | None


@dataclass(frozen=True, slots=True)
class Repeat:
    node: "PatternNode"
    least: int
    most: int | None
    greedy: bool


PatternNode = OneOf | Anchor | Sequence | Choice | Group | Repeat


def read_pattern(written: str, flags: str) -> tuple[PatternNode, int]:
    """The parts of a pattern and the number of its groups; raises InvalidPattern."""
    if "q" in flags:
        exact = (_exactly(character, flags) for character in written)
        return Sequence(tuple(exact)), 0
    if "x" in flags:
        written = "".join(written.split())
    reader = _Reader(written, flags)
    node = reader.choice(0)
    if not reader.done:
        raise InvalidPattern
    return node, reader.groups


class _Reader:
    def __init__(self, written: str, flags: str) -> None:
        self._written = written
        self._flags = flags
        self._position = 0
        self.groups = 0

    @property
    def done(self) -> bool:
        return self._position >= len(self._written)

    def _next(self) -> str:
        return self._written[self._position : self._position + 1]

    def _take(self) -> str:
        if self.done:
            raise InvalidPattern
        self._position += 1
        return self._written[self._position - 1]

    def _skip(self, expected: str) -> bool:
        if self._written.startswith(expected, self._position):
            self._position += len(expected)
            return True
        return False

    def choice(self, depth: int) -> PatternNode:
        if depth > limits.VALUE_DEPTH:
            raise PatternTooLarge
        branches = [self._sequence(depth)]
        while self._skip("|"):
            branches.append(self._sequence(depth))
        return branches[0] if len(branches) == 1 else Choice(tuple(branches))

    def _sequence(self, depth: int) -> PatternNode:
        nodes: list[PatternNode] = []
        while not self.done and self._next() not in "|)":
            nodes.append(self._quantified(self._atom(depth)))
        return Sequence(tuple(nodes))

    def _quantified(self, node: PatternNode) -> PatternNode:
        sign = self._next()
        if sign and sign in "?*+":
            self._take()
            least, most = {"?": (0, 1), "*": (0, None), "+": (1, None)}[sign]
        elif sign == "{":
            self._take()
            least, most = self._counts()
        else:
            return node
        greedy = not self._skip("?")
        if self._next() and self._next() in "?*+{":
            raise InvalidPattern
        return Repeat(node, least, most, greedy)

    def _counts(self) -> tuple[int, int | None]:
        inside, closed, _ = self._written[self._position :].partition("}")
        least, comma, most = inside.partition(",")
        if not closed or not _is_count(least) or not (_is_count(most) or not most):
            raise InvalidPattern
        self._position += len(inside) + 1
        low = int(least)
        high = low if not comma else (int(most) if most else None)
        if high is not None and high < low:
            raise InvalidPattern
        if low > limits.PATTERN_STATES or (high or 0) > limits.PATTERN_STATES:
            raise PatternTooLarge
        return low, high

    def _atom(self, depth: int) -> PatternNode:
        character = self._take()
        if character == "(":
            return self._group(depth)
        if character == "[":
            return self._class(depth)
        if character == "\\":
            return self._escape()
        if character in "^$":
            return Anchor(character)
        if character == ".":
            return OneOf((), negated=True) if "s" in self._flags else _NOT_LINE_END
        if character in "?*+{}])":
            raise InvalidPattern
        return _exactly(character, self._flags)

    def _group(self, depth: int) -> PatternNode:
        number = None
        if not self._skip("?:"):
            self.groups += 1
            number = self.groups
        node = self.choice(depth + 1)
        if not self._skip(")"):
            raise InvalidPattern
        return Group(node, number)

    def _escape(self) -> OneOf:
        letter = self._take()
        if letter in _SIMPLE_ESCAPES:
            return _exactly(_SIMPLE_ESCAPES[letter], self._flags)
        if letter in "pP":
            return replace(self._property(), negated=letter == "P")
        if letter.lower() in _CLASSES:
            return OneOf(classes=(_CLASSES[letter.lower()],), negated=letter.isupper())
        raise InvalidPattern  # back references among them: they need time beyond all bounds

    def _property(self) -> OneOf:
        if not self._skip("{"):
            raise InvalidPattern
        name, closed, _ = self._written[self._position :].partition("}")
        self._position += len(name) + 1
        if not closed:
            raise InvalidPattern
        if name in _BLOCKS:
            return OneOf((_BLOCKS[name],))
        if name not in _CATEGORIES:
            raise InvalidPattern
        return OneOf(classes=(lambda character: _category(character).startswith(name),))

    def _class(self, depth: int) -> OneOf:
        if depth > limits.VALUE_DEPTH:
            raise PatternTooLarge
        negated = self._skip("^")
        ranges: list[tuple[str, str]] = []
        classes: list[Callable[[str], bool]] = []
        but: OneOf | None = None
        while not self._skip("]"):
            if (ranges or classes) and self._skip("-["):
                but = self._class(depth + 1)
                if not self._skip("]"):
                    raise InvalidPattern
                break
            self._member(ranges, classes)
        if not ranges and not classes:
            raise InvalidPattern
        return OneOf(tuple(ranges), tuple(classes), negated, but, "i" in self._flags)

    def _member(self, ranges: list[tuple[str, str]], classes: list[Callable[[str], bool]]) -> None:
        low = self._single()
        if isinstance(low, OneOf):
            classes.append(low.admits)
            return
        following = self._written[self._position + 1 : self._position + 2]
        if self._next() != "-" or following in ("]", "["):
            ranges.append((low, low))
            return
        self._take()
        high = self._single()
        if isinstance(high, OneOf) or high < low:
            raise InvalidPattern
        ranges.append((low, high))

    def _single(self) -> str | OneOf:
        character = self._take()
        if character == "[":
            raise InvalidPattern
        if character != "\\":
            return character
        if self._next() in _SIMPLE_ESCAPES:
            return _SIMPLE_ESCAPES[self._take()]
        return self._escape()


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _COUNT_DIGITS


def _exactly(character: str, flags: str) -> OneOf:
    return OneOf(((character, character),), any_case="i" in flags)


def _category(character: str) -> str:
    return unicodedata.category(character)


def _starts_name(character: str) -> bool:
    return character in "_:" or character.isalpha()


_COUNT_DIGITS = 9
_NOT_LINE_END = OneOf((("\n", "\n"), ("\r", "\r")), negated=True)
_SIMPLE_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"} | {sign: sign for sign in "\\|.-^?*+{}()[]$"}
_CLASSES: dict[str, Callable[[str], bool]] = {
    "s": lambda character: character in " \t\n\r",
    "d": lambda character: _category(character) == "Nd",
    "w": lambda character: _category(character)[0] not in "PZC",
    "i": _starts_name,
    "c": lambda character: _starts_name(character) or character in "-.·" or character.isdigit(),
}
_CATEGORIES = frozenset(
    [
        "L",
        "Lu",
        "Ll",
        "Lt",
        "Lm",
        "Lo",
        "M",
        "Mn",
        "Mc",
        "Me",
        "N",
        "Nd",
        "Nl",
        "No",
        "P",
        "Pc",
        "Pd",
        "Ps",
        "Pe",
        "Pi",
        "Pf",
        "Po",
        "Z",
        "Zs",
        "Zl",
        "Zp",
        "S",
        "Sm",
        "Sc",
        "Sk",
        "So",
        "C",
        "Cc",
        "Cf",
        "Co",
        "Cn",
    ]
)
_BLOCKS = {
    "IsBasicLatin": ("\x00", "\x7f"),
    "IsLatin-1Supplement": ("\x80", "\xff"),
    "IsLatinExtended-A": ("\u0100", "\u017f"),
    "IsLatinExtended-B": ("\u0180", "\u024f"),
    "IsLatinExtendedAdditional": ("\u1e00", "\u1eff"),
    "IsGreek": ("\u0370", "\u03ff"),
    "IsCyrillic": ("\u0400", "\u04ff"),
    "IsGeneralPunctuation": ("\u2000", "\u206f"),
}
