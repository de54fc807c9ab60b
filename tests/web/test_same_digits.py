"""A question has one answer: on the page, as data, as a table, in a report and on the command line."""

import csv
import io
import json
import re

import openpyxl
import pytest
from typer.testing import CliRunner

from api.cli import app
from tests.web.server import log_in

pytestmark = pytest.mark.browser
CODE = "1.001193"
PERIOD = "first=2026-02-01&last=2026-03-23"
ROOM = f"/analysis/{CODE}"


@pytest.fixture
def reform(page, shared_server):
    return log_in(page, shared_server, "chanhvanphong", f"{ROOM}?{PERIOD}")


def rows_of(reform, shared_server, measure):
    """The measure as data, and as a table."""
    asked = f"{shared_server.url}/api/v1/analysis/measures/{measure}"
    narrowed = f"{PERIOD}&procedure={CODE}"
    data = reform.request.get(f"{asked}?{narrowed}").json()["rows"]
    return data, lines(reform.request.get(f"{asked}/table.csv?{narrowed}").text())


def lines(text):
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def cells(reform, heading):
    """The rows of the table below a heading: what each cell says."""
    found = reform.locator(f"h2:has-text('{heading}') + table tbody tr").all()
    return [row.locator("th, td").all_inner_texts() for row in found]


def spoken(number):
    """As the page writes a percentage."""
    return f"{number:.2f}%".replace(".", ",")


def test_the_three_shares(reform, shared_server):
    shown = cells(reform, "Tỷ lệ đúng hạn theo ba cách tính")
    data, table = rows_of(reform, shared_server, "on-time")
    assert len(shown) == len(data) == len(table) == 3
    for row, told, line in zip(shown, data, table, strict=True):
        rate = told["rate"]
        assert [row[2], row[3], row[4]] == [
            str(rate["part"]),
            str(rate["whole"]),
            spoken(rate["percent"]),
        ]
        said = (line["rate.part"], line["rate.whole"], float(line["rate.percent"]))
        assert said == (row[2], row[3], rate["percent"])
        low, high = (float(each.replace(",", ".")) for each in re.findall(r"\d+,\d", row[5]))
        assert low <= 100 * told["interval"]["low"] <= rate["percent"] + 0.01
        assert 100 * told["interval"]["high"] <= high


def test_form_06a_has_the_first_of_them_in_every_shape(
    reform, shared_server, monkeypatch, tmp_path
):
    monkeypatch.setattr("api.cli.post.SystemClock", lambda: shared_server.clock)
    data, _ = rows_of(reform, shared_server, "on-time")
    part, whole = data[0]["rate"]["part"], data[0]["rate"]["whole"]
    address = f"{shared_server.url}/reports/06a"
    asked = f"by=procedure&procedure={CODE}&{PERIOD}"
    (line,) = (
        line
        for line in lines(reform.request.get(f"{address}.csv?{asked}").text())
        if line["Thủ tục"] == "Đăng ký khai sinh"
    )
    handled = "Số hồ sơ đã giải quyết"
    early, on_time, of = (
        line[f"{handled} / {name}"] for name in ("Trước hạn", "Đúng hạn*", "Tổng số")
    )
    assert (int(early) + int(on_time), int(of)) == (part, whole)
    api = f"{shared_server.url}/api/v1/reports/06a"
    (row,) = reform.request.get(f"{api}?{asked}").json()["lines"]
    assert [str(each) for each in row["cells"][2:]] == list(line.values())[2:]
    book = openpyxl.load_workbook(io.BytesIO(reform.request.get(f"{api}.xlsx?{asked}").body()))
    written = [[cell.value for cell in row] for row in book.active.iter_rows()]
    assert [int(each) for each in list(line.values())[2:]] in [row[2:13] for row in written]
    command = ["report", "06a", "--from", "2026-02-01", "--to", "2026-03-23", "--by", "procedure"]
    command += ["--procedure", CODE, "--json", "--database", shared_server.database_url]
    told = json.loads(CliRunner().invoke(app, command).stdout)
    assert told["lines"] == [row]


