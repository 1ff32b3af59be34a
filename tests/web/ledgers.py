"""Ledgers as officials keep them, made for the tests of the pages."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.ledger.models import BatchState, ImportBatch, ImportRow
from app.ledger.operations import file_of, recognise_batch
from app.ledger.rules import Verdict
from app.ledger.rules.report import RowOf

HEADS = ("序号", "项目名称", "投资企业", "投资方所在地", "责任单位", "签约时间", "合同类型", "总投资", "进展阶段", "规模说明", "2024年1月到位资金", "2024年2月到位资金")  # fmt: skip


def line(number: int, name: str, **said: Any) -> list[Any]:
    """One row; ``said`` gives other values than the usual ones by head."""
    usual = {
        "序号": number, "项目名称": name, "投资企业": f"{name}投资有限公司", "投资方所在地": "广东省", "责任单位": "招商一部",
        "签约时间": "2023.11.8", "合同类型": "正式合同", "总投资": 12000 + number, "进展阶段": "签约",
        "规模说明": f"年产 {number} 万件", "2024年1月到位资金": None, "2024年2月到位资金": None,
    }  # fmt: skip
    return [(usual | said)[head] for head in HEADS]


def officers_ledger(
    rows: Sequence[Sequence[Any]], *, unit: str = "单位：万元", notes: str = "", name: str = "台账"
) -> io.BytesIO:
    """A workbook with a title, a line with the unit, heads in row 3 and ``rows``; ``notes`` on a second sheet."""
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.title = name
    page.append(["测试开发区2024年招商引资项目推进情况表"])
    page.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(HEADS))
    page.append([unit])
    for row in (HEADS, *rows):
        page.append(list(row))
    if notes:
        other = book.create_sheet("说明")
        other.append([notes])
    stream = io.BytesIO()
    book.save(stream)
    stream.seek(0)
    return stream


def put_batch(
    session: Session, zone: Zone, folder: Path, text: str, **times: Any
) -> tuple[ImportBatch, ImportRow]:
    """An import that was judged, its file's cells, and one row of it that is refused; every word is ``text``."""
    batch = ImportBatch(zone_id=zone.id, file_name=text[:200], state=BatchState.recognised, **times)
    session.add(batch)
    session.flush()
    path = file_of(folder, batch).with_suffix(".cells")
    path.parent.mkdir(parents=True, exist_ok=True)
    sheet = {
        "name": text[:31],
        "first_row": 1,
        "hidden": False,
        "hidden_rows": [],
        "hidden_columns": [],
        "merged": [],
    }
    rows = [[*HEADS[:3], text], [1, text, text, text], [2, text, text, text]]
    with gzip.open(path, "wb") as stream:
        for item in (sheet, *rows, {"end": True}):
            stream.write(json.dumps(item).encode() + b"\n")
    recognise_batch(session, zone, batch, folder)
    batch.state = BatchState.judged
    row = ImportRow(
        zone_id=zone.id, batch_id=batch.id, sheet=text[:31], row=2, kind=RowOf.project, label=text[:200],
        verdict=Verdict.refused, take=False, changes=[], questions=[],
        problems=[{"cell": "B2", "head": text, "message": text}],
    )  # fmt: skip
    session.add(row)
    session.flush()
    return batch, row
