"""The virus scanner has its say before a file counts; while it is silent nothing counts."""

import io

import pytest

from engine.documents.quarantine import scan_quarantined
from engine.documents.scanner import Clamd, InfectedFile, ScannerSilent
from engine.journal import verify
from engine.proofs.rebuild import rebuild
from tests.engine.documents.clamd import KNOWN, NAME, start_clamd
from tests.engine.documents.files import pdf

GONE = Clamd("127.0.0.1:1", seconds=5)


@pytest.fixture(scope="module")
def clamd(tmp_path_factory):
    running = start_clamd(tmp_path_factory.mktemp("clamd"))
    yield Clamd(str(running.socket), seconds=30)
    running.stop()


def test_clamd_passes_the_clean_and_names_what_it_knows(clamd):
    assert clamd.scan(io.BytesIO(b"nothing to see" * 9999)) is None
    assert clamd.scan(io.BytesIO(b"x" * 300_000 + KNOWN)) == f"{NAME}.UNOFFICIAL"


def test_a_stream_that_clamd_does_not_take_is_not_passed(clamd):
    with pytest.raises(ScannerSilent):
        clamd.scan(io.BytesIO(bytes(20_000_000)))


def test_a_scanner_that_is_not_there_passes_nothing(tmp_path):
    for address in ("127.0.0.1:1", str(tmp_path / "no.sock"), "[::1]:1"):
        with pytest.raises(ScannerSilent):
            Clamd(address, seconds=5).scan(io.BytesIO(b"x"))


def test_an_infected_file_is_refused_and_nothing_of_it_stays(filing, clamd):
    filing.has(scanner=clamd)
    with pytest.raises(InfectedFile, match=NAME):
        filing.bring(pdf(KNOWN.decode()))
    assert (filing.lying(), filing.on_its_way(), filing.listed()) == ([], [], ())
    filing.bring()
    assert [each.state for each in filing.listed()] == ["current"]


def test_what_waited_is_released_when_the_scanner_is_back(filing, clamd):
    filing.has(scanner=GONE)
    filing.bring()
    assert "DON" not in filing.ward.file(filing.outcome).present
    assert filing.event().body["quarantined"]
    assert scan_quarantined(filing.office) == 0
    filing.has(scanner=None)
    assert scan_quarantined(filing.office) == 0, "no scanner passes nothing"
    filing.has(scanner=clamd)
    assert scan_quarantined(filing.office) == 1
    assert filing.ward.file(filing.outcome).present["DON"] == {"electronic": 1}
    assert filing.event().kind == "document.released"
    assert scan_quarantined(filing.office) == 0


def test_what_waited_and_is_infected_is_deleted_by_the_system(filing, clamd):
    filing.has(scanner=GONE)
    filing.bring(pdf(KNOWN.decode()))
    filing.has(scanner=clamd)
    assert scan_quarantined(filing.office) == 1
    assert (filing.lying(), filing.listed()) == ([], ())
    event = filing.event()
    assert event.kind == "document.removed"
    assert NAME in event.body["reason"]
    with filing.office.database.read() as connection:
        assert verify(connection)[1] == ()
        assert [each.differences for each in rebuild(connection)] == [()]
