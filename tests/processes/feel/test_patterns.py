"""Regular expressions: those of XPath, as the functions matches, replace and split use them."""

import pytest

from processes.feel import compile_expression

FOUND = [
    ("abracadabra", "bra", "", True),
    ("abracadabra", "^a.*a$", "", True),
    ("abracadabra", "^bra", "", False),
    ("a\nb", "a.b", "", False),
    ("a\nb", "a.b", "s", True),
    ("a\nb", "^b$", "", False),
    ("a\nb", "^b$", "m", True),
    ("helloworld", "hello world", "x", True),
    ("ĐẠT", "đạt", "i", True),
    ("ABC", "[a-c]+$", "i", True),
    ("a.c", "a.c", "q", True),
    ("abc", "a.c", "q", False),
    ("a1_đ", r"^\w\d\w\w$", "", False),  # "_" is punctuation to XML Schema
    ("12-34", r"^(\d{2}-)+\d{2}$", "", True),
    ("Nguyễn", r"^\p{Lu}\p{Ll}+$", "", True),
    ("Nguyễn", r"^\P{L}+$", "", False),
    ("a-b", r"^[a\-b]+$", "", True),
    ("a-", r"^[a-]+$", "", True),
    ("x", "[a-z-[x]]", "", False),
    ("y", "[a-z-[x]]", "", True),
    ("5", r"[^\d]", "", False),
    ("]", r"[\]]", "", True),
    ("é", r"\p{IsLatin-1Supplement}", "", True),
    ("a b", r"^\S\s\S$", "", True),
    ("x:y", r"^\i\c+$", "", True),
    ("aaa", "^a{2}$", "", False),
    ("aaa", "^a{2,}$", "", True),
    ("", "^$", "", True),
    ("ab", "a|b|c", "", True),
    ("", "", "", True),
    ("001.01.15.H26", r"^\d{3}(\.\w{2,3})+$", "", True),
]
NO_PATTERN = [
    "(", ")", "[", "[]", "a**", "*a", "+", "a{2,1}", "a{x}", "{", "}", "]", "\\", r"\q", r"(a)\1",
    r"\p{Xx}", r"\pL", "[b-a]", "(?=a)", "(?<n>a)", "[a", "a{1", r"[\d-a", "[a-z-[x]",
]  # fmt: skip
REPLACED = [
    ("abracadabra", "bra", "*", "a*cada*"),
    ("abracadabra", "a.*a", "*", "*"),
    ("abracadabra", "a.*?a", "*", "*c*bra"),
    ("abracadabra", "a(.)", "a$1$1", "abbraccaddabbra"),
    ("AAAA", "A+", "b", "b"),
    ("AAAA", "A+?", "b", "bbbb"),
    ("darted", "^(.*?)d(.*)$", "$1c$2", "carted"),
    ("abc", "(b)", r"\$$1", "a$bc"),
    ("abc", "b", r"\\", r"a\c"),
    ("abc", "b", "[$0]", "a[b]c"),
    ("abc", "(b)", "$12", "ab2c"),  # there is no group 12, so it is group 1 and a "2"
    ("abc", "b", "$1", "ac"),
    ("abc", "b", "$", None),
    ("abc", "b", "\\", None),
    ("abc", "b*", "x", None),  # matches nothing at all, so it would match everywhere
    ("abc", "x", "y", "abc"),
    ("đơn đơn", "đơn", "tờ khai", "tờ khai tờ khai"),
]


@pytest.mark.parametrize(("text", "pattern", "flags", "expected"), FOUND)
def test_a_pattern_is_found_or_not(text, pattern, flags, expected):
    data = {"t": text, "p": pattern, "f": flags}
    assert compile_expression("matches(t, p, f)").evaluate(data) is expected


@pytest.mark.parametrize("pattern", NO_PATTERN)
def test_what_is_no_pattern_gives_null(pattern):
    data = {"p": pattern}
    assert compile_expression('matches("a", p)').evaluate(data) is None
    assert compile_expression('replace("a", p, "")').evaluate(data) is None
    assert compile_expression('split("a", p)').evaluate(data) is None


@pytest.mark.parametrize(("text", "pattern", "replacement", "expected"), REPLACED)
def test_every_match_is_replaced(text, pattern, replacement, expected):
    data = {"t": text, "p": pattern, "r": replacement}
    assert compile_expression("replace(t, p, r)").evaluate(data) == expected


def test_a_text_is_split_at_every_match():
    data = {"t": "Đơn; CMND ;Sổ đỏ", "p": r"\s*;\s*"}
    assert compile_expression("split(t, p)").evaluate(data) == ["Đơn", "CMND", "Sổ đỏ"]
