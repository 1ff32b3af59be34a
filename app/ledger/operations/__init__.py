"""Taking a ledger in."""

from app.ledger.operations.importing import import_ledger

__all__ = ["import_ledger"]
