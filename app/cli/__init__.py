"""The command line (figures.md §5): thin commands over the same operations and queries as the pages."""

from __future__ import annotations

from typing import Any

from app.cli.audit import audit
from app.cli.briefs import brief, brief_sample
from app.cli.database import db
from app.cli.demo import demo
from app.cli.figures import figures
from app.cli.ledger import ledger
from app.cli.months import month
from app.cli.reporting import report
from app.cli.search import search
from app.cli.zones import zone


def register_commands(app: Any) -> None:
    """Add our commands to ``flask --app wsgi``."""
    for command in (db, zone, ledger, report, figures, month, brief, brief_sample, demo, search, audit):
        app.cli.add_command(command)
