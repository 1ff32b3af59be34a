"""上报表: workbooks of superiors, filled from the zone's records and figures any month (domain.md §4.2)."""
