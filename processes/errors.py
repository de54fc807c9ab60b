"""The family of errors that people cause and people can mend.

RuleError                 a rule of the office, the standard or the law says no
├── InvalidInput          what was given cannot be read (the sender mends it)
├── NotAllowed            this person may not do this (someone entitled may)
├── NotFound              nothing by that name is visible to this person
├── Conflict              the state has moved on; look again
└── Unmet                 a condition of the act is not fulfilled yet (fulfil it)

Every concrete error states a dotted-word ``code`` and one sentence in each language whose
``{placeholders}`` are filled from ``facts``. The doors turn the five families into statuses.
"""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

Language = Literal["vi", "en"]


class RuleError(Exception):
    """Somebody asked for what the rules do not allow; the message says what to do."""

    code: ClassVar[str] = "rule"
    vi: ClassVar[str] = "Yêu cầu không hợp lệ."
    en: ClassVar[str] = "The request is not valid."

    def __init__(self, **facts: Any) -> None:
        self.facts: Mapping[str, Any] = facts
        super().__init__(self.message("en"))

    def message(self, language: Language) -> str:
        """The sentence for a person, in Vietnamese or English."""
        return (self.vi if language == "vi" else self.en).format_map(_Facts(self.facts))


class _Facts(dict[str, Any]):
    """A missing fact is shown as a dash: an error message must never fail itself."""

    def __missing__(self, key: str) -> str:
        return "–"


class InvalidInput(RuleError):
    """What was given cannot be read or used; the sender can mend it."""

    code = "input.invalid"
    vi = "Dữ liệu nhập chưa đúng: {detail}"
    en = "The input is not valid: {detail}"


class NotAllowed(RuleError):
    """This person may not do this."""

    code = "not_allowed"
    vi = "Bạn không có quyền thực hiện việc này. Người có quyền: {who}."
    en = "You may not do this. Entitled: {who}."


class NotFound(RuleError):
    """Nothing by that name is visible to this person."""

    code = "not_found"
    vi = "Không tìm thấy {what}. Kiểm tra lại mã hoặc quyền truy cập."
    en = "{what} was not found. Check the code or your access."


class Conflict(RuleError):
    """The state has moved on since the person looked."""

    code = "conflict"
    vi = "Trạng thái đã thay đổi: {what}. Tải lại trang rồi thử lại."
    en = "The state has changed: {what}. Reload and try again."


class Unmet(RuleError):
    """A condition of the act is not fulfilled yet."""

    code = "unmet"
    vi = "Chưa đủ điều kiện: {what}."
    en = "A condition is not met: {what}."
