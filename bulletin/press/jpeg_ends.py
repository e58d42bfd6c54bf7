"""JPEG files whose last bytes are missing, as some phones and messengers leave them: all but the last rows is there."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

from .mistake import PictureError, Unfit

if TYPE_CHECKING:
    from PIL import Image

END = b"\xff\xd9"
LOST_MAX = 0.06  # of the rows, that may be missing: the last sixteen of three hundred come or go together

# Where the coded dots are over, decoding goes on with what stands behind. With nothing there, and with this, the rows
# that are whole come out the same, and the others do not.
_SOMETHING = bytes(range(1, 255)) * 64
_SCAN = re.compile(rb"\xff\xda..(.)", re.DOTALL)  # within coded dots a marker cannot stand by chance
_FRAME = {0xC0, 0xC1, 0xC2}  # one after the other, twice; or in waves


def without_end(data: bytes, size: tuple[int, int]) -> Image.Image:
    """A JPEG without its end, opened, without the rows that are not whole. Raises PictureError where they are many.

    `size`: how large it is to become; Pillow may read it smaller, as long as it is larger than that.
    """
    whole, other = (_opened(data.rstrip(b"\xff") + more + END, size) for more in (b"", _SOMETHING))
    rows = _rows_alike(whole, other)
    if not _all_waves(data) or whole.height - rows > LOST_MAX * whole.height:
        raise PictureError(Unfit.DAMAGED)
    return whole.crop((0, 0, whole.width, rows))


def _opened(data: bytes, size: tuple[int, int]) -> Image.Image:
    from PIL import Image

    opened = Image.open(io.BytesIO(data), formats=("JPEG",))
    opened.draft("L", size)
    opened.load()
    return opened


def _rows_alike(one: Image.Image, other: Image.Image) -> int:
    """How many of the first rows are the same."""
    from PIL import ImageChops

    different = ImageChops.difference(one.convert("L"), other.convert("L")).getbbox()
    return one.height if different is None else different[1]


def _all_waves(data: bytes) -> bool:
    """Is it no JPEG that comes in waves, or one that has the last of them, to the last bit of each colour's dots?"""
    at = 2
    while data[at : at + 1] == b"\xff" and data[at + 1] != 0xDA:
        if data[at + 1] in _FRAME and data[at + 1] != 0xC2:
            return True
        at += 2 + int.from_bytes(data[at + 2 : at + 4])
    last = {}
    for scan in _SCAN.finditer(data, at):
        parts = scan[1][0]
        begin = scan.end()
        first, final, bits = data[begin + 2 * parts : begin + 2 * parts + 3].ljust(3, b"\xff")
        for part in range(parts):
            last.update(dict.fromkeys(((data[begin + 2 * part], at) for at in range(first, final + 1)), bits & 15))
    return len(last) % 64 == 0 and not any(last.values())
