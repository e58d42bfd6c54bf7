"""Hostile manuscripts: each gets its sheet or one clear sentence, two at a time, and the press prints on afterwards."""

from __future__ import annotations

import contextlib
import dataclasses
import io
import logging
import logging.handlers
import os
import random
import re
import socket
import statistics
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from PIL import Image

from bulletin.press.header import HEADER
from bulletin.press.jobs import Press, Unprintable
from bulletin.press.kinds import KINDS
from bulletin.press.manuscript import Manuscript, ManuscriptError, read
from bulletin.press.mistake import NoSheet, TooLong
from bulletin.press.typesetting import plain_text, typeset
from bulletin.sentences import say, say_code

from .conftest import CASES, case

pytestmark = pytest.mark.usefixtures("can_print")

ANSWER_S = 15.0
AT_ONCE = 2
PAGE_S = 0.1  # the page answers within this, while two hostile jobs run
HEAD = "---\nkind: regular\nheadline: Nobody drives alone\n---\n"
FULL = 49_000  # characters; nearly as many as are read


def body(text: str) -> str:
    return HEAD + text


def header(kind: str = "regular", headline: str = "Nobody drives alone", **more: str) -> str:
    lines = {"kind": kind, "headline": headline, **more}
    return "---\n" + "".join(f"{key}: '{value}'\n" for key, value in lines.items()) + "---\nText.\n"


def longest_header(kind: str, unit: str) -> str:
    """Every key as long as it may be, of one word or of many."""
    long = {key: (unit * most)[:most].rstrip() for key, most in HEADER.items()}
    reply = "https://w/" + unit.strip()[:1] * 180
    return header(**{**long, "kind": kind, "language": "en", "date": "2026-11-23", "lines": "keep", "reply": reply})


def table(rows: int, columns: int, cell: str = "a") -> str:
    return f"|{cell}" * columns + "|\n" + "|-" * columns + "|\n" + (f"|{cell}" * columns + "|\n") * (rows - 1)


SHEETS: dict[str, str | bytes] = {  # what makes a sheet, odd as it is
    "a script and a tag with a handler": body('<script>alert(1)</script> <b onclick="x">bold</b> <!-- note -->'),
    "Jinja": body("{{ 7*7 }} {% for x in y %} {# c #} {{ ''.__class__.__mro__ }}"),
    "an image from a file": body("![x](file:///etc/passwd)"),
    "links that would do something": body("[x](javascript:alert(1)) [y](data:text/html,hi) <vbscript:x>"),
    "CSS in the text": body("{style=color:red} <style>*{color:red}</style> url(http://127.0.0.1:9/)"),
    "a header with Jinja and HTML": header(
        headline="{{ 7*7 }} <b>", masthead="{% raw %}", site="</footer>", imprint="<!--", strapline="</html>"
    ),
    "a reply address with marks": header(reply="https://x.example/?a=1&b={{ 2 }}".replace(" ", "")),
    "a headline of one letter": header(headline="I"),
    "a headline of 120 letters and no space": header(headline="W" * 120),
    "a headline of quotation marks": header(headline='"' * 120),
    "the longest keys, hardly a space": longest_header("regular", "W" * 59 + " "),
    "the longest keys, of one-letter words": longest_header("no-deal", "W "),
    "the longest meeting": longest_header("meeting", "W" * 59 + " "),
    "a title of 120 letters": body("::: article " + "W" * 120 + "\nText.\n:::\n"),
    "a language nobody sets": header(language="zh"),
    "the first day of all": header(date="0001-01-01"),
    "the last day of all": header(date="9999-12-31"),
    "marks in a title": body('::: article {{ 7*7 }} <b> " & * _ [a](b)\nText.\n:::\n'),
    "entities": body("&#0; &#x110000; &nbsp; &lt;"),
    "links with strange hosts": body(
        "[a](http://é.example/é) [b](http://xn--é/) [c](http://[::1]/) [d](http://a:b:c@/)"
    ),
    "a heap of accents on one letter": body("a" + "\u0301" * 30),
    "blanks of no width": body("\u200b\u200c\u200d" * 60),
    "5,000 tabs": body("\t" * 5000 + "a"),
    "40,000 spaces behind a word": body("a" + " " * 40_000),
    "old line ends": HEAD.replace("\n", "\r") + "a\r\rb\rc",
    "500 lines across": body("***\n" * 500),
    "a list without words": body("-\n-\n-\n"),
    "a table in a list": body("- x\n\n  |a|b|\n  |-|-|\n  |1|2|\n"),
    "a table in a quotation": body("> |a|b|\n> |-|-|\n> |1|2|\n"),
}

