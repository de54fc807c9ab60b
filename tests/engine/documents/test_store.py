"""A content lies in the store once, whole and under its hash, or not at all."""

import hashlib
import io
import os
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.documents.disk_store import DiskStore
from engine.documents.store import (
    DocumentTooLarge,
    EmptyDocument,
    NoContent,
    NoDocumentStore,
    Nowhere,
    StorageFull,
    StorageUnavailable,
)


@pytest.fixture
def store(tmp_path):
    return DiskStore(tmp_path / "documents")


def keep(store, data, agency="H01", most=10**9):
    with store.arrive(most) as arrived:
        for piece in io.BytesIO(data):
            arrived.write(piece)
        return store.keep(agency, arrived)


def files_of(store):
    return sorted(p for p in store.folder.rglob("*") if p.is_file())


def test_what_is_kept_is_read_back_under_its_hash(store):
    kept = keep(store, b"mot\nhai")
    assert kept.sha256 == hashlib.sha256(b"mot\nhai").hexdigest()
    assert kept.size == 7
    with store.open("H01", kept.sha256) as stream:
        assert stream.read() == b"mot\nhai"


@given(st.binary(min_size=1, max_size=4000))
def test_any_bytes_come_back_as_they_were(tmp_path_factory, data):
    store = DiskStore(tmp_path_factory.mktemp("any"))
    with store.open("H01", keep(store, data).sha256) as stream:
        assert stream.read() == data


def test_identical_content_lies_there_once(store):
    assert keep(store, b"x") == keep(store, b"x")
    assert len(files_of(store)) == 1


def test_agencies_do_not_share_contents(store):
    kept = keep(store, b"x", agency="H01")
    with pytest.raises(NoContent):
        store.open("H02", kept.sha256)
    keep(store, b"x", agency="H02")
    assert store.remove("H01", kept.sha256)
    with store.open("H02", kept.sha256) as stream:
        assert stream.read() == b"x"


@pytest.mark.parametrize("agency", ["..", "a/../../b", "/", "000.00.01.H29", "Hà Nội"])
def test_no_agency_s_code_leads_out_of_the_folder(store, agency):
    kept = keep(store, b"x", agency=agency)
    assert [each.agency_id for each in store.all()] == [agency]
    assert all(store.folder in path.parents for path in files_of(store))
    assert store.remove(agency, kept.sha256)


@pytest.mark.parametrize("sha256", ["", "..", "../" * 21 + "x", "A" * 64, "g" * 64])
def test_what_is_no_hash_leads_nowhere(store, sha256):
    with pytest.raises(NoContent):
        store.open("H01", sha256)


def test_one_byte_too_many_is_refused_and_nothing_stays(store):
    with store.arrive(10) as arrived:
        arrived.write(b"1234567890")
        with pytest.raises(DocumentTooLarge):
            arrived.write(b"1")
    assert files_of(store) == []


def test_an_empty_file_is_refused(store):
    with pytest.raises(EmptyDocument):
        keep(store, b"")
    assert files_of(store) == []


def test_an_upload_that_breaks_off_leaves_nothing(store):
    def break_off():
        with store.arrive(10) as arrived:
            arrived.write(b"half")
            raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        break_off()
    assert files_of(store) == []


def test_what_was_damaged_is_whole_again_when_it_is_brought_again(store):
    kept = keep(store, b"whole")
    (place,) = files_of(store)
    place.write_bytes(b"dam")
    keep(store, b"whole")
    with store.open("H01", kept.sha256) as stream:
        assert stream.read() == b"whole"


def test_who_reads_a_content_reads_it_to_the_end_though_it_is_removed(store):
    kept = keep(store, b"to the end")
    with store.open("H01", kept.sha256) as stream:
        assert store.remove("H01", kept.sha256)
        assert stream.read() == b"to the end"
    assert not store.remove("H01", kept.sha256)


def test_the_same_content_from_many_sides_at_once_is_there_once(store):
    data = os.urandom(200_000)
    found = []
    threads = [threading.Thread(target=lambda: found.append(keep(store, data))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1
    assert len(found) == 8
    assert len(files_of(store)) == 1


def test_a_full_disk_is_told_as_such_and_leaves_nothing(store):
    """/dev/full is a disk without room, made by the system for this."""
    with store.arrive(100) as arrived:
        arrived._file.close()
        arrived._file = open("/dev/full", "wb", buffering=0)  # noqa: PTH123, SIM115
        with pytest.raises(StorageFull):
            arrived.write(b"x")
    assert files_of(store) == []


def test_a_folder_that_cannot_be_made_is_told_as_such(tmp_path):
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(StorageUnavailable):
        DiskStore(tmp_path / "file").arrive(10)


def test_dead_uploads_are_swept_and_living_ones_are_not(store):
    with store.arrive(10) as living, store.arrive(10) as dead:
        os.utime(dead.path, (1, 1))
        assert store.sweep(before=1000.0) == 1
        assert living.path.exists()
        assert not dead.path.exists()


def test_an_office_without_a_place_for_documents_says_so():
    with pytest.raises(NoDocumentStore):
        Nowhere().arrive(10)
    assert list(Nowhere().all()) == []
