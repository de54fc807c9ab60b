"""What is printed: the facts, in letters that are embedded, as PDF/A and accessible, the same bytes
each time; by the template that is valid on the day.
"""

import re
import unicodedata
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from pypdf import PdfReader

from engine.forms import press
from engine.forms.catalogue import (
    Template,
    drop_template,
    keep_template,
    own_templates,
    samples,
    shipped_templates,
    template_for,
)
from engine.forms.kinds import FormKind
from engine.forms.refusals import FormFailed, FormTooCostly, InvalidTemplate, NoTemplate
from engine.judging.room import JudgingRoom
from processes.errors import NotAllowed
from tests.engine.drawing import CLERK
from tests.engine.forms.filled import issued, opened, pdf

AT = datetime(2026, 3, 2, 1, 5, tzinfo=UTC)
LETTERS = "aàáảãạăằắẳẵặâầấẩẫậeèéẻẽẹêềếểễệiìíỉĩịoòóỏõọôồốổỗộơờớởỡợuùúủũụưừứửữựyỳýỷỹỵđ"
IDS = [template.template for template in shipped_templates()]
A5, A4 = (420, 595), (595, 842)


def drawn(template, facts=None):
    given = facts or {**samples()[template.kind], "form": template.form, "basis": template.basis}
    return press.pdf(template.source, given, AT)


def text_of(data):
    """The words in their order, without line breaks."""
    pages = (page.extract_text() for page in PdfReader(BytesIO(data)).pages)
    return squeezed("".join(pages))


def squeezed(text):
    return re.sub(r"\s+", "", unicodedata.normalize("NFC", text))


def texts(fact):
    if isinstance(fact, str):
        return fact.splitlines()
    if isinstance(fact, list):
        return [text for each in fact for text in texts(each)]
    return []


@pytest.mark.parametrize("template", shipped_templates(), ids=IDS)
def test_every_fact_is_printed(template):
    facts = {**samples()[template.kind], "form": template.form, "basis": template.basis}
    said = text_of(drawn(template)).lower()
    unsaid = {"title", "description", "agency", "parent"}
    if template.template.startswith("2018"):
        unsaid |= {"fee", "times", "stage", "until", "longer_days"}
    for name, fact in facts.items():
        for text in texts(fact) if name not in unsaid else []:
            assert squeezed(text).lower() in said, (name, text)


@pytest.mark.parametrize("template", shipped_templates(), ids=IDS)
def test_it_is_archivable_accessible_and_of_the_right_size(template):
    reader = PdfReader(BytesIO(drawn(template)))
    root = reader.trailer["/Root"]
    metadata = root["/Metadata"].get_object().get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part>" in metadata
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in metadata
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert root["/Lang"].lower().startswith("vi")
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert root["/OutputIntents"][0].get_object()["/S"] == "/GTS_PDFA1"
    assert not reader.is_encrypted
    assert reader.metadata.title.startswith(samples()[template.kind]["title"])
    assert "/JavaScript" not in str(root)
    box = reader.pages[0].mediabox
    size = sorted((round(float(box.width)), round(float(box.height))))
    small = template.kind is not FormKind.REGISTER and not template.template.startswith("office/")
    assert tuple(size) == (A5 if small else A4)
    if template.kind is FormKind.REGISTER:
        assert box.width > box.height


@pytest.mark.parametrize("template", shipped_templates(), ids=IDS)
def test_its_letters_are_in_the_file(template):
    for page in PdfReader(BytesIO(drawn(template))).pages:
        for font in page["/Resources"]["/Font"].values():
            (inner,) = font.get_object()["/DescendantFonts"]
            descriptor = inner.get_object()["/FontDescriptor"].get_object()
            assert {"/FontFile2", "/FontFile3"} & set(descriptor)
            assert "/ToUnicode" in font.get_object()


def test_every_vietnamese_letter_is_printed_as_itself():
    template = shipped_templates()[0]
    letters = LETTERS + LETTERS.upper()
    facts = {**samples()[FormKind.RECEIPT], "matter": letters}
    assert letters in text_of(drawn(template, facts))


def test_what_people_type_is_never_markup():
    typed = '#read("/parts.typ") *đậm* _nghiêng_ $x$ @y <z> \\ // #eval("1") = "'
    facts = {**samples()[FormKind.REFUSAL], "reason": typed}
    template = next(each for each in shipped_templates() if each.kind is FormKind.REFUSAL)
    assert squeezed(typed) in text_of(drawn(template, facts))


def test_a_dated_fact_and_nothing_of_the_machine_is_in_the_file():
    template = shipped_templates()[0]
    first, second = drawn(template), drawn(template)
    assert first == second
    said = PdfReader(BytesIO(first)).metadata
    assert said["/CreationDate"].startswith("D:20260302")


def test_a_new_process_makes_the_same_bytes(monkeypatch):
    template = shipped_templates()[0]
    first = drawn(template)
    room = JudgingRoom(1, press.SECONDS, press._start)
    monkeypatch.setattr(press, "_room", room)
    try:
        assert drawn(template) == first
    finally:
        room.close()


