"""Leads (线索): who reported what first, and what became of it."""
