"""What a manuscript may hold, and the sentence that each mistake gets."""

from __future__ import annotations

import contextlib
import datetime
import re
import sys
import time

import pytest
from hypothesis import given, strategies as st

from bulletin.press import header
from bulletin.press.kinds import KINDS
from bulletin.press.manuscript import ManuscriptError, read
from bulletin.press.mistake import OneSided, Wrong
from bulletin.sentences import say, say_code
from tests.refusals import refused

from .conftest import NAMES, case

HEAD = "---\nkind: regular\nheadline: Rosa says so\n---\n"


def wrong(source: str | bytes) -> str:
    """What the person who wrote it is told."""
    with pytest.raises(ManuscriptError) as caught:
        read(source)
    told = say(caught.value.with_line)
    assert told.endswith(".")
    assert "\n" not in told
    assert re.fullmatch(r"[A-Z0-9_]+(, line \d+)?", str(caught.value)), "nobody's words: it may get into a log"
    return told


@pytest.mark.parametrize("name", NAMES)
def test_each_case_is_read(name):
    assert case(name).pieces


def test_the_header_is_taken_as_text_and_never_as_something_else():
    read_back = read('---\nkind: regular\nheadline: "No"\nsite: no\nnumber: 007\ndate: 2026-11-23\n---\nText.')
    assert (read_back.headline, read_back.site, read_back.number) == ("No", "no", "007")
    assert read_back.date == datetime.date(2026, 11, 23)


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("Pay rise? No: a cut", "Pay rise? No: a cut"),
        ("#1 on the rota", "#1 on the rota"),
        ("[a, b]", "[a, b]"),
        ("&a *b !c", "&a *b !c"),
        ("!!python/object:os.system x", "!!python/object:os.system x"),
        ('"Quoted: all of it"', "Quoted: all of it"),
        ("'It''s ours'", "It’s ours"),
        ('"We said" and "they said"', "“We said” and “they said”"),
        ("Longer than\n  one line", "Longer than one line"),
        (">-\n  Folded\n  text", "Folded text"),
    ],
)
def test_a_text_in_the_header_is_taken_as_typed(typed, text):
    assert read(f"---\nkind: regular\nheadline: {typed}\n---\nText.").headline == text


@pytest.mark.parametrize("dashes", ["---", "—", "–––", "—-", "--- "])
def test_dashes_are_dashes_however_a_phone_makes_them(dashes):
    assert read(f"\n\n{dashes}\nKind: regular\nheadline : A\n{dashes}\nText.").pieces[0].line == 7


def test_signs_that_no_face_has_are_left_out_and_named_line_by_line():
    manuscript = read(HEAD + "We won ✊🏽 and 🎉\n\nSo 🭯 said \x01 Rosa\ue000, 🭯.")
    assert manuscript.pieces[0].text == "We won ✊ and 🎉\n\nSo  said  Rosa, ."
    [left_out] = manuscript.left_out
    assert say(left_out.with_line) == (
        "Line 7: None of our typefaces has ‘🭯’ U+0001 U+E000: that is left out, and the rest is printed."
    )


def test_a_script_that_cannot_be_set_is_said_to_be_one():
    assert wrong(HEAD + "你好").startswith("Line 5: The script of ‘你’ cannot be set yet")


def test_a_side_with_nothing_on_it_is_none():
    assert read(HEAD + "Front.\n\n::: side\n\n::: box Reply\nTell us.\n:::").back is None


def test_pieces_know_their_side_title_words_and_line():
    text = HEAD + "One two.\n\n::: article Three\nFour five *six*.\n:::\n\n::: side\n\n::: echo Seven\nEight.\n:::\n"
    read_back = read(text)
    lead, article = read_back.front
    (echo,) = read_back.back
    assert (lead.name, lead.title, lead.words, lead.line) == ("text", "", 2, 5)
    assert (article.name, article.title, article.words, article.line) == ("article", "Three", 4, 7)
    assert (echo.name, echo.title, echo.line, echo.text) == ("echo", "Seven", 13, "Eight.")


@pytest.mark.parametrize("closing", ["", ":::\n", "\n\n:::\n"])
def test_a_side_may_be_closed_or_not(closing):
    read_back = read(HEAD + f"Front.\n\n::: side\n{closing}\n::: echo Bay\nBack.\n:::\n")
    assert [piece.title for piece in read_back.back] == ["Bay"]


def test_a_side_right_below_a_paragraph_is_a_side():
    assert read(HEAD + "Front.\n::: side\nBack.").back[0].text == "Back."


