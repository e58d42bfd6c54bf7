"""Manuscript -> one HTML string. Pure: no files but the templates, no clock, no network.

Lengths in the style sheets are rem: one rem is a millimetre of paper, and on a screen the share of
the frame's width that a millimetre is of the paper's. em is the text size. Sizes are classes:
`fit-38` to `fit-384` for the text (in quarters of a point), `step-0` to `step-80` for display type;
`leading-80` to `leading-140` for headlines, in hundredths of an em from line to line.
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import itertools
import re
from collections.abc import Callable, Mapping, Sequence

import segno
from babel import Locale
from babel.dates import format_date
from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from . import faces, languages, markdown
from .addresses import as_uri
from .copyfitting import MASTHEAD_MM, STEP_MAX, Copyfit, step_below, step_pt
from .kinds import BULLETINS, KINDS, PLAIN_SIZE_PT, Kind
from .manuscript import Manuscript, Piece
from .paper import MM_PER_PT, PAPERS, Paper
from .pieces import check_pictures

PICTURED_SHARE = 0.21


@dataclasses.dataclass(frozen=True)
class Setting:
    """What fitting decides about a sheet. None: as a first look has it."""

    size_pt: float = PLAIN_SIZE_PT
    sides: int | None = None
    headline_mm: float | None = None  # the height its headline may take
    backhead_mm: float = 0.0  # … and what stands at the head of the back
    slip_lines: int = 0  # ruled lines to write on, above the reply block


def typeset(
    manuscript: Manuscript,
    *,
    paper: str = "a4",
    setting: Setting | None = None,
    pictures: Mapping[str, str] | None = None,
) -> str:
    """The whole sheet as one HTML document; its CSS and faces are links below /press/.

    `pictures` says at which address the reader of the HTML finds each; raises ManuscriptError where one has none.
    """
    pictures = pictures or {}
    check_pictures(manuscript.pieces, pictures)
    stock, kind = PAPERS[paper], KINDS[manuscript.kind]
    setting = setting or Setting(kind.plain_size_pt)
    words = languages.words(manuscript.language)
    copyfit = Copyfit(manuscript.language, kind, stock)
    front, back = _sides(manuscript, kind, setting)
    opening, front = _opening(kind, front)
    across = lifted(kind, front)
    slip = torn_off(manuscript)
    headline = copyfit.headline(
        manuscript.headline,
        setting.headline_mm or headline_share(manuscript) * stock.height_mm,
        kind.headline_lines + (setting.headline_mm is not None),
    )
    front = [piece for piece in front if piece not in across and piece is not slip]
    back = back and [piece for piece in back if piece is not slip]
    echoes = any(piece.name == "echo" for piece in back or ())
    name = manuscript.masthead or manuscript.site
    masthead = copyfit.capitals(name, MASTHEAD_MM)
    backhead = copyfit.capitals(words.from_the_floor if echoes else name, max(MASTHEAD_MM, setting.backhead_mm))
    return (
        environment()
        .get_template(f"{kind.name}/page.html")
        .render(
            m=manuscript,
            kind=kind,
            paper=stock,
            size=round(setting.size_pt * 4),
            links=_links(kind),
            title=" ".join(filter(None, (manuscript.masthead or manuscript.site or kind.title, manuscript.number))),
            words=words,
            words_language=languages.spoken(manuscript.language),
            day=day_in_words(manuscript),
            masthead=masthead,
            backhead=backhead,
            masthead_raised=copyfit.raised_masthead(masthead),
            backhead_raised=copyfit.raised_masthead(backhead),
            masthead_step=step_below(MASTHEAD_MM / MM_PER_PT),
            headline=headline,
            leading=round(100 * copyfit.leading(headline)),
            raised=copyfit.raised(headline),
            opening=opening,
            across=across,
            front=front,
            back=back,
            overleaf=_overleaf(manuscript.back or (), stock),
            echoes=echoes,
            address=markdown.bare_address(manuscript.reply),
            qr=_qr(manuscript.reply, f"{words.code}: {markdown.bare_address(manuscript.reply)}"),
            slip=slip,
            pictures=pictures,
            slip_lines=setting.slip_lines + (kind.slip_lines if slip else 0),
        )
    )


def plain_text(manuscript: Manuscript) -> str:
    """The bulletin as plain text, to paste into a message."""
    words = languages.words(manuscript.language)
    return (
        environment(autoescape=False)
        .get_template("plain.txt")
        .render(
            m=manuscript,
            words=words,
            reply=languages.capitals(words.reply, languages.spoken(manuscript.language)),
            capitals=functools.partial(languages.capitals, language=manuscript.language),
            day=day_in_words(manuscript),
            address=markdown.bare_address(manuscript.reply),
        )
    )


@functools.cache
def _links(kind: Kind) -> list[tuple[str, str]]:
    """The style sheets of a kind, with the media they are for."""
    names = [("sheet.css", "all"), ("steps.css", "all"), (f"{kind.name}.css", "all"), ("faces.css", "screen")]
    return [(f"/press/{name}?v={asset_version(name)}", media) for name, media in names]


@functools.cache
def environment(*, autoescape: bool = True) -> ImmutableSandboxedEnvironment:
    """The press's own templates, in their sandbox."""
    return ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(BULLETINS),
        autoescape=autoescape,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


@functools.lru_cache(maxsize=64)
def _locale(language: str) -> Locale:
    # Plain "en" is the world's English, day before month; who wants the other writes en-US.
    return Locale.parse("en-001" if language == "en" else language, sep="-")


