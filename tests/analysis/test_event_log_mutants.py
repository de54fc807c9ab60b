"""Damaged and odd copies of logs: each is read, or refused in both languages; no time is negative.

And published logs are counted once more by readers as simple as can be.
"""

import csv
import gzip
import io
import xml.etree.ElementTree as ET
from collections import Counter
from datetime import datetime

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.event_log.findings import Tally
from analysis.event_log.invalid_log import InvalidLog
from analysis.event_log.log import Event, Trace
from analysis.event_log.reading import read_log, read_log_stream
from analysis.event_log.step_runs import step_runs
from analysis.log_measures import measure_log
from tests.analysis.test_event_log_foreign import OLD_JSON, OLD_XML
from tests.analysis.test_event_log_ocel import DOCUMENT
from tests.analysis.test_event_log_ocel_xml import document
from tests.analysis.test_event_log_xes import event, trace, xes

WORDS = ("assign", "START", "suspend", "resume", "complete", "withdraw", "ate_abort", "queued")
STAMPS = [f"2025-07-{day:02d}T08:00:00+07:00" for day in range(1, 9)]
LINES = [
    f"{n % 3},bước {n % 4},{STAMPS[n % 8]},{WORDS[n % len(WORDS)]},{n % 2 or ''},01/0{n % 9 + 1}/2025"
    for n in range(40)
]
CSV = "Mã hồ sơ;Bước;timestamp;lifecycle;instance;deadline\n" + "\n".join(LINES).replace(",", ";")
XES = xes(
    *(
        trace(
            n,
            *(
                event(f"b{m % 3}", STAMPS[m], lifecycle__transition=word)
                for m, word in enumerate(WORDS)
            ),
        )
        for n in range(3)
    )
)
SEEDS = [
    CSV.encode(), CSV.encode("utf-16"), XES, gzip.compress(XES), orjson.dumps(DOCUMENT), document(),
    orjson.dumps(OLD_JSON), OLD_XML.encode(),
]  # fmt: skip
BITS = [
    b"", b'"', b"<", b"&", b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\n", b"\r", b";", b",", b"null", b"{}",
    b"[]", b"1e999", b"9999-12-31T23:59:59-14:00", b"start", b"resume", b"<trace>", b"</event>", b"\xc3",
    b"{0}", b"}", b"xmlns=", b"0",
]  # fmt: skip


@st.composite
def mutants(draw):
    found = draw(st.sampled_from(SEEDS))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(found)))
        upto = draw(st.integers(at, min(len(found), at + 200)))
        bit = draw(st.sampled_from([*BITS, found[at:upto] * 2]))
        found = found[:at] + bit + found[upto:]
    return found[: draw(st.one_of(st.none(), st.integers(0, len(found))))]


@given(mutants())
def test_a_damaged_log_is_read_or_refused_in_both_languages(content):
    try:
        measures = measure_log(read_log_stream(io.BytesIO(content), "log"))
    except InvalidLog as error:
        refused = error
    else:
        refused = None
    if refused is not None:
        assert refused.message("vi")
        assert refused.message("en")
        return
    spreads = [
        spread
        for step in measures.steps
        for spread in (step.since_previous, step.waiting, step.handling, step.sojourn, step.paused)
        if spread is not None
    ]
    assert all(spread.sum >= 0 for spread in spreads)
    assert orjson.dumps(measures.to_data())


@pytest.mark.parametrize(
    "words",
    [("start",), ("schedule",), ("start", "suspend"), ("suspend", "resume", "schedule", "start")],
)
def test_a_case_that_begins_a_step_thousands_of_times_is_read_through_once(words):
    """Looking through all open runs at every event, a million of them would take hours."""
    events = tuple(Event("a", at, words[at % len(words)]) for at in range(50_000))
    runs = step_runs(Trace("A", events), Tally())
    begun = sum(event.transition in ("start", "schedule") for event in events)
    assert 0 < len(runs) <= begun
    assert not any(run.completed for run in runs)


def simply_read_xes(content):
    """Case -> (time, activity) of its events, in the order of time."""
    cases = []
    for case in ET.fromstring(content).findall("{*}trace"):
        told = [
            {each.get("key"): each.get("value") for each in one} for one in case.findall("{*}event")
        ]
        events = [(datetime.fromisoformat(e["time:timestamp"]), e["concept:name"]) for e in told]
        cases.append(sorted(events, key=lambda e: e[0]))
    return cases


def simply_read_csv(content):
    cases = {}
    for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig"))):
        at = datetime.fromisoformat(row["time:timestamp"])
        cases.setdefault(row["case:concept:name"], []).append((at, row["concept:name"]))
    return [sorted(events, key=lambda e: e[0]) for events in cases.values()]


@pytest.mark.corpus
@pytest.mark.parametrize(
    "name",
    ["running-example.xes", "roadtraffic100traces.xes", "bpic2013_closed.xes.gz", "helpdesk.xes.gz",
     "receipt.xes.gz", "receipt.csv"],
)  # fmt: skip
def test_published_logs_count_the_same_with_the_simplest_of_readers(corpora, name):
    content = (corpora / "logs" / name).read_bytes()
    content = gzip.decompress(content) if name.endswith(".gz") else content
    plain = simply_read_csv(content) if name.endswith(".csv") else simply_read_xes(content)
    log = read_log(corpora / "logs" / name)
    measures = measure_log(log)
    assert (measures.cases, measures.events) == (len(plain), sum(map(len, plain)))
    assert sorted(len(t.events) for t in log.traces) == sorted(map(len, plain))
    lasted = sum((case[-1][0] - case[0][0]).total_seconds() for case in plain)
    assert measures.case_duration.sum == pytest.approx(lasted, abs=1e-3)
    named = Counter(activity for case in plain for _, activity in case)
    assert {step.activity: step.events for step in measures.steps} == dict(named)
