"""Manuscripts of real length, and the press in this process."""

from __future__ import annotations

import dataclasses
import functools
import logging
import pathlib
from collections.abc import Callable

import pytest

from bulletin.press import fitting
from bulletin.press.kinds import KINDS
from bulletin.press.manuscript import Manuscript, read

CASES = pathlib.Path(__file__).parent / "cases"
NAMES = sorted(path.stem for path in CASES.glob("*.md"))


def case(name: str) -> Manuscript:
    return read((CASES / f"{name}.md").read_bytes())


@dataclasses.dataclass(frozen=True)
class Pressed:
    """A sheet, and what WeasyPrint had to say about it."""

    pdf: bytes
    said: tuple[str, ...]


@functools.cache
def pressed(name: str, paper: str = "a4") -> Pressed:
    """A case or a kind's sample as a sheet: the same bytes each time, so it is set once a run."""
    said: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: said.append(record.getMessage())  # type: ignore[method-assign]
    logging.getLogger().addHandler(handler)
    try:
        pdf = fitting.press(read(KINDS[name].sample) if name in KINDS else case(name), paper).pdf
    finally:
        logging.getLogger().removeHandler(handler)
    return Pressed(pdf, tuple(said))


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
