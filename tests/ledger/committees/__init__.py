"""One truth, written down as a dozen committees would keep it: ledgers with figures that are known."""
