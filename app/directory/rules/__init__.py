"""National classifications, and how names are put in order."""

from app.directory.rules.industry import Industry, divisions, read_industry, sections
from app.directory.rules.naming import pinyin_key
from app.directory.rules.origin import Origin, OriginGroup, origin_group, origins, provinces, read_origin

__all__ = [
    "Industry",
    "Origin",
    "OriginGroup",
    "divisions",
    "origin_group",
    "origins",
    "pinyin_key",
    "provinces",
    "read_industry",
    "read_origin",
    "sections",
]
