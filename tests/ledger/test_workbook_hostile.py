"""Whatever is thrown at the reader: a sentence within ten seconds of work, and the process that asked lives on."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest

from app.ledger.workbook import WorkbookError, read_workbook
from tests.ledger.books import make_book, save
from tests.ledger.hostile import BROKEN_FILES, HOSTILE_FILES, OTHER_FILES, Case, at_most

CASES = [*OTHER_FILES, *BROKEN_FILES, *HOSTILE_FILES]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_bad_file_is_refused_in_words(case: Case, tmp_path: Path) -> None:
    path = save(tmp_path, case.make())
    with pytest.raises(WorkbookError) as refusal, at_most(10):
        read_workbook(path)
    assert case.words in refusal.value.message
    assert re.search(r"[\u4e00-\u9fff]{2}", refusal.value.message)
    assert "请" in refusal.value.message


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(WorkbookError, match=r"找不到文件“没有\.xlsx”"):
        read_workbook(tmp_path / "没有.xlsx")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(WorkbookError, match="找不到文件"):
        read_workbook(tmp_path)


def test_a_very_large_file_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "大.xlsx"
    with path.open("wb") as stream:
        stream.truncate(51 * 1024 * 1024)
    with pytest.raises(WorkbookError, match="超过 50 MB"):
        read_workbook(path)


def test_a_child_out_of_memory_is_explained(tmp_path: Path) -> None:
    rows = "".join(f"<row>{f'<c><v>{n}.5</v></c>' * 20}</row>" for n in range(10_000))
    path = save(tmp_path, make_book(data=rows))
    with pytest.raises(WorkbookError, match="内存超过上限，请删除"):
        read_workbook(path, memory_bytes=40 * 1024 * 1024)


def test_a_child_out_of_time_is_killed(tmp_path: Path) -> None:
    rows = f"<row>{'<c><v>1</v></c>' * 100}</row>" * 9_000
    path = save(tmp_path, make_book(data=rows, compression=zipfile.ZIP_STORED))
    with pytest.raises(WorkbookError, match=r"读取超过 0\.2 秒仍未完成，已停止，请删除"), at_most(1.5):
        read_workbook(path, wall_seconds=0.2)
