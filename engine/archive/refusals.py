"""Errors of the archive: what cannot be exported or destroyed yet."""

from processes.errors import Conflict, InvalidInput, Unmet


class NotFinished(Unmet):
    """A dossier that is still being handled."""

    code = "archive.not_finished"
    vi = "Hồ sơ {dossier} chưa kết thúc nên chưa đóng gói lưu trữ hay tiêu hủy được."
    en = "Dossier {dossier} is not over yet, so it cannot be exported or destroyed."


class StillKept(Unmet):
    """The time for which a dossier has to be kept is not over."""

    code = "archive.still_kept"
    vi = "Hồ sơ {dossier} phải lưu giữ đến hết ngày {until}. Chỉ tiêu hủy sau ngày đó."
    en = "Dossier {dossier} has to be kept until {until}. It can be destroyed after that day."


class KeptForEver(Unmet):
    """No end is stated for the time that a dossier is kept."""

    code = "archive.kept_for_ever"
    vi = (
        "Hồ sơ {dossier} lưu giữ vĩnh viễn, hoặc quy trình chưa ghi thời hạn lưu giữ "
        "(retentionYears). Hồ sơ không được tiêu hủy."
    )
    en = (
        "Dossier {dossier} is kept for ever, or its procedure states no time (retentionYears). It "
        "may not be destroyed."
    )


class DecisionNeeded(InvalidInput):
    """Dossiers are destroyed by a decision, which has a number."""

    code = "archive.decision_needed"
    vi = "Ghi số quyết định tiêu hủy, không quá {most} ký tự."
    en = "State the number of the decision to destroy, of {most} characters at most."


class AlreadyDestroyed(Conflict):
    """Nothing but the journal is left of the dossier."""

    code = "archive.destroyed"
    vi = "Hồ sơ {dossier} đã được tiêu hủy; chỉ còn nhật ký và biên bản tiêu hủy."
    en = "Dossier {dossier} was destroyed; only its journal and the record of it are left."
