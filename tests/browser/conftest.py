"""The real server and a real browser, as small as a cheap phone."""

from __future__ import annotations

import os
import pathlib
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

PATIENT_MS = 90_000  # a press that is taken is asked again after five seconds, then ten, then twenty
expect.set_options(timeout=PATIENT_MS)

ROOT = pathlib.Path(__file__).parents[2]
PHONE = {"width": 360, "height": 740}
START_S = 120  # where all cores are taken

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


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of our own server, started as `make run` starts it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = {"HOST": "127.0.0.1", "PORT": str(port), "PUBLIC_URL": "", "TRUSTED_PROXY": "", "REPLY_HOST": ""}
    process = subprocess.Popen(
        [sys.executable, "-m", "bulletin", "serve"], cwd=ROOT, env=os.environ | settings, stderr=subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + START_S
        while not _is_up(address):
            assert process.poll() is None, "the server ended before it served"
            assert time.monotonic() < deadline, "the server did not come up"
            time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=15)


def _is_up(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/up", timeout=15) as answer:  # noqa: S310  # our own address
            return bool(answer.status == 200)
    except OSError:
        return False


@pytest.fixture
def phone(browser: Any, server: str) -> Iterator[Callable[..., Any]]:
    """`phone("/")` opens a page as a phone of its own does; the policy may not have had to stop anything on it."""
    contexts, stopped = [], []

    def open_page(path: str = "/", *, other: Any = None, size: dict[str, int] = PHONE, **choices: Any) -> Any:
        context = (other or browser).new_context(viewport=size, base_url=server, **choices)
        context.set_default_timeout(PATIENT_MS)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: stopped.append(str(error)))
        page.on("console", lambda said: stopped.append(said.text) if "Policy" in said.text else None)
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not stopped


@pytest.fixture(scope="session")
def large_print(browser: Any, chromium: str) -> Iterator[Any]:
    """A browser whose owner has set letters to 200 %."""
    opened = browser.browser_type.launch(
        executable_path=chromium, args=["--no-sandbox", "--blink-settings=defaultFontSize=32"]
    )
    yield opened
    opened.close()
