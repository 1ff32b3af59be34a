"""``search rebuild``."""

from __future__ import annotations

import click
from sqlalchemy import select

from app.cli.context import work
from app.investors.models import Investor
from app.investors.operations import make_findable as make_investor_findable
from app.leads.models import Lead
from app.leads.operations.finding import make_findable as make_lead_findable
from app.pipeline.models import Project
from app.pipeline.operations.finding import make_findable
from app.pipeline.queries import list_contracts


@click.group()
def search() -> None:
    """The search index."""


@search.command()
@click.option("--zone", "zone_name", required=True, help="开发区名称")
def rebuild(zone_name: str) -> None:
    """Index all records of a zone again, for data that came in without the operations."""
    with work(zone_name) as job:
        zone_id = job.zone.id
        investors = job.session.scalars(select(Investor).where(Investor.zone_id == zone_id)).all()
        for investor in investors:
            make_investor_findable(job.session, investor)
        projects = job.session.scalars(select(Project).where(Project.zone_id == zone_id)).all()
        for project in projects:
            make_findable(job.session, project, list_contracts(job.session, zone_id, project.id))
        leads = job.session.scalars(select(Lead).where(Lead.zone_id == zone_id)).all()
        for lead in leads:
            make_lead_findable(job.session, lead)
    click.echo(f"已重建查找索引：企业 {len(investors)} 家，项目 {len(projects)} 个，线索 {len(leads)} 条")
