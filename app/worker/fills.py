"""Filling a 上报表 for a month, as it was when it was asked for."""

from __future__ import annotations

from typing import Any

from app.accounts.models import UserAccount, Zone
from app.accounts.rules import Permission, may
from app.jobs.operations import file_of as file_of_job
from app.jobs.queries import get_job
from app.journal.queries import find_reading
from app.kernel import clock
from app.kernel.errors import DomainError
from app.kernel.periods import Month
from app.reporting.operations import Occasion, fill_form, keep_outcome, kept_at, setups_of
from app.reporting.queries import get_fill
from app.worker.runtime import Runtime


def fill_report(here: Runtime, zone_id: int, job_id: int, fill_id: int) -> dict[str, Any]:
    """Fill the form of ``fill_id`` into the job's file and keep what its sums compare to.

    Raises ``DomainError`` when the person may no longer fill forms, and for what cannot be filled.
    """
    here.teller(zone_id, job_id)("正在汇总数据", 10)
    with here.open_session(read_only=True) as session:
        job, fill = get_job(session, zone_id, job_id), get_fill(session, zone_id, fill_id)
        user = session.get(UserAccount, (zone_id, job.made_by)) if job.made_by else None
        if user is None or not user.active or not may(user.role, Permission.fill_form):
            raise DomainError("申请填报的账号已停用或没有填报权限，没有生成文件")
        zone = session.get_one(Zone, zone_id)
        month = Month(fill.year, fill.month, zone.cutoff_day)
        target = file_of_job(here.config.instance_path, job)
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = target.with_suffix(".part.xlsx")
        reading = find_reading(session, zone_id, month, fill.basis)
        occasion = Occasion(zone, month, clock.today(), user.name, reading)
        template = kept_at(here.config.instance_path, zone_id, fill.sha256)
        outcome = fill_form(session, occasion, template, setups_of(fill.setup), fresh)
        name = f"{fill.form_name}（{month.label}）.xlsx"
    with here.open_session() as session:
        keep_outcome(session, get_fill(session, zone_id, fill_id), outcome)
    fresh.replace(target)
    return {"file_name": name, "file_size": target.stat().st_size, "said": said(outcome)}


def said(outcome: dict[str, Any]) -> str:
    """What came of it in one sentence."""
    checks = outcome["checks"]
    wrong = sum(1 for check in checks if check["agrees"] is False)
    explained = sum(1 for check in checks if check["agrees"] is None)
    parts = ((outcome["rows"], "项目"), (outcome["cells"], "指标"))
    words = "、".join(f"{number} 个{what}" for number, what in parts if number)
    words = f"填入 {words}" if words else "没有符合条件的项目"
    if wrong:
        return f"{words}，{wrong} 项合计与系统指标不一致，请查看核对结果"
    if explained:
        return f"{words}，{explained} 项合计与系统指标有差额，原因见核对结果"
    return f"{words}，合计与系统指标一致" if checks else words
