"""A dossier in an address: by its id, or by the code on its receipt."""

from typing import Annotated
from uuid import UUID

from fastapi import Path

from engine.actor import Actor
from engine.code_lookup import dossier_of_code
from engine.office import Office

DossierId = Annotated[
    str, Path(min_length=1, max_length=80, description="Id of the dossier, or its code.")
]


def find_dossier(office: Office, actor: Actor, dossier: str) -> UUID:
    """The id of the dossier; an id is believed until it is used (NoSuchDossier)."""
    try:
        return UUID(dossier)
    except ValueError:
        with office.database.read() as connection:
            return dossier_of_code(connection, actor, dossier)
