"""Briefs on the web: the months, the making, the pages, the file."""
