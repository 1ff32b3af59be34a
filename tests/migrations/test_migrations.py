"""The migrations lead to the models, up and down, on both engines."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect
from sqlalchemy.orm import Session

from app.accounts.models import UserAccount, Zone
from app.accounts.rules import Role
from app.db import migrations
from app.db.base import Base
from app.db.migrations import FULL_TEXT
from app.directory.models import Area, ResponsibleUnit
from app.investors.models import Investor
from app.kernel import clock
from app.pipeline.models import Contract, Milestone, Project
from app.pipeline.rules import ContractKind, MilestoneKind, Stage

REVISIONS = ScriptDirectory(str(migrations.SCRIPTS))


def test_there_is_one_head() -> None:
    assert len(REVISIONS.get_heads()) == 1


def test_a_file_is_named_after_its_revision() -> None:
    for script in REVISIONS.walk_revisions():
        assert script.path.endswith(f"/{script.revision}.py")


def test_up_down_up_on_an_empty_database(empty_engine: Engine) -> None:
    migrations.upgrade(empty_engine)
    migrations.downgrade(empty_engine)
    assert inspect(empty_engine).get_table_names() == ["alembic_version"]

    migrations.upgrade(empty_engine)
    assert migrations.check(empty_engine) == []


def test_up_down_up_on_a_seeded_database(empty_engine: Engine) -> None:
    migrations.upgrade(empty_engine)
    seed(empty_engine)
    for script in REVISIONS.walk_revisions():
        migrations.downgrade(empty_engine, str(script.down_revision or "base"))

    migrations.upgrade(empty_engine)
    assert migrations.check(empty_engine) == []


def test_the_models_equal_the_migrations(new_engine: Callable[[str], Engine]) -> None:
    migrated, made = new_engine("migrated"), new_engine("made")
    migrations.upgrade(migrated)
    migrations.load_models()
    Base.metadata.create_all(made)

    found = structure(migrated)
    del found["alembic_version"]
    assert found == structure(made)


def test_every_constraint_has_a_name_of_ours(empty_engine: Engine) -> None:
    migrations.upgrade(empty_engine)
    for table, parts in structure(empty_engine).items():
        if table == "alembic_version":
            continue
        for kind, prefix in [("keys", "pk_"), ("links", "fk_"), ("unique", "uq_"), ("checks", "ck_")]:
            for constraint in parts[kind]:
                assert str(constraint["name"]).startswith(prefix + table), (table, constraint)


def structure(engine: Engine) -> dict[str, dict[str, Any]]:
    """Every table as the database itself describes it, in an order that does not matter."""
    look = inspect(engine)
    return {
        table: {
            "columns": {
                column["name"]: (str(column["type"]), column["nullable"], column["default"])
                for column in look.get_columns(table)
            },
            "keys": [look.get_pk_constraint(table)],
            "links": by_name(look.get_foreign_keys(table)),
            "unique": by_name(look.get_unique_constraints(table)),
            "checks": by_name(look.get_check_constraints(table)),
            "indexes": [i for i in by_name(look.get_indexes(table)) if not i["name"].startswith(FULL_TEXT)],
        }
        for table in look.get_table_names()
        if not table.startswith(FULL_TEXT)
    }


def by_name(found: list[Any]) -> list[Any]:
    plain = json.loads(json.dumps(found, default=str))
    return sorted(plain, key=lambda part: str(part["name"]))


def seed(engine: Engine) -> None:
    """A zone with a user and a signed project, so that every step down meets rows."""
    now, day = clock.now(), dt.date(2024, 6, 28)
    times = {"created_at": now, "updated_at": now}
    with Session(engine) as session:
        zone = Zone(name="某经济开发区", created_at=now)
        session.add(zone)
        session.flush()
        area = Area(zone_id=zone.id, name="综合保税区")
        unit = ResponsibleUnit(zone_id=zone.id, name="招商一局")
        investor = Investor(zone_id=zone.id, name="某某有限公司", name_key="某某", **times)
        session.add_all([area, unit, investor])
        session.flush()
        project = Project(
            zone_id=zone.id,
            number="2024-001",
            name="纺织项目",
            name_key="纺织项目",
            name_pinyin="fangzhixiangmu",
            investor_id=investor.id,
            area_id=area.id,
            unit_id=unit.id,
            stage=Stage.signed,
            **times,
        )
        user = UserAccount(
            zone_id=zone.id,
            login="officer",
            name="张三",
            role=Role.officer,
            unit_id=unit.id,
            password_hash="x",
            created_at=now,
        )
        session.add_all([project, user])
        session.flush()
        where = {"zone_id": zone.id, "project_id": project.id, "unit_id": unit.id}
        session.add(Contract(**where, kind=ContractKind.formal, signed_on=day, amount_fen=58_000_000_00))
        session.add(Milestone(**where, kind=MilestoneKind.started, planned_on=day))
        session.commit()
