"""The monthly brief (招商引资工作简报): frozen facts, PDF, and the record of what was made."""
