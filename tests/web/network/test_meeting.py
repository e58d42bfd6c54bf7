"""Paper for a meeting: what sites told, in their words; a sentence over it has a name; who took it is written down."""

from __future__ import annotations

import collections
import random
import re
import subprocess

import pytest
from hypothesis import given, settings, strategies as st
from PIL import Image

from bulletin.db import db
from bulletin.demo import network
from bulletin.demo.network import Size
from bulletin.press import fitting, manuscript, typesetting
from bulletin.press.jobs import Sheet
from bulletin.press.mistake import NoSheet, TooLong
from bulletin.press.typesetting import Setting
from bulletin.web.network import meeting
from tests.homes import ON_SQLITE
from tests.press.test_photocopier import BLACK_BELOW, DPI, output, photocopied, words as seen
from tests.web.house import errors, house, read  # noqa: F401
from tests.web.network.four_sites import four, put  # noqa: F401
from tests.web.network.many_sites import dozen  # noqa: F401
from tests.web.network.three_sites import asks, deed, tells, three  # noqa: F401
from tests.web.writing import one_house, settled  # noqa: F401

HEAD = "---\nkind: regular\nheadline: One\n---\n"
LIKE_MARKUP = ["::: side", "# Head", "1. One", "- point", "[a](https://x.example)", "***", "---", "<b>"]


class Keeps:
    """A press that keeps what it is to print, and says of the first ones that they are too long."""

    def __init__(self, too_long: int = 0) -> None:
        self.manuscripts, self.too_long = [], too_long

    def print(self, taken, *, paper="a4"):
        self.manuscripts.append(taken)
        if len(self.manuscripts) <= self.too_long:
            raise TooLong(NoSheet.ON_LINE_TALL, line=9, number="9")
        return Sheet(pdf=b"%PDF", setting=Setting(size_pt=10.0, sides=1), fullness=(0.5,), warm=True)

    @property
    def text(self) -> str:
        return " ".join(typesetting.plain_text(self.manuscripts[-1]).split())


def prints(people, press=None, **fields):
    press = press or Keeps()
    people["rosa"].client.application.extensions["press"] = press
    return people["rosa"].sends("/network/paper", **{"paper": "a4", **fields}), press


@ON_SQLITE
def test_few_sites_stand_in_their_own_words_and_nothing_is_counted(three):  # noqa: F811
    asks(three["dave"], "A *printer* for ::: 200 | sheets")
    answer, press = prints(three)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert "Mill Lane: We need: A *printer* for ::: 200 | sheets" in press.text
    assert "of 3" not in press.text
    assert "Who can help Mill Lane?" in press.text
    assert "took along" in read(three["rosa"].opens(f"{three['rosa'].site}/events")).words


@ON_SQLITE
def test_many_sites_are_counted_and_each_is_quoted_by_name(dozen):  # noqa: F811
    _, press = prints(dozen)
    assert re.search(r"comes up in \d+ of \d+ groups", press.manuscripts[0].headline)
    assert re.search(r"Staffing.{,20}\b1\b", press.text)
    assert "(made up): The rota" in press.text


@ON_SQLITE
def test_the_sentence_over_it_has_a_name(dozen):  # noqa: F811
    answer, press = prints(dozen, sentence="The nights carry it alone", name="")
    assert answer.status_code == 422
    assert "Write the name" in str(errors(answer))
    assert 'value="The nights carry it alone"' in answer.text
    assert press.manuscripts == []
    _, press = prints(dozen, sentence="The nights carry it alone", name="Rosa of the Depot")
    assert press.manuscripts[0].headline == "The nights carry it alone"
    assert "The sentence over it is by Rosa of the Depot." in press.manuscripts[0].imprint


@ON_SQLITE
def test_what_sites_only_read_is_not_to_be_passed_on_and_else_it_is(three):  # noqa: F811
    rosa, dave = three["rosa"], three["dave"]
    assert tells(rosa, deed(rosa), "anyone").status_code == 303
    _, press = prints(three)
    assert "Depot North" in press.text
    sheet = typesetting.typeset(press.manuscripts[0])
    assert "Free. Pass it on." in sheet
    asks(dave, "A printer")
    _, press = prints(three)
    assert "not to be passed on" in press.manuscripts[0].for_whom
    sheet = typesetting.typeset(press.manuscripts[0])
    assert "Free. Pass it on." not in sheet
    assert "not to be passed on" in sheet


