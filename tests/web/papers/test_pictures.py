"""Pictures come from a phone: made ready, told in words; what cannot be taken says why, and nothing typed is lost."""

from __future__ import annotations

import re
import struct
import zlib

import pytest

from bulletin.domain.papers.pictures import PICTURES_MAX
from bulletin.press import pictures
from bulletin.press.jobs import Busy
from bulletin.press.mistake import PictureError, Unfit
from tests.homes import ON_SQLITE
from tests.web import writing
from tests.web.conftest import Page
from tests.web.house import Person
from tests.web.writing import PICTURE, cast, one_house, settled  # noqa: F401

pytestmark = ON_SQLITE
TYPED = {"alt": "Forty people at a gate", "caption": "On Monday", "side": "2", "agreed": "no"}


@pytest.fixture
def rosa(cast) -> Person:  # noqa: F811
    return cast["rosa"]


@pytest.fixture
def paper(rosa) -> str:
    return writing.begin(rosa, "The lead.")


def keeps_all_that_was_typed(answer) -> bool:
    page = Page(answer.text)
    values = {attrs.get("value") for attrs in page.all("input")}
    chosen = {attrs["value"] for attrs in page.all("input") if "checked" in attrs}
    return {TYPED["alt"], TYPED["caption"]} <= values and {TYPED["side"], TYPED["agreed"]} <= chosen


def taken(person: Person, paper: str) -> list[str]:
    return re.findall(r"::: image (\S+)", writing.manuscript(person, paper))


def really(press, monkeypatch) -> None:
    """Let the press look into what it gets, as its child processes do."""
    monkeypatch.setattr(press, "prepare", lambda data: pictures.prepare(data))


