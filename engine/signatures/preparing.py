"""A PDF given places for signatures, and what comes back compared with what was given out.

Only the process that may be killed runs this. A document that comes back must begin with the very
bytes that went out, and what was added may be signatures in the prepared places and nothing else:
a signature also covers what was slipped in before it, so the bytes alone prove nothing.
"""

import hashlib
import io
from collections.abc import Collection, Sequence

from pyhanko.pdf_utils.generic import (
    ArrayObject,
    ByteStringObject,
    IndirectObject,
    TextStringObject,
)
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, DiffResult, ModificationLevel
from pyhanko.sign.fields import (
    SigFieldSpec,
    append_signature_field,
    ensure_sig_flags,
    enumerate_sig_fields,
)

from processes.digital_signature import Difference, Obstacle, Place

_MOST_PLACES = 10
_WIDTH, _HEIGHT, _MARGIN = 170, 70, 40  # points
_A4 = (0.0, 0.0, 595.0, 842.0)


def prepare_pdf(data: bytes, places: Sequence[Place]) -> bytes | Obstacle:
    """The document with empty places for signatures, appended to its bytes; or why it cannot be.

    Places of a name that is there already are left as they are.
    """
    try:
        reader = PdfFileReader(io.BytesIO(data))
        if reader.encrypted:
            return Obstacle.ENCRYPTED
        there = {name for name, *_ in enumerate_sig_fields(reader)}
        new = [each for each in places if each.name not in there][:_MOST_PLACES]
        if not new:
            return data
        writer = _Appending(io.BytesIO(data))
        for place in new:
            append_signature_field(writer, _field(reader, place))
        ensure_sig_flags(writer)  # signing software sets them too, which would be a change
        out = io.BytesIO()
        IncrementalPdfFileWriter.write(writer, out)
    except (MemoryError, KeyboardInterrupt):
        raise
    except Exception:  # noqa: BLE001 - a file that is wrong in a way its reader did not foresee
        return Obstacle.BROKEN
    return out.getvalue()


class _Appending(IncrementalPdfFileWriter):
    """Appends to a document the same bytes each time: no date of its own, no random number."""

    @classmethod
    def _handle_id(cls, prev: PdfFileReader) -> ArrayObject:
        prev.stream.seek(0)
        own = ByteStringObject(hashlib.sha256(prev.stream.read()).digest()[:16])
        try:
            first = prev.trailer["/ID"][0]
        except KeyError:
            first = own
        if isinstance(first, TextStringObject):
            first = ByteStringObject(first.original_bytes)
        return ArrayObject([first, own])

    def _update_meta(self) -> None:
        """The document keeps the dates that its author gave it."""


def _field(reader: PdfFileReader, place: Place) -> SigFieldSpec:
    return SigFieldSpec(
        sig_field_name=place.name,
        on_page=place.page,
        box=place.box or _usual_box(reader, place),
        readable_field_name=place.label or None,
    )


def _usual_box(reader: PdfFileReader, place: Place) -> tuple[int, int, int, int]:
    """Bottom of the page, from the right: the signer of the document first, the seal beside."""
    box = _media_box(reader, place.page)
    right = int(box[2]) - _MARGIN - place.column * (_WIDTH + 10)
    bottom = int(box[1]) + _MARGIN
    return (right - _WIDTH, bottom, right, bottom + _HEIGHT)


def _media_box(reader: PdfFileReader, page: int) -> tuple[float, float, float, float]:
    count = int(reader.root["/Pages"]["/Count"])
    reference, _ = reader.find_page_for_modification(page if page >= 0 else count + page)
    node = reference.get_object()
    while node is not None:
        if "/MediaBox" in node:
            left, bottom, right, top = (float(each) for each in node["/MediaBox"])
            return left, bottom, right, top
        node = node.get("/Parent")
    return _A4


def compare_with_prepared(
    length: int, returned: bytes, places: Sequence[str], anywhere: bool = False
) -> Difference | None:
    """What more than signatures was done to the document; None where it is the same.

    length: so many bytes of it are those that were prepared. places: names of the fields that may
    be signed. anywhere: whether visible signatures may also stand in fields of their own, which
    may cover something.
    """
    if len(returned) == length:
        return Difference.NOT_SIGNED
    try:
        return _difference(returned[:length], returned, frozenset(places), anywhere=anywhere)
    except (MemoryError, KeyboardInterrupt):
        raise
    except Exception:  # noqa: BLE001 - see above
        return Difference.BROKEN


def _difference(
    prepared: bytes, returned: bytes, places: frozenset[str], *, anywhere: bool
) -> Difference | None:
    before = PdfFileReader(io.BytesIO(prepared))
    after = PdfFileReader(io.BytesIO(returned))
    if after.encrypted:
        return Difference.BROKEN
    fields, now = _signature_fields(before), _signature_fields(after)
    signed = _signed(after) - _signed(before)
    new = {name for name in now if name not in fields and _is_visible(now[name])}
    elsewhere = new | {name for name in signed if name in fields and name not in places}
    if elsewhere and not anywhere:
        return Difference.OUTSIDE
    return _changed(after, before.total_revisions, now.keys()) or (
        None if signed else Difference.NOT_SIGNED
    )


def _changed(after: PdfFileReader, revisions: int, signable: Collection[str]) -> Difference | None:
    """What else the revisions after the prepared ones did."""
    if after.total_revisions <= revisions:
        return Difference.CHANGED
    found = DEFAULT_DIFF_POLICY.review_file(after, revisions - 1)
    if not isinstance(found, DiffResult) or found.modification_level is ModificationLevel.OTHER:
        return Difference.CHANGED
    return Difference.FILLED if found.changed_form_fields - set(signable) else None


def _signed(reader: PdfFileReader) -> set[str]:
    return {each.field_name for each in reader.embedded_signatures}


def _signature_fields(reader: PdfFileReader) -> dict[str, IndirectObject]:
    return {name: reference for name, _, reference in enumerate_sig_fields(reader)}


def _is_visible(field: IndirectObject) -> bool:
    """Whether any box of the field has an area."""
    told = field.get_object()
    widgets = [each.get_object() for each in told.get("/Kids", ())] or [told]
    for widget in widgets:
        left, bottom, right, top = (float(each) for each in widget.get("/Rect", (0, 0, 0, 0)))
        if left != right and bottom != top:
            return True
    return False
