"""Entries of the audit log in Chinese: what was done, to what, and each field before and after."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.accounts.rules import Role
from app.activities.rules import ActivityKind
from app.audit.models import AuditEntry
from app.briefs.models import BriefState
from app.jobs.rules import JobKind
from app.leads.rules import LeadSource, LeadState
from app.warnings.rules import KINDS as WARNINGS
from app.web.filters import when
from app.web.pipeline.words import (
    ARRIVAL_LABELS,
    INVESTOR_LABELS,
    NOTHING,
    PROJECT_LABELS,
    TERM_LABELS,
    TERM_VERBS,
    Names,
    readable,
)

ENTITIES = {
    "project": "项目",
    "contract": "合同",
    "contract_review": "合同审查意见",
    "commitment": "承诺",
    "fund_arrival": "到账",
    "project_view": "项目视图",
    "investor": "企业",
    "contact": "联系人",
    "lead": "线索",
    "activity": "活动",
    "task": "待办",
    "brief": "简报",
    "annual_target": "年度目标",
    "import_batch": "台账导入",
    "job": "后台任务",
    "ledger": "台账",
    "month_close": "月度关账",
    "close_waiver": "关账豁免",
    "user_account": "人员",
    "zone": "园区设置",
    "lead_clock": "线索时限",
    "area": "片区",
    "unit": "责任单位",
    "chain": "产业链",
    "segment": "链上环节",
}
ACTIONS = {
    **TERM_VERBS,
    "close": "关账",
    "waive": "豁免",
    "absorb": "合并进来",
    "add": "添加",
    "add_name": "添加名称",
    "remove_name": "移除名称",
    "merge": "并入另一家",
    "merge_investor": "投资方并入另一家",
    "undo_merge": "撤销合并",
    "switch_off": "停用",
    "switch_on": "启用",
    "add_file": "上传附件",
    "add_user": "添加",
    "answer": "首次答复",
    "ask_job": "提出",
    "assess": "研判",
    "change": "修改",
    "change_user": "修改",
    "change_view": "修改视图",
    "choose_columns": "选列",
    "change_password": "修改密码",
    "change_zone": "修改",
    "confirm": "确认写入",
    "convert": "转为项目",
    "correct": "更正",
    "disable_user": "停用",
    "dispute": "裁定争议",
    "enable_user": "启用",
    "extend": "延长保护",
    "clear_job_file": "清理到期文件",
    "fail_brief": "生成失败",
    "fail_job": "未完成",
    "finish_brief": "生成完成",
    "finish_job": "完成",
    "finish": "办结",
    "from_lead": "由线索转入",
    "hand": "转交",
    "hand_over": "移交",
    "hand_over_work": "工作交接",
    "import": "导入",
    "open_first": "首选视图",
    "remove_view": "删除视图",
    "save_view": "保存视图",
    "lapse": "保护到期",
    "link": "关联",
    "log": "记录",
    "make": "新增",
    "mark_leading": "标记主导",
    "move": "调整次序",
    "postpone": "改期",
    "read_phone": "查看电话",
    "recognise": "认定",
    "take_back_recognition": "撤销认定",
    "take_back_return": "撤销退回",
    "withdraw_arrival": "撤回",
    "void_arrival": "作废",
    "restore_arrival": "恢复",
    "record": "登记",
    "refuse_sign_in": "登录被拒",
    "register": "登记",
    "remove_file": "移除附件",
    "rename": "改名",
    "reopen": "重新打开",
    "report": "续报进展",
    "reset_password": "重置密码",
    "restore": "恢复旧值",
    "return": "退回",
    "set": "下达",
    "set_clocks": "设置",
    "ask_excuse": "写情况说明",
    "grant_excuse": "确认情况说明",
    "refuse_excuse": "未采纳情况说明",
    "set_limits": "设置更新时限",
    "set_warnings": "设置预警规则",
    "set_target": "下达",
    "set_up": "初始设置",
    "sign_in": "登录",
    "sign_out": "退出",
    "retry_job": "重试",
    "sign_supplement": "登记补充协议",
    "start_brief": "开始生成",
    "transfer": "移交",
    "unlink": "解除关联",
    "unlink_activity": "解除活动关联",
    "upload": "上传",
    "withdraw": "撤回",
}
FIELDS = {
    **TERM_LABELS,
    "entries": "分录（笔）",
    "hash": "哈希",
    "item": "核对事项",
    "seq": "第几次关账或重开",
    "subject": "对象",
    **INVESTOR_LABELS,
    **ARRIVAL_LABELS,
    **PROJECT_LABELS,
    **{kind.value: rule.label for kind, rule in WARNINGS.items()},
    "absorbed": "先前并入的企业（家）",
    "active": "在用",
    "activities": "活动（条）",
    "children": "下属企业（家）",
    "contacts": "联系人（位）",
    "figures": "随之移动的数",
    "files": "文件（个）",
    "former_name": "其他名称",
    "main": "主要联系人",
    "name_kind": "类别",
    "other_id": "另一家企业",
    "parent_id": "母公司",
    "phone": "联系电话",
    "wechat": "微信或邮箱",
    "warning": "预警",
    "activity": "活动",
    "address": "网络地址",
    "amount_fen": "金额",
    "answer_days": "答复时限（天）",
    "assess_days": "研判时限（天）",
    "assessment": "研判意见",
    "attempt": "第几次",
    "brief_copies": "印数",
    "brief_issue_to": "发",
    "brief_masthead": "版头",
    "brief_office": "编发单位",
    "brief_report_to": "报",
    "brief_send_to": "送",
    "brief_total_before": "总期数基数",
    "brief_total_year": "基数对应年份",
    "chain": "产业链",
    "columns": "显示的列",
    "conditions": "条件、排序和列",
    "contact_name": "联系人",
    "contact_title": "联系人职务",
    "counts": "各表行数",
    "cutoff_day": "统计截止日",
    "days": "天数",
    "draft_day": "自动起草日",
    "done_at": "办结时间",
    "due_on": "办理期限",
    "figure": "指标",
    "file": "文件",
    "first_unit_id": "首报单位",
    "from_unit_id": "移出单位",
    "investor_name": "投资方",
    "kind": "类型",
    "label": "证明事项",
    "lead_id": "线索",
    "lead_number": "线索编号",
    "leading": "主导产业链",
    "likeness_reason": "与相似记录的区别",
    "locked_until": "锁定至",
    "login": "登录名",
    "media_type": "文件类型",
    "month": "月份",
    "name": "名称",
    "number": "编号",
    "number_prefix": "编号前缀",
    "on_day": "日期",
    "owner_id": "承办人",
    "officer_id": "责任人",
    "pages": "页数",
    "participants": "参加人员",
    "people": "人数",
    "place": "地点",
    "position": "次序",
    "protect_days": "首报保护期（天）",
    "protected_until": "保护至",
    "province": "所在省份",
    "report_days": "续报周期（天）",
    "role": "岗位",
    "sha256": "文件校验值",
    "shared_view": "共享给全区",
    "shared": "线索互见",
    "signed_on": "签订日期",
    "size": "大小（字节）",
    "leads": "线索（条）",
    "projects": "项目（个）",
    "returned": "退回的到账（笔）",
    "taken_by_id": "接手人",
    "tasks": "待办（件）",
    "text": "内容",
    "title": "职务",
    "to_unit_id": "移入单位",
    "until_on": "延长至",
    "value": "目标值",
    "view": "视图",
    "withdrawn_at": "撤回时间",
    "withdrawn_reason": "撤回原因",
    "year": "年度",
}
REASONS = {"locked": "账号已锁定", "disabled": "账号已停用", "wrong_password": "密码不对"}
KINDS: Mapping[tuple[str, str], type[StrEnum]] = {
    ("activity", "kind"): ActivityKind,
    ("brief", "state"): BriefState,
    ("job", "kind"): JobKind,
    ("lead", "source"): LeadSource,
    ("lead", "state"): LeadState,
    ("user_account", "role"): Role,
}


@dataclass(frozen=True)
class Change:
    """One field: its Chinese name, the old value (None: there was none to compare with) and the new."""

    label: str
    old: str | None
    new: str


def what(entry: AuditEntry) -> str:
    """修改项目, 登录, 认定到账: the deed in words."""
    deed = ACTIONS.get(entry.action, entry.action)
    if entry.entity == "user_account" and entry.action in ("sign_in", "sign_out", "refuse_sign_in"):
        return deed
    return f"{ENTITIES.get(entry.entity, entry.entity)}：{deed}"


def ids_in(entries: Iterable[AuditEntry]) -> set[int]:
    """Every record that the entries are about or mention."""
    found = set()
    for entry in entries:
        found.add(entry.entity_id)
        for values in (entry.before or {}, entry.after or {}):
            found |= {value for name, value in values.items() if name.endswith("_id") and value}
    return {key for key in found if isinstance(key, int)}


def changes(entry: AuditEntry, names: Mapping[int, str]) -> list[Change]:
    """The fields of an entry as one reads them; ``names`` are the records mentioned."""
    before, after = entry.before, entry.after or {}
    return [
        Change(
            FIELDS.get(name, name),
            None if before is None else _read(entry.entity, name, before.get(name), names),
            _read(entry.entity, name, after.get(name), names) if name in after else NOTHING,
        )
        for name in {**(before or {}), **after}
    ]


def _read(entity: str, name: str, value: Any, names: Mapping[int, str]) -> str:
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    if name.endswith("_id"):
        return names.get(value, "（已删除）")
    if name.endswith("_at") or name == "locked_until":
        return when(dt.datetime.fromisoformat(value))
    if name == "reason":
        return REASONS.get(value, value)
    kind = KINDS.get((entity, name))
    if kind is not None:
        return str(getattr(kind(value), "label", value))
    if entity in ("project", "fund_arrival", "investor") or name.endswith("_fen"):
        return readable(name, value, Names())
    return str(value)
