"""Roots written to a file to be published, and a published file compared with the database."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from pathlib import Path
from typing import Any

import typer

from engine.clock import SystemClock
from engine.ids import unguessable_ids
from engine.office import NoCalendar, Office
from engine.proofs.daily_root import DailyRoot, daily_root
from engine.proofs.published_root import (
    DayNotOver,
    NotARootFile,
    document,
    is_signed,
    published_root,
    read_document,
)
from engine.store.condition import agencies
from engine.store.database import Database as Store

_SETTLED = timedelta(minutes=10)  # after midnight, for what was begun before it


@dataclass(frozen=True, slots=True)
class Compared:
    """A published file beside the database: agency -> whether its chain is the same.

    signed: None where no signature was asked about.
    """

    file: str
    day: date
    same: dict[str, bool]
    signed: bool | None

    @property
    def holds(self) -> bool:
        return all(self.same.values()) and self.signed is not False

    def to_data(self) -> dict[str, Any]:
        return {
            "file": self.file,
            "day": self.day.isoformat(),
            "signed": self.signed,
            "agencies": self.same,
        }

    def lines(self) -> Iterator[str]:
        for agency_id, same in self.same.items():
            said = "khớp / the same" if same else "KHÁC bản đã công bố / NOT what was published"
            yield f"{agency_id} {self.day.isoformat()}: {said}"
        if self.signed is not None:
            said = "đúng / valid" if self.signed else "SAI / NOT valid"
            yield f"chữ ký / signature: {said}"


def roots_of(store: Store, day: date) -> list[DailyRoot]:
    """The root of a day, of each agency; one without a calendar has never received a dossier."""
    roots = []
    for agency_id, zone in sorted(_zones(store).items()):
        with store.read() as connection:
            roots.append(daily_root(connection, agency_id, day, zone))
    return roots


def write_roots(store: Store, day: date, file: Path) -> None:
    """Write the file that is published. Errors: DayNotOver."""
    zones = _zones(store)
    now = SystemClock().now()
    for zone in zones.values():
        if now < datetime.combine(day + timedelta(days=1), time.min, zone) + _SETTLED:
            raise DayNotOver(day=day.isoformat())
    with store.read() as connection:
        roots = {each: published_root(connection, each, day, zones[each]) for each in zones}
    file.write_bytes(document(day, roots))
    typer.echo(f"Đã ghi / written: {file}")


def compare(store: Store, file: Path, signature: Path | None, public_key: Path | None) -> Compared:
    """Compare a published file with the database. Errors: NotARootFile, UnknownKey."""
    published = _bytes_of(file)
    signed = None
    if signature is not None and public_key is not None:
        signed = is_signed(published, _bytes_of(signature), _bytes_of(public_key))
    kept = read_document(published)
    zones = _zones(store)
    same = {}
    for agency_id, chain in kept.chains.items():
        if (zone := zones.get(agency_id)) is None:  # the agency is not there any more
            same[agency_id] = False
            continue
        with store.read() as connection:
            found = published_root(connection, agency_id, kept.day, zone)
        same[agency_id] = found.chain.hex() == chain
    return Compared(str(file), kept.day, same, signed)


def _zones(store: Store) -> dict[str, tzinfo]:
    office = Office(store, SystemClock(), unguessable_ids())
    found: dict[str, tzinfo] = {}
    for agency_id in agencies(store):
        with store.read() as connection:
            try:
                found[agency_id] = office.calendar(connection, agency_id).tz
            except NoCalendar:
                continue
    return found


def _bytes_of(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise NotARootFile(detail=f"{file}: {error.strerror}") from error