def day_in_words(manuscript: Manuscript) -> str:
    """Its date as its language writes it; "" where it has none."""
    return format_date(manuscript.date, "long", _locale(manuscript.language)) if manuscript.date else ""


def _sides(manuscript: Manuscript, kind: Kind, setting: Setting) -> tuple[Sequence[Piece], Sequence[Piece] | None]:
    """What stands on the front and on the back; where the text flows on, a guess that the make-up corrects."""
    if manuscript.back is not None:
        return manuscript.front, manuscript.back
    words = sum(piece.words for piece in manuscript.front)
    sides = setting.sides or (1 if kind.sides_max == 1 or words < 0.4 * kind.words else 2)
    if sides == 1:
        return manuscript.front, None
    before = itertools.accumulate((piece.words for piece in manuscript.front), initial=0)
    cut = next((i for i, count in enumerate(before) if i and count >= words / 2), len(manuscript.front))
    return manuscript.front[:cut], manuscript.front[cut:]


def _opening(kind: Kind, front: Sequence[Piece]) -> tuple[Markup, Sequence[Piece]]:
    """A table in the text that begins a bulletin goes across the whole measure, with the words above it; or a lead."""
    if front and front[0].name == "text" and 0 < front[0].words <= kind.lead_words:
        return Markup(front[0].html), front[1:]  # noqa: S704  # the reader's own, escaped
    if kind.columns < 2 or not front or front[0].name != "text" or "</table>" not in front[0].html:
        return Markup(""), front
    above, _, below = front[0].html.partition("</table>")
    rest = dataclasses.replace(front[0], html=below)
    return Markup(above + "</table>"), ((rest, *front[1:]) if below.strip() else front[1:])  # noqa: S704  # the reader's own, escaped


def headline_share(manuscript: Manuscript) -> float:
    """What a headline may take of the height of the paper, unless there is room to fill: less beside a picture."""
    share = KINDS[manuscript.kind].headline_share
    return min(share, PICTURED_SHARE) if any(piece.picture for piece in manuscript.front) else share


def lifted(kind: Kind, front: Sequence[Piece]) -> list[Piece]:
    """The pieces of a front that its kind sets across the whole measure, in the kind's order."""
    firsts = (next((piece for piece in front if piece.name == name), None) for name in kind.across)
    return [piece for piece in firsts if piece]


def torn_off(manuscript: Manuscript) -> Piece | None:
    """The notice that ends a bulletin, where its kind has readers tear it off."""
    ends_in_notice = manuscript.pieces and manuscript.pieces[-1].name == "notice"
    return manuscript.pieces[-1] if ends_in_notice and KINDS[manuscript.kind].slip_lines else None


def _overleaf(back: Sequence[Piece], paper: Paper) -> list[str]:
    """As many titles of the back as go on one line at the foot of the front."""
    room_em, titles = 0.72 * paper.measure_mm / (13 * MM_PER_PT), []
    for piece in back:
        room_em -= faces.width(piece.title) + 1.2
        if not piece.title or piece.name == "quote":
            continue
        if room_em < 0:
            break
        titles.append(piece.title)
    return titles


@functools.lru_cache(maxsize=32)  # choosing its mask takes longer than all the rest of a sheet
def _qr(address: str, alternative: str) -> Markup:
    """The address as a QR code, level M or better, its quiet zone left to the style sheet."""
    if not address:
        return Markup("")
    code = segno.make_qr(as_uri(address), error="m")
    return Markup(code.svg_inline(border=0, omitsize=True, svgclass="qr", lineclass=None, title=alternative))  # noqa: S704  # escaped by segno


def asset(name: str) -> bytes:
    """The bytes of a style sheet or a face that a typeset sheet links to as /press/<name>.

    Raises KeyError for any other name.
    """
    return _assets()[name]()


def asset_version(name: str) -> str:
    """What a link to an asset carries, so that it may be kept for ever: the start of its SHA-256."""
    return hashlib.sha256(asset(name)).hexdigest()[:12]


@functools.cache
def _assets() -> dict[str, Callable[[], bytes]]:
    files = {"sheet.css": BULLETINS / "sheet.css"}
    files |= {f"{name}.css": BULLETINS / name / "page.css" for name in KINDS}
    files |= {path.name: path for path in (faces.FONTS / "screen").glob("*.woff2")}
    return {name: path.read_bytes for name, path in files.items()} | {"steps.css": _steps, "faces.css": _faces}


@functools.cache
def _faces() -> bytes:
    """The faces for screens, each link with its version."""
    css = (faces.FONTS / "screen" / "faces.css").read_text(encoding="ascii")
    return re.sub(r"[\w.-]+\.woff2", lambda found: f"{found[0]}?v={asset_version(found[0])}", css).encode()


@functools.cache
def _steps() -> bytes:
    """The classes of the two scales, and of leading in hundredths."""
    fits = (f".fit-{q} .side{{font-size:{q / 4 * MM_PER_PT:.4f}rem}}" for q in (*range(38, 97), *range(100, 388, 4)))
    steps = (f".step-{n}{{font-size:{step_pt(n) * MM_PER_PT:.4f}rem}}" for n in range(STEP_MAX + 1))
    leadings = (f".leading-{n}{{line-height:{n / 100}}}" for n in range(80, 141))
    return "\n".join((*fits, *steps, *leadings)).encode()
