"""Pieces are written one by one, by several at once, and nobody's words are lost."""

from __future__ import annotations

import html
import json
import re

import pytest

from bulletin.domain.papers import articles
from tests.homes import ON_SQLITE
from tests.refusals import too_long
from tests.web import writing
from tests.web.conftest import Page
from tests.web.house import Person, read
from tests.web.writing import cast, one_house, settled  # noqa: F401

pytestmark = ON_SQLITE


@pytest.fixture
def rosa(cast) -> Person:  # noqa: F811
    return cast["rosa"]


@pytest.fixture
def bill(cast) -> Person:  # noqa: F811
    return cast["bill"]


@pytest.fixture
def paper(rosa) -> str:
    return writing.begin(rosa, "The lead.", "What came back.")


@pytest.fixture
def lead(rosa, paper) -> str:
    return writing.pieces(rosa, paper)[0]


def typed(answer, name: str = "text") -> str:
    return Page(answer.text).typed(name)


def test_a_piece_is_added_written_and_stands_where_it_was_put(rosa, paper):
    story = writing.add(rosa, paper, "The door is **mended**.\r\n\r\nAt last.", title="  Bay   4 ", side="2")
    assert writing.pieces(rosa, paper)[-1] == story
    assert "::: echo Bay 4\nThe door is **mended**.\n\nAt last.\n:::" in writing.manuscript(rosa, paper)


def test_adding_twice_with_one_form_makes_one_piece(rosa, paper):
    before = len(writing.pieces(rosa, paper))
    answers = [rosa.sends(f"{paper}/articles", form_id="1" * 32, name="echo", side="1") for _ in range(2)]
    assert len({answer.location for answer in answers}) == 1
    assert len(writing.pieces(rosa, paper)) == before + 1


def test_saving_twice_changes_nothing_the_second_time(rosa, lead):
    page = rosa.reads(lead)
    for _ in range(2):
        assert writing.save(rosa, lead, "Better.", page=page).status_code == 303
    assert rosa.reads(lead).hidden["version"] == "2"


def test_a_piece_may_become_another_kind_of_piece_and_keeps_its_words(rosa, paper, lead):
    writing.save(rosa, lead, "The lead.", title="First", name="editorial")
    assert "::: editorial First\nThe lead.\n:::" in writing.manuscript(rosa, paper)
    writing.save(rosa, lead, "The lead.", title="First", name="gossip")
    assert "::: editorial First" in writing.manuscript(rosa, paper)


def test_saved_while_typing_it_answers_how_the_sheet_looks(rosa, lead):
    version = rosa.reads(lead).hidden["version"]
    answer = writing.by_script(rosa, lead, text="Typed while typing.", title="", version=version, name="text")
    assert answer.status_code == 200
    assert (answer.json["version"], answer.json["saved"], answer.json["state"]) == (2, True, "draft")
    assert "Typed while typing." in answer.json["sheet"]
    assert (answer.json["words"], answer.json["current"]) == ("Not measured yet.", False)


def test_of_two_who_save_one_piece_the_second_sees_both_and_loses_neither(rosa, bill, lead):
    mine = rosa.reads(lead)
    assert writing.save(bill, lead, "The lead, as Bill tells it.").status_code == 303
    stale = writing.save(rosa, lead, "The lead, as Rosa tells it.", page=mine)
    assert stale.status_code == 409
    assert typed(stale) == "The lead, as Rosa tells it."
    assert "The lead, as Bill tells it." in typed(stale, "theirs")
    assert "Bill has changed this meanwhile" in read(stale).words
    assert "<del>Bill </del>" in stale.text
    assert "<ins>Rosa </ins>" in stale.text
    assert typed(bill.opens(lead)) == "The lead, as Bill tells it."
    assert writing.save(rosa, lead, "As both tell it.", page=read(stale)).status_code == 303
    told = rosa.opens(f"{lead}/versions").text
    assert "The lead, as Bill tells it." in told


