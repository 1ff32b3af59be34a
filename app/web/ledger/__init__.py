"""Pages for taking ledgers in."""
