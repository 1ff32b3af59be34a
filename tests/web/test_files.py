"""Files of records through the browser: who may see, add, take away; how they are delivered."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from playwright.sync_api import Browser, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.activities.models import Activity
from app.activities.rules import ActivityKind
from app.files.models import StoredFile
from app.funds.rules import ReviewState
from app.leads.models import LeadClock
from app.web.files.subjects import SUBJECTS
from tests.browser import accessibility_faults, check, follow, open_page, serve, shoot
from tests.factories import NOW, make_arrival, make_lead, make_project, make_terms
from tests.files.samples import office, pdf, picture
from tests.web.conftest import Cast, Client, statements, token_for

SignIn = Callable[[str], Client]
Open = Callable[[], Session]
HOSTILE = "<img src=x onerror=alert(1)>\u202e回单.pdf"


@pytest.fixture
def numbers(cast: Cast, database: Open) -> dict[str, int]:
    """Records with files of the first unit, by entity."""
    with database() as session:
        zone, unit = session.merge(cast.zone), session.merge(cast.unit)
        project = make_project(session, zone, unit=unit, name="锂电池项目")
        pending = make_arrival(session, zone, project, state=ReviewState.pending, recorded_by=cast.wu.id)
        recognised = make_arrival(session, zone, project, arrived_on=dt.date(2024, 4, 1))
        activity = Activity(
            zone_id=zone.id,
            kind=next(iter(ActivityKind)),
            on_day=dt.date(2024, 5, 1),
            text="到访考察",
            unit_id=unit.id,
            logged_by=cast.wu.id,
            logged_name="吴建军",
            logged_at=NOW,
        )
        session.add(activity)
        lead = make_lead(session, zone, unit, reported_by=cast.wu.id)
        terms = make_terms(session, zone, project, "条款")
        session.commit()
        return {
            "contract": terms["contract_id"],
            "contract_review": terms["review_id"],
            "commitment": terms["commitment_id"],
            "investor": project.investor_id,
            "project": project.id,
            "fund_arrival": pending.id,
            "recognised": recognised.id,
            "activity": activity.id,
            "lead": lead.id,
        }


def send(client: Client, address: str, *files: tuple[str, bytes], **fields: str) -> Any:
    sent = {"files": [(io.BytesIO(content), name) for name, content in files], **fields}
    answer = client.send(address, sent, content_type="multipart/form-data")
    answer.get_data()
    answer.close()
    return answer


def stored(database: Open) -> list[StoredFile]:
    with database() as session:
        return list(session.scalars(select(StoredFile).order_by(StoredFile.uploaded_at, StoredFile.id)))


@pytest.mark.parametrize("entity", ["project", "fund_arrival", "activity", "lead"])
def test_an_officer_hangs_files_on_a_record(
    sign_in: SignIn, database: Open, numbers: dict[str, int], entity: str
) -> None:
    client = sign_in("officer")
    address = f"/files/{entity}/{numbers[entity]}"
    answer = send(client, address, ("回单.pdf", pdf()), ("现场.jpg", picture()), label="银行进账单")
    assert (answer.status_code, answer.location) == (303, address)
    page = client.get(address).text
    assert "回单.pdf" in page
    assert "银行进账单" in page
    assert [file.name for file in stored(database)] == ["回单.pdf", "现场.jpg"]


def test_a_download_is_saved_and_never_shown_by_the_browser(
    sign_in: SignIn, database: Open, numbers: dict[str, int]
) -> None:
    send(sign_in("officer"), f"/files/project/{numbers['project']}", ("投资 合同;1.pdf", pdf()))
    [file] = stored(database)
    answer = sign_in("leader").get(f"/files/{file.id}/download")
    assert answer.data == pdf()
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment;")
    assert "filename*=UTF-8''%E6%8A%95%E8%B5%84" in disposition
    assert "\n" not in disposition
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.mimetype == "application/pdf"


def test_previews_are_pictures_of_our_own_making(
    sign_in: SignIn, database: Open, numbers: dict[str, int]
) -> None:
    address = f"/files/project/{numbers['project']}"
    send(sign_in("officer"), address, ("a.pdf", pdf()), ("b.webp", picture("WEBP")), ("c.docx", office()))
    scan, photo, letter = stored(database)
    client = sign_in("leader")
    for file, mimetype in ((scan, "image/png"), (photo, "image/jpeg")):
        answer = client.get(f"/files/{file.id}/preview")
        assert answer.mimetype == mimetype
        assert Image.open(io.BytesIO(answer.data)).get_format_mimetype() == mimetype
        assert "attachment" not in answer.headers.get("Content-Disposition", "")
        assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert client.get(f"/files/{letter.id}/preview").status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("宏.docm", office(), "宏"),
        ("图.svg", b"<svg onload='alert(1)'/>", "SVG"),
        ("回单.pdf", b"MZ\x90\0", "可执行"),
        ("回单.jpg", pdf(), "扩展名应为"),
    ],
)
def test_a_refusal_stands_beside_the_field(
    sign_in: SignIn,
    database: Open,
    numbers: dict[str, int],
    tmp_path: Path,
    name: str,
    content: bytes,
    words: str,
) -> None:
    answer = send(
        sign_in("officer"), f"/files/project/{numbers['project']}", ("好.pdf", pdf()), (name, content)
    )
    assert answer.status_code == 422
    assert words in answer.text
    assert 'class="err"' in answer.text
    assert stored(database) == []
    assert not (tmp_path / "files").exists()


def test_without_a_file_the_form_says_so(sign_in: SignIn, database: Open, numbers: dict[str, int]) -> None:
    answer = send(sign_in("officer"), f"/files/project/{numbers['project']}")
    assert answer.status_code == 422
    assert "请选择" in answer.text
    assert stored(database) == []


def test_a_name_stays_text_and_loses_what_cannot_be_seen(
    sign_in: SignIn, database: Open, numbers: dict[str, int]
) -> None:
    client, address = sign_in("officer"), f"/files/project/{numbers['project']}"
    send(client, address, (HOSTILE, pdf()), label="<script>alert(2)</script>")
    [file] = stored(database)
    assert file.name == "<img src=x onerror=alert(1)>回单.pdf"
    page = client.get(address).text
    assert "<img src=x" not in page
    assert "<script>alert" not in page
    assert client.get(f"/files/{file.id}/download").headers["Content-Disposition"].count("\u202e") == 0


def test_who_may_not_edit_the_record_may_not_add_or_take_away(
    sign_in: SignIn, database: Open, numbers: dict[str, int]
) -> None:
    address = f"/files/project/{numbers['project']}"
    send(sign_in("officer"), address, ("回单.pdf", pdf()))
    [file] = stored(database)
    for who in ("second", "leader", "administrator"):
        client = sign_in(who)
        assert client.get(address).status_code == 200
        assert send(client, address, ("x.png", picture("PNG"))).status_code == 403
        assert client.send(f"/files/{file.id}/remove").status_code == 403
        assert 'type="file"' not in client.get(address).text
    assert len(stored(database)) == 1
    assert stored(database)[0].removed_at is None


@pytest.mark.parametrize("who", ["outsider", "outside_reviewer"])
def test_files_of_another_zone_do_not_exist(
    sign_in: SignIn, database: Open, numbers: dict[str, int], who: str
) -> None:
    officer = sign_in("officer")
    for entity in SUBJECTS:
        send(officer, f"/files/{entity}/{numbers[entity]}", (f"{entity}.pdf", pdf()))
    client = sign_in(who)
    for file in stored(database):
        for address in (f"/files/{file.id}/download", f"/files/{file.id}/preview"):
            assert client.get(address).status_code == 404
        assert client.get(f"/files/{file.entity}/{file.entity_id}").status_code == 404
        refused = 403 if who == "outsider" else 404  # an administrator enters nothing at all
        assert (
            send(client, f"/files/{file.entity}/{file.entity_id}", ("x.png", picture())).status_code
            == refused
        )
        assert client.send(f"/files/{file.id}/remove").status_code == refused


def test_files_of_a_lead_are_seen_by_those_who_see_the_lead(
    sign_in: SignIn, database: Open, cast: Cast, numbers: dict[str, int]
) -> None:
    address = f"/files/lead/{numbers['lead']}"
    send(sign_in("officer"), address, ("投资方介绍.pdf", pdf()))
    [file] = stored(database)
    download = f"/files/{file.id}/download"
    assert sign_in("reviewer").get(download).status_code == 200
    for who in ("second", "administrator"):
        client = sign_in(who)
        assert client.get(address).status_code == client.get(download).status_code == 404
    with database() as session:
        session.add(LeadClock(zone_id=cast.zone.id, shared=1))
        session.commit()
    second = sign_in("second")
    assert second.get(download).status_code == 200
    assert send(second, address, ("x.png", picture("PNG"))).status_code == 403


def test_visitors_and_unknown_records(sign_in: SignIn, client: Client, numbers: dict[str, int]) -> None:
    assert client.get(f"/files/project/{numbers['project']}").location.startswith("/sign-in")
    officer = sign_in("officer")
    assert officer.get("/files/user_account/1").status_code == 404
    for entity in SUBJECTS:
        assert officer.get(f"/files/{entity}/1").status_code == 404
    assert officer.get("/files/1/download").status_code == 404


def test_a_removed_file_is_seen_by_reviewers_only(
    sign_in: SignIn, database: Open, numbers: dict[str, int]
) -> None:
    address = f"/files/fund_arrival/{numbers['fund_arrival']}"
    officer, reviewer = sign_in("officer"), sign_in("reviewer")
    send(officer, address, ("错的回单.pdf", pdf()))
    [file] = stored(database)
    answer = officer.send(f"/files/{file.id}/remove", {"next": "//evil.example"})
    assert answer.location == address
    assert "错的回单" not in officer.get(address).text.replace("已移除“错的回单.pdf”", "")
    assert officer.get(f"/files/{file.id}/download").status_code == 404
    assert "错的回单" in reviewer.get(address).text
    assert reviewer.get(f"/files/{file.id}/download").data == pdf()
    assert reviewer.send(f"/files/{file.id}/remove").status_code == 409


def test_the_evidence_of_recognised_money_stays(
    sign_in: SignIn, database: Open, numbers: dict[str, int]
) -> None:
    address = f"/files/fund_arrival/{numbers['recognised']}"
    officer = sign_in("officer")
    assert send(officer, address, ("补.pdf", pdf())).status_code == 303
    [file] = stored(database)
    answer = officer.send(f"/files/{file.id}/remove")
    assert answer.status_code == 422
    assert "不能移除" in answer.text
    assert stored(database)[0].removed_at is None


def test_the_list_asks_the_database_little(sign_in: SignIn, app: Flask, numbers: dict[str, int]) -> None:
    client, address = sign_in("reviewer"), f"/files/fund_arrival/{numbers['fund_arrival']}"
    send(client, address, *((f"{n}.png", picture("PNG", (n, n))) for n in range(1, 11)))
    client.get(address)
    with statements(app.extensions["engine"]) as sent:
        assert client.get(address).text.count("data-zoom") == 10
    assert len(sent.reads) <= 6


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_in_the_browser(
    app: Flask, cast: Cast, browser: Browser, numbers: dict[str, int], tmp_path: Path, width: int, height: int
) -> None:
    paths = [tmp_path / "回单.pdf", tmp_path / "现场.jpg"]
    paths[0].write_bytes(pdf())
    paths[1].write_bytes(picture(size=(1200, 900)))
    with serve(app) as address, open_page(browser, width=width, height=height) as page:
        page.context.add_cookies([{"name": "zhaoshang", "value": token_for(app, cast.wu), "url": address}])
        page.goto(f"{address}/files/fund_arrival/{numbers['fund_arrival']}")
        page.locator("input[type=file]").set_input_files(paths)
        expect(page.get_by_text("回单.pdf、现场.jpg")).to_be_visible()
        page.get_by_label("说明").fill("银行进账单")
        follow(page.get_by_role("button", name="上传"))
        page.get_by_text("已上传 2 个文件").wait_for()
        pictures = page.locator(".thumb img")
        expect(pictures).to_have_count(2)
        for picture_of in pictures.all():
            picture_of.scroll_into_view_if_needed()
            picture_of.evaluate("image => image.decode()")
        check(page)
        pictures.first.click()
        page.get_by_role("dialog").wait_for()
        assert accessibility_faults(page) == []
        shoot(page, f"files-{width}")
        page.get_by_role("button", name="关闭").click()
        follow(page.get_by_role("button", name="移除 现场.jpg"))
        page.get_by_text("已移除“现场.jpg”").wait_for()


def test_a_file_above_the_limit_is_refused_on_its_page(
    app: Flask, cast: Cast, database: Open, browser: Browser, numbers: dict[str, int], tmp_path: Path
) -> None:
    large = tmp_path / "大.pdf"
    large.write_bytes(pdf() + b"\0" * (20 * 2**20))
    with serve(app) as address, open_page(browser, width=1440, height=900) as page:
        page.context.add_cookies([{"name": "zhaoshang", "value": token_for(app, cast.wu), "url": address}])
        page.goto(f"{address}/files/project/{numbers['project']}")
        page.locator("input[type=file]").set_input_files(large)
        follow(page.get_by_role("button", name="上传"))
        page.get_by_text("“大.pdf”超过 20 MB").wait_for()
        assert accessibility_faults(page) == []
    assert stored(database) == []


def test_the_project_page_shows_its_files_and_comes_back_to_them(
    sign_in: SignIn, database: Open, numbers: dict[str, int]
) -> None:
    officer, page = sign_in("officer"), f"/projects/{numbers['project']}"
    answer = send(officer, f"/files/project/{numbers['project']}", ("合同.pdf", pdf()), next=f"{page}#files")
    assert answer.location == f"{page}#files"
    shown = officer.get(page).text
    assert "合同.pdf" in shown
    assert "上传文件" in shown
    other = sign_in("leader").get(page).text
    assert "合同.pdf" in other
    assert 'type="file"' not in other
