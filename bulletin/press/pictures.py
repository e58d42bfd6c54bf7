"""Pictures: read with suspicion, kept small, gray and without a word about where they came from; dots on paper.

Pillow is imported where it opens something, which is in the press's bounded processes only (see
jobs): the web process carries pictures about and never looks into one.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import io
import re
import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING

from . import jpeg_ends
from .mistake import Form, PictureError, Unfit
from .paper import PAPERS

if TYPE_CHECKING:
    from PIL import Image

MM_PER_INCH = 25.4
BYTES_MAX = 64_000_000
# Most dots in a file, by the memory that reading them takes; a plain JPEG is read at an eighth of its size.
PIXELS_MAX = {"JPEG": 120_000_000, "MPO": 120_000_000, "PNG": 30_000_000, "WEBP": 16_000_000}
PROGRESSIVE_PIXELS_MAX = 40_000_000  # a JPEG that comes in waves is held in memory whole
ORIENTATION = 0x0112  # of Exif: which side of the picture is up, 1 to 8
SIDE_PX_MIN = 60
RATIO_MAX = 6.0  # of its long side to its short one

WIDTH_MM = max(paper.measure_mm for paper in PAPERS.values())
HEIGHT_MAX_MM = 80.0  # on a sheet; sheet.css says the same
KEPT_DPI, KEPT_QUALITY = 200, 80  # finer than the dots, for screens and cards
CUTOFF = (1, 1)  # percent of the darkest and the lightest dots that may be lost to contrast

# After three simulated photocopies of four pictures, 59 mm wide, seen from half a metre (correlation with
# what was printed; on a pale copy): these dots 0.965 (0.951) in 10 kB; plain gray 0.958 (0.935) in 75 kB; a
# newspaper's screen of 100 lines 0.962 (0.934), of 60 lines 0.961 (0.932). Finer dots, of 150 to the inch,
# do no better than gray: 0.957 (0.936). Small type in a picture is read from the third pale copy with these alone.
DOTS_DPI = 100
FULL, NEARLY_WHITE = 255, 245  # of 255
GAMMA = 0.8  # lighter: each copy makes it darker
SHARPEN_PERCENT, SHARPEN_PX = 120, 2

NAME = re.compile(r"(?=.{1,80}\Z)\w[\w .,()+-]*", re.DOTALL)  # of a file, without any folder

_OTHERS = {
    b"GIF8": Form.GIF,
    b"BM": Form.BMP,
    b"II*\0": Form.TIFF,
    b"MM\0*": Form.TIFF,
    b"%PDF": Form.PDF,
    b"<svg": Form.SVG,
    b"<?xml": Form.SVG,
    b"\xff\x0a": Form.JPEG_XL,
    b"\0\0\0\x0cJXL ": Form.JPEG_XL,
}
# Files of boxes (ISO base media), by the brands in the first of them: that of a picture may stand behind others.
_AVIF = (b"avif", b"avis")
_HEIC = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"heif", b"mif1", b"msf1")


@dataclasses.dataclass(frozen=True)
class PreparedPicture:
    """A picture fit to be kept: a gray JPEG that says nothing but what it shows."""

    bytes: bytes
    width_px: int
    height_px: int


def prepare(data: bytes, *, width_mm: float = WIDTH_MM) -> PreparedPicture:
    """A picture as it may be kept, from a file that anybody sent; raises PictureError.

    `width_mm` is the widest it will be printed. The same file gives the same bytes.
    """
    data = data[:200].lstrip(b"\r\n\t ") + data[200:]  # a line break before it, as some mail programs leave
    _check_kind(data)
    with _pillow():
        try:
            gray = _gray(data, width_mm)
        except (PictureError, MemoryError):
            raise
        except Exception:  # whatever a reader of pictures makes of a file that is none
            raise PictureError(Unfit.DAMAGED) from None
        out = io.BytesIO()
        gray.save(out, "JPEG", quality=KEPT_QUALITY, optimize=True)
        return PreparedPicture(out.getvalue(), gray.width, gray.height)


@functools.lru_cache(maxsize=32)  # a sheet is laid out several times
def dots(kept: bytes, width_mm: float) -> bytes:
    """A kept picture as it is printed on this width: black dots of a quarter of a millimetre, for the photocopier."""
    from PIL import Image, ImageFilter

    with _pillow():
        gray = Image.open(io.BytesIO(kept), formats=("JPEG", "PNG")).convert("L")
        gray = gray.resize(_size(gray.size, width_mm, DOTS_DPI), Image.Resampling.LANCZOS)
        gray = gray.point([round(255 * (level / 255) ** GAMMA) for level in range(256)])
        black = gray.filter(ImageFilter.UnsharpMask(SHARPEN_PX, SHARPEN_PERCENT, 2)).convert("1")
        out = io.BytesIO()
        black.convert("L").save(out, "PNG", optimize=True)  # WeasyPrint would make colours of one bit
        return out.getvalue()


def _check_kind(data: bytes) -> None:
    if not data:
        raise PictureError(Unfit.EMPTY)
    if len(data) > BYTES_MAX:
        raise PictureError(Unfit.BIG, mb=BYTES_MAX // 1_000_000)
    if data[4:8] == b"ftyp":
        _check_boxes(data)
    if data[:3] == b"\xff\xd8\xff" or data[:8] == b"\x89PNG\r\n\x1a\n" or (data[:4], data[8:12]) == (b"RIFF", b"WEBP"):
        return
    start = data[:200].lstrip(b"\xef\xbb\xbf \t\r\n")
    form = next((form for mark, form in _OTHERS.items() if start.startswith(mark)), None)
    if form is None:
        raise PictureError(Unfit.NO_PICTURE)
    raise PictureError(Unfit.OTHER_FORM, form=form)


def _check_boxes(data: bytes) -> None:
    """What has a first box of brands is none that we read. Raises PictureError."""
    main, others = data[8:12], [data[at : at + 4] for at in range(16, min(int.from_bytes(data[:4]), 200), 4)]
    if main in _AVIF or any(brand in _AVIF for brand in others):
        raise PictureError(Unfit.OTHER_FORM, form=Form.AVIF)
    if main in _HEIC or any(brand in _HEIC for brand in others):
        raise PictureError(Unfit.HEIC)
    raise PictureError(Unfit.OTHER_FORM, form=Form.FILM)


@contextlib.contextmanager
def _pillow() -> Iterator[None]:
    """Pillow strict about what is cut off, which WeasyPrint has it patch up, and silent about sizes, which we check,
    and about Exif that is broken, of which nothing is kept.
    """
    from PIL import Image, ImageFile

    before = Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES
    Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES = None, False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES = before


def _gray(data: bytes, width_mm: float) -> Image.Image:
    from PIL import Image, ImageOps

    opened = Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP"))  # reads its header alone
    _check_size(opened)
    turn = opened.getexif().get(ORIENTATION, 1)
    turned = turn in (5, 6, 7, 8)  # by a quarter
    width, height = _size(opened.size[::-1] if turned else opened.size, width_mm, KEPT_DPI)
    size = (height, width) if turned else (width, height)
    opened.draft("L", size)  # a JPEG: at the half, quarter or eighth that is still large enough, its grays alone
    try:
        gray = _flat(opened, size)
    except OSError:
        if opened.format not in ("JPEG", "MPO"):
            raise
        gray = _flat(jpeg_ends.without_end(data, size), size)
    gray.info.clear()
    gray.getexif()[ORIENTATION] = turn
    return ImageOps.autocontrast(ImageOps.exif_transpose(gray), cutoff=CUTOFF)


def _check_size(opened: Image.Image) -> None:
    most = PIXELS_MAX[opened.format or ""]
    if opened.info.get("progressive"):
        most = min(most, PROGRESSIVE_PIXELS_MAX)
    short, long = sorted(opened.size)
    if short * long > most:
        raise PictureError(Unfit.MANY_DOTS, millions=str(short * long // 1_000_000), most=most // 1_000_000)
    if short < SIDE_PX_MIN:
        raise PictureError(Unfit.SMALL, width=str(opened.width), height=str(opened.height))
    if long > RATIO_MAX * short:
        raise PictureError(Unfit.NARROW)


def _flat(opened: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Gray, at this size; on white where one could see through it, or on black where on white nothing is seen."""
    from PIL import Image, ImageChops

    lanczos = Image.Resampling.LANCZOS
    if opened.mode.startswith("I"):  # 16 bits
        return opened.point(lambda level: level * (1 / 257)).convert("L").resize(size, lanczos, reducing_gap=2.0)
    if opened.mode == "CMYK" and opened.getchannel("K").getextrema() == (
        FULL,
        FULL,
    ):  # black all over: its plates are the wrong way
        opened = ImageChops.invert(opened)
    if opened.mode in ("1", "P", "CMYK", "YCbCr", "LAB", "HSV"):
        opened = opened.convert("RGBA" if "transparency" in opened.info else "RGB")
    elif "transparency" in opened.info and opened.mode in ("L", "RGB"):
        opened = opened.convert("LA" if opened.mode == "L" else "RGBA")
    small = opened.resize(size, lanczos, reducing_gap=2.0)
    if small.mode in ("LA", "RGBA"):
        on_white, on_black = (_on(ground, small) for ground in ("white", "black"))
        small = on_white if any(on_white.histogram()[:NEARLY_WHITE]) else on_black
    return small.convert("RGB").convert("L") if small.mode != "L" else small


def _on(ground: str, picture: Image.Image) -> Image.Image:
    """Its grays, before a ground."""
    from PIL import Image

    seen = picture.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", seen.size, ground), seen).convert("RGB").convert("L")


def _size(size: tuple[int, int], width_mm: float, dpi: int) -> tuple[int, int]:
    """How many dots a picture of these proportions has on paper, no wider than this and no higher than any may be."""
    width_mm = min(width_mm, HEIGHT_MAX_MM * size[0] / size[1])
    width = max(1, round(width_mm / MM_PER_INCH * dpi))
    return width, max(1, round(width * size[1] / size[0]))
