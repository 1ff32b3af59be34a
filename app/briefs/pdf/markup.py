"""Our own markup for WeasyPrint, read as XML: the templates write it well-formed, which is read six times as fast."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from cssselect2 import ElementWrapper
from weasyprint import HTML
from weasyprint.urls import URLFetcher

_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Signs that no XML may hold, from a name that somebody pasted: they print nothing."""


class Markup(HTML):
    """What ``weasyprint.HTML`` is, without its parser and its guesses where the text comes from."""

    def __init__(self, text: str, *, base_url: str, url_fetcher: URLFetcher) -> None:
        root = ElementTree.fromstring(_NOT_IN_XML.sub("", text))  # noqa: S314 - our own templates, which escape
        self.base_url, self.url_fetcher, self.media_type = base_url, url_fetcher, "print"
        self.wrapper_element = ElementWrapper.from_html_root(root, content_language=None)
        self.etree_element = self.wrapper_element.etree_element
