"""From the text of an expression to its parts."""

import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import replace
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any, Literal, cast

from lark import Lark, Token, UnexpectedToken
from lark.lexer import Lexer

from processes.feel import limits, syntax
from processes.feel.builder import Builder, Refused
from processes.feel.builtins import BUILTINS
from processes.feel.expected import say_what_was_expected
from processes.feel.properties import PROPERTY_NAMES
from processes.feel.tokens import Word, cut, wrong
from processes.feel.type_names import TYPE_NAMES

Start = Literal["expression", "unary_tests"]
_BROUGHT_NAMES = sorted(name for name in {*BUILTINS, *TYPE_NAMES, *PROPERTY_NAMES} if " " in name)


def parse(text: str, names: Collection[str], start: Start = "expression") -> syntax.Node:
    """The parts of an expression, or of unary tests.

    text: NFC, without a leading "="; names: known names, for those of several words.
    Raises InvalidExpression, which points at the character.
    """
    words = cut(text, [*names, *_BROUGHT_NAMES])
    _refuse_external(text, words)
    if start == "unary_tests":
        _mark_negated_tests(words)
    try:
        return cast(syntax.Node, _parser().parse(cast(str, words), start=start))
    except UnexpectedToken as unexpected:
        token = unexpected.token
        position = len(text.rstrip()) if token.type == "$END" else int(token.start_pos or 0)
        expected = unexpected.accepts or unexpected.expected
        before = [word.text for word in words if word.start < position]
        vi, en = say_what_was_expected(
            token.type, str(token), before[-1] if before else "", expected
        )
        raise wrong(text, position, vi, en) from None
    except Refused as refused:
        raise wrong(text, refused.position, refused.vi, refused.en) from None


def clean(text: str) -> str:
    """The text as it is read: NFC, without the "=" that other tools write in front.

    Raises InvalidExpression for a text that is too long or empty.
    """
    if len(text) > limits.TEXT_CHARACTERS:
        raise wrong(
            text[: limits.TEXT_CHARACTERS],
            limits.TEXT_CHARACTERS,
            f"dài hơn {limits.TEXT_CHARACTERS} ký tự.",
            f"longer than {limits.TEXT_CHARACTERS} characters.",
        )
    stripped = unicodedata.normalize("NFC", text).strip()
    source = stripped[1:].strip() if stripped.startswith("=") else stripped
    if not source:
        raise wrong(text, 0, "chưa viết gì.", "nothing is written.")
    return source


class _Words(Lexer):
    """Hands the words already cut over to the parser."""

    def __init__(self, lexer_conf: Any) -> None:
        """Lark builds its lexer itself; there is nothing to prepare."""

    def lex(self, words: Any) -> Iterator[Token]:  # type: ignore[override]  # the short form
        for word in cast(list[Word], words):
            yield Token(word.kind, word.text, start_pos=word.start, end_pos=word.end)


@cache
def _parser() -> Lark:
    grammar = files("processes.feel").joinpath("grammar.lark").read_text(encoding="utf-8")
    return Lark(
        grammar,
        parser="lalr",
        lexer=_Words,
        start=["expression", "unary_tests"],
        transformer=Builder(),
        maybe_placeholders=False,
    )


def _refuse_external(text: str, words: list[Word]) -> None:
    for word, following in pairwise(words):
        if word.text == "external" and following.kind == "LBRACE":
            raise wrong(
                text,
                word.start,
                "hàm viết bằng ngôn ngữ khác không được chạy.",
                "functions in another language are not run.",
            )


def _mark_negated_tests(words: list[Word]) -> None:
    """Make the leading `not` of unary tests a word of its own where it negates all of them."""
    if len(words) < _NOT_AND_BRACKETS or (words[0].text, words[1].kind) != ("not", "LPAR"):
        return
    level = 0
    for index, word in enumerate(words[1:], start=1):
        level += (word.kind in ("LPAR", "LSQB", "LBRACE")) - (word.kind in _CLOSERS)
        if level == 0:
            if index == len(words) - 1:
                words[0] = replace(words[0], kind="NOT")
            return


_NOT_AND_BRACKETS = 3
_CLOSERS = ("RPAR", "RSQB", "RBRACE", "CLOSE_OUT")
