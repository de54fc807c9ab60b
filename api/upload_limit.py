"""How much a request may carry: little, but where documents are brought."""

import re

from starlette.types import Scope

from api.errors import MAX_BODY_BYTES
from api.refusals import BodyTooLarge
from api.settings import Settings
from engine.documents.store import MEGABYTE, DocumentTooLarge
from processes.errors import RuleError

_DOCUMENTS = re.compile(
    r"(/api/v1)?/dossiers/[^/]+/documents(/[^/]+)*|(/tra-cuu|/lookup|/api/v1/public/lookups)/files"
)
_LOGS = ("/analysis/log", "/api/v1/analysis/foreign-logs")
LOG_MEGABYTES = 100  # of a log of another system, with the diagram beside it
FILES_AT_ONCE = 20  # of one form
_AROUND = 65_536  # what a form puts around a file
_BEYOND = 2 * MEGABYTE  # the store is the first to refuse, in words that speak of files


class UploadLimit:
    """The limits of an installation."""

    def __init__(self, settings: Settings) -> None:
        self._megabytes = settings.document_megabytes
        several = min(FILES_AT_ONCE * self._megabytes, settings.dossier_megabytes)
        self._form_megabytes = max(self._megabytes, several)

    def of(self, scope: Scope) -> int:
        """The largest body that the request may have, in bytes."""
        if not brings_documents(scope):
            return MAX_BODY_BYTES
        if scope["path"] in _LOGS:
            return LOG_MEGABYTES * MEGABYTE + _AROUND
        if _is_form(scope):
            return self._form_megabytes * MEGABYTE + _AROUND
        return self._megabytes * MEGABYTE + _BEYOND

    def refusal(self, scope: Scope) -> RuleError:
        """Why it is too large, in the words of who sends it."""
        if scope["path"] in _LOGS:
            return BodyTooLarge(limit=LOG_MEGABYTES * MEGABYTE)
        if brings_documents(scope):
            return DocumentTooLarge(megabytes=str(self._megabytes))
        return BodyTooLarge(limit=MAX_BODY_BYTES)


def brings_documents(scope: Scope) -> bool:
    """Whether it is a request that may carry files; who sends it is asked before they are read."""
    path = scope["path"]
    return scope["method"] == "POST" and (path in _LOGS or bool(_DOCUMENTS.fullmatch(path)))


def _is_form(scope: Scope) -> bool:
    return any(
        name == b"content-type" and value.lower().startswith(b"multipart/form-data")
        for name, value in scope["headers"]
    )
