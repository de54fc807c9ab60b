"""Procedures in the office: uploaded as drafts, judged, published, listed."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, and_, case, func, insert, select

from engine.actor import Actor, Role
from engine.answered_once import Asked, do_once
from engine.file_import import receive_bytes
from engine.judging import judge
from engine.legal_clock.armable_limits import require_armable
from engine.office import Office, prepare
from engine.procedure_version import VersionRecord, of_procedure, stored
from engine.scenarios import require_scenarios
from engine.seen_draft import Part, changed, draft, require_unchanged
from engine.store.database import Command, Transaction
from engine.store.tables import procedure, procedure_version
from processes.check import Checked, check
from processes.data_entry import is_storable
from processes.errors import InvalidInput, NotFound, Unmet
from processes.finding import Finding, Severity
from processes.procedure import Procedure
from processes.search_key import search_key

DESIGNERS = "người thiết kế quy trình (designer)"


class NotAProcedure(InvalidInput):
    """The file cannot be shown as a procedure at all."""

    code = "procedure.unreadable"
    vi = "Không đọc được tệp “{file}”: {reason_vi}"
    en = "Cannot read the file '{file}': {reason_en}"


class NotPublishable(Unmet):
    """Findings of severity error stand against publishing."""

    code = "procedure.not_publishable"
    vi = "Chưa thể ban hành: còn {number} lỗi, lỗi đầu tiên: {first_vi}"
    en = "Cannot be published: {number} errors remain, the first: {first_en}"


@dataclass(frozen=True, slots=True)
class Listed:
    """A procedure as it stands in a list."""

    procedure_id: UUID
    code: str
    name: str
    field: str
    kind: str
    version_id: UUID | None
    number: int | None
    draft_id: UUID | None
    summary: dict[str, Any]


def upload(
    office: Office, actor: Actor, data: bytes, file_name: str, *, key: str | None = None
) -> VersionRecord:
    """Keep an uploaded diagram as the draft of its procedure, with whatever findings it has.

    A workflow of one-stop software is converted, and kept beside what it became. A file that is no
    procedure at all is refused and nothing is kept. key: done once under it.
    """
    actor.require(Role.DESIGNER, who=DESIGNERS)
    request = {"sha256": hashlib.sha256(data).hexdigest(), "file_name": file_name}

    def prepare() -> Command[UUID]:
        file = receive_bytes(data, file_name)
        read = readable(file.checked, file_name)
        assert file.bpmn is not None, "a procedure was read of it"
        at = office.clock.now()
        kept = {
            "diagram": file.bpmn,
            "original": data,
            "sha256": hashlib.sha256(file.bpmn).digest(),
            "file_name": file_name[:255],
            "repairs": file.kept_repairs(),
            "summary": summary(read) | changed(actor, at, (Part.FILE,)),
        }
        return lambda transaction: _store_draft(office, transaction, actor, read, kept, at)

    asked = Asked(actor, "procedure.upload", request, key)
    return stored(office, actor, do_once(office, asked, prepare))


def readable(checked: Checked, file_name: str) -> Procedure:
    """What was read of a file; NotAProcedure where that is nothing."""
    if checked.procedure is None:
        first = checked.findings[0]
        raise NotAProcedure(file=file_name, reason_vi=first.vi, reason_en=first.en)
    return checked.procedure


def _store_draft(
    office: Office,
    transaction: Transaction,
    actor: Actor,
    read: Procedure,
    kept: dict[str, Any],
    at: datetime,
) -> UUID:
    code = (read.code or read.process_id)[:60]
    known = transaction.execute(
        select(procedure).where(procedure.c.agency_id == actor.agency_id, procedure.c.code == code)
    ).one_or_none()
    version_id = office.ids(at)
    number = 1
    if known is None:
        procedure_id = office.ids(at)
        transaction.execute(
            insert(procedure),
            {
                "agency_id": actor.agency_id,
                "procedure_id": procedure_id,
                "code": code,
                "draft_id": version_id,
                "changed_at": at,
                **_listed(read, code),
            },
        )
    else:
        procedure_id = known.procedure_id
        number = (
            1
            + transaction.execute(
                select(func.max(procedure_version.c.number)).where(
                    procedure_version.c.agency_id == actor.agency_id,
                    procedure_version.c.procedure_id == procedure_id,
                )
            ).scalar_one()
        )
        values = {"draft_id": version_id, "changed_at": at}
        if known.version_id is None:
            values |= _listed(read, code)
        transaction.execute(
            of_procedure(procedure, actor, procedure_id=procedure_id).values(**values)
        )
    transaction.execute(
        insert(procedure_version),
        {
            "agency_id": actor.agency_id,
            "version_id": version_id,
            "procedure_id": procedure_id,
            "number": number,
            "state": "draft",
            "created_at": at,
            "created_by": actor.account_id,
            **kept,
        },
    )
    return version_id


def _listed(read: Procedure, code: str) -> dict[str, Any]:
    name = read.name or code
    return {
        "name": name,
        "search": search_key(f"{code} {name} {read.field}"),
        "field": read.field[:200],
        "kind": read.kind.value,
    }


def summary(read: Procedure) -> dict[str, Any]:
    """What a list shows of a version, so that no list opens a diagram."""
    return {
        "steps": len(read.steps),
        "components": len(read.components),
        "limits": [
            [
                case.name,
                case.limit.format("vi") if case.limit else "",
                case.limit.format("en") if case.limit else "",
            ]
            for case in read.cases
        ],
    }


def publish(
    office: Office,
    actor: Actor,
    version_id: UUID,
    decision_no: str | None = None,
    *,
    trusted: bool = False,
    seen: str | None = None,
    key: str | None = None,
) -> VersionRecord:
    """Put a draft in force; dossiers already received keep their version.

    trusted: the draft is a file of the product's own folder, no stranger's, and judged right here.
    seen: the tag of what the designer decided on. key: done once under it.
    Errors: NotPublishable, ScenarioFails, NotADraft, DraftChanged, LimitCannotBeArmed.
    """
    actor.require(Role.DESIGNER, who=DESIGNERS)
    request = {"version_id": version_id, "decision_no": decision_no}

    def prepare() -> Command[UUID]:
        before = draft(office, actor, version_id, seen)
        read = _publishable(before, trusted=trusted)
        require_scenarios(before.diagram, before.scenarios, trusted=trusted)
        return lambda transaction: _put_in_force(
            office, transaction, actor, before, read, decision_no
        )

    asked = Asked(actor, "procedure.publish", request, key)
    return stored(office, actor, do_once(office, asked, prepare))


def _put_in_force(
    office: Office,
    transaction: Transaction,
    actor: Actor,
    before: VersionRecord,
    read: Procedure,
    decision_no: str | None,
) -> UUID:
    at = office.clock.now()
    version_id = before.version_id
    require_unchanged(office, transaction, actor, before)
    require_armable(office, transaction.connection, actor.agency_id, read)
    transaction.execute(
        of_procedure(procedure_version, actor, procedure_id=before.procedure_id)
        .where(procedure_version.c.state == "in_force")
        .values(state="superseded")
    )
    transaction.execute(
        of_procedure(procedure_version, actor, version_id=version_id).values(
            state="in_force",
            published_at=at,
            published_by=actor.account_id,
            decision_no=decision_no or read.decision_no,
        )
    )
    code = (read.code or read.process_id)[:60]
    newer_draft = case((procedure.c.draft_id == version_id, None), else_=procedure.c.draft_id)
    transaction.execute(
        of_procedure(procedure, actor, procedure_id=before.procedure_id).values(
            version_id=version_id,
            draft_id=newer_draft,
            **_listed(read, code),
        )
    )
    return version_id


def _publishable(record: VersionRecord, *, trusted: bool) -> Procedure:
    """The procedure of a draft against which nothing stands, proved to be what the runtime runs."""
    checked = (check if trusted else judge)(record.diagram)
    against = errors(checked.findings)
    if against or checked.procedure is None:
        raise NotPublishable(number=len(against), first_vi=against[0].vi, first_en=against[0].en)
    prepare(record.diagram, record.version_id, record.procedure_id, record.number, "in_force")
    return checked.procedure


def errors(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings that stand against publishing."""
    return tuple(finding for finding in findings if finding.severity is Severity.ERROR)


