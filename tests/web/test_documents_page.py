"""Files of a dossier in a real browser: chosen, dropped, photographed, looked at, replaced, removed."""

import io
from uuid import UUID

import pytest
from playwright.sync_api import expect

from engine.documents.keeping import arrive_from
from engine.documents.taking_in import Offered, take_in
from tests.engine.documents.files import pdf, picture
from tests.web.server import in_english, log_in

pytestmark = pytest.mark.browser

FORM = "Tờ khai đăng ký khai sinh (bản giấy)"
DROP = """([target, name, bytes]) => {
  const data = new DataTransfer();
  data.items.add(new File([new Uint8Array(bytes)], name));
  for (const kind of ["dragenter", "dragover", "drop"])
    target.dispatchEvent(new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
}"""


@pytest.fixture
def components(page, server):
    """The components of a new dossier, open to the clerk at its first step."""
    address = server.dossier("1.001193")
    log_in(page, server, "motcua1", address.removeprefix(server.url) + "?tab=components")
    return page


def field(page, name=FORM):
    return page.get_by_label(f"Chọn tệp cho {name}")


def sent(name, data):
    return {"name": name, "mimeType": "application/octet-stream", "buffer": data}


def bring(server, address, data, name="don.pdf", replaces=None):
    """A document that is there already."""
    people = server._people()
    dossier_id = UUID(address.rpartition("/")[2])
    with arrive_from(server.office, io.BytesIO(data)) as arrived:
        offered = Offered(dossier_id, "TO_KHAI", name, replaces)
        return take_in(server.office, people["motcua1"], offered, arrived).document


def test_files_are_chosen_and_stand_in_the_checklist(components, axe):
    field(components).set_input_files(
        [sent("don.pdf", pdf(pages=3)), sent("anh.jpg", picture("JPEG", (800, 600)))]
    )
    expect(components.get_by_role("link", name="don.pdf")).to_be_visible()
    expect(components.get_by_role("link", name="anh.jpg")).to_be_visible()
    expect(components.get_by_text("PDF, 3 trang")).to_be_visible()
    assert axe(components) == []


def test_a_file_is_dropped_onto_its_component(components):
    line = components.locator("li", has=field(components)).last
    data = list(pdf("tha vao"))
    components.evaluate(DROP, [line.element_handle(), "tha.pdf", data])
    expect(components.get_by_role("link", name="tha.pdf")).to_be_visible()


def test_a_refused_file_is_explained_where_it_was_chosen_and_the_others_go_on(components):
    field(components).set_input_files([sent("xau.pdf", b"MZ" + bytes(99)), sent("tot.pdf", pdf())])
    said = components.get_by_text("chương trình Windows")
    expect(said).to_be_visible()
    components.get_by_role("button", name="Bỏ qua").click()
    expect(components.get_by_role("link", name="tot.pdf")).to_be_visible()


def test_too_large_a_file_is_not_even_sent(components, tmp_path):
    large = tmp_path / "to.pdf"
    with large.open("wb") as file:
        file.truncate(50_000_001)
    field(components).set_input_files(large)
    expect(components.get_by_text("Tệp lớn hơn 50 MB")).to_be_visible()


def test_pictures_become_one_pdf(components):
    line = components.locator("li", has=field(components)).last
    line.get_by_text("ghép ảnh thành một PDF").click()
    pages = [sent(f"trang {n}.jpg", picture("JPEG", (800, 1100))) for n in (1, 2)]
    field(components).set_input_files(pages)
    expect(components.get_by_role("link", name="trang 1.jpg.pdf")).to_be_visible()
    expect(components.get_by_text("PDF, 2 trang")).to_be_visible()


