"""calendars in layers and editions; every dossier says by which edition it is counted"""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_OPEN = "state IN ('open', 'paused', 'finished')"


def upgrade() -> None:
    op.create_table(
        "calendar_edition",
        sa.Column("agency_id", sa.String(40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("versions", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decision_no", sa.String(200), nullable=False, server_default=""),
        sa.Column("change_id", sa.Uuid(), nullable=True),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("agency_id", "number", name="pk_calendar_edition"),
    )
    op.create_table(
        "calendar_layer",
        sa.Column("agency_id", sa.String(40), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(10), nullable=False),
        sa.Column("unit", sa.String(60), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("agency_id", "edition", "level", "unit", name="pk_calendar_layer"),
    )
    _create_change()
    op.add_column(
        "dossier", sa.Column("calendar_edition", sa.Integer(), nullable=False, server_default="1")
    )
    op.create_index(
        "ix_dossier_calendar",
        "dossier",
        ["agency_id", "calendar_edition", "dossier_id"],
        sqlite_where=sa.text(_OPEN),
        postgresql_where=sa.text(_OPEN),
    )
    _number_what_is_there()


def _create_change() -> None:
    op.create_table(
        "calendar_change",
        sa.Column("agency_id", sa.String(40), nullable=False),
        sa.Column("change_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.Column("layers", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.BigInteger(), nullable=False),
        sa.Column("preview", sa.Text(), nullable=True),
        sa.Column("previewed_at", sa.BigInteger(), nullable=True),
        sa.Column("decision_no", sa.String(200), nullable=True),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("approved_at", sa.BigInteger(), nullable=True),
        sa.Column("edition", sa.Integer(), nullable=True),
        sa.Column("looked_at", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("moved", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("applied_at", sa.BigInteger(), nullable=True),
        sa.Column("taken_until", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("agency_id", "change_id", name="pk_calendar_change"),
    )
    op.create_index("ix_calendar_change_state", "calendar_change", ["agency_id", "state"])


def downgrade() -> None:
    op.drop_index("ix_dossier_calendar", table_name="dossier")
    op.drop_column("dossier", "calendar_edition")
    for table in ("calendar_change", "calendar_layer", "calendar_edition"):
        op.drop_table(table)


def _number_what_is_there() -> None:
    """Calendars so far become editions in the order in which they came into force."""
    connection = op.get_bind()
    rows = connection.execute(
        sa.text(
            "SELECT agency_id, version, data, in_force_from, reason FROM calendar"
            " ORDER BY agency_id, in_force_from, version"
        )
    ).all()
    numbers: dict[str, int] = {}
    for row in rows:
        number = numbers[row.agency_id] = numbers.get(row.agency_id, 0) + 1
        this = {"agency": row.agency_id, "number": number}
        connection.execute(
            sa.text(
                "INSERT INTO calendar_edition (agency_id, number, since, versions, reason)"
                " VALUES (:agency, :number, :since, :versions, :reason)"
            ),
            {
                **this,
                "since": row.in_force_from,
                "versions": json.dumps({"": row.version}, separators=(",", ":")),
                "reason": row.reason,
            },
        )
        connection.execute(
            sa.text(
                "INSERT INTO calendar_layer (agency_id, edition, level, unit, data)"
                " VALUES (:agency, :number, 'country', '', :data)"
            ),
            {**this, "data": json.dumps(_layer(json.loads(row.data)), ensure_ascii=False)},
        )
    for agency, number in numbers.items():
        connection.execute(
            sa.text("UPDATE dossier SET calendar_edition = :number WHERE agency_id = :agency"),
            {"agency": agency, "number": number},
        )


def _layer(data: dict[str, Any]) -> dict[str, Any]:
    basis = "Theo lịch đã nhập trước khi có các tầng lịch"
    return {
        "level": "country",
        **{name: data[name] for name in ("zone", "first_day", "last_day")},
        "weeks": [{**pattern, "basis": basis} for pattern in data["patterns"]],
        "days": [_day(stated) for stated in data["exceptions"]],
    }


def _day(stated: dict[str, Any]) -> dict[str, Any]:
    day = stated["day"]
    others = {name: value for name, value in stated.items() if name not in ("day", "kind")}
    return {"from": day, "to": day, "kind": _kind(stated), **others}


def _kind(stated: dict[str, Any]) -> str:
    if stated["kind"] == "work":
        return "make_up_day" if "in_place_of" in stated else "special_hours"
    if "nghỉ bù" in stated["name"]:
        return "substitute_holiday"
    return "swapped_day" if "hoán đổi" in stated["name"] else "holiday"
