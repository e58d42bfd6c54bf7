"""A paper is taken away: on paper, as cards and plain text, as a text to go on with, all of them in a folder."""

from __future__ import annotations

import html
import io
import re
import zipfile

import pytest

from bulletin.press.jobs import Busy
from bulletin.press.manuscript import read as read_manuscript
from bulletin.press.mistake import NoSheet
from bulletin.sentences import say_code
from tests.homes import ON_SQLITE
from tests.refusals import too_long
from tests.web import writing
from tests.web.conftest import Page
from tests.web.house import Person, errors
from tests.web.writing import cast, one_house, settled  # noqa: F401

pytestmark = ON_SQLITE


@pytest.fixture
def rosa(cast) -> Person:  # noqa: F811
    return cast["rosa"]


@pytest.fixture
def bill(cast) -> Person:  # noqa: F811
    return cast["bill"]


@pytest.fixture
def paper(rosa, bill) -> str:
    """Number 7, agreed."""
    begun = writing.begin(rosa, "The lead.", "What came back.")
    writing.save_header(rosa, begun, number="7", masthead="The Depot Lamp", date="2026-11-23")
    return writing.agreed(begun, rosa, bill)


def runs(person: Person, paper: str) -> list[str]:
    """The paths of its print runs."""
    return re.findall(rf'href="({paper}/printings/{writing.ID})"', person.opens(f"{paper}/away").text)


def test_the_pdf_is_named_by_its_number_and_the_paper_is_printed(rosa, bill, paper):
    answer = rosa.sends(f"{paper}/printings", paper="a4", copies="250")
    assert answer.content_type == "application/pdf"
    assert answer.headers["Content-Disposition"] == "attachment; filename=7.pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    assert writing.state(bill, paper) == "printed"
    told = bill.reads(f"{paper}/away").words
    assert "250 copies" in told
    assert "Rosa" in told


def test_a_reprint_is_the_same_sheet_whatever_the_press_does_since(rosa, bill, paper, press):
    first = writing.printed(rosa, paper)
    press.failure = RuntimeError()
    again = bill.opens(runs(bill, paper)[0])
    assert (again.data, again.headers["Content-Disposition"]) == (first, "attachment; filename=7.pdf")
    lead = writing.pieces(rosa, paper)[0]
    writing.save(rosa, lead, "Other words.", change="words")
    assert bill.opens(runs(bill, paper)[0]).data == first
    assert bill.opens(f"{paper}/printings/{'0' * 8}-0000-0000-0000-{'0' * 12}").status_code == 404


def test_a_thumb_that_taps_twice_prints_one_run(rosa, paper, press):
    sheets = {writing.printed(rosa, paper, form_id="1" * 32) for _ in range(2)}
    assert len(sheets) == 1
    assert len(runs(rosa, paper)) == 1


def test_each_paper_has_a_sheet_of_its_own(rosa, paper, press):
    writing.printed(rosa, paper)
    writing.printed(rosa, paper, paper="letter")
    assert press.printed == ["a4", "letter"]
    assert len(runs(rosa, paper)) == 2


def test_an_unchanged_paper_keeps_no_press_busy(rosa, paper, press):
    before = len(press.printed)
    writing.printed(rosa, paper)
    writing.printed(rosa, paper)
    assert len(press.printed) == before, "it was measured when it was proposed"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"paper": "a5"}, "paper"),
        ({"copies": "many"}, "copies"),
        ({"copies": "-1"}, "copies"),
        ({"paper": ""}, "paper"),
    ],
)
def test_what_is_wrong_with_a_print_run_is_said_once_beside_its_field(rosa, paper, fields, field):
    answer = rosa.sends(f"{paper}/printings", **{"paper": "a4", **fields})
    assert answer.status_code == 422
    told = writing.beside(answer, field)
    assert told in ("Choose A4 or US Letter.", "Give the number in figures, or leave it out.")
    assert runs(rosa, paper) == []


def test_what_is_not_agreed_is_not_printed(rosa, bill):
    paper = writing.begin(rosa, "The lead.")
    assert "once the others have agreed" in rosa.reads(f"{paper}/away").words
    writing.propose(rosa, paper)
    answer = rosa.sends(f"{paper}/printings", paper="a4")
    assert answer.status_code == 409
    assert "not agreed" in errors(answer)
    assert runs(rosa, paper) == []


