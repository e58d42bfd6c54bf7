"""What people type is what is printed: the small texts of cases/typed, each with what its writer meant."""

from __future__ import annotations

import html
import re

import pytest

from bulletin.press.manuscript import ManuscriptError, read
from bulletin.press.mistake import Wrong

from .conftest import CASES

TYPED = CASES / "typed"  # name.md: what was typed; name.txt: what is printed
REFUSED = {
    "cjk": (Wrong.SCRIPT, 12),
    "cp1252": (Wrong.NOT_UTF8, 8),
    "demands-start": (Wrong.UNKNOWN_KIND, 2),
    "mixed-rtl": (Wrong.SCRIPT, 12),
    "nested": (Wrong.DEEP, 15),
    "phone-link": (Wrong.PICTURE_INSIDE, 12),
    "utf16": (Wrong.NO_TEXT_FILE, None),
}
HEAD = "---\nkind: regular\nheadline: Rosa says so\n---\n"


def body(text: str) -> str:
    """The text of the pieces below a header, as `--text` has it."""
    return "\n\n".join(piece.text for piece in read(HEAD + text).pieces)


def words(text: str) -> list[str]:
    """Its words and figures, marks apart."""
    return re.findall(r"\w+", re.sub("[\u00ad\u200b\u2060]", "", text))


def shown(piece_html: str) -> str:
    """What a browser shows of HTML."""
    return html.unescape(re.sub(r"<[^>]+>", "", re.sub(r"</(?:li|p|t[dh]|h\d)>|<br>", " ", piece_html)))


@pytest.mark.parametrize("name", sorted({path.stem for path in TYPED.glob("*.txt")}))
def test_what_is_typed_is_what_is_printed(name):
    manuscript = read((TYPED / f"{name}.md").read_bytes())
    printed = (TYPED / f"{name}.txt").read_text(encoding="utf-8").removesuffix("\n")
    assert "\n\n".join(piece.text for piece in manuscript.pieces) == printed
    assert words(" ".join(shown(piece.html) for piece in manuscript.pieces)) == words(printed)


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
        ("·\tmore\no\tpay\n\uf0b7\tbread", "- more\n- pay\n- bread"),
        ("– Hola.\n– Adiós.", "– Hola.\n– Adiós."),
        ("We went\n– all of us – to the gate.", "We went – all of us – to the gate."),
        ("☐ sign\n☑ bring", "☐ sign\n☑ bring"),
        ("o ficou e foi", "o ficou e foi"),
    ],
)
def test_what_begins_a_line_is_a_bullet_or_what_was_typed(typed, printed):
    assert body(typed) == printed


def test_every_text_of_the_folder_has_its_value_here():
    assert {path.stem for path in TYPED.glob("*.md")} == {*REFUSED, *(path.stem for path in TYPED.glob("*.txt"))}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_printed_gets_its_sentence_and_its_line(name):
    with pytest.raises(ManuscriptError) as caught:
        read((TYPED / f"{name}.md").read_bytes())
    assert (caught.value.code, caught.value.line) == REFUSED[name]


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("*all* of *it* and **more**", ["all", "it"]),
        ('_all_ (*it*), "*more*": *what?* *no!*', ["all", "it", "more", "what?", "no!"]),
        ("Kolleg*innen und Fahrer*innen, a*b*c", []),
        ("snake_case_name, @anna_berg_, __init__, example.org/_a_/b", []),
        ("*_* and ^_^ and -_- and 5 * 4 * 3", []),
    ],
)
def test_stars_stress_words_and_nothing_less(typed, printed):
    [piece] = read(HEAD + typed).pieces
    assert re.findall(r"<em>(.*?)</em>", shown_items(piece.html).replace("”", "").replace("“", "")) == printed
    if not printed:
        assert piece.text == typed


@pytest.mark.parametrize(
    ("language", "typed", "printed"),
    [
        ("en", "the '90s, '24 to '26, rock 'n' roll, 'Twas, 'em", "the ’90s, ’24 to ’26, rock ’n’ roll, ’Twas, ’em"),
        ("en", "6'2\" and 5'' and 'we said', the drivers' room", "6′2″ and 5″ and ‘we said’, the drivers’ room"),
        ("en", "'12 of us', she said", "‘12 of us’, she said"),
        ("de", "'s ist 'ne Sache, 'n Tag, 'nein'", "’s ist ’ne Sache, ’n Tag, ‚nein‘"),
        ("nl", "'s avonds, 't werk, 'nee'", "’s avonds, ’t werk, “nee”"),
        ("fr", "l'usine des '70s", "l’usine des ’70s"),
    ],
)
def test_an_apostrophe_that_begins_a_word_is_none_that_opens_a_quotation(language, typed, printed):
    manuscript = read(f"---\nkind: regular\nlanguage: {language}\nheadline: H {typed}\n---\n{typed}")
    assert manuscript.pieces[0].text == printed
    assert manuscript.headline == f"H {printed}"


