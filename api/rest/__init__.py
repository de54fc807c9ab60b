"""The JSON door, `/api/v1`: thin routes over the acts of the engine."""

from fastapi import APIRouter

from api.rest import (
    archive,
    calendars,
    checks,
    documents,
    dossier_acts,
    dossiers,
    file_imports,
    forms,
    login,
    morning,
    officers,
    procedures,
    registers,
    rehearsals,
    reminders,
    returns,
    signatures,
    step_acts,
    versions,
    webhooks,
    worklist,
)

router = APIRouter(prefix="/api/v1")
for part in (  # addresses are tried in this order: what is asked for most stands first
    step_acts,
    worklist,
    morning,
    login,
    officers,
    procedures,
    versions,
    checks,
    rehearsals,
    file_imports,
    dossiers,
    dossier_acts,
    documents,
    signatures,
    archive,
    webhooks,
    forms,
    registers,
    returns,
    calendars,
    reminders,
):
    router.include_router(part.router)
