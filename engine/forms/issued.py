"""Forms that were issued: what was printed is what is kept, and is printed again as it was."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from engine.actor import Actor
from engine.forms.kinds import FormKind
from engine.forms.refusals import NoSuchForm
from engine.store.tables import form_issue, form_pdf


@dataclass(frozen=True, slots=True)
class Issued:
    """One issued form. matter_sha256: of what it says; about: of which of several things."""

    issue_id: UUID
    kind: FormKind
    about: str
    template: str
    template_sha256: bytes
    number: int
    number_text: str
    dossier_id: UUID | None
    facts: Mapping[str, Any]
    matter_sha256: bytes
    pdf_sha256: bytes
    pdf_size: int
    replaces: UUID | None
    issued_at: datetime
    issued_by: UUID

    @property
    def file_name(self) -> str:
        """For whoever saves it: plain letters only."""
        code = self.facts.get("code") or self.about.replace("/", "-").replace(" ", "-")
        return f"{self.kind.value}-{self.number:02d}-{code}.pdf"


def issued_of(connection: Connection, actor: Actor, dossier_id: UUID) -> tuple[Issued, ...]:
    """The forms issued on a dossier, the newest first."""
    rows = connection.execute(
        _those(actor.agency_id)
        .where(form_issue.c.dossier_id == dossier_id)
        .order_by(form_issue.c.issued_at.desc(), form_issue.c.issue_id.desc())
    )
    return tuple(_issued(row) for row in rows)


def books_printed(connection: Connection, actor: Actor, most: int = 50) -> tuple[Issued, ...]:
    """The registers that were printed, the newest first."""
    rows = connection.execute(
        _those(actor.agency_id)
        .where(form_issue.c.kind == FormKind.REGISTER.value)
        .order_by(form_issue.c.issued_at.desc(), form_issue.c.issue_id.desc())
        .limit(most)
    )
    return tuple(_issued(row) for row in rows)


def issued_form(connection: Connection, actor: Actor, issue_id: UUID) -> Issued:
    """The form of that id (NoSuchForm)."""
    row = connection.execute(
        _those(actor.agency_id).where(form_issue.c.issue_id == issue_id)
    ).one_or_none()
    if row is None:
        raise NoSuchForm
    return _issued(row)


def last_issued(
    connection: Connection, agency_id: str, kind: FormKind, dossier_id: UUID | None, about: str
) -> Issued | None:
    """The newest form of that kind about that; None where there is none."""
    row = connection.execute(
        _those(agency_id)
        .where(
            form_issue.c.kind == kind.value,
            form_issue.c.dossier_id == dossier_id,
            form_issue.c.about == about,
        )
        .order_by(form_issue.c.issued_at.desc(), form_issue.c.issue_id.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else _issued(row)


def issued_by_act(
    connection: Connection, agency_id: str, dossier_id: UUID, version: int
) -> Issued | None:
    """The form that an act of the dossier issued."""
    row = connection.execute(
        _those(agency_id).where(
            form_issue.c.dossier_id == dossier_id, form_issue.c.dossier_version == version
        )
    ).one_or_none()
    return None if row is None else _issued(row)


def pdf_of(connection: Connection, issued: Issued, agency_id: str) -> bytes:
    """The bytes that were printed (NoSuchForm)."""
    found = connection.execute(
        select(form_pdf.c.pdf).where(
            form_pdf.c.agency_id == agency_id, form_pdf.c.sha256 == issued.pdf_sha256
        )
    ).scalar_one_or_none()
    if found is None:
        raise NoSuchForm
    return bytes(found)


_COLUMNS = tuple(Issued.__slots__)


def _those(agency_id: str) -> Any:
    columns = (form_issue.c[name] for name in _COLUMNS)
    return select(*columns).where(form_issue.c.agency_id == agency_id)


def _issued(row: Any) -> Issued:
    values = {name: getattr(row, name) for name in _COLUMNS}
    return Issued(**{**values, "kind": FormKind(values["kind"])})
