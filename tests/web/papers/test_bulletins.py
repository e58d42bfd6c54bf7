"""A paper is begun, its top and foot are written, and nothing that was typed is lost."""

from __future__ import annotations

import re

import pytest

from bulletin.press.kinds import KINDS
from bulletin.press.manuscript import read as read_manuscript
from tests.homes import ON_SQLITE
from tests.web import writing
from tests.web.conftest import TEXT, WRONG, Page
from tests.web.house import Person, errors, read
from tests.web.writing import cast, one_house, settled  # noqa: F401

pytestmark = ON_SQLITE


@pytest.fixture
def rosa(cast) -> Person:  # noqa: F811
    return cast["rosa"]


@pytest.fixture
def bill(cast) -> Person:  # noqa: F811
    return cast["bill"]


def count(person: Person) -> int:
    """How many papers the list has."""
    return len(re.findall(rf'class="name" href="{person.site}/bulletins/{writing.ID}"', papers_of(person)))


def papers_of(person: Person) -> str:
    return person.opens(f"{person.site}/bulletins").text


def test_each_kind_begins_with_its_questions_and_keeps_what_is_for_print(rosa):
    for kind in KINDS.values():
        asked = Page(rosa.opens(f"{rosa.site}/bulletins/new?kind={kind.name}").text)
        printed = [question for question in kind.questions if question.printed]
        assert len(asked.all("textarea")) == len(printed), kind.name
        assert asked.words["main"].count("for us, not saved") == len(kind.questions) - len(printed)
        answers = [f"Answer {index}" if index else "" for index in range(len(printed))]
        paper = writing.begin(rosa, *answers, kind=kind.name, headline="Seven words and no more than that")
        text = writing.manuscript(rosa, paper)
        assert [answer for answer in answers if answer not in text] == []
        assert f"kind: {kind.name}\n" in text
        assert len(writing.pieces(rosa, paper)) == len(printed)
        sheet = read_manuscript(text)
        assert (sheet.kind, sheet.headline) == (kind.name, "Seven words and no more than that")


def test_an_unknown_kind_has_no_page(rosa):
    assert rosa.opens(f"{rosa.site}/bulletins/new?kind=gossip").status_code == 404


def test_what_was_asked_stands_above_the_piece_that_answers_it(rosa):
    paper = writing.begin(rosa, "They offered two per cent.", kind="no-deal")
    asked = next(question for question in KINDS["no-deal"].questions if question.printed)
    assert asked.text in rosa.reads(writing.pieces(rosa, paper)[0]).words


def test_an_answer_has_a_heading_and_what_is_begun_here_keeps_its_lines(rosa):
    answers = ("Lead one\nline two", "The tap drips. Still.", "Six at the gate", "They stayed. So did we.")
    text = writing.manuscript(rosa, writing.begin(rosa, *answers, headline="Nobody drives alone"))
    assert "\n::: echo The tap drips\nStill.\n:::\n" in text
    assert "\n::: notice What we do next\nSix at the gate\n:::\n" in text
    assert "\n::: article They stayed\nSo did we.\n:::\n" in text
    assert "\nlines: keep\n" in text
    assert read_manuscript(text).pieces[0].text == "Lead one\nline two"


def test_a_text_from_elsewhere_flows_as_it_did_there_and_the_number_after_it_too(rosa, bill):
    typed = "---\nkind: regular\nheadline: H\n---\nOne line\nand its rest.\n"
    paper = rosa.sends(f"{rosa.site}/bulletins", manuscript=typed).location
    assert read_manuscript(writing.manuscript(rosa, paper)).pieces[0].text == "One line and its rest."
    id_ = re.search(r'name="earlier" value="(\w+)"', papers_of(bill))[1]
    following = bill.sends(f"{bill.site}/bulletins", form_id="2" * 32, earlier=id_).location
    assert writing.header_of(bill, following)["lines"] == "flow"


def test_a_paper_that_says_nothing_of_its_lines_goes_on_saying_nothing(rosa, bill):
    paper = writing.begin(rosa, "One line\nand its rest.")
    writing.save_header(rosa, paper, lines="")  # as one from before there was a choice
    writing.save_header(rosa, paper, number="8")
    text = writing.manuscript(rosa, paper)
    assert "number: 8\n" in text
    assert "lines:" not in text
    assert read_manuscript(text).pieces[0].text == "One line and its rest."
    id_ = re.search(r'name="earlier" value="(\w+)"', papers_of(bill))[1]
    following = bill.sends(f"{bill.site}/bulletins", form_id="3" * 32, earlier=id_).location
    assert writing.header_of(bill, following)["lines"] == "keep"


