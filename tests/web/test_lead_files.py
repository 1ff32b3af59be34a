"""Files on leads: taken with the form, shown to those who may see the lead, carried to its project."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.rules import Role
from app.files.models import StoredFile
from app.files.operations import Upload, add_files, carry_files
from app.leads.models import Lead
from tests.factories import actor_of, make_lead, make_project, make_unit, make_user, make_zone
from tests.files.samples import pdf, picture
from tests.web.conftest import Cast, Client

FORM = {"name": "锂电池正极材料项目", "investor_name": "某锂业有限公司", "source": "visit_out"}


def register(client: Client, cast: Cast, *files: tuple[str, bytes]) -> Any:
    sent = {
        **FORM,
        "unit": str(cast.unit.id),
        "files": [(io.BytesIO(content), name) for name, content in files],
    }
    return client.send("/leads/new", sent, content_type="multipart/form-data")


def test_the_form_takes_files_at_once(
    sign_in: Callable[[str], Client], database: Callable[[], Session], cast: Cast
) -> None:
    officer = sign_in("officer")
    answer = register(officer, cast, ("名片.jpg", picture()), ("项目书.pdf", pdf()))
    assert answer.status_code == 303, answer.text
    with database() as session:
        lead = session.scalars(select(Lead)).one()
        files = session.scalars(select(StoredFile)).all()
        assert {(file.entity, file.entity_id, file.name) for file in files} == {
            ("lead", lead.id, "名片.jpg"),
            ("lead", lead.id, "项目书.pdf"),
        }
    page = officer.get(f"/leads/{lead.id}").text
    assert "名片.jpg" in page
    assert f"/files/lead/{lead.id}" in page
    download = f"/files/{files[0].id}/download"
    assert officer.get(download).status_code == 200
    for who in ("second", "administrator", "outside_reviewer"):
        assert sign_in(who).get(download).status_code in (403, 404)


def test_a_refused_file_leaves_no_lead(
    sign_in: Callable[[str], Client], database: Callable[[], Session], cast: Cast
) -> None:
    answer = register(sign_in("officer"), cast, ("宏.exe", b"MZ"))
    assert answer.status_code == 422
    assert "可执行" in answer.text
    with database() as session:
        assert session.scalars(select(Lead)).all() == []


def test_both_records_have_the_files_that_are_carried(session: Session, tmp_path) -> None:
    zone = make_zone(session)
    unit, actor = make_unit(session, zone), actor_of(make_user(session, zone, Role.officer))
    lead, project = make_lead(session, zone, unit), make_project(session, zone, unit=unit)
    uploads = [Upload("名片.jpg", picture())]
    add_files(session, actor, uploads, entity="lead", entity_id=lead.id, label="名片", folder=tmp_path)
    assert carry_files(session, actor, source=("lead", lead.id), target=("project", project.id)) == 1
    found = session.scalars(select(StoredFile).order_by(StoredFile.entity)).all()
    assert [(file.entity, file.name, file.label) for file in found] == [
        ("lead", "名片.jpg", "名片"),
        ("project", "名片.jpg", "名片"),
    ]
    assert found[0].sha256 == found[1].sha256
