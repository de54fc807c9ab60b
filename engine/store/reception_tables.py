"""The tables of the desk: whose dossiers a number has, who looked it up, what is being typed.

All of it is personal data. Dossiers hold the identity number as it was entered, and these rows go
when the dossier is destroyed; of a look-up only the last digits are kept; drafts go after a week.
"""

from sqlalchemy import Column, ForeignKeyConstraint, Index, String, Table, Uuid

from engine.store.columns import Document, Instant
from engine.store.schema import agency_column as _agency
from engine.store.schema import key as _key
from engine.store.schema import metadata

applicant_number = Table(
    "applicant_number",
    metadata,
    _agency(),
    Column("identity_number", String(40), nullable=False),
    Column("dossier_id", Uuid, nullable=False),
    _key("identity_number", "dossier_id"),
    ForeignKeyConstraint(["agency_id", "dossier_id"], ["dossier.agency_id", "dossier.dossier_id"]),
    Index("ix_applicant_number_dossier", "agency_id", "dossier_id"),
)

applicant_look_up = Table(
    "applicant_look_up",
    metadata,
    _agency(),
    Column("look_up_id", Uuid, nullable=False),
    Column("account_id", Uuid, nullable=False),
    Column("at", Instant, nullable=False),
    Column("masked_number", String(40), nullable=False),
    Column("dossier_id", Uuid),  # the one that was shown; None: nobody was found
    _key("look_up_id"),
)

reception_draft = Table(
    "reception_draft",
    metadata,
    _agency(),
    Column("draft_id", Uuid, nullable=False),
    Column("account_id", Uuid, nullable=False),
    Column("procedure", String(60), nullable=False),  # its code
    Column("fields", Document, nullable=False),  # [[name, what was typed], ...]
    Column("saved_at", Instant, nullable=False),
    _key("draft_id"),
    Index("ix_reception_draft_account", "agency_id", "account_id", "saved_at"),
)
Index("ix_reception_draft_saved", reception_draft.c.saved_at)
