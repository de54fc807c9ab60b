"""How large a log may be: generous for an office's years, finite for a hostile file."""

from dataclasses import dataclass

MEBIBYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class LogLimits:
    """Bounds on one log, counted after decompression.

    total_bytes: of the whole text.
    item_bytes: of XML between two finished events or cases, and of one CSV line.
    events: lines of the log; one takes about 400 bytes of memory.
    attributes: of one event or case, and columns of a CSV file.
    whole_bytes: of a file that is read at once (OCEL as JSON), which takes ten times its size.
    name_length: characters of an activity, case, person, group or date.
    """

    total_bytes: int = 4096 * MEBIBYTE
    item_bytes: int = 16 * MEBIBYTE
    events: int = 10_000_000
    attributes: int = 2_000
    whole_bytes: int = 256 * MEBIBYTE
    name_length: int = 10_000


GENEROUS = LogLimits()
