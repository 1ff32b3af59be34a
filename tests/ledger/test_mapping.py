"""The mapping file and the command that takes it."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.funds.models import FundArrival
from app.kernel.errors import DomainError
from app.ledger.rules import read_answers
from app.pipeline.models import Project
from tests.factories import make_zone

Run = Callable[..., Result]


@pytest.fixture
def run(own_engine: Engine, app_on: Callable[..., Flask], tmp_path: Path) -> Run:
    """Runs a command of ours on a database with one empty zone."""
    with Session(own_engine) as session:
        make_zone(session, "试验区")
        session.commit()

    def invoke(*arguments: str, command: str = "import") -> Result:
        return (
            app_on(own_engine, tmp_path)
            .test_cli_runner()
            .invoke(
                args=[
                    "ledger",
                    command,
                    *arguments,
                    "--zone",
                    "试验区",
                    *(["--add-lists"] if command == "import" else []),
                ]
            )
        )

    return invoke


def test_the_command_refuses_until_the_mapping_file_has_decided(
    run: Run, own_engine: Engine, tmp_path: Path
) -> None:
    ledger, mapping = tmp_path / "台账.csv", tmp_path / "对应.json"
    ledger.write_text(
        "项目名称,投资方,盘子大小,1月到位资金,来源地,签约时间\n电池项目,甲公司,1.2,300,广东,2024.1.5\n",
        "gb18030",
    )
    refused = run(str(ledger))
    assert refused.exit_code == 1
    for said in (
        "“责任单位”列",
        "D1：“1月到位资金”没有写明是哪一年",
        "D1：“1月到位资金”没有写明单位",
        "--mapping",
    ):
        assert said in refused.output
    decided = {
        "columns": {"盘子大小": "合同总投资"}, "units": {"C": "亿元"}, "unit": "万元", "year": 2024,
        "defaults": {"责任单位": "招商局"},
    }  # fmt: skip
    mapping.write_text(json.dumps(decided), "utf-8")
    tried = run(str(ledger), "--mapping", str(mapping), "--dry-run")
    assert (tried.exit_code, "未写入" in tried.output) == (0, True)
    with Session(own_engine) as session:
        assert session.scalars(select(Project)).all() == []
    done = run(str(ledger), "--mapping", str(mapping))
    assert done.exit_code == 0, done.output
    with Session(own_engine) as session:
        assert session.scalars(select(Project)).one().total_fen == 12_000_000_000
        assert session.scalars(select(FundArrival)).one().amount_fen == 300_000_000


def test_the_command_asks_before_it_guesses_and_can_be_taken_back(
    run: Run, own_engine: Engine, tmp_path: Path
) -> None:
    ledger, mapping = tmp_path / "台账.csv", tmp_path / "对应.json"
    heads = "项目名称,投资方,责任单位,总投资（万元）\n"
    ledger.write_text(heads + "电池项目,甲公司,招商局,1200\n", "utf-8")
    assert run(str(ledger), "--dry-run").exit_code == 0
    assert not list(tmp_path.glob("imports/*/*")), "nothing is left of a trial"
    assert run(str(ledger)).exit_code == 0
    ledger.write_text(heads + "电池项目,甲公司,招商局,12000000\n", "utf-8")
    asked = run(str(ledger))
    assert asked.exit_code == 1
    assert "unit_jump" in asked.output
    assert "choices" in asked.output
    mapping.write_text(
        json.dumps({"choices": {"unit_jump": "keep", "文本表格!2": {"unit_jump": "use"}}}), "utf-8"
    )
    answered = run(str(ledger), "--mapping", str(mapping), "--json")
    assert answered.exit_code == 0, answered.output
    batch = json.loads(answered.stdout)["batch"]
    listed = run(command="batches").output
    assert listed.split()[0] == str(batch)
    assert listed.count("命令行") == 2
    with Session(own_engine) as session:
        assert session.scalars(select(Project.total_fen)).one() == 12_000_000_000_000
    undone = run(str(batch), command="undo")
    assert "已撤销" in undone.output
    assert "没有这次导入" in run("1", command="undo").output
    with Session(own_engine) as session:
        assert session.scalars(select(Project.total_fen)).one() == 1_200_000_000


def test_a_mapping_file_that_cannot_be_read_is_named(run: Run, tmp_path: Path) -> None:
    ledger = tmp_path / "台账.csv"
    ledger.write_text("项目名称,投资方\n甲,乙\n", "utf-8")
    done = run(str(ledger), "--mapping", str(tmp_path / "没有.json"))
    assert done.exit_code == 1
    assert "映射文件“没有.json”无法读取" in done.output


def test_everything_it_may_say() -> None:
    answers = read_answers(
        '{"columns": {"L": "合同总投资", "杂项": "附加列"}, "units": {"L": "亿元"}, "unit": "万元", "year": 2024,'
        ' "defaults": {"责任单位": "招商局"}, "rates": {"美元": "7.1"}, "skip": ["说明"], "accept_totals": true}'
    )
    assert answers.columns == {"L": "合同总投资", "杂项": "附加列"}
    assert (answers.unit, answers.year, answers.rates) == ("万元", 2024, {"美元": Decimal("7.1")})
    assert (answers.skip, answers.accept_totals) == (frozenset({"说明"}), True)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "JSON"),
        ("[]", "对象"),
        ('{"colums": {}}', "colums"),
        ('{"columns": {"L": "总投"}}', "总投"),
        ('{"columns": ["L"]}', "columns"),
        ('{"unit": "块"}', "块"),
        ('{"unit": ["万元"]}', "万元"),
        ('{"year": "今年"}', "今年"),
        ('{"year": 20240}', "20240"),
        ('{"defaults": {"单元": "x"}}', "单元"),
        ('{"rates": {"美元": "0"}}', "大于 0"),
        ('{"rates": {"美元": "NaN"}}', "数字"),
        ('{"skip": "说明"}', "skip"),
        ("[" * 100_000, "JSON"),
    ],
)
def test_what_is_wrong_in_it_is_named(text: str, said: str) -> None:
    with pytest.raises(DomainError, match=said):
        read_answers(text)
