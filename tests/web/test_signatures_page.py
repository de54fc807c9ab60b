"""Signatures of documents in a real browser: shown in words, prepared, taken back."""

import io
import logging
from datetime import datetime
from uuid import UUID

import pytest
from playwright.sync_api import expect

from engine.archive.stand_alone import verify
from engine.documents import taking_in
from engine.documents.keeping import arrive_from
from engine.documents.taking_in import Offered, take_in
from engine.signatures.exchange import look_for_signatures
from engine.signatures.trust import TrustFolder
from tests.engine.offices import VN
from tests.engine.signatures.authority import OFFICE, STRANGER, document, signed
from tests.web.server import log_in

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def _uploads_are_looked_at(monkeypatch, server, tmp_path):
    monkeypatch.setitem(taking_in.EXAMINERS, "signatures", look_for_signatures)
    server.office.trusted = TrustFolder(OFFICE().folder(tmp_path / "trust"))
    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)


def brought(server, address, data, name="quyet dinh.pdf"):
    """A document that is there already; its page."""
    dossier_id = UUID(address.rpartition("/")[2])
    with arrive_from(server.office, io.BytesIO(data)) as arrived:
        offered = Offered(dossier_id, "TO_KHAI", name)
        found = take_in(server.office, server._people()["motcua1"], offered, arrived).document
    return f"{address.removeprefix(server.url)}/documents/{found.number}"


def test_a_document_says_who_signed_when_and_whether_it_holds(page, server, axe):
    address = server.dossier("1.001193")
    once = signed(document(), OFFICE().officer, stamped_by=OFFICE().stamps)
    twice = signed(once, STRANGER().seal, "Dau", box=(300, 50, 450, 120))
    log_in(page, server, "motcua1", brought(server, address, twice))
    first, second = page.locator(".signature").all()
    expect(first).to_contain_text("Nguyễn Văn An (UBND phường)")
    expect(first).to_contain_text("Dùng được")
    expect(first).to_contain_text("theo dấu thời gian của TSA Chuyên dùng")
    expect(second).to_contain_text("Không dùng được")
    expect(second).to_contain_text("chứng thư không do tổ chức được cơ quan tin cậy cấp")
    assert axe(page) == []
    page.goto(f"{address}?tab=components")
    expect(page.get_by_text("Chữ ký số có vấn đề")).to_be_visible()
    assert axe(page) == []


def test_a_document_is_prepared_signed_elsewhere_and_sent_back(page, server, axe):
    address = server.dossier("1.001193")
    log_in(page, server, "motcua1", brought(server, address, document()))
    page.get_by_role("link", name="Chuẩn bị để ký số").click()
    page.get_by_role("button", name="Chuẩn bị", exact=True).click()
    expect(page.get_by_text("Đã thêm ô ký")).to_be_visible()
    with page.expect_download() as saved:
        page.get_by_role("link", name="Tải về").click()
    out = saved.value.path().read_bytes()
    assert out.startswith(document())

    def send(data):
        file = {"name": "da ky.pdf", "mimeType": "application/pdf", "buffer": data}
        page.get_by_label("Tệp đã ký").set_input_files(file)
        page.get_by_role("button", name="Gửi", exact=True).click()

    page.get_by_role("link", name="Gửi bản đã ký").click()
    send(signed(document("Quyet dinh so 99"), OFFICE().officer))
    expect(page.get_by_text("không phải đúng tài liệu đã chuẩn bị để ký").first).to_be_visible()
    assert axe(page) == []
    send(signed(out, OFFICE().officer, "KyCaNhan"))
    expect(page.get_by_text("Đã nhận bản đã ký.")).to_be_visible()
    expect(page.locator(".signature")).to_contain_text("Nguyễn Văn An")


def test_signatures_fit_a_phone(phone, server, axe):
    address = server.dossier("1.001193")
    log_in(phone, server, "motcua1", brought(server, address, signed(document(), OFFICE().officer)))
    phone.set_viewport_size({"width": 360, "height": 800})
    expect(phone.locator(".signature")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    assert axe(phone) == []


def test_a_head_takes_the_package_and_destroys_what_was_kept_long_enough(
    page, server, axe, monkeypatch
):
    settings = server.settings.model_copy(update={"retention_years": {"public": 1}})
    monkeypatch.setattr("api.pages.archive.settings_of", lambda _request: settings)
    server.clock.set(datetime(2028, 1, 3, 9, 0, tzinfo=VN))
    log_in(page, server, "chutich", "/archive")
    row = page.locator("tbody tr").first
    code = row.locator("th .quiet").inner_text()
    with page.expect_download() as saved:
        row.get_by_role("link", name="Gói lưu trữ").click()
    assert verify(saved.value.path())[1] == []
    address = page.url
    row.locator("a.row-link").click()
    expect(page.get_by_text("Lưu giữ đến hết")).to_be_visible()
    page.goto(address)
    row.get_by_role("link", name="Tiêu hủy").click()
    decision = page.locator("dialog[open]")
    decision.get_by_label("Quyết định tiêu hủy số").fill("12/QĐ-UBND")
    decision.get_by_label("Lý do, biên bản").fill("Biên bản số 5 của hội đồng")
    assert axe(page) == []
    decision.get_by_role("button", name="Tiêu hủy", exact=True).click()
    expect(page.get_by_text(f"Đã tiêu hủy hồ sơ {code}")).to_be_visible()
    expect(page.get_by_role("cell", name="12/QĐ-UBND")).to_be_visible()
    expect(page.get_by_role("cell", name="Biên bản số 5 của hội đồng")).to_be_visible()
    assert axe(page) == []
