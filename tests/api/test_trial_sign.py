"""Trial signatures hold in a trial office only, and never beside issuers that are trusted really."""

from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner

from api.cli import app
from api.demo.pen import NotPrepared, RealTrust, pen_of
from engine.clock import SystemClock
from engine.signatures import read_trust, verify
from engine.signatures.exchange import PLACES
from engine.signatures.verifying import prepare
from processes.digital_signature import SignerKind
from tests.api.desk import open_desk
from tests.engine.signatures.authority import OFFICE, document

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
AGENCY = "H01"


@pytest.fixture
def pen(tmp_path):
    return pen_of(tmp_path, tmp_path / "trust", AGENCY, NOW)


@pytest.fixture
def prepared():
    return prepare(document(), [PLACES[kind] for kind in SignerKind])


def test_the_officer_s_signature_and_over_it_the_agency_s_hold_where_the_trial_is_trusted(
    pen, prepared, tmp_path
):
    once = pen.sign(prepared, SignerKind.PERSONAL, "Trần Thị Lan", NOW)
    twice = pen.sign(once, SignerKind.AGENCY, "", NOW)
    found = verify(twice, read_trust(tmp_path / "trust"), AGENCY, NOW)
    assert found.hold
    assert [each.kind for each in found.signatures] == [SignerKind.PERSONAL, SignerKind.AGENCY]
    assert found.signatures[0].name == "Trần Thị Lan"
    assert not verify(twice, OFFICE().trust(), AGENCY, NOW).hold


def test_the_keys_are_made_once_and_nobody_else_may_read_them(pen, prepared, tmp_path):
    again = pen_of(tmp_path, tmp_path / "trust", AGENCY, NOW)
    signed = again.sign(prepared, SignerKind.AGENCY, "", NOW)
    assert verify(signed, read_trust(tmp_path / "trust"), AGENCY, NOW).hold
    keys = list((tmp_path / "trial-signing").iterdir())
    assert len(keys) == 2  # root and seal
    assert all(key.stat().st_mode & 0o077 == 0 for key in keys)
    assert (tmp_path / "trial-signing").stat().st_mode & 0o077 == 0


def test_an_office_that_trusts_real_issuers_is_left_alone(tmp_path):
    trust = OFFICE().folder(tmp_path / "trust")
    before = {path: path.read_bytes() for path in trust.rglob("*") if path.is_file()}
    with pytest.raises(RealTrust):
        pen_of(tmp_path, trust, AGENCY, NOW)
    assert {path: path.read_bytes() for path in trust.rglob("*") if path.is_file()} == before
    assert not (tmp_path / "trial-signing").exists()


@pytest.mark.parametrize("data", [document(), b"no PDF at all"])
def test_a_file_without_places_is_not_signed(pen, data):
    with pytest.raises(NotPrepared):
        pen.sign(data, SignerKind.PERSONAL, "Trần Thị Lan", NOW)


def test_the_command_signs_in_the_name_of_an_officer(
    founded_files, tmp_path, monkeypatch, prepared
):
    monkeypatch.setenv("QUYTRINH_VAR_FOLDER", str(tmp_path))
    url = founded_files.fresh(tmp_path)
    open_desk(url, tmp_path).office.database.close()
    file, out = tmp_path / "a.pdf", tmp_path / "b.pdf"
    file.write_bytes(prepared)
    said = ["trial-sign", str(file), "--as", "lan", "--out", str(out), "--database", url]
    done = CliRunner().invoke(app, [*said, "--agency", AGENCY])
    assert done.exit_code == 0, done.output
    assert "không có giá trị" in done.output
    trust = read_trust(tmp_path / "trust")
    assert verify(out.read_bytes(), trust, AGENCY, SystemClock().now()).hold
    file.write_bytes(document())
    assert CliRunner().invoke(app, [*said, "--agency", AGENCY]).exit_code == 2
