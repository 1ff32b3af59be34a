"""工作交接: one person's work goes to another."""
