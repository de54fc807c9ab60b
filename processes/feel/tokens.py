"""An expression cut into words, with names that contain spaces put together again.

FEEL allows names such as `Ngày nộp` or `start position`. They are recognised where they are known:
declared by the caller, built in, or defined in the expression itself (context entries, parameters,
variables of `for`, `some` and `every`). The longest known name wins.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from typing import Any

from processes.feel import limits
from processes.feel.errors import InvalidExpression

KEYWORDS = frozenset(
    [
        "for",
        "in",
        "return",
        "if",
        "then",
        "else",
        "some",
        "every",
        "satisfies",
        "and",
        "or",
        "between",
        "instance",
        "of",
        "function",
        "true",
        "false",
        "null",
    ]
)
_OPERATORS = {
    "+": "PLUS", "-": "MINUS", "*": "STAR", "/": "SLASH", "**": "POWER", "=": "EQ", "!=": "NE",
    "<": "LT", "<=": "LE", ">": "GT", ">=": "GE", ".": "DOT", "..": "DOTS", ",": "COMMA",
    ":": "COLON", "->": "ARROW", "(": "LPAR", ")": "RPAR", "[": "LSQB", "]": "RSQB", "{": "LBRACE",
    "}": "RBRACE",
}  # fmt: skip
_WORD = (
    r"(?:[^\W\d]|[?\U00010000-\U000EFFFF])"
    r"(?:\w|[?\u00B7\u0300-\u036F\u203F\u2040\U00010000-\U000EFFFF])*"
)
_RAW = re.compile(
    rf"""(?P<space>[\s\u00A0\uFEFF]+|//[^\n]*|/\*(?s:.*?)\*/)
    |(?P<AT_STRING>@"(?:[^"\\\n]|\\.)*")
    |(?P<STRING>"(?:[^"\\\n]|\\.)*")
    |(?P<QUOTED>`[^`\n]+`)
    |(?P<NUMBER>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    |(?P<NAME>{_WORD})
    |(?P<operator>\*\*|\.\.|<=|>=|!=|->|[-+*/=<>.,:()\[\]{{}}])
    |(?P<OTHER>.)""",
    re.VERBOSE | re.DOTALL,
)
_ENDS_OPERAND = frozenset(
    [
        "NAME",
        "NUMBER",
        "STRING",
        "AT_STRING",
        "TRUE",
        "FALSE",
        "NULL",
        "RPAR",
        "RSQB",
        "RBRACE",
        "CLOSE_OUT",
    ]
)
_BEFORE_CLOSING = _ENDS_OPERAND | {"LSQB"}
_STARTS_OPERAND = frozenset(
    ["NAME", "NUMBER", "STRING", "AT_STRING", "LPAR", "LSQB", "LBRACE", "MINUS"]
)
_PAIRS = frozenset(["LPAR", "LSQB", "LBRACE", "OPEN_OUT"])
_CLOSERS = frozenset(["RPAR", "RSQB", "RBRACE"])
_STARTS_ITERATION = frozenset(["FOR", "SOME", "EVERY"])
_ENDS_ITERATION = frozenset(["RETURN", "SATISFIES"])
_HINTS = {
    "'": ('chuỗi đặt trong ngoặc kép thẳng "…".', 'texts stand in straight double quotes "...".'),
    "“": ('dùng ngoặc kép thẳng "…".', 'use straight double quotes "...".'),
    "”": ('dùng ngoặc kép thẳng "…".', 'use straight double quotes "...".'),
    "&": ("viết “and” thay cho “&”.", "write 'and' instead of '&'."),
    "|": ("viết “or” thay cho “|”.", "write 'or' instead of '|'."),
    "!": ("viết “not(…)” hoặc “!=”.", "write 'not(...)' or '!='."),
    "–": ("dùng dấu trừ “-”.", "use the minus sign '-'."),
    "−": ("dùng dấu trừ “-”.", "use the minus sign '-'."),
    "%": ("viết phần trăm thành số, ví dụ 0.1.", "write per cent as a number, such as 0.1."),
    "≠": ("viết “!=” thay cho “≠”.", "write '!=' instead of '≠'."),
    "≤": ("viết “<=” thay cho “≤”.", "write '<=' instead of '≤'."),
    "≥": ("viết “>=” thay cho “≥”.", "write '>=' instead of '≥'."),
    '"': ('thiếu dấu ngoặc kép đóng ".', 'the closing quote " is missing.'),
    "`": ("thiếu dấu ` đóng tên.", "the closing ` of the name is missing."),
    "@": ('sau “@” phải là chuỗi ngày giờ, ví dụ @"2025-01-31".',
          "a date text follows '@', such as @\"2025-01-31\"."),
    "$": ("không dùng ${…}; chỉ viết biểu thức.", "no ${...}; write the expression alone."),
}  # fmt: skip
_NO_HINT = ("ký tự này không có nghĩa.", "this character means nothing.")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of an expression.

    kind: terminal of the grammar; text: as written, a name without backticks and with single
    spaces; start, end: characters from 0; spaced: whether white space comes before it.
    """

    kind: str
    text: str
    start: int
    end: int
    spaced: bool = False


def cut(text: str, names: Collection[str]) -> list[Word]:
    """The words of an expression, ready for the grammar.

    names: known names; only those of several words matter. Raises InvalidExpression.
    """
    raw = list(islice(_raw_words(text), limits.WORDS + 1))
    if len(raw) > limits.WORDS:
        raise wrong(
            text,
            raw[-1].start,
            f"biểu thức có hơn {limits.WORDS} từ; hãy tách thành các biểu thức nhỏ hơn.",
            f"the expression has more than {limits.WORDS} words; split it into smaller ones.",
        )
    words = _keywords(_join(raw, _Names([*names, *_defined_names(raw)])))
    for word in words:
        if word.kind == "OTHER":
            vi, en = _HINTS.get(word.text, _NO_HINT)
            raise wrong(text, word.start, f"gặp “{word.text}”; {vi}", f"found '{word.text}'; {en}")
    return _Brackets(text).match(words)


def wrong(text: str, position: int, detail_vi: str, detail_en: str) -> InvalidExpression:
    """The refusal of a text, pointing at a character."""
    before = text[:position]
    shown = text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
    return InvalidExpression(
        expression=shown,
        line=before.count("\n") + 1,
        column=position - (before.rfind("\n") + 1) + 1,
        position=position,
        detail_vi=detail_vi,
        detail_en=detail_en,
    )


_SHOWN = 200  # characters of an expression in a message


def _raw_words(text: str) -> Iterator[Word]:
    spaced = False
    for found in _RAW.finditer(text):
        kind = str(found.lastgroup)
        if kind == "space":
            spaced = True
            continue
        written = found.group()
        if kind == "QUOTED":
            yield Word("QUOTED", " ".join(written[1:-1].split()), *found.span(), spaced)
        elif kind == "operator":
            yield Word(_OPERATORS[written], written, *found.span(), spaced)
        else:
            yield Word(kind, written, *found.span(), spaced)
        spaced = False


@lru_cache(maxsize=4096)
def _words_of(name: str) -> tuple[Word, ...]:
    return tuple(_raw_words(name))


class _Names:
    """Known names of several words, by their first word, the longest first."""

    def __init__(self, names: Iterable[str]) -> None:
        self._by_first: dict[str, list[tuple[Word, ...]]] = {}
        for name in dict.fromkeys(names):
            words = _words_of(name)
            if len(words) > 1:
                self._by_first.setdefault(words[0].text, []).append(words)
        for known in self._by_first.values():
            known.sort(key=len, reverse=True)

    def length_at(self, words: list[Word], index: int) -> int:
        """How many words from `index` on make a known name; 0 for none."""
        for known in self._by_first.get(words[index].text, ()):
            if self._stands_at(known, words, index):
                return len(known)
        return 0

    @staticmethod
    def _stands_at(known: tuple[Word, ...], words: list[Word], index: int) -> bool:
        here = words[index : index + len(known)]
        # "a-b" is the name only where written without spaces, so that "a - b" stays a difference
        return len(here) == len(known) and all(
            (word.kind, word.text) == (wanted.kind, wanted.text)
            and (word.spaced == wanted.spaced or wanted is known[0])
            for word, wanted in zip(here, known, strict=True)
        )


def _join(raw: list[Word], known: _Names) -> Iterator[Word]:
    index = 0
    while index < len(raw):
        length = known.length_at(raw, index) if raw[index].kind == "NAME" else 0
        if length:
            first, last = raw[index], raw[index + length - 1]
            written = _spelled(raw[index : index + length])
            yield Word("QUOTED", written, first.start, last.end, first.spaced)
            index += length
        else:
            yield raw[index]
            index += 1


def _keywords(joined: Iterable[Word]) -> list[Word]:
    words = list(joined)
    following = [word.kind for word in words[1:]] + [""]
    previous = ""
    for index, word in enumerate(words):
        kind = word.kind
        is_key = following[index] == "COLON" and previous in ("LBRACE", "COMMA", "LPAR")
        if kind == "NAME" and word.text in KEYWORDS and previous != "DOT" and not is_key:
            kind = word.text.upper()
        elif kind == "QUOTED":
            kind = "NAME"
        words[index] = replace(word, kind=kind)
        previous = kind
    return words


class _Brackets:
    """Tells lists, filters and the outward brackets of ranges apart, and bounds their nesting.

    A range is recognised by its "..": the next "[" after it on the same level closes the range, and
    a "]" where a value should start opens one.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._open: list[list[Any]] = []  # kind of the opener, whether ".." was seen inside

    def match(self, words: list[Word]) -> list[Word]:
        previous = ""
        following = [word.kind for word in words[1:]] + [""]
        for index, word in enumerate(words):
            kind = self._kind(word, previous, following[index])
            if kind != word.kind:
                words[index] = replace(word, kind=kind)
            previous = kind
        return words

    def _kind(self, word: Word, previous: str, following: str) -> str:
        kind = word.kind
        within = self._open[-1] if self._open else ["", False]
        if kind == "DOTS":
            within[1] = True
        elif kind == "LSQB" and previous in _ENDS_OPERAND and within[1] and within[0] in _PAIRS:
            self._open.pop()
            return "CLOSE_OUT"
        elif kind == "RSQB" and previous not in _BEFORE_CLOSING and following in _STARTS_OPERAND:
            kind = "OPEN_OUT"
        if kind in _PAIRS or kind in _STARTS_ITERATION:
            self._push(kind, word)
        elif kind in _ENDS_ITERATION and within[0] in _STARTS_ITERATION:
            self._open.pop()
        elif kind in _CLOSERS:
            while self._open and self._open[-1][0] in _STARTS_ITERATION:
                self._open.pop()
            if self._open:
                self._open.pop()
        return kind

    def _push(self, kind: str, word: Word) -> None:
        if len(self._open) >= limits.NESTING:
            raise wrong(
                self._text,
                word.start,
                f"lồng nhau quá {limits.NESTING} tầng; hãy tách thành các biểu thức nhỏ hơn.",
                f"nested more than {limits.NESTING} levels; split it into smaller expressions.",
            )
        self._open.append([kind, False])


