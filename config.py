"""Settings of one installation, read from the environment once at start."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Config:
    """Everything an installation can choose; see README "配置" for the variables.

    ``fonts_path`` is the folder of the print faces; a site may put its licensed faces
    into ``site_fonts_path`` (file names in ``app/briefs/pdf/faces.py``), which then win.
    """

    database_url: str
    instance_path: Path
    secret_key: str
    fonts_path: Path = ROOT / "vendor" / "fonts"
    site_fonts_path: Path | None = None
    public_url: str = "http://127.0.0.1:5000"
    session_idle_minutes: int = 30
    session_hours: int = 12
    secure_cookie: bool = False
    trusted_hosts: tuple[str, ...] = ()
    testing: bool = False

    @classmethod
    def from_environ(cls, environ: dict[str, str] | None = None) -> Config:
        """Read the settings; makes the instance folder and its secret key when they are missing."""
        env = dict(os.environ if environ is None else environ)
        instance = Path(env.get("INSTANCE_PATH") or ROOT / "instance").resolve()
        instance.mkdir(parents=True, exist_ok=True)
        return cls(
            database_url=env.get("DATABASE_URL") or f"sqlite:///{instance / 'zhaoshang.db'}",
            instance_path=instance,
            secret_key=env.get("SECRET_KEY") or _stored_secret(instance / "secret.key"),
            fonts_path=Path(env.get("FONTS_PATH") or ROOT / "vendor" / "fonts"),
            site_fonts_path=Path(env["SITE_FONTS_PATH"]) if env.get("SITE_FONTS_PATH") else None,
            public_url=(env.get("PUBLIC_URL") or "http://127.0.0.1:5000").rstrip("/"),
            session_idle_minutes=int(env.get("SESSION_IDLE_MINUTES") or 30),
            session_hours=int(env.get("SESSION_HOURS") or 12),
            secure_cookie=env.get("SECURE_COOKIE") == "1",
            trusted_hosts=tuple(env.get("TRUSTED_HOSTS", "").split()),
        )


def _stored_secret(path: Path) -> str:
    """The secret of this installation; generated once, readable by its owner only."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        secret = secrets.token_urlsafe(48)
        file.write(secret)
    return secret
