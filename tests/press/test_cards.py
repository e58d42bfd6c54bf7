"""Cards: one article each, large enough to be read in a chat, nothing cut off."""

from __future__ import annotations

import collections
import io
import re
import subprocess
import sys
import time

import pypdfium2
import pytest
from PIL import Image, ImageOps

from bulletin.press import cards
from bulletin.press.jobs import Press, Unprintable
from bulletin.press.kinds import KINDS
from bulletin.press.manuscript import Manuscript, read
from bulletin.press.mistake import NoSheet, TooLong
from bulletin.press.pictures import prepare
from bulletin.sentences import say

from .conftest import CASES, case
from .test_photocopier import output, words

pytestmark = pytest.mark.usefixtures("can_print")

SOME = [("meeting", "en"), ("poster", "es")]
# Each sort of piece, and two samples whole; the rest in `make attack`.
SAMPLES = [
    pytest.param(kind.name, language, (), marks=[] if (kind.name, language) in SOME else pytest.mark.attack)
    for kind in KINDS.values()
    for language in kind.samples
] + [("no-deal", "es", (1, 8)), ("strike", "es", (8,))]  # a table, a quotation, an echo
MARGIN_PX = 36
WORDS_READ_MIN = 0.95

POLISH = """Pięćdziesięcioosobowa zmiana nocna przepracowała w listopadzie dwieście osiemdziesiąt nadgodzin, których
nikt nie zarejestrował. Przedstawicielka przedsiębiorstwa odpowiedziała, że odpowiedzialność spoczywa na podwykonawcy.
Podwykonawca odpowiedział, że współodpowiedzialność ponosi przedsiębiorstwo. Zarejestrowaliśmy więc wszystko sami.

"""
TABLE = """| Stanowisko | Nadgodziny | Wynagrodzenie | Niewypłacone | Termin |
|---|---|---|---|---|
| Kompletacja zamówień | trzydzieści pięć | czterdzieści złotych | połowa wynagrodzenia | październik |
| Magazynier | dziewiętnaście | pięćdziesiąt złotych | wszystko | grudzień |
"""


@pytest.fixture(scope="module")
def press() -> Press:
    press = Press()
    press.start()
    assert press.works()
    return press


def sample(kind: str, language: str = "en") -> Manuscript:
    return read(KINDS[kind].samples[language])


def drawn(manuscript: Manuscript, number: int, kept: dict[str, bytes] | None = None) -> Image.Image:
    """A card; its margins are found to be white and its size to be right."""
    return looked_at(cards.press(manuscript, number, kept))


