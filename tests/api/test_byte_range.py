"""Part of a file is sent where it is of the very bytes that the asker began with."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.byte_range import Portion, entity_tag, portion_asked
from api.refusals import RangeNotThere
from tests.api.test_documents import bring, error_of
from tests.engine.documents.files import pdf

TAG = entity_tag("ab")
SIZES = st.integers(1, 10**12)


def asked(stated, size=100, **headers):
    return portion_asked({"range": stated} | headers, TAG, size)


@pytest.mark.parametrize(
    ("stated", "first", "number"),
    [
        ("bytes=0-9", 0, 10),
        ("bytes=90-", 90, 10),
        ("bytes=-10", 90, 10),
        ("bytes=-1000", 0, 100),
        ("bytes=95-1000", 95, 5),
        ("Bytes= 0-0 ", 0, 1),
    ],
)
def test_the_part_that_is_asked_for_is_sent(stated, first, number):
    assert asked(stated) == Portion(first, number, 100)


@pytest.mark.parametrize(
    "stated", ["", "bytes=-", "bytes=5-4", "bytes=0-1,5-6", "lines=0-5", "bytes=a-b", "bytes=٣-٤"]
)
def test_what_is_no_one_range_is_answered_with_all_of_it(stated):
    assert asked(stated) == Portion(0, 100, 100)


@pytest.mark.parametrize("stated", ["bytes=100-", "bytes=100-200", "bytes=-0"])
def test_a_part_behind_the_end_is_refused(stated):
    with pytest.raises(RangeNotThere):
        asked(stated)


@pytest.mark.parametrize("before", ['"cd"', 'W/"ab"', "Sun, 06 Nov 1994 08:49:37 GMT"])
def test_a_part_of_other_bytes_than_before_is_never_sent(before):
    assert asked("bytes=5-", **{"if-range": before}) == Portion(0, 100, 100)
    assert asked("bytes=5-", **{"if-range": TAG}) == Portion(5, 95, 100)


@given(SIZES, st.integers(0, 10**12), st.integers(0, 10**12))
def test_a_part_lies_within_the_file(size, first, last):
    try:
        found = asked(f"bytes={first}-{last}", size)
    except RangeNotThere:
        assert first >= size
        return
    assert 0 <= found.first < found.first + found.number <= size


@pytest.fixture
def brought(any_desk):
    dossier = any_desk.appraised()["dossier_id"]
    data = pdf(pages=2)
    number = bring(any_desk.nam, dossier, data).json()["document"]["number"]
    return data, f"/dossiers/{dossier}/documents/{number}", dossier


def test_a_download_that_broke_off_goes_on_where_it_stopped(any_desk, brought):
    data, path, dossier = brought
    whole = any_desk.nam.get(f"{path}/content")
    tag = whole.headers["etag"]
    assert whole.headers["accept-ranges"] == "bytes"
    headers = {"Range": "bytes=100-", "If-Range": tag}
    rest = any_desk.nam.get(f"{path}/content", headers=headers)
    assert (rest.status_code, rest.content) == (206, data[100:])
    assert rest.headers["content-range"] == f"bytes 100-{len(data) - 1}/{len(data)}"
    assert int(rest.headers["content-length"]) == len(rest.content)
    middle = any_desk.nam.get(f"{path}/content", headers={"Range": "bytes=7-11"})
    assert middle.content == data[7:12]
    behind = any_desk.nam.get(f"{path}/content", headers={"Range": f"bytes={len(data)}-"})
    assert error_of(behind) == (416, "request.range")
    assert behind.headers["content-range"] == f"bytes */{len(data)}"
    looks = any_desk.nam.get(f"/dossiers/{dossier}/documents/accesses").json()["accesses"]
    assert [look["way"] for look in looks] == ["download"] * 4


def test_a_picture_the_viewer_has_is_not_drawn_again_but_the_look_is_written_down(
    any_desk, brought, monkeypatch
):
    _, path, dossier = brought
    first = any_desk.nam.get(f"{path}/preview?page=2&width=300")
    assert first.headers["cache-control"] == "private, no-cache"
    known = {"If-None-Match": first.headers["etag"]}
    part = any_desk.nam.get(f"{path}/preview?page=2&width=300", headers={"Range": "bytes=0-7"})
    assert (part.status_code, part.content) == (206, b"\x89PNG\r\n\x1a\n")
    monkeypatch.setattr("engine.documents.previews.drawn", None)  # drawing now would fail
    again = any_desk.nam.get(f"{path}/preview?page=2&width=300", headers=known)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["cache-control"] == "private, no-cache"
    looks = any_desk.nam.get(f"/dossiers/{dossier}/documents/accesses").json()["accesses"]
    assert [look["way"] for look in looks] == ["preview"] * 3


def test_who_may_not_look_is_not_told_that_the_picture_is_known(any_desk, brought):
    _, path, _ = brought
    tag = any_desk.nam.get(f"{path}/preview").headers["etag"]
    answer = any_desk.designer.get(f"{path}/preview", headers={"If-None-Match": tag})
    assert error_of(answer) == (403, "document.not_yours")
    part = any_desk.designer.get(f"{path}/content", headers={"Range": "bytes=0-5"})
    assert error_of(part) == (403, "document.not_yours")
