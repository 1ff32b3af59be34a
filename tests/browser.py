"""Help for tests in a real browser: find it, serve the application to it, look for faults in a page."""

from __future__ import annotations

import os
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
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, expect
from werkzeug.serving import make_server

from tests.factories import PASSWORD

PATIENCE = 30_000
"""Milliseconds until a page that does not come is a fault. Only a test that fails waits so long."""
expect.set_options(timeout=PATIENCE)
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
    page.set_default_timeout(PATIENCE)
    page.on("console", on_console)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", on_request)
    try:
        yield page
    finally:
        context.close()
    assert not faults, faults


def sign_in(page: Page, address: str, login: str = "wujianjun", path: str = "/") -> None:
    """Through the form, to the page at ``path``."""
    page.goto(f"{address}/sign-in?next={path}")
    page.get_by_label("登录名").fill(login)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(f"{address}{path}")


def follow(target: Locator) -> None:
    """Click a link or send a form, and wait for the page that answers, loaded with its scripts.

    A click alone returns while the old page is still shown, and keys pressed before the scripts are there are lost.
    """
    with target.page.expect_navigation():
        target.click()


def see(page: Page, words: str) -> None:
    """Wait for the page that says ``words``, loaded with its scripts."""
    page.get_by_text(words).first.wait_for()
    page.wait_for_load_state()


def shoot(page: Page, name: str) -> None:
    """A picture for people to look at, in the folder ``SHOTS`` of the environment; without that, none."""
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def look(page: Page, name: str) -> None:
    """A picture, and the page is as it must be."""
    shoot(page, name)
    check(page)


def check(page: Page) -> None:
    """Nothing that axe finds, nothing outside the window."""
    assert accessibility_faults(page) == []
    assert wide(page) <= 0


def wide(page: Page) -> int:
    """How many pixels the page, once loaded, is wider than its window."""
    page.wait_for_load_state()
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def accessibility_faults(page: Page) -> list[str]:
    """What axe-core finds against WCAG 2.2 AA, one line for each element at fault."""
    page.wait_for_load_state()
    page.evaluate(AXE.read_text(encoding="utf-8"))
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    # Without the long lists of what is in order, which take as long to write as the search.
    only = {"runOnly": tags, "resultTypes": ["violations"]}
    found = page.evaluate("only => axe.run(only).then(found => found.violations)", only)
    return [
        f"{violation['id']}: {node['target']} {node['failureSummary']}"
        for violation in found
        for node in violation["nodes"]
    ]
