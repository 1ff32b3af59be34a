"""Facts: everything that can be counted, derived from the records of today."""
