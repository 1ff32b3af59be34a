"""Pages of 上报表: uploading a superior's workbook, tying it to fields and figures, filling it for a month."""
