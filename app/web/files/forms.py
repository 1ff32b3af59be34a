"""The upload form."""

from __future__ import annotations

from flask_wtf.file import MultipleFileField
from werkzeug.datastructures import FileStorage

from app.files.operations import Upload
from app.files.rules import MAX_BYTES
from app.web.forms import Form, TextField


class FilesForm(Form):
    """Files, and what they prove."""

    files = MultipleFileField("文件")
    label = TextField("说明", longest=60)

    def uploads(self) -> list[Upload]:
        """What was sent; of a file that is too large only as much is read as shows it."""
        sent = [file for file in self.files.data or [] if isinstance(file, FileStorage) and file.filename]
        uploads = []
        for file in sent:
            with file.stream as stream:
                uploads.append(Upload(file.filename or "", stream.read(MAX_BYTES + 1)))
        return uploads
