"""One command for everything: the web server and its workers as children, started again when one dies."""

from __future__ import annotations

import logging
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from config import ROOT

CALM_SECONDS = 60
"""A child that lived so long is started again at once when it dies."""
MAX_PAUSE = 30
STOP_SECONDS = 40
log = logging.getLogger(__name__)


@dataclass
class Child:
    """One process to keep running."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0
    due: float = 0
    pause: float = 1
    vital: bool = field(default=False)
    """Whether everything ends when it can't be started at all (the web server: its port is taken)."""

    def start(self) -> None:
        """Start it in a group of its own, so that Ctrl+C reaches it through us only, once."""
        self.started = time.monotonic()
        self.process = subprocess.Popen(self.command, cwd=ROOT, start_new_session=True)  # noqa: S603 - our own

    def check(self) -> bool:
        """Start it again when it died, later and later when it keeps dying; False when there is no use."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.due:
                self.start()
            return True
        code = self.process.poll()
        if code is None:
            return True
        lived = now - self.started
        if self.vital and lived < 3:
            return False
        self.pause = 1 if lived > CALM_SECONDS else min(MAX_PAUSE, self.pause * 2)
        log.warning("%s 意外退出（%s），%d 秒后重新启动", self.name, code, self.pause)
        self.process, self.due = None, now + self.pause
        return True


def supervise(children: Sequence[Child]) -> int:
    """Keep ``children`` running until SIGTERM or SIGINT, then stop them all; the exit code."""
    stop = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stop.set())
    code = 0
    for child in children:
        child.start()
    while not stop.wait(0.5):
        states = [child.check() for child in children]
        if not all(states):
            code = 1
            break
    _end(children)
    return code


def _end(children: Sequence[Child]) -> None:
    """Ask all to stop at once, wait, and kill what does not."""
    running = [child.process for child in children if child.process is not None]
    for process in running:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    for process in running:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def children_for(
    bind: str, *, web: int, threads: int, workers: int, options: Mapping[str, str]
) -> list[Child]:
    """gunicorn with ``web`` processes, and ``workers`` workers on the seats 1, 2, …"""
    gunicorn = [sys.executable, "-m", "gunicorn", "--worker-class", "gthread", "--workers", str(web)]
    gunicorn += ["--threads", str(threads), "--bind", bind, "--log-level", "warning"]
    for name, value in options.items():
        gunicorn += [f"--{name}", value]
    flask = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
    return [
        Child("网页服务", [*gunicorn, "wsgi:app"], vital=True),
        *(Child(f"后台服务 {number}", [*flask, "--seat", str(number)]) for number in range(1, workers + 1)),
    ]
