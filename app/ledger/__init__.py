"""Ledgers (台账): reading a committee's workbook, judging its rows, taking them in; and writing workbooks out."""
