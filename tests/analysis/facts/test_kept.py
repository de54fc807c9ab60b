"""Facts are read once for all who ask within a minute, and a reader never loses them on the way."""

from datetime import timedelta
from threading import Thread

from analysis.facts.kept import KeptFacts

COUNT = "select count(*) as n from dossier_fact"


def test_a_reading_serves_for_a_minute_and_not_longer(sqlite_ward):
    kept, now = KeptFacts(sqlite_ward.office.database), sqlite_ward.clock.now()
    first, again, later = (
        kept.of(sqlite_ward.agency_id, now + timedelta(seconds=s)) for s in (0, 59, 61)
    )
    assert first.fresh_us == again.fresh_us < later.fresh_us
    assert first.rows(COUNT) == later.rows(COUNT)  # a former reader goes on


def test_who_is_reading_goes_on_while_the_facts_are_read_anew_or_given_up(sqlite_ward):
    """A page asks many questions; in between others may ask after a minute, or of other offices."""
    kept, now = KeptFacts(sqlite_ward.office.database, agencies=1), sqlite_ward.clock.now()
    reader = kept.of(sqlite_ward.agency_id, now)
    known = reader.rows(COUNT)
    kept.of(sqlite_ward.agency_id, now + timedelta(minutes=2)).close()
    assert reader.rows(COUNT) == known
    kept.of("another", now + timedelta(minutes=2)).close()
    assert reader.rows(COUNT) == known
    reader.close()


def test_many_who_ask_at_once_all_get_an_answer_though_only_one_office_is_kept(sqlite_ward):
    kept, now = KeptFacts(sqlite_ward.office.database, agencies=1), sqlite_ward.clock.now()
    answers: list[int] = []

    def asks(agency, minutes):
        with kept.of(agency, now + timedelta(minutes=minutes)) as facts:
            answers.extend(facts.rows(COUNT)[0]["n"] * 0 for _ in range(3))

    threads = [Thread(target=asks, args=("A" if n % 2 else "B", n // 2)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert len(answers) == 3 * len(threads)
