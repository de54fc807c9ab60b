"""Errors of signatures: what an installation trusts, what is prepared, what comes back."""

from processes.errors import InvalidInput, Unmet


class TrustUnreadable(InvalidInput):
    """A file of the folder of roots cannot be read as what it should be."""

    code = "signature.trust_unreadable"
    vi = "Không đọc được {file} trong thư mục chứng thư tin cậy ({detail})."
    en = "{file} in the folder of trusted certificates cannot be read ({detail})."


class NotPreparable(InvalidInput):
    """A document that cannot be given places for signatures."""

    code = "signature.not_preparable"
    vi = "Không chuẩn bị được tài liệu để ký: {reason_vi}. Dùng tệp PDF thường, không mật khẩu."
    en = "The document cannot be prepared for signing: {reason_en}. Use a plain PDF, no password."


class NotTheSameDocument(InvalidInput):
    """What came back is not what was given out to be signed, with signatures added."""

    code = "signature.not_the_same"
    vi = (
        "Bản nhận về không phải đúng tài liệu đã chuẩn bị để ký: {reason_vi}. Tải lại bản chuẩn "
        "bị, ký đúng ô ký trên bản đó (ký nối tiếp, không in lại hay lưu tệp mới) rồi gửi lại."
    )
    en = (
        "What came back is not the document that was prepared: {reason_en}. Download the prepared "
        "one, sign in its fields (append, do not print or save anew), and send that."
    )


class NothingSigned(InvalidInput):
    """The document came back without a new signature."""

    code = "signature.nothing_signed"
    vi = "Bản nhận về chưa có chữ ký số nào mới. Ký bằng phần mềm ký số rồi gửi lại."
    en = "The document came back without a new signature. Sign it, then send it again."


class SignaturesMissing(Unmet):
    """A step that demands signatures is completed without them."""

    code = "signature.missing"
    vi = "Bước “{step}” cần tài liệu “{document}” được ký số: {missing_vi}."
    en = "Step '{step}' needs the document '{document}' signed: {missing_en}."


class NotGivenOut(Unmet):
    """A signed version of a document that was not prepared to be signed."""

    code = "signature.not_given_out"
    vi = (
        "Tài liệu “{name}” chưa được chuẩn bị để ký, hoặc đã bị thay bằng bản khác sau khi chuẩn "
        "bị. Chuẩn bị lại tài liệu, tải về, ký rồi gửi lại."
    )
    en = (
        "'{name}' was not prepared for signing, or another version was put in its place since. "
        "Prepare it again, download it, sign it, and send it back."
    )
