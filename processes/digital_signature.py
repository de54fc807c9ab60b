"""Digital signatures (chữ ký số) as they were found in a document: who, when, and whether it holds.

Findings are facts of one moment: of these bytes, by these roots, at that time. They are kept as
they were found and never worked out again; what they mean for a step: `processes.signature_demand`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self


class SignerKind(StrEnum):
    PERSONAL = "personal"  # an officer's own
    AGENCY = "agency"  # the agency's, as its seal was


KIND_WORDS = {
    SignerKind.PERSONAL: ("chữ ký số cá nhân", "personal signature"),
    SignerKind.AGENCY: ("chữ ký số cơ quan", "agency signature"),
}


class Coverage(StrEnum):
    """How much of the file a signature vouches for."""

    WHOLE = "whole"  # every byte
    REVISION = "revision"  # the document as it was when signed; something came after it
    PART = "part"  # less than that: the rest may be anything


class Later(StrEnum):
    """What was added to the file after the signed bytes."""

    NOTHING = "nothing"
    SIGNATURES = "signatures"  # further signatures, timestamps, proofs of validity
    FILLED = "filled"  # fields of a form
    CHANGED = "changed"  # anything else: what is shown may not be what was signed


COVERAGE_WORDS: Mapping[Coverage, tuple[str, str]] = {
    Coverage.WHOLE: ("toàn bộ tài liệu", "the whole document"),
    Coverage.REVISION: (
        "tài liệu như khi ký (sau đó có thêm phần nối tiếp)",
        "the document as it was when signed (something was appended since)",
    ),
    Coverage.PART: ("một phần tệp", "part of the file"),
}
LATER_WORDS: Mapping[Later, tuple[str, str]] = {
    Later.NOTHING: ("không có thay đổi sau khi ký", "nothing came after it"),
    Later.SIGNATURES: ("sau đó chỉ thêm chữ ký", "only signatures were added after it"),
    Later.FILLED: ("sau đó có điền biểu mẫu", "a form was filled in after it"),
    Later.CHANGED: ("sau đó nội dung bị thay đổi", "the document was changed after it"),
}


class Flaw(StrEnum):
    """Why a signature does not hold, or holds less than it should."""

    UNREADABLE = "unreadable"
    ALTERED = "altered"
    FORGED = "forged"
    WEAK = "weak"
    PART = "part"
    CHANGED_LATER = "changed_later"
    AGAINST_CERTIFICATION = "against_certification"
    FOREIGN = "foreign"
    EXPIRED = "expired"
    NOT_YET = "not_yet"
    REVOKED = "revoked"
    REVOCATION_UNKNOWN = "revocation_unknown"
    WRONG_USE = "wrong_use"
    UNTRUSTED = "untrusted"
    TIME_STAMP_BROKEN = "time_stamp_broken"
    TIME_STAMP_UNTRUSTED = "time_stamp_untrusted"


FLAW_WORDS: Mapping[Flaw, tuple[str, str]] = {
    Flaw.UNREADABLE: ("chữ ký không đọc được", "the signature cannot be read"),
    Flaw.ALTERED: ("nội dung đã bị sửa sau khi ký", "what was signed has been altered"),
    Flaw.FORGED: (
        "giá trị chữ ký không khớp với chứng thư",
        "the signature was not made with this certificate",
    ),
    Flaw.WEAK: ("thuật toán ký đã lỗi thời, không an toàn", "the algorithm is no longer safe"),
    Flaw.PART: ("chữ ký không bao trùm hết tài liệu", "the signature leaves part of the file out"),
    Flaw.CHANGED_LATER: (
        "tài liệu bị thay đổi sau khi ký (nội dung hiện ra có thể khác nội dung đã ký)",
        "the document was changed after signing (what is shown may not be what was signed)",
    ),
    Flaw.AGAINST_CERTIFICATION: (
        "thay đổi mà chữ ký xác nhận không cho phép",
        "a change that the certification does not allow",
    ),
    Flaw.FOREIGN: (
        "chứng thư không do tổ chức được cơ quan tin cậy cấp",
        "the issuer is not one that this office trusts",
    ),
    Flaw.EXPIRED: (
        "chứng thư đã hết hạn khi ký (hoặc không có dấu thời gian để chứng minh còn hạn)",
        "the certificate had expired (or no timestamp proves that it had not)",
    ),
    Flaw.NOT_YET: ("chứng thư chưa có hiệu lực khi ký", "the certificate was not yet valid"),
    Flaw.REVOKED: ("chứng thư đã bị thu hồi", "the certificate was revoked"),
    Flaw.REVOCATION_UNKNOWN: (
        "chưa kiểm tra được chứng thư có bị thu hồi không (thiếu danh sách thu hồi)",
        "whether the certificate was revoked cannot be told (no revocation list)",
    ),
    Flaw.WRONG_USE: (
        "chứng thư không được cấp để ký tài liệu",
        "the certificate is not meant for signing documents",
    ),
    Flaw.UNTRUSTED: ("không xác minh được chứng thư", "the certificate cannot be verified"),
    Flaw.TIME_STAMP_BROKEN: ("dấu thời gian bị hỏng", "the timestamp does not hold"),
    Flaw.TIME_STAMP_UNTRUSTED: (
        "dấu thời gian không do tổ chức được tin cậy cấp",
        "the timestamp is not of a trusted authority",
    ),
}
_ONLY_NOTED = frozenset({Flaw.TIME_STAMP_UNTRUSTED})


class Obstacle(StrEnum):
    """Why nothing can be said about the signatures of a file."""

    ENCRYPTED = "encrypted"
    BROKEN = "broken"
    TOO_LARGE = "too_large"
    TOO_LONG = "too_long"
    TOO_MANY = "too_many"
    NOT_SIGNABLE = "not_signable"
    STRIPPED = "stripped"


OBSTACLE_WORDS: Mapping[Obstacle, tuple[str, str]] = {
    Obstacle.ENCRYPTED: (
        "tệp đặt mật khẩu hoặc mã hóa nên không kiểm tra được chữ ký; lưu lại không mật khẩu",
        "the file is encrypted, so its signatures cannot be checked; save it without a password",
    ),
    Obstacle.BROKEN: (
        "cấu trúc tệp bị hỏng nên không kiểm tra được chữ ký; xuất lại tệp từ phần mềm gốc",
        "the file is damaged, so its signatures cannot be checked; export it again",
    ),
    Obstacle.TOO_LARGE: (
        "tệp quá lớn để kiểm tra chữ ký",
        "the file is too large for its signatures to be checked",
    ),
    Obstacle.TOO_LONG: (
        "kiểm tra chữ ký tốn quá nhiều thời gian hoặc bộ nhớ nên đã dừng",
        "checking the signatures took too much time or memory and was stopped",
    ),
    Obstacle.STRIPPED: (
        "tệp từng được ký nhưng chữ ký đã bị gỡ khỏi tài liệu",
        "the file was signed once, but the signature was taken out of the document",
    ),
    Obstacle.TOO_MANY: ("tệp có quá nhiều chữ ký", "the file has too many signatures"),
    Obstacle.NOT_SIGNABLE: (
        "loại tệp này không mang chữ ký mà phần mềm kiểm tra được",
        "this kind of file carries no signature that can be checked",
    ),
}


class Difference(StrEnum):
    """What was done to a document beside signing it."""

    OTHER_BYTES = "other_bytes"
    NOT_SIGNED = "not_signed"
    CHANGED = "changed"
    FILLED = "filled"
    OUTSIDE = "outside"
    BROKEN = "broken"


DIFFERENCE_WORDS: Mapping[Difference, tuple[str, str]] = {
    Difference.OTHER_BYTES: (
        "tệp không mở đầu bằng đúng nội dung đã chuẩn bị (bị ghi lại cả tệp, hoặc là tệp khác)",
        "it does not begin with the prepared bytes (written anew, or another document)",
    ),
    Difference.NOT_SIGNED: ("không có chữ ký mới", "there is no new signature"),
    Difference.CHANGED: (
        "ngoài chữ ký, nội dung trang đã bị thay đổi",
        "beside the signature, its pages were changed",
    ),
    Difference.FILLED: (
        "ngoài chữ ký, có ô nhập liệu bị điền hoặc sửa",
        "beside the signature, fields of a form were filled in",
    ),
    Difference.OUTSIDE: (
        "chữ ký được đặt ngoài ô ký đã chuẩn bị, có thể che nội dung",
        "it was signed outside of the prepared place, which may cover something",
    ),
    Difference.BROKEN: ("cấu trúc tệp bị hỏng", "the file is damaged"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """A place for a signature. page: from 0, or from the end (-1). box: left, bottom, right, top in
    points; None: at the bottom of the page, in the column from the right.
    """

    name: str
    label: str = ""
    page: int = -1
    box: tuple[int, int, int, int] | None = None
    column: int = 0


@dataclass(frozen=True, slots=True)
class Certificate:
    """Whose certificate it is. fingerprint: SHA-256 of its DER, hexadecimal."""

    name: str
    organisation: str
    subject: str
    issuer: str
    serial: str
    fingerprint: str
    valid_from: datetime
    valid_until: datetime


@dataclass(frozen=True, slots=True)
class TimeStamp:
    """A timestamp (RFC 3161) over a signature. valid: it is over it; trusted: of a known issuer."""

    at: datetime
    authority: str
    valid: bool
    trusted: bool

    @property
    def holds(self) -> bool:
        return self.valid and self.trusted


@dataclass(frozen=True, slots=True)
class SignatureFinding:
    """One signature of a document, in the order of signing.

    place: name of its field. kind: None where the signer is unknown. claimed_at: the signer's own
    clock. judged_at: the moment the certificate was judged for: that of the timestamp, or else of
    the check. revision: how many times the file had been added to when it was signed.
    """

    place: str
    signer: Certificate | None
    kind: SignerKind | None
    claimed_at: datetime | None
    judged_at: datetime
    time_stamp: TimeStamp | None
    intact: bool
    valid: bool
    trusted: bool
    coverage: Coverage
    later: Later
    certifies: bool = False
    revision: int = 0
    flaws: tuple[Flaw, ...] = ()
    login: str | None = None

    @property
    def signed_at(self) -> datetime | None:
        """The time that counts: a timestamp that holds, or else what the signer's clock said."""
        if self.time_stamp is not None and self.time_stamp.holds:
            return self.time_stamp.at
        return self.claimed_at

    @property
    def holds(self) -> bool:
        """Whether the office may rely on it."""
        sound = self.intact and self.valid and self.trusted
        return sound and not set(self.flaws) - _ONLY_NOTED

    @property
    def name(self) -> str:
        return self.signer.name if self.signer else "–"

    def words(self, language: str) -> str:
        """What is wrong, in words; empty where nothing is."""
        return "; ".join(FLAW_WORDS[flaw][language != "vi"] for flaw in self.flaws)


