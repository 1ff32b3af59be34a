"""Measuring the product at the size of a province: ``make bench``; the numbers stand in RESULTS.md."""
