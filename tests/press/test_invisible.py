"""Signs that nobody sees stand in one list: it has all of Unicode's, and no other module has one of its own."""

from __future__ import annotations

import ast
import pathlib
import re
import sys
import unicodedata

import bulletin
from bulletin.domain.site import signs as names
from bulletin.press import invisible, pasted, signs as paper

ROOT = pathlib.Path(bulletin.__file__).parent
UNSEEN = re.compile(f"[{invisible.ALL}]")
BEFORE_FIGURES = range(0x600, 0x8E3)  # Arabic and Syriac signs around a number, which are seen; so is one of Kaithi
KAITHI = (0x110BD, 0x110CD)
OF_HIEROGLYPHS = range(0x13430, 0x13440)  # how they stand together


def unicodes() -> set[str]:
    """What Unicode's own table says nobody sees, as far as this Python has it."""
    formats = {sign for sign in map(chr, range(sys.maxunicode + 1)) if unicodedata.category(sign) == "Cf"}
    seen = {chr(code) for code in (*BEFORE_FIGURES, *KAITHI, *OF_HIEROGLYPHS)} - {"\u061c"}
    return (formats - seen) | {*"\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0"} | set(map(chr, range(0xFE00, 0xFE10)))


def test_the_list_has_all_that_unicode_knows_and_nothing_that_is_seen() -> None:
    assert [f"U+{ord(sign):04X}" for sign in sorted(unicodes()) if not UNSEEN.match(sign)] == []
    listed = [sign for sign in map(chr, range(sys.maxunicode + 1)) if UNSEEN.match(sign)]
    known = {"Cf", "Cn", "Mn"}  # Cn: room that Unicode keeps for more of them
    blank = {*"\u115f\u1160\u2800\u3164\uffa0"}
    assert [
        f"U+{ord(sign):04X}" for sign in listed if unicodedata.category(sign) not in known and sign not in blank
    ] == []


def test_no_other_module_has_a_list_of_its_own() -> None:
    found = []
    for path in sorted(ROOT.rglob("*.py")):
        if path != pathlib.Path(invisible.__file__):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and UNSEEN.search(node.value):
                    found.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert found == []


def test_each_room_does_with_them_what_it_says() -> None:
    """A name, a text that is pasted, and paper: the words are the same ones in all three."""
    typed = "\ufeff\u2066Ad\u2061a\u2069\u3164Bly\u206a\ufff9 no\x1eone"
    assert names.on_one_line(typed) == "Ada Bly no-one"
    assert paper.understood(pasted.read(f"Short\n\n{typed}").body).split("\n")[-1] == "Ada Bly no-one"
    assert paper.understood(typed) == "Ada Bly no-one"
    assert paper.understood("Nacht\xadschicht\u200b") == pasted.read("Nacht\xadschicht\u200b").headline + "\u200b"
