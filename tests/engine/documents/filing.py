"""A dossier whose step wants files, in a ward that has a place for them."""

import io
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sqlalchemy import select

from engine.documents.disk_store import DiskStore
from engine.documents.keeping import arrive_from
from engine.documents.place import Documents
from engine.documents.reading import documents_of
from engine.documents.taking_in import Offered, take_in, take_out
from engine.dossier_file import history
from engine.dossiers.outcome import Outcome
from engine.store.tables import content, content_hold
from tests.engine.documents.files import pdf
from tests.engine.drawing import OFFICER, component, draw, end, needs, start, step
from tests.engine.offices import Ward

HEAD = (
    component("DON", "electronic 1")
    + component("ANH", accepts="jpeg png")
    + component("BAN_VE", "certified_copy 1", "electronic 2")
)
DIAGRAM = draw(
    start(),
    step("A", needs("DON")),
    step("B", needs("BAN_VE")),
    end(),
    flows=("S A", "A B", "B E"),
    head=HEAD,
)


@dataclass
class Filing:
    ward: Ward
    folder: Path
    outcome: Outcome = field(init=False)

    def __post_init__(self) -> None:
        self.store = DiskStore(self.folder)
        self.ward.office.documents = Documents(self.store)
        self.outcome = self.ward.received(DIAGRAM, 2026, 3, 2, 8, 0)
        self.officer = self.ward.holder(*OFFICER)

    @property
    def office(self):
        return self.ward.office

    @property
    def outsider(self):
        """An officer who has nothing to do with the dossier."""
        known = {OFFICER[0], "can_bo_mot_cua"}
        return next(
            each
            for each in self.ward.actors.values()
            if "head" not in each.roles and not known & {place for _, place in each.holdings}
        )

    def has(self, **changes: Any) -> None:
        """Change what the office has for documents."""
        self.office.documents = replace(self.office.documents, **changes)

    def bring(self, data: bytes | None = None, code: str = "DON", name: str = "đơn.pdf", **more):
        actor = more.pop("actor", self.officer)
        outcome = more.pop("into", self.outcome)
        offered = Offered(outcome.dossier_id, code, name, more.pop("replaces", None))
        with arrive_from(self.office, io.BytesIO(pdf() if data is None else data)) as arrived:
            return take_in(self.office, actor, offered, arrived, **more)

    def remove(self, number: int, reason: str = "Nộp nhầm giấy của người khác", **more):
        actor = more.pop("actor", self.officer)
        return take_out(self.office, actor, self.outcome.dossier_id, number, reason, **more)

    def listed(self):
        with self.office.database.read() as connection:
            return documents_of(connection, self.ward.agency_id, self.outcome.dossier_id)

    def lying(self) -> list[str]:
        """The hashes of what lies in the store."""
        return [each.kept.sha256 for each in self.store.all()]

    def on_its_way(self) -> list[str]:
        """Temporary files, and holds of contents."""
        parts = [path.name for path in self.folder.glob("incoming/*")]
        with self.office.database.read() as connection:
            holds = connection.execute(select(content_hold.c.sha256)).scalars()
            return parts + list(holds)

    def known(self) -> list[str]:
        """The hashes of the contents that the database knows."""
        with self.office.database.read() as connection:
            return sorted(connection.execute(select(content.c.sha256)).scalars())

    def event(self, at: int = -1):
        with self.office.database.read() as connection:
            return history(connection, self.officer, self.outcome.dossier_id)[at]
