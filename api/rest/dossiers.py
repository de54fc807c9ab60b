"""Dossiers: received, listed, seen in full."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query, status
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection

from api.identity import Officer, TheOffice
from api.rest.bodies import Body, Code, Entries, Key
from api.rest.dossier_answer import DossierAnswer, dossier_answer
from api.rest.paging import After, Limit, Page, Search, page_of, read_place, write_place
from engine.accounts import names
from engine.actor import Actor
from engine.dossier_file import (
    DossierPlace,
    DossierRow,
    dossier_file,
    dossier_of_code,
    dossiers,
    history,
)
from engine.dossiers.components import Brought
from engine.dossiers.outcome import Outcome
from engine.dossiers.receive import Contact, Reception, receive
from engine.procedures import by_code
