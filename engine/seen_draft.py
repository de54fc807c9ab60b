"""A draft as its designer saw it: who comes second with a change is told, and nothing is lost."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from engine.actor import Actor
from engine.office import Office
from engine.procedure_version import VersionRecord, of_procedure, version
from engine.store.database import Transaction
from engine.store.tables import procedure
from processes.errors import Conflict


class NotADraft(Conflict):
    """Only drafts can be changed or published."""

    code = "procedure.not_a_draft"
    vi = "Phiên bản này đã ban hành nên không sửa được. Tải lên một bản mới để thay thế."
    en = "This version is published and cannot be changed. Upload a new one to replace it."


class DraftChanged(Conflict):
    """The draft is no longer as the designer saw it."""

    code = "procedure.draft_changed"
    vi = (
        "Bản dự thảo không còn như bạn đã xem: {who} đổi {what_vi} lúc {when}. Chưa có gì được "
        "lưu; tải lại trang để xem bản mới rồi làm lại."
    )
    en = (
        "The draft is no longer as you saw it: {who} changed {what_en} at {when}. Nothing was "
        "saved; reload to see it and do it again."
    )


class Part(StrEnum):
    """What a change of a draft was about."""

    FILE = "file"
    STEPS = "steps"
    LIMITS = "limits"
    COMPONENTS = "components"
    REPAIRS = "repairs"
    TAKEN_BACK = "taken_back"
    SCENARIOS = "scenarios"


_PARTS = {
    Part.FILE: ("tệp", "the file"),
    Part.STEPS: ("các bước", "steps"),
    Part.LIMITS: ("thời hạn các trường hợp", "limits of cases"),
    Part.COMPONENTS: ("thành phần hồ sơ", "components"),
    Part.REPAIRS: ("các chỗ sửa theo đề xuất", "repairs"),
    Part.TAKEN_BACK: ("về lại tệp đã tải lên", "it back to the uploaded file"),
    Part.SCENARIOS: ("kịch bản", "scenarios"),
}


def draft(office: Office, actor: Actor, version_id: UUID, seen: str | None = None) -> VersionRecord:
    """The draft, read before the command: judging it may take longer than a writer may wait.

    seen: the tag of what the designer saw, None where anything will do. Errors: NotADraft,
    DraftChanged.
    """
    with office.database.read() as connection:
        record = version(connection, actor, version_id)
        _require(office, connection, actor, record, record.tag if seen is None else seen)
    return record


def require_unchanged(
    office: Office, transaction: Transaction, actor: Actor, before: VersionRecord
) -> None:
    """Refuse where somebody changed or published the draft while it was being judged.

    The procedure's row is written first: whoever else changes the procedure waits until the end.
    """
    at = office.clock.now()
    transaction.execute(
        of_procedure(procedure, actor, procedure_id=before.procedure_id).values(changed_at=at)
    )
    now = version(transaction.connection, actor, before.version_id)
    _require(office, transaction.connection, actor, now, before.tag)


def _require(
    office: Office, connection: Connection, actor: Actor, now: VersionRecord, seen: str
) -> None:
    if now.state != "draft":
        raise NotADraft
    if now.tag != seen:
        last = now.summary.get("changed")  # none in drafts of before it was kept
        if last is None:
            raise DraftChanged
        when = office.calendar(connection, actor.agency_id).local(
            datetime.fromisoformat(last["at"])
        )
        parts = [_PARTS[Part(part)] for part in last["parts"]]
        raise DraftChanged(
            who=last["by"],
            when=f"{when:%H:%M %d/%m/%Y}",
            what_vi=", ".join(vi for vi, _ in parts),
            what_en=", ".join(en for _, en in parts),
        )


def changed(actor: Actor, at: datetime, parts: Sequence[Part]) -> dict[str, Any]:
    """Who changed what of a draft last, and when; kept in its summary."""
    return {"changed": {"by": actor.name, "at": at.isoformat(), "parts": list(parts)}}
