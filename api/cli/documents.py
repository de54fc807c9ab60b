"""`quytrinh documents`: whether every document is there and whole, and what nobody refers to."""

from typing import Annotated

import orjson
import typer

from api.cli.options import Database, settings_with
from api.cli.refusal import told_to_people
from api.document_place import documents_of
from engine.clock import SystemClock
from engine.documents.inspection import Inspected, inspect_documents, remove_unknown
from engine.ids import unguessable_ids
from engine.office import Office
from engine.store.database import Database as Store

FAULTY = 1
_SAID = {
    "missing": "mất / missing",
    "damaged": "hỏng / damaged",
    "unknown": "không ai biết / unknown",
}


def documents(
    database: Database = None,
    remove: Annotated[
        bool,
        typer.Option(
            "--remove-unknown",
            help="Xóa hẳn nội dung không hồ sơ nào biết / delete contents that no dossier knows",
        ),
    ] = False,
    json: Annotated[
        bool, typer.Option("--json", help="Mỗi lỗi một dòng JSON / one JSON line a fault")
    ] = False,
) -> None:
    """Đọc lại và đối chiếu mã băm mọi tài liệu. / Read and hash every document again."""
    settings = settings_with(database_url=database)
    place = documents_of(settings)
    office = Office(Store(settings.database_url), SystemClock(), unguessable_ids(), documents=place)
    count, faults, removed = 0, 0, 0
    try:
        with told_to_people():
            for each in inspect_documents(office):
                count += 1
                if each.fault is None:
                    continue
                typer.echo(_line(each, json=json))
                gone = remove and each.fault == "unknown" and remove_unknown(office, each)
                removed += gone
                faults += not gone
    finally:
        office.database.close()
    if not json:
        typer.echo(
            f"{count} nội dung / contents, {faults} lỗi / faults, {removed} đã xóa / deleted"
        )
    if faults:
        raise typer.Exit(FAULTY)


def _line(each: Inspected, *, json: bool) -> str:
    if json:
        told = {
            "agency_id": each.agency_id,
            "sha256": each.kept.sha256,
            "size": each.kept.size,
            "fault": each.fault,
        }
        return orjson.dumps(told).decode()
    return f"{each.agency_id} {each.kept.sha256}: {_SAID[each.fault or 'missing']}"
