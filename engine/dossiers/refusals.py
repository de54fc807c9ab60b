"""Why an act on a dossier is refused: what was expected, what is, what to do, who may."""

from processes.errors import Conflict, InvalidInput, NotAllowed, NotFound, Unmet


class NoSuchDossier(NotFound):
    """No such dossier, or not of this agency."""

    code = "dossier.not_found"
    vi = "Không tìm thấy hồ sơ {dossier}. Kiểm tra lại mã hồ sơ."
    en = "Dossier {dossier} was not found. Check the code."


class NoSuchStep(NotFound):
    """No such step, or not of this agency."""

    code = "step.not_found"
    vi = "Không tìm thấy bước xử lý này. Mở lại hồ sơ từ hộp việc."
    en = "This step was not found. Open the dossier again from the inbox."


class NotInForce(Unmet):
    """The procedure has no version in force."""

    code = "procedure.not_in_force"
    vi = "Quy trình {code} chưa ban hành nên chưa tiếp nhận được hồ sơ."
    en = "Procedure {code} is not in force, so no dossier can be received."


class NoSuchCase(InvalidInput):
    """The procedure does not have that case."""

    code = "procedure.no_such_case"
    vi = "Quy trình không có trường hợp “{case}”. Chọn một trong: {known}."
    en = "The procedure has no case '{case}'. Choose one of: {known}."


class NoSuchComponent(InvalidInput):
    """The procedure does not ask for that component."""

    code = "component.unknown"
    vi = "Quy trình không có thành phần hồ sơ “{component}”. Các thành phần: {known}."
    en = "The procedure has no component '{component}'. Known: {known}."


class InvalidCopies(InvalidInput):
    """Form or number of copies cannot be."""

    code = "component.invalid_copies"
    vi = (
        "Số bản “{number}” dạng “{form}” không hợp lệ: dạng là original, certified_copy hoặc "
        "plain_copy; số từ 0 đến 999."
    )
    en = (
        "'{number}' of form '{form}' is not valid: the form is original, certified_copy or "
        "plain_copy; the number 0 to 999."
    )


class AlreadyEnded(Conflict):
    """The step was ended before."""

    code = "step.already_ended"
    vi = "Bước “{step}” đã kết thúc ({who}, {when}). Hồ sơ không thay đổi. Tải lại trang."
    en = "Step '{step}' has ended already ({who}, {when}). Nothing was changed. Reload the page."


class DossierClosed(Conflict):
    """The dossier is finished, returned or closed."""

    code = "dossier.closed"
    vi = "Hồ sơ {dossier} đã kết thúc nên không làm được việc này."
    en = "Dossier {dossier} has ended, so this cannot be done."


class HandlingFinished(Conflict):
    """Handling is finished: its clock is stopped and its verdict counted."""

    code = "dossier.handling_finished"
    vi = "Hồ sơ {dossier} đã giải quyết xong, chỉ còn trả kết quả; không trả lại bước trước được."
    en = "Dossier {dossier} is decided and awaits its return; it cannot go back to earlier steps."


class DossierPaused(Unmet):
    """The dossier waits for a supplement or is suspended."""

    code = "dossier.paused"
    vi = "Hồ sơ đang tạm dừng ({reason}). Ghi nhận bổ sung hoặc tiếp tục hồ sơ trước."
    en = "The dossier is paused ({reason}). Record the supplement or resume it first."


class NotPaused(Conflict):
    """There is no pause to end."""

    code = "dossier.not_paused"
    vi = "Hồ sơ không ở trạng thái tạm dừng."
    en = "The dossier is not paused."


class AwaitsSupplement(Conflict):
    """The pause ends when the applicant comes back, not by resuming."""

    code = "dossier.awaits_supplement"
    vi = "Hồ sơ đang chờ bổ sung. Ghi nhận bổ sung khi người nộp quay lại."
    en = "The dossier awaits a supplement. Record it when the applicant comes back."


class AwaitsNoSupplement(Conflict):
    """The dossier is suspended on a legal ground: nothing was asked for."""

    code = "dossier.awaits_no_supplement"
    vi = "Hồ sơ đang tạm đình chỉ, không chờ bổ sung. Dùng “Tiếp tục” khi hết lý do đình chỉ."
    en = "The dossier is suspended and awaits no supplement. Resume it when the ground is gone."


