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
KINDS_FOLDER = ROOT / "bulletin" / "static" / "kinds"
README_PICTURE = ROOT / "docs" / "sheet.png"
WIDTH_PX = 360
GRAYS = 8  # enough for type this small


def sides(kind: str, width_px: int) -> list[Image.Image]:
    """The sides of a kind's sample, as wide as this."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "sheet.pdf")
        path.write_bytes(fitting.press(read(KINDS[kind].sample), "a4").pdf)
        # Twice the size, then halved: evener grays than small type drawn small.
        size = ["-scale-to-x", str(2 * width_px), "-scale-to-y", "-1"]
        subprocess.run(["pdftoppm", "-gray", *size, path, path.with_suffix("")], check=True)
        pages = [Image.open(io.BytesIO(page.read_bytes())) for page in sorted(path.parent.glob("*.pgm"))]
        return [page.resize((width_px, page.height // 2), Image.Resampling.LANCZOS) for page in pages]


def save(picture: Image.Image, path: pathlib.Path) -> None:
    """A PNG of few grays, without a word about its making."""
    path.parent.mkdir(parents=True, exist_ok=True)
    few = picture.point([round(gray * (GRAYS - 1) / 255) for gray in range(256)])
    few = Image.frombytes("P", few.size, few.tobytes())
    few.putpalette([round(step * 255 / (GRAYS - 1)) for step in range(GRAYS) for _ in "rgb"])
    few.save(path, optimize=True)


def spread(pages: list[Image.Image]) -> Image.Image:
    """The sides beside each other on a gray ground."""
    gap = 16
    width = sum(page.width + gap for page in pages) + gap
    ground = Image.new("L", (width, pages[0].height + 2 * gap), 205)
    for number, page in enumerate(pages):
        ground.paste(page, (gap + number * (page.width + gap), gap))
    return ground


def main() -> None:
    """Make them all."""
    for kind in KINDS:
        save(sides(kind, WIDTH_PX)[0], KINDS_FOLDER / f"{kind}.png")
    save(spread(sides("regular", 620)), README_PICTURE)


if __name__ == "__main__":
    main()
