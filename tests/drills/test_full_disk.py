"""A full disk: a word for it, nothing half done, and everything acknowledged before is there."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys

import pytest

from bulletin.db import db
from bulletin.web.portability import status
from tests.drills import server
from tests.drills.test_kill import WORDS, missing

ROOM_BYTES = 1 << 20
DISK_BYTES = 8 << 20  # all tables, empty, take two with their log


def fill(folder: pathlib.Path) -> tuple[list[str], int]:
    """Write until it is full, and then some: what was acknowledged, and how often it was refused."""
    app = server.build(folder)
    acknowledged, refused = [], 0
    assert status._has_room(app.instance_path)
    with app.test_client() as client:
        while refused < 5:
            answer = client.post("/", data=WORDS)
            if answer.status_code == 507:
                refused += 1
            else:
                assert answer.status_code == 200
                acknowledged.append(answer.text)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    return acknowledged, refused


def test_a_file_that_may_not_grow(tmp_path):
    """SQLite's own limit, on any system."""
    app = server.build(tmp_path)
    with app.app_context():
        from sqlalchemy import event

        event.listen(db.engine, "connect", lambda raw, _: raw.execute("PRAGMA max_page_count=160").close())
        db.engine.dispose()
    acknowledged = []
    with app.test_client() as client:
        while (answer := client.post("/", data=WORDS)).status_code == 200:
            acknowledged.append(answer.text)
    assert answer.status_code == 507
    assert len(acknowledged) > 10
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    assert missing(tmp_path, acknowledged) == []


LIMITED = """
import json, pathlib, resource, signal, sys
from tests.drills.test_full_disk import fill
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, ({room}, {room}))
print(json.dumps(fill(pathlib.Path(sys.argv[1]))))
"""


def test_a_quota(tmp_path):
    """What the system refuses to write, for the database and its log alike."""
    folder = tmp_path / "instance"
    folder.mkdir()
    command = [sys.executable, "-c", LIMITED.format(room=ROOM_BYTES), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    acknowledged, refused = json.loads(done.stdout)
    assert refused == 5
    assert len(acknowledged) > 10
    assert missing(folder, acknowledged) == []


@pytest.mark.attack
def test_a_disk_that_is_really_full(tmp_path):
    if os.geteuid() != 0 or sys.platform != "linux":
        pytest.skip("only root on Linux can mount a small disk")
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(disk)], check=False)
    if mounted.returncode:
        pytest.skip("this machine mounts nothing")
    try:
        acknowledged, _ = fill(disk)
        assert len(acknowledged) > 10
        assert not status._has_room(str(disk)), "and /up says so"
        assert missing(disk, acknowledged) == []
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)  # whatever went wrong has it open still
