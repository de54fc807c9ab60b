"""An XML signature holds where it vouches for the whole document; nothing can be slipped beside it."""

import copy

import pytest
from lxml import etree
from signxml import XMLSigner, methods
from signxml.xades import XAdESSigner

from engine.documents import taking_in
from engine.dossiers.signature_demand import SIGNATURES
from engine.signatures import verify
from engine.signatures.exchange import look_for_signatures
from engine.signatures.trust import RevocationRule, TrustFolder
from processes.digital_signature import (
    Coverage,
    Flaw,
    Later,
    Obstacle,
    SignatureFindings,
    SignerKind,
)
from processes.file_kind import FileKind, KindNotAccepted
from tests.engine.documents.filing import Filing
from tests.engine.drawing import component, draw, end, start, step
from tests.engine.signatures.authority import AGENCY, CHECKED, OFFICE, STRANGER

TEXT = "<ho-so><tien Id='so'>500.000</tien><ly-do>Trợ cấp</ly-do></ho-so>"
DS = "{http://www.w3.org/2000/09/xmldsig#}"


def signed(text=TEXT, identity=None, *, reference=None, maker=XMLSigner):
    identity = identity or OFFICE().officer
    signer = maker(method=methods.enveloped, signature_algorithm="ecdsa-sha256")
    chain = [identity.certificate, *identity.above]
    root = etree.fromstring(text) if isinstance(text, str | bytes) else text
    made = signer.sign(root, key=identity.key, cert=chain, reference_uri=reference)
    return etree.tostring(made)


def found(data, trust=None, agency=AGENCY):
    return verify(data, trust or OFFICE().trust(), agency, CHECKED)


def only(data, **more):
    (one,) = found(data, **more).signatures
    return one


@pytest.mark.parametrize("maker", [XMLSigner, XAdESSigner])
def test_an_officers_signature_over_the_whole_document_holds(maker):
    one = only(signed(maker=maker))
    assert one.holds, one.flaws
    assert (one.name, one.kind, one.login) == ("Nguyễn Văn An", SignerKind.PERSONAL, "an.nv")
    assert (one.coverage, one.later) == (Coverage.WHOLE, Later.NOTHING)
    assert (one.claimed_at is not None) == (maker is XAdESSigner)


def test_signed_by_the_officer_then_by_the_agency():
    twice = signed(signed(), OFFICE().seal)
    first, second = found(twice).signatures
    assert (first.holds, second.holds) == (True, True), (first.flaws, second.flaws)
    assert (first.coverage, first.later) == (Coverage.REVISION, Later.SIGNATURES)
    assert (second.kind, second.coverage) == (SignerKind.AGENCY, Coverage.WHOLE)


def test_one_altered_letter_breaks_every_signature():
    twice = signed(signed(), OFFICE().seal).replace(b"500.000", b"900.000")
    assert [each.flaws for each in found(twice).signatures] == [(Flaw.ALTERED,), (Flaw.ALTERED,)]


def test_another_signature_value_is_forged():
    root = etree.fromstring(signed())
    other = etree.fromstring(signed(TEXT.replace("500", "900")))
    value = f".//{DS}SignatureValue"
    root.find(value).text = other.find(value).text
    assert only(etree.tostring(root)).flaws == (Flaw.FORGED,)


def test_a_certificate_put_in_the_place_of_the_signers_is_forged():
    root = etree.fromstring(signed())
    other = etree.fromstring(signed(identity=OFFICE().colleague))
    named = f".//{DS}X509Certificate"
    root.find(named).text = other.find(named).text
    one = only(etree.tostring(root))
    assert not one.holds
    assert one.flaws[0] in (Flaw.FORGED, Flaw.ALTERED)


def wrapped(root):
    """The signed part moved aside, another one in its place under the same name."""
    part = root.find("tien")
    moved = etree.SubElement(root, "kho")
    moved.append(copy.deepcopy(part))
    part.text = "900.000"
    del part.attrib["Id"]
    return root


def doubled(root):
    part = copy.deepcopy(root.find("tien"))
    part.text = "900.000"
    root.insert(0, part)
    return root


def lifted(root):
    """The whole signed document within another one."""
    outer = etree.fromstring("<ho-so><tien>900.000</tien></ho-so>")
    outer.append(root)
    return outer


def hidden(root):
    """Something in the signature itself, which no signature covers."""
    inside = etree.SubElement(root.find(f"{DS}Signature"), f"{DS}Object")
    etree.SubElement(inside, "tien").text = "900.000"
    return root


