"""Companies that invest (企业)."""
