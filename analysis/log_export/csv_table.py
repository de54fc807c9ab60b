"""Cases as one CSV table, a row an event; the names of the columns are those of XES."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator

from analysis.event_log.time_stamp import write_instant
from analysis.log_export.cases import LoggedCase, LoggedEvent

COLUMNS = (
    *("case:concept:name", "concept:name", "time:timestamp", "lifecycle:transition"),
    *("concept:instance", "org:resource", "org:group", "qt:element", "qt:attempt", "qt:limit_ws"),
    *("qt:result", "case:agency", "case:procedure", "case:version", "case:case", "case:channel"),
    *("case:received", "case:deadline", "case:enddate_planned", "case:enddate", "case:state"),
    *("case:outcome", "case:result"),
)
_BOM = b"\xef\xbb\xbf"


def csv_chunks(cases: Iterable[LoggedCase], cell: Callable[[str], str] = str) -> Iterator[bytes]:
    """The table in pieces, one a case: UTF-8 with its mark, commas, one heading.

    cell: what is done to each text, such as keeping spreadsheets from taking it for a formula.
    """
    yield _BOM + _lines([COLUMNS])
    for case in cases:
        whole = _of_case(case)
        rows = ((case.code, *_of_event(event), *whole) for event in case.events)
        yield _lines(tuple(cell(value) for value in row) for row in rows)


def _of_event(event: LoggedEvent) -> tuple[str, ...]:
    return (
        event.activity,
        write_instant(event.at_us),
        event.transition,
        str(event.run),
        event.person or "",
        event.unit or "",
        event.element_id,
        str(event.attempt),
        "" if event.limit_ws is None else str(event.limit_ws),
        (event.result or "") if event.transition == "complete" else "",
    )


def _of_case(case: LoggedCase) -> tuple[str, ...]:
    times = (case.received_us, case.due_us, case.original_due_us, case.ended_us)
    return (
        case.agency_id,
        case.procedure_code,
        case.version_id or "",
        case.case_code or "",
        case.channel or "",
        *("" if us is None else write_instant(us) for us in times),
        case.state,
        case.outcome or "",
        case.result or "",
    )


def _lines(rows: Iterable[tuple[str, ...]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()
