"""The history of stages, the zone's gates and reasons, papers and approvals, and requests to go back."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from alembic import op

from app.kernel.clock import BEIJING
from app.kernel.ids import new_id

revision = "0014_stage_gates"
down_revision = "0013_list_indexes"
branch_labels = None
depends_on = None

ROAD = "lead talks signed landed started produced full".split()
BATCH = 5000


def upgrade() -> None:
    """Six tables; the history so far follows from the dates on record."""
    op.create_table(
        "stage_request",
        sa.Column("zone_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "from_stage",
            sa.Enum(
                "lead",
                "talks",
                "signed",
                "landed",
                "started",
                "produced",
                "full",
                "suspended",
                "terminated",
                "lost",
                name="from_stage",
                native_enum=False,
                create_constraint=True,
                length=16,
            ),
            nullable=False,
        ),
        sa.Column(
            "to_stage",
            sa.Enum(
                "lead",
                "talks",
                "signed",
                "landed",
                "started",
                "produced",
                "full",
                "suspended",
                "terminated",
                "lost",
                name="to_stage",
                native_enum=False,
                create_constraint=True,
                length=16,
            ),
            nullable=False,
        ),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("reason_code", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=60), nullable=False),
        sa.Column("remark", sa.String(length=500), nullable=False),
        sa.Column("asked_by", sa.BigInteger(), nullable=False),
        sa.Column("asked_name", sa.String(length=60), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "approved",
                "declined",
                "withdrawn",
                name="request_state",
                native_enum=False,
                create_constraint=True,
                length=16,
            ),
            nullable=False,
        ),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("decided_name", sa.String(length=60), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "(state = 'waiting') = (decided_at IS NULL)", name=op.f("ck_stage_request_decided")
        ),
        sa.CheckConstraint(
            "decided_by IS NULL OR decided_by <> asked_by OR state = 'withdrawn'",
            name=op.f("ck_stage_request_not_own"),
        ),
        sa.CheckConstraint("from_stage <> to_stage", name=op.f("ck_stage_request_moves")),
        sa.ForeignKeyConstraint(
            ["zone_id", "asked_by"],
            ["user_account.zone_id", "user_account.id"],
            name=op.f("fk_stage_request_zone_id_asked_by"),
        ),
        sa.ForeignKeyConstraint(
            ["zone_id", "decided_by"],
            ["user_account.zone_id", "user_account.id"],
            name=op.f("fk_stage_request_zone_id_decided_by"),
        ),
        sa.ForeignKeyConstraint(
            ["zone_id", "project_id"],
            ["project.zone_id", "project.id"],
            name=op.f("fk_stage_request_zone_id_project_id"),
        ),
        sa.ForeignKeyConstraint(["zone_id"], ["zone.id"], name=op.f("fk_stage_request_zone_id")),
        sa.PrimaryKeyConstraint("zone_id", "id", name=op.f("pk_stage_request")),
    )
    op.create_index("ix_stage_request_project", "stage_request", ["zone_id", "project_id"], unique=False)
    op.create_index("ix_stage_request_queue", "stage_request", ["zone_id", "state", "asked_at"], unique=False)
    op.create_index(
        "uq_stage_request_waiting",
        "stage_request",
        ["zone_id", "project_id"],
        unique=True,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "stage_change",
        sa.Column("zone_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column(
            "from_stage",
            sa.Enum(
                "lead",
                "talks",
                "signed",
                "landed",
                "started",
                "produced",
                "full",
                "suspended",
                "terminated",
                "lost",
                name="from_stage",
                native_enum=False,
                create_constraint=True,
                length=16,
            ),
            nullable=True,
        ),
        sa.Column(
            "to_stage",
            sa.Enum(
                "lead",
                "talks",
                "signed",
                "landed",
                "started",
                "produced",
                "full",
                "suspended",
                "terminated",
                "lost",
                name="to_stage",
                native_enum=False,
                create_constraint=True,
                length=16,
            ),
            nullable=False,
        ),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column(
            "how",
            sa.Enum(
                "form",
                "board",
                "bulk",
                "import",
                "register",
                "decided",
                "backfill",
                name="how",
                native_enum=False,
                create_constraint=True,
                length=16,
            ),
            nullable=False,
        ),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("person_name", sa.String(length=60), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason_code", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=60), nullable=False),
        sa.Column("remark", sa.String(length=500), nullable=False),
        sa.Column("went_to", sa.String(length=120), nullable=False),
        sa.Column("request_id", sa.BigInteger(), nullable=True),
        sa.Column("owed", sa.JSON(), nullable=False),
        sa.Column("owes", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "from_stage IS NULL OR from_stage <> to_stage", name=op.f("ck_stage_change_moves")
        ),
        sa.CheckConstraint("seq >= 1", name=op.f("ck_stage_change_seq")),
        sa.ForeignKeyConstraint(
            ["zone_id", "project_id"],
            ["project.zone_id", "project.id"],
            name=op.f("fk_stage_change_zone_id_project_id"),
        ),
        sa.ForeignKeyConstraint(
            ["zone_id", "request_id"],
            ["stage_request.zone_id", "stage_request.id"],
            name=op.f("fk_stage_change_zone_id_request_id"),
        ),
        sa.ForeignKeyConstraint(["zone_id"], ["zone.id"], name=op.f("fk_stage_change_zone_id")),
        sa.PrimaryKeyConstraint("zone_id", "id", name=op.f("pk_stage_change")),
    )
    op.create_index(
        "ix_stage_change_owed",
        "stage_change",
        ["zone_id", "project_id", "to_stage"],
        unique=False,
        sqlite_where=sa.text("owes > 0"),
        postgresql_where=sa.text("owes > 0"),
    )
    op.create_index(
        "ix_stage_change_project",
        "stage_change",
        ["zone_id", "project_id", "effective_on", "seq", "to_stage"],
        unique=False,
    )
    op.create_table(
        "gate_item",
        sa.Column("zone_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "stage",
            sa.Enum(
                "lead",
                "talks",
                "signed",
                "landed",
                "started",
                "produced",
                "full",
                "suspended",
                "terminated",
                "lost",
                name="stage",
                native_enum=False,
                create_constraint=True,
                length=16,
            ),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "field",
                "paper",
                "approval",
                "review",
                name="gate_kind",
                native_enum=False,
                create_constraint=True,
                length=16,
            ),
            nullable=False,
        ),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("label", sa.String(length=40), nullable=False),
        sa.Column("hint", sa.String(length=60), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("least", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("least BETWEEN 1 AND 20", name=op.f("ck_gate_item_least")),
        sa.CheckConstraint("length(code) > 0", name=op.f("ck_gate_item_code")),
        sa.CheckConstraint("length(label) > 0", name=op.f("ck_gate_item_label")),
        sa.ForeignKeyConstraint(["zone_id"], ["zone.id"], name=op.f("fk_gate_item_zone_id")),
        sa.PrimaryKeyConstraint("zone_id", "id", name=op.f("pk_gate_item")),
        sa.UniqueConstraint(
            "zone_id", "stage", "kind", "code", name=op.f("uq_gate_item_zone_id_stage_kind_code")
        ),
    )
    op.create_table(
        "project_paper",
        sa.Column("zone_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("file_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("handed_name", sa.String(length=60), nullable=False),
        sa.Column("handed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(code) > 0", name=op.f("ck_project_paper_code")),
        sa.ForeignKeyConstraint(
            ["zone_id", "file_id"],
            ["stored_file.zone_id", "stored_file.id"],
            name=op.f("fk_project_paper_zone_id_file_id"),
        ),
        sa.ForeignKeyConstraint(
            ["zone_id", "project_id"],
            ["project.zone_id", "project.id"],
            name=op.f("fk_project_paper_zone_id_project_id"),
        ),
        sa.ForeignKeyConstraint(["zone_id"], ["zone.id"], name=op.f("fk_project_paper_zone_id")),
        sa.PrimaryKeyConstraint("zone_id", "id", name=op.f("pk_project_paper")),
        sa.UniqueConstraint("zone_id", "file_id", name=op.f("uq_project_paper_zone_id_file_id")),
    )
    op.create_index(
        "ix_project_paper_project", "project_paper", ["zone_id", "project_id", "code"], unique=False
    )
    op.create_table(
        "gate_approval",
        sa.Column("zone_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("reviewer_id", sa.BigInteger(), nullable=False),
        sa.Column("reviewer_name", sa.String(length=60), nullable=False),
        sa.Column("approved_on", sa.Date(), nullable=False),
        sa.Column("remark", sa.String(length=200), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(code) > 0", name=op.f("ck_gate_approval_code")),
        sa.ForeignKeyConstraint(
            ["zone_id", "project_id"],
            ["project.zone_id", "project.id"],
            name=op.f("fk_gate_approval_zone_id_project_id"),
        ),
        sa.ForeignKeyConstraint(
            ["zone_id", "reviewer_id"],
            ["user_account.zone_id", "user_account.id"],
            name=op.f("fk_gate_approval_zone_id_reviewer_id"),
        ),
        sa.ForeignKeyConstraint(["zone_id"], ["zone.id"], name=op.f("fk_gate_approval_zone_id")),
        sa.PrimaryKeyConstraint("zone_id", "id", name=op.f("pk_gate_approval")),
        sa.UniqueConstraint(
            "zone_id", "project_id", "code", name=op.f("uq_gate_approval_zone_id_project_id_code")
        ),
    )
    op.create_table(
        "stage_reason",
        sa.Column("zone_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "suspend",
                "terminate",
                "lose",
                "back",
                name="reason_kind",
                native_enum=False,
                create_constraint=True,
                length=16,
            ),
            nullable=False,
        ),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("length(code) > 0", name=op.f("ck_stage_reason_code")),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_stage_reason_name")),
        sa.ForeignKeyConstraint(["zone_id"], ["zone.id"], name=op.f("fk_stage_reason_zone_id")),
        sa.PrimaryKeyConstraint("zone_id", "id", name=op.f("pk_stage_reason")),
        sa.UniqueConstraint("zone_id", "kind", "code", name=op.f("uq_stage_reason_zone_id_kind_code")),
    )
    _backfill()


def downgrade() -> None:
    """Take the tables away again."""
    for name in "stage_change stage_request stage_reason gate_approval project_paper gate_item".split():
        op.drop_table(name)


def _backfill() -> None:
    """One row a stage that a date proves, then the stage the project stands in now."""
    connection = op.get_bind()
    for (zone_id,) in connection.execute(sa.text("SELECT id FROM zone")).all():
        rows = [row for project in _projects(connection, zone_id) for row in _history(zone_id, *project)]
        for start in range(0, len(rows), BATCH):
            connection.execute(_CHANGE.insert(), rows[start : start + BATCH])


_CHANGE = sa.table(
    "stage_change",
    *(sa.column(name) for name in "zone_id id project_id seq from_stage to_stage how person_name".split()),
    *(sa.column(name) for name in "reason_code reason remark went_to owes".split()),
    sa.column("effective_on", sa.Date()),
    sa.column("recorded_at", sa.DateTime(timezone=True)),
    sa.column("owed", sa.JSON()),
)
_PROJECT = sa.table(
    "project",
    *(sa.column(name) for name in "zone_id id stage".split()),
    sa.column("signed_on", sa.Date()),
    sa.column("created_at", sa.DateTime(timezone=True)),
)
_MILESTONE = sa.table(
    "milestone",
    sa.column("zone_id"),
    sa.column("project_id"),
    sa.column("kind"),
    sa.column("reached_on", sa.Date()),
)


def _projects(connection: sa.Connection, zone_id: int) -> list[Any]:
    reached: dict[int, dict[str, dt.date]] = {}
    days = sa.select(_MILESTONE.c.project_id, _MILESTONE.c.kind, _MILESTONE.c.reached_on)
    for project_id, kind, day in connection.execute(
        days.where(_MILESTONE.c.zone_id == zone_id, _MILESTONE.c.reached_on.is_not(None))
    ):
        reached.setdefault(project_id, {})[kind] = day
    query = sa.select(_PROJECT.c.id, _PROJECT.c.stage, _PROJECT.c.signed_on, _PROJECT.c.created_at)
    return [
        (*row, reached.get(row.id, {}))
        for row in connection.execute(query.where(_PROJECT.c.zone_id == zone_id))
    ]


def _history(
    zone_id: int,
    project_id: int,
    stage: str,
    signed_on: dt.date | None,
    created_at: dt.datetime,
    reached: dict[str, dt.date],
) -> list[dict[str, Any]]:
    at = created_at if created_at.tzinfo else created_at.replace(tzinfo=dt.UTC)
    steps: list[tuple[str, dt.date]] = []
    for name, day in _days(stage, signed_on, reached, at.astimezone(BEIJING).date()):
        steps = [step for step in steps if step[1] <= day]  # a later stage's day is the surer one
        steps.append((name, day))
    return [
        {
            "zone_id": zone_id, "id": new_id(), "project_id": project_id, "seq": number,
            "from_stage": steps[number - 2][0] if number > 1 else None, "to_stage": name, "effective_on": day,
            "how": "backfill", "person_name": "系统", "recorded_at": at, "owed": [], "owes": 0,
            "reason_code": "", "reason": "", "remark": "", "went_to": "",
        }
        for number, (name, day) in enumerate(steps, 1)
    ]  # fmt: skip


def _days(
    stage: str, signed_on: dt.date | None, reached: dict[str, dt.date], created_on: dt.date
) -> list[tuple[str, dt.date]]:
    known = {**reached, "talks": reached.get("first_contact"), "signed": signed_on}
    found = [(name, day) for name in ROAD if (day := known.get(name))]
    if stage in ROAD:
        found = [step for step in found if ROAD.index(step[0]) <= ROAD.index(stage)]
    if not found or found[-1][0] != stage:
        last = found[-1][1] if found else created_on
        found.append((stage, reached.get(stage) or max(last, created_on)))
    return found
