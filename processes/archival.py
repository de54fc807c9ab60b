"""PDF/A (ISO 19005): what a PDF says of itself, and what was found that speaks against it.

A declaration is only a declaration: nothing here ever says that a file is valid PDF/A, which takes
a full validator. What was looked at is listed in `Contradiction`; the rest was not.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self


class Contradiction(StrEnum):
    """What no PDF/A file has."""

    ENCRYPTED = "encrypted"
    SCRIPT = "script"
    ACTION = "action"
    FONT = "font_not_embedded"
    ATTACHMENT = "attachment"
    MEDIA = "media"
    XFA = "xfa"
    EXTERNAL = "external_stream"
    LZW = "lzw"
    POSTSCRIPT = "postscript"
    TRANSPARENCY = "transparency"
    NOT_TAGGED = "not_tagged"
    NO_ID = "no_id"
    NO_SUCH_PART = "no_such_part"


WORDS: Mapping[Contradiction, tuple[str, str]] = {
    Contradiction.ENCRYPTED: ("tệp bị mã hóa", "it is encrypted"),
    Contradiction.SCRIPT: ("có mã lệnh JavaScript", "it holds JavaScript"),
    Contradiction.ACTION: (
        "có lệnh mở chương trình, phát âm thanh hoặc gửi dữ liệu",
        "it starts programs, plays sounds or sends data",
    ),
    Contradiction.FONT: ("có phông chữ không nhúng trong tệp", "a font is not embedded"),
    Contradiction.ATTACHMENT: ("có tệp đính kèm mà phần này không cho", "it holds attached files"),
    Contradiction.MEDIA: ("có phim, âm thanh hoặc hình 3D", "it holds films, sounds or 3D"),
    Contradiction.XFA: ("có biểu mẫu XFA hoặc biểu mẫu vẽ lại", "it holds an XFA form"),
    Contradiction.EXTERNAL: ("có nội dung nằm ngoài tệp", "content lies outside of the file"),
    Contradiction.LZW: ("có nén LZW", "it is packed by LZW"),
    Contradiction.POSTSCRIPT: ("có mã PostScript", "it holds PostScript"),
    Contradiction.TRANSPARENCY: (
        "có hình trong suốt mà PDF/A-1 không cho",
        "it is transparent, which PDF/A-1 is not",
    ),
    Contradiction.NOT_TAGGED: (
        "khai mức A mà không có cấu trúc thẻ",
        "it declares level A and is not tagged",
    ),
    Contradiction.NO_ID: ("thiếu mã nhận dạng tệp (ID)", "the file's ID is missing"),
    Contradiction.NO_SUCH_PART: ("không có phần PDF/A như khai", "there is no such part of PDF/A"),
}


class NoCopy(StrEnum):
    """Why a package holds no copy for keeping of a document."""

    DECLARES = "declares"
    KIND = "kind"
    QUARANTINED = "quarantined"
    UNREADABLE = "unreadable"
    PAGES = "pages"
    SIZE = "size"
    COSTLY = "costly"
    FAILED = "failed"
    BUSY = "busy"


NO_COPY: Mapping[NoCopy, tuple[str, str]] = {
    NoCopy.DECLARES: (
        "tệp khai là PDF/A, chưa thấy điểm nào trái nên giữ nguyên",
        "it declares PDF/A and nothing speaks against it, so it is kept as it is",
    ),
    NoCopy.KIND: ("không phải ảnh, không phải PDF", "it is neither a picture nor a PDF"),
    NoCopy.QUARANTINED: ("tệp đang bị cách ly", "it is in quarantine"),
    NoCopy.UNREADABLE: (
        "không mở được tệp: có mật khẩu hoặc hỏng",
        "it cannot be opened: a password, or it is damaged",
    ),
    NoCopy.PAGES: ("quá 100 trang", "it has more than 100 pages"),
    NoCopy.SIZE: (
        "có trang quá lớn, vẽ lại không đọc được",
        "a page is too large to be drawn legibly",
    ),
    NoCopy.COSTLY: (
        "vẽ lại tốn quá nhiều thời gian hoặc bộ nhớ",
        "drawing it takes too much time or memory",
    ),
    NoCopy.FAILED: ("không làm được PDF/A từ tệp này", "no PDF/A can be made of it"),
    NoCopy.BUSY: (
        "máy chủ đang bận; xuất lại để có bản sao",
        "the server was busy; export again for the copy",
    ),
}


@dataclass(frozen=True, slots=True)
class Archival:
    """Of one PDF. declared: such as "2B", "" where it declares nothing; readable: whether it could
    be looked through within its time.
    """

    declared: str = ""
    contradictions: tuple[Contradiction, ...] = ()
    readable: bool = True

    @property
    def uncontradicted(self) -> bool:
        """It declares PDF/A and nothing was found against it; not that it is valid."""
        return bool(self.declared) and self.readable and not self.contradictions

    def words(self, language: str) -> str:
        """As people are told: "khai là PDF/A-2B; chưa thấy điểm nào trái"."""
        vi, en = self._words()
        return vi if language == "vi" else en

    def _words(self) -> tuple[str, str]:
        if not self.readable:
            return "chưa xem được có phải PDF/A không", "could not be looked through for PDF/A"
        if not self.declared:
            return "không khai là PDF/A", "does not declare PDF/A"
        vi, en = f"khai là PDF/A-{self.declared}", f"declares PDF/A-{self.declared}"
        if not self.contradictions:
            return (
                f"{vi}; những điểm đã xem không trái (chưa phải là xác nhận hợp chuẩn)",
                f"{en}; nothing that was looked at speaks against it (this is no validation)",
            )
        said = [WORDS[each] for each in self.contradictions]
        return (
            f"{vi} nhưng trái chuẩn: " + "; ".join(vi for vi, _ in said),
            f"{en}, against which speaks: " + "; ".join(en for _, en in said),
        )

    def to_data(self) -> dict[str, Any]:
        return {
            "declared": self.declared,
            "contradictions": [each.value for each in self.contradictions],
            "readable": self.readable,
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        found = tuple(Contradiction(each) for each in data["contradictions"])
        return cls(data["declared"], found, data["readable"])