def test_a_stale_save_while_typing_says_so_and_changes_nothing(rosa, bill, lead):
    writing.save(bill, lead, "Bill’s.")
    answer = writing.by_script(rosa, lead, text="Rosa’s.", version="1")
    assert answer.status_code == 409
    assert (answer.json["saved"], answer.json["theirs"]["text"], answer.json["version"]) == (False, "Bill’s.", 2)
    assert typed(bill.opens(lead)) == "Bill’s."


@pytest.mark.parametrize("version", ["", "x", "0", "-1", "9" * 30, "1²"])
def test_a_form_that_lost_its_version_is_stale_and_no_error(rosa, lead, version):
    answer = rosa.sends(lead, text="Mine.", version=version)
    assert answer.status_code == 409
    assert typed(answer) == "Mine."


def test_two_pieces_are_written_at_once(rosa, bill, paper):
    one, other = writing.pieces(rosa, paper)[:2]
    mine, his = rosa.reads(one), bill.reads(other)
    assert writing.save(bill, other, "Bill’s.", page=his).status_code == 303
    assert writing.save(rosa, one, "Rosa’s.", page=mine).status_code == 303
    text = writing.manuscript(rosa, paper)
    assert "Bill’s." in text
    assert "Rosa’s." in text


def test_what_is_too_long_is_refused_and_still_there(rosa, paper):
    story = writing.add(rosa, paper, "The door is mended.")
    for fields, field in (({"text": "word " * 10_001}, "text"), ({"text": "Fine.", "title": "x" * 201}, "title")):
        answer = writing.save(rosa, story, page=rosa.reads(story), **fields)
        assert answer.status_code == 422
        assert writing.beside(answer, field), field
        assert typed(answer) == fields["text"]
        assert fields.get("title", "") in answer.text
        script = writing.by_script(rosa, story, version="2", **fields)
        assert (script.status_code, script.json["saved"]) == (422, False)
    assert typed(rosa.opens(story)) == "The door is mended."


def test_a_piece_of_five_thousand_words_is_kept_and_told_where_it_is_too_much(rosa, paper, lead, press):
    words = "\n\n".join("Five words make one line. " * 100 for _ in range(10))
    assert writing.save(rosa, lead, words).status_code == 303
    press.failure = too_long(980, 4_200, line=10)
    assert rosa.sends(f"{paper}/proofs").status_code == 303
    page = rosa.opens(paper).text
    assert "or cut about 4,200 words." in re.search(rf'id="a{lead[-36:].replace("-", "")}".*?</li>', page, re.S)[0]
    assert typed(rosa.opens(lead)).split() == words.split()
    one_paragraph = "Five words make one line. " * 1000
    answer = writing.by_script(rosa, lead, text=one_paragraph, version=rosa.reads(lead).hidden["version"], name="text")
    assert answer.status_code == 200
    assert list(answer.json["problems"].values()) == [
        "This paragraph is longer than a side of paper: cut it, and divide it by empty lines."
    ]


def test_what_the_press_cannot_read_is_said_beside_the_piece_that_has_it(rosa, paper):
    story = writing.add(rosa, paper, ":::\nWhat now?", title="Bay 4")
    wrong = re.search(rf'id="a{story[-36:].replace("-", "")}" class="wrong".*?</li>', rosa.opens(paper).text, re.S)
    assert wrong
    assert re.search(r'<p class="error"[^>]*>[^<]+</p>', wrong[0])


def test_pieces_go_up_down_and_to_the_other_side(rosa, paper):
    one, two, three, four = writing.pieces(rosa, paper)  # two on each side
    for way, after in (
        ("down", [two, one, three, four]),
        ("up", [one, two, three, four]),
        ("side", [two, one, three, four]),
        ("away", [two, one, three, four]),
    ):
        moved = rosa.sends(f"{one}/moves", way=way)
        assert moved.status_code == 303
        assert writing.pieces(rosa, paper) == after, way
    stays = re.findall(r"<details( open)?>\s*<summary>Move", rosa.opens(moved.location.partition("#")[0]).text)
    assert stays.count(" open") == 1, "it may be moved on"
    assert "<details open>" not in rosa.opens(paper).text


