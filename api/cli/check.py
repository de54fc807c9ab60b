"""`quytrinh check FILE...`: may these files be published, and if not, what is to be mended."""

from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import Annotated

import orjson
import typer

from engine.judging import judge as judge_bytes
from processes.check import Checked, Outcome
from processes.document import MAX_BYTES
from processes.finding import Finding, Severity

NOT_PUBLISHABLE = 1
_WORDS = {
    Outcome.PUBLISHABLE: "ban hành được / publishable",
    Outcome.REPAIRABLE: "sửa được tự động / repairable",
    Outcome.REFUSED: "chưa ban hành được / refused",
}
_SIGNS = {Severity.ERROR: "LỖI", Severity.WARNING: "LƯU Ý", Severity.INFO: "tin"}


def check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Tệp BPMN / BPMN files")],
    json: Annotated[
        bool, typer.Option("--json", help="Mỗi tệp một dòng JSON / one JSON line a file")
    ] = False,
) -> None:
    """Kiểm tra tệp BPMN trước khi ban hành. / Check BPMN files before publishing."""
    all_publishable = True
    for file in files:
        begun = perf_counter()
        checked = judge(file)
        seconds = round(perf_counter() - begun, 4)
        all_publishable &= checked.outcome is Outcome.PUBLISHABLE
        if json:
            line = {"file": str(file), **checked.to_data(), "seconds": seconds}
            typer.echo(orjson.dumps(line).decode())
        else:
            typer.echo(f"{file}")
            typer.echo("\n".join(said(checked)))
    if not all_publishable:
        raise typer.Exit(NOT_PUBLISHABLE)


def judge(file: Path) -> Checked:
    """The check of a file; one that cannot be opened is refused like one that cannot be read."""
    try:
        data = read_bounded(file)
    except OSError as error:
        return Checked((unreadable(file, error),))
    return judge_bytes(data, file.name)


def read_bounded(file: Path) -> bytes:
    """The file's bytes, at most one more than a check would take."""
    with file.open("rb") as opened:
        return opened.read(MAX_BYTES + 1)


def unreadable(file: Path, error: OSError) -> Finding:
    """The finding that the file cannot be opened."""
    reason = error.strerror or "?"
    return Finding(
        "file.unreadable",
        Severity.ERROR,
        None,
        f"Không mở được tệp {file.name} ({reason}). Kiểm tra đường dẫn và quyền đọc.",
        f"Cannot open the file {file.name} ({reason}). Check the path and your right to read it.",
    )


def said(checked: Checked) -> Iterator[str]:
    """The answer as lines for a terminal, Vietnamese first."""
    yield f"  {_WORDS[checked.outcome]}"
    for finding in checked.findings:
        where = f" [{finding.element}]" if finding.element else ""
        yield f"  {_SIGNS[finding.severity]}{where} {finding.vi}"
        yield f"      {finding.en} ({finding.rule})"
