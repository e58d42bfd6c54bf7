"""Whatever is typed is printed, or a sentence says what was left out: the same words and figures, in the same order.

Source, plain text, HTML and the PDF's own text are compared letter by letter, marks and spaces apart, so that words
that are divided at the end of a line are whole again.
"""

from __future__ import annotations

import html
import re
import subprocess
import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from bulletin.press import fitting
from bulletin.press.manuscript import Manuscript, read
from bulletin.press.typesetting import plain_text, typeset

WORDS = {
    "en": "drivers' room don't night-shift O'Brien's the we'll",
    "de": "Kolleg*innen Straße Fahrer:innen Löhne geht's Jede*r Übermorgen",
    "es": "compañeras ¿cuándo? ¡ahora! mañana año quién",
    "fr": "l'usine déjà garçon où œuvre aujourd'hui grève",
    "pl": "zażółć gęślą jaźń w z łąka już",
    "tr": "İstanbul'da ışık ığdır işçi yılı iyi",
    "vi": "Chúng tôi ở lại người lao động ưỡn",
    "el": "λόγος ψωμί Δώσ' εργάτες ώρα όλοι",
    "uk": "п'ятниця їжа ґанок є всі зміна",
    "ro": "Șase țapi să muncă și înainte",
}
FIGURES = (
    *(
        "12",
        "12 %",
        "+3 %",
        "-5",
        "1.5*12*2",
        "8*5*52",
        "17:30",
        "6. 30",
        "24.",
        "£12.50",
        "1.000,50 €",
        "½",
        "m²",
        "№ 7",
    ),
    *("'90s", "6'2\"", "2026", "+44 7700 900123", "10-12", "1986.", "9)", "(a)", "3/4"),
)
MARKS = (
    *(
        "–",
        "…",
        "(so)",
        "[ref][x]",
        '"yes"',
        "'no'",
        "*all*",
        "**now**",
        "_it_",
        "snake_case",
        "__init__",
        "*_*",
        "<b>x</b>",
    ),
    *(
        "&amp;",
        "a|b",
        "`code`",
        "~~old~~",
        "✊🏿",
        "☐",
        "→",
        "🇬🇧",
        "x<y",
        "@anna_berg_",
        "#tag",
        "C:\\new",
        "¯\\_(o)_/¯",
    ),
)
FIXED_MAX = 120  # letters that a sheet says by itself
BULLETS = ("- ", "* ", "+ ", "• ", "•\t", "· ", "– ", "☐ ", "✅ ")


@st.composite
def lines(draw: st.DrawFn, language: str) -> str:
    """A few words of a language, with figures and marks among them; no mark at the beginning."""
    words = st.sampled_from(WORDS[language].split())
    first, more = draw(words), draw(st.lists(words | st.sampled_from(FIGURES) | st.sampled_from(MARKS), max_size=6))
    return " ".join([first, *more])


@st.composite
def lists(draw: st.DrawFn, language: str) -> str:
    items = draw(st.lists(lines(language), min_size=1, max_size=4))
    between = draw(st.sampled_from(["\n", "\n\n"]))
    if draw(st.booleans()):
        mark = draw(st.sampled_from(".)"))
        numbers = draw(st.sampled_from([(1, 1, 1, 1), (3, 2, 1, 0), (24, 8, 15, 7), (2019, 2020, 1, 2), (1, 2, 3, 4)]))
        return between.join(f"{number}{mark} {item}" for number, item in zip(numbers, items, strict=False))
    bullet = draw(st.sampled_from(BULLETS))
    return between.join(f"{bullet}{item}" for item in items)


@st.composite
def tables(draw: st.DrawFn, language: str) -> str:
    cells = lines(language).map(lambda line: line.replace("|", "/"))
    rows = draw(st.lists(st.lists(cells, min_size=1, max_size=4), min_size=2, max_size=4))
    head = " | ".join((rows[0] * 2)[:2])
    return "\n".join([f"| {head} |", "|---|---|", *(f"| {' | '.join(row)} |" for row in rows[1:])])


@st.composite
def texts(draw: st.DrawFn, language: str) -> str:
    line = lines(language)
    paragraph = st.lists(line, min_size=1, max_size=3).map("\n".join)
    heading = line.map("## {}".format)
    figure = st.tuples(st.sampled_from(("24. ", "+ 3 % ", "- 12 % ", "2026. ", "1. ")), line).map("".join)
    quotation = paragraph.map(lambda text: "> " + text.replace("\n", "\n> "))
    return "\n\n".join(
        draw(
            st.lists(
                paragraph | heading | figure | quotation | lists(language) | tables(language), min_size=1, max_size=4
            )
        )
    )


@st.composite
def manuscripts(draw: st.DrawFn) -> tuple[str, str]:
    """A manuscript, and what it says: without the names of its blocks and the rows that make tables."""
    language = draw(st.sampled_from(sorted(WORDS)))
    keep = draw(st.sampled_from(["", "lines: keep\n", "lines: flow\n"]))
    headline, title = draw(lines(language)), draw(lines(language))
    lead, article = draw(texts(language)), draw(texts(language))
    typed = f"---\nkind: regular\nlanguage: {language}\nheadline: H {headline}\n{keep}---\n{lead}\n\n"
    typed += f"::: article {title}\n{article}\n:::\n"
    return typed, "\n".join((f"H {headline}", lead, title, article))


def letters(text: str, language: str) -> str:
    """Letters and figures, one after the other, large and small alike."""
    text = re.sub("[\U0001f1e6-\U0001f1ff]", lambda found: chr(ord("A") + ord(found[0]) - 0x1F1E6), text)
    if language == "tr":
        text = text.replace("I", "ı").replace("İ", "i")
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(char for char in unicodedata.normalize("NFC", folded) if char.isalnum())


def shown(sheet: str) -> str:
    """What a browser shows of a sheet below its masthead."""
    below = sheet[sheet.index("<h1 ") : sheet.index('<footer class="foot">')]
    return html.unescape(re.sub(r"<[^>]+>", "", below))


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(manuscripts())
def test_every_word_and_figure_is_on_the_screen_and_in_the_plain_text(written):
    typed, said = written
    manuscript = read(typed)
    assert not manuscript.left_out
    language, wanted = manuscript.language, letters(said, manuscript.language)
    assert letters(shown(typeset(manuscript)), language) == wanted
    told = letters(plain_text(manuscript), language)
    assert wanted in told
    assert len(told) - len(wanted) < FIXED_MAX


@pytest.mark.usefixtures("can_print")
@settings(
    deadline=None, max_examples=6, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(manuscripts())
def test_every_word_and_figure_is_on_paper(need, written):
    typed, said = written
    manuscript = read(typed)
    printed = letters(on_paper(need("pdftotext"), manuscript), manuscript.language)
    wanted = letters(said, manuscript.language)
    assert wanted in printed
    assert len(printed) - len(wanted) < FIXED_MAX


def on_paper(pdftotext: str, manuscript: Manuscript) -> str:
    """The text of its PDF as it was drawn: the head of the sheet, its columns, its foot."""
    pdf = fitting.press(manuscript, "a4").pdf
    return subprocess.run([pdftotext, "-raw", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
