"""`quytrinh export`, `quytrinh verify-package`: a finished dossier as one file, and its proof."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import orjson
import typer

from api.cli.office_named import agency_of
from api.cli.options import Database, settings_with
from api.cli.refusal import REFUSED, told_to_people
from api.document_place import documents_of
from engine.actor import Actor, Role, system_actor
from engine.archive.package import export
from engine.archive.stand_alone import verify
from engine.clock import SystemClock
from engine.code_lookup import dossier_of_code
from engine.ids import unguessable_ids
from engine.office import Office
from engine.store.database import Database as Store

BROKEN = 1


def export_package(
    dossier: Annotated[str, typer.Argument(help="Mã hồ sơ / code of the dossier")],
    out: Annotated[
        Path, typer.Option(help="Thư mục hoặc tệp để ghi / folder or file to write")
    ] = Path(),
    agency: Annotated[
        str | None, typer.Option(help="Mã cơ quan, khi có nhiều / which agency, of several")
    ] = None,
    database: Database = None,
) -> None:
    """Đóng gói hồ sơ đã kết thúc để lưu trữ. / Export a finished dossier as one package."""
    settings = settings_with(database_url=database)
    store = Store(settings.database_url)
    try:
        office = Office(store, SystemClock(), unguessable_ids(), documents=documents_of(settings))
        actor = _archivist(agency_of(store, agency))
        with told_to_people():
            with store.read() as connection:
                dossier_id = dossier_of_code(connection, actor, dossier)
            package = export(office, actor, dossier_id)
            file = out / package.file_name if out.is_dir() else out
            _write(file, package.chunks)
    finally:
        store.close()
    typer.echo(f"Đã ghi / written: {file}")


def verify_package(
    file: Annotated[Path, typer.Argument(help="Gói lưu trữ / the package")],
    roots: Annotated[
        Path | None,
        typer.Option(help="Tệp mã gốc đã công bố / a published file of roots"),
    ] = None,
    json: Annotated[
        bool, typer.Option("--json", help="Một đối tượng JSON / one JSON object")
    ] = False,
) -> None:
    """Kiểm tra một gói lưu trữ, không cần cơ sở dữ liệu. / Verify a package without a database."""
    published = None
    if roots is not None:
        try:
            published = orjson.loads(roots.read_bytes())
        except (OSError, orjson.JSONDecodeError) as error:
            typer.echo(f"{roots}: {error}", err=True)
            raise typer.Exit(REFUSED) from error
    holds, wrong = verify(file, published)
    if json:
        told = {"file": str(file), "holds": not wrong, "checked": holds, "wrong": wrong}
        typer.echo(orjson.dumps(told).decode())
    else:
        for line in holds:
            typer.echo(f"đúng / ok: {line}")
        for line in wrong:
            typer.echo(f"SAI / WRONG: {line}")
        said = "Gói không đúng / the package does NOT hold" if wrong else "Gói đúng / it holds"
        typer.echo(said)
    if wrong:
        raise typer.Exit(BROKEN)


def _archivist(agency_id: str) -> Actor:
    """Whoever runs commands on the server: reads as a head does, logged as the system."""
    system = system_actor(agency_id)
    return Actor(system.account_id, agency_id, system.name, frozenset({Role.HEAD}))


def _write(file: Path, chunks: Iterator[bytes]) -> None:
    """The whole package or none of it."""
    part = file.with_name(file.name + ".part")
    try:
        with part.open("wb") as stream:
            for chunk in chunks:
                stream.write(chunk)
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
