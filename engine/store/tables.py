"""The schema. `agency_id` leads every key: it is the sharding column and the wall between agencies.

Times are `Instant` (microseconds UTC); columns ending in `_ws` are working seconds, those starting
with `c_` are readings of the working clock C(t) of the unit's calendar; `data` and `body` are JSON.
"""

from sqlalchemy import (
    BigInteger,
    Column,
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
from engine.store.document_tables import content, content_hold, document, document_access
from engine.store.foreign_log_tables import foreign_log
from engine.store.form_tables import (
    form_issue,
    form_pdf,
    form_template,
    office_document,
    register_settings,
)
from engine.store.lake_tables import lake_file, lake_mark
from engine.store.lookup_tables import component_reuse, lookup_secret, lookup_try
from engine.store.office_tables import (
    account,
    agency,
    holding,
    login_session,
    position,
    unit,
    unknown_login,
)
from engine.store.outbox_tables import outbox, webhook
from engine.store.procedure_tables import procedure, procedure_version
from engine.store.reception_tables import (
    applicant_look_up,
    applicant_number,
    reception_draft,
)
from engine.store.reminder_tables import rung_indexes
from engine.store.report_tables import period_closing, period_reopening
from engine.store.risk_tables import risk_indexes
from engine.store.schema import agency_column as _agency
from engine.store.schema import index_where, metadata
from engine.store.schema import key as _key
from engine.store.signature_tables import destruction, signing

__all__ = [
    "account",
    "agency",
    "applicant_look_up",
    "applicant_number",
    "calendar",
    "calendar_change",
    "calendar_edition",
    "calendar_layer",
    "component_reuse",
    "content",
    "content_hold",
    "counter",
    "destruction",
    "document",
    "document_access",
    "dossier",
    "dossier_component",
    "draft",
    "execution",
    "foreign_log",
    "form_issue",
    "form_pdf",
    "form_template",
    "holding",
    "idempotency",
    "journal",
    "lake_file",
    "lake_mark",
    "login_session",
    "lookup_secret",
    "lookup_try",
    "metadata",
    "office_document",
    "outbox",
    "pause",
    "period_closing",
    "period_reopening",
    "position",
    "procedure",
    "procedure_version",
    "reception_draft",
    "register_settings",
    "setback",
    "signing",
    "step_run",
    "timer",
    "unit",
    "unknown_login",
    "webhook",
]


def _of_dossier() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["agency_id", "dossier_id"], ["dossier.agency_id", "dossier.dossier_id"]
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
    Column("register", String(60)),  # the book (sổ theo dõi) in which it has its number
    Column("register_no", Integer),
    _key("dossier_id"),
    UniqueConstraint("agency_id", "code"),
    ForeignKeyConstraint(
        ["agency_id", "version_id"],
        ["procedure_version.agency_id", "procedure_version.version_id"],
    ),
    Index("ix_dossier_received", "agency_id", "received_at", "dossier_id"),
    Index("ix_dossier_procedure", "agency_id", "procedure_id", "received_at"),
    Index("ix_dossier_state", "agency_id", "state", "received_at", "dossier_id"),
)
index_where(
    "ix_dossier_finished",
    dossier.c.finished_at.is_not(None),
    dossier.c.agency_id,
    dossier.c.finished_at,
)
index_where(
    "ix_dossier_late",
    dossier.c.result == "late",
    dossier.c.agency_id,
    dossier.c.received_at,
    dossier.c.dossier_id,
)
index_where(
    "ix_dossier_calendar",
    dossier.c.state.in_(("open", "paused", "finished")),
    dossier.c.agency_id,
    dossier.c.calendar_edition,
    dossier.c.dossier_id,
)
index_where(
    "ix_dossier_due",
    dossier.c.finished_at.is_(None),
    dossier.c.agency_id,
    dossier.c.due_at,
    dossier.c.dossier_id,
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
    Column("safe_at", Instant),  # until then it is not likely to be late; the order of the inbox
    _key("step_run_id"),
    _of_dossier(),
    Index("ix_step_run_dossier", "agency_id", "dossier_id"),
)
index_where(
    "ix_step_run_month",
    step_run.c.month.is_not(None),
    step_run.c.agency_id,
    step_run.c.month,
    step_run.c.procedure_id,
)
index_where(
    "ix_step_run_worklist",
    step_run.c.state == "open",
    step_run.c.agency_id,
    step_run.c.position,
    step_run.c.unit,
    step_run.c.holder_id,
    step_run.c.due_at,
    step_run.c.step_run_id,
    step_run.c.paused_since,  # counted above the list, without a look at the row
)
index_where(
    "ix_step_run_overdue",
    (step_run.c.state == "open") & step_run.c.escalated_at.is_(None),
    step_run.c.due_at,
)
index_where(
    "ix_step_run_holder",
    (step_run.c.state == "open") & step_run.c.holder_id.is_not(None),
    step_run.c.agency_id,
    step_run.c.holder_id,
    step_run.c.safe_at,
    step_run.c.step_run_id,
    step_run.c.due_at,  # counted above the list, without a look at the row
    step_run.c.paused_since,
)

rung_indexes(step_run)
risk_indexes(step_run)

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
    Column("day", Integer),  # yymmdd: of a series that also counts by the day, the newest
    Column("of_day", Integer),
    _key("series"),
)
