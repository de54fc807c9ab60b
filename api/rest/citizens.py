"""What staff do for citizens: a new secret, files they sent accepted, what they brought before."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import Field

from api.identity import Officer, TheOffice
from api.lookup_gate import slip_address
from api.rest.answer import Answer
from api.rest.bodies import Body, Key
from api.rest.dossier_path import DossierId, find_dossier
from engine.dossier_file import dossier_file
from engine.dossiers.offered import accept_offered
from engine.dossiers.outcome import Outcome
from engine.dossiers.reuse import reuse_component
from engine.lookup.issuing import Recognised, issue_secret
from engine.reception.reusable import Reusable, reusable
from processes.lookup_secret import shown_secret

router = APIRouter(prefix="/dossiers/{dossier}", tags=["citizens"])


class RecognisedBody(Body):
    """How the citizen was recognised who lost the slip; nothing of it for the first secret.

    identity_number: of the papers shown. words: where the dossier states no number.
    """

    identity_number: Annotated[str, Field(max_length=60)] = ""
    words: Annotated[str, Field(max_length=2000)] = ""


class SecretAnswer(Answer):
    """A secret, told this once. url: of the citizen's page, "" where no address is configured.

    sent: by what it went to the citizen's own contact (email, text).
    """

    outcome: Outcome
    secret: str
    url: str
    sent: list[str]


class AcceptBody(Body):
    """resume: the request is answered: the clocks go on since the last file came."""

    resume: bool = True


class BroughtCopiesAnswer(Answer):
    form: str
    number: int


class ReusableAnswer(Answer):
    """A component as an earlier dossier of the same person has it; files: how many."""

    component: str
    name: str
    dossier_id: UUID
    code: str
    received_at: datetime
    copies: list[BroughtCopiesAnswer]
    files: int


class ReuseBody(Body):
    """source: id of the earlier dossier."""

    component: Annotated[str, Field(min_length=1, max_length=80)]
    source: UUID


@router.post("/lookup-secret", status_code=201, summary="Cấp mã bí mật / issue a secret")
def post_secret(
    request: Request,
    office: TheOffice,
    actor: Officer,
    dossier: DossierId,
    body: RecognisedBody,
    key: Key = None,
) -> SecretAnswer:
    """Issue the secret of the citizen's page and tell it; the one before is void.

    The first one for who has to do with the dossier; another only with the identity number that
    stands in it. The same request again is refused (`lookup.told_before`): nobody reads it back.
    """
    dossier_id = find_dossier(office, actor, dossier)
    stated = body.identity_number or body.words
    recognised = Recognised(body.identity_number, body.words) if stated else None
    made = issue_secret(office, actor, dossier_id, recognised, key=key)
    shown = shown_secret(made.secret)
    url = slip_address(request, made.outcome.code, shown)
    return SecretAnswer(
        outcome=made.outcome, secret=shown, url=url if "://" in url else "", sent=list(made.sent)
    )


@router.post("/accept-offered", summary="Nhận tệp người nộp gửi / accept what was sent")
def post_accept(
    office: TheOffice, actor: Officer, dossier: DossierId, body: AcceptBody, key: Key = None
) -> Outcome:
    """Have the files that the citizen sent count; for who handles or received the dossier."""
    dossier_id = find_dossier(office, actor, dossier)
    return accept_offered(office, actor, dossier_id, resume=body.resume, key=key)


@router.get("/reusable", summary="Giấy tờ đã có từ hồ sơ trước / what was brought before")
def get_reusable(office: TheOffice, actor: Officer, dossier: DossierId) -> list[ReusableAnswer]:
    """Components that the same person (identity number, agency) brought in an earlier dossier."""
    dossier_id = find_dossier(office, actor, dossier)
    with office.database.read() as connection:
        file = dossier_file(office, connection, actor, dossier_id)
        number = file.row.applicant_contact.get("identity_number", "")
        procedure = file.version.procedure
        found = reusable(office, connection, actor, procedure, number, apart_from=dossier_id)
    return [_reusable(each) for each in found]


@router.post("/reuse", summary="Dùng lại giấy tờ từ hồ sơ trước / take a component over")
def post_reuse(
    office: TheOffice, actor: Officer, dossier: DossierId, body: ReuseBody, key: Key = None
) -> Outcome:
    """Take over what the earlier dossier has of a component; no byte is copied."""
    dossier_id = find_dossier(office, actor, dossier)
    return reuse_component(office, actor, dossier_id, body.component, body.source, key=key)


def _reusable(found: Reusable) -> ReusableAnswer:
    return ReusableAnswer(
        component=found.component,
        name=found.name,
        dossier_id=found.dossier_id,
        code=found.code,
        received_at=found.received_at,
        copies=[BroughtCopiesAnswer(form=form, number=number) for form, number in found.copies],
        files=found.files,
    )
