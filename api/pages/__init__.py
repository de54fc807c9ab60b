"""Pages for designers, staff and reform teams; they call the same functions as the JSON API."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from api.pages import analysis, desk, dossier, home, inbox, login, procedures
from api.pages.frame import address, bare_page, language_of
from engine.accounts import NotLoggedIn
from processes.errors import RuleError

router = APIRouter(include_in_schema=False)
for _room in (login, home, procedures, desk, inbox, dossier, analysis):
    router.include_router(_room.router)


def error_page(request: Request, error: RuleError, status: int) -> Response:
    """The page for what went wrong outside of a form; who is not logged in is asked to."""
    if isinstance(error, NotLoggedIn) and request.method == "GET":
        wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(address("/login", next=wanted), status_code=303)
    said = error.message(language_of(request))
    return bare_page(request, "error.html", status=status, said=said, error=error, code=status)
