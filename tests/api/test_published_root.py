"""A root that was published and signed elsewhere finds a history that was rewritten as a whole."""

import hashlib
import json
from datetime import date

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import text
from typer.testing import CliRunner

from api.cli import app
from engine.journal import canonical, first_hash, seal, verify
from engine.proofs.published_root import document, published_root, read_document
from engine.store.database import Database
from engine.store.tables import dossier, journal
from tests.api.desk import VN, open_desk, step_of

DAY = "2026-03-03"


def run(*arguments):
    return CliRunner().invoke(app, ["verify", *map(str, arguments)])


@pytest.fixture
def worked_in(founded_files, tmp_path):
    """A database with a dossier of two days, its file published for the second day."""
    url = founded_files.fresh(tmp_path)
    desk = open_desk(url, tmp_path)
    appraised = desk.appraised()
    desk.clock.set(desk.clock.now().replace(day=3))
    desk.bring_drawings(appraised["dossier_id"])
    done = desk.nam.post(f"/steps/{step_of(appraised)}/complete", {"data": {"ket_qua": "dat"}})
    assert done.status_code == 200
    desk.office.database.close()
    file = tmp_path / "roots.json"
    written = run("--root", DAY, "--out", file, "--database", url)
    assert written.exit_code == 0, written.output
    return url, file


def sealed_anew(url):
    """Somebody with the whole database in hand: one event rewritten, every chain computed anew."""
    database = Database(url)

    def rewrite(transaction):
        rows = transaction.execute(journal.select().order_by(journal.c.seq)).all()
        head = first_hash(rows[0].dossier_id)
        for row in rows:
            body = row.body.replace("dien_tich", "dien_tIch")
            head = seal(head, canonical(row.seq, row.at, row.actor_id, row.kind, body))
            this = journal.c.seq == row.seq
            transaction.execute(journal.update().where(this).values(body=body, hash=head))
        transaction.execute(dossier.update().values(head_hash=head))

    database.write(rewrite)
    with database.read() as connection:
        assert verify(connection)[1] == ()
    database.close()


def test_what_was_published_is_what_the_database_says(worked_in):
    url, file = worked_in
    done = run("--published", file, "--database", url, "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)["published"]
    assert told["day"] == DAY
    assert told["agencies"] == {"H01": True, "H02": True}
    assert told["signed"] is None


def test_a_rewritten_history_is_found_though_every_chain_holds(worked_in):
    url, file = worked_in
    sealed_anew(url)
    done = run("--published", file, "--database", url)
    assert done.exit_code == 1
    assert f"H01 {DAY}: KHÁC" in done.stdout
    assert f"H02 {DAY}: khớp" in done.stdout


def test_an_agency_that_is_gone_is_not_what_was_published(worked_in):
    url, file = worked_in
    told = json.loads(file.read_text())
    told["agencies"][1]["agency_id"] = "H99"
    file.write_text(json.dumps(told))
    done = run("--published", file, "--database", url, "--json")
    assert json.loads(done.stdout)["published"]["agencies"] == {"H01": True, "H99": False}
    assert done.exit_code == 1


def test_the_file_is_small_the_same_each_time_and_can_be_worked_out_by_anybody(worked_in, tmp_path):
    url, file = worked_in
    again = tmp_path / "again.json"
    run("--root", DAY, "--out", again, "--database", url)
    assert again.read_bytes() == file.read_bytes()
    assert len(file.read_bytes()) < 2000
    one = json.loads(file.read_text())["agencies"][0]
    assert (one["agency_id"], one["since"], one["events"]) == ("H01", "2026-03-02", 2)
    database = Database(url)
    with database.read() as connection:
        before = published_root(connection, "H01", date(2026, 3, 2), VN)
    database.close()
    begin = hashlib.sha256(b"H01").digest()
    assert before.before == begin
    assert before.chain == hashlib.sha256(begin + before.root.line().encode()).digest()
    assert one["chain_before"] == before.chain.hex()
    assert one["chain"] == hashlib.sha256(before.chain + one["line"].encode()).hexdigest()


def test_a_day_before_the_first_event_has_a_root_too(worked_in):
    database = Database(worked_in[0])
    with database.read() as connection:
        found = published_root(connection, "H01", date(2026, 2, 1), VN)
    database.close()
    assert (found.since, found.root.events) == (None, 0)
    assert read_document(document(date(2026, 2, 1), {"H01": found})).chains == {
        "H01": found.chain.hex()
    }


def test_a_day_that_is_not_over_is_not_published(worked_in, tmp_path):
    file = tmp_path / "early.json"
    done = run("--root", "2999-01-01", "--out", file, "--database", worked_in[0])
    assert done.exit_code == 2
    assert "chưa kết thúc" in done.stderr
    assert not file.exists()


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b'{"format": "x"}', b"\xff"])
def test_a_file_that_is_none_is_refused(worked_in, tmp_path, content):
    file = tmp_path / "none.json"
    file.write_bytes(content)
    assert run("--published", file, "--database", worked_in[0]).exit_code == 2


def keys():
    """Keys of an office, that only ever live outside of the product."""
    rsa_key = rsa.generate_private_key(65537, 2048)
    ec_key = ec.generate_private_key(ec.SECP256R1())
    ed_key = ed25519.Ed25519PrivateKey.generate()
    return {
        "ed25519": (ed_key, ed_key.sign),
        "rsa": (rsa_key, lambda data: rsa_key.sign(data, padding.PKCS1v15(), hashes.SHA256())),
        "ecdsa": (ec_key, lambda data: ec_key.sign(data, ec.ECDSA(hashes.SHA256()))),
    }


@pytest.mark.parametrize("kind", ["ed25519", "rsa", "ecdsa"])
def test_the_signature_says_whether_the_file_is_the_one_that_was_signed(worked_in, tmp_path, kind):
    url, file = worked_in
    key, sign = keys()[kind]
    public, signature = tmp_path / "key.pem", tmp_path / "roots.sig"
    shown = Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
    public.write_bytes(key.public_key().public_bytes(*shown))
    signature.write_bytes(sign(file.read_bytes()))
    asked = ["--published", file, "--signature", signature, "--public-key", public]
    done = run(*asked, "--database", url)
    assert done.exit_code == 0, done.output
    assert "đúng / valid" in done.stdout
    file.write_bytes(file.read_bytes() + b" ")
    done = run(*asked, "--database", url)
    assert done.exit_code == 1
    assert "SAI / NOT valid" in done.stdout
    public.write_text("no key")
    assert run(*asked, "--database", url).exit_code == 2


def test_options_that_need_another_are_refused_without_it(worked_in, tmp_path):
    url, file = worked_in
    assert run("--out", tmp_path / "x", "--database", url).exit_code == 2
    assert run("--published", file, "--signature", file, "--database", url).exit_code == 2


def test_entries_that_were_altered_are_told(worked_in):
    url, _ = worked_in
    database = Database(url)
    put = text("UPDATE dossier SET applicant = 'Khác'")
    database.write(lambda transaction: transaction.execute(put))
    database.close()
    done = run("--database", url)
    assert done.exit_code == 1
    assert "1: dossier applicant" in done.stdout
    (found,) = json.loads(run("--database", url, "--json").stdout)["altered"]
    assert (found["seq"], found["where"]) == (1, "dossier applicant")
