"""Sheets of the ledger set in a second process, while the first one sets the text."""

from __future__ import annotations

import os
import signal
import socket
import struct
import traceback
from collections.abc import Callable
from contextlib import suppress

_NUMBER = struct.Struct("!I")
_CHUNK = 1 << 20


class Apart:
    """A forked process that waits for a page number and answers with a PDF, or with nothing."""

    def __init__(self, work: Callable[[Callable[[], int]], bytes]) -> None:
        """Begin ``work``, which asks for the number of pages before its own as late as it can."""
        self._ours, theirs = socket.socketpair()
        left = signal.getitimer(signal.ITIMER_REAL)[0]
        self._pid = os.fork()
        if self._pid == 0:
            self._ours.close()
            signal.setitimer(signal.ITIMER_REAL, left)
            _work(work, theirs)
        theirs.close()

    def begin_after(self, pages: int) -> None:
        """Tell how many pages come before."""
        with suppress(OSError):
            self._ours.sendall(_NUMBER.pack(pages))

    def result(self) -> bytes:
        """What the work gave. Raises ``RuntimeError`` when it ended otherwise."""
        with self._ours, suppress(OSError):
            found = b"".join(iter(lambda: self._ours.recv(_CHUNK), b""))
        _pid, status = os.waitpid(self._pid, 0)
        if status:
            raise RuntimeError(f"the sheets set apart ended with {status}")
        return found


def _work(work: Callable[[Callable[[], int]], bytes], connection: socket.socket) -> None:
    code = 1
    try:
        connection.sendall(work(lambda: _NUMBER.unpack(connection.recv(_NUMBER.size, socket.MSG_WAITALL))[0]))
        code = 0
    except Exception:
        traceback.print_exc()
    finally:
        os._exit(code)
