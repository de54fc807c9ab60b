"""What an office trusts is a folder: read anew when it changes, kept when it breaks."""

import logging
from datetime import timedelta

import pytest

from engine.signatures import verify
from engine.signatures.refusals import TrustUnreadable
from engine.signatures.trust import RevocationRule, TrustFolder, read_trust
from processes.digital_signature import Flaw, SignerKind
from tests.engine.signatures.authority import (
    AGENCY,
    CHECKED,
    OFFICE,
    SIGNED,
    document,
    revocation_list,
    signed,
)


def test_the_folder_says_issuers_seals_and_officers(tmp_path):
    trust = read_trust(OFFICE().folder(tmp_path), RevocationRule.HARD)
    assert trust.roots == (OFFICE().root.der,)
    assert trust.seals[AGENCY] == {OFFICE().seal.fingerprint}
    assert trust.officers[AGENCY] == {OFFICE().officer.fingerprint: "an.nv"}
    (first, second) = verify(
        signed(signed(document(), OFFICE().officer), OFFICE().seal, "Dau", box=(300, 50, 400, 90)),
        read_trust(tmp_path),
        AGENCY,
        CHECKED,
    ).signatures
    assert (first.login, second.kind) == ("an.nv", SignerKind.AGENCY)


def test_nothing_is_trusted_where_there_is_no_folder(tmp_path):
    assert read_trust(None) == read_trust(tmp_path / "none")
    assert read_trust(None).roots == ()


def test_a_new_revocation_list_counts_at_once(tmp_path):
    folder = TrustFolder(OFFICE().folder(tmp_path))
    data = signed(document(), OFFICE().officer)
    assert verify(data, folder.now(), AGENCY, CHECKED).hold
    before = folder.now().digest
    revoked = [(OFFICE().officer, SIGNED - timedelta(days=1))]
    (tmp_path / "crls" / "issuer.crl").write_bytes(revocation_list(OFFICE().issuer, revoked))
    (found,) = verify(data, folder.now(), AGENCY, CHECKED).signatures
    assert found.flaws == (Flaw.REVOKED,)
    assert folder.now().digest != before


def test_a_folder_that_breaks_leaves_what_was_read_before(tmp_path, caplog):
    folder = TrustFolder(OFFICE().folder(tmp_path))
    before = folder.now()
    (tmp_path / "roots" / "hong.pem").write_bytes(b"nothing of the kind")
    with caplog.at_level(logging.ERROR):
        assert folder.now() is before
    assert "hong.pem" in caplog.text
    with pytest.raises(TrustUnreadable, match=r"hong\.pem"):
        TrustFolder(tmp_path).now()


def test_a_private_key_is_refused(tmp_path):
    OFFICE().folder(tmp_path)
    (tmp_path / "roots" / "khoa.pem").write_bytes(b"-----BEGIN EC PRIVATE KEY-----\n")
    with pytest.raises(TrustUnreadable, match="private key"):
        read_trust(tmp_path)
