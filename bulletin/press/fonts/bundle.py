"""Make the press's faces from the published TTFs: python -m bulletin.press.fonts.bundle FOLDER

FOLDER holds the unpacked packages named in README.md, at any depth. Needs fontTools and brotli.
The same TTFs and the same fontTools give the same bytes."""

import json
import math
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.ttLib.scaleUpem import scale_upem

HERE = Path(__file__).parent


class Face(NamedTuple):
    """A published file, the name of ours, and how a style sheet asks for it."""

    source: str
    file: str
    family: str
    bold: bool
    italic: bool

    @property
    def style(self) -> str:
        return " ".join(word for word, wanted in (("Bold", self.bold), ("Italic", self.italic)) if wanted) or "Regular"


SOFIA, FIRA = "SofiaSansExtraCondensed", "FiraSansExtraCondensed"
FACES = (
    Face("Literata_600SemiBold.ttf", "Literata-SemiBold", "Bulletin Text", False, False),
    Face("Literata_600SemiBold_Italic.ttf", "Literata-SemiBoldItalic", "Bulletin Text", False, True),
    Face("Literata_800ExtraBold.ttf", "Literata-ExtraBold", "Bulletin Text", True, False),
    Face("Literata_800ExtraBold_Italic.ttf", "Literata-ExtraBoldItalic", "Bulletin Text", True, True),
    Face(f"{SOFIA}_800ExtraBold.ttf", f"{SOFIA}-ExtraBold", "Bulletin Head", False, False),
    Face(f"{SOFIA}_900Black.ttf", f"{SOFIA}-Black", "Bulletin Head", True, False),
    Face(f"{FIRA}_800ExtraBold.ttf", f"{FIRA}-ExtraBold", "Bulletin Head Full", True, False),
)

SIGNS = Face("NotoEmoji_700Bold.ttf", "NotoEmoji-Bold", "Bulletin Signs", False, False)

CHARACTERS = (
    (0x20, 0x7E), (0xA0, 0x24F), (0x259, 0x259), (0x2B0, 0x36F), (0x370, 0x52F), (0x1E00, 0x1FFF), (0x2000, 0x206F),
    (0x2070, 0x209F), (0x20A0, 0x20BF), (0x2100, 0x218F), (0x2190, 0x21FF), (0x2200, 0x22FF), (0x25A0, 0x25FF),
    (0x2610, 0x2610), (0x2713, 0x2713), (0x2717, 0x2717), (0x2776, 0x277E), (0xFB00, 0xFB06),
)  # fmt: skip
FEATURES = (
    "calt", "case", "ccmp", "kern", "liga", "lnum", "locl", "mark", "mkmk", "onum", "pnum", "rlig", "rvrn", "tnum",
)  # fmt: skip
CREDITS = (0, 5, 7, 8, 9, 11, 13, 14)  # name records kept as they are: copyright, version, makers, licence

# Characters a bulletin needs and a source may lack: set with a glyph it has (the first that exists), …
STAND_INS = {
    0x2007: (0x30,), 0x2010: (0x2D,), 0x2011: (0x2010, 0x2D), 0x2012: (0x2013,), 0x2015: (0x2014,),
    0x2032: (0x27,), 0x2033: (0x22,), 0x2219: (0xB7,),
}  # fmt: skip
# … left blank (the advance in ems), …
BLANKS = {0x2009: 0.2, 0x200A: 0.1, 0x202F: 0.2}
BLANKS |= dict.fromkeys((0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF), 0)


class Contour(NamedTuple):
    """Corners clockwise, in fractions of the height of a capital; counter-clockwise cuts a hole."""

    corners: list[tuple[float, float]]
    round: bool = False


def square(edge: float, middle: float, *, hole: bool = False) -> Contour:
    near, far, low, high = 0.5 - edge / 2, 0.5 + edge / 2, middle - edge / 2, middle + edge / 2
    corners = [(near, low), (near, high), (far, high), (far, low)]
    return Contour(corners[::-1] if hole else corners)


def disc(radius: float, *, hole: bool = False) -> Contour:
    eighths = (-math.pi / 4 * step for step in range(8))
    reach = radius / math.cos(math.pi / 8)
    corners = [(0.5 + reach * math.cos(turn), 0.5 + reach * math.sin(turn)) for turn in eighths]
    return Contour(corners[::-1] if hole else corners, round=True)


