"""Repairs of a file: proposed, and made as far as the designer accepts them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from processes.document import Document, parse
from processes.errors import NotFound
from processes.finding import Finding
from processes.repair.order import REPAIRERS
from processes.repair.placing import place
from processes.repair.repair import Change, Repair
from processes.repair.source import write
from processes.repair.synchronisation import synchronise
from processes.repair.workpiece import TooManyRepairs, Workpiece

MAX_REPAIRS = 1_000
_ROUNDS = 12  # each repairs what the last one brought to light; two or three are usual


class UnknownRepair(NotFound):
    """The file needs no such repair; it was changed since, or the id is wrong."""

    code = "repair.unknown"
    vi = "Không có đề xuất sửa “{id}” cho tệp này. Tải lại trang để xem các đề xuất hiện tại."
    en = "There is no repair '{id}' for this file. Reload the page to see the present ones."


@dataclass(frozen=True, slots=True)
class Mended:
    """A file with repairs made. document: its tree repaired, its bytes still the original's."""

    document: Document
    repairs: tuple[Repair, ...]


def propose(document: Document, file_name: str = "") -> tuple[Repair, ...]:
    """Everything that can be repaired, in the order in which it would be made.

    None where the repaired file would be larger than any file that is read.
    """
    mended = mend(document, file_name)
    return () if mended is None else mended.repairs


def mend(
    document: Document, file_name: str = "", findings: Iterable[Finding] | None = None
) -> Mended | None:
    """All repairs made on a copy of the tree, undrawn; None where it would grow too large.

    findings: what the check said of the file, where it was asked already.
    """
    piece = Workpiece(document, file_name)
    piece.listen(findings)
    try:
        repairs = _work(piece, None)
    except TooManyRepairs:
        return None
    return Mended(piece.document, tuple(repairs))


def apply(
    data: bytes, accepted: Collection[str] | None = None, file_name: str = ""
) -> tuple[bytes, tuple[Repair, ...]]:
    """The file with the accepted repairs made, and those that were made.

    accepted: ids of repairs; None accepts all. A repair that follows from one that was declined
    may not come up; it is then not among those made. Whatever no repair touches keeps every byte.
    file_name: see `propose`; the same one.

    Errors: those of `parse`, UnknownRepair, TooManyRepairs.
    """
    document = parse(data)
    piece = Workpiece(document, file_name)
    piece.listen()
    made = _work(piece, accepted)
    if accepted is not None:
        _refuse_unknown(document, file_name, set(accepted) - {repair.id for repair in made})
    if not made:
        return data, ()
    place(piece)
    repaired = write(piece)
    parse(repaired)  # a repair may not make a file that we would refuse
    return repaired, tuple(made)


def _refuse_unknown(document: Document, file_name: str, unmade: set[str]) -> None:
    if not unmade:
        return
    known = {repair.id for repair in propose(document, file_name)}
    for id_ in sorted(unmade - known):
        raise UnknownRepair(id=id_[:80])


def _work(piece: Workpiece, accepted: Collection[str] | None) -> list[Repair]:
    """Let every repairer look until none finds anything new; soundness is looked at last."""
    work = _Work(piece, accepted)
    for _ in range(_ROUNDS):
        before = len(work.settled)
        for repairer in REPAIRERS:
            work.take(repairer.changes(piece))
        if len(work.settled) == before:
            work.take(synchronise(piece))
        if len(work.settled) == before:
            break
        piece.listen()
    return work.made


class _Work:
    """A file under repair. settled: ids of the repairs that were made or declined."""

    def __init__(self, piece: Workpiece, accepted: Collection[str] | None) -> None:
        self.piece = piece
        self.made: list[Repair] = []
        self.settled: set[str] = set()
        self._accepted = accepted

    def take(self, changes: Iterable[Change]) -> None:
        """Make what is accepted of the changes that nobody has decided on yet."""
        for change in changes:
            repair = change.repair
            if repair.id in self.settled:
                continue
            self.settled.add(repair.id)
            if self._accepted is None or repair.id in self._accepted:
                change.make()
                self.made.append(repair)
            if len(self.settled) > MAX_REPAIRS:
                raise TooManyRepairs(count=len(self.settled), limit=MAX_REPAIRS)