@pytest.mark.parametrize("around", ["", "> "])
def test_every_cell_of_a_table_is_printed(around):
    rows = ["| Shift | Pay |", "|---|---|", "| Early | £12 | plus £2 |", "| Night |"]
    [piece] = read(HEAD + "\n".join(around + row for row in rows)).pieces
    assert piece.text == "Shift | Pay\nEarly | £12 | plus £2\nNight"
    assert [row.count("<td") + row.count("<th>") for row in piece.html.split("<tr>")[1:]] == [3, 3, 3]


def test_signs_from_elsewhere_are_understood():
    assert body("Z\u200dW\u200eJ\ufeff \u202aleft\u202c") == "ZWJ left"
    assert body("one\u2028two\x0bthree\x85four\x0cfive") == "one\ntwo\nthree\nfour\nfive"
    assert body("✊🏿 👩‍🏭 ❤️‍🔥 🏃‍♂️ 🇬🇧 1️⃣ ① 𝗡𝗼𝘄") == "✊ 👩 ❤ 🏃 GB 1 (1) Now"
    assert read(HEAD.replace("says", "says\u2028all") + "Text.").headline == "Rosa says all so"


def test_a_link_is_printed_as_it_was_typed():
    typed = '[here](https://exämple.org/a%20b "the page") <https://exämple.org/ö> [a][b] [c]: d'
    assert body(typed) == "here (exämple.org/a%20b the page) https://exämple.org/ö [a][b] [c]: d"


TIMES = "Monday 6 am: gate\nTuesday 7 am: canteen\n\n- one\n  more\n- two\n\n> Anna\n> Bill"


@pytest.mark.parametrize(
    ("key", "printed"),
    [
        ("", "Monday 6 am: gate Tuesday 7 am: canteen\n\n- one more\n- two\n\nAnna Bill"),
        ("lines: flow\n", "Monday 6 am: gate Tuesday 7 am: canteen\n\n- one more\n- two\n\nAnna Bill"),
        ("lines: keep\n", "Monday 6 am: gate\nTuesday 7 am: canteen\n\n- one\n  more\n- two\n\nAnna\nBill"),
    ],
)
def test_a_single_line_break_flows_on_or_is_kept(key, printed):
    [piece] = read(f"---\nkind: regular\nheadline: H\n{key}---\n{TIMES}").pieces
    assert piece.text == printed
    assert piece.html.count("<br />") == (3 if "keep" in key else 0)


def test_a_minus_in_front_of_a_figure_is_no_dash():
    [piece] = read(HEAD + "- 12 jobs\n- 3 buses").pieces
    assert piece.html.count('<span class="mark sign">- </span>') == 2


@pytest.mark.parametrize(
    ("table", "narrow"),
    [
        ("| Shift | Pay |\n|---|---|\n| Early | £12 | plus £2 on Sundays |", True),
        ("| Stanowisko | Wynagrodzenie |\n|---|---|\n| Magazynier | wszystko |", False),
    ],
)
def test_a_table_whose_longest_words_have_room_divides_none(written, table, narrow):
    [piece] = written(table).pieces
    assert ('<table class="narrow">' in piece.html) is narrow


@pytest.mark.parametrize(
    ("typed", "paragraphs"),
    [
        (
            "Come:\n24. November: gate\n1. December: bus\nCall me.",
            ["Come:", "24. November: gate", "1. December: bus", "Call me."],
        ),
        (
            "2) bring a payslip\n3) and a lamp\nNobody alone",
            ["2) bring a payslip", "3) and a lamp", "Nobody alone"],
        ),
        ("- a lamp\n  and a coat\nNobody alone", ["– a lamp<br>and a coat", "Nobody alone"]),
    ],
)
def test_where_lines_are_kept_an_item_ends_with_its_line(written, typed, paragraphs):
    [piece] = written(typed, lines="keep").pieces
    html_ = re.sub(r"\s*<br ?/?>\s*", "<br>", piece.html.replace("\N{NO-BREAK SPACE}", " "))
    shown = [re.sub(r"<(?!br)[^>]*>", "", part).strip() for part in re.split(r"</(?:p|li)>", html_)]
    assert [words for words in shown if words] == paragraphs
