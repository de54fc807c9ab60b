"""An officer in an answer."""

from collections.abc import Mapping
from uuid import UUID

from api.rest.answer import Answer


class Person(Answer):
    """An officer, past ones included; null stands for the system itself."""

    account_id: UUID
    name: str


def person_answer(account_id: UUID | None, people: Mapping[UUID, str]) -> Person | None:
    """The officer by name; None where nobody acted, or somebody whose name is not known here."""
    if account_id is None or account_id not in people:
        return None
    return Person(account_id=account_id, name=people[account_id])
