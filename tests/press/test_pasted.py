"""Whatever is pasted becomes a sheet: what messengers, mails and word processors mean is understood."""

from __future__ import annotations

import contextlib
import re

import pytest
from hypothesis import given, settings, strategies as st

from bulletin.press import pasted
from bulletin.press.kinds import KINDS
from bulletin.press.manuscript import Manuscript, ManuscriptError, read
from bulletin.press.mistake import Wrong
from tests.press.conftest import CASES

BULLETIN = CASES / "regular-northfield.md"


def below(text: str) -> str:
    """What stands below the headline."""
    return pasted.read(f"The gate\n\n{text}").body


def test_a_text_from_a_messenger_has_its_headline_its_headings_and_its_lists():
    found = pasted.read(
        "*Meeting tonight*\nat _seven_ in the canteen. Bring ```your badge```.\n\n*The lockers*\n• They are locked\n"
        '• Nobody has a key\n\nTHE GATE\n1) Come\n2) Stay\n\nAnna said: *"We stay."*\n'
    )
    assert found.headline == "Meeting tonight"
    assert found.body == (
        "at _seven_ in the canteen. Bring your badge.\n\n"
        "::: article The lockers\n• They are locked\n• Nobody has a key\n"
        ':::\n\n::: article THE GATE\n1) Come\n2) Stay\n\nAnna said: **"We stay."**\n:::'
    )
    assert found.messages == 0


@pytest.mark.parametrize(
    "above",
    [
        "[12:31] Anna: ",
        "[12:31, 27/11/2026] \u2068Anna Berg\u2069: ",
        "\u200e[27.11.26, 12:31:05] ~\u202fAnna: ",
        "[11/27/26, 12:31\u202fPM] +44 7700 900123: ",
        "27/11/2026, 12:31 - Anna: ",
        "2026-11-27, 12:31 p.m. – Anna: ",
        "Anna Berg, [27.11.2026 12:31]\n",
    ],
)
def test_who_sent_a_message_and_when_is_taken_off_and_counted(above):
    found = pasted.read(f"{above}The gate is shut.\n{above}Since: Monday\nand still\n")
    assert found == pasted.Pasted("The gate is shut.", "Since: Monday\nand still", 2)


@pytest.mark.parametrize(
    "line",
    [
        "[1] Company report: 2025",
        "[see page 12:31] Anna",
        "12:31 gate: open",
        "6.30 - canteen: soup",
        "Anna: yes",
        "[12:31]",
        "2026-11-27: the day",
    ],
)
def test_what_only_looks_like_a_message_stays(line):
    assert pasted.read(f"The gate\n\n{line}\n") == pasted.Pasted("The gate", line, 0)


@pytest.mark.parametrize(
    "head",
    [
        "From: Clara <clara@example.org>\nSubject: Warm room now\nTo: all\n",
        "\nVon: Clara\nGesendet: Montag, 23. November 2026 05:10\nAn: alle\nBetreff: AW: Re: Warm room now\n\n",
        "De : Clara <clara@example.org>\nObjet : Warm room now\n",
    ],
)
def test_a_mail_has_its_subject_as_headline_and_no_names_above_it(head):
    found = pasted.read(f"{head}It is cold.\n\n> We stay.\n")
    assert found == pasted.Pasted("Warm room now", "It is cold.\n\n> We stay.", 1)


@pytest.mark.parametrize("text", ["To: all drivers\nDate: Monday\nCome.", "From: here\n\non.", "Do: come\nSo: go"])
def test_what_only_looks_like_the_head_of_a_mail_stays(text):
    found = pasted.read(text)
    assert found.messages == 0
    assert " ".join(f"{found.headline}\n{found.body}".split()) == " ".join(text.split())


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("• more pay\n• less work", "• more pay\n• less work"),  # lists.py knows
        ("·\tmore pay\no\ta key", "·\tmore pay\no\ta key"),
        ("1) First\n2) Second", "1) First\n2) Second"),
        ("24. November: gate", "24. November: gate"),
        ("Rate 1.5*12*2 and Kolleg*innen", "Rate 1.5*12*2 and Kolleg*innen"),
        ("*Not on Sundays", "*Not on Sundays"),
        ("this is *now* and **then**", "this is *now* and **then**"),  # Markdown has one meaning for each already
        ("~Cancelled~ is the old one", "~Cancelled~ is the old one"),
        ("> We stay.", "> We stay."),
        ("First\u2028second\u2029third", "First\nsecond\n\nthird"),
        ("Call \u200e+44 7700 900123\u200f now\ufeff", "Call +44 7700 900123 now"),
    ],
)
def test_lists_and_marks_from_elsewhere(typed, meant):
    assert below(typed) == meant


@pytest.mark.parametrize(
    "line",
    [
        "*The lockers*",
        "**The lockers:**",
        "__The lockers__",
        "## The lockers ##",
        "The lockers\n===========",
        "The lockers\n---",
    ],
)
def test_what_is_a_heading_elsewhere_is_one_here(line):
    assert below(f"{line}\nstill locked") == "::: article The lockers\nstill locked\n:::"


