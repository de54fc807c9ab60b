"""A procedure in which everything that the engine does can be done, in an office of its own."""

from datetime import timedelta

from sqlalchemy import select

from engine.dossiers.components import Brought
from engine.dossiers.outcome import Outcome
from engine.dossiers.receive import Reception, receive
from engine.store.tables import step_run
from tests.engine.drawing import (
    CHIEF,
    CLERK,
    OFFICER,
    component,
    draw,
    end,
    field,
    gateway,
    limit_xml,
    needs,
    start,
    step,
    timer,
)
from tests.engine.offices import Ward, open_ward

CODE = "T-01"
CASES = (
    f'<qt:case code="normal" name="Thường">{limit_xml("5 working_day")}</qt:case>'
    f'<qt:case code="remote" name="Vùng xa">{limit_xml("9 working_day")}</qt:case>'
)
HEAD = (
    f'<qt:supplement policy="reset" atMost="1">{limit_xml("5 working_day")}</qt:supplement>'
    '<qt:extension atMost="1"/>' + component("DON", "original 1") + component("ANH", "plain_copy 2")
)

# A, then B and C side by side, then D, then signed and returned or sent round again. B has a
# reminder that does not interrupt it; nobody has to answer at C; who did B may not do D.
DIAGRAM = draw(
    start(),
    step("A", field("so_trang", "number", default="1"), lane=CLERK, status="2"),
    gateway("parallel", "F"),
    step("B", needs("DON"), field("ghi_chu"), limit="1 working_day"),
    timer("T", limit="4 working_hour", on="B", interrupting=False),
    step("R", lane=CHIEF),
    end("ER", outcome=None),
    step("C", lane=CHIEF, onTimeout="deemed_consent"),
    gateway("parallel", "J"),
    step(
        "D",
        '<qt:produces code="KQ" name="Kết quả"/>',
        field("y_kien", "choice", "dong_y", "lam_lai", default="dong_y"),
        notSameAs="B",
    ),
    gateway("exclusive", "X", default="E"),
    step("G", needs("ANH"), limit="1 working_day"),
    end("E", status="9"),
    flows=(
        "S A", "A F", "F B", "F C", "B J", "T R", "R ER", "C J", "J D", "D X",
        'X G: y_kien = "lam_lai"', "X E", "G D",
    ),
    cases=CASES,
    head=HEAD,
)  # fmt: skip
ELEMENTS = ("A", "B", "C", "D", "G", "R")
POSITIONS = (CLERK, OFFICER, CHIEF)


def open_permits(url: str) -> Ward:
    """The sample ward with the procedure in force."""
    ward = open_ward(url)
    ward.publish(DIAGRAM)
    return ward


def receive_permit(ward: Ward, key: str | None = None, **stated) -> Outcome:
    brought = (Brought("DON"), Brought("ANH", "plain_copy", 2))
    reception = Reception(CODE, "Lê Thị Hoa", **{"components": brought, **stated})
    return receive(ward.office, ward.holder(*CLERK), reception, key=key)


def open_run(ward: Ward, outcome: Outcome, element: str):
    """The open run of a step."""
    query = select(step_run).where(
        step_run.c.dossier_id == outcome.dossier_id,
        step_run.c.element_id == element,
        step_run.c.state == "open",
    )
    with ward.office.database.read() as connection:
        return connection.execute(query).one()


def a_minute(ward: Ward) -> None:
    ward.clock.advance(timedelta(minutes=1))
