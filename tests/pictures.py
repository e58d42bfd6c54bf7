"""The pictures of the samples, made from the samples: `make pictures`. A test says when they are out of date."""

from __future__ import annotations

import io
import pathlib
import subprocess
import tempfile

from PIL import Image

from bulletin.press import fitting
from bulletin.press.kinds import KINDS
from bulletin.press.manuscript import read

ROOT = pathlib.Path(__file__).parents[1]
KINDS_PICTURE = ROOT / "bulletin" / "static" / "kinds.webp"  # all of them in one, side by side: one request
README_PICTURE = ROOT / "docs" / "sheet.png"
ALL_PICTURE = ROOT / "docs" / "samples.png"
WIDTH_PX, GRAYS = 88, 3  # small and few: a first page has 15 kB, and eight kinds


def sides(kind: str, width_px: int) -> list[Image.Image]:
    """The sides of a kind's sample, as wide as this."""
    return drawn(fitting.press(read(KINDS[kind].sample), "a4").pdf, width_px)


def drawn(pdf: bytes, width_px: int) -> list[Image.Image]:
    """The pages of a PDF, as wide as this."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "sheet.pdf")
        path.write_bytes(pdf)
        # Twice the size, then halved: evener grays than small type drawn small.
        size = ["-scale-to-x", str(2 * width_px), "-scale-to-y", "-1"]
        subprocess.run(["pdftoppm", "-gray", *size, path, path.with_suffix("")], check=True)
        pages = [Image.open(io.BytesIO(page.read_bytes())) for page in sorted(path.parent.glob("*.pgm"))]
        return [page.resize((width_px, page.height // 2), Image.Resampling.LANCZOS) for page in pages]


def save(picture: Image.Image, path: pathlib.Path, grays: int) -> None:
    """A picture of few grays, without a word about its making."""
    few = picture.point([round(gray * (grays - 1) / 255) for gray in range(256)])
    few = Image.frombytes("P", few.size, few.tobytes())
    few.putpalette([round(step * 255 / (grays - 1)) for step in range(grays) for _ in "rgb"])
    if path.suffix == ".webp":
        few.convert("RGB").save(path, lossless=True, quality=100, method=6)  # a quarter less than a PNG
    else:
        few.save(path, optimize=True)


def beside(pages: list[Image.Image], gap: int) -> Image.Image:
    """The pages beside each other on a gray ground."""
    width = sum(page.width + gap for page in pages) + gap
    ground = Image.new("L", (width, pages[0].height + 2 * gap), 205)
    for number, page in enumerate(pages):
        ground.paste(page, (gap + number * (page.width + gap), gap))
    return ground


def kinds() -> Image.Image:
    """The fronts of all samples."""
    return beside([sides(kind, WIDTH_PX)[0] for kind in KINDS], gap=0)


def contact_sheet() -> Image.Image:
    """All samples with all their sides, six to a row."""
    pages = [page for kind in KINDS for page in sides(kind, 300)]
    rows = [beside(pages[at : at + 6], gap=12) for at in range(0, len(pages), 6)]
    ground = Image.new("L", (max(row.width for row in rows), sum(row.height for row in rows)), 205)
    for number, row in enumerate(rows):
        ground.paste(row, (0, number * row.height))
    return ground


def main() -> None:
    """Make them all."""
    save(kinds(), KINDS_PICTURE, GRAYS)
    save(beside(sides("regular", 620), gap=16), README_PICTURE, 8)
    save(contact_sheet(), ALL_PICTURE, 6)


if __name__ == "__main__":
    main()
