"""What a page of the analysis draws and tells can be taken along, and each point leads to its list."""

import io
import re
from urllib.parse import quote

import openpyxl
import pytest
from playwright.sync_api import expect

from analysis.facts.office import office_facts
from analysis.period import Period
from analysis.queues.scope import Scope
from analysis.queues.utilisation import utilisation
from analysis.reports.counted import FEWEST
from api.opening_hours import hours_of
from engine.store.condition import agencies
from tests.web.server import log_in

pytestmark = pytest.mark.browser
BIRTH = "/analysis/1.001193"
NARROW = {"width": 360, "height": 780}


@pytest.fixture
def reform(page, shared_server):
    return log_in(page, shared_server, "chanhvanphong", BIRTH)


@pytest.mark.parametrize(
    ("path", "name", "told"),
    [
        ("/analysis", "on-time-by-month", "% đúng hạn"),
        (f"{BIRTH}/spread?days=365", "done-1.001193", "làm việc từ khi tiếp nhận"),
        (f"{BIRTH}/queue?days=60", "queue-1.001193", "lượt đang chờ"),
        (f"{BIRTH}?days=365", "heat-1.001193-pressure", "Tiếp nhận hồ sơ"),
    ],
)
def test_a_drawing_can_be_saved_with_its_title_days_and_freshness(
    reform, shared_server, path, name, told
):
    reform.goto(f"{shared_server.url}{path}")
    for kind, begins in (("SVG", b"<svg"), ("PNG", b"\x89PNG")):
        with reform.expect_download() as taken:
            reform.get_by_role("button", name=f"Tải hình {kind}").first.click()
        assert taken.value.suggested_filename == f"{name}.{kind.lower()}"
        found = taken.value.path().read_bytes()
        assert found.startswith(begins)
        if kind == "SVG":
            text = found.decode()
            assert told in re.sub(r"</tspan><tspan[^>]*>", " ", text)
            assert "số liệu đến" in text
            assert "NaN" not in text


def test_a_point_of_the_curve_leads_to_who_is_done_by_then_and_back(reform, shared_server):
    reform.goto(f"{shared_server.url}{BIRTH}/spread?days=365")
    chart = reform.locator(".chart")
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    reform.mouse.move(box["x"] + box["width"] * 0.7, box["y"] + 60)
    expect(reform.locator(".chart__readout")).to_contain_text("đã xong: ")
    reform.mouse.click(box["x"] + box["width"] * 0.7, box["y"] + 60)
    expect(reform.get_by_role("heading", level=1)).to_have_text("Hồ sơ đã xong")
    expect(reform.locator(".lead")).to_contain_text("làm việc")
    reform.get_by_role("link", name="← Phân tích").click()
    reform.wait_for_url(f"**{BIRTH}/spread?days=365")
    reform.go_back()
    expect(reform.get_by_role("heading", level=1)).to_have_text("Hồ sơ đã xong")
    reform.go_forward()
    reform.wait_for_url(f"**{BIRTH}/spread?days=365")


def test_a_month_of_the_line_leads_to_what_was_judged_in_it(reform, shared_server):
    reform.goto(f"{shared_server.url}/analysis")
    chart = reform.locator(".chart")
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    reform.mouse.click(box["x"] + 70, box["y"] + 60)
    expect(reform.get_by_role("heading", level=1)).to_have_text("Hồ sơ xong, có kết luận về hạn")


def test_names_of_lines_stand_below_where_beside_they_would_take_the_width(reform, shared_server):
    reform.goto(f"{shared_server.url}{BIRTH}/queue?days=60")
    drawn = reform.evaluate(
        "JSON.parse(document.querySelector('#series').textContent).series.length"
    )
    expect(reform.locator(".chart__names")).to_have_count(0)
    reform.set_viewport_size(NARROW)
    reform.reload()
    expect(reform.locator(".chart__names li")).to_have_count(drawn)
    assert reform.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


@pytest.mark.parametrize(
    "path", ["", "/waits", "/queue", "/components", "/spread", "/compare", "/what-if"]
)
def test_on_a_narrow_phone_no_room_is_wider_than_it_and_the_open_tab_is_in_sight(
    reform, shared_server, axe, path
):
    reform.set_viewport_size(NARROW)
    reform.goto(f"{shared_server.url}{BIRTH}{path}?days=365")
    assert reform.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    tab = reform.locator(".tabs a[aria-current]").first
    box = tab.bounding_box()
    assert box["x"] + box["width"] <= NARROW["width"]
    reform.evaluate("document.querySelectorAll('details').forEach(each => (each.open = true))")
    assert axe(reform) == []
    assert reform.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


