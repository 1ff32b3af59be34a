"""The child process of ``previews``: makes one picture behind its own limits. Run as a script.

Loads nothing of the application. A PDF is given to poppler's pdftoppm, which inherits the limits; an image
is decoded by Pillow, made smaller and encoded anew, without its metadata.
"""

from __future__ import annotations

import os
import resource
import sys
from pathlib import Path

from PIL import Image, ImageOps

LONGEST_SIDE = 1800
MAX_PIXELS = 60_000_000
"""A scanner's A3 at 400 dpi has 31 million; a decompression bomb has thousands of millions."""
FORMATS = ("JPEG", "PNG", "WEBP")


def main(arguments: list[str]) -> None:
    """``pdf|image CONTENT TARGET MEMORY_BYTES CPU_SECONDS FILE_BYTES``"""
    what, content, target, memory, seconds, size = arguments
    for limit, value in (
        (resource.RLIMIT_AS, int(memory)),
        (resource.RLIMIT_CPU, int(seconds)),
        (resource.RLIMIT_FSIZE, int(size)),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (value, value))
    if what == "pdf":
        _first_page(content, target)
    else:
        _smaller(Path(content), Path(target))


def _first_page(content: str, target: str) -> None:
    options = ["-png", "-f", "1", "-l", "1", "-singlefile", "-scale-to", str(LONGEST_SIDE), "-q"]
    path = _program("pdftoppm")
    code = os.spawnv(os.P_WAIT, path, [path, *options, content, target])  # noqa: S606
    if code:
        sys.exit(code if code > 0 else 1)
    Path(f"{target}.png").rename(target)


def _program(name: str) -> str:
    for folder in os.environ["PATH"].split(":"):
        if os.access(f"{folder}/{name}", os.X_OK):
            return f"{folder}/{name}"
    sys.exit(f"{name} is not installed (package poppler-utils)")


def _smaller(content: Path, target: Path) -> None:
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS // 2  # Pillow warns from here on and refuses from twice as many.
    with Image.open(content, formats=FORMATS) as image:
        if image.width * image.height > MAX_PIXELS:
            sys.exit("too many pixels")
        image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        shown = ImageOps.exif_transpose(image).convert("RGBA")
        picture = Image.new("RGB", shown.size, "white")
        picture.paste(shown, mask=shown.getchannel("A"))
        picture.save(target, "JPEG", quality=85, optimize=True)


if __name__ == "__main__":
    main(sys.argv[1:])
