"""What a manuscript may hold, and the sentence that each mistake gets."""

from __future__ import annotations

import datetime
import time

import pytest
from hypothesis import given, strategies as st

from bulletin.press import header
from bulletin.press.manuscript import ManuscriptError, read

from .conftest import NAMES, case

HEAD = "---\nkind: regular\nheadline: Rosa says so\n---\n"


def wrong(source: str | bytes) -> str:
    with pytest.raises(ManuscriptError) as caught:
        read(source)
    assert str(caught.value).endswith(".")
    assert "\n" not in str(caught.value)
    return str(caught.value)


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


def test_all_characters_that_cannot_be_printed_are_named_at_once():
    assert "these characters: ‘✊’ ‘🏽’ ‘🎉’" in wrong(HEAD + "We won ✊🏽 and 🎉")


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


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("", "There is no text yet: start with the header, a line of three dashes."),
        ("Hello", "Line 1: The header is missing: begin with a line of three dashes"),
        ("---\nkind: regular\n", "Line 1: The header does not end: put a line of three dashes behind it."),
        ("---\nkind: regular\n---\n", "Line 2: The header has no headline: add a line ‘headline: …’."),
        ("---\nheadline: A\n---\n", "Line 2: The header has no kind: add a line ‘kind: …’."),
        ("---\nkind: regular\nheadline:\n---\n", "Line 2: The header has no headline: add a line ‘headline: …’."),
        ("---\nkind: comic\nheadline: A\n---\n", "Line 2: There is no kind ‘comic’"),
        ("---\nkind: regular\nheadline: A\ncolour: red\n---\n", "Line 4: The header has no ‘colour’."),
        ("---\nkind: regular\nkind: regular\nheadline: A\n---\n", "Line 3: ‘kind’ stands twice"),
        ("---\nregular\n---\n", "Line 2: ‘regular’ has no colon: write ‘key: text’."),
        ("---\nkind: regular\nmasthead Dock Talk\nsite: Hall 7\n---\n", "Line 3: ‘masthead Dock Talk’ has no colon"),
        ("---\n- kind\n- regular\n---\n", "Line 2: ‘- kind’ has no colon"),
        ("---\nkind: regular\nheadline: A\ndate: 23.11.2026\n---\n", "Line 4: ‘23.11.2026’ is not a date"),
        ("---\nkind: regular\nheadline: A\ndate: 2026-02-30\n---\n", "Line 4: ‘2026-02-30’ is not a date"),
        ("---\nkind: regular\nheadline: A\nlanguage: klingon\n---\n", "Line 4: We do not know the language"),
        ("---\nkind: regular\nheadline: A\nlanguage: ar\n---\n", "Line 4: Right-to-left scripts"),
        ("---\nkind: regular\nheadline: A\nreply: ring Bill\n---\n", "Line 4: This is not a web address"),
        ("---\nkind: regular\nheadline: A\nreply: javascript:alert(1)\n---\n", "Line 4: This is not a web address"),
        (f"---\nkind: regular\nheadline: {'A' * 121}\n---\n", "Line 3: ‘headline’ has 121 characters"),
        (HEAD + "A\n\n::: comic B\nC\n:::", "Line 7: There is no block ‘comic’"),
        (HEAD + "::: echo B\nC\n", "Line 5: The block ‘echo’ does not end"),
        (HEAD + "::: echo B\nC\n\n::: echo D\nE\n:::\n", "Line 5: The block ‘echo’ is still open"),
        (HEAD + "::: echo B\n:::\n", "Line 5: The block ‘echo’ is empty"),
        (HEAD + "A\n\n::: side\n\nB\n\n::: side\n\nC", "Line 11: A sheet has two sides"),
        (HEAD + "A\n\nB ![Bill](bill.jpg)", "Line 7: A picture is a block of its own: ‘::: image NAME’"),
        (HEAD + "::: image bill.jpg\n:::", "Line 5: Say in a line below ‘::: image bill.jpg’ what the picture shows"),
        (HEAD + "A\nB\n\nYes 😀", "Line 8: None of our typefaces has this character: ‘😀’."),
        (HEAD + "A\n\nB\u202eC", "Line 7: None of our typefaces has this character: RIGHT-TO-LEFT OVERRIDE."),
        (HEAD + "- " * 20 + "deep", "Line 5: Lists and quotations go three deep at most"),
        (HEAD + "|a|b|\n|-|-|\n" + "|c|d|\n" * 60, "Line 66: A table has at most 60 rows"),
        (HEAD + "|a" * 7 + "|\n" + "|-" * 7 + "|", "Line 5: A table has at most 6 columns"),
        (b"---\nkind: \xff", "Line 2: This is not UTF-8"),
        (b"%PDF\0\1", "This is not a text file: save it again as plain text."),
        ("x" * 50_001, "The text has 50,001 characters"),
    ],
)
def test_a_mistake_is_named_with_its_line_and_what_to_do(source, sentence):
    assert wrong(source).startswith(sentence)


def test_a_byte_order_mark_and_other_line_ends_do_no_harm():
    assert read(("\ufeff" + HEAD + "One.\n\nTwo.").replace("\n", "\r\n").encode()).front[0].text == "One.\n\nTwo."


@given(st.text() | st.text().map(lambda body: HEAD + body) | st.binary())
def test_any_text_is_read_or_gets_a_sentence(source):
    try:
        read(source)
    except ManuscriptError as error:
        assert error.sentence.endswith(".")  # noqa: PT017  # most texts are wrong, some are not


MARKS = st.text(alphabet="ab \n\n:::-*_#>|\"'[]()!1.\\`<&{%", max_size=300)


@given(MARKS, MARKS)
def test_any_marks_are_read_or_get_a_sentence(body, header):
    for source in (HEAD + body, HEAD + "::: echo A\n" + body + "\n:::\n", f"---\n{header}\n---\n"):
        try:
            read(source)
        except ManuscriptError as error:
            assert error.sentence.endswith(".")  # noqa: PT017


@given(st.sampled_from(sorted(header.HEADER)), st.text(max_size=60))
def test_any_value_of_any_key_is_read_or_gets_a_sentence(key, value):
    try:
        read(f"---\nkind: regular\nheadline: A\n{key}: {value}\n---\nText.")
    except ManuscriptError as error:
        assert error.sentence.endswith(".")  # noqa: PT017


@pytest.mark.parametrize("accents", ["\u0301\u0316", "\u0f73"])
def test_accents_without_end_are_refused_before_they_are_put_in_order(accents):
    begun = time.process_time()
    told = wrong(f"{HEAD}e\nA{accents * 20_000}")
    assert told == "Line 6: There are more than 30 accents on one letter: leave some out."
    assert time.process_time() - begun < 0.2
