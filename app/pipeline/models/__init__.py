"""What is stored of projects: the record itself, its contract terms, views of the list."""

from app.pipeline.models.project import Contract, Milestone, Project, Responsibility
from app.pipeline.models.terms import Commitment, ContractReview, InvestorChange
from app.pipeline.models.views import ProjectView, ProjectViewUse

__all__ = [
    "Commitment",
    "Contract",
    "ContractReview",
    "InvestorChange",
    "Milestone",
    "Project",
    "ProjectView",
    "ProjectViewUse",
    "Responsibility",
]
