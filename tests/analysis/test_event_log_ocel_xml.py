"""Object-centric logs as XML are read like those as JSON, and hostile ones are refused in words."""

import gzip
import io
from datetime import UTC
from xml.sax.saxutils import escape, quoteattr

import pytest

from analysis.event_log.bounded_text import BoundedText
from analysis.event_log.invalid_log import (
    LogBroken,
    LogDoctype,
    LogObjectTypeUnknown,
    LogTooLarge,
    LogWithoutEvents,
)
from analysis.event_log.limits import LogLimits
from analysis.event_log.ocel_xml import _Reading, read_ocel_xml
from analysis.event_log.reading import read_log_stream
from analysis.event_log.xml_log import finished_elements
from tests.analysis.test_event_log_ocel import DOCUMENT
from tests.analysis.test_event_log_ocel import read as read_json

TYPES = (
    '<object-types><object-type name="order"><attributes><attribute name="due_at" type="time"/>'
    '</attributes></object-type><object-type name="item"/></object-types><event-types/>'
)


def xml_object(each):
    attributes = "".join(
        f"<attribute name={quoteattr(a['name'])} time={quoteattr(a['time'])}>{escape(a['value'])}"
        "</attribute>"
        for a in each.get("attributes", ())
    )
    named = f"id={quoteattr(each['id'])} type={quoteattr(each['type'])}"
    return f"<object {named}><attributes>{attributes}</attributes></object>"


def xml_event(each):
    attributes = "".join(
        f"<attribute name={quoteattr(a['name'])}>{escape(a['value'])}</attribute>"
        for a in each["attributes"]
    )
    related = "".join(
        f"<relationship object-id={quoteattr(r['objectId'])} qualifier='of'/>"
        for r in each["relationships"]
    )
    named = " ".join(f"{name}={quoteattr(each[name])}" for name in ("id", "type", "time"))
    return (
        f"<event {named}><attributes>{attributes}</attributes><objects>{related}</objects></event>"
    )


OBJECTS = "".join(map(xml_object, DOCUMENT["objects"]))
EVENTS = "".join(map(xml_event, DOCUMENT["events"]))


def document(objects=OBJECTS, events=EVENTS, head="", space=""):
    return (
        f"<?xml version='1.0' encoding='UTF-8'?>{head}<log{space}>{TYPES}"
        f"<objects>{objects}</objects><events>{events}</events></log>"
    ).encode()


def read(content, **how):
    return read_log_stream(io.BytesIO(content), "log.xml", **how)


@pytest.mark.parametrize("object_type", [None, "order", "item"])
def test_the_same_log_as_xml_and_as_json_is_the_same(object_type):
    log = read(document(), object_type=object_type)
    assert log.format == "ocel"
    assert log.traces == read_json(DOCUMENT, object_type=object_type).traces


def test_objects_may_stand_behind_the_events_that_name_them():
    behind = f"<log><events>{EVENTS}</events><objects>{OBJECTS}</objects></log>".encode()
    assert read(behind).traces == read(document()).traces


@pytest.mark.parametrize("space", ["", ' xmlns="http://www.ocel-standard.org/2.0/"'])
def test_a_namespace_and_a_packed_file_make_no_difference(space):
    assert read(gzip.compress(document(space=space))).traces == read(document()).traces


def test_objects_of_an_event_are_no_objects_of_the_log():
    nested = xml_event(DOCUMENT["events"][0]).replace(
        "<relationship", "<object id='o9' type='t'/><relationship", 1
    )
    assert [trace.case_id for trace in read(document(events=nested)).traces] == ["o1"]


def test_an_unknown_type_of_objects_is_named_with_those_there_are():
    with pytest.raises(LogObjectTypeUnknown, match="item, order"):
        read(document(), object_type="invoice")


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize(
    "doctype",
    [
        "<!DOCTYPE log>",
        '<!DOCTYPE log [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        f'<!DOCTYPE log [<!ENTITY l0 "ha">{LAUGHS}]>',
    ],
)
def test_a_document_type_is_refused_before_anything_is_read(doctype):
    with pytest.raises(LogDoctype):
        read(document(events=EVENTS.replace("Lan", "&amp;"), head=doctype))


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (document()[:-30], LogBroken),
        (document(objects="<object id='o1'/>"), LogBroken),
        (document(events="<event id='e1' time='2025-07-01'/>"), LogBroken),
        (document(events=EVENTS.replace("Lan", "&nobody;")), LogBroken),
        (document(objects=""), LogWithoutEvents),
        (document(events=""), LogWithoutEvents),
        (b"<log><events/></log>", LogWithoutEvents),
        (b"<log><other/></log>", LogWithoutEvents),
    ],
)
def test_what_is_no_log_is_refused_in_words(content, error):
    with pytest.raises(error) as refused:
        read(content)
    assert type(refused.value) is error
    assert "log.xml" in refused.value.message("vi")


MANY = "".join(f"<object id='o{n}' type='order'><attributes/></object>" for n in range(2, 60))
RELATED = "<event id='e' type='A' time='2025-07-01T08:00:00Z'><objects>" + "".join(
    "<relationship object-id='o1' qualifier=''/>" for _ in range(40)
) + "</objects></event>"  # fmt: skip


@pytest.mark.parametrize(
    ("limits", "content"),
    [
        (LogLimits(events=3), document()),
        (LogLimits(events=50), document(objects=OBJECTS + MANY)),
        (LogLimits(events=50), document(events=RELATED * 2)),
        (LogLimits(attributes=30), document(events=RELATED)),
        (LogLimits(name_length=20), document(events=EVENTS.replace("Pack", "x" * 21))),
        (LogLimits(total_bytes=1000), document()),
        (LogLimits(item_bytes=1 << 17), document(objects="<thing/>" * 50_000)),
    ],
)
def test_each_bound_stops_a_log_that_passes_it(limits, content):
    with pytest.raises(LogTooLarge):
        read(content, limits=limits)


def test_the_bound_of_an_item_does_not_bound_the_log():
    log = read(document(events=EVENTS * 800), limits=LogLimits(item_bytes=1 << 17))
    assert sum(len(trace.events) for trace in log.traces) == 3 * 800


def test_what_was_read_is_freed_at_once():
    text = BoundedText(io.BytesIO(document(events=EVENTS * 20)), "x", LogLimits())
    reading = _Reading(text)
    for _, element in finished_elements(text, "object", "event"):
        reading.finish(element)
        assert (len(element), element.getprevious()) == (0, None)
    whole = BoundedText(io.BytesIO(document()), "x", LogLimits())
    assert len(reading.events) == 20 * len(read_ocel_xml(whole, UTC).traces[0].events) + 20
