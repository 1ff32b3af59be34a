"""Fund arrivals (到位资金) and their review."""
