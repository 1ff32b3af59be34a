"""Finding records by any two characters, full pinyin or initials (查找)."""
