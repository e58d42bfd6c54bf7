"""Pictures: whatever is sent becomes a small gray one that tells nothing, or a sentence; on paper it is black dots."""

from __future__ import annotations

import dataclasses
import io
import re
import struct
import subprocess
import sys
import zlib

import pikepdf
import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageStat

from bulletin.press import fitting, job, pictures, printing, typesetting
from bulletin.press.jobs import Press, Unprintable
from bulletin.press.kinds import KINDS
from bulletin.press.manuscript import ManuscriptError, read
from bulletin.press.mistake import Form, NoSheet, PictureError, TooLong, Unfit, Wrong
from bulletin.press.paper import PAPERS
from bulletin.press.parts import join, split
from bulletin.press.pictures import dots, prepare
from bulletin.sentences import say
from tests.refusals import refused

from . import works

BLOCK = "::: image gate.jpg\nForty people at a closed gate.\n\nThe gate on *Monday*.\n:::\n"
HEAD = "---\nkind: regular\nheadline: Rosa says so\n---\n"


def drawn(size: tuple[int, int] = (600, 400), mode: str = "RGB") -> Image.Image:
    """Dark at its top, light at its bottom, with a black corner at the top left."""
    picture = Image.linear_gradient("L").resize(size)
    ImageDraw.Draw(picture).rectangle((0, 0, size[0] // 3, size[1] // 3), fill=0)
    return picture.convert(mode)


def saved(picture: Image.Image, form: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def told_of(data: bytes) -> str:
    with pytest.raises(PictureError) as caught:
        prepare(data)
    assert str(caught.value) == caught.value.code.name
    assert say(caught.value).endswith(".")
    return say(caught.value)


# What may be kept


@pytest.mark.parametrize(
    ("form", "mode"),
    [
        *(("JPEG", mode) for mode in ("L", "RGB", "CMYK")),
        *(("PNG", mode) for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16")),
        *(("WEBP", mode) for mode in ("RGB", "RGBA")),
        ("MPO", "RGB"),
    ],
)
def test_every_picture_becomes_the_same_small_gray_one(form, mode):
    picture = drawn(mode="L" if mode == "I;16" else mode)
    if mode == "I;16":
        picture = picture.convert("I").point(lambda level: level * 257).convert("I;16")
    found = prepare(saved(picture, form))
    shown = opened(found.bytes)
    assert (shown.format, shown.mode, shown.size) == ("JPEG", "L", (found.width_px, found.height_px))
    assert shown.width / shown.height == pytest.approx(1.5, abs=0.01)
    top, bottom = (
        ImageStat.Stat(shown.crop((shown.width // 2, y, shown.width, y + 40))).mean[0] for y in (0, shown.height - 40)
    )
    assert top < 60 < 195 < bottom


def test_what_is_seen_through_is_white():
    clear = Image.new("RGBA", (300, 200), (0, 0, 0, 0))
    ImageDraw.Draw(clear).rectangle((100, 50, 200, 150), fill=(0, 0, 0, 255))
    shown = opened(prepare(saved(clear, "PNG")).bytes)
    assert shown.getpixel((5, 5)) > 250
    assert shown.getpixel((shown.width // 2, shown.height // 2)) < 5


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_picture_stands_as_it_was_held(form, orientation):
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    picture = drawn((1600, 1200))
    if orientation in undo:
        picture = picture.transpose(undo[orientation])
    exif = Image.Exif()
    exif[pictures.ORIENTATION] = orientation
    shown = opened(prepare(saved(picture, form, exif=exif)).bytes)
    assert shown.width > shown.height
    assert shown.getpixel((20, 20)) < 20, "the black corner is at the top left"
    assert shown.getpixel((20, shown.height - 20)) > 200


def test_nothing_is_left_of_where_and_with_what_it_was_taken():
    exif = Image.Exif()
    exif[0x010F], exif[0x0132] = "Rosas phone", "2026:11:23 05:40:00"
    exif.get_ifd(0x8825).update({1: "N", 2: (53.0, 33.0, 7.0)})
    told = prepare(
        saved(drawn(), "JPEG", exif=exif, comment=b"at the depot", icc_profile=b"a profile", dpi=(72, 72))
    ).bytes
    for trace in (b"Rosa", b"2026", b"depot", b"profile", b"Exif", b"Photoshop"):
        assert trace not in told
    shown = opened(told)
    assert not dict(shown.getexif())
    markers = set(re.findall(rb"\xff([\xe1-\xef\xfe])", told[: told.index(b"\xff\xda")]))
    assert not markers, "no segment of an application and no comment"


def test_the_same_file_gives_the_same_bytes_in_another_process():
    data = saved(drawn(), "PNG")
    script = (
        "import sys; from bulletin.press.pictures import prepare, dots;"
        "kept = prepare(sys.stdin.buffer.read()).bytes; sys.stdout.buffer.write(kept + dots(kept, 58.7))"
    )
    again = subprocess.run([sys.executable, "-c", script], input=data, capture_output=True, check=True)
    kept = prepare(data).bytes
    assert again.stdout == kept + dots(kept, 58.7)


def test_a_picture_a_column_wide_is_small():
    noisy = Image.effect_noise((2400, 1800), 120).filter(ImageFilter.GaussianBlur(2))
    assert len(prepare(saved(noisy, "JPEG"), width_mm=58.7).bytes) <= 150_000
    assert len(prepare(saved(noisy, "JPEG")).bytes) <= 300_000


# What may not


def bomb_png(width: int, height: int) -> bytes:
    """A PNG whose header promises so many dots; there is little behind it."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    nothing = zlib.compress(b"\0" * 1_000_000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", nothing) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "This file is empty"),
        (b"hello", "no picture that we can read: save it as JPEG, PNG or WebP."),
        (b"\0\0\0\x18ftypheic" + bytes(500), "This is a HEIC picture"),
        (b"\0\0\0\x20ftypavif" + bytes(500), "This is an AVIF: save it as"),
        (saved(drawn(), "GIF"), "This is a GIF: save it as"),
        (saved(drawn(), "TIFF"), "This is a TIFF: save it as"),
        (saved(drawn(), "BMP"), "This is a BMP: save it as"),
        (b"%PDF-1.7\n", "This is a PDF"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "This is an SVG"),
        (b'\xef\xbb\xbf<?xml version="1.0"?><svg/>', "This is an SVG"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "no picture that we can read"),
        (bomb_png(60_000, 60_000), "3600 million dots: save it with less than 30 million"),
        (saved(drawn((40, 300)), "PNG"), "too small to be printed: 40 by 300 dots"),
        (saved(drawn((900, 100)), "PNG"), "too long and narrow"),
        (b"\xff\xd8\xff" + bytes(300), "damaged"),
        (b"\x89PNG\r\n\x1a\n" + bytes(300), "damaged"),
        (b"RIFF\x10\0\0\0WEBPVP8 " + bytes(30), "damaged"),
    ],
)
def test_what_is_no_picture_for_us_gets_a_sentence_that_says_what_to_send(data, sentence):
    assert sentence in told_of(data)


def test_a_file_that_is_too_large_is_not_looked_into():
    assert "more than 64 MB" in told_of(b"\xff\xd8\xff" + bytes(pictures.BYTES_MAX))


@pytest.mark.usefixtures("can_print")
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.9])
def test_a_picture_that_ends_too_early_is_not_patched_up(form, share):
    whole = saved(Image.effect_noise((500, 400), 90), form)
    assert printing, "WeasyPrint tells Pillow to patch up what is cut off"
    assert "damaged or ends too early" in told_of(whole[: int(len(whole) * share)])


def test_a_jpeg_of_a_hundred_million_dots_is_read_at_an_eighth_of_them(monkeypatch):
    seen = []
    flat = pictures._flat
    monkeypatch.setattr(pictures, "_flat", lambda picture, size: seen.append(picture.size) or flat(picture, size))
    prepare(saved(Image.new("L", (10_000, 8_000), 90), "JPEG"))
    assert seen == [(1250, 1000)], "Pillow had to make no more of it"


def test_a_jpeg_in_waves_has_a_lower_limit():
    assert prepare(saved(Image.new("L", (3000, 2000), 90), "JPEG", progressive=True))
    assert "less than 40 million" in told_of(saved(Image.new("L", (8000, 6000), 90), "JPEG", progressive=True))


# In a manuscript


def test_a_picture_has_a_name_what_it_shows_and_a_caption():
    (piece,) = read(HEAD + BLOCK, pictures={"gate.jpg"}).pieces
    assert (piece.name, piece.picture, piece.alternative) == ("image", "gate.jpg", "Forty people at a closed gate.")
    assert (piece.text, piece.words, piece.line) == ("The gate on Monday.", 4, 5)
    assert "<em>Monday</em>" in piece.html


@pytest.mark.parametrize("name", ["gate.jpg", "WhatsApp Image 2026-11-23 (1).jpeg", "Tür+Tor,2.png", "gate"])
def test_names_are_as_phones_give_them(name):
    assert read(HEAD + BLOCK.replace("gate.jpg", name)).pieces[0].picture == name


@pytest.mark.parametrize(
    ("block", "sentence"),
    [
        (BLOCK, "Line 5: There is no picture ‘gate.jpg’ here: add it, or leave the block out."),
        ("::: image\nx\n:::", "Line 5: Which picture is it? Write its name"),
        ("::: image gate.jpg\n:::", "Line 5: Say in a line below ‘::: image gate.jpg’ what the picture shows"),
        ("::: image gate.jpg\n- a list\n:::", "Line 5: Below a picture stand a paragraph that says what it shows"),
        ("::: image gate.jpg\na\n\nb\n\nc\n:::", "Line 5: Below a picture stand a paragraph that says what it shows"),
        (f"::: image gate.jpg\n{'word ' * 90}\n:::", "Line 5: Say what the picture shows in at most 400 characters"),
        *(
            (f"::: image {name}\nx\n:::", "is not the name of a picture: write that of the file alone")
            for name in ("../gate.jpg", "/etc/passwd", "a/b.jpg", "C:\\a.jpg", ".hidden", "https://r.example.org/a.jpg",
                         "data:image/png;base64,AA", "picture:0", "x" * 81, '"><b>')
        ),
        ("::: image a.jpg\nx\n:::\n" * 13, "A sheet has at most 12 pictures"),
    ],
)  # fmt: skip
def test_a_picture_that_cannot_be_is_told_by_its_line(block, sentence):
    with pytest.raises(ManuscriptError) as caught:
        read(HEAD + block, pictures={"a.jpg"})
    assert sentence in say(caught.value.with_line)


def test_the_page_finds_it_at_the_address_it_is_given_and_nothing_gets_out_of_its_attribute():
    text = read(HEAD + BLOCK.replace("Forty", '"><script>'))
    html = typesetting.typeset(text, pictures={"gate.jpg": '/p/"1"&2'})
    assert '<img src="/p/&#34;1&#34;&amp;2" alt="&#34;&gt;&lt;script&gt; people at a closed gate.">' in html
    assert "<script>" not in html
    with refused(ManuscriptError, Wrong.PICTURE_MISSING, picture="gate.jpg"):
        typesetting.typeset(text)


def test_it_can_be_taken_apart_and_put_together():
    head, parts = split(HEAD + "Text.\n\n" + BLOCK)
    assert [(part.name, part.title) for part in parts] == [("text", ""), ("image", "gate.jpg")]
    before, after = (read(text).pieces[1] for text in (HEAD + "Text.\n\n" + BLOCK, join(head, parts).text))
    assert dataclasses.replace(after, line=before.line) == before


def test_as_plain_text_a_picture_is_what_it_shows():
    assert "[Picture: Forty people at a closed gate.]\nThe gate on Monday." in typesetting.plain_text(
        read(HEAD + BLOCK)
    )
    spanish = HEAD.replace("---\nkind", "---\nlanguage: es\nkind", 1)
    assert "[Imagen: Forty" in typesetting.plain_text(read(spanish + BLOCK))


# On paper


@pytest.fixture(scope="module")
def kept() -> dict[str, bytes]:
    return {
        "gate.jpg": prepare(saved(drawn(), "JPEG")).bytes,
        "tall.jpg": prepare(saved(drawn((400, 700)), "PNG")).bytes,
    }


def test_dots_are_black_or_white_a_quarter_of_a_millimetre_and_no_higher_than_the_sheet_takes(kept):
    wide, tall = opened(dots(kept["gate.jpg"], 58.7)), opened(dots(kept["tall.jpg"], 188.0))
    assert wide.size == (231, 154)
    assert tall.height == round(80 / 25.4 * 100)
    for picture in (wide, tall):
        assert picture.mode == "L"
        assert {level for _, level in picture.getcolors()} == {0, 255}
    halves = [ImageStat.Stat(wide.crop((100, y, 231, y + 40))).mean[0] for y in (0, 110)]
    assert halves[0] < 90 < 165 < halves[1]


def test_dots_survive_what_a_photocopier_does(kept):
    """Blurred and thresholded at once, as in a copy, there is still more than black and white areas."""
    shades = opened(dots(kept["gate.jpg"], 58.7)).resize((462, 308), Image.Resampling.NEAREST)
    copy = shades.filter(ImageFilter.GaussianBlur(0.9)).point([0] * 135 + [255] * 121)
    bands = [ImageStat.Stat(copy.crop((200, y, 462, y + 30))).mean[0] for y in range(30, 300, 60)]
    assert bands == sorted(bands)
    assert sum(20 < band < 235 for band in bands) >= 3


@pytest.mark.usefixtures("can_print")
@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_have_a_picture(kind, paper, kept, tmp_path, caplog):
    text = f"---\nkind: {kind}\nheadline: Forty at the gate\n---\nOn Monday.\n\n{BLOCK}"
    printed = fitting.press(read(text, pictures=kept), paper, pictures=kept)
    (tmp_path / "sheet.pdf").write_bytes(printed.pdf)
    with pikepdf.open(tmp_path / "sheet.pdf") as document:
        [image] = document.pages[0].get_images().values()
        assert image.ColorSpace == pikepdf.Name.DeviceGray
        assert not image.Interpolate
        everything = "\n".join(repr(item) for item in document.objects)
        assert "Forty people at a closed gate." in everything
        assert "gate.jpg" not in everything
        assert "/Figure" in everything
    assert not caplog.records, "WeasyPrint had something to say"
    assert len(printed.pdf) < 150_000


@pytest.mark.usefixtures("can_print")
def test_a_picture_stays_inside_its_column_and_above_its_foot(kept):
    text = read(HEAD + "We counted the boxes again.\n\n" * 60 + BLOCK.replace("gate", "tall"), pictures=kept)
    galley = fitting.proof(text, PAPERS["a4"], kept).galley
    run = galley.runs[0]
    strip = run.strips[-1]
    assert strip.bottom - strip.top < max(galley.rooms(run))
    assert run.leaves[-1].border_width() == pytest.approx(58.67 * 96 / 25.4, abs=1)


@pytest.mark.usefixtures("can_print")
def test_the_same_pictures_give_the_same_bytes(kept):
    text = read(HEAD + BLOCK + BLOCK.replace("gate", "tall"), pictures=kept)
    first = fitting.press(text, "a4", pictures=kept).pdf
    assert fitting.press(text, "a4", pictures=dict(reversed(kept.items()))).pdf == first


@pytest.mark.usefixtures("can_print")
def test_too_many_pictures_are_told_to_go_one_by_one(kept):
    text = read(f"---\nkind: rights\nheadline: Rosa\n---\nText.\n\n{BLOCK * 9}", pictures=kept)
    with pytest.raises(TooLong) as told:
        fitting.press(text, "a4", pictures=kept)
    assert told.value.code is NoSheet.PICTURE_OUT
    assert "leave out the picture ‘gate.jpg’, or a good part of the text" in say(told.value)


@pytest.mark.usefixtures("can_print")
def test_only_the_pictures_that_were_given_are_fetched(kept):
    fetcher = printing.PicturesFetched({"picture:0": b"its bytes"})
    assert fetcher.fetch("picture:0").read() == b"its bytes"
    for address in ("picture:1", "picture:0?", "file:///etc/passwd", "http://127.0.0.1/", "data:image/png;base64,AA"):
        with pytest.raises(ValueError, match="nothing is fetched"):
            fetcher.fetch(address)


# In the press's own processes


@pytest.fixture(scope="module")
def press() -> Press:
    press = Press()
    press.start()
    assert press.works()
    return press


@pytest.mark.usefixtures("can_print")
def test_the_press_prepares_and_prints_pictures(press):
    data = saved(drawn(), "PNG")
    picture = press.prepare(data)
    assert picture == prepare(data)
    text = read(HEAD + BLOCK, pictures={"gate.jpg"})
    assert press.print(text, pictures={"gate.jpg": picture.bytes}).pdf.startswith(b"%PDF")
    with pytest.raises(Unprintable) as caught:
        press.print(text)
    assert say(caught.value).startswith("Line 5: There is no picture ‘gate.jpg’ here")
    assert caught.value.line == 5
    with refused(PictureError, Unfit.OTHER_FORM, form=Form.GIF):
        press.prepare(saved(drawn(), "GIF"))


@pytest.mark.usefixtures("can_print")
def test_a_picture_that_takes_too_long_is_given_up(press, monkeypatch):
    monkeypatch.setattr(press, "_wall_s", 0.5)
    monkeypatch.setattr(job, "picture", works.asleep)
    with refused(PictureError, Unfit.TOO_MUCH):
        press.prepare(saved(drawn(), "PNG"))


@pytest.mark.usefixtures("can_print")
def test_the_process_that_asks_never_opens_a_picture():
    script = (
        "import io, sys; from bulletin.press import jobs\n"
        "if __name__ == '__main__':\n"
        "    press = jobs.Press(); press.start()\n"
        "    assert press.prepare(sys.stdin.buffer.read()).width_px\n"
        "    assert 'PIL' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", script], input=saved(drawn(), "PNG"), check=True)
