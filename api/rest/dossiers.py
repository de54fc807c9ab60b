"""Dossiers: received, listed, seen in full."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, status
from pydantic import Field

from api.identity import Officer, TheOffice
from api.rest.bodies import Body, Code, Entries, Key
from api.rest.dossier_answer import DossierAnswer, HistoryEntry, dossier_answer, history_answer
from api.rest.dossier_path import DossierId, find_dossier
from api.rest.paging import After, Limit, Page, Search, page_of, read_place, write_place
from engine.accounts import names
from engine.dossier_file import dossier_file, history
from engine.dossier_list import DossierPlace, DossierRow, dossiers
from engine.dossiers.components import Brought
from engine.dossiers.outcome import Outcome
from engine.dossiers.receive import Contact, Reception, receive
from engine.dossiers.refusals import NoSuchDossier
from engine.legal_clock.duty import owed
from engine.procedures import by_code
from engine.store.columns import from_microseconds, to_microseconds
from processes.component import CopyForm

router = APIRouter(prefix="/dossiers", tags=["dossiers"])

_MOST_COMPONENTS = 500


class Channel(StrEnum):
    """How the dossier came."""

    COUNTER = "counter"
    ONLINE = "online"
    POST = "post"


class State(StrEnum):
    """Where dossiers stand."""

    OPEN = "open"
    PAUSED = "paused"
    FINISHED = "finished"
    RETURNED = "returned"
    CLOSED = "closed"


class CopiesBody(Body):
    """So many copies of a component in a form; 0 takes them out."""

    component: Annotated[str, Field(min_length=1, max_length=80)]
    form: CopyForm = CopyForm.ORIGINAL
    number: Annotated[int, Field(ge=0, le=999, strict=True)] = 1


Copies = Annotated[list[CopiesBody], Field(max_length=_MOST_COMPONENTS)]


class ContactBody(Body):
    """How to reach the applicant; all optional."""

    identity_number: Annotated[str, Field(max_length=40)] = ""
    address: Annotated[str, Field(max_length=500)] = ""
    phone: Annotated[str, Field(max_length=40)] = ""
    email: Annotated[str, Field(max_length=200)] = ""


class ReceptionBody(Body):
    """What the clerk enters. procedure: its code; case: its code, the first case by default.

    draft: id of one's own reception draft, which goes with the reception.
    """

    procedure: Code
    applicant: Annotated[str, Field(min_length=1, max_length=1000)]
    case: Annotated[str, Field(max_length=60)] = ""
    contact: ContactBody = ContactBody()
    channel: Channel = Channel.COUNTER
    data: Entries = Field(default_factory=dict)
    components: Copies = Field(default_factory=list)
    draft: UUID | None = None


def brought(copies: list[CopiesBody]) -> tuple[Brought, ...]:
    """The copies as the engine takes them."""
    return tuple(Brought(each.component, each.form.value, each.number) for each in copies)


def reception_of(body: ReceptionBody) -> Reception:
    """The reception as the engine takes it."""
    return Reception(
        procedure=body.procedure,
        applicant=body.applicant,
        case=body.case,
        contact=Contact(**body.contact.model_dump()),
        channel=body.channel.value,
        data=body.data,
        components=brought(body.components),
        draft=body.draft,
    )


@router.post("", summary="Tiếp nhận hồ sơ / receive a dossier", status_code=status.HTTP_201_CREATED)
def post_dossier(
    office: TheOffice, actor: Officer, body: ReceptionBody, key: Key = None
) -> Outcome:
    """Open a dossier: its clock starts now; for holders of the first step's position."""
    return receive(office, actor, reception_of(body), key=key)


@router.get("", summary="Danh sách hồ sơ / dossiers of the agency")
def get_dossiers(
    office: TheOffice,
    actor: Officer,
    search: Search = "",
    state: Annotated[State | None, Query(description="Only those that stand so.")] = None,
    procedure: Annotated[str, Query(max_length=60, description="Code of the procedure.")] = "",
    late: Annotated[
        bool, Query(description="Only those finished late, or open and past due now.")
    ] = False,
    owing: Annotated[
        bool,
        Query(description="Only those that owe the result, or an apology and a new date, now."),
    ] = False,
    after: After = "",
    limit: Limit = 50,
) -> Page[DossierRow]:
    """Dossiers of the agency, the newest first."""
    place, now = read_place(after), office.clock.now()
    with office.database.read() as connection:
        procedure_id = by_code(connection, actor, procedure).procedure_id if procedure else None
        rows = dossiers(
            connection,
            actor,
            search=search,
            state=state or "",
            procedure_id=procedure_id,
            late_at=now if late else None,
            owing=owed(office.calendar(connection, actor.agency_id), now) if owing else None,
            after=_place(place),
            most=limit + 1,
        )
    return page_of(
        rows, limit, lambda row: write_place(to_microseconds(row.received_at), row.dossier_id)
    )


@router.get("/{dossier}", summary="Hồ sơ đầy đủ / a dossier in full")
def get_dossier(office: TheOffice, actor: Officer, dossier: DossierId) -> DossierAnswer:
    """Checklist with what is missing, steps, pauses, clock, data; by id or dossier code."""
    dossier_id = find_dossier(office, actor, dossier)
    with office.database.read() as connection:
        file = dossier_file(office, connection, actor, dossier_id)
    return dossier_answer(file, actor, office.clock.now())


@router.get("/{dossier}/history", summary="Nhật ký hồ sơ / the journal of a dossier")
def get_history(office: TheOffice, actor: Officer, dossier: DossierId) -> list[HistoryEntry]:
    """What happened to the dossier, in order."""
    dossier_id = find_dossier(office, actor, dossier)
    with office.database.read() as connection:
        events = history(connection, actor, dossier_id)
        people = names(connection, actor.agency_id)
    if not events:  # every dossier has at least that of its reception
        raise NoSuchDossier(dossier=dossier)
    return [history_answer(event, people) for event in events]


def _place(place: tuple[int, UUID] | None) -> DossierPlace | None:
    if place is None:
        return None
    return DossierPlace(from_microseconds(place[0]), place[1])