def test_a_sign_that_is_not_printed_is_named_beside_its_piece(rosa):
    paper = writing.begin(rosa, "We won ✊🏿 and \ue000 came.", "Nothing here.")
    told = "None of our typefaces has U+E000: that is left out, and the rest is printed."
    assert rosa.opens(paper).text.count(told) == 1
    assert told in rosa.opens(writing.pieces(rosa, paper)[0]).text
    assert told not in rosa.opens(writing.pieces(rosa, paper)[1]).text


def test_the_next_number_begins_from_the_last(rosa, bill):
    last = writing.begin(rosa, "The lead.", headline="Nobody drives alone")
    about = {"masthead": "The Depot Lamp", "reply": "https://example.org/r", "printed_by": "Us", "site": "North"}
    writing.save_header(rosa, last, **about, number="No. 7", date="2026-11-23")
    writing.put_picture(rosa, last)
    id_ = re.search(r'name="earlier" value="(\w+)"', papers_of(bill))[1]
    answer = bill.sends(f"{bill.site}/bulletins", form_id="1" * 32, earlier=id_)
    fields = writing.header_of(bill, answer.location)
    assert (fields["number"], fields["date"], fields["headline"]) == ("No. 8", "", "Nobody drives alone")
    assert {name: fields[name] for name in about} == about
    text = writing.manuscript(bill, answer.location)
    assert "The lead." in text
    assert "::: image" not in text, "a picture is asked about anew"


def test_a_new_kind_carries_the_name_and_the_address_on(rosa):
    writing.save_header(rosa, writing.begin(rosa), masthead="The Depot Lamp", number="7", published_by="Drivers")
    fields = writing.header_of(rosa, writing.begin(rosa, kind="strike"))
    assert (fields["masthead"], fields["number"], fields["published_by"]) == ("The Depot Lamp", "8", "Drivers")
    assert fields["kind"] == "strike"


@pytest.mark.parametrize("earlier", ["0" * 32, "Gossip", ""])
def test_there_is_no_next_number_of_a_paper_that_is_not_there(rosa, earlier):
    assert rosa.sends(f"{rosa.site}/bulletins", earlier=earlier).status_code == 404


def test_a_text_one_has_becomes_a_paper_and_the_same_text_again(rosa):
    for sample in (TEXT, *(kind.sample for kind in KINDS.values() if "::: image" not in kind.sample)):
        answer = rosa.sends(f"{rosa.site}/bulletins", manuscript=sample.replace("\n", "\r\n"))
        assert answer.status_code == 303, errors(answer)
        mine, again = read_manuscript(sample), read_manuscript(writing.manuscript(rosa, answer.location))
        assert [piece.text for piece in again.pieces] == [piece.text for piece in mine.pieces]
        assert (again.headline, again.reply, again.date, again.box is None) == (
            *(mine.headline, mine.reply, mine.date),
            mine.box is None,
        )


def test_a_file_does_as_well(rosa):
    answer = writing.with_file(rosa, f"{rosa.site}/bulletins", TEXT.encode("utf-8-sig"), "Rosa Luz.md")
    assert "Nobody drives alone" in rosa.opens(answer.location).text


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (WRONG, "2026-11-23"),
        ("", "no text"),
        ("x" * 60_000, "60,000 characters"),
        ("\0", ""),
    ],
)
def test_a_wrong_text_is_given_back_with_a_sentence_beside_it(rosa, text, sentence):
    answer = rosa.sends(f"{rosa.site}/bulletins", manuscript=text)
    assert answer.status_code == 422
    assert sentence in writing.beside(answer, "manuscript")
    assert writing.beside(answer, "manuscript")
    assert Page(answer.text).typed() == text.replace("\0", "�") or text == "\0"
    assert count(rosa) == 0


CHAT = """[12:31, 27/11/2026] Anna: *The gate is shut*
[12:33, 27/11/2026] Bill: *The lockers*
• nobody has a key
• they ask for one
"""


def test_a_text_without_a_header_is_asked_what_it_is_and_keeps_its_words(rosa):
    asked = Page(rosa.sends(f"{rosa.site}/bulletins", manuscript=CHAT).text)
    assert asked.words["h1"] == "What kind of paper is this?"
    assert [button["value"] for button in asked.all("button") if button.get("name") == "as_kind"] == [*KINDS]
    assert "names and times in front of 2 messages" in asked.words["main"]
    assert asked.typed() == CHAT
    assert next(field["value"] for field in asked.all("input") if field.get("id") == "headline") == "The gate is shut"
    assert count(rosa) == 0


def test_a_text_from_a_messenger_becomes_a_paper_with_headings_and_lists(rosa):
    answer = rosa.sends(f"{rosa.site}/bulletins", manuscript=CHAT, as_kind="strike", headline="Who has the key?")
    sheet = read_manuscript(writing.manuscript(rosa, answer.location))
    assert (sheet.kind, sheet.headline, sheet.site, sheet.number) == ("strike", "Who has the key?", "Depot North", "1")
    assert [(piece.name, piece.title) for piece in sheet.pieces] == [("article", "The lockers")]
    assert sheet.pieces[0].text == "- nobody has a key\n- they ask for one"


