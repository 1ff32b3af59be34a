"""How far running work is, told beside the database: its transaction may still be open (and alone on SQLite)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from app.jobs.models import Job


@dataclass(frozen=True)
class Said:
    """The step in Chinese and how much is done, in percent."""

    step: str
    percent: int


def file_of(folder: Path, job: Job) -> Path:
    """Where the file that a job makes lies, below the instance folder."""
    return folder / "jobs" / str(job.zone_id) / f"{job.id}{job.kind.suffix}"


def tell(folder: Path, zone_id: int, job_id: int, step: str, percent: int) -> None:
    """Say how far a job is."""
    path = _progress(folder, zone_id, job_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps({"step": step, "percent": percent}), encoding="utf-8")
    fresh.replace(path)


def hear(folder: Path, zone_id: int, job_id: int) -> Said | None:
    """What was said last of a job that is running; None when nothing was."""
    try:
        said = json.loads(_progress(folder, zone_id, job_id).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    return Said(str(said["step"]), int(said["percent"]))


def forget(folder: Path, zone_id: int, job_id: int) -> None:
    """The job has ended: its row says the rest."""
    _progress(folder, zone_id, job_id).unlink(missing_ok=True)


def _progress(folder: Path, zone_id: int, job_id: int) -> Path:
    return folder / "jobs" / str(zone_id) / f"{job_id}.progress"