def test_without_a_side_the_text_flows_on():
    assert read(HEAD + "Front.").back is None


def test_the_last_box_is_the_reply_block_wherever_it_stands():
    read_back = read(HEAD + "::: box One\nFirst.\n:::\n\n::: box Two\nLast.\n:::\n\nText.")
    assert read_back.box.title == "Two"
    assert [piece.title for piece in read_back.front] == ["One", ""]


@pytest.mark.parametrize(
    ("language", "set_as"),
    [("en", "“Yes,” ‘no’"), ("es", "«Yes,» “no”"), ("pl", "„Yes,” «no»"), ("de", "„Yes,“ ‚no‘")],
)
def test_quotation_marks_are_those_of_the_language(language, set_as):
    read_back = read(f'---\nkind: regular\nheadline: "\\"Yes,\\" \'no\'"\nlanguage: {language}\n---\n"Yes," \'no\'')
    assert read_back.headline == set_as
    assert read_back.front[0].text == set_as


def test_an_apostrophe_is_one():
    assert read(HEAD + "We don't. The drivers' rota.").front[0].text == "We don’t. The drivers’ rota."


@pytest.mark.parametrize(
    "typed",
    [
        "<b>not bold</b>",
        "{{ config }} {% for x in y %}",
        "&amp; &lt;",
        "`code`",
        "(c) (a) (b)",
        "[a]: https://example.org",
        "<!-- hidden -->",
    ],
)
def test_what_paper_has_no_use_for_is_kept_as_typed(typed):
    piece = read(HEAD + typed).front[0]
    assert piece.text == typed
    assert "<b>" not in piece.html
    assert "<code" not in piece.html


def test_a_link_is_printed_with_its_address_and_never_linked():
    piece = read(HEAD + "See [the page](https://example.org/a/) and <https://example.org/b>.").front[0]
    assert piece.text == "See the page (example.org/a) and https://example.org/b."
    assert "<a" not in piece.html


def test_indented_lines_are_text():
    assert "<pre" not in read(HEAD + "    Four spaces, pasted from a message.").front[0].html


def test_a_short_last_word_does_not_stand_alone():
    assert "everybody\N{NO-BREAK SPACE}is." in read(HEAD + "By the second year everybody is.").front[0].html


HEADERS = "kind, masthead, site, number, date, language, headline, strapline, reply, imprint, lines"
KNOWN_KINDS = "regular, strike, no-deal, meeting, rights, solidarity, report, poster"
BLOCKS = "article, editorial, echo, demands, notice, box, quote, image, side"