def test_a_kind_that_there_is_not_is_asked_again(rosa):
    assert "What kind of paper is this?" in rosa.sends(f"{rosa.site}/bulletins", manuscript=CHAT, as_kind="gossip").text
    assert count(rosa) == 0


def test_a_file_without_a_header_is_asked_for_its_kind_too(rosa):
    answer = writing.with_file(rosa, f"{rosa.site}/bulletins", CHAT.encode(), "chat.txt")
    assert Page(answer.text).typed() == CHAT


def test_a_file_that_is_far_too_big_says_so_and_makes_nothing(rosa):
    for size in (450_000, 900_000):
        typed = {"manuscript": "What I had typed before."}
        answer = writing.with_file(rosa, f"{rosa.site}/bulletins", b"x" * size, "text.md", **typed)
        assert answer.status_code == 413
        assert "less than 400 kB" in writing.beside(answer, "file")
        assert Page(answer.text).typed() == "What I had typed before."
    assert count(rosa) == 0


def test_a_text_of_too_many_pieces_is_given_back(rosa):
    text = TEXT + "\n\n".join(f"::: echo\nStory {number}.\n:::" for number in range(120))
    answer = rosa.sends(f"{rosa.site}/bulletins", manuscript=text)
    assert answer.status_code == 422
    assert "Story 119" in answer.text
    assert count(rosa) == 0


def test_beginning_twice_with_one_form_makes_one_paper(rosa):
    ways = ({"kind": "regular", "answer-0": "Words."}, {"manuscript": TEXT})
    for number, sent in enumerate(ways, start=1):
        answers = [rosa.sends(f"{rosa.site}/bulletins", form_id=f"{number}" * 32, **sent) for _ in range(2)]
        assert len({answer.location for answer in answers}) == 1
        assert count(rosa) == number


def test_each_wrong_field_of_the_header_has_its_sentence_and_all_typed_is_kept(rosa):
    paper = writing.begin(rosa)
    typed = {
        **{"headline": "x" * 121, "strapline": "A line", "masthead": "The Lamp", "number": "7", "date": "next week"},
        **{"site": "North", "reply": "ftp://example.org", "published_by": "Drivers", "printed_by": "Us"},
        **{"kind": "gossip", "language": "tlh-x-!", "version": "1"},
    }
    answer = rosa.sends(f"{paper}/header", **typed)
    assert answer.status_code == 422
    assert answer.text.count("<title>Error: ") == 1
    wrong = ("headline", "kind")
    assert [field for field in wrong if not writing.beside(answer, field)] == []
    fixed = rosa.sends(f"{paper}/header", **{**typed, "headline": "Short", "kind": "strike"})
    assert fixed.status_code == 422
    assert [field for field in ("date", "reply", "language") if not writing.beside(fixed, field)] == []
    values = [attrs.get("value") for attrs in Page(fixed.text).all("input", "option")]
    kept = [text for name, text in typed.items() if name not in ("headline", "kind")]
    assert [text for text in kept if text not in values] == []
    assert writing.header_of(rosa, paper)["masthead"] == ""


def test_two_who_change_the_header_at_once_see_both(rosa, bill):
    paper = writing.begin(rosa)
    mine = writing.header_of(rosa, paper)
    assert writing.save_header(bill, paper, headline="Bill’s headline", date="2026-11-23").status_code == 303
    stale = rosa.sends(f"{paper}/header", **{**mine, "headline": "Rosa’s headline"})
    assert stale.status_code == 409
    shown = read(stale)
    assert "Bill’s headline" in shown.words
    assert "2026-11-23" in shown.words
    assert 'value="Rosa’s headline"' in stale.text
    assert writing.header_of(bill, paper)["headline"] == "Bill’s headline"
    again = {**mine, "headline": "Rosa’s headline", "version": shown.hidden["version"]}
    assert rosa.sends(f"{paper}/header", **again).status_code == 303
    assert writing.header_of(bill, paper)["headline"] == "Rosa’s headline"
    script = writing.by_script(bill, f"{paper}/header", **{**mine, "headline": "Late"})
    assert (script.status_code, script.json["stale"]) == (409, True)


def test_the_rule_of_ones_country_stands_beside_who_printed_this(rosa):
    assert "looked up on" in rosa.opens(f"{writing.begin(rosa)}/header").text


def test_the_list_says_number_headline_and_how_far(rosa, bill):
    paper = writing.begin(rosa, "Words.", headline="Nobody drives alone")
    writing.save_header(rosa, paper, number="7")
    assert "No. 7" in papers_of(bill)
    assert "Nobody drives alone" in papers_of(bill)
    assert "being written" in papers_of(bill)
    writing.propose(rosa, paper)
    assert "proposed" in papers_of(bill)