class NotYours(NotAllowed):
    """The step belongs to holders of another position."""

    code = "step.not_yours"
    vi = "Bước “{step}” do {position} thực hiện. Chuyển cho người giữ vị trí đó."
    en = "Step '{step}' is done by {position}. Pass it to a holder of that position."


class HeldByOther(Conflict):
    """A colleague has claimed the step."""

    code = "step.held_by_other"
    vi = "Bước “{step}” đang do {holder} xử lý. Đề nghị người đó trả việc nếu cần."
    en = "Step '{step}' is being handled by {holder}. Ask them to release it if needed."


class SameHands(NotAllowed):
    """Who did an earlier step may not do this one."""

    code = "step.same_hands"
    vi = "Bạn đã thực hiện “{earlier}” nên không được thực hiện “{step}”. Người khác phải làm."
    en = "You did '{earlier}', so you may not do '{step}'. Somebody else must."


class ComponentsMissing(Unmet):
    """The step cannot be completed without these components."""

    code = "step.components_missing"
    vi = "Chưa hoàn thành được “{step}”. Thiếu: {missing_vi}. Thêm vào hồ sơ hoặc yêu cầu bổ sung."
    en = "'{step}' cannot be completed. Missing: {missing_en}. Add them or ask for a supplement."


class LateReasonNeeded(Unmet):
    """A late step is completed only with a cause and words."""

    code = "step.late_reason_needed"
    vi = "Bước “{step}” đã quá hạn ({due}). Chọn nguyên nhân và ghi lý do trước khi hoàn thành."
    en = "Step '{step}' is past its time limit ({due}). State a cause and a reason to complete it."


class ReasonNeeded(InvalidInput):
    """The act demands a reason in words."""

    code = "reason.needed"
    vi = "Ghi rõ lý do (ít nhất 5 ký tự)."
    en = "State the reason (at least 5 characters)."


class UnknownCause(InvalidInput):
    """The cause of lateness is not on the list."""

    code = "late_cause.unknown"
    vi = "Nguyên nhân “{cause}” không có trong danh mục: {known}."
    en = "Cause '{cause}' is not on the list: {known}."


class NothingToSupplement(InvalidInput):
    """A supplement request must name what is lacking."""

    code = "supplement.empty"
    vi = "Chọn ít nhất một thành phần cần bổ sung."
    en = "Choose at least one component to be supplemented."


class SupplementSpent(Unmet):
    """The law allows no further supplement request."""

    code = "supplement.spent"
    vi = (
        "Đã yêu cầu bổ sung {number} lần, quy định tối đa {at_most} lần. "
        "Lãnh đạo đơn vị có thể cho phép thêm một lần, kèm lý do và số văn bản."
    )
    en = (
        "A supplement was requested {number} times already; at most {at_most} is allowed. "
        "A head may allow one more, with a reason and a decision."
    )


class SupplementTooLate(Unmet):
    """The time for asking has passed."""

    code = "supplement.too_late"
    vi = "Chỉ được yêu cầu bổ sung trong {within_vi} từ khi tiếp nhận (đến {until})."
    en = "A supplement may be requested within {within_en} of reception only (until {until})."


class NotFinished(Unmet):
    """The result cannot be returned before handling is finished."""

    code = "dossier.not_finished"
    vi = "Hồ sơ chưa xử lý xong nên chưa trả kết quả được. Hoàn thành các bước còn mở trước."
    en = "Handling is not finished, so the result cannot be returned. Complete open steps first."


class InvalidKey(InvalidInput):
    """The idempotency key is empty, too long, or holds what no database can keep."""

    code = "idempotency.invalid_key"
    vi = "Khoá lặp yêu cầu phải có từ 1 đến {longest} ký tự."
    en = "An idempotency key has 1 to {longest} characters."


class KeyReused(Conflict):
    """The idempotency key came with a different request before."""

    code = "idempotency.reused"
    vi = "Khoá lặp yêu cầu đã dùng cho một yêu cầu khác. Dùng khoá mới."
    en = "The idempotency key was used for a different request. Use a new key."


class CannotReceive(NotAllowed):
    """Only holders of the first step's position may receive."""

    code = "dossier.cannot_receive"
    vi = "Chỉ {position} được tiếp nhận hồ sơ của quy trình này."
    en = "Only {position} may receive dossiers of this procedure."
