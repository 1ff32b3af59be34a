"""Another investor: a change of its day, or a wrong entry put right."""

from __future__ import annotations

from werkzeug.wrappers import Response

from app.accounts.rules import Permission
from app.directory.rules import origins, read_origin
from app.investors.operations import InvestorData, register_investor
from app.investors.rules import read_uscc
from app.kernel import clock
from app.kernel.errors import DomainError
from app.pipeline import operations
from app.pipeline.models import Project
from app.web.contracts.editing import own_project, submit
from app.web.contracts.forms import InvestorForm
from app.web.errors import show_form
from app.web.guards import needs
from app.web.pipeline.blueprint import ONE, blueprint
from app.web.session import current, db


@blueprint.route(f"{ONE}/investor", methods=["GET", "POST"])
@needs(Permission.enter)
def change_investor(project_id: int) -> Response:
    """The form of a change of investor."""
    project = own_project(project_id)
    form = InvestorForm(data={"how": "change"})
    form.offer_hows()
    done = submit(form, lambda: _save(form, project), project, "已登记", "investors")
    return done or show_form("contracts/investor_form.html", form, project=project, origins=list(origins()))


def _save(form: InvestorForm, project: Project) -> None:
    investor = register_investor(db(), current().actor, _company(form))
    if form.how.data == "right":
        operations.put_investor_right(db(), current().actor, project, investor, reason=form.reason.text)
        return
    if form.effective_on.data is None:
        raise DomainError("请填写变更生效日期", "effective_on")
    operations.change_investor(
        db(),
        current().actor,
        project,
        investor,
        effective_on=form.effective_on.data,
        reason=form.reason.text,
        document=form.document.text,
        today=clock.today(),
    )


def _company(form: InvestorForm) -> InvestorData:
    return InvestorData(
        form.investor.text,
        read_uscc(form.uscc.text) if form.uscc.text else None,
        read_origin(form.origin.text) if form.origin.text else None,
    )