TICK = Contour([(0.05, 0.42), (0.20, 0.52), (0.33, 0.30), (0.72, 1.02), (0.88, 0.93), (0.40, -0.04), (0.27, -0.04)])
CROSS = Contour(
    [(0.05, 0.14), (0.33, 0.48), (0.08, 0.84), (0.24, 0.96), (0.45, 0.64), (0.70, 1.00), (0.85, 0.90), (0.56, 0.49),
     (0.84, 0.13), (0.68, 0.00), (0.44, 0.33), (0.20, 0.01)]
)  # fmt: skip
# … or drawn, one capital wide.
DRAWN = {
    0x2713: [TICK],
    0x2717: [CROSS],
    0x2610: [square(0.9, 0.45), square(0.7, 0.45, hole=True)],
    0x25A0: [square(0.8, 0.5)],
    0x25A1: [square(0.8, 0.5), square(0.64, 0.5, hole=True)],
    0x25AA: [square(0.45, 0.5)],
    0x25CB: [disc(0.42), disc(0.33, hole=True)],
    0x25CF: [disc(0.42)],
    0x25E6: [disc(0.25), disc(0.16, hole=True)],
}

# Signs, of which the text faces have few. What joins and colours them is left out: see signs.py.
SIGN_CHARACTERS = (
    (0x203C, 0x20CF), (0x2100, 0x2BFF), (0x3030, 0x303D), (0x3297, 0x3299), (0x1F004, 0x1F1E5), (0x1F200, 0x1F3FA),
    (0x1F400, 0x1FAFF),
)  # fmt: skip
SIGN_STAND_INS = {0x2605: 0x2B50, 0x2606: 0x2B50, 0x21D2: 0x27A1, 0x2706: 0x260E, 0x2718: 0x274C, 0x2764: 0x2665}
SIGNS_SPACE = 0.2  # em, as wide as that of the text
SIGNS_IN_A_PART = 80
SIGNS_EM = (
    512  # units, a fifteenth of a millimetre in the largest type; with the 2048 it has, the file is half as large again
)

# What a browser fetches: the first part for nearly every page, the others when a character asks for them.
PARTS: dict[str, tuple[tuple[int, int], ...]] = {
    "latin": ((0x20, 0x7E), (0xA0, 0xFF), (0x131, 0x131), (0x152, 0x153), (0x2000, 0x206F),
              (0x20AC, 0x20AC), (0x2116, 0x2116), (0x2122, 0x2122), (0x2190, 0x2193),
              (0x2212, 0x2212), (0x2610, 0x2610), (0x2713, 0x2713), (0x2717, 0x2717)),
    "latin-ext": ((0x100, 0x19F), (0x1A2, 0x1AE), (0x1B1, 0x2FF), (0x1E00, 0x1E9F), (0x2070, 0x20AA), (0x20AD, 0x20BF),
                  (0x2100, 0x27BF), (0xFB00, 0xFB06)),
    "vietnamese": ((0x1A0, 0x1A1), (0x1AF, 0x1B0), (0x300, 0x36F), (0x1EA0, 0x1EF9), (0x20AB, 0x20AB)),
    "greek": ((0x370, 0x3FF), (0x1F00, 0x1FFF)),
    "cyrillic": ((0x400, 0x52F),),
}  # fmt: skip


def points(spans: Iterable[tuple[int, int]]) -> set[int]:
    return {point for first, last in spans for point in range(first, last + 1)}


def ranges(wanted: Iterable[int]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for point in sorted(wanted):
        if found and found[-1][1] == point - 1:
            found[-1] = (found[-1][0], point)
        else:
            found.append((point, point))
    return found


def opened(path: Path) -> Any:
    """fontTools builds its tables at run time, so there is no type to name."""
    return TTFont(path, recalcTimestamp=False)


def reduced(font: Any, wanted: set[int], features: Iterable[str] = FEATURES) -> Any:
    options = Options(
        layout_features=list(features),
        name_IDs=[1, 2, 3, 4, 6, *CREDITS],
        drop_tables=["STAT", "gasp", "vhea", "vmtx", "DSIG"],
        hinting=False,
        glyph_names=False,
        notdef_outline=True,
        recalc_average_width=True,
        recalc_max_context=True,
        recalc_timestamp=False,
    )
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=wanted)
    subsetter.subset(font)
    return font


