"""How printed pages look, as small grey pictures: 78 × 110 points of 16 shades a page, kept as text.

    python -m tests.briefs.looks          prints the sample and renews tests/briefs/looks.json

Renew it after a wanted change of the print design, and look at the pages before.
"""

from __future__ import annotations

import base64
import json
import subprocess
import tempfile
import zlib
from pathlib import Path

from PIL import Image

from app.briefs.pdf import print_brief
from tests.briefs.samples import FONTS, sample, written

REFERENCE = Path(__file__).with_suffix(".json")
WIDTH, HEIGHT = 78, 110
FINER = 8
SHADES = 16
PHONE_PAGES = 4
"""Of the phone edition, the first ones: headline, text, tables."""
Look = bytes


def looks_of(pdf: Path, last: int = 99) -> list[Look]:
    """One picture a page, landscape pages turned."""
    with tempfile.TemporaryDirectory() as folder:
        size = ["-scale-to-x", str(WIDTH * FINER), "-scale-to-y", str(HEIGHT * FINER)]
        subprocess.run(["pdftoppm", "-gray", "-l", str(last), *size, str(pdf), f"{folder}/p"], check=True)
        pages = sorted(Path(folder).glob("p*"))
        return [_shades(Image.open(page).reduce(FINER)) for page in pages]


def _shades(image: Image.Image) -> Look:
    return bytes(grey * SHADES // 256 for grey in image.tobytes())


def differences(found: Look, wanted: Look) -> int:
    """How many points are another shade, by more than one step, which another version of the drawer may give."""
    return sum(abs(one - other) > 1 for one, other in zip(found, wanted, strict=True))


def packed(look: Look) -> str:
    pairs = bytes(a * SHADES + b for a, b in zip(look[::2], look[1::2], strict=True))
    return base64.b85encode(zlib.compress(pairs, 9)).decode()


def unpacked(text: str) -> Look:
    pairs = zlib.decompress(base64.b85decode(text))
    return bytes(shade for pair in pairs for shade in divmod(pair, SHADES))


def reference() -> dict[str, list[Look]]:
    """The kept pictures by edition."""
    kept = json.loads(REFERENCE.read_text(encoding="utf-8"))
    return {edition: [unpacked(text) for text in texts] for edition, texts in kept.items()}


def main() -> None:
    """Renew the reference."""
    with tempfile.TemporaryDirectory() as folder:
        found = {}
        for edition, last in (("paper", 99), ("phone", PHONE_PAGES)):
            target = Path(folder) / f"{edition}.pdf"
            print_brief(written(sample()), target, fonts=FONTS, edition=edition)
            found[edition] = [packed(look) for look in looks_of(target, last)]
    REFERENCE.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
