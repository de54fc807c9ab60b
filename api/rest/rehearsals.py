"""Rehearsals: a file or a stored version run dry, and the scenarios kept with a version."""

import json
from collections.abc import Mapping
from time import perf_counter
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field, TypeAdapter, ValidationError
from starlette.concurrency import run_in_threadpool

from api.identity import Officer, TheOffice, current_actor
from api.rest.answer import Answer
from api.rest.bodies import Body, IfMatch, Key
from api.rest.procedure_answer import RepairAnswer
from api.rest.uploads import (
    Upload,
    Uploaded,
    file_body,
    form_texts,
    read_uploads,
    upload_body,
)
from api.rest.versions import TheJudgements, VersionAnswer, told
from engine import draft_changes
from engine.procedure_version import stored
from engine.rehearsal.room import MOST_RANDOM, Rehearsed, Wanted, rehearse, stated_scenarios
from engine.rehearsal.scenario_file import MAX_BYTES
from processes.errors import InvalidInput, NotFound

router = APIRouter(tags=["procedures"])

_YAML = ("application/yaml", "application/json", "text/yaml", "text/plain")
_TEXT = {"type": "string", "maxLength": MAX_BYTES}


class UnreadableOptions(InvalidInput):
    """An option of a rehearsal cannot be used."""

    code = "rehearsal.unreadable_option"
    vi = "Tuỳ chọn “{option}” của lượt diễn thử không dùng được: {reason}"
    en = "The option '{option}' of the rehearsal cannot be used: {reason}"


class NoScenarios(NotFound):
    """Nothing is kept with the version that could be played."""

    code = "rehearsal.no_scenarios"
    vi = "Phiên bản này chưa có kịch bản nào. Tải lên một tệp kịch bản trước."
    en = "No scenarios are kept with this version. Upload a scenario file first."


class PassedAnswer(Answer):
    """A completed activity or event."""

    id: str
    name: str
    kind: str


class RunAnswer(Answer):
    """One run, as `quytrinh rehearse --json` prints it.

    as_expected: whether it ended as the scenario says; without a scenario, whether it completed.
    """

    run: int
    outcome: str = Field(description="completed | stuck | refused | failed")
    trace: list[PassedAnswer]
    data: dict[str, Any]
    error: str | None
    scenario: str | None
    repaired: list[RepairAnswer]
    as_expected: bool


class CoverageAnswer(Answer):
    """What the runs passed together: how many there are, and the ids of those never passed."""

    elements: int
    missed_elements: list[str]
    flows: int
    missed_flows: list[str]


class RehearsalAnswer(Answer):
    """All runs and what they cover; cut: the runs grew too long together, the rest is left out."""

    file: str
    runs: list[RunAnswer]
    coverage: CoverageAnswer
    cut: bool
    seconds: float


class RehearsalBody(Body):
    """What is to be run: a scenario text, the stored scenarios, every path, random runs, or once.

    data: start values; answers: what is entered at an element, of a single run.
    """

    random: Annotated[int, Field(ge=1, le=MOST_RANDOM)] | None = None
    seed: Annotated[int, Field(ge=0, le=2**53)] = 1
    every_path: bool = False
    stored_scenarios: bool = False
    data: dict[str, Any] = Field(default_factory=dict)
    answers: dict[str, Any] = Field(default_factory=dict)
    scenario: Annotated[str, Field(max_length=MAX_BYTES)] | None = None


_BODY = TypeAdapter(RehearsalBody)
_OPTIONS = ("random", "seed", "every_path", "data", "answers", "scenario")


async def read_options(
    request: Request,
    random: Annotated[
        int | None, Query(ge=1, le=MOST_RANDOM, description="So many runs, choices at random.")
    ] = None,
    seed: Annotated[int, Query(ge=0, le=2**53, description="The same seed, the same runs.")] = 1,
    every_path: Annotated[bool, Query(description="Every way once.")] = False,
    data: Annotated[str, Query(max_length=20_000, description="Start values, JSON.")] = "{}",
    answers: Annotated[str, Query(max_length=20_000, description="By element, JSON.")] = "{}",
    scenario: Annotated[str | None, Query(max_length=20_000, description="YAML or JSON.")] = None,
) -> Wanted:
    """The options of the query; those of the form stand above them."""
    stated: dict[str, Any] = {
        "random": random,
        "seed": seed,
        "every_path": every_path,
        "data": data,
    }
    stated |= {"answers": answers, "scenario": scenario}
    stated |= {k: v for k, v in (await form_texts(request)).items() if k in _OPTIONS}
    for name in ("data", "answers"):
        stated[name] = _object(name, str(stated[name]))
    try:
        wanted = _BODY.validate_python(stated, strict=False)
    except ValidationError as wrong:
        first = wrong.errors()[0]
        option = str(first["loc"][0]) if first["loc"] else "–"
        raise UnreadableOptions(option=option, reason=first["msg"]) from None
    return await run_in_threadpool(_wanted, wanted, None)


