"""The file that comes out: black, tagged, ours alone, and the same each time."""

from __future__ import annotations

import re
import subprocess
import sys
import unicodedata

import pikepdf
import pytest

from bulletin.press import fitting
from bulletin.press.manuscript import read

from .conftest import CASES, pressed

pytestmark = pytest.mark.usefixtures("can_print")


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return pressed("regular-northfield")


@pytest.fixture
def opened(pdf, tmp_path):
    (tmp_path / "sheet.pdf").write_bytes(pdf)
    with pikepdf.open(tmp_path / "sheet.pdf") as document:
        yield document


def strings(document: pikepdf.Pdf) -> str:
    return "\n".join(repr(item) for item in document.objects)


def test_black_means_black(opened):
    operators = {str(op) for page in opened.pages for _, op in pikepdf.parse_content_stream(page)}
    assert "g" in operators
    assert not operators & {"rg", "RG", "k", "K", "cs", "CS", "sc", "scn", "SC", "SCN", "sh"}
    assert "RGB" not in strings(opened)
    assert "/Lab" not in strings(opened)


def test_it_says_nothing_of_who_made_it_when_or_where(opened, pdf):
    assert "/Info" not in opened.trailer
    assert "/ID" not in opened.trailer
    metadata = bytes(opened.Root.Metadata.read_bytes()).decode()
    assert set(re.findall(r"<(\w+:\w+)", metadata)) <= {
        *("x:xmpmeta", "rdf:RDF", "rdf:Description", "rdf:Alt", "rdf:li", "dc:title")
    }
    assert "The Northfield Driver 7" in metadata
    everything = pdf.decode("latin-1") + strings(opened) + metadata
    for trace in (
        "WeasyPrint",
        "weasyprint",
        "pydyf",
        "Creat",
        "ModDate",
        "Producer",
        "/usr/",
        "/home/",
        "20261",
    ):
        assert trace not in everything


def test_it_is_tagged_and_says_its_language(opened):
    assert bool(opened.Root.MarkInfo.Marked)
    assert str(opened.Root.Lang) == "en"
    assert b'pdfuaid:part="1"' in opened.Root.Metadata.read_bytes()
    tags = re.findall(r"'/S': pikepdf.Name\(\"(/\w+)\"\)", strings(opened)) or re.findall(
        r'"/S": "(/\w+)"', strings(opened)
    )
    assert {"/H1", "/H2", "/P", "/Sect", "/Art", "/Figure"} <= set(tags)
    assert "QR code of the address: r.example.org/k7" in strings(opened)


def test_all_its_faces_are_ours_and_inside(pdf, tmp_path, need):
    (tmp_path / "sheet.pdf").write_bytes(pdf)
    listed = subprocess.run([need("pdffonts"), tmp_path / "sheet.pdf"], capture_output=True, text=True, check=True)
    rows = listed.stdout.splitlines()[2:]
    assert rows
    for row in rows:
        assert "Bulletin" in row, row
        assert re.search(r"\byes\s+yes\s+yes\b", row), row


def test_the_same_manuscript_gives_the_same_bytes_in_another_process(pdf):
    script = (
        "import pathlib, sys; from bulletin.press import fitting, manuscript;"
        "sys.stdout.buffer.write(fitting.press(manuscript.read(pathlib.Path(sys.argv[1]).read_bytes()), 'a4').pdf)"
    )
    path = CASES / "regular-northfield.md"
    again = subprocess.run([sys.executable, "-c", script, path], capture_output=True, check=True)
    assert again.stdout == pdf
    assert again.stderr == b""


LANGUAGES = {
    "pl": "Zażółć gęślą jaźń",
    "tr": "Pijamalı hasta yağız şoföre çabucak güvendi",
    "vi": "Chị ấy nghỉ việc vì lương thấp, ữ ẫ ở",
    "el": "Ξεσκεπάζω την ψυχοφθόρα βδελυγμία",
    "uk": "Щастям б’єш жук їх глицю в фон й ґедзь пріч",
    "ru": "Съешь же ещё этих мягких французских булок",
    "ro": "Muzicologă în bej vând whisky și tequila, preț fix",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_letters_of_a_language_are_printed_by_our_faces(language, tmp_path, need, caplog):
    words = LANGUAGES[language]
    text = f"---\nkind: regular\nheadline: {words}\nlanguage: {language}\n---\n{words}. **{words}** *{words}*\n"
    (tmp_path / "sheet.pdf").write_bytes(fitting.press(read(text), "a4").pdf)
    printed = subprocess.run(
        [need("pdftotext"), tmp_path / "sheet.pdf", "-"], capture_output=True, text=True, check=True
    )
    found = unicodedata.normalize("NFC", printed.stdout)
    for word in words.replace(",", "").split():
        assert word in found
    assert not caplog.records, "WeasyPrint had something to say"


def test_emoji_are_printed_in_black_by_a_face_of_ours(tmp_path, need, caplog):
    text = "---\nkind: regular\nheadline: We won 🎉\n---\nCome ✊🏿 all, ☑ done, **🔥 now**, *☎ us* and ❤️ it.\n"
    path = tmp_path / "sheet.pdf"
    path.write_bytes(fitting.press(read(text), "a4").pdf)
    printed, listed = (
        subprocess.run([need(tool), path, *to], capture_output=True, text=True, check=True).stdout
        for tool, to in (("pdftotext", ["-"]), ("pdffonts", []))
    )
    assert "Come ✊ all, ☑ done, 🔥 now, ☎ us and ❤ it." in " ".join(printed.split())
    assert "We won 🎉" in " ".join(printed.split())
    assert "Bulletin-Signs" in listed
    assert caplog.records == []
    with pikepdf.open(path) as document:
        fonts = [page.Resources.Font for page in document.pages]
        assert not any("/CharProcs" in font for each in fonts for font in each.values()), "no pictures for letters"


def test_a_fetch_is_refused_whatever_it_asks_for():
    from bulletin.press.printing import NothingFetched

    for address in ("file:///etc/passwd", "http://127.0.0.1/", "data:text/plain,x", "press:sheet.css"):
        with pytest.raises(ValueError, match="nothing is fetched"):
            NothingFetched().fetch(address)
