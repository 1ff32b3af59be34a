"""WeasyPrint reads our own folders and nothing else."""

import pytest
from weasyprint import HTML
from weasyprint.urls import FatalURLFetchingError

from app.briefs.pdf.document import REPORTS
from app.briefs.pdf.fetcher import ForbiddenAddressError, OwnFilesOnly
from tests.briefs.samples import FONTS

FACE = FONTS / "FandolFang-Regular.otf"
FORBIDDEN = [
    "http://127.0.0.1:9/x.css",
    "https://example.org/x.png",
    "ftp://example.org/x",
    "file:///etc/passwd",
    "file://host/etc/passwd",
    (REPORTS / ".." / "config.py").as_uri(),
    f"file://{REPORTS}/%2e%2e/config.py",
    f"file://{REPORTS}/../config.py",
    (FONTS / "FandolKai-Regular.otf").as_uri(),
    "javascript:alert(1)",
    "FILE:///etc/passwd",
]


@pytest.fixture
def fetcher():
    return OwnFilesOnly([REPORTS], [FACE])


def test_our_own_files_are_read(fetcher):
    assert b"@page" in fetcher.fetch((REPORTS / "_base" / "page.css").as_uri()).read()
    assert fetcher.fetch(FACE.as_uri()).read(4) == b"OTTO"
    assert fetcher.fetch("data:text/plain,ok").read() == b"ok"


@pytest.mark.parametrize("address", FORBIDDEN)
def test_anything_else_is_refused(fetcher, address):
    with pytest.raises((ForbiddenAddressError, ValueError)):
        fetcher.fetch(address)


@pytest.mark.parametrize(
    "markup",
    [
        '<img src="file:///etc/passwd">',
        '<link rel="stylesheet" href="http://127.0.0.1:9/x.css">',
        '<link rel="attachment" href="file:///etc/passwd">',
        '<style>@import "http://127.0.0.1:9/x.css";</style>',
        '<p style="background:url(file:///etc/passwd)">x</p>',
        "<style>@font-face{font-family:x;src:url(http://127.0.0.1:9/x.otf)}p{font-family:x}</style><p>x</p>",
        '<object data="file:///etc/passwd"></object>',
    ],
)
def test_a_refusal_stops_the_print(fetcher, markup):
    with pytest.raises(FatalURLFetchingError):
        HTML(string=markup, url_fetcher=fetcher).write_pdf()


def test_a_link_out_of_the_folder_is_followed_before_it_is_judged(tmp_path):
    (tmp_path / "own").mkdir()
    (tmp_path / "secret").write_text("x")
    (tmp_path / "own" / "link").symlink_to(tmp_path / "secret")
    with pytest.raises(ForbiddenAddressError):
        OwnFilesOnly([tmp_path / "own"]).fetch((tmp_path / "own" / "link").as_uri())
