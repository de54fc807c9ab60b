"""`quytrinh verify`: whether every journal is as it was written, and every dossier as it says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from api.cli.options import Database, settings_with
from api.cli.published import Compared, compare, roots_of, write_roots
from api.cli.refusal import told_to_people
from engine.journal import Break
from engine.journal import verify as verify_journals
from engine.proofs.daily_root import DailyRoot
from engine.proofs.rebuild import Rebuilt, rebuild
from engine.proofs.sealed_entries import Alteration, verify_entries
from engine.store.database import Database as Store

BROKEN = 1


def verify(
    database: Database = None,
    again: Annotated[
        bool,
        typer.Option(
            "--rebuild",
            help="Dựng lại từng hồ sơ từ nhật ký và so sánh / rebuild each dossier and compare",
        ),
    ] = False,
    root: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            help="In mã gốc của một ngày để ký, công bố / print the root of a day, to be signed",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Ghi mã gốc của --root vào tệp / write the root of --root to a file"),
    ] = None,
    published: Annotated[
        Path | None,
        typer.Option(help="So với tệp đã công bố / compare with a published file"),
    ] = None,
    signature: Annotated[
        Path | None, typer.Option(help="Chữ ký của tệp đó / the signature of that file")
    ] = None,
    public_key: Annotated[
        Path | None, typer.Option(help="Khóa công khai, PEM / the public key, PEM")
    ] = None,
    json: Annotated[
        bool, typer.Option("--json", help="Một đối tượng JSON / one JSON object")
    ] = False,
) -> None:
    """Kiểm tra chuỗi nhật ký của mọi hồ sơ. / Check the journal chain of every dossier."""
    _require_pairs(root, out, published, signature, public_key)
    store = Store(settings_with(database_url=database).database_url)
    try:
        with store.read() as connection:
            events, breaks = verify_journals(connection)
            altered = verify_entries(connection)
            differing = [each for each in rebuild(connection) if each.differences] if again else []
        roots = roots_of(store, root.date()) if root is not None else []
        with told_to_people():
            if out is not None and root is not None:
                write_roots(store, root.date(), out)
            compared = None
            if published is not None:
                compared = compare(store, published, signature, public_key)
    finally:
        store.close()
    found = _Found(events, breaks, altered, differing, roots, compared)
    if json:
        typer.echo(orjson.dumps(_told(found, again=again, rooted=root is not None)).decode())
    else:
        _tell(found, again=again)
    if breaks or altered or differing or not (compared is None or compared.holds):
        raise typer.Exit(BROKEN)


@dataclass(frozen=True, slots=True)
class _Found:
    events: int
    breaks: Sequence[Break]
    altered: Sequence[Alteration]
    differing: Sequence[Rebuilt]
    roots: Sequence[DailyRoot]
    compared: Compared | None


def _require_pairs(
    root: object, out: object, published: object, signature: object, public_key: object
) -> None:
    """Refuse options that mean nothing without another."""
    if out is not None and root is None:
        raise typer.BadParameter("--out: --root?")
    if (signature is None) != (public_key is None) or (signature and not published):
        raise typer.BadParameter("--published FILE --signature FILE --public-key FILE")


def _told(found: _Found, *, again: bool, rooted: bool) -> dict[str, Any]:
    told: dict[str, Any] = {
        "events": found.events,
        "breaks": [_break(each) for each in found.breaks],
        "altered": [_altered(each) for each in found.altered],
    }
    told |= {"differences": [_difference(each) for each in found.differing]} if again else {}
    told |= {"roots": [_root(each) for each in found.roots]} if rooted else {}
    told |= {} if found.compared is None else {"published": found.compared.to_data()}
    return told


def _tell(found: _Found, *, again: bool) -> None:
    typer.echo(f"{found.events} sự kiện / events, {len(found.breaks)} chỗ hỏng / broken chains")
    for each in found.breaks:
        typer.echo(f"  {each.agency_id} {each.dossier_id}: {each.seq or 'thiếu đuôi / no tail'}")
    if found.altered:
        typer.echo(f"{len(found.altered)} dữ liệu nhập bị sửa / entries altered")
    for entry in found.altered:
        typer.echo(f"  {entry.agency_id} {entry.dossier_id} {entry.seq}: {entry.where}")
    if again:
        _tell_differing(found.differing)
    for root in found.roots:
        typer.echo(root.line())
    for line in found.compared.lines() if found.compared else ():
        typer.echo(line)


def _tell_differing(differing: Sequence[Rebuilt]) -> None:
    typer.echo(f"{len(differing)} hồ sơ khác nhật ký / dossiers that are not what they journal")
    for dossier in differing:
        for each in dossier.differences:
            typer.echo(f"  {dossier.code} {each.what}: {each.stored} ≠ {each.rebuilt}")


def _break(each: Break) -> dict[str, Any]:
    return {"agency_id": each.agency_id, "dossier_id": str(each.dossier_id), "seq": each.seq}


def _altered(each: Alteration) -> dict[str, Any]:
    return {**_break(Break(each.agency_id, each.dossier_id, each.seq)), "where": each.where}


def _difference(dossier: Rebuilt) -> dict[str, Any]:
    return {
        "agency_id": dossier.agency_id,
        "dossier_id": str(dossier.dossier_id),
        "code": dossier.code,
        "differences": [[each.what, each.stored, each.rebuilt] for each in dossier.differences],
    }


def _root(each: DailyRoot) -> dict[str, Any]:
    return {
        "agency_id": each.agency_id,
        "day": each.day.isoformat(),
        "dossiers": each.dossiers,
        "events": each.events,
        "sha256": each.root.hex(),
        "line": each.line(),
    }
