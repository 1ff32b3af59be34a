"""What a command costs with everything it starts: wall and CPU seconds, and the most memory at a time (Linux)."""

from __future__ import annotations

import ctypes
import os
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_PR_SET_CHILD_SUBREAPER = 36
_SAMPLE_SECONDS = 0.02


@dataclass(frozen=True)
class Cost:
    """Seconds of wall and CPU; ``memory`` is the highest sum of PSS seen, in bytes."""

    wall: float
    cpu: float
    memory: int


def run(command: list[str], *, given: bytes = b"", folder: Path) -> Cost:
    """Run ``command`` to its end and wait for all it started; its output goes to ``folder``/output.

    Orphans are given to this process, so that the CPU time of every descendant is counted.
    Raises ``RuntimeError`` when it fails.
    """
    if ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl")
    (folder / "input").write_bytes(given)
    peak = [0]
    ended = threading.Event()
    start = time.perf_counter()
    with (folder / "input").open("rb") as source, (folder / "output").open("wb") as output:
        child = subprocess.Popen(command, stdin=source, stdout=output, stderr=output, cwd=folder)
    watcher = threading.Thread(target=_watch, args=(peak, ended))
    watcher.start()
    _pid, status, usage = os.wait4(child.pid, 0)
    wall = time.perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    cpu = usage.ru_utime + usage.ru_stime + sum(_orphans())
    ended.set()
    watcher.join()
    if child.returncode:
        raise RuntimeError((folder / "output").read_text(errors="replace")[-2000:])
    return Cost(wall, cpu, peak[0])


def _orphans() -> Iterator[float]:
    """CPU seconds of the descendants left behind, until none is left."""
    while True:
        try:
            _pid, _status, usage = os.wait4(-1, 0)
        except ChildProcessError:
            return
        yield usage.ru_utime + usage.ru_stime


def _watch(peak: list[int], ended: threading.Event) -> None:
    while not ended.wait(_SAMPLE_SECONDS):
        peak[0] = max(peak[0], sum(_memory(pid) for pid in _descendants(os.getpid())))


def _descendants(pid: int) -> Iterator[int]:
    for thread in Path(f"/proc/{pid}/task").glob("*"):
        try:
            children = (thread / "children").read_text().split()
        except OSError:
            continue
        for child in map(int, children):
            yield child
            yield from _descendants(child)


def _memory(pid: int) -> int:
    """Proportional set size: pages that processes share count once altogether."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