def listed(
    connection: Connection,
    actor: Actor,
    *,
    search: str = "",
    in_force: bool = False,
    code: str | None = None,
    after: str = "",
    most: int = 50,
) -> tuple[Listed, ...]:
    """Procedures of the agency by code, a page from `after` on; one statement."""
    shown: Any = func.coalesce(procedure.c.draft_id, procedure.c.version_id)
    if in_force:
        shown = procedure.c.version_id
    query = (
        select(procedure, procedure_version.c.number, procedure_version.c.summary)
        .join(
            procedure_version,
            and_(
                procedure_version.c.agency_id == procedure.c.agency_id,
                procedure_version.c.version_id == shown,
            ),
        )
        .where(procedure.c.agency_id == actor.agency_id, procedure.c.code > after)
        .order_by(procedure.c.code)
        .limit(most)
    )
    if code is not None:
        query = query.where(procedure.c.code == code)
    for word in search_key(search).split()[:10]:
        query = query.where(procedure.c.search.contains(word, autoescape=True))
    return tuple(
        Listed(
            row.procedure_id,
            row.code,
            row.name,
            row.field,
            row.kind,
            row.version_id,
            row.number,
            row.draft_id,
            row.summary,
        )
        for row in connection.execute(query)
    )


def by_code(connection: Connection, actor: Actor, code: str) -> Listed:
    """The procedure with that code."""
    if not is_storable(code):
        raise NotFound(what="quy trình")
    found = listed(connection, actor, code=code, most=1)
    if not found:
        raise NotFound(what=f"quy trình {code}")
    return found[0]
