"""What work costs in other processes: wall and CPU seconds, and the most memory at a time (Linux)."""

from __future__ import annotations

import contextlib
import ctypes
import os
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

_PR_SET_CHILD_SUBREAPER = 36
_SAMPLE_SECONDS = 0.02
_SETTLE_SECONDS = 0.05
"""Until ended children have been waited for."""


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


def cost_of(work: Callable[[], object], *, leave_out: str = "") -> Cost:
    """Do ``work`` and count what our descendants spend on it, running before or not.

    Those whose name is ``leave_out`` (a driver) do not count. CPU time is read to a hundredth of a second.
    """
    peak, ended = [0], threading.Event()
    watcher = threading.Thread(target=_watch, args=(peak, ended, leave_out))
    watcher.start()
    before, start = _spent(leave_out), time.perf_counter()
    work()
    wall = time.perf_counter() - start
    time.sleep(_SETTLE_SECONDS)
    cpu = _spent(leave_out) - before
    ended.set()
    watcher.join()
    return Cost(wall, cpu, peak[0])


def _spent(leave_out: str) -> float:
    """CPU seconds of all descendants, and of those that ended and were waited for."""
    ticks = 0
    for pid in [os.getpid(), *_descendants(os.getpid(), leave_out)]:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        own, waited = sum(map(int, fields[11:13])), sum(map(int, fields[13:15]))
        ticks += waited if pid == os.getpid() else own + waited
    return ticks / os.sysconf("SC_CLK_TCK")


def _orphans() -> Iterator[float]:
    """CPU seconds of the descendants left behind, until none is left."""
    while True:
        try:
            _pid, _status, usage = os.wait4(-1, 0)
        except ChildProcessError:
            return
        yield usage.ru_utime + usage.ru_stime


def _watch(peak: list[int], ended: threading.Event, leave_out: str = "") -> None:
    while not ended.wait(_SAMPLE_SECONDS):
        peak[0] = max(peak[0], sum(_memory(pid) for pid in _descendants(os.getpid(), leave_out)))


def _descendants(pid: int, leave_out: str = "") -> Iterator[int]:
    """Processes below ``pid``, without those named ``leave_out``, but with what they started."""
    for child in _children(pid):
        if not leave_out or _name(child) != leave_out:
            yield child
        yield from _descendants(child, leave_out)


def _children(pid: int) -> list[int]:
    """Of all threads; none of a process that has just ended."""
    found: list[int] = []
    with contextlib.suppress(OSError):
        for thread in os.listdir(f"/proc/{pid}/task"):
            found += map(int, Path(f"/proc/{pid}/task/{thread}/children").read_text().split())
    return found


def _name(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


def _memory(pid: int) -> int:
    """Proportional set size: pages that processes share count once altogether."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
