"""Files to keep, under names that say nothing: a phone shows the names of its downloads to whoever looks."""

from __future__ import annotations

import re

from flask import Response

NUMBER = re.compile(r"[0-9]{1,4}([-/.][0-9]{1,4})?", re.ASCII)


def download(content: bytes, kind: str, name: str) -> Response:
    """A file to keep."""
    response = Response(content, content_type=kind)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def number_name(number: str) -> str:
    """The number of a bulletin as the name of a file, or `sheet` where it is more than a number."""
    return re.sub(r"[/.]", "-", number) if NUMBER.fullmatch(number) else "sheet"
