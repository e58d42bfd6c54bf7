"""Manuscripts of real length, and the press in this process."""

from __future__ import annotations

import functools
import pathlib
from collections.abc import Callable

import pytest

from bulletin.press import fitting
from bulletin.press.manuscript import Manuscript, read

CASES = pathlib.Path(__file__).parent / "cases"
NAMES = sorted(path.stem for path in CASES.glob("*.md"))


def case(name: str) -> Manuscript:
    return read((CASES / f"{name}.md").read_bytes())


@functools.cache
def pressed(name: str) -> bytes:
    """A case as a sheet: the same bytes each time, so it is set once a run."""
    return fitting.press(case(name), "a4").pdf


@pytest.fixture
def northfield() -> Manuscript:
    return case("regular-northfield")


@pytest.fixture
def written() -> Callable[..., Manuscript]:
    """A manuscript from a body and header keys: written("Text.", kind="meeting")."""

    def write(body: str = "Text.", **header: str) -> Manuscript:
        header = {"kind": "regular", "headline": "Rosa says so", **header}
        lines = "".join(f"{key}: {value!r}\n" for key, value in header.items())
        return read(f"---\n{lines}---\n{body}")

    return write