@pytest.mark.parametrize(
    "line",
    ["*We stay.*", "*a* and *b*", "USA", "- THE GATE", "12. DEZEMBER", "*star item", "Not Capitals", "SHUT AND,"],
)
def test_what_is_no_heading_stays_a_line(line):
    assert ":::" not in below(f"{line}\nand more")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (
            "When\tWho\tHours\nMonday\tAnna\t8\nTuesday\tBill | Jo\t\nThat is all.",
            "| When | Who | Hours |\n|---|---|---|\n| Monday | Anna | 8 |\n| Tuesday | Bill \\| Jo |  |\n\n"
            "That is all.",
        ),
        ("NAME\tPAY\nANNA\t12\nGoran", "| NAME | PAY |\n|---|---|\n| ANNA | 12 |\n\nGoran"),
        ("Pay\t12\n\nHours\t8", "Pay\t12\n\nHours\t8"),  # one line alone
        ("1.\tCome\n2.\tStay", "1.\tCome\n2.\tStay"),  # as Word gives a list
        ("•\tCome\n•\tStay", "•\tCome\n•\tStay"),
        ("\tCome.\n\tStay.", "\tCome.\n\tStay."),
        ("a\tb\nc\td\te", "a\tb\nc\td\te"),  # wider than its head: it may be anything
    ],
)
def test_rows_from_a_spreadsheet_are_a_table(typed, meant):
    assert below(typed) == meant
    article = read(pasted.with_header(f"The gate\n\n{typed}", "regular")).pieces[0]
    assert ("<table" in article.html) is ("|---" in meant)


def test_a_table_is_no_headline():
    found = pasted.read("Name\tPay\nAnna\t12\n")
    assert (found.headline, found.body.splitlines()[0]) == ("", "| Name | Pay |")


def test_where_all_is_in_capitals_they_mean_nothing():
    assert below("COME TO THE GATE\nAT SEVEN\nBRING A LAMP") == "COME TO THE GATE\nAT SEVEN\nBRING A LAMP"


def test_a_heading_with_nothing_below_is_printed_in_bold():
    assert below("*The lockers*\n*The gate*\nshut") == "**The lockers**\n\n::: article The gate\nshut\n:::"


def test_who_writes_blocks_keeps_them():
    assert below("## The lockers\nshut\n\n::: echo Bay 4\nmended\n:::") == (
        "## The lockers\nshut\n\n::: echo Bay 4\nmended\n:::"
    )


@pytest.mark.parametrize(
    ("text", "headline", "stays"),
    [
        ("Nobody drives alone\n\nMore.", "Nobody drives alone", False),
        ("Nobody drives alone", "Nobody drives alone", True),
        ("The bus is late. " + "It is late each day. " * 9, "The bus is late", True),
        ("and so on " * 30, "and so on and so on and so on and so on and so on and so on and so on and so …", True),
        ("- a list\n- of two", "a list", True),
        ("", "", True),
    ],
)
def test_the_first_line_or_its_first_words_are_proposed_as_the_headline(text, headline, stays):
    found = pasted.read(text)
    assert found.headline == headline
    assert (" ".join(found.body.split()) == " ".join(text.split())) is stays


@pytest.mark.parametrize(
    "line", ["not this -", "yes: no", "'Quoted'", "100 %", "{a}", "Tab\there", 'What: a "week"', "# One"]
)
def test_any_first_line_is_a_headline_that_the_press_reads(line):
    manuscript = read(pasted.with_header(f"{line}\n\nMore.", "regular"))
    assert manuscript.headline.replace("“", '"').replace("”", '"').strip("'‘’") == " ".join(line.strip("'# ").split())


def test_another_headline_can_be_chosen():
    manuscript = read(pasted.with_header("Hello all\n\nThe gate is shut.", "meeting", headline="The gate"))
    assert (manuscript.kind, manuscript.headline) == ("meeting", "The gate")


def test_a_header_that_only_lacks_its_dashes_gets_them():
    text = BULLETIN.read_text(encoding="utf-8")
    assert read(pasted.with_header(text.removeprefix("---\n"), "meeting")) == read(text)
    assert read(pasted.with_header(text.replace("---\n", ""), "meeting")) == read(text)
    assert pasted.with_header(text, "meeting") == text


WORDS = st.sampled_from(
    [
        "gate",
        "Anna",
        "3",
        "12:31",
        "*now*",
        "_so_",
        "THE",
        "LOCKERS",
        "Kolleg*innen",
        "§ 5",
        "•",
        "–",
        "1.",
        "24.",
        "#",
        "a:b",
    ]
)
LINES = st.lists(WORDS, max_size=6).map(" ".join)
BEFORE = st.sampled_from(["", "", "", "- ", "• ", "·\t", "1) ", "# ", "*", "> ", "\t", "[12:31] Anna: ", "\u200e"])


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(BEFORE, LINES).map("".join), max_size=12), st.sampled_from(sorted(KINDS)))
def test_no_word_and_no_figure_is_lost_and_the_press_reads_it(lines, kind):
    text = "\n".join(lines)
    found = pasted.read(text)
    words = re.compile(r"[^\W_]+")
    typed = words.findall(text.replace("[12:31] Anna:", " "))
    kept = words.findall(found.body.replace("::: article", " "))
    assert typed in (kept, words.findall(found.headline) + kept)
    if found.headline and not pasted.has_header(text):
        with contextlib.suppress(TooDeep):
            assert sound(pasted.with_header(text, kind)).kind == kind


class TooDeep(Exception):
    """Numbers in numbers in numbers: refused with a sentence, as in any text."""


def sound(text: str) -> Manuscript:
    try:
        return read(text)
    except ManuscriptError as error:
        raise TooDeep if error.code is Wrong.DEEP else error from None