@pytest.mark.parametrize("attack", [wrapped, doubled, lifted, hidden])
@pytest.mark.parametrize("reference", [None, "#so"])
def test_what_is_wrapped_around_or_beside_what_was_signed_is_never_vouched_for(attack, reference):
    data = etree.tostring(attack(etree.fromstring(signed(reference=reference))))
    assert not found(data).hold


def test_a_signature_over_a_part_does_not_hold():
    one = only(signed(reference="#so"))
    assert (one.valid, one.trusted, one.coverage) == (True, True, Coverage.PART)
    assert one.flaws == (Flaw.PART,)


def test_an_instruction_beside_the_document_is_not_signed():
    data = b'<?xml-stylesheet href="http://x.example/a.xsl"?>' + signed()
    assert only(data).flaws == (Flaw.PART,)


def test_a_foreign_issuer_is_not_trusted():
    one = only(signed(identity=STRANGER().officer))
    assert (one.valid, one.trusted, one.flaws) == (True, False, (Flaw.FOREIGN,))


def test_certificates_are_judged_at_the_moment_of_the_check():
    assert only(signed(identity=OFFICE().expired)).flaws == (Flaw.EXPIRED,)
    assert only(signed(identity=OFFICE().not_for_signing)).flaws == (Flaw.WRONG_USE,)
    lists = OFFICE().lists((OFFICE().revoked, CHECKED))
    trust = OFFICE().trust(crls=lists)
    assert only(signed(identity=OFFICE().revoked), trust=trust).flaws == (Flaw.REVOKED,)
    assert only(signed(), trust=trust).holds
    hard = OFFICE().trust(rule=RevocationRule.HARD)
    assert not only(signed(), trust=hard).holds


@pytest.mark.parametrize(
    "data",
    [
        b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a x="xmldsig#">&e;</a>',
        b'<!DOCTYPE a [<!ENTITY e "eeeeeeeeee">]><a x="xmldsig#">&e;</a>',
        b"<a><b xmlns='xmldsig#'></a>",
        b"<a>xmldsig#" + b"<b>" * 300 + b"</b>" * 300 + b"</a>",
    ],
)
def test_a_file_that_is_no_honest_xml_says_nothing(data):
    assert found(data).obstacle is Obstacle.BROKEN


def test_an_xml_without_a_signature_is_not_signed():
    assert found(TEXT.encode()).signed is False
    assert found(TEXT.encode()).obstacle is None


def test_a_flood_of_signatures_is_not_verified():
    many = b"<a xmlns:d='http://www.w3.org/2000/09/xmldsig#'>" + b"<d:Signature/>" * 11 + b"</a>"
    assert found(many).obstacle is Obstacle.TOO_MANY


@pytest.mark.parametrize("method", ["hmac-sha1", "rsa-sha1"])
def test_an_old_algorithm_does_not_hold(method):
    old = f"http://www.w3.org/2000/09/xmldsig#{method}".encode()
    data = signed().replace(b"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256", old)
    assert only(data).flaws == (Flaw.WEAK,)


def test_a_signature_without_a_certificate_names_nobody():
    root = etree.fromstring(signed())
    key = root.find(f".//{DS}KeyInfo")
    key.getparent().remove(key)
    one = only(etree.tostring(root))
    assert (one.signer, one.flaws) == (None, (Flaw.UNREADABLE,))


@pytest.fixture
def filing(ward, tmp_path, monkeypatch):
    """A dossier with a component that takes XML, and one that does not say so."""
    monkeypatch.setitem(taking_in.EXAMINERS, SIGNATURES, look_for_signatures)
    made = Filing(ward, tmp_path)
    head = component("TO_KHAI", accepts="xml pdf") + component("DON")
    diagram = draw(start(), step("A"), end(), flows=("S A", "A E"), head=head)
    made.outcome = ward.received(diagram, 2026, 3, 2, 8, 0)
    ward.office.trusted = TrustFolder(OFFICE().folder(tmp_path / "trust"))
    return made


def test_a_signed_data_file_is_taken_where_a_component_names_it_and_shown_like_a_pdf(filing):
    document = filing.bring(signed(), code="TO_KHAI", name="to-khai.pdf").document
    assert (document.kind, document.name) == (FileKind.XML, "to-khai.pdf.xml")
    told = SignatureFindings.from_data(document.findings[SIGNATURES])
    assert (told.hold, told.signatures[0].name) == (True, "Nguyễn Văn An")
    plain = filing.bring(TEXT.encode(), code="TO_KHAI", name="to-khai.xml").document
    assert plain.findings == {}
    with pytest.raises(KindNotAccepted):
        filing.bring(signed(), code="DON")
