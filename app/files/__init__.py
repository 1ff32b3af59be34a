"""Evidence and scans (附件), kept by content hash outside the web root."""
