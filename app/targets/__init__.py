"""Annual targets (年度目标)."""
