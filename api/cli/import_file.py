"""`quytrinh import FILE... --out DIR`: foreign diagrams and one-stop workflows as BPMN of ours.

A workflow of one-stop software (`…_workflow.xml`) is converted; its form (`…_form_struct.xml`) is
used where it lies beside it or in the folder `forms` next to its own. A BPMN file is checked and
copied as it is: nothing of it is changed without its designer.
"""

from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Annotated, Any

import orjson
import typer

from api.cli.check import NOT_PUBLISHABLE, judge, read_bounded, said
from processes.check import Checked, Outcome
from processes.check import check as check_file
from processes.errors import InvalidInput
from processes.finding import Finding, Severity
from processes.legacy import import_legacy

_WORKFLOW, _FORM = "_workflow", "_form_struct"
_NOT_BPMN = "document.not_bpmn"


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file: written to `out` if it could be read, `repairs` made on the way."""

    file: Path
    out: Path | None
    checked: Checked
    repairs: tuple[Finding, ...]
    seconds: float

    def to_data(self) -> dict[str, Any]:
        return {
            "file": str(self.file),
            "out": None if self.out is None else str(self.out),
            **self.checked.to_data(),
            "repairs": [_finding(repair) for repair in self.repairs],
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
        imported = import_one(file, out, taken)
        all_publishable &= imported.checked.outcome is Outcome.PUBLISHABLE
        if json:
            typer.echo(orjson.dumps(imported.to_data()).decode())
        else:
            _print(imported)
    if not all_publishable:
        raise typer.Exit(NOT_PUBLISHABLE)


def import_one(file: Path, out: Path, taken: set[str]) -> Imported:
    """Convert or copy one file; `taken` are names already written in this run."""
    begun = perf_counter()
    checked = judge(file)
    data = None if checked.document is None else checked.document.data
    repairs: tuple[Finding, ...] = ()
    if any(finding.rule == _NOT_BPMN for finding in checked.findings):
        try:
            legacy = import_legacy(read_bounded(file), _form_of(file))
        except InvalidInput as refusal:
            checked = Checked((_refused(refusal),))
        else:
            data, repairs = legacy.bpmn, legacy.findings
            checked = check_file(data)
    written = None if data is None else _write(file, data, out, taken)
    return Imported(file, written, checked, repairs, round(perf_counter() - begun, 4))


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


def _refused(refusal: InvalidInput) -> Finding:
    vi, en = refusal.message("vi"), refusal.message("en")
    return Finding(refusal.code, Severity.ERROR, None, vi, en)


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "element": finding.element,
        "vi": finding.vi,
        "en": finding.en,
    }


def _print(imported: Imported) -> None:
    typer.echo(f"{imported.file} -> {imported.out or '–'}")
    for line in said(imported.checked):
        typer.echo(line)
    if imported.repairs:
        typer.echo("  Đã chuyển đổi, cần xem lại / converted, to be looked at:")
    for repair in imported.repairs:
        where = f" [{repair.element}]" if repair.element else ""
        typer.echo(f"   {where} {repair.vi}")
        typer.echo(f"      {repair.en} ({repair.rule})")
