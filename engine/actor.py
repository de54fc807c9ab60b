"""Who acts: an officer with positions in units, and the rules of who may do what."""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from processes.errors import NotAllowed


class Role(StrEnum):
    """What an account may do beside holding positions."""

    STAFF = "staff"
    DESIGNER = "designer"
    REFORM = "reform"
    HEAD = "head"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Actor:
    """An officer at the moment of acting; holdings are (unit, position) valid now."""

    account_id: UUID
    agency_id: str
    name: str
    roles: frozenset[Role] = frozenset()
    holdings: frozenset[tuple[str, str]] = field(default_factory=frozenset)

    def holds(self, position: str | None, unit: str | None) -> bool:
        """Whether the actor holds the position, in the unit if one is named."""
        return any(p == position and (unit is None or u == unit) for u, p in self.holdings)

    def require(self, *roles: Role, who: str) -> None:
        """Refuse unless the actor has one of the roles; `who` names the entitled for people."""
        if not self.roles.intersection(roles):
            raise NotAllowed(who=who)


SYSTEM = UUID(int=0)
CITIZEN = UUID(int=1)
"""Whose dossier it is, where they act themselves by the page for citizens (`engine.lookup`)."""


def system_actor(agency_id: str) -> Actor:
    """The engine itself: acts when time passes, holds no position."""
    return Actor(SYSTEM, agency_id, "Hệ thống")


def citizen_actor(agency_id: str) -> Actor:
    """Who showed the secret of a dossier: no officer, holds no position."""
    return Actor(CITIZEN, agency_id, "Người nộp hồ sơ")
