"""The size at which a manuscript fits its sheet, and what to say when there is none."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence

from . import makeup, printing
from .copyfitting import MASTHEAD_MM
from .galley import Galley, Run, count_words
from .kinds import KINDS, Kind
from .manuscript import Manuscript, Piece
from .paper import PAPERS, Paper
from .typesetting import PLAIN_SIZE_PT, Setting

GRID_PT = 0.25
HOPELESS = 1.5  # times the words of a kind: only the smallest size is tried
NEARLY_FULL = 0.985  # what cuts into columns leave of a side's room
HEADLINE_SHARE_MAX = 0.38
HOLE_MM = 8.0  # what may stay empty above a foot before something is done about it
SLIP_MM, SLIP_LINE_MM, SLIP_LINES_MIN, SLIP_LINES_MAX = 22.0, 9.0, 3, 9


class TooLong(Exception):
    """No size at which it fits; `str()` says by how much, from the layout at the smallest."""


@dataclasses.dataclass(frozen=True)
class Printed:
    """A sheet: its bytes, how it was set, how full each of its sides is (1.0: to the last line)."""

    pdf: bytes
    setting: Setting
    fullness: tuple[float, ...]


def press(manuscript: Manuscript, paper: str, *, fit: bool = True) -> Printed:
    """Print a manuscript, at the size that fits it or at a plain 10 points; raises TooLong."""
    found = (proof if fit else _plain)(manuscript, PAPERS[paper])
    plan = found.galley.plan()
    fullness = tuple(found.galley.fullness(plan))
    pdf = printing.write(found.document, found.galley.make_up(plan))
    return Printed(pdf, found.setting, fullness)


def proof(manuscript: Manuscript, paper: Paper) -> Proof:
    """The manuscript at the largest size that fits, on as few sides as will do; raises TooLong."""
    for sides in _sides(manuscript):
        found = _largest(manuscript, paper, KINDS[manuscript.kind], sides)
        if found.fits:
            return _filled(manuscript, paper, found)
    raise TooLong(_sentence(manuscript, found.galley))


class Proof:
    """A manuscript laid out at one setting."""

    def __init__(self, manuscript: Manuscript, paper: Paper, setting: Setting) -> None:
        self.setting = setting
        self.document, self.galley = printing.lay_out(manuscript, paper, setting)

    @property
    def fits(self) -> bool:
        """Does all of it fit?"""
        return all(map(self.galley.fits, self.galley.runs))


def _plain(manuscript: Manuscript, paper: Paper) -> Proof:
    for sides in _sides(manuscript):
        found = Proof(manuscript, paper, Setting(sides=sides))
        if found.fits:
            return found
    raise TooLong(_sentence(manuscript, found.galley))


def _sides(manuscript: Manuscript) -> list[int]:
    """The numbers of sides to try, in order."""
    kind = KINDS[manuscript.kind]
    if manuscript.back is not None:
        return [2]
    if kind.sides_max == 1:
        return [1]
    words = sum(piece.words for piece in manuscript.front)
    return [2] if words > 0.7 * kind.words else [1, 2]  # more than a side can hold: do not try


def _largest(manuscript: Manuscript, paper: Paper, kind: Kind, sides: int) -> Proof:
    """The proof at the largest size that fits, on a grid of a quarter point; at the smallest where none does.

    Each proof says where to look next: area goes with the square of the size, or as two proofs show.
    """
    seen: list[tuple[float, float]] = []  # sizes, and the room they need
    hopeless = sum(piece.words for piece in manuscript.pieces) > HOPELESS * kind.words
    proof = Proof(manuscript, paper, Setting(kind.size_min_pt if hopeless else PLAIN_SIZE_PT, sides))
    fitting, failing = None, kind.size_max_pt + GRID_PT  # the largest proof that fits; the smallest size that does not
    while True:
        size = proof.setting.size_pt
        seen.append((size, max(proof.galley.need(), 0.01)))
        if proof.fits:
            fitting = proof
        else:
            failing = size
        smallest = fitting.setting.size_pt + GRID_PT if fitting else kind.size_min_pt
        if smallest >= failing or size == kind.size_min_pt == failing:
            return fitting or proof
        guess = math.floor(_size_for(NEARLY_FULL, seen) / GRID_PT) * GRID_PT
        proof = Proof(manuscript, paper, Setting(min(max(guess, smallest), failing - GRID_PT), sides))


def _size_for(need: float, seen: Sequence[tuple[float, float]]) -> float:
    """The size that would need this share of the room, going by the last proofs."""
    size, needed = seen[-1]
    power = 2.0
    if len(seen) > 1 and size != seen[-2][0]:
        power = math.log(needed / seen[-2][1]) / math.log(size / seen[-2][0])
    return size * math.pow(need / needed, 1 / min(3.0, max(0.8, power)))


def _filled(manuscript: Manuscript, paper: Paper, proof: Proof) -> Proof:
    """Where a side keeps a hole at the largest size: a larger headline, and lines to write on."""
    front, *back = proof.galley.left_mm(proof.galley.plan())
    setting = proof.setting
    if front > HOLE_MM:
        share = min(HEADLINE_SHARE_MAX, KINDS[manuscript.kind].headline_share + front / paper.height_mm)
        setting = dataclasses.replace(setting, headline_mm=share * paper.height_mm)
    if back and back[0] > HOLE_MM:
        lines = min(math.floor((back[0] - SLIP_MM) / SLIP_LINE_MM), SLIP_LINES_MAX)
        if lines >= SLIP_LINES_MIN:
            setting = dataclasses.replace(setting, slip_lines=lines)
        else:
            setting = dataclasses.replace(setting, backhead_mm=MASTHEAD_MM + back[0])
    if setting == proof.setting:
        return proof
    filled = Proof(manuscript, paper, setting)
    return filled if filled.fits else proof


def _sentence(manuscript: Manuscript, galley: Galley) -> str:
    """Which side is too long, by how much, and what to do about it."""
    for number, run in enumerate(galley.runs, start=1):
        if galley.fits(run):
            continue
        side = f"Side {number}" if len(galley.runs) > 1 else ("The text" if len(run.sides) > 1 else "The side")
        if min(part.room for part in run.sides) < 6 * galley.line:
            return f"{side} has no room left under its headline and above its foot: shorten those."
        rooms = galley.rooms(run)
        for strip, line in zip(run.strips, run.lines, strict=True):
            if strip.bottom - strip.top > max(rooms):  # no column holds it
                named = _named(manuscript, line)
                return f"{named[0].upper()}{named[1:]} has a part that is taller than the sheet: divide it."
        longest = max(set(run.lines), key=run.lines.count)
        lines, words = _excess(manuscript, run, rooms, galley.line, longest)
        s = "s" if lines > 1 else ""
        return (
            f"{side} is {lines} line{s} too long: shorten {_named(manuscript, longest)}, or cut about {words:,} words."
        )
    raise AssertionError("nothing is too long")


def _excess(manuscript: Manuscript, run: Run, rooms: list[float], line: float, longest: int) -> tuple[int, int]:
    """How many lines, and about how many words, must go before a run fits: tried out on its strips."""
    tall = [strip.bottom - strip.top > 1.5 * line for strip in run.strips]
    order = sorted(range(len(tall)), key=lambda i: (tall[i], run.lines[i] != longest, -i))
    lines = makeup.excess(run.strips, rooms, line, order)
    words = sum(count_words(run.leaves[i]) for i in order[:lines])
    step = 5 if words < 100 else 10 if words < 1000 else 100
    return lines, max(5, math.ceil(words / step) * step)


def _named(manuscript: Manuscript, line: int) -> str:
    """How to speak of the piece that begins on a line."""
    piece: Piece = next(piece for piece in manuscript.pieces if piece.line == line)
    if piece.title:
        return f"‘{piece.title}’"
    return "the text at the beginning" if piece is manuscript.pieces[0] else f"the text on line {line}"
