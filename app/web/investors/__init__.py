"""Pages of companies (企业)."""