def filled(font: Any) -> None:
    """Give the font the characters it lacks."""
    known, em, capital = font.getBestCmap(), font["head"].unitsPerEm, font["OS/2"].sCapHeight

    def added(name: str, width: float, outline: Iterable[Contour] = ()) -> str:
        pen = TTGlyphPen(None)
        for contour in outline:
            corners = [(round(x * capital), round(y * capital)) for x, y in contour.corners]
            if contour.round:
                pen.qCurveTo(*corners, None)
            else:
                pen.moveTo(corners[0])
                for corner in corners[1:]:
                    pen.lineTo(corner)
            pen.closePath()
        glyph = font["glyf"][name] = pen.glyph()
        glyph.recalcBounds(font["glyf"])
        font["hmtx"][name] = (round(width), getattr(glyph, "xMin", 0))
        return name

    glyphs: dict[int, str] = {}
    for point, width in BLANKS.items():
        glyphs[point] = added(f"blank{point:x}", width * em)
    for point, outline in DRAWN.items():
        glyphs[point] = added(f"drawn{point:x}", capital, outline)
    for point, others in STAND_INS.items():
        glyphs.update((point, known[other]) for other in reversed(others) if other in known)
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap = glyphs | table.cmap


def cyrillic_for_most(font: Any) -> None:
    """Cyrillic as most languages draw it, and by `locl` as Bulgarian does. Sofia has it the other way round and knows
    Russian alone, so that Ukrainian, Serbian and five more got the letters that only Bulgarian wants.
    """
    table = font["GSUB"].table
    features, lookups = table.FeatureList.FeatureRecord, table.LookupList.Lookup
    (cyrillic,) = (one.Script for one in table.ScriptList.ScriptRecord if one.ScriptTag == "cyrl")
    (other,) = cyrillic.LangSysRecord  # Russian
    other.LangSysTag = "BGR "
    (local,) = (number for number in other.LangSys.FeatureIndex if features[number].FeatureTag == "locl")
    for subtable in (one for number in features[local].Feature.LookupListIndex for one in lookups[number].SubTable):
        forms = subtable.mapping
        subtable.mapping = {common: bulgarian for bulgarian, common in forms.items()}
        for characters in font["cmap"].tables:
            characters.cmap = {point: forms.get(glyph, glyph) for point, glyph in characters.cmap.items()}


def renamed(font: Any, face: Face) -> None:
    """A private name and one of the four styles CSS knows, so that no installed face can stand in front of it."""
    names, full = font["name"], f"{face.family} {face.style}"
    postscript = f"{face.family}-{face.style}".replace(" ", "")
    names.names = [record for record in names.names if record.nameID in CREDITS]
    for number, text in {1: face.family, 2: face.style, 3: postscript, 4: full, 6: postscript}.items():
        names.setName(text, number, 3, 1, 0x409)
    style = font["OS/2"]
    style.usWeightClass, style.usWidthClass, style.fsType = 700 if face.bold else 400, 5, 0
    regular = not (face.bold or face.italic)
    style.fsSelection = style.fsSelection & 0b1000_0000 | face.italic | face.bold << 5 | regular << 6
    font["head"].macStyle = face.bold | face.italic << 1


def made(source: Path, face: Face) -> Any:
    font = opened(source)
    filled(font)
    if face.family == "Bulletin Head":
        cyrillic_for_most(font)
    reduced(font, points(CHARACTERS))
    renamed(font, face)
    return font


def made_of_signs(source: Path, text: set[int]) -> Any:
    """The face of signs, without those that the text has."""
    font = opened(source)
    known = font.getBestCmap()
    for table in font["cmap"].tables:
        if table.isUnicode() and table.format == 12:
            table.cmap = {point: known[other] for point, other in SIGN_STAND_INS.items() if other in known} | table.cmap
    font["hmtx"][known[0x20]] = round(SIGNS_SPACE * font["head"].unitsPerEm), 0
    for table in font["cmap"].tables:
        table.cmap[0xA0] = known[0x20]
    reduced(
        font, {0x20, 0xA0} | points(SIGN_CHARACTERS) - text, features=()
    )  # Pango takes a space from the face before
    scale_upem(font, SIGNS_EM)
    renamed(font, SIGNS)
    return font


