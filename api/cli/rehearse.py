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
from engine.rehearsal import COMPLETED, Rehearsal, Run, Script, load, read_scenarios
from engine.working_calendar.viet_nam import vietnam
from processes.errors import InvalidInput

_START = datetime(2026, 3, 2, 8, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))  # a Monday in office hours
_LARGEST = 4_000_000
_SHOWN = 50


class UnreadableInput(InvalidInput):
    """A file or a JSON text of the command line cannot be read."""

    code = "rehearse.unreadable"
    vi = "Không đọc được {what}: {reason}"
    en = "Cannot read {what}: {reason}"


def rehearse(
    file: Annotated[Path, typer.Argument(help="Tệp BPMN / BPMN file")],
    scenario: Annotated[
        Path | None, typer.Option(help="Kịch bản YAML hoặc JSON / scenarios (YAML or JSON)")
    ] = None,
    runs: Annotated[
        int | None,
        typer.Option("--random", min=1, max=100_000, help="Số lượt ngẫu nhiên / random runs"),
    ] = None,
    every_path: Annotated[
        bool, typer.Option("--every-path", help="Đi mọi nhánh một lần / take every way once")
    ] = False,
    seed: Annotated[int, typer.Option(help="Số gieo / seed")] = 1,
    data: Annotated[str, typer.Option(help="Dữ liệu đầu, JSON / start data")] = "{}",
    answers: Annotated[str, typer.Option(help="Trả lời theo bước, JSON / answers")] = "{}",
    json: Annotated[
        bool, typer.Option("--json", help="Mỗi lượt một dòng JSON / one JSON line a run")
    ] = False,
) -> None:
    """Chạy thử quy trình, không lưu gì. / Run a procedure dry; exit 0 if every run completes.

    A scenario that expects another outcome than "completed" and gets it is as good as completed.
    """
    with told_to_people():
        start = _object(data, "--data")
        given = _object(answers, "--answers")
        scenarios = () if scenario is None else read_scenarios(load(_bytes(scenario)))
        rehearsal = Rehearsal(_bytes(file), vietnam(2026, 2030), _START)
        if scenarios:
            done: Iterable[Run] = rehearsal.play(scenarios)
        elif every_path:
            done = rehearsal.every_path(seed, start)
        elif runs is not None:
            done = rehearsal.random_runs(runs, seed, start)
        else:
            done = [rehearsal.run(Script(start, given))]
        played = [_print(run, str(file), json) for run in done]
    if not json:
        typer.echo(_coverage(rehearsal, played))
    wanted = [each.expected.outcome for each in scenarios] or [COMPLETED] * len(played)
    if [run.outcome for run in played] != wanted:
        raise typer.Exit(REFUSED - 1)


def _print(run: Run, file: str, json: bool) -> Run:
    typer.echo(orjson.dumps(run.to_data(file), default=str).decode() if json else _told(run))
    return run


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_LARGEST)
    except OSError as error:
        raise UnreadableInput(what=path, reason=error.strerror) from error


def _object(text: str, what: str) -> dict[str, Any]:
    try:
        read = jsonlib.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableInput(what=what, reason=error) from error
    if not isinstance(read, dict):
        raise UnreadableInput(what=what, reason="{...}")
    return read


def _told(run: Run) -> str:
    way = " → ".join(passed.name or passed.id for passed in run.trace)
    said = f"#{run.number} {run.outcome}{f' ({run.name})' if run.name else ''}: {way}"
    repairs = [f"   đã sửa tạm / repaired: {repair.vi} / {repair.en}" for repair in run.repaired]
    return "\n".join([said, *([f"   {run.error}"] if run.error else []), *repairs])


def _coverage(rehearsal: Rehearsal, runs: list[Run]) -> str:
    found = rehearsal.coverage(runs)
    return "\n".join(
        (
            _passed("phần tử / elements", found.elements, found.missed_elements),
            _passed("luồng / flows", found.flows, found.missed_flows),
        )
    )


def _passed(what: str, number: int, missed: tuple[str, ...]) -> str:
    told = f"{number - len(missed)}/{number} {what} đã qua / passed"
    shown = ", ".join(missed[:_SHOWN]) + (", …" if len(missed) > _SHOWN else "")
    return told + (f"; chưa qua / not passed: {shown}" if missed else "")
