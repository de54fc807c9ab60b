"""An office at work, and its lake."""

from datetime import datetime
from pathlib import Path

from analysis.facts.columns import FACTS
from analysis.facts.office import office_facts
from analysis.lake.manifest import Manifest, manifest
from analysis.lake.reading import current_facts, lake_facts
from analysis.lake.refresh import Refreshed, refresh
from engine.dossiers.end_early import withdraw
from engine.dossiers.pauses import receive_supplement
from engine.dossiers.send_back import send_back
from tests.analysis.test_returns import Life
from tests.engine.offices import Ward


def contents(facts):
    """Every row of every fact, as text: the same to the last digit or not the same."""
    with facts:
        return {name: sorted(map(repr, facts.rows(f"from {name}"))) for name in FACTS}


class OfficeLake:
    """A ward, what happens in it, and the folder of its lake."""

    def __init__(self, ward: Ward, folder: Path):
        self.ward, self.folder = ward, folder
        self.life = Life(ward)

    @property
    def now(self) -> datetime:
        return self.ward.clock.now()

    def refresh(self, **more) -> Refreshed:
        return refresh(
            self.ward.office.database, self.ward.agency_id, self.folder, self.now, **more
        )

    def office(self):
        return contents(office_facts(self.ward.office.database, self.ward.agency_id, self.now))

    def current(self):
        database = self.ward.office.database
        return contents(current_facts(database, self.ward.agency_id, self.folder, self.now))

    def files(self):
        return contents(lake_facts(self.folder))

    def listed(self) -> Manifest:
        with self.ward.office.database.read() as connection:
            return manifest(connection, self.ward.agency_id)

    def work(self):
        """A supplement, a step sent back, one withdrawn, one over: begun in March, over in April.

        Yields three times, with something changed each time.
        """
        ward, life = self.ward, self.life
        ward.at(2026, 3, 30, 8, 0)
        one, two, three = (life.another(2026, 3, 30, 8, minute) for minute in (1, 2, 3))
        life.ask(one, "A", life.clerk, ("DON",), "Thiếu chữ ký")
        life.complete(two, "A", life.clerk)
        yield
        ward.at(2026, 4, 2, 8, 0)
        receive_supplement(ward.office, life.clerk, one.dossier_id, ())
        life.complete(one, "A", life.clerk)
        send_back(ward.office, life.officer, ward.run(two, "B").step_run_id, "A", "Thiếu trang")
        yield
        ward.at(2026, 4, 2, 9, 30)
        life.complete(one, "B", life.officer)
        withdraw(ward.office, life.clerk, three.dossier_id, "Người nộp xin rút")
        yield
