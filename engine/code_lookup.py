"""Looking up a dossier by a code as people type and scan it; what was mended is told."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from engine.actor import Actor
from engine.dossiers.refusals import NoSuchDossier
from engine.store.tables import dossier
from processes.data_entry import is_storable
from processes.dossier_code import MEND_WORDS, Mend, Reading, read_code
from processes.errors import InvalidInput

MOST_CODES = 1_000
_SHOWN = 60


class TooManyCodes(InvalidInput):
    """A list of codes that is too long to be looked up at once."""

    code = "codes.too_many"
    vi = "Danh sách có {number} mã, mỗi lần tra được tối đa {limit} mã. Chia nhỏ danh sách."
    en = "The list has {number} codes; at most {limit} are looked up at a time. Split it."


@dataclass(frozen=True, slots=True)
class LookedUp:
    """One typed code: what it was read as, what was mended, and the dossier if there is one.

    several: more than one dossier has a code that it could mean; none is chosen.
    """

    typed: str
    code: str | None
    mends: tuple[Mend, ...]
    dossier_id: UUID | None
    several: bool = False

    def mended(self, language: str) -> str:
        """What had to be mended, in words."""
        at = 0 if language == "vi" else 1
        return ", ".join(MEND_WORDS[mend][at] for mend in self.mends)

    def to_data(self) -> dict[str, Any]:
        """As it is answered."""
        return {
            "typed": self.typed,
            "code": self.code,
            "mended": [mend.value for mend in self.mends],
            "dossier_id": None if self.dossier_id is None else str(self.dossier_id),
            "several": self.several,
        }


def look_up(connection: Connection, actor: Actor, typed: Iterable[str]) -> tuple[LookedUp, ...]:
    """What each of the codes means, in one statement; never fails for how one is written."""
    given = list(typed)
    if len(given) > MOST_CODES:
        raise TooManyCodes(number=len(given), limit=MOST_CODES)
    read = [(text, _readable(text)) for text in given]
    wanted = {each for _, reading in read if reading for each in reading.candidates if each}
    found: dict[str, UUID] = {
        row.code: row.dossier_id
        for row in connection.execute(
            select(dossier.c.code, dossier.c.dossier_id).where(
                dossier.c.agency_id == actor.agency_id, dossier.c.code.in_(wanted)
            )
        )
    }
    return tuple(_looked_up(text, reading, found) for text, reading in read)


def dossier_of_code(connection: Connection, actor: Actor, code: str) -> UUID:
    """The id of the dossier with that code, in whichever spelling (NoSuchDossier)."""
    (found,) = look_up(connection, actor, [code])
    if found.dossier_id is None:
        raise NoSuchDossier(dossier=code[:_SHOWN] if is_storable(code) else "")
    return found.dossier_id


def _readable(text: str) -> Reading | None:
    return read_code(text) if is_storable(text) else None


def _looked_up(text: str, reading: Reading | None, found: Mapping[str, UUID]) -> LookedUp:
    shown = text[:_SHOWN] if reading else ""
    if reading is None:
        return LookedUp(shown, None, (), None)
    meant = {found[each]: each for each in reading.candidates if each in found}
    if len(meant) == 1:
        ((dossier_id, code),) = meant.items()
        return LookedUp(shown, code, reading.mends, dossier_id)
    read_as = reading.code.spellings[0] if reading.code else None
    return LookedUp(shown, read_as, reading.mends, None, several=len(meant) > 1)
