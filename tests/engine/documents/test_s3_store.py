"""The same promises on a real S3-compatible server: once, whole, under its hash, really deleted."""

import hashlib
import os

import pytest

from engine.documents.s3_store import S3Store
from engine.documents.store import DocumentTooLarge, NoContent, StorageUnavailable
from tests.engine.documents.files import pdf
from tests.engine.documents.s3_server import BUCKET, KEY, SECRET, start_s3

pytestmark = pytest.mark.s3


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    running = start_s3(tmp_path_factory.mktemp("s3"))
    yield running
    running.stop()


@pytest.fixture
def store(server, tmp_path, request):
    prefix = hashlib.sha256(request.node.name.encode()).hexdigest()[:8]
    folder = tmp_path / "arriving"
    return S3Store(folder, BUCKET, endpoint=server.endpoint, key=KEY, secret=SECRET, prefix=prefix)


def keep(store, data, agency="000.00.01.H29"):
    with store.arrive(10**9) as arrived:
        arrived.write(data)
        return store.keep(agency, arrived)


def read(store, kept, agency="000.00.01.H29"):
    with store.open(agency, kept.sha256) as stream:
        return stream.read()


@pytest.mark.parametrize("size", [1, 70_000, 12_000_000])  # the last goes in several parts
def test_what_is_kept_is_read_back(store, size):
    data = os.urandom(size)
    kept = keep(store, data)
    assert kept.sha256 == hashlib.sha256(data).hexdigest()
    assert read(store, kept) == data
    with store.open("000.00.01.H29", kept.sha256) as stream:
        assert b"".join(iter(lambda: stream.read(65_536), b"")) == data


def test_reading_begins_at_any_byte(store):
    data = os.urandom(3_000_000)
    kept = keep(store, data)
    with store.open("000.00.01.H29", kept.sha256) as stream:
        for place in (2_500_000, 0, 1, len(data) - 9):
            assert stream.seek(place) == place
            assert stream.read(70_000) == data[place : place + 70_000]


def test_identical_content_lies_there_once_and_agencies_share_none(store):
    one, again = keep(store, b"x"), keep(store, b"x")
    other = keep(store, b"x", agency="Hà Nội/..=%2F")
    assert one == again == other
    agencies = [each.agency_id for each in store.all()]
    assert sorted(agencies) == ["000.00.01.H29", "Hà Nội/..=%2F"]
    assert store.remove("000.00.01.H29", one.sha256)
    assert not store.remove("000.00.01.H29", one.sha256)
    assert read(store, one, agency="Hà Nội/..=%2F") == b"x"
    with pytest.raises(NoContent):
        read(store, one)


def test_what_is_refused_never_comes_there(store):
    with store.arrive(3) as arrived, pytest.raises(DocumentTooLarge):
        arrived.write(b"four")
    assert list(store.all()) == []


def test_a_server_that_does_not_answer_is_told_as_such(tmp_path):
    store = S3Store(tmp_path, BUCKET, endpoint="http://127.0.0.1:1", key=KEY, secret=SECRET)
    with pytest.raises(StorageUnavailable):
        keep(store, b"x")
    with pytest.raises(StorageUnavailable):
        store.open("H01", "0" * 64)
    with pytest.raises(StorageUnavailable):
        store.remove("H01", "0" * 64)


def test_a_wrong_secret_keeps_nothing(server, tmp_path):
    store = S3Store(tmp_path, BUCKET, endpoint=server.endpoint, key=KEY, secret="falsch")
    with pytest.raises(StorageUnavailable):
        keep(store, b"x")


def test_a_dossier_s_documents_live_there(sqlite_filing, store):
    filing = sqlite_filing
    filing.has(store=store)
    document = filing.bring(pdf("s3")).document
    assert [each.kept.sha256 for each in store.all()] == [document.sha256]
    filing.remove(document.number)
    assert list(store.all()) == []
