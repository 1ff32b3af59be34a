"""The application on a real database, the cast, and clients that are signed in."""

from __future__ import annotations

import datetime as dt
import os
import re
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from app.accounts.models import UserAccount, Zone
from app.accounts.operations import settle_sign_in
from app.accounts.rules import Role
from app.briefs.models import Brief, BriefComment, BriefState
from app.briefs.operations import file_of, page_of
from app.db.engine import make_engine
from app.directory.models import ResponsibleUnit
from app.files.operations import Upload, add_files
from app.funds.rules import ReviewState
from app.jobs.models import Job
from app.jobs.operations import file_of as file_of_job
from app.jobs.queries import list_all_open
from app.jobs.rules import JobKind, JobState
from app.kernel import clock
from app.leads.rules import LeadState
from app.pipeline.rules import MilestoneKind, Stage
from app.worker.runtime import Runtime, use
from app.worker.workflows import perform
from tests.briefs.documents import make_document
from tests.conftest import ENGINES, new_database
from tests.factories import (
    NOW,
    YI,
    actor_of,
    make_activity,
    make_area,
    make_arrival,
    make_chain,
    make_contact,
    make_excuse,
    make_investor,
    make_lead,
    make_project,
    make_request,
    make_target,
    make_task,
    make_terms,
    make_unit,
    make_user,
    make_zone,
)
from tests.files.samples import picture
from tests.project_list import make_view
from tests.reporting.records import make_report
from tests.web.ledgers import put_batch

EVERY = 4
"""One in so many page tests also runs on PostgreSQL; ``ALL_ENGINES=1`` runs all. Domains run on both, always."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Pages are decided above the database: a quarter of their tests on PostgreSQL keeps the suite in its time."""
    if os.environ.get("ALL_ENGINES"):
        return
    here = Path(__file__).parent
    spare = [
        item
        for item in items
        if here in item.path.parents
        and "postgresql" in item.name
        and zlib.crc32(item.nodeid.encode()) % EVERY
    ]
    config.hook.pytest_deselected(items=spare)
    left_out = set(spare)
    items[:] = [item for item in items if item not in left_out]


@dataclass(frozen=True)
class Cast:
    """The people of the tests. ``wu`` works in ``unit``, ``second`` in ``other_unit``; the outsider has all
    rights of an administrator and a reviewer's unit, in another zone."""

    zone: Zone
    other_zone: Zone
    unit: ResponsibleUnit
    other_unit: ResponsibleUnit
    wu: UserAccount
    second: UserAccount
    reviewer: UserAccount
    leader: UserAccount
    administrator: UserAccount
    outsider: UserAccount
    outside_reviewer: UserAccount

    def of(self, name: str) -> UserAccount:
        """The person by name: officer, second, reviewer, leader, administrator, outsider, outside_reviewer."""
        user: UserAccount = getattr(self, "wu" if name == "officer" else name)
        return user


@pytest.fixture(scope="session", params=ENGINES)
def migrated(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], str]:
    """Makes fresh, migrated databases, always at the same address, and returns it."""
    folder = tmp_path_factory.mktemp("web")

    def make() -> str:
        for leftover in folder.glob("web.db*"):
            leftover.unlink()
        return new_database(request, folder, "web", migrated=True)

    return make


engine_of = cache(make_engine)
"""One engine for each address of this process, so that SQLAlchemy's compiled statements outlive a test."""


@pytest.fixture
def app(app_on: Callable[..., Flask], migrated: Callable[[], str], tmp_path: Path) -> Iterator[Flask]:
    """The application on a database of the test's own, since what a page commits is really committed."""
    engine = engine_of(migrated())
    yield app_on(engine, tmp_path)
    engine.dispose()


@pytest.fixture
def database(app: Flask) -> Callable[[], Session]:
    """Opens a session beside the application: ``with database() as session: … session.commit()``."""
    return lambda: Session(app.extensions["engine"], expire_on_commit=False)


@pytest.fixture
def cast(database: Callable[[], Session]) -> Cast:
    """Two zones with their people, committed."""
    with database() as session:
        zone = make_zone(session, "喀什经济开发区", number_prefix="KS")
        unit, other_unit = make_unit(session, zone, "招商一部"), make_unit(session, zone, "招商二部")
        other_zone = make_zone(session, "霍尔果斯经济开发区")
        far_unit = make_unit(session, other_zone, "招商局")

        def person(
            zone: Zone, role: Role, login: str, name: str, unit: ResponsibleUnit | None = None
        ) -> UserAccount:
            return make_user(session, zone, role, login=login, name=name, unit_id=unit.id if unit else None)

        people = Cast(
            zone=zone,
            other_zone=other_zone,
            unit=unit,
            other_unit=other_unit,
            wu=person(zone, Role.officer, "wujianjun", "吴建军", unit),
            second=person(zone, Role.officer, "guligena", "古丽格娜", other_unit),
            reviewer=person(zone, Role.reviewer, "maxiaolin", "马晓琳"),
            leader=person(zone, Role.leader, "liwentao", "李文涛"),
            administrator=person(zone, Role.administrator, "zhaolei", "赵磊"),
            outsider=person(other_zone, Role.administrator, "wairen", "外人"),
            outside_reviewer=person(other_zone, Role.reviewer, "waishen", "外审", far_unit),
        )
        session.commit()
    return people


