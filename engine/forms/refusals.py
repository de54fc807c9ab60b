"""Why a form is not issued."""

from processes.errors import Conflict, InvalidInput, NotFound, RuleError, Unmet


class UnknownForm(NotFound):
    """No kind of form has that name."""

    code = "form.unknown_kind"
    vi = "Không có loại biểu mẫu “{kind}”. Các loại: {known}."
    en = "There is no kind of form '{kind}'. Kinds: {known}."


class NoSuchForm(NotFound):
    """No form was issued under that id, or not by this agency."""

    code = "form.not_found"
    vi = "Không tìm thấy biểu mẫu đã phát hành. Mở lại từ hồ sơ."
    en = "The issued form was not found. Open it again from the dossier."


class NoTemplate(Unmet):
    """No template of that kind is valid on the day."""

    code = "form.no_template"
    vi = "Ngày {day} không có mẫu “{form}” nào có hiệu lực."
    en = "No template of '{form}' is valid on {day}."


class FormNotCalledFor(Unmet):
    """The record has nothing that the form would say."""

    code = "form.not_called_for"
    vi = "Chưa lập được {form_vi}: {why_vi}."
    en = "{form_en} cannot be issued: {why_en}."


class DueTimeDiffers(Unmet):
    """The appointment is not what the version's limit gives."""

    code = "form.due_differs"
    vi = (
        "Hẹn trả {due} khác thời hạn của quy trình ({expected}) nên chưa in giấy tiếp nhận. Báo "
        "quản trị kiểm tra lịch làm việc và sổ diễn biến của hồ sơ."
    )
    en = (
        "The appointment {due} is not what the procedure's limit gives ({expected}), so no receipt "
        "is printed. Have the administrator check the calendar and the dossier's journal."
    )


class HistoryBroken(Unmet):
    """The journal of the dossier was altered."""

    code = "form.history_broken"
    vi = "Sổ diễn biến của hồ sơ bị sửa từ sự kiện số {seq}: không in được phiếu kiểm soát."
    en = "The dossier's journal was altered from event {seq} on: no control slip is printed."


class RegisterIncomplete(Unmet):
    """Numbers are missing in the register."""

    code = "form.register_incomplete"
    vi = "Sổ {book} thiếu số {missing}: số liệu nguồn không liên tục nên chưa in được."
    en = "Register {book} lacks the numbers {missing}: the source is not continuous."


class RegisterPeriod(InvalidInput):
    """A period that a register cannot be printed for."""

    code = "form.register_period"
    vi = "Kỳ in sổ không hợp lệ: {why_vi}."
    en = "The register cannot be printed for this period: {why_en}."


class EntryNeeded(InvalidInput):
    """Something that only a person can say is missing."""

    code = "form.entry_needed"
    vi = "Nhập “{entry_vi}” cho {form_vi}."
    en = "Enter '{entry_en}' for the {form_en}."


class EntryInvalid(InvalidInput):
    """An entry that the form does not have, or too long, or not one of the choices."""

    code = "form.entry_invalid"
    vi = "Mục “{field}” của biểu mẫu không dùng được: {why_vi}."
    en = "The entry '{field}' of the form cannot be used: {why_en}."


class FormDiffers(Conflict):
    """The form was issued before with another content: a new number is only given knowingly."""

    code = "form.differs"
    vi = (
        "{form_vi} số {number} đã phát hành với nội dung khác ({what_vi}). Nếu đúng là phải thay, "
        "xác nhận thay thế: phiếu mới có số mới, ghi rõ thay cho số cũ."
    )
    en = (
        "{form_en} {number} was issued with another content ({what_vi}). If it has to be replaced, "
        "confirm: the new one gets a new number and says which it replaces."
    )


class InvalidTemplate(InvalidInput):
    """A template of the office's own that cannot be used."""

    code = "form.invalid_template"
    vi = "Mẫu “{template}” không dùng được: {why}"
    en = "The template '{template}' cannot be used: {why}"


class FormTooCostly(InvalidInput):
    """Drawing the form took more time or memory than a form may take."""

    code = "form.too_costly"
    vi = "Lập biểu mẫu tốn quá nhiều thời gian hoặc bộ nhớ nên đã dừng. Rút ngắn nội dung nhập."
    en = "Drawing the form took too much time or memory and was stopped. Shorten what is entered."


class FormFailed(RuleError):
    """The form could not be drawn: a defect of ours or of the office's own template."""

    code = "form.failed"
    vi = "Không lập được biểu mẫu ({reason}). Không có số nào bị dùng; báo quản trị kiểm tra mẫu."
    en = "The form could not be drawn ({reason}). No number was used; tell the administrator."


class NotDrafted(InvalidInput):
    """The form comes out of the journal and is not edited."""

    code = "form.not_drafted"
    vi = "{form_vi} lập từ sổ diễn biến, không có bản dự thảo để sửa."
    en = "{form_en} comes out of the journal; there is no draft of it to edit."
