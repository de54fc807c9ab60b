"""Procedures in the office: uploaded as drafts, judged, published, listed."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, and_, case, func, insert, select, update

from engine.actor import Actor, Role
from engine.office import Office, prepare
from engine.scenarios import require_scenarios
from engine.store.database import Transaction
from engine.store.tables import procedure, procedure_version
from engine.uploaded_file import receive_file
from processes.check import Checked, check
from processes.data_entry import is_storable
from processes.errors import Conflict, InvalidInput, NotFound, Unmet
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


class NotADraft(Conflict):
    """Only drafts can be changed or published."""

    code = "procedure.not_a_draft"
    vi = "Phiên bản này đã ban hành nên không sửa được. Tải lên một bản mới để thay thế."
    en = "This version is published and cannot be changed. Upload a new one to replace it."


class DraftChanged(Conflict):
    """A colleague edited the draft at the same time."""

    code = "procedure.draft_changed"
    vi = "Người khác vừa sửa bản dự thảo này. Tải lại trang để xem bản mới rồi làm lại."
    en = "Somebody has just changed this draft. Reload to see it and do it again."


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


@dataclass(frozen=True, slots=True)
class VersionRecord:
    """A stored version: its diagram as it runs and as it was uploaded.

    repairs: those that its designer accepted, as `processes.repair.Repair.to_data` states them.
    scenarios: the file of scenarios, which publishing plays first.
    """

    version_id: UUID
    procedure_id: UUID
    number: int
    state: str
    diagram: bytes
    original: bytes
    file_name: str
    created_at: datetime
    published_at: datetime | None
    decision_no: str | None
    repairs: list[dict[str, Any]] | None
    scenarios: bytes | None = None


def upload(office: Office, actor: Actor, data: bytes, file_name: str) -> VersionRecord:
    """Keep an uploaded diagram as the draft of its procedure, with whatever findings it has.

    A workflow of one-stop software is converted, and kept beside what it became. A file that is no
    procedure at all is refused and nothing is kept.
    """
    actor.require(Role.DESIGNER, who=DESIGNERS)
    file = receive_file(data, file_name)
    read = readable(file.checked, file_name)
    at = office.clock.now()
    kept = {
        "diagram": file.diagram,
        "original": data,
        "sha256": hashlib.sha256(file.diagram).digest(),
        "file_name": file_name[:255],
        "repairs": file.converted,
    }

    def command(transaction: Transaction) -> UUID:
        return _store_draft(office, transaction, actor, read, kept, at)

    version_id = office.database.write(command)
    with office.database.read() as connection:
        return version(connection, actor, version_id)


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
            "summary": summary(read),
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


def of_procedure(table: Any, actor: Actor, **keys: UUID) -> Any:
    """An update of the actor's own rows with these keys."""
    return update(table).where(
        table.c.agency_id == actor.agency_id, *(table.c[name] == key for name, key in keys.items())
    )


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
) -> VersionRecord:
    """Put a draft in force; dossiers already received keep their version.

    trusted: the draft is a file of the product's own folder, no stranger's.
    Errors: NotPublishable, ScenarioFails, NotADraft, DraftChanged.
    """
    actor.require(Role.DESIGNER, who=DESIGNERS)
    at = office.clock.now()
    before = draft(office, actor, version_id)
    read = _publishable(before)
    require_scenarios(before.diagram, before.scenarios, trusted=trusted)

    def command(transaction: Transaction) -> None:
        require_unchanged(transaction, actor, before, at)
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

    office.database.write(command)
    with office.database.read() as connection:
        return version(connection, actor, version_id)


def _publishable(record: VersionRecord) -> Procedure:
    """The procedure of a draft against which nothing stands, proved to be what the runtime runs."""
    checked = check(record.diagram)
    against = errors(checked.findings)
    if against or checked.procedure is None:
        raise NotPublishable(number=len(against), first_vi=against[0].vi, first_en=against[0].en)
    prepare(record.diagram, record.version_id, record.procedure_id, record.number, "in_force")
    return checked.procedure


def errors(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings that stand against publishing."""
    return tuple(finding for finding in findings if finding.severity is Severity.ERROR)


def draft(office: Office, actor: Actor, version_id: UUID) -> VersionRecord:
    """The draft, read before the command: judging it may take longer than a writer may wait."""
    with office.database.read() as connection:
        record = version(connection, actor, version_id)
    if record.state != "draft":
        raise NotADraft
    return record


def require_unchanged(
    transaction: Transaction, actor: Actor, before: VersionRecord, at: datetime
) -> None:
    """Refuse where somebody changed or published the draft while it was being judged.

    The procedure's row is written first: whoever else changes the procedure waits until the end.
    """
    transaction.execute(
        of_procedure(procedure, actor, procedure_id=before.procedure_id).values(changed_at=at)
    )
    now = version(transaction.connection, actor, before.version_id)
    if now.state != "draft":
        raise NotADraft
    if (now.diagram, now.scenarios) != (before.diagram, before.scenarios):
        raise DraftChanged


def version(connection: Connection, actor: Actor, version_id: UUID) -> VersionRecord:
    """A stored version of the actor's agency."""
    row = connection.execute(
        select(procedure_version).where(
            procedure_version.c.agency_id == actor.agency_id,
            procedure_version.c.version_id == version_id,
        )
    ).one_or_none()
    if row is None:
        raise NotFound(what=f"phiên bản quy trình {version_id}")
    return _record(row)


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


def versions_of(
    connection: Connection, actor: Actor, procedure_id: UUID
) -> tuple[VersionRecord, ...]:
    """All versions of a procedure, the newest first."""
    rows = connection.execute(
        select(procedure_version)
        .where(
            procedure_version.c.agency_id == actor.agency_id,
            procedure_version.c.procedure_id == procedure_id,
        )
        .order_by(procedure_version.c.number.desc())
    )
    return tuple(_record(row) for row in rows)


def _record(row: Any) -> VersionRecord:
    return VersionRecord(**{name: getattr(row, name) for name in VersionRecord.__slots__})
