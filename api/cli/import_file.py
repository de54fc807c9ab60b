"""`quytrinh import FILE... --out DIR`: foreign diagrams and one-stop workflows as BPMN of ours.

A workflow of one-stop software (`…_workflow.xml`) is converted; its form (`…_form_struct.xml`) is
used where it lies beside it or in the folder `forms` next to its own. A BPMN file is repaired: the
repaired file is written as NAME.bpmn, the list of repairs as NAME.repairs.json, and the original is
kept beside them, byte for byte, as NAME.bpmn.original. A file without errors that a repair mends is
copied as it is.
"""

from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Annotated, Any

import orjson
import typer

from api.cli.check import NOT_PUBLISHABLE, read_bounded, said, unreadable
from engine.file_import import Imported, import_bytes
from processes.check import Checked, Outcome
from processes.repair import Repair

_WORKFLOW, _FORM = "_workflow", "_form_struct"


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a file: written to `out` if it could be read, as it was kept as `original`."""

    file: Path
    out: Path | None
    original: Path | None
    imported: Imported
    seconds: float

    def to_data(self) -> dict[str, Any]:
        return {
            "file": str(self.file),
            "out": None if self.out is None else str(self.out),
            "original": None if self.original is None else str(self.original),
            **self.imported.to_data(),
            "seconds": self.seconds,
        }


def import_files(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="Tệp BPMN hoặc …_workflow.xml / BPMN or workflow"),
    ],
    out: Annotated[Path, typer.Option(help="Thư mục ghi kết quả / folder to write to")],
    json: Annotated[
        bool, typer.Option("--json", help="Mỗi tệp một dòng JSON / one JSON line a file")
    ] = False,
) -> None:
    """Nhập sơ đồ của phần mềm khác. / Import diagrams and workflows of other software."""
    out.mkdir(parents=True, exist_ok=True)
    taken: set[str] = set()
    all_publishable = True
    for file in files:
        written = import_one(file, out, taken)
        all_publishable &= written.imported.checked.outcome is Outcome.PUBLISHABLE
        if json:
            typer.echo(orjson.dumps(written.to_data()).decode())
        else:
            _print(written)
    if not all_publishable:
        raise typer.Exit(NOT_PUBLISHABLE)


def import_one(file: Path, out: Path, taken: set[str]) -> Written:
    """Convert, repair or copy one file; `taken` are names already written in this run."""
    begun = perf_counter()
    try:
        imported = import_bytes(read_bounded(file), file.name, _form_of(file))
    except OSError as error:
        imported = Imported(None, Checked((unreadable(file, error),)))
    written = None if imported.bpmn is None else _write(file, imported.bpmn, out, taken)
    kept = None
    if written is not None and imported.original is not None:
        kept = _keep(written, imported.original, imported.repairs)
    return Written(file, written, kept, imported, round(perf_counter() - begun, 4))


def _form_of(file: Path) -> bytes | None:
    if _WORKFLOW not in file.stem:
        return None
    name = file.name.replace(_WORKFLOW, _FORM)
    for folder in (file.parent, file.parent.parent / "forms"):
        if (folder / name).is_file():
            return read_bounded(folder / name)
    return None


def _write(file: Path, data: bytes, out: Path, taken: set[str]) -> Path:
    """Two files of one name do not overwrite each other."""
    stem = file.stem.removesuffix(_WORKFLOW)
    name, number = f"{stem}.bpmn", 2
    while name in taken:
        name, number = f"{stem}-{number}.bpmn", number + 1
    taken.add(name)
    (out / name).write_bytes(data)
    return out / name


def _keep(written: Path, original: bytes, repairs: tuple[Repair, ...]) -> Path:
    """The file as it was and the list of what was changed, beside the repaired file."""
    kept = written.with_name(f"{written.name}.original")
    kept.write_bytes(original)
    made = [repair.to_data() for repair in repairs]
    listed = orjson.dumps(made, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    written.with_name(f"{written.stem}.repairs.json").write_bytes(listed)
    return kept


def _print(written: Written) -> None:
    imported = written.imported
    typer.echo(f"{written.file} -> {written.out or '–'}")
    for line in said(imported.checked):
        typer.echo(line)
    if imported.converted:
        typer.echo("  Đã chuyển đổi, cần xem lại / converted, to be looked at:")
    for finding in imported.converted or ():
        where = f" [{finding.element}]" if finding.element else ""
        typer.echo(f"   {where} {finding.vi}")
        typer.echo(f"      {finding.en} ({finding.rule})")
    if imported.repairs:
        typer.echo(f"  Đã sửa, cần xem lại / repaired, to be looked at ({written.original}):")
    for repair in imported.repairs:
        where = f" [{repair.element}]" if repair.element else ""
        typer.echo(f"   {where} {repair.vi}")
        typer.echo(f"      {repair.en}")
        typer.echo(f"      {repair.before}  =>  {repair.after} ({repair.kind})")
