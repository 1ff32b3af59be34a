"""Pages as images for the preview, drawn by poppler."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from app.kernel.errors import DomainError

DOTS_PER_INCH = 110
SECONDS = 120


def draw_page(pdf: Path, number: int, target: Path, *, dots: int = DOTS_PER_INCH) -> None:
    """Draw one page, counted from 1, into ``target``, which appears whole. Raises ``DomainError`` when that fails."""
    part = target.with_suffix(f".{os.getpid()}")
    page = str(number)
    options = ["-r", str(dots), "-f", page, "-l", page, "-singlefile", "-png"]
    try:
        subprocess.run(  # noqa: S603 - our own file names
            ["pdftoppm", *options, str(pdf), str(part)],  # noqa: S607
            check=True,
            capture_output=True,
            timeout=SECONDS,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise DomainError("页面预览未能生成，请重试") from error
    part.with_suffix(part.suffix + ".png").replace(target)


def draw_pages(pdf: Path, folder: Path, *, dots: int = DOTS_PER_INCH) -> int:
    """Draw the pages of ``pdf`` into ``folder`` as 001.png, 002.png, …; their number.

    Raises ``DomainError`` when poppler is missing or fails.
    """
    folder.mkdir(parents=True, exist_ok=True)
    try:
        subprocess.run(  # noqa: S603 - our own file names
            ["pdftoppm", "-r", str(dots), "-png", str(pdf), str(folder / "page")],  # noqa: S607
            check=True,
            capture_output=True,
            timeout=SECONDS,
        )
    except FileNotFoundError as error:
        raise DomainError("缺少系统软件包 poppler-utils（页面预览），请运行 make setup 安装后重试") from error
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise DomainError("简报已排好，但页面预览未能生成，请重新生成") from error
    images = sorted(folder.glob("page-*.png"))
    for number, image in enumerate(images, 1):
        image.replace(folder / f"{number:03d}.png")
    return len(images)
