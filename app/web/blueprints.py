"""The areas of the web application. A new area adds its line here and, if it has one, its entry in ``frame.py``."""

from __future__ import annotations

from app.web.accounts.routes import blueprint as accounts
from app.web.activities.routes import blueprint as activities
from app.web.admin.routes import blueprint as admin
from app.web.audit.routes import blueprint as audit
from app.web.briefs.routes import blueprint as briefs
from app.web.briefs.verifying import blueprint as verify
from app.web.closing.routes import blueprint as closing
from app.web.figures.routes import blueprint as figures
from app.web.files.routes import blueprint as files
from app.web.funds.routes import blueprint as funds
from app.web.handover.routes import blueprint as handover
from app.web.home.routes import blueprint as home
from app.web.investors.routes import blueprint as investors
from app.web.jobs.routes import blueprint as jobs
from app.web.leads.routes import blueprint as leads
from app.web.ledger.routes import blueprint as ledger
from app.web.pipeline.routes import blueprint as pipeline
from app.web.reporting.routes import blueprint as reporting
from app.web.search.routes import blueprint as search
from app.web.setup.routes import blueprint as setup
from app.web.stages.routes import blueprint as stages
from app.web.tasks.routes import blueprint as tasks
from app.web.warnings.routes import blueprint as warnings

BLUEPRINTS = (
    accounts,
    setup,
    home,
    leads,
    pipeline,
    stages,
    funds,
    activities,
    investors,
    tasks,
    warnings,
    figures,
    files,
    briefs,
    closing,
    verify,
    ledger,
    reporting,
    jobs,
    search,
    handover,
    admin,
    audit,
)