class Client(FlaskClient):
    """A browser without scripts: it sends the form's token by itself."""

    csrf: str | None = None

    def open(self, *args: Any, **options: Any) -> Any:
        """Read each answer to its end, so that files behind downloads are closed."""
        return super().open(*args, **{"buffered": True, **options})

    def token(self) -> str:
        """The token of this browser's forms, as a page shows it."""
        if self.csrf is None:
            page = self.get("/password").text
            found = re.search(r'name="csrf-token" content="([^"]+)"', page)
            assert found, page[:500]
            self.csrf = found[1]
        return self.csrf

    def send(self, address: str, data: dict | None = None, **options):
        """POST a form with its token."""
        return self.post(address, data={"csrf_token": self.token(), **(data or {})}, **options)


@pytest.fixture
def client(app: Flask) -> Client:
    """A visitor's browser."""
    app.test_client_class = Client
    found = app.test_client()
    assert isinstance(found, Client)
    return found


def token_for(app: Flask, user: UserAccount) -> str:
    """A sign-in session for ``user``, without going through the form; its token."""
    with Session(app.extensions["engine"]) as session:
        token = settle_sign_in(
            session,
            (user.zone_id, user.id),
            fits=True,
            now=clock.now(),
            hours=12,
            address="127.0.0.1",
            agent="tests",
        )
        session.commit()
    assert token
    return token


@pytest.fixture
def sign_in(app: Flask, cast: Cast) -> Callable[[str], Client]:
    """A signed-in browser: ``sign_in("officer")``; names as in ``Cast.of``."""

    def make(name: str) -> Client:
        app.test_client_class = Client
        client = app.test_client()
        assert isinstance(client, Client)
        client.set_cookie("zhaoshang", token_for(app, cast.of(name)))
        return client

    return make


@pytest.fixture
def do_jobs(app: Flask) -> Callable[[], int]:
    """Does what waits for a worker, here and at once; returns how much there was."""

    def do() -> int:
        here = Runtime(app)
        use(here)
        with here.open_session(read_only=True) as session:
            jobs = [(job.zone_id, job.id, job.attempt) for job in list_all_open(session)]
        for job in jobs:
            perform(*job)
        return len(jobs)

    return do


@dataclass
class Statements:
    """What was sent to the database."""

    texts: list[str] = field(default_factory=list)

    @property
    def reads(self) -> list[str]:
        """SELECT statements."""
        return [text for text in self.texts if text.lstrip().upper().startswith(("SELECT", "WITH"))]

    @property
    def changes(self) -> list[str]:
        """Statements that change anything but the audit log, where an export is noted, and when somebody was seen."""
        beside = ("INSERT INTO audit_", "UPDATE audit_", "UPDATE user_session SET seen_at")
        return [text for text in self.writes if not text.startswith(beside)]

    @property
    def writes(self) -> list[str]:
        """Statements that change rows."""
        return [
            text for text in self.texts if text.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE"))
        ]


