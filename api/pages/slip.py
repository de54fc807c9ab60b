"""The citizen's copy of a receipt: the secret is told to the clerk's browser for two minutes.

Nobody can read a secret back, so between being made and being printed it stands in a cookie that no
script sees. Afterwards the receipt is printed as it is kept, without it.
"""

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from api.errors import status_of
from api.lookup_gate import slip_address
from api.pages.frame import page, wrong_of
from api.pages.visit import Posted, Visit, Visiting, id_of
from engine.dossier_file import dossier_file
from engine.forms.citizen_copy import citizen_copy
from engine.forms.issued import Issued, issued_form, pdf_of
from engine.forms.issuing import issue
from engine.forms.kinds import FormKind
from engine.lookup.issuing import Recognised, is_issued, issue_secret
from processes.errors import RuleError
from processes.lookup_secret import shown_secret

router = APIRouter()
_COOKIE = "slip"
_SECONDS = 120
_INLINE = {
    # The browser's own viewer of PDF files draws itself with styles and an embedded object.
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'none'"
    ),
}


@router.get("/dossiers/{dossier_id}/slip")
def slip_page(seen: Visiting, dossier_id: str) -> Response:
    """How the citizen was recognised, where there is a secret already."""
    return _slip_page(seen, id_of(dossier_id))


@router.post("/dossiers/{dossier_id}/slip")
def issue_slip(seen: Visiting, form: Posted, dossier_id: str) -> Response:
    """Issue a secret and print it on the receipt; the one before is void."""
    known = id_of(dossier_id)
    number, words = form.text("identity_number"), form.text("words")
    recognised = Recognised(number, words) if form.text("again") else None
    try:
        receipt = _receipt(seen, known)
        made = issue_secret(seen.office, seen.actor, known, recognised, key=form.key)
    except RuleError as error:
        return _slip_page(seen, known, error)
    response = RedirectResponse(f"/slips/{receipt.issue_id}.pdf", status_code=303)
    _tell(seen, response, receipt.issue_id, made.secret)
    return response


@router.get("/slips/{issue_id}.pdf")
def slip_pdf(seen: Visiting, issue_id: str) -> Response:
    """The receipt with its secret while the browser knows it, else as it is kept."""
    with seen.office.database.read() as connection:
        found = issued_form(connection, seen.actor, id_of(issue_id))
    headers = {**_INLINE, "Content-Disposition": f'inline; filename="{found.file_name}"'}
    return Response(slip_of(seen, found), media_type="application/pdf", headers=headers)


def hand_out(seen: Visit, response: Response, dossier_id: UUID) -> None:
    """Have a new dossier's secret printed on its receipt; nothing where there is one already."""
    with seen.office.database.read() as connection:
        if is_issued(connection, seen.actor.agency_id, dossier_id):
            return
    try:
        receipt = _receipt(seen, dossier_id)
        made = issue_secret(seen.office, seen.actor, dossier_id)
    except RuleError:  # the dossier is received: the slip can be printed from its page
        return
    _tell(seen, response, receipt.issue_id, made.secret)


def slip_of(seen: Visit, receipt: Issued) -> bytes:
    """The receipt with its secret while the browser knows it, else as it is kept."""
    issue_id, _, secret = seen.request.cookies.get(_COOKIE, "").partition(".")
    with seen.office.database.read() as connection:
        if issue_id == str(receipt.issue_id):
            qr = slip_address(seen.request, str(receipt.facts["code"]), secret)
            made = citizen_copy(seen.office, connection, seen.actor, receipt, secret, qr)
            if made is not None:
                return made
        return pdf_of(connection, receipt, seen.actor.agency_id)


def _receipt(seen: Visit, dossier_id: UUID) -> Issued:
    return issue(seen.office, seen.actor, dossier_id, FormKind.RECEIPT, {})


def _tell(seen: Visit, response: Response, issue_id: UUID, secret: str) -> None:
    response.set_cookie(
        _COOKIE,
        f"{issue_id}.{shown_secret(secret)}",
        max_age=_SECONDS,
        httponly=True,
        samesite="strict",
        secure=seen.request.url.scheme == "https",
    )


def _slip_page(seen: Visit, dossier_id: UUID, error: RuleError | None = None) -> Response:
    with seen.office.database.read() as connection:
        file = dossier_file(seen.office, connection, seen.actor, dossier_id)
        again = is_issued(connection, seen.actor.agency_id, dossier_id)
    return page(
        seen,
        "slip.html",
        nav="dossiers",
        status=200 if error is None else int(status_of(error)),
        errors=[] if error is None else wrong_of(seen, error),
        d=file.row,
        procedure=file.version.procedure,
        again=again,
        has_number=bool(file.row.applicant_contact.get("identity_number")),
        here=f"/dossiers/{dossier_id}/slip",
    )
