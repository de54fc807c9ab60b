"""Scenarios kept with a version: what a designer promises of it, played before it is published."""

from engine.rehearsal.room import RunDone, Wanted, rehearse, stated_scenarios
from processes.errors import Unmet


class ScenarioFails(Unmet):
    """A scenario of the draft goes another way than it says."""

    code = "procedure.scenario_fails"
    vi = "Chưa thể ban hành: kịch bản “{scenario}” không đạt. {reason_vi}"
    en = "Cannot be published: the scenario '{scenario}' fails. {reason_en}"


def require_scenarios(diagram: bytes, scenarios: bytes | None, *, trusted: bool = False) -> None:
    """Refuse a draft whose scenarios do not all go as they say; trusted: as `rehearse` takes it.

    Errors: ScenarioFails; InvalidInput where they take too long.
    """
    if scenarios is None:
        return
    done = rehearse(diagram, Wanted(scenarios=stated_scenarios(scenarios)), trusted=trusted)
    failed = next((run for run in done.runs if not run.well), None)
    if failed is not None:
        vi, en = reasons(failed)
        raise ScenarioFails(scenario=failed.told.get("scenario", "–"), reason_vi=vi, reason_en=en)


def reasons(run: RunDone) -> tuple[str, str]:
    """Why a run did not go as it should: in Vietnamese and in English."""
    error = str(run.told["error"] or run.told["outcome"])
    vi, _, en = error.partition(" / ")
    return (vi, en) if en and " / " not in en else (error, error)
