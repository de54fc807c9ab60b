"""What the parser expected, in the words of a person."""

from collections.abc import Collection

_VALUE = frozenset("NAME NUMBER STRING AT_STRING TRUE FALSE NULL LPAR LSQB LBRACE MINUS".split())
_OPERATOR = frozenset("PLUS STAR SLASH POWER EQ NE LT LE GT GE AND OR BETWEEN IN INSTANCE".split())
_WORDS = {
    "RPAR": ")", "RSQB": "]", "RBRACE": "}", "COMMA": ",", "COLON": ":", "DOTS": "..",
    "THEN": "then", "ELSE": "else", "RETURN": "return", "SATISFIES": "satisfies", "IN": "in",
    "AND": "and", "OF": "of", "LPAR": "(", "GT": ">",
}  # fmt: skip


def say_what_was_expected(kind: str, found: str, expected: Collection[str]) -> tuple[str, str]:
    """One sentence in each language: what stands there and what should.

    kind: terminal of the word found, "$END" at the end of the text; expected: terminals.
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
    if "PLUS" in wanted:
        vi.append("một phép tính (+, =, and…)")
        en.append("an operator (+, =, and...)")
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
    hint_vi, hint_en = _hint(kind, found, wanted)
    return (
        f"{at_vi}, cần {_any_of(vi, 'hoặc')}.{hint_vi}",
        f"{at_en}, expected {_any_of(en, 'or')}.{hint_en}",
    )


def _any_of(words: list[str], conjunction: str) -> str:
    if len(words) > 1:
        return f"{', '.join(words[:-1])} {conjunction} {words[-1]}"
    return words[0] if words else "?"


def _hint(kind: str, found: str, wanted: Collection[str]) -> tuple[str, str]:
    if kind == "NAME" and "$END" in wanted:
        return (
            f" Tên có dấu cách viết trong dấu `…`, ví dụ `Ngày {found}`.",
            f" A name with spaces stands in backticks, such as `Date {found}`.",
        )
    if kind == "EQ":
        return (
            " So sánh bằng viết một dấu “=”.",
            " Equality is written with one '='.",
        )
    return "", ""


_SOME = 5  # of the ways a value can begin; fewer is a particular word
