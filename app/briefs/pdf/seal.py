"""What an issued brief is checked by, printed in its foot: its own number, the close, and a QR code of both."""

from __future__ import annotations

from typing import Any

import segno

SHOWN = 16
"""Hexadecimal digits of the close's hash that are printed."""


def seal_of(snapshot: dict[str, Any]) -> dict[str, str] | None:
    """Number, short close hash and the QR code as a data address; None for a brief that is not issued.

    The code holds the address of the page that verifies it, or, where none is known, the number.
    """
    code = snapshot.get("code")
    if not code:
        return None
    base = snapshot["public_url"]
    made = segno.make(f"{base}/verify/{code}" if base else code, error="m", micro=False)
    return {
        "code": code,
        "close": snapshot.get("close_hash", "")[:SHOWN],
        "qr": made.svg_data_uri(border=0, xmldecl=False),
    }
