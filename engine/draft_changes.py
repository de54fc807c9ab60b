"""Changing a draft: edited in tables, repaired with consent, given scenarios, taken back."""

import hashlib
from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from engine.actor import Actor, Role
from engine.judging import judge, mend
from engine.office import Office
from engine.procedures import (
    DESIGNERS,
    VersionRecord,
    draft,
    of_procedure,
    readable,
    require_unchanged,
    summary,
    version,
)
from engine.rehearsal.room import stated_scenarios
from engine.store.database import Transaction
from engine.store.tables import procedure_version
from engine.uploaded_file import receive_file
from processes.editing import Edit, apply_edits
from processes.errors import Unmet


class NothingToRepair(Unmet):
    """None of the repairs is left to be made."""

    code = "repair.nothing"
    vi = "Không còn đề xuất sửa nào được chọn cho bản dự thảo này. Tải lại trang để xem lại."
    en = "No chosen repair is left to be made in this draft. Reload the page to see."


class NothingToTakeBack(Unmet):
    """The draft is the file as it was uploaded."""

    code = "procedure.nothing_to_take_back"
    vi = "Bản dự thảo vẫn là tệp đã tải lên, không có gì để hoàn tác."
    en = "The draft is still the uploaded file; there is nothing to take back."


def edit(
    office: Office,
    actor: Actor,
    version_id: UUID,
    edits: Sequence[Edit],
) -> VersionRecord:
    """Change limits, components and owners of a draft; the file keeps all else as drawn."""
    actor.require(Role.DESIGNER, who=DESIGNERS)
    before = draft(office, actor, version_id)
    return _replace(office, actor, before, apply_edits(before.diagram, tuple(edits)))


def repair(
    office: Office, actor: Actor, version_id: UUID, accepted: Collection[str] | None = None
) -> VersionRecord:
    """Make the accepted repairs in a draft (None: all); the uploaded file is kept beside it."""
    actor.require(Role.DESIGNER, who=DESIGNERS)
    before = draft(office, actor, version_id)
    if not judge(before.diagram, before.file_name).repairs:
        raise NothingToRepair
    diagram, made = mend(before.diagram, accepted, before.file_name)
    if not made:
        raise NothingToRepair
    repairs = [*(before.repairs or ()), *(each.to_data() for each in made)]
    return _replace(office, actor, before, diagram, repairs=repairs)


def take_back(office: Office, actor: Actor, version_id: UUID) -> VersionRecord:
    """Make a draft the uploaded file again: repairs and edits since then are undone."""
    actor.require(Role.DESIGNER, who=DESIGNERS)
    before = draft(office, actor, version_id)
    file = receive_file(before.original, before.file_name)
    if before.diagram == file.diagram:
        raise NothingToTakeBack
    return _replace(office, actor, before, file.diagram, repairs=file.converted)


def keep_scenarios(
    office: Office, actor: Actor, version_id: UUID, scenarios: bytes
) -> VersionRecord:
    """Keep a scenario file with a draft, in place of the one before; an empty one takes it out.

    Errors: UnreadableScenarios, InvalidScenario. Whether they succeed is for publishing to ask.
    """
    actor.require(Role.DESIGNER, who=DESIGNERS)
    before = draft(office, actor, version_id)
    kept = scenarios if scenarios.strip() else None
    if kept is not None:
        stated_scenarios(kept)

    def command(transaction: Transaction) -> None:
        require_unchanged(transaction, actor, before, office.clock.now())
        transaction.execute(
            of_procedure(procedure_version, actor, version_id=version_id).values(scenarios=kept)
        )

    office.database.write(command)
    with office.database.read() as connection:
        return version(connection, actor, version_id)


def _replace(
    office: Office, actor: Actor, before: VersionRecord, diagram: bytes, **others: Any
) -> VersionRecord:
    """Store another diagram in a draft that nobody has changed meanwhile."""
    read = readable(judge(diagram, before.file_name), before.file_name)

    def command(transaction: Transaction) -> None:
        require_unchanged(transaction, actor, before, office.clock.now())
        transaction.execute(
            of_procedure(procedure_version, actor, version_id=before.version_id).values(
                diagram=diagram,
                sha256=hashlib.sha256(diagram).digest(),
                summary=summary(read),
                **others,
            )
        )

    office.database.write(command)
    with office.database.read() as connection:
        return version(connection, actor, before.version_id)
