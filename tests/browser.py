"""Help for tests in a real browser: find it, serve the application to it, look for faults in a page."""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import flask
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request
from werkzeug.serving import make_server

AXE = Path(__file__).resolve().parents[1] / "node_modules" / "axe-core" / "axe.min.js"


def find_chromium() -> str:
    """The path of the first browser that runs; Ubuntu's ``chromium-browser`` may be an empty stub."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        path = shutil.which(name)
        if path and subprocess.run([path, "--version"], capture_output=True, check=False).returncode == 0:
            return path
    pytest.fail(
        "没有找到可运行的 chromium、chromium-browser 或 google-chrome。请先安装其中之一，再运行浏览器测试。"
    )


@contextmanager
def serve(app: flask.Flask) -> Iterator[str]:
    """Serve ``app`` on a free port of this machine for as long as the block lasts; gives its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def open_page(browser: Browser, *, width: int, height: int, **options: Any) -> Iterator[Page]:
    """A fresh page that speaks Chinese; script errors and requests to other machines fail the test."""
    faults: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        # A page answered with 4xx is reported here too; its status is for the test to judge.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            faults.append(message.text)

    def on_request(request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in {"data", "blob"} and address.hostname != "127.0.0.1":
            faults.append(f"request to {request.url}")

    context = browser.new_context(
        viewport={"width": width, "height": height},
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        reduced_motion="reduce",
        **options,
    )
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.on("console", on_console)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", on_request)
    try:
        yield page
    finally:
        context.close()
    assert not faults, faults


def accessibility_faults(page: Page) -> list[str]:
    """What axe-core finds against WCAG 2.2 AA, one line for each element at fault."""
    page.wait_for_load_state()
    page.evaluate(AXE.read_text(encoding="utf-8"))
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    found = page.evaluate("tags => axe.run({runOnly: tags})", tags)
    return [
        f"{violation['id']}: {node['target']} {node['failureSummary']}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]
