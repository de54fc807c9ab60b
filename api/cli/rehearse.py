"""`quytrinh rehearse`: run a diagram dry and print what it passed."""

import json as jsonlib
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import orjson
import typer

from api.cli.refusal import REFUSED, told_to_people
from engine.calendar_vn import vietnam
from engine.rehearsal import COMPLETED, Rehearsal, Run, Script
from processes.errors import InvalidInput

_START = datetime(2026, 3, 2, 8, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))  # a Monday in office hours
_LARGEST = 4_000_000


class UnreadableInput(InvalidInput):
    """A file or a JSON text of the command line cannot be read."""

    code = "rehearse.unreadable"
    vi = "Không đọc được {what}: {reason}"
    en = "Cannot read {what}: {reason}"


def rehearse(
    file: Annotated[Path, typer.Argument(help="Tệp BPMN / BPMN file")],
    scenario: Annotated[
        Path | None, typer.Option(help="Kịch bản JSON cạnh sơ đồ / scenarios (JSON)")
    ] = None,
    runs: Annotated[
        int | None,
        typer.Option("--random", min=1, max=100_000, help="Số lượt ngẫu nhiên / random runs"),
    ] = None,
    seed: Annotated[int, typer.Option(help="Số gieo / seed")] = 1,
    data: Annotated[str, typer.Option(help="Dữ liệu đầu, JSON / start data")] = "{}",
    answers: Annotated[str, typer.Option(help="Trả lời theo bước, JSON / answers")] = "{}",
    json: Annotated[
        bool, typer.Option("--json", help="Mỗi lượt một dòng JSON / one JSON line a run")
    ] = False,
) -> None:
    """Chạy thử quy trình, không lưu gì. / Run a procedure dry; exit 0 if every run completes."""
    with told_to_people():
        rehearsal = Rehearsal(_bytes(file), vietnam(2026, 2030), _START)
        start = _object(data, "--data")
        if scenario is not None:
            done = list(_scenarios(rehearsal, scenario))
        elif runs is not None:
            done = list(rehearsal.random_runs(runs, seed, start))
        else:
            done = [rehearsal.run(Script(start, _object(answers, "--answers")))]
    for run in done:
        typer.echo(
            orjson.dumps(run.to_data(str(file)), default=str).decode() if json else _told(run)
        )
    if not json:
        typer.echo(_coverage(rehearsal, done))
    if any(run.outcome != COMPLETED for run in done):
        raise typer.Exit(REFUSED - 1)


def _scenarios(rehearsal: Rehearsal, path: Path) -> Iterable[Run]:
    """Each scenario of the file, with the answers it states."""
    stated = _object(_bytes(path).decode("utf-8", "replace"), str(path))
    for number, each in enumerate(stated.get("scenarios", []), start=1):
        answers: dict[str, list[Any]] = {}
        for step in each["steps"]:
            answers.setdefault(step["element"], []).append(step["data"])
        yield rehearsal.run(Script(each["reception"], answers), number)


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_LARGEST)
    except OSError as error:
        raise UnreadableInput(what=path, reason=error.strerror) from error


def _object(text: str, what: str) -> dict[str, Any]:
    try:
        read = jsonlib.loads(text)
    except ValueError as error:
        raise UnreadableInput(what=what, reason=error) from error
    if not isinstance(read, dict):
        raise UnreadableInput(what=what, reason="{...}")
    return read


def _told(run: Run) -> str:
    way = " → ".join(passed.name or passed.id for passed in run.trace)
    said = f"#{run.number} {run.outcome}: {way}"
    return f"{said}\n   {run.error}" if run.error else said


def _coverage(rehearsal: Rehearsal, runs: list[Run]) -> str:
    passed = {each.id for run in runs for each in run.trace}
    missed = sorted(rehearsal.elements - passed)
    told = f"{len(passed)}/{len(rehearsal.elements)} phần tử đã qua / elements passed"
    return told + (f"; chưa qua / not passed: {', '.join(missed)}" if missed else "")
