"""Pictures as phones, messengers and programs of all sorts write them: what was meant, or a sentence."""

from __future__ import annotations

import io
import pathlib

import pytest
from PIL import Image

from bulletin.press.mistake import Form, PictureError, Unfit
from bulletin.press.pictures import SIDE_PX_MIN, prepare
from tests.refusals import refused

FILES = pathlib.Path(__file__).parent / "cases/pictures"
NEAR = 6  # grays of 255 by which two ways to keep one picture may differ

# Nine grays, row by row: a picture with a dark corner at its top left, another at its bottom right, gray in its middle.
DRAWN = (171, 242, 254, 242, 129, 242, 254, 242, 123)
SEEN_THROUGH = (244, 213, 244, 206, 76, 206, 244, 212, 244)
MEANT = {
    **dict.fromkeys(
        (
            *("anim.webp", "apng.png", "cmyk.jpg", "cmyk-adobe-inverted.jpg", "exif-broken.jpg", "exif0.jpg"),
            *("exif1.jpg", "exif5.jpg", "gray.jpg", "gray16.png", "jpeg-q100-444.jpg", "jpg.png", "lab-p3.jpg"),
            *("leading-nl.jpg", "mpo.jpg", "pano-ok.jpg", "png.jpg", "progressive.jpg", "rgb16.png", "tall.jpg"),
            *("trailing.jpg", "trunc-eoi.jpg"),
        ),
        DRAWN,
    ),
    # Turned, and in a mirror, as Exif says.
    **dict.fromkeys(
        ("exif2.jpg", "exif6.jpg", "exif6.png", "exif6.webp"), (254, 242, 171, 242, 129, 242, 123, 242, 254)
    ),
    **dict.fromkeys(("exif3.jpg", "exif7.jpg"), (123, 242, 254, 242, 129, 242, 254, 242, 171)),
    **dict.fromkeys(("exif4.jpg", "exif8.jpg"), (254, 242, 123, 242, 129, 242, 171, 242, 254)),
    **dict.fromkeys(("rgba.png", "la.png"), SEEN_THROUGH),
    "gray16-dark.png": (166, 242, 255, 242, 121, 243, 254, 242, 124),
    "pal-trns.png": (161, 242, 255, 243, 126, 243, 254, 242, 124),
    "pal1.png": (136, 181, 189, 181, 104, 181, 189, 181, 92),
    "60.jpg": (149, 221, 233, 221, 111, 218, 233, 218, 114),
    "black-on-clear.png": (252, *[255] * 8),
    "white-on-clear.png": (3, *[0] * 8),  # on white nothing of it would be seen
    "all-black.png": (0,) * 9,
    "all-gray.png": (128,) * 9,
    "all-white.png": (255,) * 9,
}
SAID = {
    "1x1.png": (Unfit.SMALL, {"width": "1", "height": "1"}),
    "small.jpg": (Unfit.SMALL, {"width": "59", "height": "59"}),
    "pano.jpg": (Unfit.NARROW, {}),
    "zero.jpg": (Unfit.EMPTY, {}),
    **dict.fromkeys(("truncated.jpg", "truncated.png"), (Unfit.DAMAGED, {})),
    **dict.fromkeys(("heic-as.jpg", "heic-msf1", "heic.heic", "hevc-heif-heis"), (Unfit.HEIC, {})),
    "anim.gif": (Unfit.OTHER_FORM, {"form": Form.GIF}),
    "avif.avif": (Unfit.OTHER_FORM, {"form": Form.AVIF}),
    "jxl.jxl": (Unfit.OTHER_FORM, {"form": Form.JPEG_XL}),
    "mp4.jpg": (Unfit.OTHER_FORM, {"form": Form.FILM}),
    "svg.svg": (Unfit.OTHER_FORM, {"form": Form.SVG}),
    "html.jpg": (Unfit.NO_PICTURE, {}),
}


def grays(data: bytes) -> tuple[int, ...]:
    return tuple(Image.open(io.BytesIO(prepare(data).bytes)).resize((3, 3)).tobytes())


def test_every_file_has_its_right_value():
    there = {file.name for file in FILES.iterdir() if not file.name.startswith(".")}
    assert there == MEANT.keys() | SAID.keys()


@pytest.mark.parametrize("name", MEANT)
def test_what_was_meant_is_what_comes_out(name):
    assert grays((FILES / name).read_bytes()) == pytest.approx(MEANT[name], abs=NEAR)


@pytest.mark.parametrize("name", SAID)
def test_what_cannot_be_taken_gets_its_sentence(name):
    code, values = SAID[name]
    with refused(PictureError, code, **values):
        prepare((FILES / name).read_bytes())


def jpeg(picture: Image.Image, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", **options)
    return out.getvalue()


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"quality": 95, "subsampling": 0}])
def test_of_a_jpeg_only_the_last_rows_may_be_missing(options):
    whole = jpeg(Image.effect_noise((400, 300), 60).convert("RGB"), **options)
    expected = grays(whole)
    assert grays(whole[:-2]) == pytest.approx(expected, abs=NEAR)
    if "progressive" not in options:
        short = prepare(whole[: -len(whole) // 100])
        assert prepare(whole).height_px * 0.93 < short.height_px <= prepare(whole).height_px
    for share in (0.93, 0.6, 0.3):
        with refused(PictureError, Unfit.DAMAGED):
            prepare(whole[: int(len(whole) * share)])


def test_what_waves_are_missing_is_not_guessed():
    whole = jpeg(Image.effect_noise((400, 300), 60).convert("RGB"), progressive=True)
    last = whole.rindex(b"\xff\xda")
    with refused(PictureError, Unfit.DAMAGED):
        prepare(whole[: whole.rindex(b"\xff\xc4", 0, last)])


def test_a_brand_behind_others_says_what_it_is():
    box = b"\0\0\0\x1cftypmif1\0\0\0\0mif1avifmiaf" + bytes(SIDE_PX_MIN)
    with refused(PictureError, Unfit.OTHER_FORM, form=Form.AVIF):
        prepare(box)
