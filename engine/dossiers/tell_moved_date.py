"""The citizen was told of a date that a change of the calendar moved: who told them, how, when.

No receipt is issued again by itself, so somebody tells them; from then on the page says so.
"""

from enum import StrEnum
from uuid import UUID

from engine.actor import Actor, Role
from engine.calendar_change.moved_promise import TOLD, moved_promise
from engine.dossiers.acting import act_on_dossier
from engine.dossiers.components import require_handler
from engine.dossiers.in_hand import InHand
from engine.dossiers.outcome import Outcome
from engine.dossiers.reason import in_words
from engine.office import Office
from processes.errors import InvalidInput, Unmet

_LONGEST = 500


class ToldBy(StrEnum):
    """How somebody tells a citizen."""

    PHONE = "phone"
    IN_PERSON = "in_person"
    LETTER = "letter"
    MESSAGE = "message"


class NothingMoved(Unmet):
    """No change of the calendar has moved the date, or the citizen knows of it."""

    code = "promise.nothing_to_tell"
    vi = "Không có ngày hẹn bị dời nào chưa báo cho công dân. Mở lại hồ sơ."
    en = "There is no moved date that the citizen has not been told of. Open the dossier again."


class UnknownWay(InvalidInput):
    """A way of telling that is none."""

    code = "promise.unknown_way"
    vi = "Chọn cách đã báo: điện thoại, trực tiếp, văn bản hoặc tin nhắn."
    en = "Choose how they were told: by telephone, in person, by letter or by message."


def tell_moved_date(
    office: Office,
    actor: Actor,
    dossier_id: UUID,
    way: str,
    words: str = "",
    *,
    key: str | None = None,
) -> Outcome:
    """Record that the citizen was told. Errors: NotYours, NothingMoved, UnknownWay."""
    request = {"dossier": str(dossier_id), "way": way, "words": words}
    if way not in list(ToldBy):
        raise UnknownWay

    def work(hand: InHand) -> Outcome:
        hand.require_alive()
        if Role.HEAD not in hand.actor.roles:
            require_handler(hand)
        connection = hand.transaction.connection
        promise = moved_promise(connection, hand.actor, hand.dossier_id)
        if promise is None or promise.told is not None:
            raise NothingMoved
        moments = [promise.before.isoformat(), promise.after.isoformat()]
        said = in_words(words)[:_LONGEST]
        return hand.put_down(TOLD, {"due": moments, "way": way, "words": said})

    return act_on_dossier(office, actor, dossier_id, "tell_moved_date", request, key, work)
