"""A form as a Word document, for drafts that are edited before somebody signs them.

It has the same facts as the form and no number: a number is only given to what is issued. The same
facts give the same bytes.
"""

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from engine.forms.kinds import FormKind

Line = tuple[str, str]
"""How something is said, and by which fact: text {fact}, pairs, table, several lines."""

_COPIES = ("TT", "Thành phần hồ sơ", "Bản chính", "Bản chứng thực", "Bản photo")
_SIGNED = ("signature", "signer_position signer")
_LAYOUT: Mapping[FormKind, Sequence[Line]] = {
    FormKind.RECEIPT: (
        ("pairs", "applicant"),
        ("text", "Nội dung yêu cầu giải quyết: {matter}"),
        ("text", "1. Thành phần hồ sơ nộp gồm:"),
        ("copies", "components"),
        ("text", "2. Số lượng hồ sơ: {sets} (bộ)"),
        ("text", "3. Thời gian giải quyết hồ sơ theo quy định là: {limit}"),
        ("text", "4. Thời gian nhận hồ sơ: {received}"),
        ("text", "5. Thời gian trả kết quả giải quyết hồ sơ: {due}"),
        ("text", "6. Đăng ký nhận kết quả tại: {returned_by}"),
        ("text", "Vào Sổ theo dõi hồ sơ, Quyển số: {volume}, Số thứ tự: {register_no}"),
        ("signature", "=Người tiếp nhận hồ sơ receiver"),
    ),
    FormKind.SUPPLEMENT_REQUEST: (
        ("pairs", "applicant"),
        ("text", "Nội dung yêu cầu giải quyết: {matter}"),
        ("text", "Yêu cầu hoàn thiện hồ sơ gồm những nội dung sau:"),
        ("copies", "components"),
        ("text", "Lý do: {reason}"),
        ("text", "Căn cứ: {legal_basis}"),
        ("text", "Hạn bổ sung: {until}"),
        ("text", "Liên hệ hướng dẫn: {guide} {guide_phone}"),
        ("signature", "=Người hướng dẫn signer"),
    ),
    FormKind.REFUSAL: (
        ("pairs", "applicant"),
        ("text", "Nội dung yêu cầu giải quyết: {matter}"),
        ("text", "{office} thông báo không tiếp nhận, giải quyết hồ sơ này với lý do cụ thể:"),
        ("text", "{reason}"),
        ("text", "Hướng dẫn: {guidance}"),
        ("text", "Xin thông báo ông/bà được biết và thực hiện./."),
        ("signature", "=Người tiếp nhận hồ sơ receiver"),
    ),
    FormKind.APOLOGY: (
        ("text", "Kính gửi: {to}"),
        ("text", "Lúc {received}, {office} tiếp nhận giải quyết hồ sơ {matter}, mã số {code}."),
        ("text", "Thời gian hẹn trả kết quả: {due_before}."),
        ("text", "Tuy nhiên đến nay {office} chưa trả kết quả đúng thời hạn quy định."),
        ("text", "Lý do: {reason}"),
        ("text", "Đề nghị gia hạn: {longer_days} ngày làm việc."),
        ("text", "{office} xin lỗi ông/bà và sẽ trả kết quả vào lúc {due}./."),
        _SIGNED,
    ),
    FormKind.DISCONTINUATION: (
        ("pairs", "applicant"),
        ("text", "Nội dung yêu cầu giải quyết: {matter}"),
        ("text", "{office} thông báo dừng giải quyết hồ sơ kể từ {stopped}."),
        ("text", "Căn cứ: {ground}."),
        ("text", "Lý do: {reason}"),
        ("text", "Giai đoạn khi dừng: {stage}"),
        ("text", "Xử lý phí, lệ phí: {fee}"),
        _SIGNED,
    ),
    FormKind.SUBMISSION_SLIP: (
        ("text", "Kính gửi: {to}"),
        ("text", "Vấn đề trình: {matter}"),
        ("text", "Loại phiếu trình: {sort}. Lần trình: {times}"),
        ("text", "Ý kiến chỉ đạo:"),
        ("text", ""),
        ("text", "Báo cáo, đề xuất của Văn phòng:"),
        ("text", "{proposal}"),
        ("text", "Dự thảo kèm theo: {attached}"),
        ("signature", "=Người lập phiếu writer"),
    ),
    FormKind.TRANSFER_SLIP: (
        ("text", "Kính gửi: {to}"),
        ("text", "{office} chuyển hồ sơ {matter} của {applicant}, tiếp nhận lúc {received}."),
        ("text", "Nội dung đề nghị giải quyết:"),
        ("text", "{work}"),
        ("text", "Thời hạn giải quyết: {until}"),
        ("text", "Hồ sơ kèm theo:"),
        ("text", "{attached}"),
        _SIGNED,
    ),
    FormKind.COMPLAINT_ACCEPTED: (
        ("text", "Kính gửi: {to}"),
        ("text", "{office} đã nhận đơn khiếu nại của ông/bà {to} {received_on}."),
        ("text", "Nội dung khiếu nại: {complaint}"),
        ("text", "Đơn đủ điều kiện thụ lý và thuộc thẩm quyền giải quyết của {office}."),
        ("text", "Thời hạn giải quyết: {until}"),
        ("text", "Nơi nhận khác: {copies}"),
        _SIGNED,
    ),
    FormKind.COMPLAINT_NOT_ACCEPTED: (
        ("text", "Kính gửi: {to}"),
        ("text", "{office} đã nhận đơn khiếu nại của ông/bà {to} {received_on}."),
        ("text", "Nội dung khiếu nại: {complaint}"),
        ("text", "Lý do không thụ lý: {reason}"),
        ("text", "Nơi nhận khác: {copies}"),
        _SIGNED,
    ),
}
DRAFTED = tuple(_LAYOUT)
"""Kinds that can be had as a draft; slips and registers out of the journal are not edited."""


