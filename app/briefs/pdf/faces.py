"""The five faces of an official paper: which file of ours, under which names a site's own face is found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.kernel.errors import DomainError

FALLBACK = "Noto Serif CJK SC"
"""The family that has the rare characters and signs which the faces lack."""
SIGNS = frozenset("−")
"""Signs known to come from the fallback; not worth a warning."""


@dataclass(frozen=True)
class Face:
    """One family: its Chinese name, our file, and base names of a site's file (.otf or .ttf)."""

    family: str
    name: str
    file: str
    site_names: tuple[str, ...]


FACES = (
    Face("BFang", "仿宋", "FandolFang-Regular.otf", ("仿宋_GB2312", "仿宋", "FangSong_GB2312", "FangSong")),
    Face("BKai", "楷体", "FandolKai-Regular.otf", ("楷体_GB2312", "楷体", "KaiTi_GB2312", "KaiTi")),
    Face("BHei", "黑体", "FandolHei-Regular.otf", ("黑体", "SimHei")),
    Face("BSong", "宋体", "FandolSong-Regular.otf", ("宋体", "SimSun")),
    Face(
        "BBiao",
        "小标宋",
        "FandolSong-Bold.otf",
        ("方正小标宋简体", "方正小标宋_GBK", "小标宋", "FZXiaoBiaoSong"),
    ),
)


def characters(content: Any) -> set[str]:
    """All printed characters in the content of a brief; addresses of links are not printed."""
    if isinstance(content, str):
        return set(content)
    if isinstance(content, dict):
        return characters([value for key, value in content.items() if key != "u"])
    if isinstance(content, Iterable):
        return set().union(*(characters(value) for value in content))
    return set()


def find_faces(fonts: Path, site_fonts: Path | None = None) -> dict[str, Path]:
    """The file of each family: a site's own face wins over ours. Raises ``DomainError`` for a missing one."""
    found, missing = {}, []
    for face in FACES:
        path = _site_file(face, site_fonts) or fonts / face.file
        if path.is_file():
            found[face.family] = path.resolve()
        else:
            missing.append(f"{face.name}（{face.file}）")
    if missing:
        raise DomainError(f"缺少公文字体：{'、'.join(missing)}。请运行 make setup，或把字体放入 {fonts}")
    return found


def _site_file(face: Face, folder: Path | None) -> Path | None:
    if folder is None:
        return None
    names = (folder / f"{name}{suffix}" for name in face.site_names for suffix in (".otf", ".ttf"))
    return next((path for path in names if path.is_file()), None)
