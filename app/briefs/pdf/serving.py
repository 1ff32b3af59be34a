"""The press from inside: waits for jobs and forks a child with limits for each."""

from __future__ import annotations

import contextlib
import gc
import json
import os
import resource
import signal
import socket
import traceback
from pathlib import Path
from typing import Any

from app.briefs.pdf.child import check_machine, keep_warnings, print_job
from app.briefs.pdf.document import forget, warm_up
from app.briefs.pdf.press import ACCEPTED
from app.briefs.pdf.room import roomy
from app.kernel.errors import DomainError

MEMORY_BYTES = 3 * 2**30
CPU_SECONDS = 240
IDLE_SECONDS = 900
"""Without work for so long the press ends and gives its memory back."""


@roomy
def serve(control: int, faces_given: str) -> None:
    """Fork for every connection that comes over ``control``, until its other end is closed."""
    # A child ends after one print: collecting cycles costs a fifth of its time and frees nothing that is needed.
    gc.disable()
    keep_warnings()
    faces = {family: Path(path) for family, path in json.loads(faces_given).items()}
    refusal = _prepare(faces)
    signal.signal(signal.SIGCHLD, _reap)
    with socket.socket(fileno=control) as jobs:
        jobs.settimeout(IDLE_SECONDS)
        while True:
            try:
                message, handles, _flags, _address = socket.recv_fds(jobs, 1, 1)
            except TimeoutError:
                break
            if not message:
                break
            connection = socket.socket(fileno=handles[0])
            if os.fork() == 0:
                jobs.close()
                _answer(connection, faces, refusal)
            connection.close()
            if refusal:
                break  # the next print looks at the machine again
    forget()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    with contextlib.suppress(ChildProcessError):
        while os.wait():
            pass


def _prepare(faces: dict[str, Path]) -> str:
    """Load everything that prints have in common; a sentence when this machine cannot print."""
    try:
        check_machine()
    except DomainError as error:
        return error.message
    warm_up(faces)
    return ""


def _reap(_signal: int, _frame: Any) -> None:
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _answer(connection: socket.socket, faces: dict[str, Path], refusal: str) -> None:
    """In the child: take the job, print, say how it went, and end."""
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        connection.sendall(ACCEPTED)
        with connection.makefile("rb") as given:
            job = json.load(given)
        limit(job["seconds"])
        result = {"refused": refusal} if refusal else _print(job, faces)
        connection.sendall(json.dumps(result).encode())
        connection.shutdown(socket.SHUT_WR)
    finally:
        os._exit(0)


def limit(seconds: float) -> None:
    """Limits of this process: memory, time of the processor, time of the clock."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.setitimer(signal.ITIMER_REAL, seconds)


def _print(job: dict[str, Any], faces: dict[str, Path]) -> dict[str, Any]:
    try:
        return print_job(job, faces)
    except DomainError as error:
        return {"refused": error.message}
    except Exception as error:
        traceback.print_exc()
        return {"failed": traceback.format_exception_only(error)[-1].strip()}
