"""Asking for long work, saying how far it is, and its end; the queue it waits in and the workers that take it."""

from app.jobs.operations.asking import ask_again, ask_for, clear_file, fail_job, finish_job, take_up
from app.jobs.operations.progress import Said, file_of, forget, hear, tell
from app.jobs.operations.queue import (
    APPLICATION,
    QUEUE_OF,
    WORKFLOW,
    WORKFLOW_VERSION,
    open_queue,
    prepare_queue,
    put_into_queue,
    queue_engine,
    queue_url,
)
from app.jobs.operations.workers import Seat, is_served, list_seats, take_seat

__all__ = [
    "APPLICATION",
    "QUEUE_OF",
    "WORKFLOW",
    "WORKFLOW_VERSION",
    "Said",
    "Seat",
    "ask_again",
    "ask_for",
    "clear_file",
    "fail_job",
    "file_of",
    "finish_job",
    "forget",
    "hear",
    "is_served",
    "list_seats",
    "open_queue",
    "prepare_queue",
    "put_into_queue",
    "queue_engine",
    "queue_url",
    "take_seat",
    "take_up",
    "tell",
]
