"""PDF/A is said to be declared, never to be valid; what speaks against it is named."""

import io

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf
from PIL import Image

from engine.documents.archival_check import look_through
from engine.documents.archival_copy import copy_picture
from engine.forms.issued import Issued
from engine.forms.kinds import FormKind
from processes.archival import WORDS, Archival, Contradiction
from tests.engine.documents.files import pdf, picture
from tests.engine.forms.filled import issued, opened
from tests.engine.forms.filled import pdf as printed


def declared(part="2", level="B", change=None):
    """A PDF that declares PDF/A; change: what is done to it then."""
    made = Pdf.new()
    made.add_blank_page(page_size=(200, 200))
    with made.open_metadata(set_pikepdf_as_editor=False) as metadata:
        metadata["pdfaid:part"] = part
        if level:
            metadata["pdfaid:conformance"] = level
    if change is not None:
        change(made)
    out = io.BytesIO()
    made.save(out, static_id=True)
    return out.getvalue()


def looked_through(data, folder):
    path = folder / "a.pdf"
    path.write_bytes(data)
    return Archival.from_data(look_through(str(path)))


def script(made):
    made.Root.OpenAction = Dictionary(S=Name.JavaScript, JS="app.alert(1)")


def hidden_script(made):
    link = Dictionary(
        Type=Name.Annot,
        Subtype=Name.Link,
        Rect=[0, 0, 9, 9],
        A=Dictionary(S=Name.URI, URI="x", Next=Array([Dictionary(S=Name.JavaScript, JS="1")])),
    )
    made.pages[0].Annots = Array([link])


def launch(made):
    made.Root.OpenAction = Dictionary(Type=Name.Action, S=Name.Launch, F="calc.exe")


def plain_font(made):
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    made.pages[0].Resources = Dictionary(Font=Dictionary(F1=font))


def film(made):
    film = Dictionary(Type=Name.Annot, Subtype=Name.Movie, Rect=[0, 0, 9, 9])
    made.pages[0].Annots = Array([made.make_indirect(film)])


def xfa(made):
    made.Root.AcroForm = Dictionary(Fields=Array(), XFA="x")


def elsewhere(made):
    stream = made.make_stream(b"x")
    stream.F = "http://example.vn/x"
    made.pages[0].Contents = stream


def postscript(made):
    stream = made.make_stream(b"x")
    stream.Subtype = Name.PS
    made.pages[0].Resources = Dictionary(XObject=Dictionary(X=stream))


def see_through(made):
    made.pages[0].Resources = Dictionary(ExtGState=Dictionary(G=Dictionary(ca=0.5)))


def attached(made):
    made.attachments["x.txt"] = b"x"


AGAINST = [
    (script, "2", "B", Contradiction.SCRIPT),
    (hidden_script, "2", "B", Contradiction.SCRIPT),
    (launch, "2", "B", Contradiction.ACTION),
    (plain_font, "2", "B", Contradiction.FONT),
    (film, "2", "B", Contradiction.MEDIA),
    (xfa, "2", "B", Contradiction.XFA),
    (elsewhere, "2", "B", Contradiction.EXTERNAL),
    (postscript, "2", "B", Contradiction.POSTSCRIPT),
    (see_through, "1", "B", Contradiction.TRANSPARENCY),
    (attached, "1", "B", Contradiction.ATTACHMENT),
    (None, "2", "A", Contradiction.NOT_TAGGED),
    (None, "7", "B", Contradiction.NO_SUCH_PART),
    (None, "2", "", Contradiction.NO_SUCH_PART),
]


@pytest.mark.parametrize(("part", "level"), [("1", "B"), ("2", "U"), ("3", "B"), ("4", "")])
def test_a_declaration_is_told_as_a_declaration(part, level, tmp_path):
    found = looked_through(declared(part, level), tmp_path)
    assert (found.declared, found.contradictions) == (f"{part}{level}", ())
    assert found.words("vi").startswith(f"khai là PDF/A-{part}{level};")
    assert "chưa phải là xác nhận" in found.words("vi")
    assert found.uncontradicted


@pytest.mark.parametrize(("change", "part", "level", "expected"), AGAINST)
def test_what_speaks_against_the_declaration_is_named(change, part, level, expected, tmp_path):
    found = looked_through(declared(part, level, change), tmp_path)
    assert found.contradictions == (expected,)
    assert WORDS[expected][0] in found.words("vi")
    assert not found.uncontradicted


def test_later_parts_allow_what_the_first_does_not(tmp_path):
    for change in (see_through, attached):
        assert looked_through(declared("3", "B", change), tmp_path).contradictions == ()


def test_a_pdf_that_declares_nothing_is_not_searched_for_faults(tmp_path):
    found = looked_through(pdf(), tmp_path)
    assert found == Archival()
    assert found.words("vi") == "không khai là PDF/A"


def test_a_pdf_with_a_password_is_not_looked_through(tmp_path):
    made = Pdf.new()
    made.add_blank_page()
    made.save(tmp_path / "b.pdf", encryption=pikepdf.Encryption(owner="a", user="b"))
    found = Archival.from_data(look_through(str(tmp_path / "b.pdf")))
    assert not found.readable
    assert found.words("vi") == "chưa xem được có phải PDF/A không"


def test_what_is_no_pdf_is_not_looked_through(tmp_path):
    assert not looked_through(b"%PDF-1.7 and nothing more", tmp_path).readable


def test_every_contradiction_has_its_words():
    assert set(WORDS) == set(Contradiction)


def test_forms_of_ours_are_not_contradicted(sqlite_ward, tmp_path):
    form: Issued = issued(opened(sqlite_ward), FormKind.RECEIPT)
    found = looked_through(printed(sqlite_ward, form), tmp_path)
    assert (found.declared, found.contradictions) == ("2A", ())


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP"])
def test_a_picture_is_made_pdf_a_the_same_each_time(kind, tmp_path):
    path = tmp_path / "picture"
    path.write_bytes(picture(kind, (300, 400), "red"))
    copies = []
    for number in range(2):
        assert copy_picture(str(path), kind.lower(), str(tmp_path / f"{number}"), "Ảnh", 1)
        copies.append((tmp_path / f"{number}").read_bytes())
    assert copies[0] == copies[1]
    found = looked_through(copies[0], tmp_path)
    assert (found.declared, found.contradictions) == ("2B", ())


def test_a_scan_of_many_pages_keeps_them_all_and_a_photograph_its_own_bytes(tmp_path):
    pages = [Image.new("1", (300, 400)) for _ in range(3)]
    pages[0].save(tmp_path / "s.tiff", save_all=True, append_images=pages[1:])
    assert copy_picture(str(tmp_path / "s.tiff"), "tiff", str(tmp_path / "s.pdf"), "x", 1)
    with Pdf.open(tmp_path / "s.pdf") as made:
        assert len(made.pages) == 3
    photograph = picture("JPEG", (300, 400), "green")
    (tmp_path / "p.jpg").write_bytes(photograph)
    assert copy_picture(str(tmp_path / "p.jpg"), "jpeg", str(tmp_path / "p.pdf"), "x", 1)
    assert photograph in (tmp_path / "p.pdf").read_bytes()
