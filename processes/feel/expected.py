"""What the parser expected, in the words of a person."""

from collections.abc import Collection

_VALUE = frozenset(
    [
        "NAME",
        "NUMBER",
        "STRING",
        "AT_STRING",
        "TRUE",
        "FALSE",
        "NULL",
        "LPAR",
        "LSQB",
        "LBRACE",
        "MINUS",
    ]
)
_OPERATOR = frozenset(
    [
        "PLUS",
        "STAR",
        "SLASH",
        "POWER",
        "EQ",
        "NE",
        "LT",
        "LE",
        "GT",
        "GE",
        "AND",
        "OR",
        "BETWEEN",
        "IN",
        "INSTANCE",
    ]
)
_WORDS = {
    "RPAR": ")", "RSQB": "]", "RBRACE": "}", "COMMA": ",", "COLON": ":", "DOTS": "..",
    "THEN": "then", "ELSE": "else", "RETURN": "return", "SATISFIES": "satisfies", "IN": "in",
    "AND": "and", "OF": "of", "LPAR": "(",
}  # fmt: skip


def say_what_was_expected(
    kind: str, found: str, before: str, expected: Collection[str]
) -> tuple[str, str]:
    """One sentence in each language: what stands there and what should.

    kind: terminal of the word found, "$END" at the end of the text; before: the word before it;
    expected: terminals.
    """
    wanted = frozenset(expected)
    vi: list[str] = []
    en: list[str] = []
    if len(_VALUE & wanted) > _SOME:
        vi.append("một giá trị (tên, số, chuỗi, ngày…)")
        en.append("a value (name, number, text, date...)")
    elif "NAME" in wanted:
        vi.append("một tên")
        en.append("a name")
    if len(_OPERATOR & wanted) > 1 and not vi:
        vi.append("một phép tính (+, =, and…)")
        en.append("an operator (+, =, and...)")
    if vi:
        wanted -= _OPERATOR | {"LPAR"}
    if "$END" in wanted:
        vi.append("kết thúc biểu thức")
        en.append("the end of the expression")
    closing = [word for terminal, word in _WORDS.items() if terminal in wanted - _VALUE]
    vi += [f"“{word}”" for word in closing]
    en += [f"'{word}'" for word in closing]
    at_vi, at_en = "hết biểu thức", "the expression ends"
    if kind != "$END":
        at_vi, at_en = f"gặp “{found}”", f"found '{found}'"
    hint_vi, hint_en = _hint(kind, found, before)
    return (
        f"{at_vi}, cần {_any_of(vi, 'hoặc')}.{hint_vi}",
        f"{at_en}, expected {_any_of(en, 'or')}.{hint_en}",
    )


def _any_of(words: list[str], conjunction: str) -> str:
    if len(words) > 1:
        return f"{', '.join(words[:-1])} {conjunction} {words[-1]}"
    return words[0] if words else "?"


def _hint(kind: str, found: str, before: str) -> tuple[str, str]:
    if kind == "EQ" and before == "=":
        return " So sánh bằng viết một dấu “=”.", " Equality is written with one '='."
    if kind != "NAME" or not before[-1:].isalnum():
        return "", ""
    if before == "not":
        return f" Phủ định viết là not({found}).", f" Negation is written not({found})."
    return (
        f" Nếu đó là một tên có dấu cách, viết `{before} {found}`.",
        f" If it is one name with spaces, write `{before} {found}`.",
    )


_SOME = 5  # of the ways a value can begin; fewer is a particular word
