"""Arrivals: the list, the forms that enter and correct one, and the review."""
