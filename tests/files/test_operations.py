"""Files on records: kept once, found again, never lost; previews made behind limits."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.audit.queries import list_entries
from app.audit.rules import Actor
from app.files.models import StoredFile
from app.files.operations import Upload, add_files, find_content, find_preview, previews, remove_file
from app.files.operations.store import path_of
from app.files.queries import count_files, get_file, list_files
from app.kernel.errors import ConflictError, DomainError, NotFoundError
from tests.factories import make_zone
from tests.files.samples import office, pdf, picture

Add = Callable[..., list[StoredFile]]


@pytest.fixture
def zone(session: Session) -> Zone:
    return make_zone(session)


@pytest.fixture
def add(session: Session, zone: Zone, tmp_path: Path) -> Add:
    def do(
        *uploads: Upload, zone: Zone = zone, entity_id: int = 7, label: str = "银行进账单"
    ) -> list[StoredFile]:
        actor = Actor(zone.id, 1, "吴建军")
        return add_files(
            session, actor, uploads, entity="fund_arrival", entity_id=entity_id, label=label, folder=tmp_path
        )

    return do


def stored(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_a_file_is_kept_under_its_hash_and_on_record(
    session: Session, zone: Zone, add: Add, tmp_path: Path
) -> None:
    [file] = add(Upload("..\\回单.pdf", pdf()))
    assert (file.name, file.label, file.media_type, file.uploaded_name) == (
        "回单.pdf", "银行进账单", "application/pdf", "吴建军",
    )  # fmt: skip
    path = find_content(tmp_path, file)
    assert path == tmp_path / "files" / str(zone.id) / file.sha256[:2] / file.sha256
    assert path.read_bytes() == pdf()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list_files(session, zone.id, "fund_arrival", 7) == [file]
    assert count_files(session, zone.id, "fund_arrival", [7, 8]) == {7: 1}
    session.commit()
    [entry] = list_entries(session, zone.id, {"fund_arrival": [7]})
    assert entry.action == "add_file"
    assert entry.after is not None
    assert entry.after["file_sha256"] == file.sha256


def test_the_same_content_is_stored_once(add: Add, tmp_path: Path) -> None:
    [first] = add(Upload("a.pdf", pdf()))
    path = find_content(tmp_path, first)
    before = path.stat()
    add(Upload("b.pdf", pdf()), entity_id=8)
    assert stored(tmp_path) == [path]
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    with pytest.raises(DomainError, match="内容相同"):
        add(Upload("c.pdf", pdf()))


def test_all_files_of_an_upload_or_none(session: Session, zone: Zone, add: Add, tmp_path: Path) -> None:
    with pytest.raises(DomainError, match="可执行"):
        add(Upload("好.pdf", pdf()), Upload("坏.exe", b"MZ"))
    with pytest.raises(DomainError, match="内容相同"):
        add(Upload("一.pdf", pdf()), Upload("二.pdf", pdf()))
    assert list_files(session, zone.id, "fund_arrival", 7) == []
    assert stored(tmp_path) == []


def test_number_and_size_are_limited(add: Add, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.files.operations.uploads.MAX_FILES", 2)
    with pytest.raises(DomainError, match="最多 2 个"):
        add(*(Upload(f"{n}.png", picture("PNG", (n, n))) for n in (1, 2, 3)))
    monkeypatch.setattr("app.files.operations.uploads.MAX_BYTES", 100)
    with pytest.raises(DomainError, match="超过"):
        add(Upload("大.pdf", pdf()))
    with pytest.raises(DomainError, match="请选择"):
        add()


def test_a_removed_file_stays_in_the_store_and_on_record(
    session: Session, zone: Zone, add: Add, tmp_path: Path
) -> None:
    [file] = add(Upload("回单.pdf", pdf()))
    remove_file(session, Actor(zone.id, 2, "马晓琳"), file)
    assert list_files(session, zone.id, "fund_arrival", 7) == []
    assert list_files(session, zone.id, "fund_arrival", 7, removed=True) == [file]
    assert find_content(tmp_path, file).read_bytes() == pdf()
    session.commit()
    assert [entry.action for entry in list_entries(session, zone.id, {"fund_arrival": [7]})] == [
        "remove_file",
        "add_file",
    ]
    with pytest.raises(ConflictError, match="马晓琳"):
        remove_file(session, Actor(zone.id, 1, "吴建军"), file)
    [again] = add(Upload("回单.pdf", pdf()))
    assert again.id != file.id


def test_another_zone_has_neither_row_nor_content(
    session: Session, zone: Zone, add: Add, tmp_path: Path
) -> None:
    [file] = add(Upload("回单.pdf", pdf()))
    other = make_zone(session)
    with pytest.raises(NotFoundError):
        get_file(session, other.id, file.id)
    assert not path_of(tmp_path, other.id, file.sha256).exists()


def test_changed_or_lost_content_is_not_delivered(add: Add, tmp_path: Path) -> None:
    [file] = add(Upload("回单.pdf", pdf()))
    path = find_content(tmp_path, file)
    path.write_bytes(pdf(2))
    with pytest.raises(DomainError, match="不一致"):
        find_content(tmp_path, file)
    path.unlink()
    with pytest.raises(DomainError, match="不在存储目录"):
        find_content(tmp_path, file)


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("a.pdf", pdf(3), "image/png"),
        ("a.jpg", picture("JPEG", (4000, 3000)), "image/jpeg"),
        ("a.png", picture("PNG"), "image/jpeg"),
        ("a.webp", picture("WEBP"), "image/jpeg"),
    ],
)
def test_a_preview_is_a_small_picture_made_once(
    add: Add, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, content: bytes, media_type: str
) -> None:
    [file] = add(Upload(name, content))
    found = find_preview(tmp_path, file)
    assert found is not None
    path, kind = found
    assert kind == media_type
    with Image.open(path) as image:
        assert image.get_format_mimetype() == media_type
        assert max(image.size) <= 1800
    monkeypatch.setattr(previews, "_make", lambda *_: pytest.fail("made again"))
    assert find_preview(tmp_path, file) == found


def test_an_image_is_shown_upright_and_without_its_metadata(add: Add, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "SecretCamera"
    source = tmp_path / "x.jpg"
    Image.new("RGB", (300, 100), "red").save(source, exif=exif)
    [file] = add(Upload("a.jpg", source.read_bytes()))
    found = find_preview(tmp_path, file)
    assert found is not None
    with Image.open(found[0]) as image:
        assert image.size == (100, 300)
    assert b"SecretCamera" not in found[0].read_bytes()


def bomb() -> bytes:
    """A PNG that says it has 2,500 million pixels."""
    content = bytearray(picture("PNG", (8, 8)))
    content[16:24] = (50_000).to_bytes(4) * 2
    return bytes(content)


@pytest.mark.parametrize(
    ("name", "content"),
    [("bomb.png", bomb()), ("cut.jpg", picture("JPEG")[:30]), ("junk.pdf", b"%PDF-1.7\n" + b"junk" * 50)],
)
def test_what_cannot_be_shown_has_no_preview_and_is_not_tried_again(
    add: Add, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, content: bytes
) -> None:
    [file] = add(Upload(name, content))
    assert find_preview(tmp_path, file) is None
    monkeypatch.setattr(previews, "_make", lambda *_: pytest.fail("tried again"))
    assert find_preview(tmp_path, file) is None
    assert find_content(tmp_path, file).read_bytes() == content


def test_a_preview_that_takes_too_long_is_stopped(
    add: Add, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(previews, "WALL_SECONDS", 0.01)
    [file] = add(Upload("a.pdf", pdf()))
    assert find_preview(tmp_path, file) is None


def test_office_documents_have_no_preview(add: Add, tmp_path: Path) -> None:
    [file] = add(Upload("a.docx", office()))
    assert find_preview(tmp_path, file) is None
