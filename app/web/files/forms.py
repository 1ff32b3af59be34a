"""The upload form."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import request
from flask_wtf.file import MultipleFileField
from werkzeug.datastructures import FileStorage

from app.files.operations import Upload
from app.files.rules import MAX_BYTES
from app.web.forms import Form, TextField

MAX_AT_ONCE = 5 * MAX_BYTES
"""One request; a single file may have ``MAX_BYTES``."""


def allow_uploads() -> None:
    """Let this request be larger than other forms; to be said before anything reads the form."""
    request.max_content_length = MAX_AT_ONCE


def read_uploads(sent: Iterable[Any] | None) -> list[Upload]:
    """What was sent; of a file that is too large only as much is read as shows it."""
    uploads = []
    for file in sent or []:
        if isinstance(file, FileStorage) and file.filename:
            with file.stream as stream:
                uploads.append(Upload(file.filename, stream.read(MAX_BYTES + 1)))
    return uploads


class FilesForm(Form):
    """Files, and what they prove."""

    files = MultipleFileField("文件")
    label = TextField("说明", longest=60)

    def uploads(self) -> list[Upload]:
        """The files that were sent."""
        return read_uploads(self.files.data)
