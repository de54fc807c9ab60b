"""A dossier that waits for its applicant, who has a slip with code and secret."""

import io
from dataclasses import dataclass, field
from pathlib import Path

from engine.documents.disk_store import DiskStore
from engine.documents.keeping import arrive_from
from engine.documents.place import Documents
from engine.documents.reading import documents_of
from engine.dossier_file import history
from engine.dossiers.offered import accept_offered
from engine.dossiers.outcome import Outcome
from engine.dossiers.pauses import SupplementRequest, request_supplement
from engine.dossiers.receive import Contact
from engine.journal import Event
from engine.lookup.bringing import bring, look_before_bringing
from engine.lookup.issuing import Recognised, issue_secret
from engine.lookup.looking import Opened, look_up
from tests.engine.documents.files import pdf
from tests.engine.drawing import OFFICER, component, draw, end, start, step
from tests.engine.offices import Ward

IDENTITY = "079089000128"
WHY = "Đơn chưa có bản điện tử"
HEAD = (
    '<qt:supplement policy="continue" atMost="1"/>'
    + component("DON", "electronic 1", accepts="pdf")
    + component("ANH", accepts="jpeg png")
)
DIAGRAM = draw(start(), step("A", limit="5 working_day"), end(), flows=("S A", "A E"), head=HEAD)


@dataclass
class Window:
    """The ward, the officer, and the citizen with the slip."""

    ward: Ward
    folder: Path
    contact: Contact = field(default_factory=lambda: Contact(identity_number=IDENTITY))
    outcome: Outcome = field(init=False)
    secret: str = ""

    def __post_init__(self) -> None:
        self.store = DiskStore(self.folder)
        self.ward.office.documents = Documents(self.store)
        self.outcome = self.ward.received(DIAGRAM, 2026, 3, 2, 9, 0, contact=self.contact)
        self.officer = self.ward.holder(*OFFICER)

    @property
    def office(self):
        return self.ward.office

    def issue(self, recognised: Recognised | None = None, **more):
        made = issue_secret(self.office, self.officer, self.outcome.dossier_id, recognised, **more)
        self.secret = made.secret
        return made

    def look(self, code: str = "", secret: str = "", address: str = "10.0.0.7") -> Opened:
        return look_up(self.office, code or self.outcome.code, secret or self.secret, address)

    def ask(self, *when: int, codes: tuple[str, ...] = ("DON",)) -> None:
        """The officer asks for a supplement."""
        if when:
            self.ward.at(*when)
        run = self.ward.run(self.outcome, "A").step_run_id
        request_supplement(self.office, self.officer, run, SupplementRequest(codes, WHY))

    def send(self, data: bytes | None = None, code: str = "DON", name: str = "đơn.pdf", **more):
        """The citizen sends a file by the pass of a look-up."""
        token = more.pop("token", None) or self.look().token
        key = more.pop("key", None)
        known = look_before_bringing(self.office, token, code, None, key)
        with arrive_from(self.office, io.BytesIO(data or pdf())) as arrived:
            return bring(self.office, known, code, name, arrived, key=key)

    def accept(self, *, resume: bool = True, **more) -> Outcome:
        actor = more.pop("actor", self.officer)
        return accept_offered(self.office, actor, self.outcome.dossier_id, resume=resume, **more)

    def documents(self):
        with self.office.database.read() as connection:
            return documents_of(connection, self.ward.agency_id, self.outcome.dossier_id)

    def event(self, at: int = -1) -> Event:
        with self.office.database.read() as connection:
            return history(connection, self.officer, self.outcome.dossier_id)[at]