@contextmanager
def statements(engine: Engine) -> Iterator[Statements]:
    """Collect the statements sent while the block runs."""
    found = Statements()

    def note(_connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
        found.texts.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


XSS = "\"><script>alert(1)</script><img src=x onerror=alert(2)>'"
"""What a person might type into any name."""


@pytest.fixture
def records(database: Callable[[], Session], cast: Cast, tmp_path: Path) -> dict[str, Any]:
    """One record of each kind in the cast's zone, by the name of the route argument that asks for it.

    Their names are hostile, so that every page shows at least one.
    """
    with database() as session:
        zone, unit = session.merge(cast.zone), session.merge(cast.unit)
        unit.name = XSS[:60]
        area = make_area(session, zone, XSS[:60])
        chain = make_chain(session, zone, XSS[:60], segments=(XSS[:60],))
        investor = make_investor(session, zone, XSS)
        contact = make_contact(session, zone, investor, name=XSS[:40], note=XSS, recorded_name=XSS[:60])
        project = make_project(
            session,
            zone,
            unit=unit,
            investor=investor,
            name=XSS,
            content=XSS,
            note=XSS,
            officer=XSS[:40],
            chain_id=chain.id,
            area_id=area.id,
            reached={MilestoneKind.landed: dt.date(2024, 4, 1)},
        )
        terms = make_terms(session, zone, project, XSS)
        make_arrival(session, zone, project)
        pending = make_arrival(
            session,
            zone,
            project,
            state=ReviewState.returned,
            voucher=XSS[:60],
            return_reason=XSS,
            recorded_by=cast.wu.id,
            recorded_name=XSS[:60],
        )
        make_target(session, zone, 100 * YI)
        make_target(session, zone, 50 * YI, unit=unit)
        batch, row = put_batch(
            session, zone, tmp_path, XSS,
            sha256="0" * 64, percent=100, made_name=XSS[:60], made_at=NOW, finished_at=NOW,
        )  # fmt: skip
        brief = Brief(
            zone_id=zone.id,
            year=2024,
            month=6,
            state=BriefState.ready,
            percent=100,
            pages=1,
            sha256="0" * 64,
            made_name=XSS[:60],
            made_at=NOW,
            finished_at=NOW,
        )
        job = Job(
            zone_id=zone.id,
            kind=JobKind.export,
            title=XSS,
            state=JobState.done,
            said=XSS,
            file_name="名单.xlsx",
            file_size=6,
            made_by=cast.wu.id,
            made_name=XSS[:60],
            made_at=NOW,
            finished_at=NOW,
        )
        session.add_all([brief, job])
        document = make_document(session, zone, tmp_path)
        comment = BriefComment(
            zone_id=zone.id, document_id=document.id, key="opening", text="核对", made_name=XSS[:60], made_at=NOW
        )  # fmt: skip
        session.add(comment)
        lead = make_lead(
            session,
            zone,
            unit,
            name=XSS,
            investor_name=XSS,
            content=XSS,
            assessment=XSS,
            contact_name=XSS[:40],
            state=LeadState.followed,
        )
        activity = make_activity(session, zone, cast.wu, project=project, text=XSS, place=XSS)
        task = make_task(session, zone, cast.wu, activity, text=XSS)
        session.merge(cast.leader).name = XSS[:40]
        [file] = add_files(
            session,
            actor_of(cast.wu),
            [Upload(f"{XSS}.png", picture("PNG"))],
            entity="project",
            entity_id=project.id,
            label=XSS[:60],
            folder=tmp_path,
        )
        view = make_view(session, zone, cast.wu, name=XSS[:20])
        asked = make_request(session, zone, project, cast.wu, Stage.talks)
        form, fill = make_report(session, zone, cast.wu, tmp_path, text=XSS)
        session.commit()
        for path in (file_of(tmp_path, brief), page_of(tmp_path, brief, 1), file_of_job(tmp_path, job)):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"a file")
        return terms | {
            "brief_id": brief.id,
            "form_id": form.id,
            "fill_id": fill.id,
            "document_id": document.id,
            "comment_id": comment.id,
            "edition": "word",
            "sentence": "opening",
            "key": "opening",
            "section": "opening",
            "period": "2024-06",
            "what": "leave",
            "number": 1,
            "project_id": project.id,
            "investor_id": investor.id,
            "contact_id": contact.id,
            "lead_id": lead.id,
            "activity_id": activity.id,
            "task_id": task.id,
            "excuse_id": make_excuse(session, zone, project, cast.wu).id,
            "warning": "unstarted",
            "verdict": "grant",
            "arrival_id": pending.id,
            "batch_id": batch.id,
            "row_id": row.id,
            "job_id": job.id,
            "entity": "project",
            "entity_id": project.id,
            "file_id": file.id,
            "user_id": cast.second.id,
            "entry_id": chain.id,
            "name": "chain",
            "code": "funds.amount",
            "month": "2024-06",
            "view_id": view.id,
            "item": "admission",
            "request_id": asked.id,
        }


def address_of(rule: Rule, records: dict[str, Any]) -> str:
    """The path of a rule with the records filled in; an argument without a record fails the test."""
    missing = rule.arguments - records.keys() - set(rule.defaults or ())
    assert not missing, f"{rule.rule}: add {missing} to the fixture `records`, so that the route is tested"
    built = rule.build({name: records[name] for name in rule.arguments if name in records})
    assert built, rule.rule
    return built[1]


def rules_of(app: Flask, method: str) -> list[Rule]:
    """The rules that answer ``method``, without the static files."""
    return [r for r in app.url_map.iter_rules() if method in (r.methods or ()) and r.endpoint != "static"]
