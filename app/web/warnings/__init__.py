"""预警: the list of all warnings, excuses, and the administrator's rules."""