def _object(name: str, text: str) -> Mapping[str, Any]:
    try:
        read = json.loads(text)
    except (ValueError, RecursionError):
        read = None
    if not isinstance(read, dict):
        raise UnreadableOptions(option=name, reason="JSON {…}")
    return read


def _wanted(body: RehearsalBody, stored: bytes | None) -> Wanted:
    text = None if body.scenario is None else body.scenario.encode()
    if body.stored_scenarios:
        if stored is None:
            raise NoScenarios
        text = stored
    return Wanted(
        random=body.random or 0,
        seed=body.seed,
        every_path=body.every_path,
        data=body.data,
        answers=body.answers,
        scenarios=None if text is None else stated_scenarios(text),
    )


@router.post(
    "/rehearse",
    summary="Diễn thử một tệp BPMN / rehearse a BPMN file",
    openapi_extra=upload_body(beside=dict.fromkeys(_OPTIONS, _TEXT)),
    dependencies=[Depends(current_actor)],
)
def post_rehearse(
    uploaded: Uploaded, wanted: Annotated[Wanted, Depends(read_options)]
) -> RehearsalAnswer:
    """Run a file dry: scenarios, every path, at random, or once; nothing is kept."""
    return _rehearsed(uploaded.data, uploaded.file_name, wanted)


@router.post(
    "/procedures/versions/{version_id}/rehearse",
    summary="Diễn thử một phiên bản / rehearse a version",
)
def post_rehearse_version(
    office: TheOffice, actor: Officer, version_id: UUID, body: RehearsalBody
) -> RehearsalAnswer:
    """Run a stored version dry; `stored_scenarios` plays those that are kept with it."""
    record = stored(office, actor, version_id)
    return _rehearsed(record.diagram, record.file_name, _wanted(body, record.scenarios))


def _rehearsed(data: bytes, file_name: str, wanted: Wanted) -> RehearsalAnswer:
    begun = perf_counter()
    done = rehearse(data, wanted)
    seconds = round(perf_counter() - begun, 4)
    return rehearsal_answer(done, file_name, seconds)


def rehearsal_answer(done: Rehearsed, file_name: str, seconds: float) -> RehearsalAnswer:
    """The runs as JSON tells them."""
    always: dict[str, Any] = {"scenario": None, "repaired": []}
    runs = [RunAnswer(**{**always, **run.told}, as_expected=run.well) for run in done.runs]
    coverage = CoverageAnswer(**done.coverage)
    return RehearsalAnswer(
        file=file_name, runs=runs, coverage=coverage, cut=done.cut, seconds=seconds
    )


async def read_scenario_file(request: Request) -> Upload:
    """A scenario file: a form's file, or bare."""
    return (await read_uploads(request, "file", kinds=_YAML))[0]


_SCENARIO_BODY = file_body(
    f"Scenarios in YAML or JSON, at most {MAX_BYTES:,} bytes; empty removes them.",
    bare="application/yaml",
)


@router.put(
    "/procedures/versions/{version_id}/scenarios",
    summary="Lưu kịch bản cùng bản nháp / keep scenarios with a draft",
    openapi_extra={"requestBody": _SCENARIO_BODY},
    response_model=VersionAnswer,
)
def put_scenarios(
    office: TheOffice,
    actor: Officer,
    version_id: UUID,
    uploaded: Annotated[Upload, Depends(read_scenario_file)],
    judgements: TheJudgements,
    seen: IfMatch = None,
    key: Key = None,
) -> Response:
    """Keep a scenario file with a draft; publishing plays it first. An empty one takes it out."""
    data = uploaded.data
    record = draft_changes.keep_scenarios(office, actor, version_id, data, seen=seen, key=key)
    return told(office, actor, record, judgements, key)


@router.get(
    "/procedures/versions/{version_id}/scenarios",
    summary="Kịch bản của phiên bản / scenarios of a version",
    response_class=Response,
    responses={200: {"description": "The file.", "content": {"application/yaml": {}}}},
)
def get_scenarios(office: TheOffice, actor: Officer, version_id: UUID) -> Response:
    """The scenario file, byte for byte; 404 where none is kept."""
    record = stored(office, actor, version_id)
    if record.scenarios is None:
        raise NoScenarios
    headers = {"Content-Disposition": 'attachment; filename="scenarios.yaml"'}
    return Response(record.scenarios, media_type="application/yaml", headers=headers)
