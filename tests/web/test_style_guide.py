"""The parts of pages, all on one page: they render, hold the policy, and anyone can use them."""

import json
from datetime import datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from playwright.sync_api import expect

from api.assets import DIST, read_assets
from api.pages.frame import Part
from tests.web.conftest import ROOT

pytestmark = pytest.mark.browser

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
TYPES = {".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2"}
HERE = ROOT / "tests" / "web"
WORKING_DAY = 28_800
OVERLAYS = {
    "findings": {
        "tham_dinh": {"level": "error", "label": "2", "title": "Lỗi: chưa có thời hạn"},
        "du": {"level": "warning", "label": "1", "title": "Cảnh báo: thiếu nhánh mặc định"},
    },
    "path": {
        "tiep_nhan": {"level": "done", "label": "2 giờ", "title": "Đã xong, 2 giờ làm việc"},
        "f1": {"level": "done"},
        "f2": {"level": "done"},
        "tham_dinh": {"level": "late", "label": "trễ 1 ngày", "title": "Đang trễ 1 ngày làm việc"},
    },
    "heat": {
        "tiep_nhan": {"level": "0", "label": "1h / 4h", "title": "P90 1 giờ, thời hạn 4 giờ"},
        "tham_dinh": {"level": "5", "label": "64h / 40h", "late": "71 trễ", "title": "P90 64 giờ"},
        "ky": {"level": "3", "label": "15h / 16h", "title": "P90 15 giờ, thời hạn 16 giờ"},
        "tra": {"level": "1", "label": "5h / 8h", "title": "P90 5 giờ, thời hạn 8 giờ"},
    },
}
FOUND = [
    ("error", "tham_dinh", "Bước “Thẩm định hồ sơ” chưa có thời hạn."),
    ("error", None, "Quy trình chưa có số quyết định."),
    ("warning", "du", "Nhánh rẽ “Đủ điều kiện?” chưa có đường mặc định."),
]
ROWS = [
    ("H26.12-250221-0007", "Đăng ký biến động", "Thẩm định", "Lê Thị Hạnh", 45000, WORKING_DAY, 0),
    ("H26.12-250224-0001", "Tách thửa đất", "Ký duyệt", "Phạm Văn Đông", 20000, WORKING_DAY, 0),
    ("H26.12-250224-0002", "Cấp đổi giấy", "Đo đạc", "Nguyễn Ánh", 30000, 3 * WORKING_DAY, 40000),
    ("H26.12-250224-0003", "Xoá thế chấp", "Thẩm định", "Võ Thị Sáu", 3000, 2 * WORKING_DAY, 0),
]


