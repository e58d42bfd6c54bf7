"""Cards: one article each as a picture for a messaging group, where a whole page comes out too small to read.

A card is a small sheet, 216 by 270 millimetres in the units of the style sheets, at five pixels to the millimetre.
Imports WeasyPrint, like printing.
"""

from __future__ import annotations

import dataclasses
import functools
import io
import math
from collections.abc import Mapping, Sequence

import pypdfium2
import weasyprint

from . import languages, markdown, printing, typesetting
from .copyfitting import Copyfit, Line, step_below
from .galley import overhangs, words_on
from .kinds import BULLETINS, KINDS, PLAIN_SIZE_PT
from .manuscript import Manuscript, Piece
from .mistake import NoSheet, TooLong
from .paper import MM_PER_PT, Paper

PX_PER_MM = 5
CARD = Paper("card", "Card", 216.0, 270.0)
SIZE_PX = round(CARD.width_mm * PX_PER_MM), round(CARD.height_mm * PX_PER_MM)

# Points of the text, 1.76 pixels each: from 28 pixels to 159.
SIZES_PT = (*range(16, 40), *range(40, 91, 2))
TITLE_MM_MIN, TITLE_MM_MAX, TITLE_MM_PER_PT = 22.0, 75.0, 2.6  # the height of a title grows with the text …
FILLINGS = (1.0, 1.25, 1.5, 1.8, 2.2)  # … and again where there is room left
TITLE_LINES = 4
HEADLINES_MM = tuple(range(30, 191, 5))  # the heights to try for that of card 0
HEADLINE_LINES = 6
STRAPLINES_MM, STRAPLINE_LINES = (26.0, 34.0, 42.0, 50.0, 60.0, 70.0), 4
NAME_MM, FOOT_MM, ADDRESS_SHARE = 9.0, 8.5, 0.62
LONG_WORDS = 150  # a piece that is longer is tried at the smallest size first
GRAYS, PHOTOGRAPH_GRAYS = 16, 64  # of ink and its edges; of a picture

Kept = Mapping[str, bytes]  # pictures by name, as `pictures.prepare` made them


@dataclasses.dataclass(frozen=True)
class Setting:
    """What fitting decides about a card."""

    size_pt: float = PLAIN_SIZE_PT
    title_mm: float = 0.0  # the height its title may take
    strapline_mm: float = STRAPLINES_MM[0]
    whole_words: bool = False  # are the words of its tables not to be divided?


def press(manuscript: Manuscript, number: int, kept: Kept | None = None) -> bytes:
    """A card as a PNG: the headline for number 0, else the piece of that number; raises TooLong."""
    piece = manuscript.pieces[number - 1] if number else None
    document = lay_out(manuscript, piece, kept or {})
    return picture(document.write_pdf(), PHOTOGRAPH_GRAYS if piece and piece.picture else GRAYS)


def lay_out(manuscript: Manuscript, piece: Piece | None, kept: Kept) -> weasyprint.Document:
    """The type of a card, one page, as large as fits; without a piece that of the headline. Raises TooLong."""
    image = {"picture:0": kept[piece.picture]} if piece and piece.picture else {}

    @functools.cache
    def lay(setting: Setting) -> weasyprint.Document:
        return printing.set_type(typeset(manuscript, piece, setting), _styles(), image)

    def largest(settings: Sequence[Setting]) -> Setting | None:
        """The last of these, from small to large, at which it fits."""
        fits, fails = -1, len(settings)
        while fails - fits > 1:
            middle = (fits + fails) // 2
            if _fits(lay(settings[middle])):
                fits = middle
            else:
                fails = middle
        return settings[fits] if fits >= 0 else None

    if piece is None:
        best = largest([Setting(title_mm=height) for height in HEADLINES_MM])
        if best is None:
            raise TooLong(NoSheet.CARD_HEADLINE)
        return lay(largest([dataclasses.replace(best, strapline_mm=height) for height in STRAPLINES_MM]) or best)
    smallest = _setting(SIZES_PT[0])
    if piece.words > LONG_WORDS and not _fits(lay(smallest)):
        raise _too_long(piece, lay(smallest))
    for whole in (True, False) if "</table>" in piece.html else (False,):
        best = largest([dataclasses.replace(_setting(size), whole_words=whole) for size in SIZES_PT])
        if best:
            titles = [dataclasses.replace(best, title_mm=best.title_mm * factor) for factor in FILLINGS]
            return lay((largest(titles) if _title(manuscript, piece) else None) or best)
    raise _too_long(piece, lay(smallest))


