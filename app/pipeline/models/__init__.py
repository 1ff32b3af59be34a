"""What is stored of projects: the record itself, its contract terms, views of the list."""

from app.pipeline.models.project import Contract, Milestone, Project, Responsibility
from app.pipeline.models.stages import (
    Approval,
    GateItem,
    ProjectPaper,
    StageChange,
    StageReason,
    StageRequest,
)
from app.pipeline.models.terms import Commitment, ContractReview, InvestorChange
from app.pipeline.models.views import ProjectView, ProjectViewUse

__all__ = [
    "Approval",
    "Commitment",
    "Contract",
    "ContractReview",
    "GateItem",
    "InvestorChange",
    "Milestone",
    "Project",
    "ProjectPaper",
    "ProjectView",
    "ProjectViewUse",
    "Responsibility",
    "StageChange",
    "StageReason",
    "StageRequest",
]
