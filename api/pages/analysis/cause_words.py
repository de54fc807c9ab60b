"""What the causes of waiting are called on pages."""

from collections.abc import Mapping

from analysis.queues.causes import Cause

CAUSE_WORDS: Mapping[Cause, tuple[str, str]] = {
    Cause.UNAVAILABILITY: ("người xử lý vắng cả ngày", "the person was away that day"),
    Cause.BATCHING: ("gom nhiều hồ sơ làm một lượt", "collected to be done together"),
    Cause.PRIORITISATION: ("hồ sơ đến sau được làm trước", "a later dossier was taken first"),
    Cause.CONTENTION: ("đang làm hồ sơ đến trước", "earlier dossiers were in hand"),
    Cause.EXTRANEOUS: ("lý do khác", "other reasons"),
}