SHEETS |= {  # nor are signs refused that nobody sees or no face has
    "NUL in the text": body("a\0b"),
    "NUL in the headline": header(headline="a\0b"),
    "control characters": body("a" + "".join(map(chr, range(1, 32)))),
    "bidi overrides": body("abc \u202e evil \u2066 x"),
    "bidi overrides in the headline": header(headline="abc \u202e evil"),
    "emoji": body("Hello 👩‍👩‍👧 🎉"),
    "emoji in the headline": header(headline="Hello 👩‍👩‍👧 🎉"),
    "half a surrogate pair": body("a\ud800b"),
}

SENTENCES: dict[str, str | bytes] = {  # what is refused for what it is, and not by the clock
    "more accents on one letter than anybody writes": body("a" + "\u0301" * 150),
    "a headline of nothing but accents": header(headline="\u0301" * 100),
    "an image from the network": body("![x](http://127.0.0.1:9/a.png)"),
    "an image in the text": body("![x](data:image/png;base64,iVBORw0KGgo=)"),
    "a table of 2,000 rows": body(table(2000, 2)),
    "a table of 2,000 rows and 10 columns": body(table(2000, 10)),
    "a table of 500 columns": body(table(2, 500)),
    "300 lists in each other, by indenting": body("".join("  " * i + "- a\n" for i in range(300))),
    "600 lists on one line": body("- " * 600 + "a"),
    "600 quotations on one line": body("> " * 600 + "a"),
    "lists and quotations in each other": body("> - " * 300 + "a"),
    "a YAML object": "---\nkind: !!python/object/apply:os.system ['true']\nheadline: A\n---\nText.",
    "a bomb of aliases": "---\na: &a [x,x]\nb: &b [*a,*a,*a]\nkind: *b\nheadline: A\n---\nText.",
    "an alias": "---\nkind: &a regular\nheadline: *a\n---\nText.",
    "a merge key": "---\n<<: {kind: regular}\nheadline: A\n---\nText.",
    "5,000 open brackets in the header": "---\nkind: " + "[" * 5000 + "\n---\nText.",
    "5,000 open braces in the header": "---\n" + "{a: " * 5000 + "\n---\nText.",
    "a header that is one word": "---\nkind\n---\nText.",
    "a header that is a list": "---\n- kind\n- regular\n---\nText.",
    "an empty header": "---\n---\nText.",
    "an unknown key": header(colour="red"),
    "a missing headline": "---\nkind: regular\n---\nText.",
    "a missing kind": "---\nheadline: A\n---\nText.",
    "a kind that is a path": header(kind="../../etc/passwd"),
    "a language that is a tag": header(language='en"><script>'),
    "random bytes": random.Random(1).randbytes(3000),  # noqa: S311
    "a picture": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    "UTF-16": HEAD.encode("utf-16"),
    "Latin-1": body("café").encode("latin-1"),
    "NUL in the file": body("a\0b").encode(),
    "nothing": "",
    "only blanks": "   \n \t\n",
    "only a byte order mark": "\ufeff",
    "a megabyte": body("word " * 200_000),
    "a headline of 4,000 letters": header(headline="x" * 4000),
    "a title of 4,000 letters": body("::: article " + "x" * 4000 + "\nText.\n:::\n"),
    "400 blocks in each other": body("".join(":" * (3 + i) + " article\n" for i in range(400))),
    "600 blocks opened": body("::: article\n" * 600),
    "a side too many": body("a\n\n::: side\n\nb\n\n::: side\n\nc"),
    "a block without an end": body("::: article A\nText."),
    "a block in a quotation": body("> ::: article A\n> Text.\n> :::\n"),
    "a block in a list": body("- ::: article A\n  Text.\n  :::\n"),
    "a side in a list": body("- a\n\n  ::: side\n"),
    "a reply address that runs": header(reply="javascript:alert(1)"),
    "a box larger than a side": body("::: box\n" + "word " * 1000 + "\n:::\n"),
    "a quotation larger than a side": body("> " + "word " * 1000),
    "2,000 words on a front": body("word " * 2000 + "\n\n::: side\n\nback"),
}

TOO_MUCH: dict[str, str | bytes] = {  # what may be refused by the clock; the hardest of each sort
    "50,000 characters of words": body("word " * 9_980),
    "a word of 4,000 letters": body("x" * 4000),
    "thousands of tiny blocks": body("::: echo\nx\n:::\n" * 3000),
    "49,000 quotation marks": body('"' * FULL),
    "49,000 brackets": body("[" * FULL),
    "a meeting's headline of sixty words": header("meeting", " ".join("W" * 60)),
}

