"""What is warned about and from when on; what excuses it; how it is said."""

from app.warnings.rules.excuses import LONGEST_EXCUSE_DAYS, ExcuseState, check_decider, check_excuse, covers
from app.warnings.rules.kinds import IDLE, KINDS, LATE, Group, Kind, Level, Measure, Subject, WarningKind
from app.warnings.rules.thresholds import (
    DEFAULTS,
    Threshold,
    Thresholds,
    check_thresholds,
    edge_day,
    fired_since,
    level_of,
    points_level,
)
from app.warnings.rules.words import badge, why

__all__ = [
    "DEFAULTS",
    "IDLE",
    "KINDS",
    "LATE",
    "LONGEST_EXCUSE_DAYS",
    "ExcuseState",
    "Group",
    "Kind",
    "Level",
    "Measure",
    "Subject",
    "Threshold",
    "Thresholds",
    "WarningKind",
    "badge",
    "check_decider",
    "check_excuse",
    "check_thresholds",
    "covers",
    "edge_day",
    "fired_since",
    "level_of",
    "points_level",
    "why",
]
