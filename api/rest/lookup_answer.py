"""A dossier as its applicant is told of it, by the public door."""

from datetime import datetime

from api.rest.answer import Answer
from engine.lookup.looking import Opened
from engine.lookup.pass_token import LASTS
from engine.lookup.view import AskedFor, CitizenView, Missing, SentFile
from processes.file_kind import FileKind


class SentFileAnswer(Answer):
    """A file that the applicant sent.

    state: offered (waits for the clerk) | quarantined (waits for the virus scanner) | current
    (accepted) | removed (not taken; reason says why).
    """

    component: str
    name: str
    size: int
    at: datetime
    state: str
    reason: str


class AskedForAnswer(Answer):
    """A component that is asked for, the kinds of files it takes, and what was sent of it."""

    code: str
    name: str
    accepts: list[FileKind]
    files: list[SentFileAnswer]


class ChoiceAnswer(Answer):
    """So many of these components will do."""

    number: int
    components: list[str]


class OpenRequestAnswer(Answer):
    """The open supplement request."""

    since: datetime
    reason: str
    legal_basis: str
    components: list[AskedForAnswer]
    choices: list[ChoiceAnswer]


class CitizenDossierAnswer(Answer):
    """Where a dossier stands, nobody named. applicant: masked. steps: open ones by their names.

    due_at: null while the clock stands still, or where no limit is stated.
    """

    agency: str
    code: str
    procedure: str
    applicant: str
    received_at: datetime
    state: str
    national_status: str
    steps: list[str]
    original_due_at: datetime | None
    due_at: datetime | None
    extended: bool
    late: bool
    finished_at: datetime | None
    returned_at: datetime | None
    outcome: str
    missing: OpenRequestAnswer | None


class LookupAnswer(Answer):
    """token: sent along with files, good for so many seconds and for this dossier only."""

    token: str
    token_seconds: int
    dossier: CitizenDossierAnswer


def lookup_answer(opened: Opened) -> LookupAnswer:
    """As it is told of everywhere."""
    seconds = int(LASTS.total_seconds())
    return LookupAnswer(token=opened.token, token_seconds=seconds, dossier=_dossier(opened.view))


def _dossier(view: CitizenView) -> CitizenDossierAnswer:
    told = {name: getattr(view, name) for name in CitizenDossierAnswer.model_fields}
    missing = None if view.missing is None else _missing(view.missing)
    return CitizenDossierAnswer.model_validate({**told, "missing": missing})


def _missing(missing: Missing) -> OpenRequestAnswer:
    return OpenRequestAnswer(
        since=missing.since,
        reason=missing.reason,
        legal_basis=missing.legal_basis,
        components=[_asked(each) for each in missing.components],
        choices=[
            ChoiceAnswer(number=number, components=list(codes)) for number, codes in missing.choices
        ],
    )


def _asked(asked: AskedFor) -> AskedForAnswer:
    files = [_file(each) for each in asked.files]
    return AskedForAnswer(
        code=asked.code, name=asked.name, accepts=list(asked.accepts), files=files
    )


def _file(file: SentFile) -> SentFileAnswer:
    return SentFileAnswer.model_validate(file)