@dataclass(frozen=True, slots=True)
class SignatureFindings:
    """What was found in one file: of these bytes, at that moment, by these roots (their digest)."""

    sha256: str
    size: int
    checked_at: datetime
    trust: str
    signatures: tuple[SignatureFinding, ...] = ()
    obstacle: Obstacle | None = None

    @property
    def signed(self) -> bool:
        return bool(self.signatures)

    @property
    def hold(self) -> bool:
        """Whether there are signatures and all of them may be relied on."""
        return self.obstacle is None and self.signed and all(s.holds for s in self.signatures)

    def words(self, language: str) -> str:
        """Why nothing can be said, in words; empty where something can."""
        return OBSTACLE_WORDS[self.obstacle][language != "vi"] if self.obstacle else ""

    def to_data(self) -> dict[str, Any]:
        """As plain values, for tables and JSON; `from_data` is its inverse."""
        return {
            "sha256": self.sha256,
            "size": self.size,
            "checked_at": self.checked_at.isoformat(),
            "trust": self.trust,
            "obstacle": self.obstacle.value if self.obstacle else None,
            "signatures": [_finding_data(each) for each in self.signatures],
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        return cls(
            sha256=data["sha256"],
            size=data["size"],
            checked_at=datetime.fromisoformat(data["checked_at"]),
            trust=data["trust"],
            obstacle=Obstacle(data["obstacle"]) if data["obstacle"] else None,
            signatures=tuple(_finding(each) for each in data["signatures"]),
        )


def _finding_data(found: SignatureFinding) -> dict[str, Any]:
    signer, stamp = found.signer, found.time_stamp
    return {
        "place": found.place,
        "signer": None
        if signer is None
        else {
            "name": signer.name,
            "organisation": signer.organisation,
            "subject": signer.subject,
            "issuer": signer.issuer,
            "serial": signer.serial,
            "fingerprint": signer.fingerprint,
            "valid_from": signer.valid_from.isoformat(),
            "valid_until": signer.valid_until.isoformat(),
        },
        "kind": found.kind.value if found.kind else None,
        "login": found.login,
        "claimed_at": _written(found.claimed_at),
        "judged_at": found.judged_at.isoformat(),
        "time_stamp": None
        if stamp is None
        else {
            "at": stamp.at.isoformat(),
            "authority": stamp.authority,
            "valid": stamp.valid,
            "trusted": stamp.trusted,
        },
        "intact": found.intact,
        "valid": found.valid,
        "trusted": found.trusted,
        "coverage": found.coverage.value,
        "later": found.later.value,
        "certifies": found.certifies,
        "revision": found.revision,
        "flaws": [flaw.value for flaw in found.flaws],
        "holds": found.holds,
    }


def _finding(data: Mapping[str, Any]) -> SignatureFinding:
    signer, stamp = data["signer"], data["time_stamp"]
    return SignatureFinding(
        place=data["place"],
        signer=None
        if signer is None
        else Certificate(
            **{
                **signer,
                "valid_from": datetime.fromisoformat(signer["valid_from"]),
                "valid_until": datetime.fromisoformat(signer["valid_until"]),
            }
        ),
        kind=SignerKind(data["kind"]) if data["kind"] else None,
        login=data["login"],
        claimed_at=_read(data["claimed_at"]),
        judged_at=datetime.fromisoformat(data["judged_at"]),
        time_stamp=None
        if stamp is None
        else TimeStamp(**{**stamp, "at": datetime.fromisoformat(stamp["at"])}),
        intact=data["intact"],
        valid=data["valid"],
        trusted=data["trusted"],
        coverage=Coverage(data["coverage"]),
        later=Later(data["later"]),
        certifies=data["certifies"],
        revision=data["revision"],
        flaws=tuple(Flaw(flaw) for flaw in data["flaws"]),
    )


def _written(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _read(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
