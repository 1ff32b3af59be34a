"""Who is working: each worker holds a numbered seat, a locked file, which its end gives back however it ends.

The number is the worker's name in the queue, so that one who sits down where another was killed goes on with what
that one had in hand. All processes of an installation share the instance folder, so they see the same seats.
"""

from __future__ import annotations

import fcntl
import os
from dataclasses import dataclass
from pathlib import Path
from typing import IO

MAX_WORKERS = 64


@dataclass(frozen=True)
class Seat:
    """A seat that is held as long as ``lock`` stays open."""

    number: int
    lock: IO[str]

    @property
    def name(self) -> str:
        """The name of whoever sits here, the same after every restart."""
        return name_of(self.number)

    def leave(self) -> None:
        """Give it back."""
        self.lock.close()


def name_of(number: int) -> str:
    """The name of the worker on a seat."""
    return f"worker-{number}"


def take_seat(folder: Path, number: int | None = None) -> Seat | None:
    """The first free seat (or the one of that number), None when there is none."""
    for each in [number] if number else range(1, MAX_WORKERS + 1):
        lock = _path(folder, each).open("a+", encoding="ascii")
        if not _lock(lock):
            lock.close()
            continue
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        return Seat(each, lock)
    return None


def list_seats(folder: Path) -> dict[int, int | None]:
    """Every seat that was ever taken, with the process that holds it now (None: nobody)."""
    found: dict[int, int | None] = {}
    for path in sorted((folder / "workers").glob("[0-9]*.lock")):
        with path.open("r", encoding="ascii") as lock:
            free = _lock(lock, shared=True)
            found[int(path.stem)] = None if free else int(lock.read() or 0)
    return dict(sorted(found.items()))


def is_served(folder: Path) -> bool:
    """Whether at least one worker is there."""
    return any(process is not None for process in list_seats(folder).values())


def _path(folder: Path, number: int) -> Path:
    path = folder / "workers" / f"{number}.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def _lock(file: IO[str], *, shared: bool = False) -> bool:
    try:
        fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
