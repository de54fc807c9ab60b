"""Whatever is uploaded is read with certainty or refused with a sentence that says what to do."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processes.document import (
    MAX_ATTRIBUTES,
    MAX_BYTES,
    MAX_DEPTH,
    MAX_ELEMENTS,
    MAX_FLOW_NODES,
    MAX_ID_CHARS,
    MAX_NAMESPACES,
    MAX_SEQUENCE_FLOWS,
    parse,
)
from processes.errors import InvalidInput

BPMN = 'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
OPEN = f'<definitions {BPMN} id="D">'
PLAIN = f'{OPEN}<process id="P" name="Cấp giấy"/></definitions>'


def declared(encoding: str, text: str = PLAIN) -> str:
    return f'<?xml version="1.0" encoding="{encoding}"?>{text}'


def around(body: str) -> bytes:
    return f"{OPEN}{body}</definitions>".encode()


READ = {
    "UTF-8 without a declaration": PLAIN.encode(),
    "UTF-8 declared": declared("UTF-8").encode(),
    "UTF-8 with a byte order mark": declared("utf-8").encode("utf-8-sig"),
    "UTF-16, little end first": declared("UTF-16").encode("utf-16-le").join([b"\xff\xfe", b""]),
    "UTF-16, big end first": declared("UTF-16").encode("utf-16-be").join([b"\xfe\xff", b""]),
    "a comment before the root": f"<!-- DOCTYPE --><?note?>\n{PLAIN}".encode(),
    "blank lines before the declaration": b"\r\n  " + declared("UTF-8").encode(),
    "DOCTYPE in a text": around('<process id="P" name="Cấp giấy">&lt;!DOCTYPE&gt;</process>'),
    "DOCTYPE in CDATA": around(
        '<process id="P" name="Cấp giấy"><documentation><![CDATA[<!DOCTYPE x>]]></documentation></process>'
    ),
}


@pytest.mark.parametrize("data", READ.values(), ids=READ.keys())
def test_reads_what_drawing_tools_write(data):
    root = parse(data).root
    assert root[0].get("name") == "Cấp giấy"


def test_reads_western_files_with_their_own_letters():
    document = parse(declared("ISO-8859-1", PLAIN.replace("Cấp giấy", "Müller")).encode("latin-1"))
    assert document.root[0].get("name") == "Müller"
    assert document.encoding == "iso-8859-1"


REFUSED = {
    "nothing": (b"", "document.empty"),
    "blanks": (b" \r\n\t", "document.empty"),
    "20 MB": (b"<" * 20_000_000, "document.too_large"),
    "one byte too many": (around(" " * (MAX_BYTES - len(around("")) + 1)), "document.too_large"),
    "words": (b"Quy trinh", "document.not_xml"),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00", "document.not_xml"),
    "a PDF": (b"%PDF-1.7\n\xe2\xe3\xcf\xd3", "document.not_xml"),
    "an archive": (b"PK\x03\x04\x14\x00", "document.not_xml"),
    "cut off": (OPEN.encode(), "document.not_xml"),
    "two roots": ((PLAIN + PLAIN).encode(), "document.not_xml"),
    "a zero byte": (around("\0"), "document.not_xml"),
    "a zero character": (around("&#0;"), "document.not_xml"),
    "an undeclared entity": (around("&secret;"), "document.not_xml"),
    "an undeclared prefix": (around("<qt:step/>"), "document.not_xml"),
    "a repeated attribute": (around('<a id="1" id="2"/>'), "document.not_xml"),
    "UTF-7": (declared("UTF-7").encode(), "document.encoding"),
    "an invented encoding": (declared("VISCII-9").encode(), "document.encoding"),
    "UTF-16 without a mark": (PLAIN.encode("utf-16-le"), "document.encoding"),
    "broken UTF-8": (OPEN.encode() + b"\xff</definitions>", "document.encoding"),
    "UTF-32": (PLAIN.encode("utf-32"), "document.encoding"),
    "UTF-16 that says UTF-8": (declared("UTF-8").encode("utf-16"), "document.encoding"),
    "UTF-8 mark that says Latin": (declared("ISO-8859-1").encode("utf-8-sig"), "document.encoding"),
    "half a UTF-16 letter": (b"\xff\xfe" + PLAIN.encode("utf-16-le") + b"\0", "document.encoding"),
    "a DOCTYPE": (f"<!DOCTYPE definitions>{PLAIN}".encode(), "document.doctype"),
    "a DOCTYPE in small letters": (f"<!doctype definitions>{PLAIN}".encode(), "document.doctype"),
    "a hidden DOCTYPE": (
        f"<?x?><!--><!-->\n<!-- --><!DOCTYPE x>{PLAIN}".encode(),
        "document.doctype",
    ),
    "a DOCTYPE in UTF-16": (f"<!DOCTYPE x>{PLAIN}".encode("utf-16"), "document.doctype"),
    "an entity bomb": (
        f'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>{OPEN}&b;</definitions>'.encode(),
        "document.doctype",
    ),
    "a foreign file as entity": (
        f'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>{OPEN}&a;</definitions>'.encode(),
        "document.doctype",
    ),
    "a web page": (b"<html/>", "document.not_bpmn"),
    "definitions of something else": (b"<definitions/>", "document.not_bpmn"),
    "a decision table": (
        b'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"/>',
        "document.not_bpmn",
    ),
    "a process on its own": (f'<process {BPMN} id="P"/>'.encode(), "document.not_bpmn"),
    "elements": (around("<a/>" * (MAX_ELEMENTS + 1)), "document.too_complex"),
    "400,000 elements": (around("<a/>" * 400_000), "document.too_complex"),
    "nesting": (around("<a>" * MAX_DEPTH + "</a>" * MAX_DEPTH), "document.too_complex"),
    "endless nesting": (around("<a>" * 100_000), "document.too_complex"),
    "nesting, 300 deep": (around("<a>" * 300 + "</a>" * 300), "document.too_complex"),
    "flow nodes": (around("<task/>" * (MAX_FLOW_NODES + 1)), "document.too_complex"),
    "flows": (around("<sequenceFlow/>" * (MAX_SEQUENCE_FLOWS + 1)), "document.too_complex"),
    "attributes": (
        around("<a " + " ".join(f'a{i}="1"' for i in range(MAX_ATTRIBUTES + 1)) + "/>"),
        "document.too_complex",
    ),
    "100,000 attributes": (
        around("<a " + " ".join(f'a{i}="1"' for i in range(100_000)) + "/>"),
        "document.too_complex",
    ),
    "a long attribute": (around(f'<a b="{"x" * 10_001}"/>'), "document.too_complex"),
    "a long id": (around(f'<a id="{"x" * (MAX_ID_CHARS + 1)}"/>'), "document.too_complex"),
    "namespaces": (
        around("".join(f'<a xmlns="urn:{i}"/>' for i in range(MAX_NAMESPACES))),
        "document.too_complex",
    ),
    "endless comments": (b"<!--" * 400_000, "document.not_xml"),
    "nothing but notes": (b"<?a?>" * 390_000, "document.not_xml"),
}


@pytest.mark.parametrize(("data", "code"), REFUSED.values(), ids=REFUSED.keys())
def test_refuses_the_rest_within_two_seconds_in_both_languages(data, code):
    began = time.process_time()
    with pytest.raises(InvalidInput) as refusal:
        parse(data)
    assert time.process_time() - began < 4
    assert refusal.value.code == code
    vi, en = refusal.value.message("vi"), refusal.value.message("en")
    assert vi != en
    assert "–" not in vi + en  # every fact of the sentence was given
    assert max(len(vi), len(en)) < 600


FULL = {
    "elements": "<a/>" * (MAX_ELEMENTS - 1),
    "nesting": "<a>" * (MAX_DEPTH - 1) + "</a>" * (MAX_DEPTH - 1),
    "flow nodes": "<task/>" * MAX_FLOW_NODES,
    "flows": "<sequenceFlow/>" * MAX_SEQUENCE_FLOWS,
    "attributes": "<a " + " ".join(f'a{i}="1"' for i in range(MAX_ATTRIBUTES)) + "/>",
    "a long id": f'<a id="{"x" * MAX_ID_CHARS}"/>',
    "a long text": "x" * 1_900_000,
}


@pytest.mark.parametrize("body", FULL.values(), ids=FULL.keys())
def test_reads_a_file_that_just_keeps_to_a_cap(body):
    assert len(parse(around(body)).root.attrib) == 1


def test_counts_elements_of_the_standard_only_as_flow_nodes():
    foreign = '<x:task xmlns:x="urn:else"/>' * 600
    assert parse(around(foreign)).root is not None


def test_a_syntax_error_names_its_line():
    with pytest.raises(InvalidInput) as refusal:
        parse(f"{declared('UTF-8', '')}\n{OPEN}\n<task>\n</definitions>".encode())
    assert refusal.value.facts["line"] == 4


def answer(data):
    """ "read", or the code of the refusal."""
    try:
        parse(data)
    except InvalidInput as refusal:
        return refusal.code
    return "read"


CODES = {"read", *(code for _, code in REFUSED.values())}


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data):
    assert answer(data) in CODES


@given(st.text(alphabet="<>!-?/[]&;\"'= ax:DOCTYPEntity\ufeff\x00", max_size=200))
def test_any_markup_is_read_or_refused(text):
    assert answer(text.encode()) in CODES
    assert answer(f"{OPEN}{text}</definitions>".encode()) in CODES
