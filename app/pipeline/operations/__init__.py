"""What can be done with a project."""

from app.pipeline.operations.data import ContractData, ProjectData
from app.pipeline.operations.handover import hand_over
from app.pipeline.operations.project import register_project, save_project
from app.pipeline.operations.restoring import restore_value
from app.pipeline.operations.supplement import sign_supplement

__all__ = [
    "ContractData",
    "ProjectData",
    "hand_over",
    "register_project",
    "restore_value",
    "save_project",
    "sign_supplement",
]
