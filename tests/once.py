"""What is dear to make, made once a run: by whichever worker comes first, and read by the others."""

from __future__ import annotations

import fcntl
import os
import pathlib
import pickle
from collections.abc import Callable
from typing import Any, TypeVar

import pytest

Made = TypeVar("Made")

_known: dict[str, Any] = {}


def once_a_run(folders: pytest.TempPathFactory, name: str, make: Callable[[], Made]) -> Made:
    """What `make` gives, which can be pickled; `name` is a file's name. Who comes while another makes it waits."""
    if name not in _known:
        _known[name] = _made_by_somebody(_of_the_run(folders) / name, make)
    found: Made = _known[name]
    return found


def _made_by_somebody(file: pathlib.Path, make: Callable[[], Any]) -> Any:
    with file.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if file.exists():
            return pickle.loads(file.read_bytes())  # noqa: S301  # this run has written it
        made = make()
        file.write_bytes(pickle.dumps(made))
        return made


def _of_the_run(folders: pytest.TempPathFactory) -> pathlib.Path:
    """A folder that all workers of this run share: each has its own inside of one."""
    own = folders.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "once"
    folder.mkdir(exist_ok=True)
    return folder
