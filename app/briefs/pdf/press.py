"""The press: a process that has WeasyPrint, faces and style sheets ready and forks a child for each print.

Loading them takes as long as setting the text, so it is done once for every process that prints. The
press holds nothing of a brief; a print cannot harm the next one, for its child ends with it.
"""

from __future__ import annotations

import atexit
import json
import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

from app.kernel.errors import DomainError

ROOT = Path(__file__).resolve().parents[3]
ENTRY = Path(__file__).parent / "__main__.py"
GRACE_SECONDS = 5
"""A child stops itself at its time; so much later nobody waits for it any more."""
ACCEPTED = b"+"
"""The first byte of an answer: a child has taken the job."""
_CHUNK = 1 << 16


class Press:
    """One such process, begun by the first print, ended with ours or after some minutes without work."""

    def __init__(self, faces: dict[str, str]) -> None:
        self._faces = faces
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    def print(self, job: bytes, *, seconds: float) -> bytes:
        """The answer to ``job``. Raises ``DomainError`` when there is none within ``seconds``, or ever."""
        for _attempt in range(2):
            said = self._ask(job, seconds)
            if said.startswith(ACCEPTED):
                break
            self.close()
        if len(said) <= 1:
            raise DomainError("排版程序异常退出（无应答，可能超出内存或时间限制），未生成文件")
        return said[1:]

    @property
    def pid(self) -> int | None:
        """Its process, while there is one."""
        return self._process.pid if self._process else None

    def close(self) -> None:
        """End the process; the next print begins another."""
        with self._lock:
            control, process, self._control, self._process = self._control, self._process, None, None
        if control is not None:
            control.close()
        if process is not None:
            try:
                process.wait(GRACE_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _ask(self, job: bytes, seconds: float) -> bytes:
        ours, theirs = socket.socketpair()
        ends = time.monotonic() + seconds
        with ours:
            try:
                with theirs:
                    self._hand_over(theirs)
                ours.settimeout(seconds + GRACE_SECONDS)
                ours.sendall(job)
                ours.shutdown(socket.SHUT_WR)
                said = b"".join(iter(lambda: ours.recv(_CHUNK), b""))
            except TimeoutError:
                said = ACCEPTED
            except OSError:
                said = b""
        if len(said) <= 1 and time.monotonic() >= ends:
            raise DomainError(f"排版超过 {seconds} 秒未完成，已停止；请减少附件行数或稍后重试")
        return said

    def _hand_over(self, connection: socket.socket) -> None:
        """Give the press the end of a new connection, on which the job comes."""
        with self._lock:
            control = self._control or self._start()
            socket.send_fds(control, [b"j"], [connection.fileno()])

    def _start(self) -> socket.socket:
        self._control, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own module
                [sys.executable, str(ENTRY), str(theirs.fileno()), json.dumps(self._faces)],
                stdin=subprocess.DEVNULL,
                cwd=ROOT,
                env=_environment(),
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        return self._control


_presses: dict[tuple[int, str], Press] = {}
_presses_lock = threading.Lock()


def press_for(faces: dict[str, str]) -> Press:
    """The press of this process for these faces and the print design as it is on the disk now."""
    key = (os.getpid(), json.dumps([faces, _design_stamp()]))
    with _presses_lock:
        if key not in _presses:
            for _pid, press in list(_presses.items()):
                if _pid[0] == key[0]:
                    press.close()
            _presses.clear()
            _presses[key] = Press(faces)
        return _presses[key]


@atexit.register
def close_presses() -> None:
    """End what this process began."""
    for (pid, _key), press in _presses.items():
        if pid == os.getpid():
            press.close()


def _design_stamp() -> int:
    """When the print design was changed last: a press keeps what it read."""
    return max(path.stat().st_mtime_ns for path in (ROOT / "reports").rglob("*"))


def _environment() -> dict[str, str]:
    """Only what fontconfig and the locale need; no secret of the installation reaches the press."""
    kept = (
        "PATH",
        "HOME",
        "LANG",
        "LC_ALL",
        "TMPDIR",
        "XDG_CACHE_HOME",
        "FONTCONFIG_FILE",
        "FONTCONFIG_PATH",
    )
    return {key: os.environ[key] for key in kept if key in os.environ} | {"PYTHONDONTWRITEBYTECODE": "1"}
