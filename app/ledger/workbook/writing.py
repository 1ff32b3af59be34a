"""What is written as .xlsx: tables for download and the empty ledger."""

from app.ledger.workbook.tables import Column, Item, Kind, write_table
from app.ledger.workbook.template import TemplateLists, write_template

__all__ = ["Column", "Item", "Kind", "TemplateLists", "write_table", "write_template"]
