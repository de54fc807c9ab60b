"""The rooms of the product, and to whom each is offered."""

from dataclasses import dataclass

from api.analysis_readers import ANALYSIS_READERS
from engine.actor import Actor, Role


@dataclass(frozen=True, slots=True)
class Room:
    """One entry of the navigation."""

    key: str
    address: str
    vi: str
    en: str


_PROCEDURES = Room("procedures", "/procedures", "Quy trình", "Procedures")
_DESK = Room("desk", "/desk", "Một cửa", "One-stop desk")
_INBOX = Room("inbox", "/inbox", "Hộp việc", "Inbox")
_MORNING = Room("morning", "/morning", "Sáng nay", "This morning")
_DOSSIERS = Room("dossiers", "/dossiers", "Hồ sơ", "Dossiers")
_REGISTERS = Room("registers", "/registers", "Sổ đăng ký", "Registers")
_ANALYSIS = Room("analysis", "/analysis", "Phân tích", "Analysis")
_REPORTS = Room("reports", "/reports", "Báo cáo", "Reports")
_CALENDAR = Room("calendar", "/calendar", "Lịch làm việc", "Calendar")
_LADDER = Room("reminders", "/reminders/settings", "Thiết lập nhắc việc", "Reminder settings")
_LETTERS = Room("letters", "/letters", "Thư gửi đi", "Outgoing letters")


def rooms_for(actor: Actor) -> tuple[Room, ...]:
    """What waits for the officer first; nothing is offered that would be refused."""
    rooms = []
    if actor.holdings:
        rooms += [_INBOX, _DESK]
    if Role.HEAD in actor.roles and actor.holdings:
        rooms.insert(1, _MORNING)
    rooms += [_DOSSIERS, _PROCEDURES]
    if actor.holdings:
        rooms.append(_REGISTERS)
    if reads_analysis(actor):
        rooms += [_ANALYSIS, _REPORTS]
    if not actor.roles.isdisjoint((Role.ADMIN, Role.HEAD)):
        rooms.append(_CALENDAR)
    if Role.ADMIN in actor.roles:
        rooms += [_LADDER, _LETTERS]
    return tuple(rooms)


def reads_analysis(actor: Actor) -> bool:
    return not actor.roles.isdisjoint(ANALYSIS_READERS)
