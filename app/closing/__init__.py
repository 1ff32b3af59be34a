"""月度关账: the checklist of a month, what would be posted, closing and reopening it."""