@pytest.mark.parametrize("path", ["/analysis", f"{BIRTH}/spread?days=365", f"{BIRTH}/compare"])
def test_the_same_table_as_csv_and_as_excel_with_numbers_as_numbers(reform, shared_server, path):
    reform.goto(f"{shared_server.url}{path}")
    links = reform.locator('main a[href*="xlsx"]').evaluate_all(
        "found => found.map(each => each.getAttribute('href'))"
    )
    assert links
    for href in links:
        answer = reform.request.get(f"{shared_server.url}{href}")
        assert answer.ok, href
        sheet = openpyxl.load_workbook(io.BytesIO(answer.body())).active
        if href.startswith("/reports"):
            continue
        table = reform.request.get(f"{shared_server.url}{href.replace('.xlsx', '.csv')}").text()
        header = table.removeprefix("\ufeff").splitlines()[:1]
        told = [cell.value for cell in sheet[1] if cell.value is not None]
        assert ",".join(told) == "".join(header)
        for row in sheet.iter_rows(min_row=2):
            assert not any(isinstance(c.value, str) and c.value.isdecimal() for c in row[2:]), href


def test_limits_are_taken_along_for_the_share_that_is_shown(reform, shared_server):
    reform.goto(f"{shared_server.url}{BIRTH}/spread?days=365&share=80")
    shown = reform.get_by_role("region", name="Thời hạn đề xuất").locator("tbody tr").count()
    href = reform.get_by_role("link", name="thời hạn đề xuất, CSV").get_attribute("href")
    lines = reform.request.get(f"{shared_server.url}{href}").text().splitlines()
    assert len(lines) - 1 == shown


def test_a_whole_list_can_be_taken_along(reform, shared_server):
    reform.goto(f"{shared_server.url}/dossiers/counted?counted=step_ended&days=365")
    total = int(re.match(r"\d+", reform.locator(".lead").inner_text()).group())
    assert total > 50  # more than a page
    for kind, rows in (("CSV", _csv_rows), ("Excel", _excel_rows)):
        href = reform.get_by_role("link", name=kind, exact=True).get_attribute("href")
        answer = reform.request.get(f"{shared_server.url}{href}")
        assert rows(answer.body()) == total + 1


def _csv_rows(body):
    return len(body.decode("utf-8-sig").splitlines())


def _excel_rows(body):
    return openpyxl.load_workbook(io.BytesIO(body)).active.max_row


def test_two_tabs_with_other_periods_do_not_disturb_each_other(reform, shared_server):
    other = reform.context.new_page()
    reform.goto(f"{shared_server.url}{BIRTH}/waits?days=30")
    other.goto(f"{shared_server.url}{BIRTH}/waits?days=365")
    reform.get_by_role("link", name="Hàng đợi", exact=True).click()
    reform.wait_for_url("**/queue?days=30")
    other.get_by_role("link", name="Hàng đợi", exact=True).click()
    other.wait_for_url("**/queue?days=365")
    other.close()


def test_who_may_not_read_the_analysis_sees_no_list_and_no_file(page, shared_server):
    log_in(page, shared_server, "motcua1", "/inbox")
    for path in ("counted?counted=late", "counted.csv?counted=late", "counted.xlsx?counted=late"):
        assert page.request.get(f"{shared_server.url}/dossiers/{path}").status == 403


@pytest.mark.parametrize("away", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_a_list_leads_back_only_into_this_site(reform, shared_server, away):
    reform.goto(f"{shared_server.url}/dossiers/counted?counted=late&back={away}")
    expect(reform.get_by_role("link", name="← Phân tích")).to_have_attribute("href", "/analysis")


def test_a_side_that_there_is_not_is_said(reform, shared_server):
    reform.goto(f"{shared_server.url}{BIRTH}/compare?by=unit&a=khong-co")
    expect(reform.locator(".empty")).to_contain_text("Không có bên “khong-co”")
    reform.goto(f"{shared_server.url}{BIRTH}/compare?by=version")
    expect(reform.locator(".empty")).to_contain_text("mới ban hành 1 phiên bản")


def test_the_runs_of_a_position_that_one_person_holds_are_for_heads_and_only_if_many(
    reform, shared_server
):
    office, now = shared_server.office, shared_server.clock.now()
    (agency,) = agencies(office.database)
    with office_facts(office.database, agency, now) as facts:
        days = Period.last_days(now.date(), 90)
        posts = utilisation(facts, Scope.of(days), hours_of(office, agency, facts))
    assert any(post.people == 1 and post.runs < FEWEST for post in posts)
    for post in posts:
        asked = f"unit={quote(post.unit or '-')}&position={quote(post.position or '-')}"
        answer = reform.request.get(
            f"{shared_server.url}/dossiers/counted?counted=step_ended&{asked}"
        )
        seen = post.people != 1 or post.runs >= FEWEST
        assert answer.status == (200 if seen else 404), post
