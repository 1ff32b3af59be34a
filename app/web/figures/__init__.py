"""统计: the matrix of figures, and the rows behind each number."""
