"""The supplements asked for behind a number: one row each, though they are of one dossier."""

from collections.abc import Sequence

from analysis.behind import Selection
from analysis.counted.of_dossiers import narrowed
from analysis.counted.question import Question
from analysis.queues.data_quality import Request

_NONE = -1  # instead of a moment


def these_requests(question: Question, found: Sequence[Request]) -> Selection:
    """Requests that were worked out; as a run of a step, each began and ended and has a number."""
    condition, values = narrowed(question)
    sql = f"""
        select d.dossier_id, d.code, d.procedure_code, coalesce(d.receiving_unit, '') as unit,
            d.received_us, d.original_due_us as due_us, d.finished_us,
            coalesce(d.late_ws, 0) as late_ws, '' as arrival, '' as standing,
            cast(md5(concat(cast(d.dossier_id as varchar), '_', these.number)) as uuid)
                as step_run_id,
            '' as step, these.number as attempt, these.since_us as enabled_us,
            nullif(these.until_us, {_NONE}) as ended_us, cast(null as bigint) as spent_ws
        from dossier_fact d join (
            select cast(unnest($ids) as uuid) as dossier_id,
                cast(unnest($numbers) as integer) as number,
                cast(unnest($since) as bigint) as since_us,
                cast(unnest($until) as bigint) as until_us
        ) these on these.dossier_id = d.dossier_id where {condition}
    """  # noqa: S608  # ours
    told = {
        "ids": [each.dossier_id for each in found],
        "numbers": [each.number for each in found],
        "since": [each.since_us for each in found],
        "until": [_NONE if each.until_us is None else each.until_us for each in found],
    }
    return Selection(sql, values | told, runs=True)
