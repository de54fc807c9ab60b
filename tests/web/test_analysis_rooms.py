"""One procedure from all sides: what a reform team asks after the first look."""

import re

import pytest
from playwright.sync_api import expect

from tests.web.server import log_in

pytestmark = pytest.mark.browser
BIRTH = "/analysis/1.001193"


@pytest.fixture
def reform(page, shared_server):
    return log_in(page, shared_server, "chanhvanphong", BIRTH)


def test_every_room_is_a_tab_and_keeps_the_period(reform):
    reform.get_by_role("link", name="1 năm").click()
    for name in (
        "Chờ và xử lý",
        "Hàng đợi",
        "Thành phần thiếu",
        "Bao lâu thì xong",
        "So sánh",
        "Nếu thay đổi",
    ):
        reform.get_by_role("link", name=name, exact=True).click()
        reform.wait_for_url("**days=365")
        expect(reform.get_by_role("link", name=name, exact=True)).to_have_attribute(
            "aria-current", "page"
        )


def test_waiting_and_handling_are_drawn_to_one_scale_with_the_limit_as_a_tick(reform):
    reform.goto(reform.url + "/waits")
    expect(reform.locator(".lead")).to_contain_text(re.compile(r"Hồ sơ nằm chờ \d+% thời gian"))
    bars = reform.locator(".step-bars tbody tr")
    assert bars.count() > 2
    expect(bars.first.get_by_role("img")).to_have_attribute(
        "aria-label", re.compile("^chờ .*, xử lý")
    )
    assert reform.locator(".step-bars .step-limit").count() > 0


def test_a_number_leads_to_the_dossiers_it_counts(reform):
    reform.goto(reform.url + "/waits")
    row = reform.locator(".step-bars tbody tr").first
    step, link = row.get_by_role("rowheader").inner_text(), row.locator("td a")
    counted = int(link.inner_text())
    link.click()
    expect(reform.get_by_role("heading", level=1)).to_have_text("Lượt đã qua bước")
    expect(reform.locator(".lead")).to_contain_text(step.split("\n")[0])
    expect(reform.locator(".lead")).to_contain_text(re.compile(rf"^{counted} lượt của \d+ hồ sơ"))
    reform.locator("table.rows tbody a").first.click()
    expect(reform.locator("h1")).to_be_visible()


def test_the_queue_says_whether_its_figures_hold_together(reform):
    reform.goto(reform.url + "/queue")
    expect(reform.locator(".lead")).to_contain_text("Hàng đợi dài nhất ở bước")
    expect(reform.locator(".chart canvas")).to_be_visible()
    expect(reform.get_by_role("columnheader", name="Kiểm tra theo luật Little")).to_be_visible()


def test_the_components_that_citizens_lack_lead_to_their_dossiers(reform):
    reform.goto(reform.url + "/components?days=365")
    link = reform.locator("tbody tr").first.locator("td a").first
    number = link.inner_text()
    link.click()
    expect(reform.get_by_role("heading", level=1)).to_have_text("Hồ sơ thiếu thành phần")
    expect(reform.locator(".lead")).to_contain_text(f"{number} hồ sơ")


