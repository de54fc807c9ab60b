"""The ledger clock: the time account of a dossier or a step, with every pause and its ground.

A value: each operation gives a new one. It keeps moments in UTC and whole seconds; what it works
out with a calendar is in the calendar's zone. The due time is worked out, not kept: on another
calendar it is another, and only `original_due` and the extensions, which were promised, stand.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Any, Self

from engine.calendar import Calendar
from engine.clock import aware
from engine.due_time import (
    Terms,
    budget_by,
    days_put_off,
    due_by,
    due_time,
    effective_start,
    hand_over_cutoff,
)
from engine.pause import Extension, Pause, PauseKind
from engine.punctuality import USUAL_RULE, Punctuality, PunctualityRule
from processes.errors import Conflict, InvalidInput, Unmet
from processes.procedure import DayCount, SupplementPolicy
from processes.time_limit import TimeLimit, Unit


class BeforeStart(InvalidInput):
    """An act dated before the clock was started."""

    code = "ledger_clock.before_start"
    vi = "Thời điểm {at} trước khi bắt đầu tính giờ ({start}). Nhập thời điểm sau khi tiếp nhận."
    en = "{at} is before the clock was started ({start}). Give a moment after reception."


class ClockWentBack(InvalidInput):
    """An act dated before one that was already recorded."""

    code = "ledger_clock.went_back"
    vi = "Thời điểm {at} trước lần ghi gần nhất ({last}). Nhập thời điểm sau đó."
    en = "{at} is before what was last recorded ({last}). Give a later moment."


class AlreadyPaused(Conflict):
    """The clock stands already."""

    code = "ledger_clock.already_paused"
    vi = "Đã tạm dừng tính giờ từ {since}. Kết thúc lần tạm dừng đó trước khi tạm dừng lần nữa."
    en = "The clock is paused since {since}. End that pause before beginning another."


class NotPaused(Conflict):
    """There is no pause to end."""

    code = "ledger_clock.not_paused"
    vi = "Đồng hồ đang chạy, không có lần tạm dừng nào để kết thúc. Tải lại hồ sơ để xem."
    en = "The clock is running: there is no pause to end. Reload the dossier to see."


class ClockStopped(Conflict):
    """Handling is over; its time is settled."""

    code = "ledger_clock.stopped"
    vi = "Đã ngừng tính giờ từ {at}, thời gian không thay đổi được nữa. Tải lại hồ sơ để xem."
    en = "The clock was stopped at {at}; its time can no longer change. Reload the dossier to see."


class PausedCannotExtend(Unmet):
    """A due time cannot be put off while none is running."""

    code = "ledger_clock.paused_cannot_extend"
    vi = "Đang tạm dừng tính giờ nên chưa có ngày hẹn để gia hạn. Tiếp tục xử lý trước đã."
    en = "The clock is paused, so there is no due time to extend. Resume first."


class SecondExtension(Unmet):
    """The due time was already put off as often as allowed (NĐ 61/2018 art. 19.9: once)."""

    code = "ledger_clock.second_extension"
    vi = "Hồ sơ đã gia hạn {times} lần, chỉ được gia hạn {at_most} lần. Trả kết quả theo ngày đã hẹn."
    en = "Extended {times} times already, {at_most} allowed. Return the result as promised."


class ExtensionNotLater(InvalidInput):
    """An extension gives more time, not less."""

    code = "ledger_clock.extension_not_later"
    vi = "Ngày hẹn mới {due} phải sau ngày hẹn hiện tại {current} và sau lúc này. Chọn ngày muộn hơn."
    en = "The new due time {due} must be after the present one {current} and after now. Choose a later one."


class DueOutsideHours(InvalidInput):
    """A promise that falls where the office is closed."""

    code = "ledger_clock.due_outside_hours"
    vi = "Ngày hẹn {due} ngoài giờ làm việc. Chọn một thời điểm trong giờ, sau giờ mở cửa."
    en = "The due time {due} is outside office hours. Choose a moment within them, after opening."


class OnlySupplementRestarts(InvalidInput):
    """Only a supplement has the limit counted again from zero (NĐ 61/2018 art. 19.4)."""

    code = "ledger_clock.only_supplement_restarts"
    vi = "Chỉ bổ sung hồ sơ mới được tính lại thời hạn từ đầu. Chọn “tính tiếp phần còn lại”."
    en = "Only a supplement has the limit counted anew. Choose to continue with the rest."


class UnreadableClock(InvalidInput):
    """Stored data that no ledger clock wrote."""

    code = "ledger_clock.unreadable"
    vi = "Không đọc được dữ liệu tính giờ đã lưu ({detail}). Báo người quản trị hệ thống."
    en = "The stored clock cannot be read ({detail}). Tell the administrator."


@dataclass(frozen=True, slots=True)
class LedgerClock:
    """Working time allowed, used and left.

    terms: the limit and how it is counted. budget: working seconds allowed in the present count;
    for a dated limit what the calendar gave when the count began. consumed: used of it up to
    `running_since`, from which time is used, None while paused. counted_from: when the present
    count began, later than started_at after a restart. dated: the count ends with a day, as the
    terms say, until an extension promises a moment; postponed_days: by which pauses moved that day.
    """

    terms: Terms
    started_at: datetime
    original_due: datetime
    counted_from: datetime
    running_since: datetime | None
    budget: int
    consumed: int = 0
    dated: bool = False
    postponed_days: int = 0
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[Extension, ...] = ()
    stopped_at: datetime | None = None

    # Acts

    @classmethod
    def start(
        cls,
        calendar: Calendar,
        at: datetime,
        limit: TimeLimit,
        *,
        day_count: DayCount = DayCount.EXACT,
        cutoff: time | None = None,
    ) -> Self:
        """Begin to count a limit for what arrived at a moment."""
        at, terms = _moment(at), Terms(limit, day_count, cutoff)
        return cls(
            terms=terms,
            started_at=at,
            original_due=_moment(due_by(calendar, at, terms)),
            counted_from=at,
            running_since=_opening(calendar, at, terms),
            budget=budget_by(calendar, at, terms),
            dated=terms.is_dated,
        )

    def pause(
        self,
        calendar: Calendar,
        at: datetime,
        kind: PauseKind,
        *,
        charged_to: str | None = None,
        legal_ground: str = "",
        reason: str = "",
    ) -> Self:
        """Stand still from a moment on."""
        at = self._after_last(at)
        self._require_going()
        if self.running_since is None:
            raise AlreadyPaused(since=_shown(calendar, self.pauses[-1].since))
        due = _moment(self._due(calendar, self.running_since))
        pause = Pause(kind, at, None, due, charged_to, legal_ground, reason)
        consumed = self.consumed_at(calendar, at)
        return replace(
            self, running_since=None, consumed=consumed, pauses=(*self.pauses, pause)
        )

    def resume(
        self,
        calendar: Calendar,
        at: datetime,
        policy: SupplementPolicy = SupplementPolicy.CONTINUE,
    ) -> Self:
        """Go on: with the rest of the limit, or (reset, supplements only) from zero again.

        A dated limit goes on as many of its days later as it stood; "trong ngày" begins anew.
        """
        at = self._after_last(at)
        self._require_going()
        if self.running_since is not None:
            raise NotPaused
        restarts = policy is SupplementPolicy.RESET
        if restarts and self.pauses[-1].kind is not PauseKind.CITIZEN_SUPPLEMENT:
            raise OnlySupplementRestarts
        pause = replace(self.pauses[-1], until=at, restarts=restarts)
        ended = replace(self, pauses=(*self.pauses[:-1], pause))
        return ended._restarted(calendar, at) if restarts else ended._continued(calendar, pause)

    def extend(
        self,
        calendar: Calendar,
        at: datetime,
        to: datetime | TimeLimit,
        *,
        at_most: int = 1,
        reason: str = "",
    ) -> Self:
        """Put off the due time, to a moment or by a further limit, at most so many times.

        From then on the rest is working time up to the promised moment, whatever the terms were.
        """
        at = self._after_last(at)
        self._require_going()
        if len(self.extensions) >= at_most:
            raise SecondExtension(times=len(self.extensions), at_most=at_most)
        if self.running_since is None:
            raise PausedCannotExtend
        current = self._due(calendar, self.running_since)
        due = _moment(
            to
            if isinstance(to, datetime)
            else due_time(calendar, current, to, day_count=self.terms.day_count)
        )
        if due <= max(current, at):
            raise ExtensionNotLater(due=_shown(calendar, due), current=_shown(calendar, current))
        allowed = calendar.elapsed(self.running_since, due)
        if calendar.add(self.running_since, allowed) != due:
            raise DueOutsideHours(due=_shown(calendar, due))
        extension = Extension(at, _moment(current), due, reason)
        return replace(
            self,
            budget=self.consumed + allowed,
            dated=False,
            extensions=(*self.extensions, extension),
        )

    def stop(self, calendar: Calendar, at: datetime) -> Self:
        """Handling is over; a pause that lasts ends with it."""
        at = self._after_last(at)
        self._require_going()
        if self.running_since is None:
            ended = replace(self.pauses[-1], until=at)
            return replace(self, stopped_at=at, pauses=(*self.pauses[:-1], ended))
        calendar.clock_at(at)  # a moment the calendar does not know can never be judged
        return replace(self, stopped_at=at)

    # Questions; a moment before the last recorded act is answered as of that act

    @property
    def stopped(self) -> bool:
        return self.stopped_at is not None

    @property
    def paused(self) -> bool:
        return self.running_since is None and not self.stopped

    @property
    def extended_due(self) -> datetime | None:
        """The due time last promised by an extension."""
        return self.extensions[-1].due if self.extensions else None

    @property
    def as_of(self) -> datetime:
        """The moment of the last recorded act: the next cannot be earlier."""
        pauses = [moment for p in self.pauses for moment in (p.since, p.until) if moment]
        extended = [extension.at for extension in self.extensions]
        stopped = [self.stopped_at] if self.stopped_at else []
        return max(self.started_at, self.counted_from, *pauses, *extended, *stopped)

    def due_at(self, calendar: Calendar) -> datetime | None:
        """When the limit ends; None while nothing runs towards it (paused, or stopped paused)."""
        return None if self.running_since is None else self._due(calendar, self.running_since)

    def due_if_resumed(
        self,
        calendar: Calendar,
        at: datetime,
        policy: SupplementPolicy = SupplementPolicy.CONTINUE,
    ) -> datetime | None:
        """When the limit would end if a pause ended at a moment."""
        return self.resume(calendar, at, policy).due_at(calendar)

    def consumed_at(self, calendar: Calendar, at: datetime) -> int:
        """Working seconds used of the present count."""
        if self.running_since is None:
            return self.consumed
        used = calendar.elapsed(self.running_since, self._no_later(at))
        return self.consumed + max(0, used)

    def remaining(self, calendar: Calendar, at: datetime) -> int:
        """Working seconds left until due, negative when late."""
        if not self.dated:
            return self.budget - self.consumed_at(calendar, at)
        if self.running_since is None:
            return calendar.elapsed(self.pauses[-1].since, self.pauses[-1].due_before)
        counted = max(self.running_since, self._no_later(at))
        return calendar.elapsed(counted, self._due(calendar, self.running_since))

    def is_late(self, calendar: Calendar, at: datetime) -> bool:
        """Whether the due time has passed, even by closed time; when paused: had passed."""
        due, moment = self._due_and_moment(calendar, at)
        return moment > due

    def late_working_seconds(self, calendar: Calendar, at: datetime) -> int:
        """Working seconds past the due time, 0 when not late or late by closed time only."""
        due, moment = self._due_and_moment(calendar, at)
        return max(0, calendar.elapsed(due, moment))

    def paused_working_seconds(self, calendar: Calendar, at: datetime) -> int:
        """Working seconds of all pauses, the lasting one up to a moment."""
        return sum(
            max(0, calendar.elapsed(pause.since, pause.until or at)) for pause in self.pauses
        )

    def judge(
        self, calendar: Calendar, at: datetime, rule: PunctualityRule = USUAL_RULE
    ) -> Punctuality:
        """Early, on time or late as of a moment, or of the stop; paused: of when it paused."""
        due, moment = self._due_and_moment(calendar, at)
        return rule.judge(calendar, self.terms.limit, due, moment)

    # Written and read

    def to_data(self) -> dict[str, Any]:
        """Compact and JSON-able; moments are epoch seconds. `from_data` is its inverse."""
        data: dict[str, Any] = {
            "limit": [str(self.terms.limit.amount), str(self.terms.limit.unit)],
            "started": _epoch(self.started_at),
            "due": _epoch(self.original_due),
            "from": _epoch(self.counted_from),
            "budget": self.budget,
        }
        optional = {
            "count": None if self.terms.day_count is DayCount.EXACT else str(self.terms.day_count),
            "cutoff": self.terms.cutoff and self.terms.cutoff.isoformat(),
            "running": self.running_since and _epoch(self.running_since),
            "used": self.consumed or None,
            "dated": self.dated or None,
            "postponed": self.postponed_days or None,
            "pauses": [_pause_data(pause) for pause in self.pauses] or None,
            "extensions": [_extension_data(each) for each in self.extensions] or None,
            "stopped": self.stopped_at and _epoch(self.stopped_at),
        }
        return data | {name: value for name, value in optional.items() if value is not None}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Read what `to_data` wrote (UnreadableClock)."""
        try:
            return cls(
                terms=_read_terms(data),
                started_at=_instant(data["started"]),
                original_due=_instant(data["due"]),
                counted_from=_instant(data["from"]),
                running_since=_maybe_instant(data.get("running")),
                budget=int(data["budget"]),
                consumed=int(data.get("used", 0)),
                dated=bool(data.get("dated", False)),
                postponed_days=int(data.get("postponed", 0)),
                pauses=tuple(_read_pause(*pause) for pause in data.get("pauses", ())),
                extensions=tuple(_read_extension(*each) for each in data.get("extensions", ())),
                stopped_at=_maybe_instant(data.get("stopped")),
            )
        except (KeyError, TypeError, ValueError, ArithmeticError, OSError) as unreadable:
            raise UnreadableClock(detail=repr(unreadable)) from unreadable

    # Inside

    def _restarted(self, calendar: Calendar, at: datetime) -> Self:
        return replace(
            self,
            counted_from=at,
            running_since=_opening(calendar, at, self.terms),
            budget=budget_by(calendar, at, self.terms),
            consumed=0,
            dated=self.terms.is_dated,
            postponed_days=0,
        )

    def _continued(self, calendar: Calendar, pause: Pause) -> Self:
        at = pause.until or pause.since
        same_day = self.dated and self.terms.limit.unit is Unit.SAME_DAY
        counted_from = at if same_day else self.counted_from
        late_start = _opening(calendar, counted_from, self.terms)  # paused before it began to count
        put_off = 0
        if self.dated and not same_day:
            put_off = days_put_off(calendar, self.terms, pause.since, at)
        return replace(
            self,
            counted_from=counted_from,
            running_since=max(late_start, _moment(calendar.next_open(at))),
            postponed_days=self.postponed_days + put_off,
        )

    def _due(self, calendar: Calendar, running_since: datetime) -> datetime:
        if self.dated:
            return due_by(calendar, self.counted_from, self.terms, self.postponed_days)
        left = self.budget - self.consumed
        if left < 0:  # it was late already when it paused, and stays as late
            return calendar.subtract(running_since, -left)
        return calendar.add(running_since, left)

    def _due_and_moment(self, calendar: Calendar, at: datetime) -> tuple[datetime, datetime]:
        if self.running_since is None:
            return self.pauses[-1].due_before, self.pauses[-1].since
        return self._due(calendar, self.running_since), self._no_later(at)

    def _no_later(self, at: datetime) -> datetime:
        """A moment, or that of the stop when it is past."""
        return min(_moment(at), self.stopped_at) if self.stopped_at else _moment(at)

    def _after_last(self, at: datetime) -> datetime:
        at, last = _moment(at), self.as_of
        if at < self.started_at:
            raise BeforeStart(at=at.isoformat(), start=self.started_at.isoformat())
        if at < last:
            raise ClockWentBack(at=at.isoformat(), last=last.isoformat())
        return at

    def _require_going(self) -> None:
        if self.stopped_at is not None:
            raise ClockStopped(at=self.stopped_at.isoformat())


