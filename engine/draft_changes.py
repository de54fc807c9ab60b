"""Changing a draft: edited in tables, repaired with consent, given scenarios, taken back.

seen: the tag of the version as the designer saw it; whoever saw an older one is refused (None:
anything will do). key: done once under it.
"""

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from engine.actor import Actor, Role
from engine.answered_once import Asked, do_once
from engine.file_import import receive_bytes
from engine.judging import judge, mend
from engine.office import Office
from engine.procedure_version import VersionRecord, of_procedure, stored
from engine.procedures import DESIGNERS, readable, summary
from engine.rehearsal.room import stated_scenarios
from engine.seen_draft import Part, changed, draft, require_unchanged
from engine.store.database import Command, Transaction
from engine.store.tables import procedure_version
from processes.document import parse
from processes.editing import Edit, ProcedureEdit, apply_edits
from processes.errors import Unmet
from processes.procedure import Procedure
from processes.reader import read


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
    *,
    seen: str | None = None,
    key: str | None = None,
) -> VersionRecord:
    """Change limits, components and owners of a draft; the file keeps all else as drawn."""
    stated = [*map(repr, edits)]
    return edit_by_form(
        office, actor, version_id, stated, lambda _: tuple(edits), seen=seen, key=key
    )


def edit_by_form(
    office: Office,
    actor: Actor,
    version_id: UUID,
    form: Sequence[object],
    edits_of: Callable[[Procedure], Sequence[Edit]],
    *,
    seen: str | None = None,
    key: str | None = None,
) -> VersionRecord:
    """`edit` with what differs between a form, as it was sent, and the draft as it stands."""

    def change(before: VersionRecord) -> Command[UUID]:
        procedure = read(parse(before.diagram)).procedure
        assert procedure is not None, "what cannot be read is not kept"
        edits = tuple(edits_of(procedure))
        diagram = apply_edits(before.diagram, edits)
        return _replacing(office, actor, before, diagram, _parts(edits))

    asked = _asked(actor, "edit", version_id, {"edits": form}, key)
    return _changed(office, asked, version_id, seen, change)


def repair(
    office: Office,
    actor: Actor,
    version_id: UUID,
    accepted: Collection[str] | None = None,
    *,
    seen: str | None = None,
    key: str | None = None,
) -> VersionRecord:
    """Make the accepted repairs in a draft (None: all); the uploaded file is kept beside it."""

    def change(before: VersionRecord) -> Command[UUID]:
        if not judge(before.diagram, before.file_name).repairs:
            raise NothingToRepair
        diagram, made = mend(before.diagram, accepted, before.file_name)
        if not made:
            raise NothingToRepair
        repairs = [*(before.repairs or ()), *(each.to_data() for each in made)]
        return _replacing(office, actor, before, diagram, (Part.REPAIRS,), repairs=repairs)

    chosen = None if accepted is None else sorted(accepted)
    asked = _asked(actor, "repair", version_id, {"accepted": chosen}, key)
    return _changed(office, asked, version_id, seen, change)


def take_back(
    office: Office,
    actor: Actor,
    version_id: UUID,
    *,
    seen: str | None = None,
    key: str | None = None,
) -> VersionRecord:
    """Make a draft the uploaded file again: repairs and edits since then are undone."""

    def change(before: VersionRecord) -> Command[UUID]:
        file = receive_bytes(before.original, before.file_name)
        readable(file.checked, before.file_name)  # a rule of today may refuse what was taken once
        assert file.bpmn is not None, "a procedure was read of it"
        if before.diagram == file.bpmn:
            raise NothingToTakeBack
        repairs = file.kept_repairs()
        return _replacing(office, actor, before, file.bpmn, (Part.TAKEN_BACK,), repairs=repairs)

    asked = _asked(actor, "take_back", version_id, {}, key)
    return _changed(office, asked, version_id, seen, change)


def keep_scenarios(
    office: Office,
    actor: Actor,
    version_id: UUID,
    scenarios: bytes,
    *,
    seen: str | None = None,
    key: str | None = None,
) -> VersionRecord:
    """Keep a scenario file with a draft, in place of the one before; an empty one takes it out.

    Errors: UnreadableScenarios, InvalidScenario. Whether they succeed is for publishing to ask.
    """
    kept = scenarios if scenarios.strip() else None

    def change(before: VersionRecord) -> Command[UUID]:
        if kept is not None:
            stated_scenarios(kept)
        told = before.summary | changed(actor, office.clock.now(), (Part.SCENARIOS,))
        return _storing(office, actor, before, {"scenarios": kept, "summary": told})

    request = {"sha256": hashlib.sha256(scenarios).hexdigest()}
    asked = _asked(actor, "scenarios", version_id, request, key)
    return _changed(office, asked, version_id, seen, change)


def _asked(
    actor: Actor, command: str, version_id: UUID, request: Mapping[str, Any], key: str | None
) -> Asked:
    return Asked(actor, f"procedure.{command}", {"version_id": version_id, **request}, key)


def _changed(
    office: Office,
    asked: Asked,
    version_id: UUID,
    seen: str | None,
    change: Callable[[VersionRecord], Command[UUID]],
) -> VersionRecord:
    """Change a draft as it was seen, once per key; the version as it stands then."""
    actor = asked.actor
    actor.require(Role.DESIGNER, who=DESIGNERS)
    done = do_once(office, asked, lambda: change(draft(office, actor, version_id, seen)))
    return stored(office, actor, done)


def _parts(edits: Sequence[Edit]) -> tuple[Part, ...]:
    """What edits are about, each part once."""
    parts: dict[Part, None] = {}
    for each in edits:
        if not isinstance(each, ProcedureEdit):
            parts[Part.STEPS] = None
            continue
        if each.case_limits:
            parts[Part.LIMITS] = None
        if each.components:
            parts[Part.COMPONENTS] = None
    return tuple(parts)


def _replacing(
    office: Office,
    actor: Actor,
    before: VersionRecord,
    diagram: bytes,
    parts: Sequence[Part],
    **others: Any,
) -> Command[UUID]:
    """Another diagram for a draft, judged before it is stored."""
    procedure = readable(judge(diagram, before.file_name), before.file_name)
    values = {
        "diagram": diagram,
        "sha256": hashlib.sha256(diagram).digest(),
        "summary": summary(procedure) | changed(actor, office.clock.now(), parts),
        **others,
    }
    return _storing(office, actor, before, values)


def _storing(
    office: Office, actor: Actor, before: VersionRecord, values: Mapping[str, Any]
) -> Command[UUID]:
    """Store these columns of a draft, unless somebody has changed it meanwhile."""

    def command(transaction: Transaction) -> UUID:
        require_unchanged(office, transaction, actor, before)
        transaction.execute(
            of_procedure(procedure_version, actor, version_id=before.version_id).values(**values)
        )
        return before.version_id

    return command
