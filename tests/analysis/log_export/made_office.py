"""An office by hand with everything that a log must carry: pauses, open, sent back, cancelled."""

from tests.analysis.made_facts import made_facts, number

MINUTE = 60_000_000


def run(n, dossier, name, enabled, started, ended, **more):
    return {
        "step_run_id": number(n), "dossier_id": number(dossier), "name": name,
        "element_id": f"Task_{name}", "person_id": number(900 + n % 2),
        "enabled_us": enabled * MINUTE, "started_us": None if started is None else started * MINUTE,
        "ended_us": None if ended is None else ended * MINUTE, **more,
    }  # fmt: skip


def office():
    return made_facts(
        at_us=1_000 * MINUTE,
        dossier_fact=[
            {
                "dossier_id": number(1), "code": "H-1", "received_us": 0, "due_us": 300 * MINUTE,
                "original_due_us": 200 * MINUTE, "finished_us": 240 * MINUTE, "result": "on_time",
                "outcome": "=granted", "work_ws": 7200,
            },
            {"dossier_id": number(2), "code": "H-2 <&\"'>", "received_us": 30 * MINUTE, "state": "open"},
        ],
        step_interval=[
            run(1, 1, "Thẩm tra", 0, 10, 110, limit_ws=7200, result="early"),
            run(2, 1, "Ký", 110, 120, 240),
            run(3, 2, "Thẩm tra", 30, 40, 50, state="sent_back"),
            run(4, 2, "Thẩm tra", 50, 60, None, state="open", attempt=2),
            run(5, 2, "Tham mưu", 50, None, 70, state="cancelled"),
        ],
        pause_fact=[
            {
                "dossier_id": number(1), "since_us": 30 * MINUTE, "until_us": 70 * MINUTE,
                "kind": "supplement",
            },
            {  # the dossier stands for the tax office, whose step does not
                "dossier_id": number(1), "since_us": 110 * MINUTE, "until_us": 200 * MINUTE,
                "kind": "tax",
            },
            {
                "dossier_id": number(2), "since_us": 80 * MINUTE, "until_us": None,
                "kind": "force_majeure",
            },
        ],
        missing_component=[
            {
                "dossier_id": number(1), "asked_us": 30 * MINUTE, "component": "DON",
                "name": "Đơn đề nghị",
            }
        ],
    )  # fmt: skip
