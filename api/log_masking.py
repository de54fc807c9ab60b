"""Lines of the log without personal data: whatever is logged, traces of errors included."""

import logging

from processes.masking import masked_text


class MaskingFormatter(logging.Formatter):
    """Formats as usual, and masks what comes out."""

    def format(self, record: logging.LogRecord) -> str:
        return masked_text(super().format(record))


def mask_logs(form: str) -> None:
    """Have every handler of the process mask what it writes."""
    for handler in logging.getLogger().handlers:
        handler.setFormatter(MaskingFormatter(form))
