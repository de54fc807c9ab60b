"""The JSON door, `/api/v1`: thin routes over the acts of the engine."""

from fastapi import APIRouter

from api.rest import (
    checks,
    dossier_acts,
    dossiers,
    file_imports,
    login,
    officers,
    procedures,
    rehearsals,
    step_acts,
    versions,
    webhooks,
    worklist,
)

router = APIRouter(prefix="/api/v1")
for part in (  # addresses are tried in this order: what is asked for most stands first
    step_acts,
    worklist,
    login,
    officers,
    procedures,
    versions,
    checks,
    rehearsals,
    file_imports,
    dossiers,
    dossier_acts,
    webhooks,
):
    router.include_router(part.router)