@pytest.mark.parametrize("room", ["waits", "queue", "components", "spread", "compare", "what-if"])
def test_a_room_keeps_the_rules_for_everybody_and_fits_a_phone(phone, shared_server, axe, room):
    log_in(phone, shared_server, "chanhvanphong", f"{BIRTH}/{room}?days=365")
    assert axe(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_room_without_work_says_what_to_do(reform, shared_server):
    for room in ("waits", "queue", "components", "spread"):
        reform.goto(f"{shared_server.url}{BIRTH}/{room}?first=2025-01-01&last=2025-01-02")
        expect(reform.locator(".empty")).to_be_visible()


def test_a_list_behind_nothing_that_is_known_is_refused(reform, shared_server):
    answer = reform.goto(f"{shared_server.url}/dossiers/counted?counted=nonsense")
    assert answer.status == 422


def test_how_long_it_takes_is_drawn_with_the_limit_and_proposes_one(reform):
    reform.goto(reform.url + "/spread?days=365")
    expect(reform.locator(".lead")).to_contain_text("Một nửa số hồ sơ xong trong")
    expect(reform.locator(".chart canvas")).to_be_visible()
    reform.get_by_role("link", name="80% phải kịp").click()
    reform.wait_for_url("**share=80")
    whole = reform.get_by_role("row").filter(has_text="Cả quy trình")
    expect(whole.locator("strong")).to_contain_text(re.compile("ngày|giờ"))


def test_two_periods_of_few_dossiers_are_not_called_different(reform):
    reform.goto(reform.url + "/compare?days=30")
    expect(reform.locator(".lead")).to_contain_text("chưa đủ hồ sơ để kết luận")
    rate = reform.get_by_role("row").filter(has=reform.get_by_role("rowheader", name="Đúng hạn"))
    expect(rate).to_contain_text("chưa đủ số liệu")


def test_two_units_are_chosen_from_a_list_and_stay_in_the_address(reform):
    reform.goto(reform.url + "/compare")
    reform.get_by_role("link", name="Hai đơn vị").click()
    reform.get_by_label("Bên thứ hai").select_option(label="Lãnh đạo UBND")
    reform.get_by_role("button", name="So sánh").click()
    reform.wait_for_url("**by=unit**")
    expect(reform.locator("h2").first).to_contain_text("Lãnh đạo UBND")


def test_what_the_screen_shows_can_be_taken_along_as_a_table(reform):
    reform.goto(reform.url + "/waits")
    with reform.expect_download() as taken:
        reform.get_by_role("link", name="thời gian từng bước, CSV").click()
    assert taken.value.suggested_filename.startswith("steps-")


def test_every_count_of_the_overview_leads_to_its_dossiers(reform, shared_server):
    reform.goto(f"{shared_server.url}/analysis")
    for words in ("quá hạn", "đang xử lý lúc này"):
        tile = reform.locator(".stats div").filter(has=reform.get_by_text(words, exact=True))
        number = tile.locator("dd a").first.inner_text()
        tile.locator("dd a").first.click()
        expect(reform.locator(".lead")).to_contain_text(f"{number} hồ sơ")
        reform.go_back()


def test_what_if_there_were_one_person_more_is_answered_and_first_checked(reform):
    reform.goto(reform.url + "/what-if?days=365")
    reform.get_by_label("Thêm hay bớt mấy người").fill("1")
    reform.get_by_role("button", name="Dựng lại").click()
    reform.wait_for_url("**people=1**")
    expect(reform.locator(".lead")).to_contain_text("đúng hạn từ")
    expect(reform.get_by_role("heading", name="có sát thực tế không")).to_be_visible()
    changed = reform.get_by_role("row").filter(has_text="Phó Chủ tịch UBND")
    expect(changed.locator("strong")).to_have_text("3")


def test_a_change_that_no_office_can_make_is_refused_in_words(reform):
    reform.goto(reform.url + "/what-if?days=365&people=nhieu")
    expect(reform.get_by_role("alert")).to_contain_text("đã ghi “nhieu”: ghi số nguyên")
    reform.goto(reform.url.replace("people=nhieu", "supplements=300"))
    expect(reform.get_by_role("alert")).to_contain_text("đã ghi “300”: ghi phần trăm")


def test_another_limit_for_a_step_is_counted_at_once(reform, shared_server, axe):
    reform.goto(reform.url + "/what-if?days=365")
    reform.get_by_label("Thời hạn của bước đó").fill("0,25")
    reform.get_by_role("button", name="Dựng lại").click()
    reform.wait_for_url("**step_limit=0%2C25**")
    told = reform.get_by_text(re.compile(r"với thời hạn 2 giờ, nếu mọi người vẫn làm như cũ"))
    expect(told).to_be_visible()
    assert axe(reform) == []
    reform.goto(reform.url.replace("step_limit=0%2C25", "step_limit=-1"))
    expect(reform.get_by_role("alert")).to_contain_text("đã ghi “-1”: ghi số ngày làm việc")


NUMBERS = """found => found.map(each => [
    each.getAttribute('href'),
    each.textContent.trim(),
    each.querySelector('[title]')?.title ?? '',
])"""


@pytest.mark.parametrize(
    "path",
    [
        "/analysis",
        f"{BIRTH}?days=365",
        f"{BIRTH}/waits?days=365",
        f"{BIRTH}/queue?days=60",
        f"{BIRTH}/queue?first=2026-02-01&last=2026-02-28",
        f"{BIRTH}/components?days=365",
        f"{BIRTH}/spread?days=365",
        f"{BIRTH}/compare?days=30",
        f"{BIRTH}/compare?days=30&by=unit",
    ],
)
def test_every_number_is_as_long_as_its_list_and_the_list_leads_back(reform, shared_server, path):
    reform.goto(f"{shared_server.url}{path}")
    links = reform.locator('main a[href^="/dossiers/counted"]').evaluate_all(NUMBERS)
    assert links
    for href, number, seconds in links:
        answer = reform.request.get(f"{shared_server.url}{href}").text()
        listed = int(re.search(r'class="lead">(\d+) (hồ sơ|lượt|lần)', answer).group(1))
        if seconds:  # a sum of times: the list says the same sum
            assert f'cộng lại <span class="nowrap" title="{seconds}">' in answer, href
        else:
            assert listed == int(number), href
        assert f'<a href="{path.replace("&", "&amp;")}">← Phân tích</a>' in answer


def test_the_share_on_time_has_three_names_each_with_its_numbers_and_interval(
    reform, shared_server
):
    reform.goto(f"{shared_server.url}/analysis")
    for rule in ("Biểu II.06a", "Nghị định 61/2018", "Quyết định 766 (chỉ số 2.1)"):
        row = reform.get_by_role("row").filter(
            has=reform.get_by_role("rowheader", name=rule, exact=True)
        )
        expect(row).to_have_count(1)
        part, whole = (int(each) for each in row.locator("td a").all_inner_texts())
        assert 0 < part <= whole
        expect(row).to_contain_text(re.compile(r"\d+,\d\d%\s*\d+,\d–\d+,\d%"))
    first = reform.get_by_role("row").filter(has_text="Biểu II.06a")
    share = first.locator("strong").inner_text()
    assert reform.locator(".lead strong").first.inner_text() == share


def test_the_share_of_the_overview_is_the_one_of_form_06a_for_the_same_days(reform, shared_server):
    days = "first=2026-03-01&last=2026-03-20"
    reform.goto(f"{shared_server.url}/analysis?{days}")
    part, whole = re.search(r"\((\d+)/(\d+) ", reform.locator(".lead").inner_text()).groups()
    reform.goto(f"{shared_server.url}/reports/06a?{days}")
    columns = [int(each) for each in reform.locator("tfoot td.number").all_inner_texts() if each]
    early, on_time, handled = columns[5], columns[6], columns[4]
    assert (int(part), int(whole)) == (early + on_time, handled)


@pytest.mark.parametrize("path", ["/analysis", BIRTH, f"{BIRTH}/spread", f"{BIRTH}/compare"])
def test_each_page_with_rates_can_be_taken_along_as_tables(reform, shared_server, path):
    reform.goto(f"{shared_server.url}{path}")
    links = reform.locator('main a[href*=".csv"]').evaluate_all(
        "found => found.map(each => each.getAttribute('href'))"
    )
    assert links
    for href in links:
        answer = reform.request.get(f"{shared_server.url}{href}")
        assert answer.ok, href
        assert answer.body().startswith(b"\xef\xbb\xbf"), href
