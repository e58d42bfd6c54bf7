"""Every sample, and texts of real length, as sheets: level, full, small, and with room for a cheap printer's edge.

To set one takes a second, so each is set once, and all that is true of sheets is looked at before the next.
"""

from __future__ import annotations

import dataclasses
import io
import logging
import re
import subprocess

import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageOps, ImageStat

from bulletin.press import fitting, printing
from bulletin.press.fitting import FittedSheet
from bulletin.press.kinds import KINDS, Kind
from bulletin.press.makeup import Column
from bulletin.press.manuscript import Manuscript, read
from bulletin.press.paper import PAPERS, Paper
from tests import pictures

from .conftest import NAMES, case

pytestmark = pytest.mark.usefixtures("can_print")

POINTS_PER_MM = 72 / 25.4
INK_DPI = 50

SAMPLES = {(kind.name, tag): text for kind in KINDS.values() for tag, text in kind.samples.items()}
# Each text on one paper, and each kind, each language and two of the long texts on both; the rest in `make attack`.
BOTH = ("regular-northfield", "no-deal-harbour")
PLAIN = ("regular-northfield", "udhr-en", "udhr-es", "udhr-fr", "udhr-pl")
HERE = {(name, "a4") for name in NAMES} | {(name, "letter") for name in BOTH}
HERE |= {(sample, "a4" if sample[1] == "en" else "letter") for sample in SAMPLES}
SHEETS = [
    pytest.param(
        (text, paper),
        id=f"{text if isinstance(text, str) else '-'.join(text)}-{paper}",
        marks=[] if (text, paper) in HERE else pytest.mark.attack,
    )
    for text in [*NAMES, *SAMPLES]
    for paper in PAPERS
]


@dataclasses.dataclass(frozen=True)
class Sheet:
    """A text as it comes off the press, and how it was set."""

    text: str | tuple[str, str]  # the name of a case; or the kind and the language of a sample
    manuscript: Manuscript
    paper: Paper
    proof: FittedSheet
    plan: list[list[Column]]
    pages: list[printing.weasyprint.document.Page]
    pdf: bytes
    said: list[str]  # what WeasyPrint had to say

    @property
    def kind(self) -> Kind:
        return KINDS[self.manuscript.kind]

    @property
    def is_plain_text(self) -> bool:
        """Is it nearly all lines, which can be cut anywhere?"""
        return self.text in PLAIN and self.paper.name == "a4"


@pytest.fixture(scope="module", params=SHEETS)
def sheet(request: pytest.FixtureRequest, can_print: None) -> Sheet:
    """One after the other: whatever asks for one is asked before the next is set."""
    return set_as_sheet(*request.param)


def set_as_sheet(text: str | tuple[str, str], paper: str) -> Sheet:
    manuscript = case(text) if isinstance(text, str) else read(SAMPLES[text])
    said: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: said.append(record.getMessage())  # type: ignore[method-assign]
    logging.getLogger().addHandler(handler)
    try:
        proof = fitting.proof(manuscript, PAPERS[paper])
        plan = proof.galley.plan()
        pages = proof.galley.make_up(plan)
        pdf = printing.write(proof.document, pages)
    finally:
        logging.getLogger().removeHandler(handler)
    printed[text, paper] = pdf
    return Sheet(text, manuscript, PAPERS[paper], proof, plan, pages, pdf, said)


printed: dict[tuple[str | tuple[str, str], str], bytes] = {}  # what was in this run


def test_it_fits_its_sheet_and_is_well_set(sheet):
    galley, kind = sheet.proof.galley, sheet.kind
    assert sheet.proof.fits
    assert kind.size_min_pt <= sheet.proof.setting.size_pt <= kind.size_max_pt
    assert len(sheet.plan) <= kind.sides_max
    assert max(galley.left_mm(sheet.plan)) < 25, "a hole above a foot"
    runs = [run for run in galley.runs for _ in run.sides]
    for run, columns in zip(runs, sheet.plan, strict=True):
        for column in columns:
            assert column.end == len(run.strips) or not run.strips[column.end - 1].keep, "a heading at a column's foot"
            last = run.strips[column.end - 1]
            below = column.tops[-1] + last.bottom - last.top
            assert column.height - below < 4 * galley.line, "columns that are not level"
            if sheet.is_plain_text and last.bottom - last.top < 3 * galley.line:  # else a box, drawn down to the foot
                assert column.height - below < galley.line / 2, "columns that are not level to half a line"