def _opening(calendar: Calendar, at: datetime, terms: Terms) -> datetime:
    return _moment(effective_start(calendar, at, hand_over_cutoff(terms)))


def _moment(at: datetime) -> datetime:
    return aware(at).astimezone(UTC).replace(microsecond=0)


def _shown(calendar: Calendar, at: datetime) -> str:
    return f"{calendar.local(at):%H:%M %d/%m/%Y}"


def _epoch(at: datetime) -> int:
    return int(at.timestamp())


def _instant(epoch: int) -> datetime:
    return datetime.fromtimestamp(epoch, UTC)


def _maybe_instant(epoch: int | None) -> datetime | None:
    return None if epoch is None else _instant(epoch)


def _read_terms(data: Mapping[str, Any]) -> Terms:
    amount, unit = data["limit"]
    cutoff = data.get("cutoff")
    return Terms(
        TimeLimit(Decimal(amount), Unit(unit)),
        DayCount(data.get("count", DayCount.EXACT)),
        None if cutoff is None else time.fromisoformat(cutoff),
    )


def _pause_data(pause: Pause) -> list[Any]:
    return [
        str(pause.kind),
        _epoch(pause.since),
        pause.until and _epoch(pause.until),
        _epoch(pause.due_before),
        pause.charged_to,
        pause.legal_ground,
        pause.reason,
        int(pause.restarts),
    ]


def _read_pause(
    kind: str,
    since: int,
    until: int | None,
    due_before: int,
    charged_to: str | None,
    legal_ground: str,
    reason: str,
    restarts: int,
) -> Pause:
    return Pause(
        PauseKind(kind),
        _instant(since),
        _maybe_instant(until),
        _instant(due_before),
        charged_to,
        legal_ground,
        reason,
        bool(restarts),
    )


def _extension_data(extension: Extension) -> list[Any]:
    return [
        _epoch(extension.at),
        _epoch(extension.due_before),
        _epoch(extension.due),
        extension.reason,
    ]


def _read_extension(at: int, due_before: int, due: int, reason: str) -> Extension:
    return Extension(_instant(at), _instant(due_before), _instant(due), reason)
