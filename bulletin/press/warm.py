"""What the press's server imports once: WeasyPrint, and a throw-away sheet, and a card.

Jobs are forked from that server, so they find every import done and every cache filled.
"""

from __future__ import annotations

import io

from PIL import Image

from . import cards, fitting, pictures, printing, sandbox
from .kinds import KINDS
from .manuscript import read
from .paper import PAPERS

# The sample, because it is of real length: what hyphenates, dates and embeds is warm too. One is enough: what the other
# kinds have of their own is their style. Each printed as well made whoever starts wait three times as long.
fitting.press(read(KINDS["regular"].sample), "a4", fit=False)
for _paper in PAPERS.values():
    for _kind in KINDS:
        printing.styles(_kind, _paper)

cards.press(read("---\nkind: regular\nheadline: Warm\n---\nWarm."), 0)

# And Pillow's readers: a gray card in each form a picture may come in.
for _form in ("JPEG", "PNG", "WEBP"):
    _card = io.BytesIO()
    Image.new("RGB", (90, 90), "gray").save(_card, _form)
    pictures.dots(pictures.prepare(_card.getvalue()).bytes, 60.0)

sandbox.warm()
