"""The pictures that are shown are pictures of what is printed."""

from __future__ import annotations

import pytest
from PIL import Image, ImageChops, ImageStat

from tests import pictures


def difference(shown: Image.Image, printed: Image.Image) -> float:
    """The mean difference of gray, 0 to 255."""
    return ImageStat.Stat(ImageChops.difference(shown.convert("L"), printed.convert("L"))).mean[0]


@pytest.mark.usefixtures("can_print")
def test_the_picture_of_the_kinds_is_one_of_their_samples(need):
    need("pdftoppm")
    shown = Image.open(pictures.KINDS_PICTURE)
    printed = pictures.kinds()
    assert shown.size == printed.size
    assert difference(shown, printed) < 20, "run `make pictures`"
    assert difference(shown, printed.transpose(Image.Transpose.FLIP_LEFT_RIGHT)) > 30, "this test would see it"
