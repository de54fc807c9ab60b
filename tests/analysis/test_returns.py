"""What went back to applicants is counted by component, reason, officer and unit."""

from datetime import date

import pytest

from analysis.period import Period
from analysis.returns import ReturnKind, returns
from engine.dossiers.complete_step import complete_step
from engine.dossiers.end_early import discontinue, refuse, withdraw
from engine.dossiers.pauses import SupplementRequest, receive_supplement, request_supplement
from engine.dossiers.receive import Reception, receive
from engine.dossiers.send_back import send_back
from tests.engine.drawing import CLERK, OFFICER, component, draw, end, start, step

MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))
GROUND = "NĐ 61/2018/NĐ-CP, Điều 19"


def diagram():
    return draw(
        start(),
        step("A", lane=CLERK, status="2"),
        step("B", lane=OFFICER),
        end(),
        flows=("S A", "A B", "B E"),
        head='<qt:supplement policy="reset" atMost="2"/>'
        + component("DON")
        + component("ANH", required="optional"),
    )


class Life:
    """Dossiers of one procedure, and what officers do to them."""

    def __init__(self, ward):
        self.ward = ward
        self.clerk, self.officer = ward.holder(*CLERK), ward.holder(*OFFICER)
        self.first = ward.received(diagram(), 2026, 3, 2, 8, 0)

    def another(self, *when):
        self.ward.at(*when)
        reception = Reception(self.ward.file(self.first).version.procedure.code, "Trần Văn Bé")
        return receive(self.ward.office, self.clerk, reception)

    def ask(self, outcome, element, actor, codes, reason):
        run = self.ward.run(outcome, element).step_run_id
        asked = SupplementRequest(codes, reason, GROUND)
        request_supplement(self.ward.office, actor, run, asked)

    def complete(self, outcome, element, actor):
        return complete_step(self.ward.office, actor, self.ward.run(outcome, element).step_run_id)

    def register(self, period=MARCH):
        with self.ward.office.database.read() as connection:
            return returns(connection, self.ward.agency_id, period)


@pytest.fixture
def life(ward):
    return Life(ward)


def shares(found):
    return [(share.name, share.returns, share.dossiers) for share in found]


def test_each_return_is_a_line_with_who_where_and_why(life):
    ward, one = life.ward, life.first
    life.ask(one, "A", life.clerk, ("DON", "ANH"), "Thiếu chữ ký")
    ward.at(2026, 3, 3, 8, 0)
    receive_supplement(ward.office, life.clerk, one.dossier_id, ())
    life.complete(one, "A", life.clerk)
    ward.at(2026, 3, 3, 9, 0)
    life.ask(one, "B", life.officer, ("DON",), "thiếu chữ ký.")
    two = life.another(2026, 3, 4, 8, 0)
    life.complete(two, "A", life.clerk)
    ward.at(2026, 3, 5, 8, 0)
    reason = "Không thuộc thẩm quyền"
    refuse(ward.office, life.officer, ward.run(two, "B").step_run_id, reason)
    found = life.register()
    assert [(line.kind, line.stage, line.code, line.unit) for line in found.lines] == [
        (ReturnKind.REFUSAL, "", two.code, "van_phong"),
        (ReturnKind.SUPPLEMENT, "appraisal", one.code, "van_phong"),
        (ReturnKind.SUPPLEMENT, "counter", one.code, "mot_cua"),
    ]
    assert [line.legal_basis for line in found.lines] == ["", GROUND, GROUND]
    assert shares(found.by_component) == [("Giấy DON", 2, 1), ("Giấy ANH", 1, 1)]
    assert shares(found.by_reason) == [("thiếu chữ ký.", 2, 1), (reason, 1, 1)]
    assert shares(found.by_officer) == [(life.officer.name, 2, 2), (life.clerk.name, 1, 1)]
    assert [(share.returns, share.dossiers) for share in found.by_unit] == [(2, 2), (1, 1)]
    assert shares(found.by_kind) == [("supplement", 2, 1), ("refusal", 1, 1)]


def test_what_the_receiver_discontinues_is_of_the_receiving_unit(life):
    ward, one = life.ward, life.first
    life.complete(one, "A", life.clerk)
    ward.at(2026, 3, 3, 8, 0)
    discontinue(ward.office, life.clerk, one.dossier_id, "Người nộp đã chuyển nơi ở")
    (line,) = life.register().lines
    assert (line.kind, line.unit) == (ReturnKind.DISCONTINUED, "mot_cua")


def test_what_goes_back_inside_the_office_or_is_withdrawn_is_no_return(life):
    ward, one = life.ward, life.first
    life.complete(one, "A", life.clerk)
    run = ward.run(one, "B").step_run_id
    send_back(ward.office, life.officer, run, "A", "Ghi thiếu số trang")
    withdraw(ward.office, life.clerk, one.dossier_id, "Người nộp xin rút")
    assert life.register().lines == ()


def test_only_the_days_of_the_period_count(life):
    life.ward.at(2026, 3, 31, 16, 59)
    life.ask(life.first, "A", life.clerk, ("DON",), "Thiếu chữ ký")
    assert len(life.register().lines) == 1
    assert life.register(Period(date(2026, 4, 1), date(2026, 4, 30))).lines == ()
    assert len(life.register(Period(date(2026, 3, 31), date(2026, 3, 31))).lines) == 1
