"""What every other test relies on: no way out of this machine, and a database as it was before."""

from __future__ import annotations

import socket

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import Zone
from app.kernel import clock


@pytest.mark.parametrize("host", ["192.0.2.1", "example.org"])
def test_no_test_reaches_another_machine(host: str) -> None:
    with pytest.raises(pytest.fail.Exception):
        socket.create_connection((host, 80), timeout=1)


@pytest.mark.parametrize("turn", ["first", "second"])
def test_a_commit_does_not_outlive_its_test(session: Session, turn: str) -> None:
    assert session.scalar(select(func.count()).select_from(Zone)) == 0
    session.add(Zone(name=turn, created_at=clock.now()))
    session.commit()
