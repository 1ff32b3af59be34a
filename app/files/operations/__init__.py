"""Keeping files: taking uploads in, taking them away, their content and their previews."""

from app.files.operations.previews import find_preview
from app.files.operations.store import find_content
from app.files.operations.uploads import Upload, add_files, carry_files, remove_file

__all__ = ["Upload", "add_files", "carry_files", "find_content", "find_preview", "remove_file"]