def test_backgrounds_go_where_their_boxes_are_moved(sheet):
    for page in sheet.pages:
        for box in page._page_box.descendants():
            if (
                box.background
                and box.background.color.alpha
                and box.background.layers
                and "html" not in box.element_tag
            ):
                left, top, width, height = box.background.layers[-1].painting_area
                assert (left, top) == pytest.approx((box.border_box_x(), box.border_box_y()), abs=0.1)
                assert (width, height) == pytest.approx((box.border_width(), box.border_height()), abs=0.1)


def test_weasyprint_has_nothing_to_say(sheet):
    assert sheet.said == []


def test_it_is_small(sheet):
    assert len(sheet.pdf) <= 60_000


def test_its_pages_have_the_size_of_the_paper(sheet):
    with pikepdf.open(io.BytesIO(sheet.pdf)) as document:
        assert len(document.pages) == len(sheet.plan)
        for page in document.pages:
            width, height = (float(length) / POINTS_PER_MM for length in page.mediabox[2:])
            assert (width, height) == pytest.approx((sheet.paper.width_mm, sheet.paper.height_mm), abs=0.1)


def test_no_ink_comes_closer_to_the_edge_than_a_cheap_printer_prints(sheet, tmp_path, need):
    (tmp_path / "sheet.pdf").write_bytes(sheet.pdf)
    subprocess.run([need("pdftoppm"), "-r", str(INK_DPI), "-gray", tmp_path / "sheet.pdf", tmp_path / "p"], check=True)
    drawn = sorted(tmp_path.glob("p*.pgm"))
    assert len(drawn) == len(sheet.plan)
    for path in drawn:
        page = Image.open(path)
        left, top, right, bottom = ImageOps.invert(page).getbbox()
        edges_mm = [length / INK_DPI * 25.4 for length in (left, top, page.width - right, page.height - bottom)]
        assert min(edges_mm) >= 7.5, path
        assert right - left > 0.8 * page.width


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize(
    "masthead", ["The Northfield Depot and Sorting Centre Night Shift Driver X", "L’Étoile", "ŻÓŁĆ"]
)
def test_no_masthead_stands_up_into_the_margin(masthead, paper):
    text = re.sub("^masthead:.*", f"masthead: {masthead}", SAMPLES["regular", "en"], flags=re.M)
    for page in pypdfium2.PdfDocument(fitting.press(read(text), paper).pdf):
        drawn = page.render(scale=INK_DPI / 72, grayscale=True).to_pil()
        assert ImageOps.invert(drawn).getbbox()[1] / INK_DPI * 25.4 >= 7.5


def difference(shown: Image.Image, printed: Image.Image) -> float:
    """The mean difference of gray, 0 to 255."""
    return ImageStat.Stat(ImageChops.difference(shown.convert("L"), printed.convert("L"))).mean[0]


@pytest.mark.parametrize("kind", KINDS)
def test_the_picture_of_a_kind_is_one_of_its_sample(kind, need):
    need("pdftoppm")
    every = Image.open(pictures.KINDS_PICTURE)
    assert every.width == len(KINDS) * pictures.WIDTH_PX
    left = list(KINDS).index(kind) * pictures.WIDTH_PX
    shown = every.crop((left, 0, left + pictures.WIDTH_PX, every.height))
    sample = ((kind, "en"), "a4")
    drawn = pictures.drawn(printed.get(sample) or set_as_sheet(*sample).pdf, pictures.WIDTH_PX)[0]
    assert shown.size == drawn.size
    assert difference(shown, drawn) < 25, "run `make pictures`"
    assert difference(shown, drawn.transpose(Image.Transpose.FLIP_LEFT_RIGHT)) > 30, "this test would see it"
