"""What an office decides about its numbers: spelling of codes, units that count by themselves,
symbols of its forms.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from engine.actor import Actor, Role
from engine.office import Office
from engine.store.database import Transaction
from engine.store.form_tables import register_settings
from processes.dossier_code import Spelling, read_unit_code
from processes.errors import InvalidInput

_LONGEST = 40
_KNOWN = frozenset({"spelling", "identity_codes", "symbols", "hotline"})


class InvalidRegisterSettings(InvalidInput):
    """Settings that name no spelling, or a code that is none."""

    code = "registers.invalid_settings"
    vi = "Thiết lập mã và sổ không dùng được ở “{what}”. Xem docs/reference/forms.md."
    en = "The settings of registers cannot be used at '{what}'. See docs/reference/forms.md."


@dataclass(frozen=True, slots=True)
class RegisterSettings:
    """spelling: of the unit in new dossier codes. identity_codes: units that count by themselves,
    each with its own identity code; the others count with the agency. symbols: of forms by kind, in
    place of the usual ones. hotline: printed on receipts.
    """

    spelling: Spelling = Spelling.AS_IS
    identity_codes: Mapping[str, str] = field(default_factory=dict)
    symbols: Mapping[str, str] = field(default_factory=dict)
    hotline: str = ""

    def to_data(self) -> dict[str, Any]:
        """As it is stored and stated."""
        return {
            "spelling": self.spelling.value,
            "identity_codes": dict(self.identity_codes),
            "symbols": dict(self.symbols),
            "hotline": self.hotline,
        }


def read_settings(data: Any) -> RegisterSettings:
    """Settings as they are stated; what is not stated is as usual (InvalidRegisterSettings)."""
    if not isinstance(data, Mapping):
        raise InvalidRegisterSettings(what=str(data)[:100])
    unknown = set(data) - _KNOWN
    if unknown:
        raise InvalidRegisterSettings(what=min(map(str, unknown))[:100])
    try:
        spelling = Spelling(data.get("spelling", Spelling.AS_IS))
    except ValueError as error:
        raise InvalidRegisterSettings(what=str(data["spelling"])[:100]) from error
    codes = _texts(data.get("identity_codes", {}))
    for code in codes.values():
        if read_unit_code(code) is None:
            raise InvalidRegisterSettings(what=code)
    if len(set(codes.values())) < len(codes):
        raise InvalidRegisterSettings(what="identity_codes")
    hotline = data.get("hotline", "")
    if not isinstance(hotline, str) or len(hotline) > _LONGEST:
        raise InvalidRegisterSettings(what="hotline")
    symbols = _texts(data.get("symbols", {}))
    return replace(RegisterSettings(spelling, codes, symbols), hotline=hotline)


def _texts(stated: Any) -> dict[str, str]:
    if not isinstance(stated, Mapping):
        raise InvalidRegisterSettings(what=str(stated)[:100])
    for name, text in stated.items():
        if not isinstance(text, str) or not 0 < len(text) <= _LONGEST:
            raise InvalidRegisterSettings(what=str(name)[:100])
    return dict(stated)


def settings_of(connection: Connection, agency_id: str) -> RegisterSettings:
    """What the office decided, or the usual."""
    data = connection.execute(
        select(register_settings.c.data).where(register_settings.c.agency_id == agency_id)
    ).scalar_one_or_none()
    kept = data or {}
    return read_settings({name: kept[name] for name in _KNOWN if name in kept})


def set_registers(office: Office, actor: Actor, stated: Any) -> RegisterSettings:
    """Decide it anew (NotAllowed, InvalidRegisterSettings); other processes hear within a minute.

    Codes that were given out stay as they are, and are found by either spelling.
    """
    actor.require(Role.ADMIN, who="quản trị / administrators")
    settings = read_settings(stated)
    row = {
        "agency_id": actor.agency_id,
        "data": settings.to_data(),
        "set_at": office.clock.now(),
        "set_by": actor.account_id,
    }

    def command(transaction: Transaction) -> None:
        this = register_settings.c.agency_id == actor.agency_id
        transaction.execute(delete(register_settings).where(this))
        transaction.execute(insert(register_settings), row)

    office.database.write(command)
    office.registers.drop(actor.agency_id)
    return settings
