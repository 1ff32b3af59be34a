"""``worker``, ``worker status`` and ``serve``."""

from __future__ import annotations

import logging
import sys
from typing import Any

import click
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.cli.context import refusals
from app.db.migrations import current
from app.jobs.models import Job
from app.jobs.operations import list_seats
from app.jobs.rules import JobState
from app.kernel.errors import DomainError
from app.worker.runtime import Runtime
from app.worker.service import run_worker
from app.worker.supervisor import children_for, supervise


def _runtime() -> Runtime:
    app: Flask = click.get_current_context().find_root().obj.load_app()
    here = Runtime(app)
    if current(here.engine) is None:
        raise DomainError("数据库尚未建立，请先运行 flask --app wsgi db upgrade")
    return here


@click.group(invoke_without_command=True)
@click.option("--seat", type=click.IntRange(1, 64), help="席位号；同一席位重启后接续未完成的任务")
@click.pass_context
def worker(context: click.Context, seat: int | None) -> None:
    """Run a worker (后台服务): briefs, imports, long exports."""
    if context.invoked_subcommand is not None:
        return
    with refusals():
        run_worker(_logged(_runtime()), seat)


@worker.command()
def status() -> None:
    """Say which workers run and how much waits: exit 0 when one runs, 1 when none does."""
    with refusals():
        here = _runtime()
        seats = list_seats(here.config.instance_path)
        with Session(here.engine.execution_options(read_only=True)) as session:
            counted = session.execute(
                select(Job.state, func.count())
                .where(Job.state.in_((JobState.waiting, JobState.running)))
                .group_by(Job.state)
            )
            open_jobs = dict(counted.all())
    for number, process in seats.items():
        click.echo(
            f"后台服务 {number}：" + (f"运行中（进程 {process}）" if process is not None else "未运行")
        )
    waiting, running = open_jobs.get(JobState.waiting, 0), open_jobs.get(JobState.running, 0)
    click.echo(f"任务：等待 {waiting} 项，正在处理 {running} 项")
    if not any(process is not None for process in seats.values()):
        click.echo(
            "没有后台服务在运行。请运行 flask --app wsgi worker，或用 flask --app wsgi serve 一并启动。",
            err=True,
        )
        sys.exit(1)


@click.command()
@click.option("--bind", default="127.0.0.1:5000", show_default=True, help="网页服务的地址和端口")
@click.option("--web", default=2, show_default=True, help="网页进程数")
@click.option("--threads", default=4, show_default=True, help="每个网页进程的线程数")
@click.option("--workers", default=1, show_default=True, help="后台服务数")
def serve(bind: str, web: int, threads: int, workers: int) -> None:
    """Run the web server and its workers together; Ctrl+C stops both, one that dies is started again."""
    logging.basicConfig(format="%(message)s", level=logging.WARNING)
    sys.exit(supervise(children_for(bind, web=web, threads=threads, workers=workers, options={})))


def _logged(here: Runtime) -> Runtime:
    """What a worker says goes to its standard error and to ``jobs.log`` in the instance folder."""
    logging.basicConfig(
        format="%(asctime)s %(levelname)s %(name)s %(message)s",
        level=logging.WARNING,
        handlers=[
            logging.StreamHandler(),
            logging.FileHandler(here.config.instance_path / "jobs.log", encoding="utf-8"),
        ],
    )
    return here


def register_worker(app: Any) -> None:
    """Add our commands to ``flask --app wsgi``."""
    for command in (worker, serve):
        app.cli.add_command(command)
