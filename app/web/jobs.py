"""Long work runs in a process of its own, started once the request has been committed."""

from __future__ import annotations

import os
import subprocess
import sys
import threading

from flask import after_this_request
from flask.wrappers import Response

from app.web.session import config
from config import ROOT


def start_after_commit(*arguments: str) -> None:
    """Start ``flask --app wsgi ARGUMENTS`` when this request's answer is out and nothing was refused.

    The process outlives the request; what it prints goes to ``jobs.log`` in the instance folder.
    """
    settings = config()
    environment = os.environ | {
        "DATABASE_URL": settings.database_url,
        "INSTANCE_PATH": str(settings.instance_path),
        "FONTS_PATH": str(settings.fonts_path),
        "PUBLIC_URL": settings.public_url,
    }

    def start() -> None:
        with (settings.instance_path / "jobs.log").open("ab") as log:
            process = subprocess.Popen(  # noqa: S603 - our own command, no shell
                [sys.executable, "-m", "flask", "--app", "wsgi", *arguments],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        # Somebody has to wait for a child, or it stays in the process table for as long as the server runs.
        threading.Thread(target=process.wait, daemon=True).start()

    @after_this_request
    def arrange(response: Response) -> Response:
        if response.status_code < 400:
            response.call_on_close(start)
        return response