def css(face: Face, file: str, covered: Iterable[int]) -> str:
    spans = ", ".join(f"U+{first:X}" + (f"-{last:X}" if last > first else "") for first, last in ranges(covered))
    return (
        f'@font-face {{\n  font-family: "{face.family}";\n  font-style: {"italic" if face.italic else "normal"};\n'
        f"  font-weight: {700 if face.bold else 400};\n  font-display: swap;\n"
        f'  src: url("{file}") format("woff2");\n  unicode-range: {spans};\n}}\n'
    )


def signs_by_part(covered: Iterable[int]) -> dict[str, list[tuple[int, int]]]:
    """So many to a part, in their order, which puts alike ones together."""
    every = sorted(points(SIGN_CHARACTERS).intersection(covered))
    begins = range(0, len(every), SIGNS_IN_A_PART)
    return {f"signs-{1 + at // SIGNS_IN_A_PART}": ranges(every[at : at + SIGNS_IN_A_PART]) for at in begins}


def screen_parts(face: Face) -> Iterator[str]:
    """Write the face as woff2, part by part, and say how each is declared."""
    whole = HERE / "print" / f"{face.file}.ttf"
    left = set(opened(whole).getBestCmap())
    for part, wanted in (signs_by_part(left) if face is SIGNS else PARTS).items():
        font, covered = opened(whole), points(wanted) & left
        left -= covered
        if face is not SIGNS and not any(chr(point).isalpha() for point in covered):
            continue
        reduced(font, covered)
        font.flavor = "woff2"
        file = f"{face.file}.{part}.woff2"
        font.save(HERE / "screen" / file)
        yield css(face, file, covered)


def compact(value: object) -> str:
    return json.dumps(value, separators=(",", ":")).replace("]],[", "]],\n[") + "\n"


def widths(font: Any) -> dict[str, object]:
    """What a headline measures without loading a font, no kerning.

    Runs of [first code point, [advance, …], [top, …], [bottom, …]]; a blank has 0 for both.
    """
    known, advances, outlines = font.getBestCmap(), font["hmtx"], font["glyf"]

    def run(first: int, last: int, measured: Callable[[str], int]) -> list[int]:
        return [measured(known[point]) for point in range(first, last + 1)]

    return {
        "units_per_em": font["head"].unitsPerEm,
        "ascent": font["hhea"].ascent,
        "descent": -font["hhea"].descent,
        "cap_height": font["OS/2"].sCapHeight,
        "x_height": font["OS/2"].sxHeight,
        "runs": [
            [
                first,
                run(first, last, lambda name: advances[name][0]),
                run(first, last, lambda name: getattr(outlines[name], "yMax", 0)),
                run(first, last, lambda name: getattr(outlines[name], "yMin", 0)),
            ]
            for first, last in ranges(known)
        ],
    }


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit("use: python -m bulletin.press.fonts.bundle FOLDER")
    sources = {path.name: path for path in Path(sys.argv[1]).rglob("*.ttf")}
    missing = [face.source for face in (*FACES, SIGNS) if face.source not in sources]
    if missing:
        sys.exit(f"not found in {sys.argv[1]}: {', '.join(missing)}")
    for folder in ("print", "screen"):
        (HERE / folder).mkdir(exist_ok=True)
        for old in (HERE / folder).glob("*.*"):
            old.unlink()
    covered: dict[str, set[int]] = {}
    measured: dict[str, object] = {}
    rules: list[str] = []
    for face in FACES:
        font = made(sources[face.source], face)
        font.save(HERE / "print" / f"{face.file}.ttf")
        characters = set(font.getBestCmap())
        covered[face.family] = covered.get(face.family, characters) & characters
        if face.bold and face.family != "Bulletin Text":
            measured[face.family] = widths(font)
        rules += screen_parts(face)
    font = made_of_signs(sources[SIGNS.source], covered["Bulletin Text"])
    font.save(HERE / "print" / f"{SIGNS.file}.ttf")
    covered[SIGNS.family] = set(font.getBestCmap())
    rules += screen_parts(SIGNS)
    (HERE / "screen" / "faces.css").write_text("".join(rules))
    (HERE / "widths.json").write_text(compact(measured))
    (HERE / "coverage.json").write_text(compact({family: ranges(found) for family, found in covered.items()}))


if __name__ == "__main__":
    main()
