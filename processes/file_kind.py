"""Kinds of files (loại tệp) that a dossier may hold, and why a file is not taken in."""

from collections.abc import Collection
from enum import StrEnum

from processes.errors import InvalidInput


class FileKind(StrEnum):
    """What a file is by its content; its name proves nothing."""

    PDF = "pdf"
    JPEG = "jpeg"
    PNG = "png"
    TIFF = "tiff"
    WEBP = "webp"
    DOCX = "docx"
    XLSX = "xlsx"
    ODT = "odt"
    ODS = "ods"
    XML = "xml"  # a signed data file; taken only where a component names it

    @property
    def media_type(self) -> str:
        return _MEDIA_TYPES[self]

    @property
    def ending(self) -> str:
        """How names of such files end."""
        return ".jpg" if self is FileKind.JPEG else f".{self.value}"

    @property
    def is_picture(self) -> bool:
        return self in PICTURES


PICTURES = (FileKind.JPEG, FileKind.PNG, FileKind.TIFF, FileKind.WEBP)
USUAL_KINDS = (
    FileKind.PDF,
    FileKind.JPEG,
    FileKind.PNG,
    FileKind.TIFF,
    FileKind.DOCX,
    FileKind.XLSX,
    FileKind.ODT,
)
"""What is taken for a component that says nothing of it."""

_MEDIA_TYPES = {
    FileKind.PDF: "application/pdf",
    FileKind.JPEG: "image/jpeg",
    FileKind.PNG: "image/png",
    FileKind.TIFF: "image/tiff",
    FileKind.WEBP: "image/webp",
    FileKind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileKind.ODT: "application/vnd.oasis.opendocument.text",
    FileKind.ODS: "application/vnd.oasis.opendocument.spreadsheet",
    FileKind.XML: "application/xml",
}


def accepted_words(kinds: Collection[FileKind]) -> str:
    """E.g. "PDF, JPEG, DOCX"."""
    return ", ".join(kind.value.upper() for kind in FileKind if kind in kinds)


def accepted_endings(kinds: Collection[FileKind]) -> str:
    """For a page's file field: ".pdf,.jpg,.jpeg"."""
    endings = [kind.ending for kind in FileKind if kind in kinds]
    if FileKind.JPEG in kinds:
        endings.append(".jpeg")
    if FileKind.TIFF in kinds:
        endings.append(".tif")
    return ",".join(endings)


class KindNotAccepted(InvalidInput):
    """A known kind of file that this component does not take."""

    code = "document.kind_not_accepted"
    vi = "Tệp “{name}” là {kind}; thành phần này chỉ nhận {accepted}. Lưu tệp sang dạng đó."
    en = "'{name}' is {kind}; this component takes {accepted} only. Save it in one of these."


class UnknownKind(InvalidInput):
    """Its content is of no kind that a dossier holds, whatever its name says."""

    code = "document.unknown_kind"
    vi = "Nội dung tệp “{name}” là {what_vi}, không phải loại tệp hồ sơ nhận ({accepted})."
    en = "The content of '{name}' is {what_en}, no kind of file that is taken here ({accepted})."


class TwoFilesInOne(InvalidInput):
    """One file that programs can read as two different kinds."""

    code = "document.two_in_one"
    vi = (
        "Tệp “{name}” vừa là {kind} vừa chứa {other} nên không an toàn. Mở tệp, lưu lại thành tệp "
        "mới rồi tải lên."
    )
    en = (
        "'{name}' is {kind} and {other} at once, which is not safe. Open it, save it as a new file "
        "and upload that."
    )


class UnreadableFile(InvalidInput):
    """It begins like its kind, but cannot be opened as such."""

    code = "document.unreadable"
    vi = "Tệp “{name}” bị hỏng hoặc chưa đầy đủ, không mở được như {kind}. Quét hoặc lưu lại tệp."
    en = "'{name}' is broken or cut off: it cannot be opened as {kind}. Scan or save it again."


class PasswordNeeded(InvalidInput):
    """Nobody can look into it without a password."""

    code = "document.password_needed"
    vi = "Tệp “{name}” có mật khẩu mở nên không xem được. Bỏ mật khẩu rồi tải lên lại."
    en = "'{name}' is locked with a password. Remove the password and upload it again."


class ExpandsTooMuch(InvalidInput):
    """Unpacked it is far larger than any honest document."""

    code = "document.expands_too_much"
    vi = (
        "Tệp “{name}” khi giải nén lớn bất thường (quá {megabytes} MB) nên không nhận. Bỏ bớt nội "
        "dung hoặc lưu thành PDF."
    )
    en = (
        "'{name}' unpacks to far more than a document holds (over {megabytes} MB). Leave something "
        "out, or save it as PDF."
    )


class CarriesProgram(InvalidInput):
    """An office document with macros."""

    code = "document.carries_program"
    vi = "Tệp “{name}” chứa macro (chương trình) nên không nhận. Lưu lại không macro hoặc PDF."
    en = "'{name}' carries macros (programs). Save it without macros, or as PDF."


class NoSuchPage(InvalidInput):
    """The document has fewer pages."""

    code = "document.no_such_page"
    vi = "Tài liệu không có trang {page}."
    en = "The document has no page {page}."
