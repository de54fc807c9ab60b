"""An office that has just begun: the analysis says what there is, and leads to it."""

import re
import shutil

import pytest
from playwright.sync_api import expect

from engine.dossiers.receive import receive
from tests.engine.offices import BPMN, open_ward
from tests.web.server import FIRST_DAY, SCENARIOS, Server, _free_port, _settled, log_in, reception

pytestmark = pytest.mark.browser
BIRTH = "/analysis/1.001193"


@pytest.fixture(scope="module")
def young(sqlite_files, tmp_path_factory):
    """A ward that received its first dossier this morning."""
    folder = tmp_path_factory.mktemp("young")
    ward = open_ward(sqlite_files.fresh(folder))
    ward.clock.set(FIRST_DAY)
    for path in (BPMN / "procedures").glob("*khai-sinh*.bpmn"):
        ward.publish(path.read_bytes(), path.name)
    first = reception("1.001193", SCENARIOS["1.001193"][0], "Nguyễn Thị Đầu Tiên")
    receive(ward.office, ward.actors["motcua2"], first)
    ward.office.database.close()
    settled = _settled(folder / "quytrinh.db")
    shutil.copyfile(settled, folder / "office.db")
    server = Server(f"sqlite:///{folder / 'office.db'}", _free_port())
    server.clock.set(FIRST_DAY)
    yield server
    server.stop()


@pytest.fixture
def reform(page, young):
    return log_in(page, young, "chanhvanphong", "/analysis")


@pytest.mark.parametrize("path", ["/analysis", BIRTH])
def test_what_is_being_handled_is_said_where_nothing_is_finished(reform, young, path):
    reform.goto(f"{young.url}{path}")
    said = reform.get_by_text(re.compile("Đang xử lý lúc này"))
    expect(said).to_contain_text("1 hồ sơ")
    said.get_by_role("link", name="1").first.click()
    expect(reform.locator(".lead")).to_contain_text("1 hồ sơ")


@pytest.mark.parametrize(
    "path", ["", "/waits", "/queue", "/components", "/spread", "/compare", "/what-if"]
)
def test_each_room_of_one_dossier_keeps_the_rules_for_everybody(reform, young, axe, path):
    reform.goto(f"{young.url}{BIRTH}{path}")
    expect(reform.locator(".lead")).not_to_be_empty()
    assert axe(reform) == []


def test_the_curve_of_one_open_dossier_reaches_to_a_hundred_and_counts_it(reform, young):
    reform.goto(f"{young.url}{BIRTH}/spread")
    drawn = reform.evaluate("JSON.parse(document.querySelector('#series').textContent)")
    assert drawn["top"] == 100
    expect(reform.locator("figcaption")).to_contain_text("1 chưa xong cũng được tính")
