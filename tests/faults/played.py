"""An office that has worked for weeks: every kind of act, by the play of the demonstration."""

from datetime import datetime
from pathlib import Path

from api.demo.office_life import OfficeLife
from api.demo.plan import read_scenarios
from tests.engine.offices import BPMN, VN, Ward, open_ward

FIRST_DAY = datetime(2026, 2, 2, 8, 0, tzinfo=VN)
LAST_DAY = datetime(2026, 3, 23, 9, 30, tzinfo=VN)  # Tet lies between
SEED = 5


def play(url: str, dossiers: int, *, until: datetime = LAST_DAY, codes: int = 99) -> Ward:
    """The sample ward with its procedures in force, after some weeks; codes: of so many files."""
    ward = open_ward(url)
    ward.clock.set(FIRST_DAY)
    files = sorted((BPMN / "procedures").glob("*.bpmn"))[:codes]
    records = {path.name: ward.publish(path.read_bytes(), path.name) for path in files}
    with ward.office.database.read() as connection:
        versions = {
            name: ward.office.version(connection, ward.agency_id, record.version_id)
            for name, record in records.items()
        }
    named = {name: version.procedure.code for name, version in versions.items()}
    life = OfficeLife(
        ward.office,
        ward.clock,
        ward.actors,
        ward.calendar,
        read_scenarios(BPMN / "scenarios", named),
        {version.procedure.code: version for version in versions.values()},
        SEED,
    )
    for _ in life.play(dossiers, FIRST_DAY, until):
        pass
    return ward


def file_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))