# By the day, and of the office's own


@pytest.mark.parametrize(
    ("kind", "day", "wanted"),
    [
        (FormKind.CONTROL_SLIP, date(2025, 6, 30), "2018/05"),
        (FormKind.CONTROL_SLIP, date(2025, 7, 1), "2025/06"),
        (FormKind.REGISTER, date(2025, 6, 30), "2018/06"),
        (FormKind.REGISTER, date(2026, 1, 1), "2025/07"),
        (FormKind.DISCONTINUATION, date(2026, 1, 1), "2025/05"),
    ],
)
def test_the_law_of_the_day_gives_the_form_its_number(sqlite_ward, kind, day, wanted):
    with sqlite_ward.office.database.read() as connection:
        found = template_for(connection, sqlite_ward.agency_id, kind, None, day)
    assert found.template == wanted


def test_before_2025_there_was_no_notice_of_discontinuation(sqlite_ward):
    with sqlite_ward.office.database.read() as connection, pytest.raises(NoTemplate):
        template_for(
            connection, sqlite_ward.agency_id, FormKind.DISCONTINUATION, None, date(2025, 6, 30)
        )


def test_of_each_kind_one_template_is_valid_on_every_day_of_the_law():
    for kind in FormKind:
        templates = [each for each in shipped_templates() if each.kind is kind]
        for day in (date(2018, 11, 23), date(2025, 6, 30), date(2025, 7, 1), date(2030, 1, 1)):
            valid = [each for each in templates if each.is_valid(day)]
            new = kind is FormKind.DISCONTINUATION and day < date(2025, 7, 1)
            assert len(valid) == (0 if new else 1), (kind, day)


OWN = Template(
    template="giay-cua-mot-cua",
    kind=FormKind.RECEIPT,
    form="Mẫu số 01",
    basis="Quyết định 5/QĐ-UBND",
    valid_from=date(2026, 1, 1),
    valid_to=None,
    source='#import "/parts.typ": *\n#form({ head(); title("Giấy riêng"); code-line() })\n',
    unit="mot_cua",
)


def admin(ward):
    return next(each for each in ward.actors.values() if "admin" in each.roles)


def test_a_unit_s_own_template_goes_before_the_law_s(ward):
    opened(ward)
    keep_template(ward.office, admin(ward), OWN)
    form = issued(ward, FormKind.RECEIPT)
    assert form.template == OWN.template
    assert "GIẤYRIÊNG" in text_of(pdf(ward, form))
    with ward.office.database.read() as connection:
        assert own_templates(connection, ward.agency_id)[0].unit == "mot_cua"
        other = template_for(
            connection, ward.agency_id, FormKind.RECEIPT, "tu_phap", date(2026, 3, 2)
        )
    assert other.template == "2025/01"
    assert drop_template(ward.office, admin(ward), OWN.template)
    assert text_of(pdf(ward, form)).count("GIẤYRIÊNG") == 1  # stays as it was issued


@pytest.mark.parametrize(
    "source",
    [
        "#let x = (",
        '#read("/etc/passwd")',
        '#read("/../press.py")',
        '#import "@preview/cetz:0.3.0": *\nx',
        "= Không có tiêu đề",
        "#facts.khong_co",
    ],
)
def test_a_template_that_cannot_be_drawn_is_not_kept(sqlite_ward, source):
    template = Template(**{**fields(OWN), "source": source})
    with pytest.raises(InvalidTemplate):
        keep_template(sqlite_ward.office, admin(sqlite_ward), template)


def fields(template):
    return {name: getattr(template, name) for name in Template.__slots__}


@pytest.mark.parametrize(
    "changed",
    [
        {"template": "2025/01"},
        {"template": ""},
        {"valid_to": date(2025, 12, 31)},
        {"source": "x" * 200_001},
    ],
)
def test_a_template_that_makes_no_sense_is_not_kept(sqlite_ward, changed):
    with pytest.raises(InvalidTemplate):
        keep_template(
            sqlite_ward.office, admin(sqlite_ward), Template(**{**fields(OWN), **changed})
        )


def test_only_an_administrator_has_templates_of_the_office_s_own(sqlite_ward):
    with pytest.raises(NotAllowed):
        keep_template(sqlite_ward.office, sqlite_ward.holder(*CLERK), OWN)


def test_a_template_that_never_ends_is_stopped_and_the_next_form_is_drawn(monkeypatch):
    room = JudgingRoom(1, 0.5, press._start)
    monkeypatch.setattr(press, "_room", room)
    endless = "#let f(n) = if n > 0 { f(n - 1) + f(n - 1) } else { 1 }\n#f(60)\n"
    try:
        with pytest.raises((FormTooCostly, FormFailed)):
            press.pdf(endless, samples()[FormKind.RECEIPT], AT)
        assert drawn(shipped_templates()[0])[:5] == b"%PDF-"
    finally:
        room.close()
