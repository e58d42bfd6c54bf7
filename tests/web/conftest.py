"""The cast: Rosa, who writes on our own page; a stranger, whose page sends forms to ours; and a press that pretends."""

from __future__ import annotations

import dataclasses
import html.parser
import io
import pathlib
import shutil
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from bulletin import create_app
from bulletin.config import Settings
from bulletin.press.jobs import Sheet
from bulletin.press.manuscript import Manuscript
from bulletin.press.pictures import PreparedPicture
from bulletin.press.typesetting import Setting
from tests.databases import postgresql  # noqa: F401
from tests.homes import home_mostly_on_sqlite, migrated_file  # noqa: F401
from tests.pinned_sql import every_statement_stays_at_its_site  # noqa: F401

TEXT = """---
kind: regular
masthead: The Depot Lamp
number: 7
date: 2026-11-23
language: en
headline: Nobody drives alone
---
A lead of one sentence.

::: echo Bay 4
The door is mended.
:::
"""

WRONG = TEXT.replace("2026-11-23", "next week")  # line 5


@dataclasses.dataclass
class PretendPress:
    """Prints the headline and nothing else, or fails as it is told to."""

    failure: Exception | None = None
    working: bool = True
    printed: list[str] = dataclasses.field(default_factory=list)
    asked: int = 0

    def print(
        self,
        manuscript: Manuscript,
        *,
        paper: str = "a4",
        fit: bool = True,
        pictures: Mapping[str, bytes] | None = None,
    ) -> Sheet:
        if self.failure:
            raise self.failure
        self.printed.append(paper)
        setting = Setting(size_pt=10.75, sides=1)
        return Sheet(pdf=b"%PDF " + manuscript.headline.encode(), setting=setting, fullness=(0.97,), warm=True)

    def prepare(self, data: bytes) -> PreparedPicture:
        return PreparedPicture(b"\x89PNG" + data[:8], 8, 8)

    def card(self, manuscript: Manuscript, number: int, *, pictures: Mapping[str, bytes] | None = None) -> bytes:
        return b"\x89PNG card %d of %s" % (number, manuscript.headline.encode())

    def works(self) -> bool:
        self.asked += 1
        return self.working


class Rosa:
    """Somebody who writes on our page, as her browser sends it."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def opens(self, url: str, **kwargs: Any) -> TestResponse:
        return self.client.get(url, buffered=True, **kwargs)

    def sends(
        self,
        url: str,
        text: str = TEXT,
        *,
        paper: str = "a4",
        file: bytes | None = None,
        script: bool = False,
        **more: str,
    ) -> TestResponse:
        data: dict[str, Any] = {"manuscript": text.replace("\n", "\r\n"), **more}
        data["file"] = FileStorage(io.BytesIO(file or b""), "text.md" if file is not None else "")
        data["paper"] = paper
        boundary, body = encode_multipart(data)
        headers = {"Sec-Fetch-Site": "same-origin", "Accept": "application/json" if script else "text/html,*/*;q=0.8"}
        kind = f"multipart/form-data; boundary={boundary}"
        return self.client.post(url, data=body, headers=headers, content_type=kind)


class Page(html.parser.HTMLParser):
    """What a page of ours is made of."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: dict[str, str] = {}  # by id, else by tag
        self._open: list[str] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("br", "img", "input", "link", "meta"):
            self._open.append(dict(attrs).get("id") or tag)

    def handle_endtag(self, tag: str) -> None:
        self._open.pop()

    def handle_data(self, data: str) -> None:
        for key in set(self._open):
            self.words[key] = self.words.get(key, "") + data

    def all(self, *tags: str) -> list[dict[str, str | None]]:
        return [attrs for tag, attrs in self.tags if tag in tags]

    def typed(self, name: str = "manuscript") -> str:
        """What stands in a text field; a browser drops the first newline."""
        return self.words.get(name, "").replace("\r\n", "\n").removeprefix("\n")


@pytest.fixture
def press() -> PretendPress:
    return PretendPress()


@pytest.fixture
def build(
    press: PretendPress, tmp_path: pathlib.Path, tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., Flask]:
    """`build(public_url=…)` is the app with these settings and the pretended press."""

    def build(**settings: Any) -> Flask:
        app = create_app(Settings(**{"database_url": "sqlite:///notebook.db", "instance": str(tmp_path), **settings}))
        app.extensions["press"] = press
        if not (tmp_path / "notebook.db").exists():
            shutil.copy(migrated_file(tmp_path_factory), tmp_path / "notebook.db")
        return app

    return build


@pytest.fixture
def app(build: Callable[..., Flask]) -> Flask:
    return build()


@pytest.fixture
def rosa(app: Flask) -> Rosa:
    return Rosa(app.test_client())


@pytest.fixture
def anyone(app: Flask) -> FlaskClient:
    """A client that sends only what it is told to."""
    return app.test_client()