def word_draft(kind: FormKind, facts: Mapping[str, Any], at: datetime) -> bytes:
    """The draft as .docx; at: the time the file says it was made at."""
    import docx  # noqa: PLC0415 - half a second that only drafts need

    document = docx.Document()
    properties = document.core_properties
    properties.title, properties.author = facts["title"], facts["agency"]
    properties.created = properties.modified = at.replace(tzinfo=None)
    properties.language = "vi"
    document.styles["Normal"].font.name = "Times New Roman"
    document.styles["Normal"].font.size = docx.shared.Pt(13)
    _head(document, facts)
    document.add_heading(str(facts["title"]).upper(), level=1).alignment = 1
    if facts["code"]:
        document.add_paragraph(f"Mã hồ sơ: {facts['code']}")
    for how, what in _LAYOUT[kind]:
        _WAYS[how](document, facts, what)
    return _dated(document, at)


def _head(document: Any, facts: Mapping[str, Any]) -> None:
    left, right = document.add_table(rows=1, cols=2).rows[0].cells
    above = f"{facts['parent'].upper()}\n" if facts["parent"] else ""
    left.text = f"{above}{facts['office'].upper()}\nSố: ……/……"
    right.text = (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n" + facts["place_date"]
    )
    for cell in (left, right):
        cell.paragraphs[0].alignment = 1


def _text(document: Any, facts: Mapping[str, Any], what: str) -> None:
    for line in what.format_map(facts).split("\n"):
        document.add_paragraph(line)


def _pairs(document: Any, facts: Mapping[str, Any], what: str) -> None:
    for label, value in facts[what]:
        document.add_paragraph(f"{label}: {value}")


def _copies(document: Any, facts: Mapping[str, Any], what: str) -> None:
    table = document.add_table(rows=1, cols=len(_COPIES), style="Table Grid")
    for cell, word in zip(table.rows[0].cells, _COPIES, strict=True):
        cell.text = word
    for line in facts[what]:
        for cell, text in zip(table.add_row().cells, line, strict=True):
            cell.text = text


def _signature(document: Any, facts: Mapping[str, Any], what: str) -> None:
    role, _, name = what.rpartition(" ")
    said = role[1:] if role.startswith("=") else facts[role]
    paragraph = document.add_paragraph(f"{said.upper()}\n\n\n{facts[name]}")
    paragraph.alignment = 2


_WAYS = {"text": _text, "pairs": _pairs, "copies": _copies, "signature": _signature}


def _dated(document: Any, at: datetime) -> bytes:
    """The file with its parts dated by the record, not by the machine."""
    made, dated = io.BytesIO(), io.BytesIO()
    document.save(made)
    stamp = (at.year, at.month, at.day, at.hour, at.minute, at.second)
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(dated, "w") as target:
        for part in source.infolist():
            entry = zipfile.ZipInfo(part.filename, stamp)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, source.read(part))
    return dated.getvalue()