REPEATED = (
    *[r"**a ", r"*a **b ", r"[a](", r"![", r"<a:", r"](", r"[[](", r"*_", r"a**b", r"<http://a>", r"[a](http://b.c) "],
    *("|-", "\"'", '*"', "- \n", "- a\n", "1. a\n", "> a\n\n", "a\n\n", "# a\n", "***\n", "a\\\n", "::: box\nx\n:::\n"),
)
DRILL: dict[str, str | bytes] = {  # the others of those sorts
    **{f"49,000 × {mark}": body(mark * FULL) for mark in "*_'`<&|~!#>-+:(\\"},
    **{f"49,000 × {mark} and a letter": body(f"a{mark}" * (FULL // 2)) for mark in "*_[]\"'<&|~!#>(\\"},
    **{f"as many {unit!r} as are read": body(unit * (FULL // len(unit))) for unit in REPEATED},
    "a word of 49,000 letters": body("x" * FULL),
    "twenty words of 4,000 letters": body(("x" * 4000 + " ") * 20),
    "10,000 words tied to each other": body("a\u00a0" * 10_000),
    "an address of 5,000 letters": body("[a](http://" + "b" * 5000 + ")"),
    "1,000 letters with twenty accents each": body(("a" + "\u0301" * 20) * 1000),
    "fifty tables of sixty rows": body((table(59, 6) + "\n\n") * 50),
    "a table of long words": body(table(2, 6, "b" * 300)),
    "a table of 3,000 words": body("|a|\n|-|\n" + ("|" + "word " * 60 + "|\n") * 50),
    "500 headings": body("# a\n" * 500),
    "5,000 places to divide a word": body("\u00ad" * 5000),
    "the longest meeting, of one-letter words": longest_header("meeting", "W "),
}


@dataclasses.dataclass(frozen=True)
class Answer:
    """What came back, a sheet or a sentence, and when."""

    pages: int
    sentence: str
    seconds: float


def pages_of(pdf: bytes) -> int:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return len(opened.pages)


def ask(press: Press, source: str | bytes) -> Answer:
    start = time.monotonic()
    pages, sentence = 0, ""
    try:
        pages = pages_of(press.print(read(source)).pdf)
    except (ManuscriptError, Unprintable) as error:
        sentence = say(error.with_line if isinstance(error, ManuscriptError) else error)
    except Exception as error:  # not what we promise; the test says so
        sentence = repr(error)
    return Answer(pages, sentence, time.monotonic() - start)


def is_clear(sentence: str) -> bool:
    """One line for people, whole, in nobody's programming language, and not the one for our own mistakes."""
    jargon = re.search(r"stumbled|Traceback|Error|Exception|NoneType|object at|<class|weasyprint|Errno", sentence)
    return (
        sentence.endswith(".")
        and "\n" not in sentence
        and len(sentence) < 300
        and not sentence[0].islower()
        and not jargon
    )


@pytest.fixture(scope="module")
def press() -> Press:
    press = Press()
    press.start()
    assert press.works()
    return press


@pytest.fixture(scope="module")
def answer(press: Press) -> Iterator[Callable[[str], Answer]]:
    """`answer("emoji")`: what that manuscript got. All of them are asked for from the start, two at a time."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        cases = {**TOO_MUCH, **SHEETS, **SENTENCES}
        futures: dict[str, Future[Answer]] = {name: pool.submit(ask, press, source) for name, source in cases.items()}
        yield lambda name: futures[name].result()
        for future in futures.values():
            future.cancel()


@pytest.mark.parametrize("name", SHEETS)
def test_odd_words_make_a_sheet_of_one_or_two_pages(answer, name):
    got = answer(name)
    assert got.pages in (1, 2), got.sentence
    assert got.seconds < ANSWER_S


@pytest.mark.parametrize("name", SENTENCES)
def test_what_cannot_be_printed_gets_a_clear_sentence(answer, name):
    got = answer(name)
    assert is_clear(got.sentence), got
    assert got.sentence != say_code(NoSheet.TOO_MUCH), (
        "it was stopped by the clock, or broke down, and nobody said what is wrong"
    )
    assert got.seconds < ANSWER_S


@pytest.mark.parametrize("name", TOO_MUCH)
def test_too_much_is_answered_in_time(answer, name):
    got = answer(name)
    assert got.pages in (1, 2) or is_clear(got.sentence), got
    assert got.seconds < ANSWER_S


def test_the_press_works_after_all_that(answer, press):
    for name in (*TOO_MUCH, *SHEETS, *SENTENCES):
        answer(name)
    sheet = press.print(case("regular-northfield"))
    assert sheet.warm
    assert pages_of(sheet.pdf) == 2


def test_html_and_jinja_are_printed_as_typed(need, press):
    typed = "<script>alert(1)</script> <b>fat</b> &amp; {{ 7*7 }} {% include x %} {# gone? #} <!-- there -->"
    printed = words_of(need("pdftotext"), press.print(read(body(typed))).pdf)
    assert re.sub(r"\s", "", typed) in re.sub(r"\s", "", printed)
    assert "49" not in printed


def test_html_and_jinja_in_a_headline_are_printed_as_typed(need, press):
    typed = "{{ 7*7 }} <b>now</b> &amp; {# here #}"
    printed = words_of(need("pdftotext"), press.print(read(header(headline=typed))).pdf)
    assert re.sub(r"\s", "", typed) in re.sub(r"\s", "", printed)


def words_of(pdftotext: str, pdf: bytes) -> str:
    return subprocess.run([pdftotext, "-raw", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """Somebody on the network who would like to be called."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        yield listener


def test_nothing_is_fetched_for_an_address_in_a_text(press, listener):
    url = address_of(listener)
    for text in (
        f"![x]({url})",
        f"[x]({url}) <{url}> {url}",
        f'<img src="{url}">',
        f"<style>@import url({url})</style>",
    ):
        ask(press, header(reply=url) + text)
    assert_nobody_called(listener)


def test_nothing_is_fetched_or_opened_even_if_html_slipped_through(listener, tmp_path):
    from bulletin.press import fitting

    picture = tmp_path / "picture.png"
    Image.new("L", (40, 40)).save(picture)
    url = address_of(listener)
    data = "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'><rect width='9' height='9'/></svg>"
    html = "".join(
        f'<img src="{u}"><object data="{u}"></object><embed src="{u}"><p style="background:url({u})">x</p>'
        f'<link rel="stylesheet" href="{u}"><link rel="attachment" href="{u}"><style>@import "{u}"; '
        f"@font-face {{ font-family: x; src: url({u}) }} p {{ list-style: url({u}) }}</style>"
        f'<svg width="9" height="9"><image href="{u}" width="9" height="9"/><use href="{u}#a"/></svg>'
        for u in (url, picture.as_uri(), data)
    )
    slipped = read(body("Text."))
    slipped = dataclasses.replace(slipped, front=(dataclasses.replace(slipped.front[0], html=f"<p>Text.</p>{html}"),))
    pdf = fitting.press(slipped, "a4").pdf
    assert b"/Subtype /Image" not in pdf
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert "/EmbeddedFiles" not in opened.Root.get("/Names", {})
        assert not any(page.get_images() for page in opened.pages)
    assert_nobody_called(listener)


def address_of(listener: socket.socket) -> str:
    return f"http://127.0.0.1:{listener.getsockname()[1]}/a.png"


def assert_nobody_called(listener: socket.socket) -> None:
    with pytest.raises(TimeoutError):
        listener.accept()


# Any text

INLINE = (
    "a",
    "Ö",
    "word",
    "much longer words",
    " ",
    "*",
    "**",
    "_",
    "[",
    "](",
    ")",
    "<",
    ">",
    '"',
    "'",
    "&lt;",
    "\u00ad",
)
ACROSS = ("|", "|a|b|\n|-|-|\n|c|d|\n", "\n", "\n\n", "\n\n- ", "\n\n1. ", "\n\n> ", "\n\n# ", "\n\n***\n\n", "\\\n")
BLOCKS = ("\n\n::: article T\nx\n:::\n", "\n\n::: box\n", "\n\n::: quote A packer\n", "\n:::\n", "\n\n::: side\n\n")
MARKS = st.sampled_from(INLINE + ACROSS + BLOCKS)
TEXTS = st.lists(MARKS, max_size=60).map("".join) | st.text(max_size=200)
VALUES = st.text(max_size=125) | st.text("abc '\"{}<&:#é", max_size=60)
HEADERS = st.fixed_dictionaries(
    {"kind": st.sampled_from(sorted(KINDS)), "headline": VALUES},
    optional={
        **dict.fromkeys(("masthead", "site", "number", "strapline", "imprint"), VALUES),
        "date": st.dates().map(str),
        "language": st.sampled_from(("en", "pl", "vi", "el", "uk", "tr")),
        "reply": st.text("abé?/.&", max_size=90).map("https://a.example/".__add__),
    },
)


@st.composite
def manuscripts(draw: st.DrawFn) -> str:
    keys = draw(HEADERS)
    lines = "".join("{}: '{}'\n".format(key, value.replace("'", "''")) for key, value in keys.items())
    return f"---\n{lines}---\n{draw(TEXTS)}"


def sound(source: str | bytes) -> Manuscript | None:
    """The manuscript; None where it got a clear sentence."""
    try:
        return read(source)
    except ManuscriptError as error:
        assert is_clear(say(error.with_line)), say(error)  # noqa: PT017  # most texts are wrong, some are not
        return None


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(manuscripts())
def test_any_text_is_set_or_gets_a_clear_sentence(source):
    if manuscript := sound(source):
        assert typeset(manuscript).count("<h1 ") == 1
        plain_text(manuscript)


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(manuscripts())
def test_any_text_makes_one_or_two_pages_or_gets_a_clear_sentence(source):
    print_in_this_process(source)


@pytest.mark.attack
@settings(deadline=None, max_examples=600, suppress_health_check=[HealthCheck.too_slow])
@given(manuscripts())
def test_very_many_texts_make_one_or_two_pages_or_get_a_clear_sentence(source):
    print_in_this_process(source)


def print_in_this_process(source: str) -> None:
    """Here and not in a job, so that nothing that breaks down can look like a text that is too long."""
    from bulletin.press import fitting

    if manuscript := sound(source):
        with no_warnings():
            try:
                assert pages_of(fitting.press(manuscript, "a4").pdf) in (1, 2)
            except TooLong as error:
                assert is_clear(say(error)), say(error)  # noqa: PT017


@contextlib.contextmanager
def no_warnings() -> Iterator[None]:
    """WeasyPrint warns of what it could not set through its log."""
    log, heard = logging.getLogger("weasyprint"), logging.handlers.BufferingHandler(1000)
    heard.setLevel(logging.WARNING)
    log.addHandler(heard)
    try:
        yield
        assert [record.getMessage() for record in heard.buffer] == []
    finally:
        log.removeHandler(heard)


# The long drill: `make attack`


@pytest.mark.attack
def test_every_sort_of_too_much_is_answered_in_time_two_at_a_time(press):
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = dict(zip(DRILL, pool.map(lambda source: ask(press, source), DRILL.values()), strict=True))
    late = {name: got.seconds for name, got in answers.items() if got.seconds >= ANSWER_S}
    unclear = {
        name: got.sentence for name, got in answers.items() if got.pages not in (1, 2) and not is_clear(got.sentence)
    }
    wrong = [f"{name}: {seconds:.1f} s" for name, seconds in late.items()]
    wrong += [f"{name}: {sentence}" for name, sentence in unclear.items()]
    assert not wrong, "\n".join(wrong)
    assert press.works()


@pytest.fixture
def server() -> Iterator[str]:
    """The address of a server of our own."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environ = {**os.environ, "HOST": "127.0.0.1", "PORT": str(port)}
    process = subprocess.Popen([sys.executable, "-m", "bulletin", "serve"], env=environ, cwd=CASES.parents[2])
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(100):
            with contextlib.suppress(urllib.error.URLError):
                if get(f"{url}/up") == 200:
                    break
            time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait(20)


def get(url: str) -> int:
    with urllib.request.urlopen(url, timeout=60) as answer:  # noqa: S310
        answer.read()
        return int(answer.status)


def post(url: str, path: str, source: str) -> int:
    form = urllib.parse.urlencode({"manuscript": source, "paper": "a4"}).encode()
    request = urllib.request.Request(url + path, form, {"Origin": url})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


@pytest.mark.attack
@pytest.mark.parametrize("name", TOO_MUCH)
@pytest.mark.parametrize("path", ["/sheets", "/previews"])
def test_the_page_answers_quickly_while_two_hostile_texts_are_printed(server, path, name):
    get(f"{server}/")
    answered: list[tuple[int, float]] = []

    def send() -> None:
        start = time.monotonic()
        answered.append((post(server, path, TOO_MUCH[name]), time.monotonic() - start))

    posts = [threading.Thread(target=send) for _ in range(AT_ONCE)]
    for thread in posts:
        thread.start()
    waits = []
    while any(thread.is_alive() for thread in posts):
        start = time.monotonic()
        get(f"{server}/")
        waits.append(time.monotonic() - start)
        time.sleep(0.02)
    print(
        f"{path} {name}: GET / {statistics.median(waits) * 1000:.0f} ms, at most {max(waits) * 1000:.0f} ms; {answered}"
    )
    assert all(status in (200, 422) for status, _ in answered)
    assert all(seconds < ANSWER_S for _, seconds in answered)
    assert statistics.median(waits) < PAGE_S
    assert get(f"{server}/up") == 200
