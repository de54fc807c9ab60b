"""A PDF that is not PDF/A is drawn anew for keeping: as it looks, with its text, within bounds."""

import io

import pikepdf
import pypdfium2
import pytest
from pikepdf import Dictionary, Name, Pdf
from PIL import ImageChops

from engine.documents import room
from engine.documents.archival_check import look_through
from engine.documents.archival_pages import MOST_PAGES, copy_pages
from engine.documents.room import DocumentTooCostly
from engine.forms.kinds import FormKind
from engine.judging.room import JudgingRoom
from processes.archival import NO_COPY, Archival, NoCopy
from tests.engine.documents.files import pdf
from tests.engine.forms.filled import issued, opened
from tests.engine.forms.filled import pdf as printed


def copied(data, folder):
    """Why there is no copy, and the copy."""
    brought, copy = folder / "brought.pdf", folder / "copy.pdf"
    brought.write_bytes(data)
    why = copy_pages(str(brought), str(copy), "Đơn đề nghị", 1_700_000_000)
    return why, copy.read_bytes() if not why else b""


def words(data):
    with pypdfium2.PdfDocument(data) as document:
        return " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in document)


def drawn(data):
    with pypdfium2.PdfDocument(data) as document:
        return document[0].render(scale=1).to_pil().convert("L")


def changed(data, change):
    out = io.BytesIO()
    with Pdf.open(io.BytesIO(data)) as opened_pdf:
        change(opened_pdf)
        opened_pdf.save(out, static_id=True)
    return out.getvalue()


def test_the_copy_declares_pdf_a_and_nothing_is_found_against_it(tmp_path):
    why, copy = copied(pdf("Don xin cap phep", pages=3), tmp_path)
    assert why == ""
    found = Archival.from_data(look_through(str(tmp_path / "copy.pdf")))
    assert (found.declared, found.contradictions) == ("2B", ())
    with Pdf.open(io.BytesIO(copy)) as made:
        assert len(made.pages) == 3


def test_its_text_is_found_again_without_being_seen_twice(tmp_path):
    data = pdf("Don xin cap phep", pages=2)
    _, copy = copied(data, tmp_path)
    assert words(copy) == words(data) == "Don xin cap phep 1 Don xin cap phep 2"
    difference = ImageChops.difference(drawn(data), drawn(copy)).histogram()
    assert sum(difference[160:]) == 0


def test_vietnamese_is_found_again(sqlite_ward, tmp_path):
    data = printed(sqlite_ward, issued(opened(sqlite_ward), FormKind.RECEIPT))
    _, copy = copied(data, tmp_path)
    there = words(copy)
    assert "Tiếp nhận hồ sơ của" in there
    missing = set(words(data).split()) - set(there.split())
    assert missing == set()


def test_the_same_file_gives_the_same_bytes(tmp_path):
    assert copied(pdf(), tmp_path) == copied(pdf(), tmp_path)


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_the_text_of_a_turned_page_lies_on_the_page(turn, tmp_path):
    def turned(made):
        made.pages[0].Rotate = turn

    data = changed(pdf("Ban ve"), turned)
    _, copy = copied(data, tmp_path)
    assert words(copy) == "Ban ve 1"
    assert drawn(copy).size == drawn(data).size


def test_what_is_cut_off_the_page_is_not_in_the_copy(tmp_path):
    def cropped(made):
        made.pages[0].CropBox = [0, 0, 595, 600]  # the line stands at 700

    assert words(copied(changed(pdf("An di"), cropped), tmp_path)[1]) == ""


def test_signs_that_no_font_of_ours_spells_are_left_to_the_picture(tmp_path):
    def chinese(made):
        spelling = b"/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <00> <FF>"
        spelling += b" endcodespacerange 1 beginbfchar <41> <4E2D> endbfchar endcmap end"
        made.pages[0].Resources.Font.F1.ToUnicode = made.make_stream(spelling)

    data = changed(pdf("A don"), chinese)
    assert "中" in words(data)
    why, copy = copied(data, tmp_path)
    assert (why, words(copy)) == ("", "don 1")


@pytest.mark.parametrize("kind", [Name.Stamp, Name.Widget], ids=["a stamp", "a filled field"])
def test_what_is_laid_over_the_page_is_drawn(kind, tmp_path):
    def laid(made):
        where = {"Subtype": Name.Form, "BBox": [0, 0, 100, 100]}
        looks = made.make_stream(b"0 0 0 rg 0 0 100 100 re f", Type=Name.XObject, **where)
        over = Dictionary(
            Type=Name.Annot,
            Subtype=kind,
            Rect=[100, 100, 200, 200],
            F=4,
            AP=Dictionary(N=looks),
            FT=Name.Tx,
            T="so",
            V="7",
        )
        over = made.make_indirect(over)
        made.pages[0].Annots = pikepdf.Array([over])
        made.Root.AcroForm = Dictionary(Fields=[over])

    _, copy = copied(changed(pdf(), laid), tmp_path)
    assert drawn(copy).getpixel((150, 842 - 150)) < 30


REFUSED = {
    "too many pages": (pdf(pages=MOST_PAGES + 1), NoCopy.PAGES),
    "a sheet of 5 by 5 metres": (
        changed(pdf(), lambda made: setattr(made.pages[0], "MediaBox", [0, 0, 14_400, 14_400])),
        NoCopy.SIZE,
    ),
    "no PDF": (b"%PDF-1.7 and nothing more", NoCopy.UNREADABLE),
}


@pytest.mark.parametrize(("data", "why"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_drawn_legibly_has_no_copy_and_says_why(data, why, tmp_path):
    assert copied(data, tmp_path) == (why.value, b"")


def test_a_pdf_with_a_password_has_no_copy(tmp_path):
    out = io.BytesIO()
    with Pdf.open(io.BytesIO(pdf())) as made:
        made.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    assert copied(out.getvalue(), tmp_path)[0] == NoCopy.UNREADABLE.value


def test_a_large_drawing_is_copied_with_fewer_dots(tmp_path):
    def large(made):
        made.pages[0].MediaBox = [0, 0, 2384, 3370]  # A0

    _, copy = copied(changed(pdf("Mat bang"), large), tmp_path)
    assert words(copy) == "Mat bang 1"
    with Pdf.open(io.BytesIO(copy)) as made:
        (drawing,) = made.pages[0].get_images().values()
        assert made.pages[0].MediaBox[3] == pytest.approx(3370, abs=1)
        assert 15_000_000 < drawing.Width * drawing.Height < 17_000_000


def test_a_bomb_is_answered_in_words_and_the_next_file_is_drawn(tmp_path, monkeypatch):
    """Millions of circles in a few kilobytes, in a room that gives two seconds of work."""
    starting = room._room._start
    monkeypatch.setattr(room, "_room", JudgingRoom(1, 2.0, starting))

    def bomb(made):
        circles = b"0 0 m 500 0 500 800 0 800 c 300 300 100 50 9 9 c b*\n" * 2_000_000
        made.pages[0].Contents = made.make_stream(circles)

    brought, copy = tmp_path / "brought.pdf", tmp_path / "copy.pdf"
    brought.write_bytes(changed(pdf(), bomb))
    assert brought.stat().st_size < 1_000_000
    with pytest.raises(DocumentTooCostly):
        room.drawn_for_keeping(brought, copy, "Đơn", 1)
    assert not copy.exists()
    brought.write_bytes(pdf())
    assert room.drawn_for_keeping(brought, copy, "Đơn", 1) == ""
    room._room.close()


def test_every_reason_has_its_words():
    assert set(NO_COPY) == set(NoCopy)