def render(lang="vi", mode="findings", **changes):
    loader = ChoiceLoader([FileSystemLoader(ROOT / "api/web/templates"), FileSystemLoader(HERE)])
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
    weeks = [f"2025-{month:02}-{day:02}" for month in (8, 9, 10) for day in (4, 11, 18, 25)]
    p90 = [28, 27, 29, 28, 30, 33, 36, 35, 39, 41, 42, 44]
    context = {
        "officer": SimpleNamespace(name="Trần Văn Đức", roles={"staff"}),
        "rooms": [
            SimpleNamespace(key="inbox", address="/inbox", vi="Hộp việc", en="Inbox"),
            SimpleNamespace(key="dossiers", address="/dossiers", vi="Hồ sơ", en="Dossiers"),
        ],
        "here": "/",
        "part": lambda name="": Part(name, None),
        "new_key": lambda: "key",
        "lang": lang,
        "t": lambda vi, en: vi if lang == "vi" else en,
        "asset": read_assets(),
        "csrf_token": "token",
        "nav": "inbox",
        "flashes": [SimpleNamespace(kind="done", text="Đã chuyển đến Văn phòng đăng ký đất đai.")],
        "now": datetime(2025, 2, 24, 15, 10, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh")),
        "rows": ROWS,
        "overlays": {"mode": mode, "elements": OVERLAYS[mode]},
        "found": [
            SimpleNamespace(rule="", severity=s, element=e, vi=text, en=text)
            for s, e, text in FOUND
        ],
        "series": {
            "x": weeks,
            "xLabel": "Tuần bắt đầu",
            "yLabel": "giờ làm việc",
            "series": [
                {"label": "P90", "values": p90},
                {"label": "Trung vị", "values": [value / 2 for value in p90]},
            ],
            "limit": {"value": 40, "label": "thời hạn 40 giờ"},
        },
        **changes,
    }
    return environment.get_template("style_guide.html").render(context)


def serve(page, html):
    """The page and the built files as the product sends them: same policy, same addresses."""

    def answer(route):
        path = route.request.url.removeprefix("http://localhost")
        headers = {"Content-Security-Policy": POLICY}
        if path == "/diagram.bpmn":
            route.fulfill(body=(HERE / "style_guide.bpmn").read_bytes(), headers=headers)
        elif path.startswith("/static/"):
            file = DIST / path.removeprefix("/static/")
            headers["Content-Type"] = TYPES[file.suffix]
            route.fulfill(body=file.read_bytes(), headers=headers)
        else:
            headers["Content-Type"] = "text/html; charset=utf-8"
            route.fulfill(body=html, headers=headers)

    page.route("**/*", answer)
    page.goto("http://localhost/")


@pytest.fixture
def guide(page):
    def show(target=page, **changes):
        serve(target, render(**changes))
        expect(target.locator("[data-drawn]")).to_be_visible()
        return target

    return show


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("mode", ["findings", "path", "heat"])
def test_anyone_can_use_it_on_the_office_screen(guide, axe, lang, mode):
    assert axe(guide(lang=lang, mode=mode)) == []


def test_anyone_can_use_it_in_the_dark(guide, page, axe):
    page.emulate_media(color_scheme="dark")
    assert axe(guide()) == []


def test_anyone_can_use_it_on_a_phone(guide, phone, axe):
    guide(phone)
    assert axe(phone) == []
    width = phone.evaluate("document.documentElement.scrollWidth")
    assert width == 390, "nothing sticks out to the side"


def test_on_a_phone_each_cell_says_what_it_is(guide, phone):
    guide(phone)
    cell = phone.locator("td[data-label='Bước']").first
    assert cell.evaluate("e => getComputedStyle(e, '::before').content") == '"Bước"'


def test_a_late_dossier_says_so_in_words(guide):
    first = guide().locator("table.rows tbody tr").first
    expect(first).to_contain_text("Trễ 4 giờ 30 phút làm việc")
    bar = first.get_by_role("img")
    assert bar.get_attribute("aria-label") == (
        "Đã dùng 1 ngày 4 giờ làm việc, trễ 4 giờ 30 phút làm việc, thời hạn 1 ngày làm việc"
    )


def test_j_and_k_walk_the_list_and_enter_opens(guide):
    page = guide()
    page.locator("body").press("j")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(page.locator(".row-link").nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/dossiers/H26.12-250224-0001")


def test_slash_goes_to_the_search_but_not_while_typing(guide):
    page = guide()
    page.locator("body").press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("a/b")
    expect(page.get_by_role("searchbox")).to_have_value("a/b")


def test_a_decision_shows_its_consequences_first(guide):
    page = guide()
    page.get_by_text("Từ chối hồ sơ", exact=True).first.click()
    dialog = page.get_by_role("dialog", name="Từ chối hồ sơ này?")
    expect(dialog).to_contain_text("Hồ sơ kết thúc, không mở lại được.")
    dialog.get_by_text("Thôi").click()
    expect(dialog).to_be_hidden()


def test_what_is_wrong_has_the_focus(guide):
    expect(guide().get_by_role("alert")).to_be_focused()


def test_a_form_is_sent_once(guide):
    page = guide()
    sent = []

    def take(route):
        sent.append(route.request.post_data)
        route.fulfill(status=204)  # the browser stays on the page

    page.route("**/complete", take)
    page.get_by_label("Số bản").fill("1")
    with page.expect_response("**/complete"):
        page.evaluate(
            "() => { const b = document.querySelector('form[action=\"/complete\"] [name=draft]');"
            " b.click(); b.click(); b.click(); }"
        )
    expect(page.get_by_text("Lưu nháp")).to_have_attribute("aria-disabled", "true")
    assert len(sent) == 1
    assert "draft=1" in sent[0]


def test_a_dropped_diagram_is_sent_for_checking(guide):
    page = guide()
    with page.expect_request("**/upload") as sent:
        page.evaluate(
            """() => {
              const data = new DataTransfer();
              data.items.add(new File(["<x/>"], "quy trình.bpmn"));
              for (const kind of ["dragenter", "dragover", "drop"])
                document.body.dispatchEvent(
                  new DragEvent(kind, {bubbles: true, cancelable: true, dataTransfer: data}));
            }"""
        )
    assert "<x/>" in sent.value.post_data


def test_another_file_is_not_taken(guide):
    page = guide()
    page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.items.add(new File(["x"], "a.exe"));
          document.body.dispatchEvent(
            new DragEvent("drop", {bubbles: true, cancelable: true, dataTransfer: data}));
        }"""
    )
    expect(page.locator("#notes")).to_contain_text("Chỉ nhận tệp .bpmn")


def test_a_finding_leads_to_its_step_and_back(guide):
    page = guide()
    page.get_by_role("link", name="Thẩm định hồ sơ").click()
    step = page.locator(".djs-element[data-element-id=tham_dinh]")
    expect(step).to_be_focused()
    page.locator("button.pin--warning").click()
    expect(page.get_by_role("link", name="Đủ điều kiện?")).to_be_focused()
    expect(page.locator(".finding[data-selected]")).to_contain_text("chưa có đường mặc định")


def test_each_step_says_its_facts_to_those_who_listen(guide):
    page = guide(mode="heat")
    names = page.locator(".djs-element[role=img]").evaluate_all(
        "all => all.map(each => each.getAttribute('aria-label'))"
    )
    assert "Ký duyệt Giấy chứng nhận. P90 15 giờ, thời hạn 16 giờ" in names
    assert len(names) == 5


def test_heat_is_a_number_as_well_as_a_colour(guide):
    page = guide(mode="heat")
    expect(page.locator(".pin--heat").filter(has_text="64h / 40h")).to_be_visible()
    expect(page.locator(".late-chip")).to_have_text("⚠ 71 trễ")
    expect(page.locator(".diagram__legend")).to_contain_text("> 150%")


def test_the_mark_of_the_drawing_library_is_in_full_view(guide):
    # Its licence asks for that.
    page = guide(mode="heat")
    page.locator(".bjs-powered-by").scroll_into_view_if_needed()
    on_top = page.locator(".bjs-powered-by").evaluate(
        """mark => {
          const box = mark.getBoundingClientRect();
          const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
          return box.width > 40 && box.height > 15 && mark.contains(top);
        }"""
    )
    assert on_top


def test_a_diagram_that_cannot_be_drawn_says_why(page):
    html = render().replace("/diagram.bpmn", "/none.bpmn")
    serve(page, html)
    said = page.get_by_text("Chưa vẽ được sơ đồ")
    expect(said).to_be_visible()
    expect(page.locator(".finding")).to_have_count(3)


def test_a_line_is_drawn_with_its_axes(guide):
    chart = guide().locator(".chart canvas")
    expect(chart).to_be_visible()
    assert chart.bounding_box()["width"] > 500


def test_without_scripts_the_decision_is_still_there(browser):
    page = browser.new_page(java_script_enabled=False)
    serve(page, render())
    page.get_by_text("Từ chối hồ sơ", exact=True).first.click()
    expect(page.get_by_text("Hồ sơ kết thúc, không mở lại được.")).to_be_visible()
    page.close()


def test_without_a_build_the_page_says_so(tmp_path):
    html = render(asset=read_assets(tmp_path))
    assert "Các tệp giao diện chưa được dựng" in html
    assert '<script type="module"' not in html


def test_untrusted_text_stays_text():
    html = render(rows=[("c", "<script>x</script>", "b", "c", 1, 2, 0)])
    assert "<script>x</script>" not in html
    assert json.dumps("<") not in html