def test_a_paper_is_put_away_and_brought_back(rosa, bill):
    paper = writing.begin(rosa, headline="Not this time")
    assert rosa.sends(f"{paper}/away").status_code == 303
    assert count(bill) == 0
    assert "Set aside (1)" in papers_of(bill)
    assert bill.sends(f"{paper}/back").location == paper
    assert count(rosa) == 1


def test_advice_stands_beside_what_it_concerns(rosa):
    paper = writing.begin(rosa, headline="One two three four five six seven eight nine")
    writing.add(rosa, paper, "We " + "and we " * 31 + "said so.", title="Bay 4")
    text = rosa.opens(paper).text
    around_header, piece = text.split('<ol class="pieces">')[0], re.search(r"Bay 4</b>.*?</li>", text, re.S)[0]
    sentences = ("more than 7 words", "more than 30 words")
    assert [sentence in around_header for sentence in sentences] == [True, False]
    assert [sentence in piece for sentence in sentences] == [False, True]


def test_a_paper_of_forty_pieces_has_a_page_and_keeps_them_all(rosa):
    sample = TEXT + "\n\n".join(f"::: echo Bay {number}\nStory {number}.\n:::" for number in range(38))
    paper = rosa.sends(f"{rosa.site}/bulletins", manuscript=sample).location
    assert len(writing.pieces(rosa, paper)) == 40
    assert writing.manuscript(rosa, paper).count("::: echo") == 39


def test_who_was_signed_out_meanwhile_gets_their_words_back(rosa):
    paper = writing.begin(rosa, "The lead.")
    piece = writing.pieces(rosa, paper)[0]
    words = "What I wrote on the bus, all of it, with its commas and its full stop, and no signal."
    rosa.client.delete_cookie("device")
    answer = rosa.sends(piece, text=words, version="1")
    assert answer.status_code == 403
    assert Page(answer.text).typed("typed") == words
    assert read(answer).hidden["text"] == words
    script = writing.by_script(rosa, piece, text=words, version="1")
    assert (script.status_code, words in script.text) == (403, False)


def test_no_title_and_no_address_says_what_it_is_about(rosa, caplog):
    words = ("Nobody", "Lamp", "Drivers", "Tamarisk")
    caplog.set_level("DEBUG")
    paper = writing.begin(rosa, "Tamarisk said.", headline="Nobody drives alone")
    writing.save_header(rosa, paper, masthead="The Lamp", published_by="Drivers", number="7")
    writing.agreed(paper, rosa)
    pages = (paper, f"{paper}/header", f"{paper}/away", f"{paper}/hand-outs", writing.pieces(rosa, paper)[0])
    for path in (*pages, f"{rosa.site}/bulletins"):
        page = Page(rosa.opens(path).text)
        told = [page.words["title"], *(str(attrs.get("href")) for attrs in page.all("a"))]
        told += [str(attrs.get("action")) for attrs in page.all("form")]
        told += [str(attrs.get("download") or "") for attrs in page.all("a")]
        told = [text for text in told if not text.startswith("/sites/")] + [path]
        assert [word for word in words for text in told if word in text] == [], path
    for way in ("manuscript", "cards/0"):
        assert not any(word in str(rosa.opens(f"{paper}/{way}").headers) for word in words)
    assert not any(word in caplog.text for word in words)


def test_a_number_that_tells_something_names_no_file(rosa):
    paper = writing.begin(rosa, "Words.")
    for number, name in (("7", "7.md"), ("7/2026", "7-2026.md"), ("Strike now", "sheet.md"), ("", "sheet.md")):
        writing.save_header(rosa, paper, number=number)
        assert rosa.opens(f"{paper}/manuscript").headers["Content-Disposition"] == f"attachment; filename={name}"


def test_the_first_screen_counts_what_is_begun_and_what_waits_for_me(rosa, bill):
    writing.begin(rosa)
    other = writing.begin(rosa, "Words.")
    writing.propose(rosa, other)
    assert "1 begun" in rosa.reads(rosa.site).words
    assert "1 paper to agree to" in bill.reads(bill.site).words
    assert "paper to agree to" not in rosa.reads(rosa.site).words


def test_two_papers_of_one_number_are_told_apart_by_their_headlines(rosa):
    for headline in ("Nobody drives alone", "The rota is wrong"):
        writing.save_header(rosa, writing.begin(rosa, "Said.", headline=headline), number="2")
    listed = rosa.reads(f"{rosa.site}/bulletins").words
    assert "No. 2: Nobody drives alone" in listed
    assert "No. 2: The rota is wrong" in listed
