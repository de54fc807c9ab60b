"""Documents on a disk: `<folder>/a-<agency>/<2 digits>/<sha256>`, written beside and put in place.

Temporary file, fsync, rename, fsync of the folder: after a crash a content is there whole or not.
"""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote, unquote

from engine.documents.store import Arriving, Kept, Lying, NoContent, told_as_storage

_INCOMING = "incoming"
_PART = ".part"
_OF_AGENCY = "a-"  # so that no agency's code can be a name with a meaning
_DIGITS = 64


class DiskStore:
    """Documents in a folder, whose owner alone may look into it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._incoming = folder / _INCOMING

    def arrive(self, most: int) -> Arriving:
        with told_as_storage():
            self._incoming.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(suffix=_PART, dir=self._incoming)
            return Arriving(Path(name), os.fdopen(handle, "wb", buffering=0), most)

    def keep(self, agency_id: str, arrived: Arriving) -> Kept:
        kept = arrived.finish()
        arrived.sync()
        place = self._place(agency_id, kept.sha256)
        with told_as_storage():
            _make_folder(place.parent)
            # Put in place even where it lies there: what was damaged meanwhile is whole again.
            arrived.path.replace(place)
            _sync_folder(place.parent)
        arrived.drop()
        return kept

    def open(self, agency_id: str, sha256: str) -> BinaryIO:
        place = self._place(agency_id, sha256)
        with told_as_storage():
            try:
                return place.open("rb")
            except FileNotFoundError as missing:
                raise NoContent from missing

    def remove(self, agency_id: str, sha256: str) -> bool:
        place = self._place(agency_id, sha256)
        try:
            place.unlink()
        except FileNotFoundError:
            return False
        _sync_folder(place.parent)
        return True

    def all(self) -> Iterator[Lying]:
        for place in sorted(self.folder.glob(f"{_OF_AGENCY}*/??/*")):
            if len(place.name) != _DIGITS or place.parent.name != place.name[:2]:
                continue
            agency_id = unquote(place.parents[1].name.removeprefix(_OF_AGENCY))
            stat = place.stat()
            yield Lying(agency_id, Kept(place.name, stat.st_size), stat.st_mtime)

    def sweep(self, before: float) -> int:
        swept = 0
        for part in self._incoming.glob(f"*{_PART}"):
            try:
                if part.stat().st_mtime < before:
                    part.unlink()
                    swept += 1
            except FileNotFoundError:  # its upload has just ended
                continue
        return swept

    def _place(self, agency_id: str, sha256: str) -> Path:
        if len(sha256) != _DIGITS or not set(sha256) <= set("0123456789abcdef"):
            raise NoContent
        return self.folder / f"{_OF_AGENCY}{quote(agency_id, safe='')}" / sha256[:2] / sha256


def _make_folder(folder: Path) -> None:
    """Make it and have its own name on the disk, too."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # there folders cannot be opened; a rename is durable by itself
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
