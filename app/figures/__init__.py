"""Every number that is shown or printed, defined once (口径); reads, never writes."""
