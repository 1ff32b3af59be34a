"""A child process that opens files nobody trusts: one module of ours, behind limits, without the web application."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import IO

OUT_OF_MEMORY = 71
"""The exit code of a child that ran out of memory."""
_APP = Path(__file__).resolve().parents[2]

# An empty package stands for app, whose own __init__ would load the whole web application into the child.
_START = """
import runpy, sys, types
package = types.ModuleType("app")
package.__path__ = [sys.argv.pop(1)]
sys.modules["app"] = package
runpy.run_module(sys.argv.pop(1), run_name="__main__", alter_sys=True)
"""
Limits = tuple[int, int, int]
"""Bytes of address space, seconds of processor time, bytes of any file it writes."""


def run_alone(
    module: str, arguments: Sequence[str], limits: Limits, wall_seconds: float, out: IO[bytes], err: IO[bytes]
) -> int | None:
    """The exit code of ``module`` run with ``arguments`` and its limits; negative for a signal, None: out of time."""
    command = [
        sys.executable,
        "-I",
        "-X",
        "utf8",
        "-c",
        _START,
        str(_APP),
        module,
        *arguments,
        *map(str, limits),
    ]
    # The command is fixed; paths are arguments of our own program and never reach a shell.
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=err, env={}) as child:  # noqa: S603
        try:
            return child.wait(wall_seconds)
        except subprocess.TimeoutExpired:
            child.kill()
            return None


def keep_to(limits: Sequence[str]) -> None:
    """For the child itself: never use more than ``limits``, the last of its arguments."""
    memory_bytes, cpu_seconds, output_bytes = map(int, limits)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (output_bytes, output_bytes))
