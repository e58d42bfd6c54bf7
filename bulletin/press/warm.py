"""What the press's server imports once: WeasyPrint, and a throw-away sheet of each kind, and cards.

Jobs are forked from that server, so they find every import done and every cache filled.
"""

from __future__ import annotations

import contextlib
import io

from PIL import Image

from . import cards, fitting, pictures, sandbox
from .kinds import KINDS
from .manuscript import read
from .mistake import TooLong

# The samples, because they are of real length: what hyphenates, dates and embeds is warm too.
for _kind in KINDS.values():
    with contextlib.suppress(TooLong):
        fitting.press(read(_kind.sample), "a4", fit=False)

for _number in (0, 2):
    cards.press(read(KINDS["regular"].sample), _number)

# And Pillow's readers: a gray card in each form a picture may come in.
for _form in ("JPEG", "PNG", "WEBP"):
    _card = io.BytesIO()
    Image.new("RGB", (90, 90), "gray").save(_card, _form)
    pictures.dots(pictures.prepare(_card.getvalue()).bytes, 60.0)

sandbox.warm()
