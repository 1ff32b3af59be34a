"""Workbooks of superiors: looked at and filled with openpyxl, which keeps their styles, in a child process only."""

from app.reporting.workbook.running import fill_workbook, look_at_workbook

__all__ = ["fill_workbook", "look_at_workbook"]
