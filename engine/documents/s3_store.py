"""Documents in an S3-compatible store: `<prefix>/a-<agency>/<sha256>` in a bucket of the office's.

Files arrive on the server's disk first: they are examined there, and the store sees whole ones only
(an S3 object appears when all of it has come, or not at all).
"""

import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO, cast
from urllib.parse import quote, unquote

import obstore
from obstore.exceptions import BaseError
from obstore.exceptions import NotFoundError as NoObject
from obstore.store import S3Store as Bucket

from engine.documents.disk_store import DiskStore
from engine.documents.store import Arriving, Kept, Lying, NoContent, StorageUnavailable

_OF_AGENCY = "a-"
_DIGITS = 64
_ANSWERS_WITHIN = timedelta(seconds=30)
_CONNECTS_WITHIN = timedelta(seconds=5)
_ATTEMPTS = 2  # after the first
_PIECE = 1 << 20


class S3Store:
    """Documents in a bucket. folder: for what arrives."""

    def __init__(
        self,
        folder: Path,
        bucket: str,
        *,
        endpoint: str = "",
        region: str = "us-east-1",
        key: str = "",
        secret: str = "",
        prefix: str = "",
    ) -> None:
        self._arriving = DiskStore(folder)
        self._prefix = prefix.strip("/")
        stated: dict[str, Any] = {"region": region, "virtual_hosted_style_request": False}
        if endpoint:
            stated["endpoint"] = endpoint
        if key:
            stated |= {"access_key_id": key, "secret_access_key": secret}
        self._bucket = Bucket(
            bucket,
            **stated,
            client_options={
                "timeout": _ANSWERS_WITHIN,
                "connect_timeout": _CONNECTS_WITHIN,
                "allow_http": endpoint.startswith("http://"),
            },
            retry_config={"max_retries": _ATTEMPTS, "retry_timeout": _ANSWERS_WITHIN},
        )

    def arrive(self, most: int) -> Arriving:
        return self._arriving.arrive(most)

    def keep(self, agency_id: str, arrived: Arriving) -> Kept:
        kept = arrived.finish()
        try:
            obstore.put(self._bucket, self._place(agency_id, kept.sha256), arrived.path)
        except BaseError as error:
            raise StorageUnavailable from error
        arrived.drop()
        return kept

    def open(self, agency_id: str, sha256: str) -> BinaryIO:
        coming = _Coming(self._bucket, self._place(agency_id, sha256))
        return cast("BinaryIO", io.BufferedReader(coming, _PIECE))

    def remove(self, agency_id: str, sha256: str) -> bool:
        place = self._place(agency_id, sha256)
        try:
            obstore.head(self._bucket, place)
            obstore.delete(self._bucket, place)
        except (NoObject, FileNotFoundError):
            return False
        except BaseError as error:
            raise StorageUnavailable from error
        return True

    def all(self) -> Iterator[Lying]:
        try:
            for found in obstore.list(self._bucket, self._prefix or None):
                for each in found:
                    *_, agency, sha256 = each["path"].split("/")
                    if len(sha256) == _DIGITS and agency.startswith(_OF_AGENCY):
                        agency_id = unquote(agency.removeprefix(_OF_AGENCY).replace("=", "%"))
                        since = each["last_modified"].timestamp()
                        yield Lying(agency_id, Kept(sha256, each["size"]), since)
        except BaseError as error:
            raise StorageUnavailable from error

    def sweep(self, before: float) -> int:
        return self._arriving.sweep(before)

    def _place(self, agency_id: str, sha256: str) -> str:
        if len(sha256) != _DIGITS or not set(sha256) <= set("0123456789abcdef"):
            raise NoContent
        # Plain characters only: stores and clients differ in how they write others.
        agency = quote(agency_id, safe="").replace("=", "%3D").replace("%", "=")
        return "/".join(filter(None, (self._prefix, f"{_OF_AGENCY}{agency}", sha256)))


class _Coming(io.RawIOBase):
    """An object's bytes as a file; the line may break in between. Elsewhere it is asked for anew.

    Errors: NoContent, StorageUnavailable.
    """

    def __init__(self, bucket: Bucket, place: str) -> None:
        self._bucket = bucket
        self._at = 0
        self._left = memoryview(b"")
        self._place = place
        self._pieces = self._asked_for()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, to: int, whence: int = io.SEEK_SET) -> int:
        if whence == io.SEEK_CUR:
            to += self._at
        elif whence != io.SEEK_SET:
            raise io.UnsupportedOperation
        if to != self._at:
            self._at, self._left = to, memoryview(b"")
            self._pieces = self._asked_for()
        return to

    def readinto(self, into: Any) -> int:
        while not self._left:
            try:
                piece = next(self._pieces, None)
            except BaseError as error:
                raise StorageUnavailable from error
            if piece is None:
                return 0
            self._left = memoryview(bytes(piece))
        number = min(len(into), len(self._left))
        into[:number] = self._left[:number]
        self._left = self._left[number:]
        self._at += number
        return number

    def _asked_for(self) -> Iterator[Any]:
        try:
            if self._at:
                got = obstore.get(
                    self._bucket, self._place, options={"range": {"offset": self._at}}
                )
            else:
                got = obstore.get(self._bucket, self._place)
        except (NoObject, FileNotFoundError) as error:
            raise NoContent from error
        except BaseError as error:
            raise StorageUnavailable from error
        return iter(got.stream(_PIECE))
