"""What each kind of form says and asks for: one table over all of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from engine.forms import (
    apology_form,
    complaint_notice,
    control_slip,
    discontinuation,
    receipt,
    refusal,
    submission_slip,
    supplement_request,
    transfer_slip,
)
from engine.forms.content import Content, Entry, read_entries
from engine.forms.kinds import SAID, FormKind
from engine.forms.refusals import UnknownForm
from engine.forms.scene import Scene

Make = Callable[[Scene, Mapping[str, str]], Content]


@dataclass(frozen=True, slots=True)
class Making:
    """entries: what a person says; make: what the form says, or why it cannot be issued."""

    entries: Sequence[Entry]
    make: Make


MAKING: Mapping[FormKind, Making] = {
    FormKind.RECEIPT: Making(receipt.ENTRIES, receipt.content),
    FormKind.SUPPLEMENT_REQUEST: Making(supplement_request.ENTRIES, supplement_request.content),
    FormKind.REFUSAL: Making(refusal.ENTRIES, refusal.content),
    FormKind.APOLOGY: Making(apology_form.ENTRIES, apology_form.content),
    FormKind.DISCONTINUATION: Making(discontinuation.ENTRIES, discontinuation.content),
    FormKind.CONTROL_SLIP: Making(control_slip.ENTRIES, control_slip.content),
    FormKind.SUBMISSION_SLIP: Making(submission_slip.ENTRIES, submission_slip.content),
    FormKind.TRANSFER_SLIP: Making(transfer_slip.ENTRIES, transfer_slip.content),
    FormKind.COMPLAINT_ACCEPTED: Making(
        complaint_notice.ENTRIES_ACCEPTED, complaint_notice.accepted
    ),
    FormKind.COMPLAINT_NOT_ACCEPTED: Making(
        complaint_notice.ENTRIES_NOT_ACCEPTED, complaint_notice.not_accepted
    ),
}
"""The kinds that are issued on a dossier."""


def kind_of(name: str) -> FormKind:
    """The kind by its name (UnknownForm)."""
    found = next((kind for kind in MAKING if kind.value == name), None)
    if found is None:
        known = ", ".join(f"{each.value} ({SAID[each].vi})" for each in MAKING)
        raise UnknownForm(kind=name[:60], known=known)
    return found


def make(kind: FormKind, scene: Scene, given: Mapping[str, str]) -> Content:
    """What the form says (EntryNeeded, EntryInvalid, FormNotCalledFor, DueTimeDiffers)."""
    making = MAKING[kind]
    return making.make(scene, read_entries(kind, making.entries, given))
