"""What WeasyPrint may read: our own print design and the faces, nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote, urlsplit

from weasyprint.urls import URLFetcher, URLFetcherResponse


class ForbiddenAddressError(Exception):
    """A print template asked for something outside our own folders."""


class OwnFilesOnly(URLFetcher):
    """``file:`` below the given folders, and ``data:``; anything else stops the print.

    The parent class would fetch any address and embed any readable file. ``fail_on_errors`` makes a
    refusal fatal: WeasyPrint otherwise turns it into a warning and prints on.
    """

    def __init__(self, folders: Iterable[Path], files: Iterable[Path] = ()) -> None:
        super().__init__(allowed_protocols=("file", "data"), allow_redirects=False, fail_on_errors=True)
        self._folders = [folder.resolve() for folder in folders]
        self._files = {path.resolve() for path in files}

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """The content of ``url``. Raises ``ForbiddenAddressError`` outside our own folders."""
        parts = urlsplit(url)
        if parts.scheme == "data":
            return super().fetch(url, headers)
        if parts.scheme != "file" or parts.netloc not in ("", "localhost"):
            raise ForbiddenAddressError(url)
        path = Path(unquote(parts.path)).resolve()
        if path not in self._files and not any(path.is_relative_to(folder) for folder in self._folders):
            raise ForbiddenAddressError(url)
        return super().fetch(path.as_uri(), headers)
