"""Attribute values of the vocabulary, read one by one; what cannot be read becomes a finding."""

import re
from collections.abc import Callable
from datetime import date, time
from enum import StrEnum
from typing import TypeVar
from unicodedata import normalize

from lxml.etree import _Element as Element

from processes.document import local_name
from processes.finding import Finding, Severity
from processes.rule import Rule, Words, listed
from processes.time_limit import InvalidTimeLimit, TimeLimit
from processes.vocabulary import read_limit

VALUE = Rule(
    "qt-value",
    Severity.ERROR,
    "{where}: thuộc tính {attribute} của qt:{tag} ghi “{value}”, không dùng được. Ghi {expected}.",
    "{where}: attribute {attribute} of qt:{tag} says '{value}', which cannot be used. "
    "Write {expected}.",
)
MISSING = Rule(
    "qt-value-missing",
    Severity.ERROR,
    "{where}: qt:{tag} thiếu thuộc tính {attribute}. Bổ sung thuộc tính này.",
    "{where}: qt:{tag} lacks the attribute {attribute}. Add it.",
)
LIMIT = Rule(
    "qt-limit-invalid",
    Severity.ERROR,
    "{where}: {problem}",
    "{where}: {problem}",
)
REPEATED = Rule(
    "qt-repeated",
    Severity.ERROR,
    "{where}: qt:{tag} được ghi nhiều lần{detail}. Chỉ giữ lại một.",
    "{where}: qt:{tag} is stated more than once{detail}. Keep one.",
)
RULES = (VALUE, MISSING, LIMIT, REPEATED)

_DIGITS = 3
_CLOCK_TIME = re.compile("([0-9]{1,2}):([0-9]{2})")
_Enum = TypeVar("_Enum", bound=StrEnum)
_Read = TypeVar("_Read")


class Values:
    """Reads values on behalf of one BPMN element and collects what is wrong with them."""

    def __init__(self, findings: list[Finding], element_id: str | None, where: Words) -> None:
        self.findings = findings
        self.element_id = element_id
        self.where = where

    def report(self, rule: Rule, **facts: object) -> None:
        self.findings.append(rule.at(self.element_id, where=self.where, **facts))

    def text(self, element: Element, attribute: str) -> str:
        """A value that must be there; empty with a finding where it is not."""
        value = normalize("NFC", element.get(attribute, "").strip())
        if not value:
            self.report(MISSING, tag=local_name(element), attribute=attribute)
        return value

    def choice(self, element: Element, attribute: str, otherwise: _Enum) -> _Enum:
        """One of the words of an enumeration."""
        kind = type(otherwise)
        words = listed(tuple(member.value for member in kind), at_most=20)
        return self._read(element, attribute, kind, otherwise, Words(words, words))

    def words(self, element: Element, attribute: str, kind: type[_Enum]) -> tuple[_Enum, ...]:
        """Words of an enumeration, in the order of the enumeration; none where it is not stated."""
        known = tuple(member.value for member in kind)

        def read(text: str) -> tuple[_Enum, ...]:
            named = {kind(word) for word in text.split()}
            return tuple(member for member in kind if member in named)

        return self._read(element, attribute, read, (), Words(" ".join(known), " ".join(known)))

    def boolean(self, element: Element, attribute: str, otherwise: bool) -> bool:
        return self._read(
            element, attribute, _boolean, otherwise, Words("true/false", "true/false")
        )

    def number(self, element: Element, attribute: str, otherwise: int, least: int) -> int:
        def read(text: str) -> int:
            if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS):
                raise ValueError(text)
            if int(text) < least:
                raise ValueError(text)
            return int(text)

        expected = Words(f"số nguyên từ {least} đến 999", f"a whole number, {least} to 999")
        return self._read(element, attribute, read, otherwise, expected)

    def day(self, element: Element, attribute: str) -> date | None:
        expected = Words("ngày dạng 2026-09-02", "a date such as 2026-09-02")
        return self._read(element, attribute, date.fromisoformat, None, expected)

    def clock_time(self, element: Element, attribute: str) -> time | None:
        expected = Words("giờ dạng 15:00", "a time such as 15:00")
        return self._read(element, attribute, _clock_time, None, expected)

    def limit(self, element: Element | None) -> TimeLimit | None:
        """The limit of a qt:limit, None where there is none or it cannot be counted."""
        if element is None:
            return None
        try:
            return read_limit(element)
        except InvalidTimeLimit as problem:
            self.report(LIMIT, problem=Words(problem.message("vi"), problem.message("en")))
            return None

    def _read(
        self,
        element: Element,
        attribute: str,
        read: Callable[[str], _Read],
        otherwise: _Read,
        expected: Words,
    ) -> _Read:
        value = element.get(attribute)
        if value is None:
            return otherwise
        try:
            return read(value.strip())
        except ValueError:
            tag = local_name(element)
            self.report(VALUE, tag=tag, attribute=attribute, value=value, expected=expected)
            return otherwise


def _boolean(text: str) -> bool:
    if text not in ("true", "false", "1", "0"):
        raise ValueError(text)
    return text in ("true", "1")


def _clock_time(text: str) -> time:
    stated = _CLOCK_TIME.fullmatch(text)
    if stated is None:
        raise ValueError(text)
    return time(int(stated[1]), int(stated[2]))