def test_on_a_phone_the_camera_is_one_press_away(phone, server, axe):
    address = server.dossier("1.001193")
    log_in(phone, server, "motcua1", address.removeprefix(server.url) + "?tab=components")
    camera = phone.get_by_label(f"Chụp ảnh {FORM}")
    assert camera.get_attribute("capture") == "environment"
    assert camera.get_attribute("accept") == "image/*"
    phone.set_viewport_size({"width": 360, "height": 800})
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    camera.set_input_files([sent("IMG_0001.jpg", picture("JPEG", (800, 600)))])
    expect(phone.get_by_role("link", name="IMG_0001.jpg")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    assert axe(phone) == []


def test_without_script_the_same_fields_send_the_file(browser, server):
    context = browser.new_context(java_script_enabled=False, locale="vi-VN")
    plain = context.new_page()
    address = server.dossier("1.001193")
    log_in(plain, server, "motcua1", address.removeprefix(server.url) + "?tab=components")
    field(plain).set_input_files([sent("mot.pdf", pdf("1")), sent("hai.pdf", pdf("2"))])
    plain.get_by_role("button", name=f"Tải lên {FORM}").click()
    expect(plain.get_by_role("link", name="mot.pdf")).to_be_visible()
    expect(plain.get_by_role("link", name="hai.pdf")).to_be_visible()
    field(plain).set_input_files([sent("xau.pdf", b"<html></html>")])
    plain.get_by_role("button", name=f"Tải lên {FORM}").click()
    expect(plain.get_by_text("trang web (HTML)")).to_be_visible()
    context.close()


@pytest.fixture
def document(page, server):
    """The page of a document with an older version."""
    address = server.dossier("1.001193")
    first = bring(server, address, pdf("mot"))
    second = bring(server, address, pdf("hai", pages=2), "đơn mới.pdf", first.number)
    path = f"{address.removeprefix(server.url)}/documents/{second.number}"
    log_in(page, server, "motcua1", path)
    return page


def test_a_document_is_looked_at_page_by_page(document, axe):
    shown = document.get_by_role("img", name="Trang 1: đơn mới.pdf")
    expect(shown).to_be_visible()
    assert shown.evaluate("each => each.decode().then(() => each.naturalWidth)") == 1200
    document.get_by_role("link", name="Trang sau").click()
    expect(document.get_by_text("Trang 2/2")).to_be_visible()
    expect(document.get_by_role("link", name="Bản 1")).to_be_visible()
    assert axe(document) == []


def test_a_document_is_downloaded_under_its_name(document):
    with document.expect_download() as downloading:
        document.get_by_role("link", name="Tải về").click()
    assert downloading.value.suggested_filename == "đơn mới.pdf"


def test_a_document_is_replaced_and_the_older_one_kept(document):
    document.get_by_role("link", name="Thay bằng bản mới").click()
    dialog = document.get_by_role("dialog", name="Thay bằng bản mới?")
    dialog.get_by_label("Tệp mới").set_input_files([sent("ba.pdf", pdf("ba"))])
    dialog.get_by_role("button", name="Thay").click()
    expect(document.get_by_role("heading", name="ba.pdf")).to_be_visible()
    expect(document.get_by_role("link", name="Bản 2")).to_be_visible()
    document.get_by_role("link", name="Bản 2").click()
    expect(document.get_by_text("Bản cũ", exact=True)).to_be_visible()


def test_a_document_is_removed_with_a_reason(document):
    document.get_by_role("link", name="Xóa tệp").click()
    dialog = document.get_by_role("dialog", name="Xóa tệp này?")
    dialog.get_by_label("Lý do").fill("nhầm")
    dialog.get_by_role("button", name="Xóa").click()
    again = document.get_by_role("dialog", name="Xóa tệp này?")
    expect(again.get_by_role("alert")).to_be_visible()
    again.get_by_label("Lý do").fill("Nộp nhầm giấy của người khác")
    again.get_by_role("button", name="Xóa").click()
    expect(document.get_by_text("Đã xóa tệp.")).to_be_visible()
    document.get_by_role("link", name="Diễn biến").click()
    expect(document.get_by_text("Nộp nhầm giấy của người khác")).to_be_visible()


def test_who_has_nothing_to_do_with_the_dossier_sees_no_files(page, server, axe):
    address = server.dossier("1.001193")
    number = bring(server, address, pdf()).number
    path = address.removeprefix(server.url)
    in_english(log_in(page, server, "vanphong1", f"{path}?tab=components"), server)
    page.goto(f"{address}?tab=components")
    expect(page.get_by_text("Only who received the dossier")).to_be_visible()
    expect(page.get_by_role("link", name="don.pdf")).to_have_count(0)
    page.goto(f"{address}/documents/{number}")
    expect(page.get_by_text("You may not look at the documents")).to_be_visible()
    assert axe(page) == []
