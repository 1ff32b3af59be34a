"""招商引资项目管理系统. ``create_app`` and nothing else."""

from __future__ import annotations

from flask import Flask

from app.cli import register_commands
from app.db.engine import make_engine
from app.web import register_web
from app.worker.commands import register_worker
from config import ROOT, Config


def create_app(config: Config) -> Flask:
    """The web application (and its commands) for one installation."""
    app = Flask("app", root_path=str(ROOT / "app"), template_folder=str(ROOT / "templates"))
    app.config.from_mapping(SECRET_KEY=config.secret_key, TESTING=config.testing)
    app.extensions["config"] = config
    app.extensions["engine"] = make_engine(config.database_url)
    register_web(app)
    register_commands(app)
    register_worker(app)
    return app