@pytest.mark.parametrize(
    ("source", "line", "code", "values"),
    [
        ("", None, Wrong.NOTHING, {}),
        ("Hello", 1, Wrong.HEADER_MISSING, {}),
        ("---\nkind: regular\n", 1, Wrong.HEADER_OPEN, {}),
        ("---\nkind: regular\n---\n", 2, Wrong.KEY_MISSING, {"key": "headline"}),
        ("---\nheadline: A\n---\n", 2, Wrong.KEY_MISSING, {"key": "kind"}),
        ("---\nkind: regular\nheadline:\n---\n", 2, Wrong.KEY_MISSING, {"key": "headline"}),
        ("---\nkind: comic\nheadline: A\n---\n", 2, Wrong.UNKNOWN_KIND, {"kind": "comic", "known": KNOWN_KINDS}),
        (
            "---\nkind: regular\nheadline: A\ncolour: red\n---\n",
            4,
            Wrong.UNKNOWN_KEY,
            {"key": "colour", "known": HEADERS},
        ),
        ("---\nkind: regular\nkind: regular\nheadline: A\n---\n", 3, Wrong.KEY_TWICE, {"key": "kind"}),
        ("---\nregular\n---\n", 2, Wrong.NO_COLON, {"typed": "regular"}),
        (
            "---\nkind: regular\nmasthead Dock Talk\nsite: Hall 7\n---\n",
            3,
            Wrong.NO_COLON,
            {"typed": "masthead Dock Talk"},
        ),
        ("---\n- kind\n- regular\n---\n", 2, Wrong.NO_COLON, {"typed": "- kind"}),
        ("---\nkind: regular\nheadline: A\ndate: 23.11.2026\n---\n", 4, Wrong.NO_DATE, {"typed": "23.11.2026"}),
        ("---\nkind: regular\nheadline: A\ndate: 2026-02-30\n---\n", 4, Wrong.NO_DATE, {"typed": "2026-02-30"}),
        (
            "---\nkind: regular\nheadline: A\nlanguage: klingon\n---\n",
            4,
            Wrong.UNKNOWN_LANGUAGE,
            {"typed": "klingon"},
        ),
        ("---\nkind: regular\nheadline: A\nlanguage: ar\n---\n", 4, Wrong.RIGHT_TO_LEFT, {}),
        ("---\nkind: regular\nheadline: A\nreply: ring Bill\n---\n", 4, Wrong.NO_ADDRESS, {}),
        ("---\nkind: regular\nheadline: A\nreply: javascript:alert(1)\n---\n", 4, Wrong.NO_ADDRESS, {}),
        (
            f"---\nkind: regular\nheadline: {'A' * 121}\n---\n",
            3,
            Wrong.LONG_VALUE,
            {"key": "headline", "characters": 121, "most": 120},
        ),
        (HEAD + "A\n\n::: comic B\nC\n:::", 7, Wrong.UNKNOWN_BLOCK, {"block": "comic", "known": BLOCKS}),
        (HEAD + "::: echo B\nC\n", 5, Wrong.BLOCK_ENDLESS, {"block": "echo"}),
        (HEAD + "::: echo B\nC\n\n::: echo D\nE\n:::\n", 5, Wrong.BLOCK_OPEN, {"block": "echo"}),
        (HEAD + "::: echo B\n:::\n", 5, Wrong.BLOCK_EMPTY, {"block": "echo"}),
        (HEAD + f"::: echo {'B' * 121}\nC\n:::\n", 5, Wrong.LONG_TITLE, {"characters": 121, "most": 120}),
        (HEAD + "- ::: echo B\n  C\n  :::\n", 5, Wrong.BLOCK_INSIDE, {}),
        (HEAD + "A\n\n::: side\n\nB\n\n::: side\n\nC", 11, Wrong.TWO_SIDES, {}),
        (HEAD.replace("regular", "report") + "A\n\n::: side\n\nB", 4, Wrong.ONE_SIDE, {"kind": OneSided.REPORT}),
        (
            "---\nkind: regular\nheadline: A\nlines: stay\n---\n",
            4,
            Wrong.NO_LINES,
            {"typed": "stay", "known": "keep, flow"},
        ),
        (HEAD + "A\n\nB ![Bill](bill.jpg)", 7, Wrong.PICTURE_INSIDE, {}),
        (HEAD + "::: image bill.jpg\n:::", 5, Wrong.PICTURE_UNTOLD, {"picture": "bill.jpg"}),
        (HEAD + "- " * 20 + "deep", 5, Wrong.DEEP, {}),
        (HEAD + "|a|b|\n|-|-|\n" + "|c|d|\n" * 60, 66, Wrong.ROWS, {"most": 60}),
        (HEAD + "|a" * 7 + "|\n" + "|-" * 7 + "|", 5, Wrong.COLUMNS, {"most": 6}),
        (HEAD + "A" * 201, 5, Wrong.LONG_WORD, {"characters": 201}),
        (HEAD + "\n" + "A B " * 2001, 6, Wrong.LONG_PARAGRAPH, {}),
        (HEAD, 4, Wrong.NO_BODY, {}),
        (b"---\nkind: \xff", 2, Wrong.NOT_UTF8, {}),
        (b"%PDF\0\1", None, Wrong.NO_TEXT_FILE, {}),
        ("x" * 50_001, None, Wrong.TOO_LONG, {"characters": 50_001, "most": 50_000}),
    ],
)
def test_a_mistake_is_named_with_its_line(source, line, code, values):
    with refused(ManuscriptError, code, **values) as caught:
        read(source)
    assert caught.value.line == line
    assert wrong(source).startswith(f"Line {line}: " if line else "T")


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("", "There is no text yet: start with the header, a line of three dashes."),
        (
            "Hello",
            "Line 1: The header is missing: begin with a line of three dashes, a line ‘kind: regular’,"
            " a line ‘headline: …’, and a line of three dashes.",
        ),
        ("---\nkind: regular\n---\n", "Line 2: The header has no headline: add a line ‘headline: …’."),
        (
            f"---\nkind: regular\nheadline: {'A ' * 1000}\n---\n",
            "Line 3: ‘headline’ has 1,999 characters: there is room for 120. Shorten it.",
        ),
        (
            HEAD.replace("regular", "meeting") + "A\n\n::: side\n\nB",
            "Line 4: A meeting call has one side: leave out the line ‘::: side’.",
        ),
        (
            "x" * 50_001,
            "The text has 50,001 characters: a sheet holds about 8,000, and no more than 50,000 are read.",
        ),
    ],
)
def test_a_mistake_is_told_in_a_sentence_that_says_what_to_do(source, sentence):
    assert wrong(source) == sentence


