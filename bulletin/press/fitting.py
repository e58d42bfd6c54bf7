"""The size at which a manuscript fits its sheet, and what to say when there is none."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Mapping, Sequence

from . import makeup, printing
from .copyfitting import MASTHEAD_MM
from .galley import PX_PER_MM, Galley, Run, by_line, count_words
from .kinds import KINDS
from .manuscript import Manuscript, Piece
from .mistake import Named, NoSheet, Phrase, TooLong
from .paper import PAPERS, Paper
from .typesetting import Setting, headline_share, lifted, torn_off

HOPELESS = 1.5  # times the words of a kind: only the smallest size is tried
NEARLY_FULL = 0.985  # what cuts into columns leave of a side's room
NO_ROOM_MM = 26.0  # six lines at the smallest size
HOLE_MM = 8.0  # what may stay empty above a foot before something is done about it
SLIP_MM, SLIP_LINE_MM, SLIP_LINES_MIN, SLIP_LINES_MAX = 22.0, 9.0, 3, 9

Pictures = Mapping[str, bytes] | None  # by name


@dataclasses.dataclass(frozen=True)
class Printed:
    """A sheet: its bytes, how it was set, how full each of its sides is (1.0: to the last line)."""

    pdf: bytes
    setting: Setting
    fullness: tuple[float, ...]


def press(manuscript: Manuscript, paper: str, *, fit: bool = True, pictures: Pictures = None) -> Printed:
    """Print a manuscript, at the size that fits it or at a plain one; raises TooLong.

    `pictures`: by name, as `pictures.prepare` made them; raises ManuscriptError where one is missing.
    """
    found = (proof if fit else _plain)(manuscript, PAPERS[paper], pictures)
    plan = found.galley.plan()
    fullness = tuple(found.galley.fullness(plan))
    pdf = printing.write(found.document, found.galley.make_up(plan))
    return Printed(pdf, found.setting, fullness)


def proof(manuscript: Manuscript, paper: Paper, pictures: Pictures = None) -> FittedSheet:
    """The manuscript at the largest size that fits, on as few sides as will do; raises TooLong."""
    for sides in _sides(manuscript):
        found = _largest(manuscript, paper, pictures, sides)
        if found.fits:
            return _filled(manuscript, paper, pictures, found)
    raise _too_long(manuscript, found.galley)


class FittedSheet:
    """A manuscript laid out at one setting."""

    def __init__(self, manuscript: Manuscript, paper: Paper, setting: Setting, pictures: Pictures = None) -> None:
        self.setting = setting
        self.document, self.galley = printing.lay_out(manuscript, paper, setting, pictures)

    @property
    def fits(self) -> bool:
        """Does all of it fit?"""
        return all(map(self.galley.fits, self.galley.runs))


def _plain(manuscript: Manuscript, paper: Paper, pictures: Pictures) -> FittedSheet:
    for sides in _sides(manuscript):
        found = FittedSheet(manuscript, paper, Setting(KINDS[manuscript.kind].plain_size_pt, sides), pictures)
        if found.fits:
            return found
    raise _too_long(manuscript, found.galley)


def _sides(manuscript: Manuscript) -> list[int]:
    """The numbers of sides to try, in order."""
    kind = KINDS[manuscript.kind]
    if manuscript.back is not None:
        return [2]
    if kind.sides_max == 1:
        return [1]
    words = sum(piece.words for piece in manuscript.front)
    return [2] if words > 0.7 * kind.words else [1, 2]  # more than a side can hold: do not try


def _largest(manuscript: Manuscript, paper: Paper, pictures: Pictures, sides: int) -> FittedSheet:
    """The proof at the largest size that fits, on the kind's grid; at the smallest where none does.

    Each proof says where to look next: area goes with the square of the size, or as two proofs show.
    """
    seen: list[tuple[float, float]] = []  # sizes, and the room they need
    kind = KINDS[manuscript.kind]
    hopeless = sum(piece.words for piece in manuscript.pieces) > HOPELESS * kind.words
    proof = FittedSheet(
        manuscript, paper, Setting(kind.size_min_pt if hopeless else kind.plain_size_pt, sides), pictures
    )
    # The largest proof that fits; the smallest size that does not.
    fitting, failing = None, kind.size_max_pt + kind.grid_pt
    while True:
        size = proof.setting.size_pt
        seen.append((size, max(proof.galley.need(), 0.01)))
        if proof.fits:
            fitting = proof
        else:
            failing = size
        smallest = fitting.setting.size_pt + kind.grid_pt if fitting else kind.size_min_pt
        if smallest >= failing or size == kind.size_min_pt == failing:
            return fitting or proof
        guess = math.floor(_size_for(NEARLY_FULL, seen) / kind.grid_pt) * kind.grid_pt
        setting = Setting(min(max(guess, smallest), failing - kind.grid_pt), sides)
        proof = FittedSheet(manuscript, paper, setting, pictures)


def _size_for(need: float, seen: Sequence[tuple[float, float]]) -> float:
    """The size that would need this share of the room, going by the last proofs."""
    size, needed = seen[-1]
    power = 2.0
    if len(seen) > 1 and size != seen[-2][0]:
        power = math.log(needed / seen[-2][1]) / math.log(size / seen[-2][0])
    return size * math.pow(need / needed, 1 / min(3.0, max(0.8, power)))


def _filled(manuscript: Manuscript, paper: Paper, pictures: Pictures, proof: FittedSheet) -> FittedSheet:
    """Where a side keeps a hole at the largest size: with a larger headline, and lines to write on."""
    for setting in _fillings(manuscript, paper, proof):
        filled = FittedSheet(manuscript, paper, setting, pictures)
        if filled.fits:
            return filled
    return proof


def _fillings(manuscript: Manuscript, paper: Paper, proof: FittedSheet) -> Iterator[Setting]:
    """The settings to try, those that fill most first: what a cut into columns leaves is only known afterwards."""
    plan, kind = proof.galley.plan(), KINDS[manuscript.kind]
    left, spare = proof.galley.left_mm(plan), proof.galley.spare_mm(plan)
    backs = [proof.setting]
    if len(left) > 1 and torn_off(manuscript):
        lines = min(math.floor(spare[-1] / SLIP_LINE_MM), SLIP_LINES_MAX)
        backs = [dataclasses.replace(proof.setting, slip_lines=count) for count in range(lines, -1, -1)]
    elif len(left) > 1 and left[1] > HOLE_MM:
        lines = min(math.floor((left[1] - SLIP_MM) / SLIP_LINE_MM), SLIP_LINES_MAX)
        fuller = {"slip_lines": lines} if lines >= SLIP_LINES_MIN else {"backhead_mm": MASTHEAD_MM + left[1]}
        backs = [dataclasses.replace(proof.setting, **fuller)]
    # A few lines of text below what goes across show a hole sooner than whole columns do.
    for front in (spare[0], spare[0] / 2) if kind.across else left[:1]:
        if front > (HOLE_MM / 2 if kind.across else HOLE_MM):
            share = min(kind.headline_share_max, headline_share(manuscript) + front / paper.height_mm)
            yield from (dataclasses.replace(setting, headline_mm=share * paper.height_mm) for setting in backs)
    yield from (setting for setting in backs if setting != proof.setting)


def _too_long(manuscript: Manuscript, galley: Galley) -> TooLong:
    """Which side is too long, by how much, and what to do about it; its line is that of the piece it names."""
    for number, run in enumerate(galley.runs, start=1):
        if galley.fits(run):
            continue
        side = Phrase(Named.WHOLE_TEXT if len(run.sides) > 1 else Named.ONLY_SIDE)
        if len(galley.runs) > 1:
            side = Phrase(Named.SIDE, number=number)
        if min(part.room for part in run.sides) < NO_ROOM_MM * PX_PER_MM:
            fixed = [*(lifted(KINDS[manuscript.kind], manuscript.front) if number == 1 else ())]
            fixed += [slip] if (slip := torn_off(manuscript)) and number == len(galley.runs) else []
            them = _any_of(Phrase(Named.HEADLINE_AND_FOOT), *(_named(manuscript, piece.line) for piece in fixed))
            return TooLong(NoSheet.NO_ROOM, side=side, them=them)
        rooms = galley.rooms(run)
        for strip, line in zip(run.strips, run.lines, strict=True):
            if strip.bottom - strip.top > max(rooms):  # no column holds it
                return _too_tall(manuscript, line)
        run = by_line(run)
        longest = max(set(run.lines), key=run.lines.count)
        lines, words, first_picture = _excess(manuscript, run, rooms, galley.line, longest)
        if first_picture:
            piece = _named(manuscript, first_picture)
            return TooLong(NoSheet.PICTURE_OUT, line=first_picture, side=side, piece=piece)
        piece = _named(manuscript, longest)
        return TooLong(NoSheet.LINES, line=longest, side=side, count=lines, lines=str(lines), piece=piece, words=words)
    raise AssertionError("nothing is too long")


def _any_of(first: Phrase, *others: Phrase) -> Phrase:
    """`those`, `those or this`, `those, this or that`."""
    *before, last = first, *others
    if not before:
        return last
    listed, *rest = before
    for each in rest:
        listed = Phrase(Named.AND_SO_ON, these=listed, more=each)
    return Phrase(Named.OR, these=listed, last=last)


def _too_tall(manuscript: Manuscript, line: int) -> TooLong:
    """What stands on a line, or a part of it, fits in no column."""
    piece = _piece(manuscript, line)
    if piece.picture:
        return TooLong(NoSheet.PICTURE_TALL, line=line, picture=piece.picture)
    if piece.title:
        return TooLong(NoSheet.TITLED_TALL, line=line, title=piece.title)
    if piece is manuscript.pieces[0]:
        return TooLong(NoSheet.BEGINNING_TALL, line=line)
    return TooLong(NoSheet.ON_LINE_TALL, line=line, number=str(line))


def _excess(manuscript: Manuscript, run: Run, rooms: list[float], line: float, longest: int) -> tuple[int, int, int]:
    """How many lines, and about how many words, must go before a run fits: tried out on its strips.

    And the line of the first picture that must go too, or 0.
    """
    tall = [strip.bottom - strip.top > 1.5 * line for strip in run.strips]
    order = sorted(range(len(tall)), key=lambda i: (tall[i], run.lines[i] != longest, -i))
    lines = makeup.excess(run.strips, rooms, line, order)
    words = sum(count_words(run.leaves[i]) for i in order[:lines])
    step = 5 if words < 100 else 10 if words < 1000 else 100
    gone = [line for i in order[:lines] if _piece(manuscript, line := run.lines[i]).picture]
    return lines, max(5, math.ceil(words / step) * step), min(gone, default=0)


def _named(manuscript: Manuscript, line: int) -> Phrase:
    """How to speak of the piece that begins on a line."""
    piece = _piece(manuscript, line)
    if piece.picture:
        return Phrase(Named.PICTURE, picture=piece.picture)
    if piece.title:
        return Phrase(Named.TITLED, title=piece.title)
    if piece is manuscript.pieces[0]:
        return Phrase(Named.BEGINNING)
    return Phrase(Named.ON_LINE, number=str(line))


def _piece(manuscript: Manuscript, line: int) -> Piece:
    return next(piece for piece in manuscript.pieces if piece.line == line)
