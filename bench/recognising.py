"""A ledger of another form, 20,000 rows and 25 columns: read, matched and judged cell by cell.

Run with ``python -m bench.recognising``. Beside it stands plain reading by python-calamine, without any checks.
Processor time is what counts; what the rows mean to the database is not part of it.
"""

from __future__ import annotations

import datetime as dt
import resource
import sys
import tempfile
import time
from pathlib import Path

import xlsxwriter
from python_calamine import CalamineWorkbook

from app.ledger.workbook import read_workbook
from app.ledger.workbook.recognising import form_rows, recognise

ROWS, COLUMNS = 20_000, 25
MOST_SECONDS, MOST_MIB = 8, 500
HEADS = (
    "序号 责任单位 项目名称 投资企业 来源地 产业链/环节 落地片区 阶段 合同类型 签约时间 总投资 备注".split()
)


def make_ledger(path: Path, rows: int = ROWS) -> None:
    """Title, unit line, two rows of heads, twelve months and their sum, a total."""
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        page = book.add_worksheet("2024年台账")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        page.write_row(0, 0, ["某开发区2024年招商引资项目台账（单位：万元）"])
        page.write_row(1, 0, [*HEADS, "2024年到位资金"])
        page.write_row(2, len(HEADS), [*(f"{month}月" for month in range(1, 13)), "累计"])
        for number in range(rows):
            row = number + 3
            page.write_row(row, 0, [
                number + 1, f"招商{number % 9}部", f"电池生产线项目{number}", f"某某{number}有限公司", "江苏省",
                "锂电新能源/电池", "综合保税区", "已签约", "投资合同",
            ])  # fmt: skip
            if number % 3:
                page.write(row, 9, f"2023年{number % 12 + 1}月{number % 28 + 1}日")
            else:
                page.write_datetime(row, 9, dt.date(2023, number % 12 + 1, number % 28 + 1), day)
            page.write(row, 10, f"{number % 90 + 1}.5亿元" if number % 2 else number % 900 + 1200)
            page.write_row(row, 12, [number % 50 + month for month in range(12)])
            page.write(row, 24, sum(number % 50 + month for month in range(12)))


def make_register(path: Path, rows: int = ROWS) -> None:
    """25 columns, all of them of projects."""
    heads = (
        "项目编号 项目名称 投资方名称 统一社会信用代码 投资方所在地 建设内容 产业链 链上环节 落地片区 责任单位 责任人 "
        "包联领导 合同类型 合同编号 合同签订日期 合同总投资（万元） 固定资产投资（万元） 落地日期 开工日期 投产日期 "
        "用地面积（亩） 预计年产值（万元） 预计年税收（万元） 带动就业 备注"
    ).split()
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        page = book.add_worksheet("项目台账")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        page.write_row(0, 0, heads)
        for number in range(rows):
            row, first = number + 1, dt.date(2021, number % 12 + 1, number % 28 + 1)
            page.write_row(row, 0, [
                f"P-{number:05}", f"电池生产线项目{number}", f"某某{number}有限公司", None, "江苏省",
                f"建设年产{number}吨正极材料生产线及配套设施", "锂电新能源", "电池", "综合保税区", f"招商{number % 9}部",
                "吴建军", "马局长", "正式合同", f"HT-{number:05}",
            ])  # fmt: skip
            page.write_datetime(row, 14, first, day)
            page.write_row(row, 15, [number % 900 + 1200.5, number % 900 + 800])
            for place in range(3):
                page.write_datetime(row, 17 + place, first + dt.timedelta(90 * (place + 1)), day)
            page.write_row(
                row, 20, [49.5, number % 700 + 300, number % 90 + 10, number % 300 + 20, f"第{number}号"]
            )


SHAPES = {"months": make_ledger, "projects": make_register}


def main() -> int:
    """Print what was measured; 1 when it is more than was promised."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.xlsx"
        make_ledger(path)
        start = spent()
        with CalamineWorkbook.from_path(path) as plain:
            assert len(plain.get_sheet_by_index(0).to_python()) == ROWS + 3
        alone = spent() - start
        start, clock = spent(), time.perf_counter()
        workbook = read_workbook(path)
        read = spent() - start
        found = recognise(workbook)
        matched = spent() - start - read
        judged = sum(
            1 for row in form_rows(workbook, found) if not any(c.problem for c in row.cells.values())
        )
        seconds, wall = spent() - start, time.perf_counter() - clock
    assert not found.doubts, found.doubts[:3]
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"calamine alone: {alone:.2f} s")
    print(
        f"read {read:.2f} s, matched {matched:.2f} s, judged {seconds - read - matched:.2f} s ({judged:,} rows)"
    )
    print(f"together {seconds:.2f} s of processor (at most {MOST_SECONDS}), {wall:.2f} s on the clock")
    print(f"memory: {own:.0f} MiB, child {child:.0f} MiB (at most {MOST_MIB} each)")
    return int(seconds > MOST_SECONDS or max(own, child) > MOST_MIB)


def spent() -> float:
    """Processor seconds of this process and of its children that have ended."""
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


if __name__ == "__main__":
    sys.exit(main())
