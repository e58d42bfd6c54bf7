"""The same HTML printed by WeasyPrint alone, for comparison."""

from __future__ import annotations

import pathlib
from urllib.parse import urlsplit

import weasyprint
from weasyprint.urls import URLFetcherResponse

from bulletin.press import faces
from bulletin.press.manuscript import Manuscript, read
from bulletin.press.typesetting import asset

CASES = pathlib.Path(__file__).parents[1] / "press" / "cases"


class Assets(weasyprint.URLFetcher):
    """Serves the style sheets of the press as its own pages would, and the whole faces."""

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        name = urlsplit(url).path.rpartition("/")[2]
        content = (faces.FONTS / "print" / name).read_bytes() if name.endswith(".ttf") else asset(name)
        return URLFetcherResponse(url, content, {"Content-Type": "font/ttf" if name.endswith(".ttf") else "text/css"})


def write_pdf(html: str) -> bytes:
    # Without its style sheets it would be quick, and worth nothing: so a failed fetch ends everything.
    fetcher = Assets(fail_on_errors=True)
    return bytes(weasyprint.HTML(string=html, base_url="http://press.invalid/", url_fetcher=fetcher).write_pdf())


def case(name: str) -> Manuscript:
    return read((CASES / f"{name}.md").read_bytes())


def northfield() -> Manuscript:
    return case("regular-northfield")
