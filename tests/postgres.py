"""A throw-away PostgreSQL server for the tests: one per test process, on a socket in a temporary folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg
import pytest

# The shell stops the server and removes its folder when our end of the pipe closes, so that
# nothing is left behind even when the test process is killed. $0 is the server, $1 the folder.
_SERVE = '"$0" -D "$1/data" -k "$1" & cat; kill -INT $!; wait $!; rm -rf "$1"'

# Nothing here outlives a crash, is large, or lives long: no guard against any of it is worth its time.
_SETTINGS = """
listen_addresses = ''
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
autovacuum = off
jit = off
max_connections = 60
timezone = 'Asia/Shanghai'
"""


class Server:
    """A running server; ``create_database`` gives the address of a new, empty database."""

    def __init__(self, *, shared_buffers: str = "32MB") -> None:
        programs = _programs()
        # PostgreSQL refuses to run as root.
        self._as_owner: dict = {"cwd": "/"}
        if os.geteuid() == 0:
            self._as_owner |= {"user": "postgres", "group": "postgres", "extra_groups": []}
        # A socket's path is short (107 bytes), so the folder is not below pytest's.
        self.folder = Path(tempfile.mkdtemp(prefix="zhaoshang-", dir="/tmp"))
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
        data = self.folder / "data"
        subprocess.run(
            [
                programs / "initdb",
                "-D",
                data,
                "-U",
                "postgres",
                "--auth=trust",
                "--no-sync",
                "--locale=C.UTF-8",
            ],
            check=True,
            stdout=subprocess.DEVNULL,
            **self._as_owner,
        )
        with (data / "postgresql.conf").open("a") as settings:
            settings.write(f"{_SETTINGS}shared_buffers = {shared_buffers}\n")
        with (self.folder / "log").open("w") as log:
            self._shell = subprocess.Popen(
                ["/bin/sh", "-c", _SERVE, programs / "postgres", self.folder],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **self._as_owner,
            )
        self._wait()

    def create_database(self, name: str, template: str = "template1") -> str:
        """Make the database ``name`` afresh, as a copy of ``template``, and return its SQLAlchemy address."""
        with self._connect() as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            # Copied as files: through the write-ahead log it takes five times as long.
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy')
        return f"postgresql+psycopg://postgres@/{name}?host={self.folder}"

    def stop(self) -> None:
        """Stop the server and remove its folder."""
        assert self._shell.stdin
        self._shell.stdin.close()
        self._shell.wait(timeout=120)

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(host=str(self.folder), user="postgres", dbname="postgres", autocommit=True)

    def _wait(self) -> None:
        """Return when the server answers, and it is ours."""
        deadline = time.monotonic() + 120
        while True:
            try:
                with self._connect() as connection:
                    found = connection.execute("SHOW data_directory").fetchone()
            except psycopg.OperationalError:
                if time.monotonic() > deadline or self._shell.poll() is not None:
                    pytest.fail("PostgreSQL did not start:\n" + (self.folder / "log").read_text())
                time.sleep(0.05)
            else:
                assert found == (str(self.folder / "data"),), f"another server answers: {found}"
                return


def _programs() -> Path:
    """The folder of the newest installed server's programs; Debian keeps them off the PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[4]))
    other = shutil.which("initdb")
    if not found and not other:
        pytest.fail("没有找到 PostgreSQL（initdb）。请先执行 make setup。")
    return found[-1].parent if found else Path(other or "").resolve().parent
