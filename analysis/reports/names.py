"""What the keys of reports are called: units, procedures, officers of one agency."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from analysis.reports.counted import FEW
from analysis.reports.table import Words, same
from analysis.source import account, agency_is, procedure_names, unit_names

_UNKNOWN: Mapping[str, Words] = {
    "unit": Words("Không ghi đơn vị tiếp nhận", "No receiving unit stated"),
    "handling_unit": Words("Chưa ai xử lý", "Nobody has handled it yet"),
    "field": Words("Chưa ghi lĩnh vực", "No field stated"),
    "procedure": Words("Không ghi thủ tục", "No procedure stated"),
    "officer": Words("Chưa ai xử lý", "Nobody has handled it yet"),
    "agency": Words("Không ghi cơ quan", "No agency stated"),
}
GROUP_WORDS: Mapping[str, Words] = {
    "unit": Words("Đơn vị tiếp nhận", "Receiving unit"),
    "handling_unit": Words("Đơn vị thụ lý", "Handling unit"),
    "field": Words("Lĩnh vực", "Field"),
    "procedure": Words("Thủ tục", "Procedure"),
    "officer": Words("Cán bộ thụ lý", "Officer"),
    "agency": Words("Cơ quan", "Agency"),
}


@dataclass(frozen=True, slots=True)
class Names:
    """Names by key; what has none is called by its key."""

    units: Mapping[str, str] = field(default_factory=dict)
    procedures: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)
    agencies: Mapping[str, str] = field(default_factory=dict)

    def of(self, group: str, key: str) -> Words:
        """What a row is called."""
        if not key:
            return _UNKNOWN[group]
        if key == FEW:
            return Words("Cán bộ có ít hồ sơ, cộng chung", "Officers with few dossiers, together")
        known = {
            "unit": self.units,
            "handling_unit": self.units,
            "procedure": self.procedures,
            "officer": self.people,
            "agency": self.agencies,
        }.get(group, {})
        return same(known.get(key, key))

    def of_kept(self) -> Mapping[str, Mapping[str, str]]:
        """The names that a closed period keeps, by the group whose keys they are of."""
        return {
            "unit": self.units,
            "handling_unit": self.units,
            "procedure": self.procedures,
        }


UNNAMED = Names()


def read_names(connection: Connection, agency_id: str) -> Names:
    """The names that an agency gives."""
    people = connection.execute(
        select(account.c.account_id, account.c.name).where(agency_is(account, agency_id))
    )
    return Names(
        units={row.code: row.name for row in connection.execute(unit_names(agency_id))},
        procedures={row.code: row.name for row in connection.execute(procedure_names(agency_id))},
        people={str(row.account_id): row.name for row in people},
    )