def png(width: int, height: int) -> bytes:
    """A gray picture of so many dots, few bytes as a file."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packer = zlib.compressobj(9)
    row = b"\0" * (width + 1)
    data = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def test_a_picture_becomes_a_piece_on_its_side(rosa, paper):
    answer = writing.put_picture(rosa, paper, **TYPED)
    assert answer.status_code == 303
    assert answer.location == paper
    (name,) = taken(rosa, paper)
    assert f"::: image {name}\nForty people at a gate\n\nOn Monday\n:::" in writing.manuscript(rosa, paper)
    assert "::: side" in writing.manuscript(rosa, paper)
    assert "IMG_0001" not in rosa.opens(paper).text
    (path,) = set(re.findall(rf"{paper}/pictures/{writing.ID}", rosa.opens(paper).text))
    shown = rosa.opens(path)
    assert shown.data.startswith(b"\x89PNG")
    assert (shown.content_type, shown.headers["Cache-Control"]) == ("image/png", "no-store")


def test_sent_twice_it_is_one(rosa, paper):
    for _ in range(2):
        assert writing.put_picture(rosa, paper, form_id="1" * 32, **TYPED).status_code == 303
    assert len(taken(rosa, paper)) == 1


def test_whether_those_in_it_agreed_is_asked_until_they_did(rosa, paper):
    writing.put_picture(rosa, paper, **TYPED)
    assert "Has everybody in this picture agreed" in rosa.reads(paper).words
    other = writing.begin(rosa, "The lead.")
    writing.put_picture(rosa, other, **{**TYPED, "agreed": "nobody"})
    assert "Has everybody in this picture agreed" not in rosa.reads(other).words


def test_words_that_are_too_long_are_said_beside_their_field(rosa, paper):
    answer = writing.put_picture(rosa, paper, **{**TYPED, "alt": "x" * 301})
    assert answer.status_code == 422
    assert writing.beside(answer, "alt")
    assert "On Monday" in answer.text
    assert taken(rosa, paper) == []


def test_without_a_picture_it_says_so(rosa, paper):
    for answer in (
        writing.put_picture(rosa, paper, b"", **TYPED),
        rosa.sends(f"{paper}/pictures", **TYPED),
        rosa.sends(f"{paper}/pictures", **TYPED, file="IMG_0001.jpg"),
    ):
        assert answer.status_code == 422
        assert writing.beside(answer, "file") == "Choose a picture."
        assert keeps_all_that_was_typed(answer)


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (SVG, "This is an SVG: save it as JPEG, PNG or WebP."),
        (b"GIF89a" + bytes(50), "This is a GIF"),
        (b"\0\0\0\x18ftypheic" + bytes(50), "HEIC"),
        (b"\xff\xd8\xff" + bytes(50), "damaged"),
        (b"Words.", "no picture that we can read"),
    ],
)
def test_what_is_no_picture_for_us_says_what_to_do(rosa, paper, press, monkeypatch, content, sentence):
    really(press, monkeypatch)
    answer = writing.put_picture(rosa, paper, content, **TYPED)
    assert answer.status_code == 422
    assert sentence in writing.beside(answer, "file")
    assert keeps_all_that_was_typed(answer)
    assert taken(rosa, paper) == []


def test_a_decompression_bomb_is_refused_before_it_goes_off(rosa, paper, press, monkeypatch):
    really(press, monkeypatch)
    bomb = png(20_000, 2_000)
    assert len(bomb) < 100_000
    answer = writing.put_picture(rosa, paper, bomb, **TYPED)
    assert answer.status_code == 422
    assert writing.beside(answer, "file")
    assert keeps_all_that_was_typed(answer)


@pytest.mark.parametrize("size_mb", [25.5, 60])
def test_a_picture_that_is_far_too_big_says_so_and_the_form_is_kept(rosa, paper, press, size_mb):
    answer = writing.put_picture(rosa, paper, PICTURE + bytes(int(size_mb * 1024 * 1024)), **TYPED)
    assert answer.status_code in (413, 422)
    assert writing.beside(answer, "file") == "This file is too big: choose one of less than 25 MB."
    assert keeps_all_that_was_typed(answer)
    assert taken(rosa, paper) == []


def test_where_every_press_is_taken_or_breaks_the_form_is_kept(rosa, paper, press, monkeypatch):
    for error, status in ((Busy(), 503), (PictureError(Unfit.STUMBLED), 422)):

        def prepare(_: bytes, error: Exception = error) -> None:
            raise error

        monkeypatch.setattr(press, "prepare", prepare)
        answer = writing.put_picture(rosa, paper, **TYPED)
        assert answer.status_code == status
        assert writing.beside(answer, "file")
        assert keeps_all_that_was_typed(answer)


def test_eight_are_enough_and_one_taken_out_makes_room(rosa, paper):
    for _ in range(PICTURES_MAX):
        assert writing.put_picture(rosa, paper, **TYPED).status_code == 303
    answer = writing.put_picture(rosa, paper, **TYPED)
    assert answer.status_code == 422
    assert "take one out first" in writing.beside(answer, "file")
    assert rosa.sends(f"{writing.pieces(rosa, paper)[-1]}/deletion").status_code == 303
    assert writing.put_picture(rosa, paper, **TYPED).status_code == 303


def test_what_is_said_of_it_is_mended_on_its_own_page(rosa, paper):
    writing.put_picture(rosa, paper, **TYPED)
    piece = writing.pieces(rosa, paper)[-1]
    page = rosa.reads(piece)
    assert writing.save(rosa, piece, "Fifty people", page=page, title=page.hidden["title"]).status_code == 303
    assert "Fifty people" in writing.manuscript(rosa, paper)
    assert len(taken(rosa, paper)) == 1


def test_the_file_is_asked_first_and_nothing_else_has_to_be_there(rosa, paper):
    form = rosa.opens(f"{paper}/pictures/new").text
    assert form.index('type="file"') < form.index('name="alt"') < form.index('name="agreed"')
    answer = writing.put_picture(rosa, paper, alt="", caption="", agreed="perhaps")
    piece = answer.location
    assert piece in writing.pieces(rosa, paper), "where its words are asked for"
    assert "not printed until somebody says what can be seen in it" in rosa.reads(paper).words
    writing.save(rosa, piece, "A gate.", title=rosa.reads(piece).hidden["title"])
    assert len(taken(rosa, paper)) == 1
    assert "They have agreed" in rosa.opens(paper).text
    assert "not printed until" not in rosa.reads(paper).words
