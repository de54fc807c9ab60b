"""Standard forms: what can be issued on a dossier, what was, and its bytes."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Response, status
from pydantic import Field

from api.identity import Officer, TheOffice
from api.rest.answer import Answer
from api.rest.bodies import Body, Key
from api.rest.dossier_path import DossierId, find_dossier
from engine.forms.issued import Issued, issued_form, issued_of, pdf_of
from engine.forms.issuing import draft_document, issue
from engine.forms.kinds import SAID
from engine.forms.making import MAKING, kind_of

router = APIRouter(tags=["forms"])
FormId = Annotated[UUID, Path(description="Id of the issued form.")]
PDF = "application/pdf"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_FormEntries = Annotated[
    dict[Annotated[str, Field(max_length=60)], Annotated[str, Field(max_length=4_000)]],
    Field(max_length=20),
]


class EntryAnswer(Answer):
    """Something that a person says on a form; choices: the values it can have."""

    name: str
    vi: str
    en: str
    needed: bool
    long: bool
    choices: list[str]


class KindAnswer(Answer):
    """A kind of form, and what is entered for it."""

    kind: str
    vi: str
    en: str
    entries: list[EntryAnswer]


class FormAnswer(Answer):
    """An issued form. pdf_sha256: of its bytes, as the journal has it."""

    issue_id: UUID
    kind: str
    number: int
    number_text: str
    template: str
    dossier_id: UUID | None
    pdf_sha256: str
    pdf_size: int
    replaces: UUID | None
    issued_at: datetime
    issued_by: UUID


class FormBody(Body):
    """A form to issue. replacing: leave to replace one that says something else."""

    kind: Annotated[str, Field(max_length=60)]
    entries: _FormEntries = Field(default_factory=dict)
    replacing: bool = False


def form_answer(form: Issued) -> FormAnswer:
    """As it is told of everywhere."""
    return FormAnswer(
        issue_id=form.issue_id,
        kind=form.kind.value,
        number=form.number,
        number_text=form.number_text,
        template=form.template,
        dossier_id=form.dossier_id,
        pdf_sha256=form.pdf_sha256.hex(),
        pdf_size=form.pdf_size,
        replaces=form.replaces,
        issued_at=form.issued_at,
        issued_by=form.issued_by,
    )


@router.get("/forms/kinds", summary="Các loại biểu mẫu / kinds of forms")
def get_kinds(actor: Officer) -> list[KindAnswer]:  # noqa: ARG001 - officers only
    """The kinds that are issued on a dossier."""
    return [
        KindAnswer(
            kind=kind.value,
            vi=SAID[kind].vi,
            en=SAID[kind].en,
            entries=[
                EntryAnswer(
                    name=entry.name,
                    vi=entry.vi,
                    en=entry.en,
                    needed=entry.needed,
                    long=entry.long,
                    choices=[value for value, _, _ in entry.choices],
                )
                for entry in making.entries
            ],
        )
        for kind, making in MAKING.items()
    ]


@router.get("/dossiers/{dossier}/forms", summary="Biểu mẫu đã phát hành / issued forms")
def get_forms(office: TheOffice, actor: Officer, dossier: DossierId) -> list[FormAnswer]:
    """The forms issued on a dossier, the newest first."""
    dossier_id = find_dossier(office, actor, dossier)
    with office.database.read() as connection:
        return [form_answer(form) for form in issued_of(connection, actor, dossier_id)]


@router.post(
    "/dossiers/{dossier}/forms",
    summary="Phát hành biểu mẫu / issue a form",
    status_code=status.HTTP_201_CREATED,
)
def post_form(
    office: TheOffice, actor: Officer, dossier: DossierId, body: FormBody, key: Key = None
) -> FormAnswer:
    """Issue a form out of the record, or give out the one that says the same.

    Refused: the record gives no occasion for it, an entry is missing, or one that was issued says
    something else and `replacing` is not set.
    """
    dossier_id = find_dossier(office, actor, dossier)
    kind = kind_of(body.kind)
    entries, replacing = body.entries, body.replacing
    return form_answer(
        issue(office, actor, dossier_id, kind, entries, replacing=replacing, key=key)
    )


@router.get(
    "/dossiers/{dossier}/forms/{kind}/draft",
    summary="Bản dự thảo Word / draft in Word",
    response_class=Response,
    responses={200: {"content": {WORD: {}}}},
)
def get_draft(
    office: TheOffice,
    actor: Officer,
    dossier: DossierId,
    kind: Annotated[str, Path(max_length=60, description="A kind of form.")],
) -> Response:
    """The form as a Word document without a number, from the record alone; nothing is kept."""
    dossier_id = find_dossier(office, actor, dossier)
    data = draft_document(office, actor, dossier_id, kind_of(kind), {})
    return attached(data, WORD, f"{kind}.docx")


@router.get("/forms/{form}", summary="Một biểu mẫu / one form")
def get_form(office: TheOffice, actor: Officer, form: FormId) -> FormAnswer:
    """An issued form."""
    with office.database.read() as connection:
        return form_answer(issued_form(connection, actor, form))


@router.get(
    "/forms/{form}/pdf",
    summary="Tệp PDF đã in / the printed PDF",
    response_class=Response,
    responses={200: {"content": {PDF: {}}}},
)
def get_form_pdf(office: TheOffice, actor: Officer, form: FormId) -> Response:
    """The bytes that were printed: PDF/A-2a, the same each time."""
    with office.database.read() as connection:
        found = issued_form(connection, actor, form)
        data = pdf_of(connection, found, actor.agency_id)
    return attached(data, PDF, found.file_name)


def attached(data: bytes, kind: str, name: str) -> Response:
    """A file to be saved; its name has plain letters only."""
    return Response(
        data, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
