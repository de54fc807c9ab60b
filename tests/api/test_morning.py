"""The head's morning list at the door, and the risk beside every open step."""

from sqlalchemy import update

from engine.store.tables import holding
from tests.api.desk import step_of


def head_of_the_appraisers(desk):
    """The head leads the unit in which steps wait."""
    desk.office.database.write(
        lambda transaction: transaction.execute(
            update(holding).where(holding.c.position == "truong_phong").values(unit="chuyen_mon")
        )
    )
    return desk.caller("hung")


def test_each_row_of_the_worklist_says_how_it_stands(any_desk):
    desk = any_desk
    desk.appraised()
    (row,) = desk.nam.get("/worklist").json()["items"]
    assert row["risk"]["level"] in ("soon", "well")
    assert row["risk"]["vi"]
    assert row["risk"]["step_left_ws"] == row["left"]["seconds"]
    assert row["risk"]["safe_at"] == row["step"]["safe_at"]
    assert row["risk"]["dossier_forecast"] == {"share": None, "n": 0}


def test_the_dossier_says_it_of_its_open_steps(desk):
    outcome = desk.appraised()
    answer = desk.nam.get(f"/dossiers/{outcome['dossier_id']}").json()
    (risk,) = answer["risk"]
    assert risk["step_run_id"] == step_of(outcome)
    assert risk["level"] in ("soon", "well")


def test_a_head_sees_what_presses_by_pages_and_by_holder(any_desk):
    desk = any_desk
    for _ in range(3):
        desk.appraised()
    desk.at(2026, 3, 20, 9, 0)
    head = head_of_the_appraisers(desk)
    answer = head.get("/morning", params={"limit": 2}).json()
    assert [row["risk"]["level"] for row in answer["items"]] == ["late", "late"]
    assert answer["hands"] == [{"holder_id": None, "holder": None, "number": 3}]
    rest = head.get("/morning", params={"limit": 2, "after": answer["next"]}).json()
    assert len(rest["items"]) == 1
    assert rest["next"] is None
    assert len(head.get("/morning", params={"nobody": True}).json()["items"]) == 3
    assert head.get("/morning", params={"after": "nonsense"}).status_code == 422


def test_the_morning_list_is_for_heads(desk):
    answer = desk.nam.get("/morning")
    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "not_allowed"
