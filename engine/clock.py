"""Where "now" comes from: the machine in production, a hand-set clock in tests and rehearsals."""

from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Protocol

from processes.errors import InvalidInput


class ClockSetBack(InvalidInput):
    """A clock advances; only setting it may take it back."""

    code = "clock.set_back"
    vi = "Đồng hồ chỉ có thể tiến, không thể lùi {seconds} giây. Muốn lùi, hãy đặt hẳn giờ mới."
    en = "A clock can only advance, not go back {seconds} seconds. To go back, set a new time."


class TimeWithoutZone(InvalidInput):
    """A clock time without a zone is not a moment."""

    code = "time.without_zone"
    vi = "Thời điểm “{at}” thiếu múi giờ. Ghi kèm múi giờ, ví dụ “2026-03-03T08:00:00+07:00”."
    en = "The time '{at}' has no zone. State one, such as '2026-03-03T08:00:00+07:00'."


class Clock(Protocol):
    """Tells the time; everything that needs "now" is given one."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...


class SystemClock:
    """The machine's time: the only place in the product that reads it.

    When the machine's time is put back, this clock stands still until the machine has caught up,
    so that no event is written before the one it follows. A restart forgets what it has seen.
    """

    def __init__(self) -> None:
        self._seen = datetime.min.replace(tzinfo=UTC)
        self._lock = Lock()

    def now(self) -> datetime:
        with self._lock:
            machine = datetime.now(UTC)  # noqa: TID251  this is the Clock that others are given
            self._seen = max(self._seen, machine)
            return self._seen


class SetClock:
    """A clock that moves only by hand: tests, demonstration, rehearsal."""

    def __init__(self, at: datetime) -> None:
        self._at = _utc(at)

    def now(self) -> datetime:
        return self._at

    def set(self, at: datetime) -> None:
        """Put the clock to a moment, which may be earlier."""
        self._at = _utc(at)

    def advance(self, by: timedelta) -> None:
        """Move the clock on; never back (ClockSetBack)."""
        if by < timedelta(0):
            raise ClockSetBack(seconds=int(-by.total_seconds()))
        self._at += by


def aware(at: datetime) -> datetime:
    """The same moment, if it is one: a time without a zone is refused (TimeWithoutZone)."""
    if at.tzinfo is None:
        raise TimeWithoutZone(at=at)
    return at


def _utc(at: datetime) -> datetime:
    return aware(at).astimezone(UTC)
