"""预警: from when on a project, a lead or a unit is warned about, and the excuses on record (domain.md §1.3)."""
