"""Who did what to which record, when: written by every operation."""