def looked_at(png: bytes) -> Image.Image:
    """The same, for one that was made already."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    card = Image.open(io.BytesIO(png)).convert("L")
    assert card.size == (1080, 1350)
    left, top, right, bottom = ImageOps.invert(card).point(lambda level: 255 * (level > 60)).getbbox()
    assert min(left, top, card.width - right, card.height - bottom) >= MARGIN_PX
    return card


def text_of(manuscript: Manuscript, number: int) -> str:
    """The words of a card."""
    return text_in(pdf_of(manuscript, number))


def pdf_of(manuscript: Manuscript, number: int) -> bytes:
    """A card before it becomes a picture."""
    piece = manuscript.pieces[number - 1] if number else None
    return bytes(cards.lay_out(manuscript, piece, {}).write_pdf())


def text_in(pdf: bytes) -> str:
    """The words of a card as its PDF has them, before it becomes a picture; divided ones are joined."""
    document = pypdfium2.PdfDocument(pdf)
    assert len(document) == 1
    text = document[0].get_textpage().get_text_range()
    return re.sub(r"[-\u2010\xad\ufffe\x02]\r?\n", "", text).replace("\xa0", " ").replace("\r\n", " ")


def in_words(text: str) -> collections.Counter[str]:
    return collections.Counter(re.findall(r"\w+", text.lower()))


@pytest.mark.parametrize(("kind", "language", "only"), SAMPLES)
def test_every_piece_of_every_sample_makes_a_card_with_all_its_words(kind, language, only, caplog):
    manuscript, too_long = sample(kind, language), []
    for number, piece in enumerate(manuscript.pieces, start=1):
        if only and number not in only:
            continue
        try:
            pdf = cards.lay_out(manuscript, piece, {}).write_pdf()
        except TooLong:
            too_long.append(piece.words)
            continue
        png = cards.picture(pdf, cards.GRAYS)
        assert Image.open(io.BytesIO(png)).size == (1080, 1350)
        assert len(png) <= 150_000
        shown = in_words(text_in(pdf))
        written = in_words(re.sub(r"(?m)^\s*[\d-]+\.? ", "", piece.text) + " " + piece.title)
        missing = written - shown
        # A hyphen at the end of a line may have been the writer's own.
        assert not [word for word in missing if not any(word in other for other in shown)], number
    assert all(count > 260 for count in too_long)
    assert [record.getMessage() for record in caplog.records] == []


@pytest.mark.parametrize("kind", ["regular", "meeting", "solidarity"])
def test_the_first_card_is_the_headline(kind):
    manuscript = sample(kind)
    pdf = pdf_of(manuscript, 0)
    looked_at(cards.picture(pdf, cards.GRAYS))
    shown = in_words(text_in(pdf))
    for part in (manuscript.headline, manuscript.strapline, manuscript.masthead, manuscript.number):
        assert not in_words(part) - shown
    assert manuscript.reply.removeprefix("https://") in text_in(pdf)


def test_a_card_says_whose_it_is_and_where_to_answer():
    text = text_of(case("regular-northfield"), 2)
    assert "THE NORTHFIELD DRIVER" in text.upper()
    assert "No. 7 · The Northfield Driver" in text
    assert re.search(r"Write to us: ?r\.example\.org/k7", text)


def test_the_text_that_begins_a_bulletin_has_its_headline_above_it_and_a_quotation_has_none():
    manuscript = sample("solidarity")
    assert manuscript.pieces[0].name == "quote"
    assert manuscript.headline not in text_of(manuscript, 1)
    strike = sample("strike")
    assert strike.headline in text_of(strike, 1)


@pytest.mark.parametrize(
    ("kind", "number"),
    [("strike", 5), ("no-deal", 2)]
    + [pytest.param(*one, marks=pytest.mark.attack) for one in (("strike", 2), ("regular", 1))],
)
def test_its_words_are_read_at_half_its_size(kind, number, need, tmp_path):
    manuscript = sample(kind)
    card = drawn(manuscript, number)
    card.resize((540, 675), Image.Resampling.LANCZOS).save(tmp_path / "card.png")
    seen = words(output(need("tesseract"), tmp_path / "card.png", "-", "--psm", "4", "--dpi", "100"))
    printed = words(manuscript.pieces[number - 1].text)
    share = (printed & seen).total() / printed.total()
    assert share >= WORDS_READ_MIN, f"{share:.1%}; gone are {', '.join(printed - seen)}"


def test_two_hundred_and_fifty_words_have_room(written):
    sentence = "We counted the boxes on the belt again and nobody from the office came to look. "
    body = (sentence * 3 + "\n\n") * 5 + sentence
    piece = written(body).pieces[0]
    assert 240 <= piece.words <= 260
    drawn(written(body), 1)


def test_a_piece_that_is_too_long_is_told_how_long_it_may_be(press, written):
    sentence = "We counted the boxes on the belt again and nobody from the office came to look. "

    def sent(count: int) -> Manuscript:
        paragraphs = [sentence * 3] * (count // 3)
        return written("::: article The boxes\n" + "\n\n".join(paragraphs) + "\n:::\n")

    with pytest.raises(Unprintable) as told:
        press.card(sent(60), 1)
    assert told.value.code is NoSheet.CARD_TITLED
    room = told.value.values["words"]
    assert say(told.value) == f"‘The boxes’ is too long for a card: shorten it to about {room} words."
    fits = max(count for count in range(3, 60, 3) if sent(count).pieces[0].words <= room)
    drawn(sent(fits), 1)
    assert room > 0.8 * 280


def test_a_very_long_piece_is_refused_soon(written):
    started = time.process_time()
    with pytest.raises(TooLong) as told:
        cards.press(written("We counted the boxes on the belt again. " * 150 + "\n\n" + "Again. " * 900), 1)
    assert told.value.code is NoSheet.CARD_TEXT
    assert "about" in say(told.value)
    assert time.process_time() - started < 5


def test_long_words_are_divided_as_their_language_does_and_those_of_a_table_are_not(written):
    text = written(POLISH * 3 + TABLE, language="pl", headline="Współodpowiedzialność przedsiębiorstwa")
    pdf = pdf_of(text, 1)
    looked_at(cards.picture(pdf, cards.GRAYS))
    raw = pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range()
    for word in re.findall(r"\w{5,}", TABLE):
        assert word in raw


def test_a_table_whose_words_have_no_room_divides_them(written):
    row = "| " + " | ".join(["niedyskryminowania współodpowiedzialność"] * 6) + " |\n"
    text = written(row + "|---" * 6 + "|\n" + row, language="pl")
    drawn(text, 1)


@pytest.mark.parametrize("number", [0, 1])
def test_the_longest_of_everything_stays_inside_its_margins(written, number):
    text = written(
        "W" * 200,
        headline="Nobody drives alone and nobody is sent home alone, whatever the office says, on any shift at all",
        strapline="Every grade, every shift, one vote. " * 6,
        masthead="The Northfield and Greyhithe Drivers and Loaders Own Paper"[:60],
        number="12345678901234567890",
        date="2026-11-23",
        reply="https://r.example.org/" + "n" * 170,
    )
    drawn(text, number)


@pytest.mark.parametrize("number", [0, 1])
def test_a_bulletin_that_says_nothing_of_itself_has_cards_too(written, number):
    drawn(written("Text."), number)


@pytest.mark.parametrize(("size", "caption"), [((1600, 1000), "The gate on *Monday*."), ((800, 1200), "")])
def test_a_picture_goes_across_the_card(written, size, caption, press):
    data = io.BytesIO()
    Image.linear_gradient("L").resize(size).save(data, "PNG")
    kept = {"gate.jpg": prepare(data.getvalue()).bytes}
    source = f"---\nkind: regular\nheadline: Rosa\n---\n::: image gate.jpg\nA gate.\n\n{caption}\n:::\n"
    text = read(source, pictures=kept)
    card = drawn(text, 1, kept)
    assert len(card.getcolors()) > 40
    assert len(press.card(text, 1, pictures=kept)) <= 400_000
    with pytest.raises(Unprintable) as told:
        press.card(text, 1)
    assert "no picture ‘gate.jpg’" in say(told.value)
    press.card(text, 0)  # which shows no picture


def test_a_card_comes_back_from_the_press_and_there_are_no_others(press, northfield):
    assert press.card(northfield, 0).startswith(b"\x89PNG")
    for number in (-1, len(northfield.pieces) + 1, 10**6):
        with pytest.raises(LookupError):
            press.card(northfield, number)


def test_a_warm_press_makes_a_card_soon(press, northfield, monkeypatch):
    """How soon it is in seconds, `make bench` says; what takes them is setting the type, again for each size tried."""
    assert press.works()  # from a warm server
    set_once, tried = cards.printing.set_type, []

    def counted(*args):
        tried.append(args)
        return set_once(*args)

    monkeypatch.setattr(cards.printing, "set_type", counted)
    for number in (0, 1, 2):
        tried.clear()
        cards.press(northfield, number)
        assert 1 <= len(tried) <= 10, number


def test_a_card_says_nothing_but_what_it_shows(northfield):
    png = cards.press(northfield, 3)
    assert Image.open(io.BytesIO(png)).info == {}
    names, at = [], 8
    while at < len(png):
        names.append(png[at + 4 : at + 8])
        at += 12 + int.from_bytes(png[at : at + 4])
    assert set(names) <= {b"IHDR", b"PLTE", b"IDAT", b"IEND"}


def test_the_same_words_give_the_same_bytes_in_another_process(press, northfield):
    script = (
        "import pathlib, sys; from bulletin.press import cards, manuscript;"
        "text = manuscript.read(pathlib.Path(sys.argv[1]).read_bytes());"
        "sys.stdout.buffer.write(cards.press(text, 5))"
    )
    path = CASES / "regular-northfield.md"
    again = subprocess.run([sys.executable, "-c", script, path], capture_output=True, check=True)
    assert again.stderr == b""
    assert again.stdout == cards.press(northfield, 5) == press.card(northfield, 5)


def test_its_html_has_no_style_of_its_own_and_no_addresses(northfield):
    for piece in (None, *northfield.pieces):
        html = cards.typeset(northfield, piece, cards.Setting(20.0, 40.0))
        assert " style=" not in html
        assert "<script" not in html
        assert "<link" not in html
        assert "src=" not in html


def test_what_somebody_writes_stays_words():
    nasty = "<b>&amp;</b>"
    text = read(f"---\nkind: regular\nheadline: {nasty!r}\nmasthead: {nasty!r}\n---\n::: quote {nasty}\n{nasty}\n:::\n")
    for piece in (None, *text.pieces):
        html = cards.typeset(text, piece, cards.Setting())
        assert "&lt;b&gt;" in html
        assert nasty not in html