def _fits(document: weasyprint.Document) -> bool:
    return len(document.pages) == 1 and not overhangs(document.pages[0])


def _setting(size_pt: float) -> Setting:
    """A size of text, and the height of the title that goes with it."""
    return Setting(size_pt, min(TITLE_MM_MAX, TITLE_MM_MIN + TITLE_MM_PER_PT * (size_pt - SIZES_PT[0])))


def typeset(manuscript: Manuscript, piece: Piece | None, setting: Setting) -> str:
    """A card as one HTML document; its picture is called picture:0."""
    words, kind = languages.words(manuscript.language), KINDS[manuscript.kind]
    plain = dataclasses.replace(KINDS["regular"], headline_capitals=kind.headline_capitals and not piece)
    copyfit = Copyfit(manuscript.language, plain, CARD)
    title = _title(manuscript, piece)
    address = markdown.bare_address(manuscript.reply)
    name = manuscript.masthead or manuscript.site
    number = f"{words.number}\N{NO-BREAK SPACE}{manuscript.number}" if manuscript.number else ""
    sign = " · ".join(filter(None, (number, name))) if piece else words.free

    def fitted(text: str, height_mm: float, lines: int) -> Sequence[Line]:
        return copyfit.headline(text, height_mm, lines) if text else ()

    def footed(text: str, share: float) -> Line:
        return copyfit.line(text, share * copyfit.measure_pt, step_below(FOOT_MM / MM_PER_PT))

    headline = fitted(title, setting.title_mm, TITLE_LINES if piece else HEADLINE_LINES)
    foot = footed(f"{words.reply}: {address}", ADDRESS_SHARE)
    return (
        typesetting.environment()
        .get_template("card.html")
        .render(
            m=manuscript,
            kind=kind,
            piece=piece if piece is None or piece.name == "quote" else dataclasses.replace(piece, title=""),
            size=round(setting.size_pt * 4),
            whole_words=setting.whole_words,
            words=words,
            words_language=languages.spoken(manuscript.language),
            day=typesetting.day_in_words(manuscript),
            masthead=copyfit.capitals(name, NAME_MM),
            headline=headline,
            leading=round(100 * copyfit.leading(headline)),
            raised=copyfit.raised(headline),
            strapline=fitted("" if piece else manuscript.strapline, setting.strapline_mm, STRAPLINE_LINES),
            address=dataclasses.replace(foot, text=address) if address else None,
            high_foot=foot.step == 0,
            sign=footed(sign, 0.94 - ADDRESS_SHARE if address else 1.0),
            pictures={piece.picture: "picture:0"} if piece and piece.picture else {},
        )
    )


def _title(manuscript: Manuscript, piece: Piece | None) -> str:
    """What stands above a card's text: the text that begins a bulletin is that of its headline."""
    if piece is None or (piece.name == "text" and piece is manuscript.pieces[0]):
        return manuscript.headline
    return "" if piece.name == "quote" else piece.title


@functools.cache
def _styles() -> list[weasyprint.CSS]:
    card = (BULLETINS / "card.css").read_text(encoding="utf-8")
    return [*map(printing.css, (*(typesetting.asset(name).decode() for name in ("sheet.css", "steps.css")), card))]


def _too_long(piece: Piece, document: weasyprint.Document) -> TooLong:
    """By the words that did not get onto the first page."""
    room = piece.words - sum(map(words_on, document.pages[1:]))
    step = 10 if room > 100 else 5
    about = max(step, math.floor(0.97 * room / step) * step)
    if piece.title:
        return TooLong(NoSheet.CARD_TITLED, title=piece.title, words=about)
    return TooLong(NoSheet.CARD_TEXT, words=about)


def picture(pdf: bytes, grays: int) -> bytes:
    """The page of a PDF as a PNG of so many grays, which says nothing but what it shows."""
    document = pypdfium2.PdfDocument(pdf)
    page = document[0]
    # A hair less than whole: pypdfium2 rounds the sides up.
    bitmap = page.render(scale=(SIZE_PX[0] - 0.01) / page.get_width(), grayscale=True)
    drawn = bitmap.to_pil().convert("L")
    if drawn.size != SIZE_PX:
        raise ValueError(f"a card of {drawn.size}")
    out = io.BytesIO()
    step = 255 / (grays - 1)
    drawn = drawn.point([round(level / step) for level in range(256)])
    drawn.putpalette([round(number * step) for number in range(grays) for _ in "RGB"])
    drawn.save(out, "PNG", compress_level=8)  # the ninth takes three times as long for a hundredth less
    page.close()
    document.close()
    return out.getvalue()