def test_what_fits_one_paper_and_not_the_other_says_so(rosa, paper, press):
    press.failure = too_long(3, 12)
    answer = rosa.sends(f"{paper}/printings", paper="letter")
    assert answer.status_code == 422
    assert "Side 2 is 3 lines too long: shorten ‘The rota’, or cut about 12 words." in errors(answer)
    press.failure = Busy()
    assert rosa.sends(f"{paper}/printings", paper="letter").status_code in (422, 503)


def test_its_text_is_a_manuscript_that_reads_the_same(rosa, paper):
    answer = rosa.opens(f"{paper}/manuscript")
    assert answer.headers["Content-Disposition"] == "attachment; filename=7.md"
    read = read_manuscript(answer.text)
    assert (read.number, read.masthead, str(read.date)) == ("7", "The Depot Lamp", "2026-11-23")
    assert [piece.text for piece in read.pieces] == ["The lead.", "What came back."]


def test_plain_text_stands_ready_to_be_copied(rosa, paper):
    plain = Page(rosa.opens(f"{paper}/away").text).typed("plain")
    assert "The lead." in plain
    assert "NOBODY DRIVES ALONE" in plain.upper()


def test_each_piece_is_a_card(rosa, paper, press):
    away = rosa.opens(f"{paper}/away").text
    links = re.findall(rf'href="({paper}/cards/\d+)"[^>]* download="([^"]+)"', away)
    assert [name for _, name in links] == [f"7-{number}.png" for number in range(len(links))]
    assert len(links) >= 2
    for number, (path, name) in enumerate(links):
        answer = rosa.opens(path)
        assert answer.data == b"\x89PNG card %d of Nobody drives alone" % number
        assert answer.headers["Content-Disposition"] == f"attachment; filename={name}"
    assert rosa.opens(f"{paper}/cards/x").status_code == 404

    def none(*_: object, **__: object) -> bytes:
        raise LookupError

    press.card = none
    assert rosa.opens(f"{paper}/cards/99").status_code == 404


def test_what_cannot_be_set_has_no_cards_and_says_so(rosa):
    paper = writing.begin(rosa, "The lead.", headline="")
    assert "nothing to share yet" in rosa.reads(f"{paper}/away").words
    answer = rosa.opens(f"{paper}/cards/0")
    assert answer.status_code == 422
    assert "headline" in errors(answer)


def test_all_papers_come_as_one_folder_that_tells_nothing_by_its_names(rosa, paper):
    writing.put_picture(rosa, paper, change="words")
    writing.agreed(writing.begin(rosa, "Another.", headline="Second"), rosa)
    first = writing.begin(rosa, "Gone away.")
    rosa.sends(f"{first}/away")
    answer = rosa.opens(f"{rosa.site}/bulletins/archive")
    assert answer.headers["Content-Disposition"] == "attachment; filename=papers.zip"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as folder:
        names = folder.namelist()
        assert {entry.date_time for entry in folder.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        text = [folder.read(name).decode() for name in names if name.endswith("text.md")]
    shape = re.compile(r"\d{3}-(\d+|sheet)/(text\.md|picture-[0-9a-f]{32}\.(png|jpeg)|\d+-(a4|letter)\.pdf)")
    assert [name for name in names if not shape.fullmatch(name)] == []
    assert sum("The lead." in one for one in text) == 1
    assert any(".png" in name for name in names)


def test_a_folder_holds_each_sheet_as_it_was_printed(rosa, paper):
    sheet = writing.printed(rosa, paper)
    with zipfile.ZipFile(io.BytesIO(rosa.opens(f"{rosa.site}/bulletins/archive").data)) as folder:
        assert folder.read("001-7/1-a4.pdf") == sheet


def test_what_to_do_at_the_copier_is_said_beside_the_pdf(rosa, paper):
    told = rosa.reads(f"{paper}/away").words
    assert "Print at 100 %" in told
    assert "Not on work’s printer" in told


def test_a_machine_without_memory_is_not_the_texts_fault_and_is_forgotten(rosa, paper, press):
    press.failure = Busy(NoSheet.ENDED)
    answer = rosa.sends(f"{paper}/printings", paper="letter")
    assert answer.status_code == 503
    assert say_code(NoSheet.ENDED) in html.unescape(answer.text)
    press.failure = None
    assert rosa.sends(f"{paper}/printings", paper="letter").status_code == 200
