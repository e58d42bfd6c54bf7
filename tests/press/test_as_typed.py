"""What people type is what is printed: the small texts of cases/typed, each with what its writer meant."""

from __future__ import annotations

import html
import re

import pytest

from bulletin.press.manuscript import read

from .conftest import CASES

AS_PRINTED = {
    "big-num": "1000000000. people",
    "clock": "6. 30 gate, 7. 15 canteen\n\n17.30 at the gate\n\n9) at the door",
    "cont-list": (
        "1. Come to the gate.\n\nBring your badge.\n\n2. Tell your neighbour.\n\nAnd one more.\n\n3. Sign the sheet."
    ),
    "cz-date": "1. května v 10.00 u brány.",
    "dates": (
        "2026. was a year.\n1986. That was when it began.\n24. November we met.\n\n-\n\n"
        "1. one\n3. three\n7. seven\n10. ten\n11. eleven\n\na) alpha b) beta"
    ),
    "de-date": "24. November treffen wir uns am Tor.\n\nDanach gehen alle zusammen.",
    "de-two": "Termine:\n\n24. November: Tor\n8. Dezember: Kantine\n15. Januar: Depot",
    "fi-date": "5. joulukuuta portilla.",
    "fr-1er": "1er mai : rendez-vous. 2e étage.",
    "hu-date": "2026. december 5-én a kapunál.",
    "hyphen-line": "We want three things:\n\n- more pay\n- less work +44 7700 900123 is our number\n- Anna",
    "minus": "The result: -12 %\n\n- 3 jobs",
    "para-num": "The meeting is on 7. December at the gate.",
    "pl-date": "5. grudnia spotykamy się przy bramie.",
    "plus-minus": "+ 3 % in January\n+ 2 % in June",
    "plus-phone": "Call us:\n\n+ 44 7700 900123\n\n- 5 degrees outside",
    "sub-year": (
        "What happened:\n\n- 2019: first sheet\n- 2020. The ballot\n- 1986. The long strike\n\n12. December, noon: gate"
    ),
    "wage-plus": "The offer:\n\n+ 3 % in January\n+ 2 % in June",
    "year": "1986. That was the year of the last strike here.\n\nNobody forgot it.",
    "zero": "0. Preface\n1. First",
}
HEAD = "---\nkind: regular\nheadline: Rosa says so\n---\n"


def body(text: str) -> str:
    """The text of the pieces below a header, as `--text` has it."""
    return "\n\n".join(piece.text for piece in read(HEAD + text).pieces)


def words(text: str) -> list[str]:
    """Its words and figures, marks apart."""
    return re.findall(r"\w+", text)


def shown(piece_html: str) -> str:
    """What a browser shows of HTML."""
    return html.unescape(re.sub(r"<[^>]+>", "", re.sub(r"</(?:li|p|t[dh]|h\d)>|<br>", " ", piece_html)))


@pytest.mark.parametrize("name", AS_PRINTED)
def test_what_is_typed_is_what_is_printed(name):
    manuscript = read((CASES / "typed" / f"{name}.md").read_bytes())
    assert "\n\n".join(piece.text for piece in manuscript.pieces) == AS_PRINTED[name]
    assert words(" ".join(shown(piece.html) for piece in manuscript.pieces)) == words(AS_PRINTED[name])


@pytest.mark.parametrize("numbers", [(1, 1, 1), (3, 2, 1), (1, 2, 3), (7, 8, 9), (0, 1, 5), (24, 8, 15), (2019, 2020)])
@pytest.mark.parametrize("mark", [".", ")"])
def test_numbers_stay_as_typed(numbers, mark):
    typed = "\n".join(f"{number}{mark} something" for number in numbers)
    [piece] = read(HEAD + typed).pieces
    assert piece.text == typed
    assert [int(number) for number in re.findall(r"\d+", shown(piece.html))] == [*numbers]
    assert [item.split()[0] for item in re.findall(r"<li>(.*)</li>", shown_items(piece.html))] == [
        f"{number}{mark}" for number in numbers
    ]


def shown_items(piece_html: str) -> str:
    return re.sub(r"</?span[^>]*>", "", piece_html)


@pytest.mark.parametrize("blank", ["", "\n"])
def test_an_item_of_several_paragraphs_keeps_its_number_on_the_line_of_its_first_words(blank):
    [piece] = read(HEAD + f"2. One.\n{blank}   More.\n{blank}2. Two.").pieces
    assert words(shown(piece.html)) == words(piece.text) == ["2", "One", "More", "2", "Two"]
    assert '<li><span class="mark number">2<span class="dot">. </span></span>One.' in piece.html


def test_a_demand_alone_is_still_numbered_and_a_number_in_a_list_is_none():
    demand, article = read(HEAD + "::: demands Ours\n1. Pay.\n:::\n\n::: article A\n- 7. May\n- 8. May\n:::").pieces
    assert '<li><span class="mark number">1<span class="dot">. </span></span>Pay.</li>' in demand.html
    assert article.text == "- 7. May\n- 8. May"
    assert "<ol" not in article.html


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("+ 3 %\n+ £2", "+ 3 %\n+ £2"),
        ("+ more\n+ pay", "+ more\n+ pay"),
        ("- 5 degrees\n- outside", "- 5 degrees\n- outside"),
        ("* star\n* other star", "- star\n- other star"),
        ("* Figures by us.", "* Figures by us."),
        ("• more\n• pay", "- more\n- pay"),
        ("We want:\n•more\n•pay", "We want:\n\n- more\n- pay"),
        ("·\tmore\no\tpay", "- more\n- pay"),
        ("– Hola.\n– Adiós.", "– Hola.\n– Adiós."),
        ("We went\n– all of us – to the gate.", "We went – all of us – to the gate."),
        ("☐ sign\n✓ bring", "☐ sign\n✓ bring"),
        ("o ficou e foi", "o ficou e foi"),
    ],
)
def test_what_begins_a_line_is_a_bullet_or_what_was_typed(typed, printed):
    assert body(typed) == printed


def test_a_minus_in_front_of_a_figure_is_no_dash():
    [piece] = read(HEAD + "- 12 jobs\n- 3 buses").pieces
    assert piece.html.count('<span class="mark sign">- </span>') == 2