def test_a_tap_on_a_part_of_the_sheet_opens_that_piece(rosa, paper):
    page = rosa.opens(paper).text
    opens = json.loads(html.unescape(re.search(r'data-parts="([^"]*)"', page)[1]))
    written = [address for _line, address in opens["parts"]]
    assert written == [piece for piece in writing.pieces(rosa, paper) if piece in written]
    shown = [int(line) for line in re.findall(r"data-line=&#34;(\d+)", page)]
    assert shown
    assert {line for line, _address in opens["parts"]} >= set(shown)
    assert opens["top"] == f"{paper}/header"
    assert page.index("<iframe") < page.index('class="pieces"'), "the sheet comes first"


def test_a_piece_taken_out_by_mistake_is_brought_back_by_anybody(rosa, bill, paper, lead):
    before = writing.pieces(rosa, paper)
    for _ in range(2):
        assert rosa.sends(f"{lead}/deletion").location.endswith("#deleted")
    assert lead not in writing.pieces(rosa, paper)
    assert "Taken out" in bill.reads(paper).words
    assert "was taken out of the paper" in bill.reads(lead).words
    for _ in range(2):
        assert bill.sends(f"{lead}/return").status_code == 303
    assert writing.pieces(rosa, paper) == before
    assert typed(rosa.opens(lead)) == "The lead."


def test_who_writes_on_in_a_piece_that_was_taken_out_keeps_their_words(rosa, bill, paper, lead):
    page = rosa.reads(lead)
    bill.sends(f"{lead}/deletion")
    assert writing.save(rosa, lead, "Rosa was not done.", page=page).status_code == 303
    bill.sends(f"{lead}/return")
    assert "Rosa was not done." in writing.manuscript(rosa, paper)


def test_what_it_said_before_is_kept_with_what_changed_and_by_whom(rosa, bill, paper, lead):
    writing.save(bill, lead, "The lead is longer.")
    writing.save(rosa, lead, "The lead is shorter.")
    page = rosa.opens(f"{lead}/versions").text
    assert [words for words in ("<del>longer.</del>", "<ins>shorter.</ins>") if words not in page] == []
    said = rosa.reads(f"{lead}/versions").words
    assert said.index("Rosa,") < said.index("Bill,") < said.index("First: Rosa")
    writing.agreed(paper, rosa, bill)
    writing.printed(rosa, paper)
    assert "It has said this from the beginning." in bill.opens(f"{lead}/versions").text


def test_the_header_has_no_page_of_a_piece(rosa, paper):
    id_ = paper.rpartition("/")[2]
    for path in (f"{paper}/articles/{id_}", f"{paper}/articles/{id_}/versions"):
        assert rosa.opens(path).status_code == 404
    assert rosa.sends(f"{paper}/articles/{id_}/deletion").status_code == 404


def test_a_hundred_pieces_are_enough(rosa, paper, monkeypatch):
    there = len(writing.pieces(rosa, paper)) + 1  # the header
    monkeypatch.setattr(articles, "ARTICLES_MAX", there + 1)
    assert rosa.sends(f"{paper}/articles", name="echo").status_code == 303
    answer = rosa.sends(f"{paper}/articles", name="echo")
    assert answer.status_code == 409
    assert "a hundred pieces" in answer.text


def test_a_piece_of_a_text_that_shows_a_picture_nobody_has_says_so(rosa):
    text = "---\nkind: regular\nheadline: Words\n---\nThe lead.\n\n::: image gate.jpg\nA gate.\n:::\n"
    paper = rosa.sends(f"{rosa.site}/bulletins", manuscript=text).location
    page = rosa.opens(paper).text
    assert re.search(r'class="wrong".*gate\.jpg', page, re.S)
    piece = rosa.opens(writing.pieces(rosa, paper)[1]).text
    assert 'src=""' not in piece
    assert "A gate." in piece
