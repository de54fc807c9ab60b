"""Files that want to cost us more than they are worth are given up, and the next one is verified."""

import hashlib
import zlib

import pytest

from engine.judging.room import JudgingRoom
from engine.signatures import verify, verifying
from engine.signatures.refusals import NotPreparable
from engine.signatures.verifying import large_file
from processes.digital_signature import Obstacle, Place
from tests.engine.signatures.authority import AGENCY, CHECKED, OFFICE, document, increment, signed


def obstacle(data):
    return verify(data, OFFICE().trust(), AGENCY, CHECKED).obstacle


def still_works():
    return verify(signed(document(), OFFICE().officer), OFFICE().trust(), AGENCY, CHECKED).hold


def test_a_file_that_takes_too_long_is_given_up(monkeypatch):
    hasty = JudgingRoom(size=1, seconds=0.001, starting=verifying._start)
    monkeypatch.setattr(verifying, "_room", hasty)
    assert obstacle(signed(document(), OFFICE().officer)) is Obstacle.TOO_LONG
    with pytest.raises(NotPreparable, match="too much time"):
        verifying.prepare(document(), [Place(f"Ky{n}") for n in range(500)])
    hasty.close()
    monkeypatch.undo()
    assert still_works()


HOSTILE = {
    "nested a hundred thousand deep": increment(
        document(), {1: b"<< /ByteRange 1 /A " + b"[" * 100_000 + b"]" * 100_000 + b" >>"}
    ),
    "pages that are their own parents": increment(
        document(), {2: b"<< /Type /Pages /Kids [2 0 R] /Count 1 /ByteRange 1 >>"}
    ),
    "a table of objects that leads to itself": document()
    .replace(b"/ID [<01> <01>]", b"/Prev 432 /ByteRange 1")
    .replace(b"startxref\n432", b"startxref\n432"),
    "fields that are their own children": increment(
        document(),
        {
            1: b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [9 0 R] >> /ByteRange 1 >>",
            9: b"<< /T (a) /FT /Sig /Kids [9 0 R] >>",
        },
    ),
    "a stream that unpacks to a thousand times its size": increment(
        document(),
        {
            1: b"<< /Type /Catalog /Pages 2 0 R /AcroForm 9 0 R /ByteRange 1 >>",
            9: b"<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length 20000 >>\nstream\n"
            + zlib.compress(bytes(20_000_000))
            + b"\nendstream",
        },
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_in_a_file_brings_the_office_down(name):
    found = verify(HOSTILE[name], OFFICE().trust(), AGENCY, CHECKED)
    assert not found.hold
    assert found.signatures == ()
    assert still_works()


def test_a_file_too_large_to_be_verified_is_never_read_as_a_whole(tmp_path, monkeypatch):
    monkeypatch.setattr("engine.signatures.verifying._PIECE", 64)
    path = tmp_path / "a.pdf"
    for data, obstacle in (
        (signed(document(), OFFICE().officer), Obstacle.TOO_LARGE),
        (document(), None),
    ):
        path.write_bytes(data)
        found = large_file(path, OFFICE().trust(), CHECKED)
        assert (found.obstacle, found.size) == (obstacle, len(data))
        assert found.sha256 == hashlib.sha256(data).hexdigest()
