"""Pages as images for the preview, drawn by poppler."""

from __future__ import annotations

import subprocess
from pathlib import Path

from app.kernel.errors import DomainError

DOTS_PER_INCH = 110
SECONDS = 120


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
