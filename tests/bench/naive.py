"""The Northfield sheet as one would begin: balanced columns, faces through @font-face, all of it anew each time.

Prints the seconds of one render for each line it reads. Its process has nothing of the press but the HTML.
"""

from __future__ import annotations

import sys

from bulletin.press import faces
from bulletin.press.typesetting import Setting, typeset

from .figures import seconds
from .plain import northfield, write_pdf

FACES = (  # file, family, weight, style
    ("Literata-SemiBold", faces.TEXT, 400, "normal"),
    ("Literata-SemiBoldItalic", faces.TEXT, 400, "italic"),
    ("Literata-ExtraBold", faces.TEXT, 700, "normal"),
    ("Literata-ExtraBoldItalic", faces.TEXT, 700, "italic"),
    ("SofiaSansExtraCondensed-ExtraBold", faces.HEAD, 400, "normal"),
    ("SofiaSansExtraCondensed-Black", faces.HEAD, 700, "normal"),
    ("FiraSansExtraCondensed-ExtraBold", faces.HEAD_FULL, 700, "normal"),
)


def style() -> str:
    rules = "".join(
        f'@font-face {{ font-family: "{family}"; font-weight: {weight}; font-style: {slant}; src: url("{file}.ttf") }}'
        for file, family, weight, slant in FACES
    )
    return f"<style>{rules}.columns {{ column-fill: balance }}</style></head>"


def main() -> None:
    html = typeset(northfield(), setting=Setting(sides=2)).replace("</head>", style())
    for _ in sys.stdin:
        print(seconds(lambda: write_pdf(html)), flush=True)


main()