@ON_SQLITE
def test_what_sites_ask_is_a_question_of_the_day_for_who_decides_and_nobody_else(four):  # noqa: F811
    put(four, "dave", what="Orange *stickers*.")
    put(four, "ada", "asked", member="", name="Ines")
    _, press = prints(four)
    assert "Mill Lane proposes: Orange *stickers*. Are we in? (until" in press.text
    assert "Shall Ines be asked to do this for all of us? Keep the list of printers" in press.text
    assert "not to be passed on" in press.manuscripts[0].for_whom
    _, press = prints({"rosa": four["cleo"]})
    assert not re.search("stickers|Ines", press.text), "she does not decide yet"


@pytest.mark.attack
@ON_SQLITE
@pytest.mark.usefixtures("can_print")
@pytest.mark.parametrize("sites", [4, 12])
@pytest.mark.parametrize("black_below", [BLACK_BELOW, 120])
def test_nine_in_ten_of_its_words_are_read_after_three_photocopies(need, three, tmp_path, sites, black_below):  # noqa: F811
    pdftoppm, tesseract = need("pdftoppm"), need("tesseract")
    with three["rosa"].app.app_context():
        network.fill(Size(sites=sites), sheet=b"%PDF made up")
        db.session.commit()
    _, press = prints(three)
    path = tmp_path / "paper.pdf"
    path.write_bytes(fitting.press(press.manuscripts[0], "a4").pdf)
    subprocess.run([pdftoppm, "-r", str(DPI), "-gray", path, tmp_path / "side"], check=True)
    shares = []
    for seed in (1, 2, 3):
        chance, clean, copied = random.Random(seed), collections.Counter(), collections.Counter()  # noqa: S311
        for side in sorted(tmp_path.glob("side*.pgm")):
            copy = side.with_suffix(".png")
            photocopied(Image.open(side), chance, black_below=black_below).save(copy)
            clean += seen(output(tesseract, side, "-", "--psm", "1", "--dpi", str(DPI)))
            copied += seen(output(tesseract, copy, "-", "--psm", "1", "--dpi", str(DPI)))
        shares.append((clean & copied).total() / clean.total())
    assert sum(shares) / len(shares) >= 0.9, shares


@ON_SQLITE
def test_as_much_is_quoted_as_fits(dozen):  # noqa: F811
    answer, press = prints(dozen, Keeps(too_long=2))
    assert answer.status_code == 200
    lengths = [len(typesetting.plain_text(one)) for one in press.manuscripts]
    assert len(lengths) == 3
    assert lengths == sorted(lengths, reverse=True)


@ON_SQLITE
def test_what_no_press_prints_is_said_and_what_was_typed_stays(dozen):  # noqa: F811
    answer, _press = prints(dozen, Keeps(too_long=99), sentence="The nights carry it alone", name="Rosa")
    assert answer.status_code == 422
    assert 'value="The nights carry it alone"' in answer.text


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(codec="ascii", categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=80))
def test_nothing_that_somebody_wrote_is_markup(words):
    text = f"{HEAD}First.\n\n::: article Two\n**A**: {meeting._plain(words)}.\n:::\n"
    (_, piece) = manuscript.read(text).pieces
    assert not re.search(r"<(?!/?(p|b|strong|span|br)\b)", piece.html), piece.html
    letters = re.sub(r"\W", "", words)
    assert letters in re.sub(r"\W", "", typesetting.plain_text(manuscript.read(text)))


@pytest.mark.parametrize(
    "words", ["::: side", "# Head", "1. One", "- point", "[a](https://x.example)", "***", "---", "<b>"]
)
def test_nor_is_what_looks_like_it(words):
    text = f"{HEAD}::: article Two\n{meeting._plain(words)}\n:::\n"
    (piece,) = manuscript.read(text).pieces
    assert not re.search(r"<(h\d|li|a|hr|b)\b", piece.html)
