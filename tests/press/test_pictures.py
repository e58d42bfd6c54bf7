"""The pictures that are shown are pictures of what is printed."""

from __future__ import annotations

import pytest
from PIL import Image, ImageChops, ImageStat

from bulletin.press.kinds import KINDS
from tests import pictures


def difference(shown: Image.Image, printed: Image.Image) -> float:
    """The mean difference of gray, 0 to 255."""
    return ImageStat.Stat(ImageChops.difference(shown.convert("L"), printed.convert("L"))).mean[0]


@pytest.mark.usefixtures("can_print")
@pytest.mark.parametrize("kind", KINDS)
def test_the_picture_of_a_kind_is_one_of_its_sample(kind, need):
    need("pdftoppm")
    shown = Image.open(pictures.KINDS_FOLDER / f"{kind}.png")
    printed = pictures.sides(kind, pictures.WIDTH_PX)[0]
    assert shown.size == printed.size
    assert difference(shown, printed) < 4, "run `make pictures`"
    assert difference(shown, printed.transpose(Image.Transpose.FLIP_LEFT_RIGHT)) > 10, "this test would see it"
    assert (pictures.KINDS_FOLDER / f"{kind}.png").stat().st_size < 40_000
