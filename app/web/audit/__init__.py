"""操作记录: who did what to which record, for whoever audits the zone."""