def _defined_names(raw: list[Word]) -> Iterator[str]:
    """Names of several words that the expression itself defines."""
    for index, word in enumerate(raw):
        if word.kind == "COLON":
            yield from _before_colon(raw, index)
        elif word.kind == "NAME" and word.text in ("for", "some", "every"):
            yield from _of_iterations(raw[index + 1 : index + 1 + _LOOK_AHEAD])
        elif word.kind == "NAME" and word.text == "function":
            yield from _of_parameters(raw[index + 2 : index + 2 + _LOOK_AHEAD])


def _before_colon(raw: list[Word], colon: int) -> Iterator[str]:
    start = colon
    while start > max(0, colon - _NAME_WORDS) and raw[start - 1].kind in _IN_NAMES:
        start -= 1
    if start > 0 and raw[start - 1].kind in ("LBRACE", "COMMA", "LPAR"):
        yield from _written(raw[start:colon])


def _of_iterations(following: list[Word]) -> Iterator[str]:
    level, naming = 0, True
    name: list[Word] = []
    for word in following:
        if naming and word.text == "in":
            yield from _written(name)
            naming = False
        elif naming:
            name.append(word)
        elif level == 0 and word.kind == "COMMA":
            name, naming = [], True
        elif level < 0 or (level == 0 and word.text in ("return", "satisfies")):
            return
        level += (word.kind in _PAIRS) - (word.kind in _CLOSERS)


def _of_parameters(following: list[Word]) -> Iterator[str]:
    name: list[Word] = []
    for word in following:
        if word.kind in ("COMMA", "RPAR"):
            yield from _written(name)
            name = []
        else:
            name.append(word)
        if word.kind in ("RPAR", "LPAR"):
            return


def _written(words: list[Word]) -> Iterator[str]:
    if 1 < len(words) <= _NAME_WORDS and all(word.kind in _IN_NAMES for word in words):
        yield _spelled(words)


def _spelled(words: list[Word]) -> str:
    return "".join((" " if word.spaced else "") + word.text for word in words).lstrip()


_LOOK_AHEAD = 200  # words; keeps the search linear
_NAME_WORDS = 20
_IN_NAMES = frozenset(["NAME", "NUMBER", "OTHER", "PLUS", "MINUS", "STAR", "SLASH", "DOT"])


def is_name(text: str) -> bool:
    """Whether a text can stand as a name of one word, without backticks."""
    return re.fullmatch(_WORD, text) is not None
