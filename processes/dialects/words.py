"""A foreign expression cut into words: JUEL, Groovy, JavaScript and Python have them in common."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from processes.errors import InvalidInput

MOST_CHARS = 2_000

_WORDS = re.compile(
    r"""(?P<space>\s+)
    |(?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)(?:[lLdDfFmM]\b)?
    |(?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    |(?P<name>[^\W\d]\w*|[$][^\W\d]?\w*)
    |(?P<sign>===|!==|==|!=|<>|<=|>=|&&|\|\||\*\*|[-+*/%<>=!?:()\[\],.])
    |(?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r"}


class Untranslatable(InvalidInput):
    """The text is not a condition that can be said in FEEL with the same meaning."""

    code = "dialect.untranslatable"
    vi = "Không dịch được “{text}” sang FEEL: {detail}"
    en = "'{text}' cannot be translated to FEEL: {detail}"


@dataclass(frozen=True, slots=True)
class Word:
    """kind: number, string, name, sign or end; text: as written, of strings what they hold."""

    kind: str
    text: str


def cut(text: str) -> list[Word]:
    """The words of an expression with an end behind them. Errors: Untranslatable."""
    if len(text) > MOST_CHARS:
        raise Untranslatable(text=text[:60], detail=f"> {MOST_CHARS}")
    return [*_cut(text), Word("end", "")]


def _cut(text: str) -> Iterator[Word]:
    for found in _WORDS.finditer(text):
        kind = str(found.lastgroup)
        written = found[kind]
        if kind == "other":
            raise Untranslatable(text=text, detail=written)
        if kind == "string":
            yield Word(kind, _ESCAPE.sub(_unescaped, written[1:-1]))
        elif kind != "space":
            yield Word(kind, written)


def _unescaped(found: re.Match[str]) -> str:
    return _ESCAPED.get(found[1], found[1])
