"""工作台: the first page of every role."""
