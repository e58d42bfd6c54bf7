"""What a reader still has after three photocopies: the words, and the code to answer with."""

from __future__ import annotations

import collections
import os
import random
import re
import subprocess

import pytest
from PIL import Image, ImageChops, ImageFilter

from .conftest import pressed

DPI = 200
GENERATIONS = 3
SKEW_DEG = 0.4
BLUR_PX = 0.9
GRAIN = 120  # of 255
BLACK_BELOW = 135  # of 255
WORDS_MIN = 0.92

pytestmark = pytest.mark.usefixtures("can_print")


def test_the_northfield_sheet_survives_three_photocopies(need, northfield, tmp_path):
    """Its words as the PDF has them, against those that are read from the third copy."""
    pdftotext, pdftoppm, tesseract, zbarimg = map(need, ("pdftotext", "pdftoppm", "tesseract", "zbarimg"))
    sheet = tmp_path / "sheet.pdf"
    sheet.write_bytes(pressed("regular-northfield"))
    subprocess.run([pdftoppm, "-r", str(DPI), "-gray", sheet, tmp_path / "side"], check=True)

    chance = random.Random(7)  # noqa: S311
    seen: collections.Counter[str] = collections.Counter()
    codes: list[str] = []
    for side in sorted(tmp_path.glob("side*.pgm")):
        copy = side.with_suffix(".png")
        photocopied(Image.open(side), chance).save(copy)
        seen += words(output(tesseract, copy, "-", "--psm", "1", "--dpi", str(DPI)))
        codes += output(zbarimg, "-q", "--raw", copy).split()

    printed = words(output(pdftotext, sheet, "-"))
    share = (printed & seen).total() / printed.total()
    assert share >= WORDS_MIN, f"{share:.1%} of the words are still read; gone are {', '.join(printed - seen)}"
    assert codes == [northfield.reply]


def photocopied(page: Image.Image, chance: random.Random, *, black_below: int = BLACK_BELOW) -> Image.Image:
    """A little askew, a little soft, with grain; then toner or none. And again."""
    for _ in range(GENERATIONS):
        askew = page.rotate(chance.uniform(-SKEW_DEG, SKEW_DEG), Image.Resampling.BICUBIC, fillcolor=255)
        grain = Image.frombytes("L", page.size, chance.randbytes(page.width * page.height))
        grain = grain.point([level * GRAIN // 255 for level in range(256)])
        grainy = ImageChops.add(askew.filter(ImageFilter.GaussianBlur(BLUR_PX)), grain, offset=-GRAIN // 2)
        page = grainy.point([0] * black_below + [255] * (256 - black_below))
    return page


def output(*command: object) -> str:
    # Tesseract's threads only wait for each other on a small machine.
    environ = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    return subprocess.run([str(part) for part in command], env=environ, capture_output=True, text=True).stdout


def words(text: str) -> collections.Counter[str]:
    """How often each word of three letters or more is there; divided ones are joined."""
    return collections.Counter(re.findall(r"\w{3,}", re.sub(r"[-\u2010\xad]\n\s*", "", text).lower()))
