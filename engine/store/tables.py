"""The schema. `agency_id` leads every key: it is the sharding column and the wall between agencies.

Times are `Instant` (microseconds UTC); columns ending in `_ws` are working seconds, those starting
with `c_` are readings of the working clock C(t) of the unit's calendar; `data` and `body` are JSON.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

from engine.store.calendar_tables import (
    calendar,
    calendar_change,
    calendar_edition,
    calendar_layer,
)
from engine.store.columns import Document, Instant
from engine.store.outbox_tables import outbox, webhook
from engine.store.reminder_tables import rung_indexes
from engine.store.schema import agency_column as _agency
from engine.store.schema import key as _key
from engine.store.schema import metadata

__all__ = [
    "calendar",
    "calendar_change",
    "calendar_edition",
    "calendar_layer",
    "metadata",
    "outbox",
    "webhook",
]


def _of_dossier() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["agency_id", "dossier_id"], ["dossier.agency_id", "dossier.dossier_id"]
    )


agency = Table(
    "agency",
    metadata,
    Column("agency_id", String(40), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("parent_name", String(200), nullable=False, server_default=""),
    Column("place", String(100), nullable=False, server_default=""),
)

unit = Table(
    "unit",
    metadata,
    _agency(),
    Column("code", String(60), nullable=False),
    Column("name", String(200), nullable=False),
    Column("valid_from", Date),
    Column("valid_to", Date),
    Column("successor", String(60)),
    _key("code"),
)

position = Table(
    "position",
    metadata,
    _agency(),
    Column("code", String(60), nullable=False),
    Column("name", String(200), nullable=False),
    _key("code"),
)

account = Table(
    "account",
    metadata,
    _agency(),
    Column("account_id", Uuid, nullable=False),
    Column("login", String(80), nullable=False),
    Column("name", String(200), nullable=False),
    Column("email", String(200), nullable=False, server_default=""),
    Column("phone", String(20), nullable=False, server_default=""),
    Column("password_hash", String(255), nullable=False),
    Column("roles", Document, nullable=False),
    Column("active", Boolean, nullable=False, server_default="1"),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("locked_until", Instant),
    _key("account_id"),
    UniqueConstraint("login"),
)

holding = Table(
    "holding",
    metadata,
    _agency(),
    Column("holding_id", Uuid, nullable=False),
    Column("account_id", Uuid, nullable=False),
    Column("unit", String(60), nullable=False),
    Column("position", String(60), nullable=False),
    Column("valid_from", Instant, nullable=False),
    Column("valid_to", Instant),
    Column("stand_in_for", Uuid),
    Column("decision_no", String(100)),
    _key("holding_id"),
    ForeignKeyConstraint(["agency_id", "account_id"], ["account.agency_id", "account.account_id"]),
    Index("ix_holding_account", "agency_id", "account_id"),
)

login_session = Table(
    "login_session",
    metadata,
    Column("token_hash", LargeBinary(32), primary_key=True),
    _agency(),
    Column("account_id", Uuid, nullable=False),
    Column("csrf_token", String(64), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    ForeignKeyConstraint(["agency_id", "account_id"], ["account.agency_id", "account.account_id"]),
)

procedure = Table(
    "procedure",
    metadata,
    _agency(),
    Column("procedure_id", Uuid, nullable=False),
    Column("code", String(60), nullable=False),
    Column("name", Text, nullable=False),
    Column("search", Text, nullable=False),
    Column("field", String(200), nullable=False, server_default=""),
    Column("kind", String(20), nullable=False),
    Column("version_id", Uuid),  # the version in force, None while there is only a draft
    Column("draft_id", Uuid),  # the draft being prepared, if any
    Column("changed_at", Instant, nullable=False),
    _key("procedure_id"),
    UniqueConstraint("agency_id", "code"),
)

procedure_version = Table(
    "procedure_version",
    metadata,
    _agency(),
    Column("version_id", Uuid, nullable=False),
    Column("procedure_id", Uuid, nullable=False),
    Column("number", Integer, nullable=False),
    Column("state", String(20), nullable=False),  # draft | in_force | superseded
    Column("diagram", LargeBinary, nullable=False),  # BPMN as it runs
    Column("original", LargeBinary, nullable=False),  # BPMN as it was uploaded
    Column("sha256", LargeBinary(32), nullable=False),
    Column("file_name", String(255), nullable=False),
    Column("summary", Document, nullable=False),  # steps, limits: for lists, never for running
    Column("repairs", Document),  # what the designer let mend since the upload, in order
    Column("scenarios", LargeBinary),  # YAML or JSON, played before publishing
    Column("created_at", Instant, nullable=False),
    Column("created_by", Uuid),
    Column("published_at", Instant),
    Column("published_by", Uuid),
    Column("decision_no", String(100)),
    _key("version_id"),
    ForeignKeyConstraint(
        ["agency_id", "procedure_id"], ["procedure.agency_id", "procedure.procedure_id"]
    ),
    UniqueConstraint("agency_id", "procedure_id", "number"),
)

dossier = Table(
    "dossier",
    metadata,
    _agency(),
    Column("dossier_id", Uuid, nullable=False),
    Column("code", String(60), nullable=False),
    Column("procedure_id", Uuid, nullable=False),
    Column("version_id", Uuid, nullable=False),
    Column("case_code", String(60), nullable=False),
    Column("applicant", Text, nullable=False),
    Column("applicant_contact", Document, nullable=False),
    Column("search", Text, nullable=False),
    Column("channel", String(20), nullable=False),
    Column("receiving_unit", String(60)),
    Column("received_by", Uuid, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("original_due_at", Instant),
    Column("due_at", Instant),  # None while the clock stands still or no limit is stated
    Column("clock", Document),
    Column("limit_ws", BigInteger),
    Column("state", String(20), nullable=False),  # open | paused | finished | returned | closed
    Column("national_status", String(2), nullable=False),
    Column("outcome", String(60)),
    Column("result", String(10)),  # early | on_time | late, decided when handling finished
    Column("result_rule", String(20)),  # the rule that decided it
    Column("measure", String(10)),  # on_time | late by QĐ 766, which is not the legal verdict
    Column("late_ws", BigInteger),
    Column("paused_ws", BigInteger, nullable=False, server_default="0"),
    Column("supplements", Integer, nullable=False, server_default="0"),
    Column("supplements_allowed", Integer, nullable=False, server_default="0"),  # up to how many
    Column("extensions", Integer, nullable=False, server_default="0"),
    Column("finished_at", Instant),
    Column("returned_at", Instant),
    Column("data", Document, nullable=False),
    Column("version", Integer, nullable=False),
    Column("head_hash", LargeBinary(32), nullable=False),
    Column("events", Integer, nullable=False),
    Column("calendar_edition", Integer, nullable=False, server_default="1"),  # it is counted by
    _key("dossier_id"),
    UniqueConstraint("agency_id", "code"),
    ForeignKeyConstraint(
        ["agency_id", "version_id"],
        ["procedure_version.agency_id", "procedure_version.version_id"],
    ),
    Index("ix_dossier_received", "agency_id", "received_at", "dossier_id"),
    Index("ix_dossier_finished", "agency_id", "finished_at"),
    Index("ix_dossier_procedure", "agency_id", "procedure_id", "received_at"),
)
Index(
    "ix_dossier_calendar",
    dossier.c.agency_id,
    dossier.c.calendar_edition,
    dossier.c.dossier_id,
    sqlite_where=dossier.c.state.in_(("open", "paused", "finished")),
    postgresql_where=dossier.c.state.in_(("open", "paused", "finished")),
)

execution = Table(
    "execution",
    metadata,
    _agency(),
    Column("dossier_id", Uuid, nullable=False),
    Column("state", LargeBinary, nullable=False),
    _key("dossier_id"),
    _of_dossier(),
    sqlite_with_rowid=False,
)

step_run = Table(
    "step_run",
    metadata,
    _agency(),
    Column("step_run_id", Uuid, nullable=False),
    Column("dossier_id", Uuid, nullable=False),
    Column("procedure_id", Uuid, nullable=False),
    Column("version_id", Uuid, nullable=False),
    Column("element_id", String(255), nullable=False),
    Column("token", Integer, nullable=False),  # the runtime's number of the activity instance
    Column("name", Text, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("instance", Integer),  # of a repeated step which one, from 1, and of how many
    Column("instances", Integer),
    Column("item", Text),  # of a step done for each of a collection, for what
    Column("unit", String(60)),
    Column("position", String(60)),
    Column("state", String(12), nullable=False),  # open | completed | sent_back | cancelled
    Column("holder_id", Uuid),
    Column("enabled_at", Instant, nullable=False),
    Column("started_at", Instant),
    Column("ended_at", Instant),
    Column("c_enabled", BigInteger, nullable=False),
    Column("c_started", BigInteger),
    Column("c_ended", BigInteger),
    Column("calendar_version", String(64), nullable=False),
    Column("clock", Document),
    Column("limit_ws", BigInteger),
    Column("due_at", Instant),
    Column("paused_since", Instant),
    Column("paused_ws", BigInteger, nullable=False, server_default="0"),
    Column("paused_us", BigInteger, nullable=False, server_default="0"),  # calendar microseconds
    Column("waiting_ws", BigInteger),
    Column("handling_ws", BigInteger),
    Column("late_ws", BigInteger),
    Column("result", String(10)),  # early | on_time | late
    Column("result_rule", String(20)),
    Column("late_cause", String(40)),
    Column("reason", Text),
    Column("completed_by", Uuid),
    Column("sent_back_from", String(255)),
    Column("escalated_at", Instant),
    Column("month", Integer),  # yyyymm of ended_at in the office's zone
    Column("data", Document),
    Column("rungs_for", Instant),  # the due time that the next reminder was worked out for
    Column("next_rung_at", Instant),
    _key("step_run_id"),
    _of_dossier(),
    Index("ix_step_run_dossier", "agency_id", "dossier_id"),
)
Index(
    "ix_step_run_month",
    step_run.c.agency_id,
    step_run.c.month,
    step_run.c.procedure_id,
    sqlite_where=step_run.c.month.is_not(None),
    postgresql_where=step_run.c.month.is_not(None),
)
Index(
    "ix_step_run_worklist",
    step_run.c.agency_id,
    step_run.c.position,
    step_run.c.unit,
    step_run.c.holder_id,
    step_run.c.due_at,
    step_run.c.step_run_id,
    step_run.c.paused_since,  # counted above the list, without a look at the row
    sqlite_where=step_run.c.state == "open",
    postgresql_where=step_run.c.state == "open",
)
Index(
    "ix_step_run_overdue",
    step_run.c.due_at,
    sqlite_where=(step_run.c.state == "open") & step_run.c.escalated_at.is_(None),
    postgresql_where=(step_run.c.state == "open") & step_run.c.escalated_at.is_(None),
)
Index(
    "ix_step_run_holder",
    step_run.c.agency_id,
    step_run.c.holder_id,
    step_run.c.due_at,
    step_run.c.step_run_id,
    step_run.c.paused_since,
    sqlite_where=(step_run.c.state == "open") & step_run.c.holder_id.is_not(None),
    postgresql_where=(step_run.c.state == "open") & step_run.c.holder_id.is_not(None),
)

rung_indexes(step_run)

dossier_component = Table(
    "dossier_component",
    metadata,
    _agency(),
    Column("dossier_id", Uuid, nullable=False),
    Column("component", String(80), nullable=False),
    Column("form", String(20), nullable=False),  # a CopyForm, or "waived", or "produced"
    Column("number", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("reason", Text),
    Column("added_at", Instant, nullable=False),
    Column("added_by", Uuid, nullable=False),
    _key("dossier_id", "component", "form"),
    _of_dossier(),
)

pause = Table(
    "pause",
    metadata,
    _agency(),
    Column("pause_id", Uuid, nullable=False),
    Column("dossier_id", Uuid, nullable=False),
    Column("kind", String(30), nullable=False),
    Column("charged_to", String(60), nullable=False),
    Column("stage", String(20), nullable=False),
    Column("since", Instant, nullable=False),
    Column("until", Instant),
    Column("paused_ws", BigInteger),
    Column("reason", Text, nullable=False),
    Column("legal_basis", Text, nullable=False, server_default=""),
    Column("components", Document, nullable=False),  # [[code, name], ...] asked for
    Column("asked_by", Uuid, nullable=False),
    _key("pause_id"),
    _of_dossier(),
    Index("ix_pause_dossier", "agency_id", "dossier_id"),
)

journal = Table(
    "journal",
    metadata,
    _agency(),
    Column("dossier_id", Uuid, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("actor_id", Uuid),
    Column("kind", String(40), nullable=False),
    Column("body", Text, nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
    _key("dossier_id", "seq"),
    _of_dossier(),
    Index(
        "ix_journal_at",
        "agency_id",
        "at",
        postgresql_using="brin",
        postgresql_with={"autosummarize": "on"},
    ),
    sqlite_with_rowid=False,
)

timer = Table(
    "timer",
    metadata,
    _agency(),
    Column("timer_id", Uuid, nullable=False),
    Column("dossier_id", Uuid, nullable=False),
    Column("kind", String(20), nullable=False),  # event | step_limit
    Column("token", Integer, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("clock", Document),  # of a timer in working time; it stands while the dossier stands
    Column("taken_until", Instant),  # SQLite: until then the worker that took it is at it
    _key("timer_id"),
    _of_dossier(),
    Index("ix_timer_due", "due_at"),
    Index("ix_timer_dossier", "agency_id", "dossier_id"),
)

setback = Table(
    "setback",
    metadata,
    _agency(),
    Column("work_id", Uuid, nullable=False),  # the timer or the step run that failed
    Column("dossier_id", Uuid, nullable=False),
    Column("kind", String(20), nullable=False),  # timer | overdue
    Column("failures", Integer, nullable=False),
    Column("failed_at", Instant, nullable=False),
    Column("again_at", Instant),  # None: it stands aside until somebody has it tried again
    Column("error", Text, nullable=False),
    _key("work_id"),
    _of_dossier(),
)

idempotency = Table(
    "idempotency",
    metadata,
    _agency(),
    Column("account_id", Uuid, nullable=False),
    Column("key", String(100), nullable=False),
    Column("command", String(40), nullable=False),
    Column("request_hash", LargeBinary(32), nullable=False),
    Column("answer", Document, nullable=False),
    Column("at", Instant, nullable=False),
    _key("account_id", "key"),
    sqlite_with_rowid=False,
)

draft = Table(
    "draft",
    metadata,
    _agency(),
    Column("step_run_id", Uuid, nullable=False),
    Column("account_id", Uuid, nullable=False),
    Column("data", Document, nullable=False),
    Column("saved_at", Instant, nullable=False),
    _key("step_run_id", "account_id"),
)

counter = Table(
    "counter",
    metadata,
    _agency(),
    Column("series", String(100), nullable=False),
    Column("last", Integer, nullable=False),
    _key("series"),
)
