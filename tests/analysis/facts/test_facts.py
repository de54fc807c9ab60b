"""Facts made of given columns are the tables that measures ask."""

from tests.analysis.made_facts import made_facts, number


def test_a_table_that_is_not_given_is_empty_and_a_given_one_has_every_column():
    with made_facts(dossier_fact=[{"dossier_id": number(7), "code": "H-1"}]) as facts:
        assert facts.rows("select count(*) as n from step_interval") == [{"n": 0}]
        found = facts.rows("select * from dossier_fact where code = $code", code="H-1")
        assert [(row["dossier_id"], row["state"]) for row in found] == [(number(7), "finished")]


def test_what_open_dossiers_have_not_done_yet_is_null():
    with made_facts(dossier_fact=[{"dossier_id": number(1), "state": "open"}]) as facts:
        assert facts.rows("select finished_us, result from dossier_fact") == [
            {"finished_us": None, "result": None}
        ]
