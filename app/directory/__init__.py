"""The zone's own lists (areas, units, chains with segments) and the national ones (industries, origins)."""
