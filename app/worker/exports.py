"""Long tables: the page's own answer, written by the worker as the person who asked for it.

So a table that the worker writes is the one that the page would have sent, with the same rights, asked for anew.
"""

from __future__ import annotations

from typing import Any

from flask import Response, g
from sqlalchemy.orm import Session

from app.accounts.models import UserAccount, Zone
from app.jobs.operations import file_of
from app.jobs.queries import get_job
from app.kernel.errors import DomainError
from app.web.downloads import LongTable
from app.web.session import act_for
from app.worker.runtime import Runtime


def write_export(here: Runtime, zone_id: int, job_id: int) -> dict[str, Any]:
    """Write the table that the job's address answers with to the job's file.

    Raises ``DomainError`` when the person may no longer see it, or the address answers with no table.
    """
    with here.open_session(read_only=True) as session:
        job = get_job(session, zone_id, job_id)
        asked, user_id = job.arguments or {}, job.made_by
        target = file_of(here.config.instance_path, job)
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_suffix(".part")
    cookies = asked.get("cookies", {}).items()
    headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies)}
    base = here.config.public_url
    with here.app.test_request_context(asked["address"], base_url=base, headers=headers):
        g.current = _person(here, zone_id, user_id)
        g.long_table = LongTable(fresh, here.teller(zone_id, job_id))
        answer: Response = here.app.full_dispatch_request()
        name = g.long_table.name
    if not name:
        raise DomainError(_refusal(answer.status_code))
    fresh.replace(target)
    return {"file_name": f"{name}.xlsx", "file_size": target.stat().st_size}


def _person(here: Runtime, zone_id: int, user_id: int | None) -> Any:
    with Session(here.engine.execution_options(read_only=True), expire_on_commit=False) as session:
        user = session.get(UserAccount, (zone_id, user_id)) if user_id else None
        zone = session.get_one(Zone, zone_id)
        if user is None or not user.active:
            raise DomainError("申请导出的账号已停用，没有生成文件")
        return act_for(user, zone)


def _refusal(status: int) -> str:
    if status in (403, 404):
        return "您的岗位已不能查看这份名单，没有生成文件"
    return "这份名单未能导出，请回到原页面重新筛选后再试"
