"""Chromium's print of the same HTML: reported, no target."""

from __future__ import annotations

import pathlib
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator

from playwright.sync_api import sync_playwright

from bulletin.press import faces
from bulletin.press.typesetting import Setting, asset, typeset

from ..conftest import BROWSER_ARGS, BROWSERS
from .figures import Figure, medians
from .plain import northfield
from .press import render

COLD_ROUNDS = 3


def prints() -> Iterator[Figure]:
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        raise RuntimeError("Chromium is not installed")
    text, setting = northfield(), Setting(sides=2)
    with tempfile.TemporaryDirectory() as folder:
        page_file = pathlib.Path(folder, "sheet.html")
        page_file.write_text(with_styles(typeset(text, setting=setting)), encoding="utf-8")
        url, pdf = page_file.as_uri(), pathlib.Path(folder, "sheet.pdf")
        command = [
            path,
            *BROWSER_ARGS,
            f"--user-data-dir={folder}/profile",
            "--no-pdf-header-footer",
            f"--print-to-pdf={pdf}",
            url,
        ]

        def cold() -> None:
            subprocess.run(command, check=True, capture_output=True, timeout=60)

        ours = {"ours": lambda: render(text, setting)}
        took = medians({**ours, "cold": cold}, COLD_ROUNDS)
        yield Figure(
            "One render, of cold Chromium’s time for the same HTML",
            took["ours"] / took["cold"],
            note=f"{took['cold'] * 1000:.0f} ms",
        )
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=list(BROWSER_ARGS))
            opened = browser.new_page()
            opened.goto(url)

            def anew() -> None:
                page = browser.new_page()
                page.goto(url)
                page.pdf(prefer_css_page_size=True)
                page.close()

            took = medians({**ours, "warm": lambda: opened.pdf(prefer_css_page_size=True), "anew": anew}, 7)
            browser.close()
        yield Figure(
            "… of warm Chromium’s, a page that is open",
            took["ours"] / took["warm"],
            note=f"{took['warm'] * 1000:.0f} ms",
        )
        yield Figure(
            "… of warm Chromium’s, a new page", took["ours"] / took["anew"], note=f"{took['anew'] * 1000:.0f} ms"
        )


def with_styles(html: str) -> str:
    """The style sheets written into it, the faces from where they lie."""

    def inlined(link: re.Match[str]) -> str:
        css = asset(link["name"]).decode()
        return f"<style>{css}</style>".replace('url("', f'url("{(faces.FONTS / "screen").as_uri()}/')

    return re.sub(r'<link rel="stylesheet" href="/press/(?P<name>[^"?]+)[^"]*"[^>]*>', inlined, html)
