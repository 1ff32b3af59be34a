"""The three sheets of the product's own ledger template and their columns."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.text import name_key


@dataclass(frozen=True)
class SheetForm:
    """One sheet: its name, and its heads in order. ``optional`` heads may be missing from a file."""

    name: str
    heads: tuple[str, ...]
    optional: frozenset[str] = frozenset({"序号", "备注"})

    @property
    def required(self) -> tuple[str, ...]:
        """The heads a file must have."""
        return tuple(head for head in self.heads if head not in self.optional)


PROJECTS = SheetForm(
    "项目台账",
    tuple(
        "序号 项目编号 项目名称 投资方名称 统一社会信用代码 投资方所在地 建设内容 产业链 链上环节 行业代码 落地片区 "
        "责任单位 责任人 包联领导 当前阶段 首次洽谈日期 合同类型 合同编号 合同签订日期 合同总投资 其中：固定资产投资 "
        "落地日期 开工日期 投产日期 达产日期 终止日期 用地面积 预计年产值 预计年税收 带动就业 备注".split()
    ),
)
ARRIVALS = SheetForm(
    "到位资金",
    tuple(
        "序号 项目编号 项目名称 到账日期 币种 原币金额（万） 折算汇率 折人民币（万元） 资金来源 资金用途 凭证号 审核状态".split()
    ),
)
TARGETS = SheetForm("年度目标", tuple("年度 责任单位 指标 目标值 单位".split()))
SUPPLEMENTS = SheetForm(
    "补充协议", tuple("项目编号 项目名称 投资方名称 补充协议编号 补充协议日期 补充协议金额".split())
)
"""In no sheet of the template; other ledgers have them in columns, in rows or on a sheet of their own."""
SHEETS = (PROJECTS, ARRIVALS, TARGETS)

FIELD_HEADS = {
    "number": "项目编号",
    "name": "项目名称",
    "investor": "投资方名称",
    "uscc": "统一社会信用代码",
    "origin": "投资方所在地",
    "industry": "行业代码",
    "stage": "当前阶段",
    "contract_kind": "合同类型",
    "contract_number": "合同编号",
    "signed_on": "合同签订日期",
    "investment": "合同总投资",
    "first_contact": "首次洽谈日期",
    "landed": "落地日期",
    "started": "开工日期",
    "produced": "投产日期",
    "full": "达产日期",
    "terminated": "终止日期",
    "project": "项目编号",
    "arrived_on": "到账日期",
    "rate": "折算汇率",
    "voucher": "凭证号",
}
"""Heads under which a rule's objection to a field is shown; ``amount`` depends on the sheet."""


def head_key(text: str) -> str:
    """A head with width, spaces, line breaks and brackets folded."""
    return name_key(text)
