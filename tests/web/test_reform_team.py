"""A reform team's question: where does the time go? The answer comes first, then why."""

import re

import pytest
from playwright.sync_api import expect

from tests.web.server import in_english, log_in

pytestmark = pytest.mark.browser


@pytest.fixture
def reform(page, shared_server):
    return log_in(page, shared_server, "chanhvanphong", "/analysis")


def test_the_answer_stands_in_the_first_line(reform):
    expect(reform.locator(".lead")).to_have_text(
        re.compile(
            r"Đúng hạn \d+,\d\d% \(\d+/\d+ hồ sơ đã giải quyết, theo biểu 06a\)"
            r".*Trễ nhiều nhất ở bước .+ làm việc\."
        )
    )
    worst = reform.locator("table").first.locator("tbody th a").first.inner_text()
    expect(reform.locator(".lead strong").last).to_have_text(worst)


def test_a_step_leads_to_its_procedure_with_heat_and_the_same_numbers(reform):
    row = reform.locator("table").first.locator("tbody tr").first
    step = row.locator("th a").inner_text()
    late = row.get_by_role("cell").nth(2).inner_text()
    row.locator("th a").click()
    expect(reform.locator("[data-drawn]")).to_be_visible()
    expect(reform.locator(".pin--heat")).not_to_have_count(0)
    figures = reform.get_by_role("region", name="Số liệu từng bước")
    same = figures.get_by_role("row").filter(has_text=step).first
    assert same.get_by_role("cell").nth(1).inner_text() == late
    drawn = reform.get_by_role("img", name=re.compile(rf"^{re.escape(step)}\. .*{late} lượt trễ"))
    expect(drawn).to_have_count(1)


def test_the_reform_teams_page_as_a_picture(reform, picture):
    reform.locator("table").first.locator("tbody a").first.click()
    expect(reform.locator(".pin--heat")).not_to_have_count(0)
    picture(reform, "reform")


def test_another_measure_colours_the_drawing_and_stays_in_the_address(reform):
    reform.goto(reform.url.partition("?")[0] + "/1.013831?days=30")
    expect(reform.locator(".diagram__legend")).to_contain_text("> 150%")
    reform.get_by_role("link", name="Chờ", exact=True).click()
    reform.wait_for_url("**/analysis/1.013831?days=30&metric=waiting")
    expect(reform.locator(".diagram__legend")).to_contain_text("có người nhận")
    reform.get_by_role("link", name="1 năm").click()
    reform.wait_for_url("**/analysis/1.013831?days=365&metric=waiting")
    expect(reform.locator("[data-drawn]")).to_be_visible()


def test_a_period_of_ones_own_is_kept_on_the_way_down_and_back(reform):
    reform.get_by_label("Từ", exact=True).fill("2026-03-01")
    reform.get_by_label("đến").fill("2026-03-20")
    reform.get_by_role("button", name="Xem kỳ này").click()
    expect(reform.locator("main")).to_contain_text("Kỳ 01/03/2026 – 20/03/2026")
    reform.locator("table").first.locator("tbody a").first.click()
    reform.wait_for_url("**first=2026-03-01&last=2026-03-20")
    expect(reform.locator("main")).to_contain_text("Kỳ 01/03/2026 – 20/03/2026")
    reform.get_by_role("main").get_by_role("link", name="Phân tích").click()
    reform.wait_for_url("**/analysis?first=2026-03-01&last=2026-03-20")


def test_a_period_without_work_says_so_and_shows_the_way_on(reform, shared_server):
    reform.goto(f"{shared_server.url}/analysis?first=2025-01-01&last=2025-02-01")
    expect(reform.locator(".lead")).to_have_text("Chưa có hồ sơ nào xử lý xong trong kỳ này.")
    reform.get_by_role("link", name="Xem 90 ngày gần nhất").click()
    expect(reform.locator(".lead")).to_contain_text("Đúng hạn")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("first=2026-03-20&last=2026-03-01", "ngày cuối 2026-03-01 trước ngày đầu 2026-03-20"),
        ("first=hom-qua", "Chưa đọc được ngày."),
    ],
)
def test_a_period_that_is_none_is_refused_and_the_usual_one_shown(
    reform, shared_server, query, said
):
    reform.goto(f"{shared_server.url}/analysis?{query}")
    expect(reform.get_by_role("alert")).to_contain_text(said)
    expect(reform.locator(".lead")).to_contain_text("Đúng hạn")


def test_months_are_drawn_as_a_line_and_told_as_a_table(reform):
    chart = reform.locator(".chart canvas")
    expect(chart).to_be_visible()
    reform.get_by_text("Số liệu theo tháng").click()
    expect(reform.get_by_role("rowheader", name="03/2026")).to_be_visible()


def test_the_late_dossiers_behind_a_number_are_one_step_away(reform, shared_server):
    reform.goto(f"{shared_server.url}/analysis/1.001193")
    reform.get_by_role("link", name="Xem các hồ sơ trễ của quy trình này").click()
    expect(reform.get_by_role("heading", level=1)).to_have_text("Hồ sơ: Đăng ký khai sinh")
    for row in reform.locator("table.rows tbody tr").all():
        expect(row).to_contain_text("Đăng ký khai sinh")
        expect(row.locator(".due--late")).to_be_visible()


def test_the_answer_in_english(reform, shared_server):
    in_english(reform, shared_server).goto(f"{shared_server.url}/analysis")
    expect(reform.locator(".lead")).to_contain_text(re.compile(r"On time: \d+\.\d\d% \(\d+/\d+"))


def test_who_may_not_read_it_is_not_offered_it(page, shared_server):
    log_in(page, shared_server, "motcua1", "/inbox")
    expect(page.get_by_role("link", name="Hộp việc")).to_be_visible()
    expect(page.get_by_role("link", name="Phân tích")).to_have_count(0)
    page.goto(f"{shared_server.url}/analysis")
    expect(page.locator("main")).to_contain_text("Người có quyền: tổ cải cách, lãnh đạo")