def test_what_citizens_lacked(reform, shared_server):
    data, table = rows_of(reform, shared_server, "missing")
    reform.goto(f"{shared_server.url}{ROOM}/components?{PERIOD}")
    shown = [
        row.locator("th, td").all_inner_texts() for row in reform.locator("table tbody tr").all()
    ]
    assert len(shown) == len(data) == len(table) > 0
    for row, told, line in zip(shown, data, table, strict=True):
        assert row[1] == str(told["returned"]["part"]) == line["returned.part"]
        assert row[2].startswith(spoken(told["returned"]["percent"]))
        assert row[3] == spoken(told["cumulative"]["percent"])
        assert float(line["cumulative.percent"]) == told["cumulative"]["percent"]


def test_the_queue(reform, shared_server):
    data, table = rows_of(reform, shared_server, "queue")
    reform.goto(f"{shared_server.url}{ROOM}/queue?{PERIOD}")
    shown = reform.locator("table:has(th:text('Little')) tbody tr").all()
    assert len(shown) == len(data) == len(table) > 0
    for row, told, line in zip(shown, data, table, strict=True):
        assert row.locator("th").inner_text().split("\n")[0] == told["name"] == line["name"]
        mean = row.locator("[data-label='Hàng đợi trung bình']").inner_text()
        assert float(mean.replace(",", ".")) == round(told["little"]["mean_queue"], 2)
        assert float(line["little.mean_queue"]) == told["little"]["mean_queue"]
        most = row.locator("[data-label='Nhiều nhất']").inner_text()
        assert int(most.split()[0]) == max(day["waiting"] for day in told["days"])


def test_the_comparison(reform, shared_server):
    reform.goto(f"{shared_server.url}{ROOM}/compare?{PERIOD}")
    first = reform.locator("table tbody tr").first.locator("td").all_inner_texts()
    table = lines(reform.request.get(f"{shared_server.url}{ROOM}/compare.csv?{PERIOD}").text())
    (share,) = (line for line in table if line["measure"] == "on_time")
    assert f"({share['share.b.part']}/{share['share.b.whole']})" in first[1]
    assert spoken(float(share["share.b.percent"])) in first[1]
    (of_ways,) = (line for line in table if line["measure"] == "ways")
    went = [line for line in table if line["measure"] == "way"]
    assert len(went) >= reform.locator("h2:has-text('Đường hồ sơ đi') + table tbody tr").count()
    assert of_ways["fresh_at"].startswith("2026-03-23T09:30")
    data, _ = rows_of(reform, shared_server, "changes")
    of_steps = {line["element_id"]: line for line in table if line["measure"] == "step"}
    assert {row["element_id"] for row in data} == set(of_steps)
    for row in data:
        for name in ("n_a", "n_b", "median_b", "shift_ws", "p", "q"):
            said = of_steps[row["element_id"]][name]
            assert said == ("" if row["durations"][name] is None else str(row["durations"][name]))


def test_how_long_it_takes_never_rounds_in_its_own_favour(reform, shared_server):
    reform.goto(f"{shared_server.url}{ROOM}/spread?{PERIOD}&share=85")
    shown = reform.locator("table:has(th:text('Đề xuất')) tbody tr").all()
    asked = f"{PERIOD}&procedure={CODE}&share=85"
    api = f"{shared_server.url}/api/v1/analysis/measures/limits"
    data = reform.request.get(f"{api}?{asked}").json()["rows"]
    table = lines(reform.request.get(f"{api}/table.csv?{asked}").text())
    assert len(shown) == len(data) == len(table) > 1
    for row, told, line in zip(shown, data, table, strict=True):
        number = row.locator("[data-label='Lượt']").inner_text()
        assert number == str(told["proposed"]["n"]) == line["proposed.n"]
        shares = [each["share"] for each in told["proposed"]["around"]]
        kept = re.findall(r": (\d+),(\d)%", row.locator("[data-label='Kịp']").inner_text())
        for share, (whole, tenth) in zip(shares, kept, strict=True):
            assert 0 <= 100 * share + 1e-9 - float(f"{whole}.{tenth}") < 0.1 + 1e-6