def test_a_sentence_knows_what_to_call_every_kind_of_one_side():
    assert {each.value for each in OneSided} == {kind.name for kind in KINDS.values() if kind.sides_max == 1}
    for each in OneSided:
        assert say_code(each) == KINDS[each.value].title.lower()


def test_a_byte_order_mark_and_other_line_ends_do_no_harm():
    assert read(("\ufeff" + HEAD + "One.\n\nTwo.").replace("\n", "\r\n").encode()).front[0].text == "One.\n\nTwo."


@given(st.text() | st.text().map(lambda body: HEAD + body) | st.binary())
def test_any_text_is_read_or_gets_a_sentence(source):
    try:
        read(source)
    except ManuscriptError as error:
        assert say(error).endswith(".")  # noqa: PT017  # most texts are wrong, some are not


MARKS = st.text(alphabet="ab \n\n:::-*_#>|\"'[]()!1.\\`<&{%", max_size=300)


@given(MARKS, MARKS)
def test_any_marks_are_read_or_get_a_sentence(body, header):
    for source in (HEAD + body, HEAD + "::: echo A\n" + body + "\n:::\n", f"---\n{header}\n---\n"):
        try:
            read(source)
        except ManuscriptError as error:
            assert say(error).endswith(".")  # noqa: PT017


@given(st.sampled_from(sorted(header.HEADER)), st.text(max_size=60))
def test_any_value_of_any_key_is_read_or_gets_a_sentence(key, value):
    try:
        read(f"---\nkind: regular\nheadline: A\n{key}: {value}\n---\nText.")
    except ManuscriptError as error:
        assert say(error).endswith(".")  # noqa: PT017


@pytest.mark.parametrize("accents", ["\u0301\u0316", "\u0f73"])
def test_accents_without_end_are_refused_before_they_are_put_in_order(accents):
    begun = time.process_time()
    told = wrong(f"{HEAD}e\nA{accents * 20_000}")
    assert told == "Line 6: There are more than 30 accents on one letter: leave some out."
    assert time.process_time() - begun < 0.2


CALLS_MAX = 700_000  # of Python's functions; 2,000,000 took a second
HEAVY = ("![ ", "[\n", "[a ", "*a* ", "***a ** ", "\"a' ", "- a\n", "→ a\n", "1. > ", "> - ", "# a\n", "a\u2028", "& ")


def filled(unit: str, paragraph: int) -> str:
    """As long a text of a unit as is taken at all, in paragraphs of so many characters."""
    one = unit * (paragraph // len(unit))
    return f"---\nkind: regular\nheadline: N\n---\n{(one + chr(10) * 2) * (49_000 // (len(one) + 2))}"


def calls_to_read(text: str) -> int:
    counted = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal counted
        counted += event == "call"

    sys.setprofile(count)
    try:
        with contextlib.suppress(ManuscriptError):
            read(text)
    finally:
        sys.setprofile(None)
    return counted


@pytest.mark.parametrize("paragraph", [400, 7_900])
@pytest.mark.parametrize("unit", HEAVY)
def test_reading_is_bounded_whatever_is_typed(unit, paragraph):
    """All threads of the web process wait while one reads."""
    assert calls_to_read(filled(unit, paragraph)) < CALLS_MAX


@pytest.mark.parametrize(
    ("unit", "paragraph", "code"),
    [
        ("![ ", 400, Wrong.MANY_SIGNS),
        ("*a* ", 400, Wrong.MANY_SIGNS),
        ("*a* ", 1_300, Wrong.MANY_MARKS),
        ("\"a' ", 7_900, Wrong.MANY_MARKS),
        ("- a\n", 400, Wrong.MANY_LINES),
        ("1. > ", 400, Wrong.DEEP),
    ],
)
def test_what_would_hold_everybody_up_gets_its_sentence(unit, paragraph, code):
    with pytest.raises(ManuscriptError) as wrong:
        read(filled(unit, paragraph))
    assert wrong.value.code is code
    assert wrong.value.line
    assert say(wrong.value)


@pytest.mark.parametrize("line", ["- - - - - - - - - - - -", "* * * * * * * * * * * *", "____________________"])
def test_a_line_across_is_not_deep(line):
    assert read(f"---\nkind: regular\nheadline: N\n---\nAbove.\n\n{line}\n\nBelow.\n").pieces
