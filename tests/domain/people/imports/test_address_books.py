"""Address books: what Rosa's phone gives out, what lists look like, and what somebody may do to a file."""

from __future__ import annotations

import base64
import contextlib
import logging
import quopri
import time
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings, strategies as st

from bulletin.domain.people.imports import csv_lists, files, vcards
from bulletin.domain.people.imports.entries import ENTRIES_MAX, REACH_MAX, WAYS_MAX, Book, ImportEntry, Why
from bulletin.domain.people.imports.files import NoAddressBook, read
from bulletin.domain.people.refusals import NoBook
from bulletin.domain.site.signs import on_one_line

# Times what an ordinary book of a hundred people takes: the worst takes eighty, and a quarter of a file sixty.
SLOWEST, SLOWEST_QUARTER = 150, 115


def card(*lines: str, version: str = "3.0") -> str:
    return "\r\n".join(["BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", ""])


def only(text: str | bytes, country: str = "GB") -> ImportEntry:
    """The one who is in it."""
    book = read(text.encode() if isinstance(text, str) else text, country)
    (entry,) = book.entries
    return entry


# Cards, as phones write them.


def test_a_card_of_an_iphone():
    entry = only(
        card(
            "PRODID:-//Apple Inc.//iPhone OS 17.5//EN",
            "N:Álvarez;Rosa;;;",
            "FN:Rosa Álvarez",
            "ORG:Depot North;Loading",
            "TITLE:Driver\\, nights",
            "item1.TEL;type=pref:07700 900123",
            "item1.X-ABLabel:_$!<Other>!$_",
            "TEL;type=CELL;type=VOICE:+44 161 496 0000",
            "EMAIL;type=INTERNET;type=HOME:rosa@example.org",
            "NOTE:Owes me ten",
            "BDAY:1990-01-01",
        )
    )
    assert entry == ImportEntry(
        "Rosa Álvarez",
        title="Driver, nights",
        organisation="Depot North",
        phones=("+447700900123", "+441614960000"),
        ways=("rosa@example.org",),
    )
    assert entry.phone == "+447700900123"
    assert entry.reach == "+441614960000, rosa@example.org"


def test_a_card_of_an_old_android_with_its_soft_breaks():
    entry = only(
        card(
            "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=C3=81lvarez;Rosa=20Mar=C3=ADa=20de=20los=20=C3=81ngeles;;;",
            "FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=52=6F=73=61=20=4D=61=72=C3=AD=61=20=64=65=20=6C=6F=73=20=\r\n"
            "=C3=81=6E=67=65=6C=65=73=20=\r\n=C3=81=6C=76=61=72=65=7A",
            "TEL;CELL;PREF:07700900123",
            version="2.1",
        )
    )
    assert entry.name == "Rosa María de los Ángeles Álvarez"
    assert entry.phones == ("+447700900123",)


def test_a_card_of_version_4():
    entry = only(
        card(
            "FN:Bill\\; the Mill",
            'TEL;VALUE=uri;PREF=1;TYPE="voice,home":tel:+44-7700-900456;ext=5',
            "IMPP:signal:bill.01",
            "EMAIL:mailto:bill@example.org",
            version="4.0",
        )
    )
    assert entry.name == "Bill; the Mill"
    assert entry.phones == ("+44-7700-900456 ext. 5",), "nobody reaches Bill without the extension"
    assert entry.ways == ("signal:bill.01", "bill@example.org")


@pytest.mark.parametrize(
    "lines",
    [
        ["N:Okafor;Chidi;;;"],
        ["FN:", "N:Okafor;Chidi;;;"],
        ["FN:Chidi", "  Okafor"],  # folded
        ["fn:Chidi Okafor"],
        ["FN;LANGUAGE=en;;:Chidi Okafor"],
        ['FN;X="a:b;c,d":Chidi Okafor'],
        ["NICKNAME:Chidi Okafor"],
        ["ORG:Chidi Okafor"],
        ["FN;ENCODING=b:" + base64.b64encode(b"Chidi Okafor").decode()],
        ["FN;ENCODING=quoted-printable:Chidi=20Okafor"],
        ["FN;CHARSET=no-such-coding;ENCODING=QUOTED-PRINTABLE:Chidi=20Okafor"],
        ["FN;CHARSET=zlib;ENCODING=QUOTED-PRINTABLE:Chidi=20Okafor"],
    ],
)
def test_a_name_is_found_wherever_it_stands(lines):
    assert only(card(*lines)).name == "Chidi Okafor"


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_any_coding_and_any_ends_of_lines(coding, end):
    text = "".join(card(f"FN:{name}", "TEL:07700 900123") for name in ("Jörg Müller", "Zoë Núñez"))
    book = read(text.replace("\r\n", end).encode(coding), "GB")
    assert [entry.name for entry in book.entries] == ["Jörg Müller", "Zoë Núñez"]
    assert book.left_out == {}


def test_each_line_may_have_a_coding_of_its_own():
    lines = b"BEGIN:VCARD\nVERSION:2.1\nFN;CHARSET=SHIFT_JIS:" + "田中".encode("shift_jis") + b"\nTITLE:G\xe4rtner\n"
    more = b"NICKNAME;CHARSET=ISO-8859-2;ENCODING=QUOTED-PRINTABLE:=A3uk\nEND:VCARD\n"
    assert only(lines + more) == ImportEntry("田中", nickname="Łuk", title="Gärtner")


def test_without_a_version_and_with_junk_around_it():
    book = read(b"\n\nhello\nBEGIN:VCARD\nFN:Rosa\nEND:VCARD\nEND:VCARD\n", "GB")
    assert [entry.name for entry in book.entries] == ["Rosa"]
    assert book.left_out == {Why.OUTSIDE: [3, 7]}


def test_pictures_go_before_anybody_looks_at_them():
    long = [" " + "A" * 76] * 50_000
    old = ["B" * 76] * 500  # not folded, as some phones have it
    begun = time.process_time()
    book = read(
        (
            card("FN:Rosa", "PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQ", *long, "TEL:07700 900123")
            + card("FN:Bill", "PHOTO;JPEG;ENCODING=BASE64:/9j/4AAQ", *old, "", "TEL:07700 900124")
        ).encode(),
        "GB",
    )
    assert [(entry.name, entry.phone) for entry in book.entries] == [
        ("Rosa", "+447700900123"),
        ("Bill", "+447700900124"),
    ]
    assert book.left_out == {Why.PICTURE: [1, 2]}
    assert time.process_time() - begun < 2


def test_what_is_left_out_is_said():
    cards = [
        card(),
        card("TEL:07700 900123"),
        card("FN:Rosa", "TEL:07700 900123"),
        card("FN:Rosa", "TEL:+44 7700 900123"),
        card("FN:Bill", "this is no line of a card"),
        card("FN:Clara", "AGENT:", "BEGIN:VCARD", "FN:Somebody Else", "END:VCARD"),
        card("FN:" + "x" * 100),
        card("FN:Nora", *(f"TEL:07700 9001{n:02}" for n in range(WAYS_MAX + 1))),
        card("FN:" + "y" * 9_000, "NICKNAME:Yan"),
        card("FN:Dave", *["TEL:1"] * 70),
        "BEGIN:VCARD\nFN:Ellen\n",
    ]
    book = read("".join(cards).encode(), "GB")
    assert [entry.name[:6] for entry in book.entries] == ["Rosa", "Bill", "Clara", "xxxxxx", "Nora", "Yan", "Ellen"]
    lines = "".join(cards).replace("\r\n", "\n").split("\n")
    assert book.left_out == {
        Why.EMPTY: [1],
        Why.NO_NAME: [2],
        Why.SAME: [4],
        Why.UNREADABLE: [lines.index("this is no line of a card") + 1],
        Why.AGENT: [6],
        Why.SHORTENED: [7],
        Why.MORE_WAYS: [8],
        Why.LINE_TOO_LONG: [next(n for n, line in enumerate(lines, 1) if line.startswith("FN:yyy"))],
        Why.CARD_TOO_LONG: [10],
        Why.NO_END: [11],
    }


def test_so_many_and_no_more():
    text = "".join(card(f"FN:Number {n}") for n in range(ENTRIES_MAX + 3))
    book = read(text.encode(), "GB")
    assert len(book.entries) == ENTRIES_MAX
    assert book.left_out == {Why.TOO_MANY: [ENTRIES_MAX + n for n in (1, 2, 3)]}


def test_numbers_are_read_as_people_dial_them_and_otherwise_left_as_they_are():
    text = card("FN:Rosa", "TEL:ask at gate B", "TEL:0176 12345678", "TEL:+44 12")
    entry = only(text, "DE")
    assert entry.phones == ("ask at gate B", "+4917612345678", "+44 12")
    assert entry.phone == "+4917612345678"
    assert entry.reach == "ask at gate B, +44 12"


def test_the_library_logs_nobodys_words(caplog, capfd):
    caplog.set_level(logging.DEBUG)
    read(card("FN:Rosa", "TEL;=;=:Canary", "N;ENCODING=b:Canary!", "nonsense Canary", "ORG:\\Canary;\\").encode(), "GB")
    heard = capfd.readouterr()
    assert "Canary" not in caplog.text + heard.out + heard.err


# Lists.

GOOGLE = (
    "First Name,Middle Name,Last Name,Phonetic First Name,Nickname,Organization Name,Organization Title,Notes,Labels,"
    "E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value,Phone 2 - Label,Phone 2 - Value\n"
    "Rosa,,Álvarez,,Ro,Depot North,Driver,Owes me ten,* myContacts,Home,rosa@example.org,Mobile,"
    "07700 900123 ::: 0161 496 0000,,\n"
)
OLD_GOOGLE = (
    "Name,Given Name,Additional Name,Family Name,Nickname,Group Membership,E-mail 1 - Type,E-mail 1 - Value,"
    "Phone 1 - Type,Phone 1 - Value,Organization 1 - Name,Organization 1 - Title\n"
    "Rosa Álvarez,Rosa,,Álvarez,Ro,* myContacts,,rosa@example.org,Mobile,07700 900123 ::: 0161 496 0000,"
    "Depot North,Driver\n"
)
OUTLOOK = (
    '"Title","First Name","Middle Name","Last Name","Company","Job Title","Business Phone","Mobile Phone",'
    '"E-mail Address","Nickname"\r\n'
    '"Mrs","Rosa","","Álvarez","Depot North","Driver","0161 496 0000","07700 900123","rosa@example.org","Ro"\r\n'
)
ACTION_NETWORK = (
    "email,first_name,last_name,can2_phone,zip_code,can2_user_tags\n"
    "rosa@example.org,Rosa,Álvarez,07700 900123,M1 1AA,picket\n"
)


@pytest.mark.parametrize("text", [GOOGLE, OLD_GOOGLE, OUTLOOK])
@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_lists_whose_headers_are_known(text, coding):
    entry = only(text.encode(coding))
    assert (entry.name, entry.nickname, entry.title, entry.organisation) == (
        *("Rosa Álvarez", "Ro", "Driver"),
        "Depot North",
    )
    assert sorted(entry.phones) == ["+441614960000", "+447700900123"]
    assert entry.ways == ("rosa@example.org",)
    assert entry.notes == ""


def test_a_list_of_action_network():
    book = read(ACTION_NETWORK.encode(), "GB")
    assert book.entries == [ImportEntry("Rosa Álvarez", phones=("+447700900123",), ways=("rosa@example.org",))]
    assert book.unread == ["zip_code", "can2_user_tags"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_any_sign_between_fields(delimiter):
    rows = [["Name", "Phone"], ["Álvarez, Rosa; the | driver\t!", "07700 900123"]]
    quoted = "\n".join(delimiter.join(f'"{cell}"' for cell in row) for row in rows)
    entry = only(quoted)
    assert entry.name == "Álvarez, Rosa; the | driver !"
    assert entry.phone == "+447700900123"


def test_headers_nobody_knows_are_shown_and_read_as_somebody_says():
    text = "Sukunimi;Etunimi;Kännykkä;Kengät\nMüller;Jörg;07700 900123;43\n;;;\nMeier;Eva;;;38\n"
    book = read(text.encode("cp1252"), "GB")
    assert (book.entries, book.left_out) == ([], {})
    assert book.columns[:2] == [["Sukunimi", "Etunimi", "Kännykkä", "Kengät"], ["Müller", "Jörg", "07700 900123", "43"]]
    roles = ["family", "given", "phones", ""]
    book = read(text.encode("cp1252"), "GB", roles)
    assert book.entries == [ImportEntry("Jörg Müller", phones=("+447700900123",)), ImportEntry("Eva Meier")]
    assert book.left_out == {Why.EMPTY: [3], Why.MORE_FIELDS: [4]}
    assert len(read(text.encode("cp1252"), "GB", roles, headed=False).entries) == 3


def test_a_quotation_mark_too_many_loses_nobody():
    text = 'Name,Phone\n"Rosa,1\nBill "the Mill,2\n"Clara ""C"" Reed",3\n"two\nlines",4\n"Nora"x,5\nDave,6'
    names = [entry.name for entry in read(text.encode(), "GB").entries]
    assert names == ['"Rosa', 'Bill "the Mill', 'Clara "C" Reed', "two lines", '"Nora"x', "Dave"]


def test_formulas_are_only_words():
    assert only('Name,Phone\n"=HYPERLINK(""http://x"")",@SUM(1)\n') == ImportEntry(
        '=HYPERLINK("http://x")', phones=("@SUM(1)",)
    )


def test_what_is_no_address_book_is_said():
    for data, code, values in (
        (b"", NoBook.EMPTY, {}),
        (b" \r\n\0", NoBook.EMPTY, {}),
        (b"PK\x03\x04rest", NoBook.SPREADSHEET, {}),
        (b"%PDF-1.7", NoBook.PDF, {}),
        (b"\xff\xd8\xffrest", NoBook.PICTURE, {}),
        (b"a" * (files.FILE_MAX + 1), NoBook.TOO_BIG, {"mb": 10}),
        (b"Name\n" + b"a\n" * (files.LIST_MAX // 2), NoBook.LONG_LIST, {"mb": 4}),
    ):
        with pytest.raises(NoAddressBook) as told:
            read(data, "GB")
        assert (told.value.code, told.value.values) == (code, values)


# Whatever somebody sends: it is read or named, soon, and nothing breaks.

MB = 1_000_000
BOMBS = {
    "commas": b"," * 10 * MB,
    "commas and lines": b"name\n" + b",\n" * 2 * MB,
    "lines": b"name\n" + b"\n" * 10 * MB,
    "quotation marks": b"name\n" + b'"' * 10 * MB,
    "quotation marks and lines": b"name\n" + b'"a\n' * MB,
    "long lines in quotation marks": b"name\n" + (b'"' + b"a" * 30_000 + b"\n") * 300,
    "columns": b"name," * 2 * MB + b"\n" + b"a," * MB,
    "zeros": b"\0" * 10 * MB,
    "rows": b"name,phone\n" + b"".join(b"A%d,07700 90%04d\n" % (n, n % 9999) for n in range(500_000)),
    "begins": b"BEGIN:VCARD\n" * 400_000,
    "ends": b"BEGIN:VCARD\n" + b"END:VCARD\n" * MB,
    "empty cards": b"BEGIN:VCARD\nEND:VCARD\n" * 450_000,
    "others' cards": b"BEGIN:VCARD\n" + b"AGENT:\nBEGIN:VCARD\n" * 500_000,
    "a million properties": b"BEGIN:VCARD\n" + b"TEL:1234\n" * MB + b"END:VCARD\n",
    "full cards": (b"BEGIN:VCARD\nFN:a\n" + b"TEL:0161 496 0001\n" * 50 + b"END:VCARD\n") * 5_000,
    "folds": b"BEGIN:VCARD\nFN:a\n" + b" a\n" * 3 * MB + b"END:VCARD\n",
    "soft breaks": b"BEGIN:VCARD\nFN;ENCODING=QUOTED-PRINTABLE:a=\n" + b"a=\n" * 3 * MB,
    "parameters": b"BEGIN:VCARD\nFN;A=" + b"," * 3_900 + b"\nFN;A=" + b",=" * 1_900 + b"\nFN" + b";=" * 1_900 + b":x\n",
    "many parameters": (b"BEGIN:VCARD\n" + (b"FN;A=" + b'",' * 400 + b"\n") * 55 + b"END:VCARD\n") * 220,
    "backslashes": (b"BEGIN:VCARD\nN:" + b"\\;" * 1_900 + b"\nFN:" + b"\\" * 3_900 + b"\nEND:VCARD\n") * 500,
    "half characters": b"BEGIN:VCARD\nFN:\xff\xfe" + b"\xc3" * 5 * MB,
    "wide": "BEGIN:VCARD\nFN:a\nEND:VCARD\n".encode("utf-16") * 170_000,
}


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b"NICKNAME:a\n" + b" a\n" * 1_200, "line too long"),  # of few letters, in many pieces
        (b"TEL" + b";A=B" * 900 + b":1\n", "unreadable"),
    ],
)
def test_a_line_of_very_many_pieces_is_named_and_never_read(monkeypatch, line, why):
    asked = []
    real = vcards._said
    monkeypatch.setattr(vcards, "_content", lambda *said: asked.append(said))
    monkeypatch.setattr(vcards, "_said", lambda card, text: asked.append(text) if "NICK" in text else real(card, text))
    book = read(b"BEGIN:VCARD\n" + line + b"END:VCARD\n", "GB")
    assert why in book.left_out
    assert asked == []


@pytest.mark.parametrize(
    ("line", "name"), [(b"N:Dale;Amina;B" + b";" * 3_900, "Amina B Dale"), (b"ORG:Depot" + b";" * 3_900, "Depot")]
)
def test_of_several_parts_only_those_that_are_kept_are_taken_apart(monkeypatch, line, name):
    read_by = vcards.base.ContentLine.transformToNative
    parts = []

    def counted(said):
        parts.append(said.value.count(";"))
        return read_by(said)

    monkeypatch.setattr(vcards.base.ContentLine, "transformToNative", counted)
    book = read(b"BEGIN:VCARD\n" + line + b"\nEND:VCARD\n", "GB")
    assert [one.name for one in book.entries] == [name]
    assert max(parts) <= 2


def test_a_folded_line_is_unfolded():
    book = read(b"BEGIN:VCARD\nFN:Ami\n na\n\t Da\n le\nEND:VCARD\n", "GB")
    assert [one.name for one in book.entries] == ["Amina Dale"]


HUNDRED = b"".join(
    b"BEGIN:VCARD\nVERSION:3.0\nN:Dale;Amina %d;;;\nFN:Amina %d Dale\nTEL:0161 496 %04d\nORG:Depot\nEND:VCARD\n"
    % (number, number, number)
    for number in range(100)
)


def spent(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


@pytest.mark.parametrize(
    ("share", "slowest"), [(4, SLOWEST_QUARTER), pytest.param(1, SLOWEST, marks=pytest.mark.attack)]
)
@pytest.mark.parametrize("name", BOMBS)
def test_the_worst_files_are_over_soon(name, share, slowest):
    is_card = b"BEGIN" in BOMBS[name][:400].replace(b"\0", b"")
    bomb = BOMBS[name][: files.FILE_MAX if is_card else files.LIST_MAX]
    bomb = bomb[: len(bomb) // share]
    ordinary = [spent(lambda: read(HUNDRED, "GB"))]
    book = Book("GB", rows=True)

    def reading() -> None:
        nonlocal book
        with pytest.raises(NoAddressBook) if name == "zeros" else contextlib.nullcontext():
            book = read(bomb, "GB")

    took = spent(reading)
    ordinary.append(spent(lambda: read(HUNDRED, "GB")))
    assert took < slowest * max(ordinary)
    assert len(book.entries) <= ENTRIES_MAX


def sound(book: Book) -> None:
    """What every book keeps to, whatever it was read from."""
    for entry in book.entries:
        assert entry.name
        assert len(entry.phones) <= WAYS_MAX >= len(entry.ways)
        assert len(entry.reach) <= REACH_MAX
        assert ImportEntry.unpacked(entry.packed()) == entry
        assert "\0" not in repr(entry)


WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
PIECES = st.sampled_from(
    [
        *("BEGIN:VCARD", "END:VCARD", "VERSION:2.1", "AGENT:", "FN:", "N:;;", "TEL;", "PHOTO;ENCODING=b:", "item1."),
        *(";ENCODING=QUOTED-PRINTABLE", ";CHARSET=", "=C3=81=", "\\,", '"', ",", ";", ":", "=", "\n", "\r\n", "\n "),
        *("Name,Phone\n", "\0", "\x85", "\u2028", "\u202e", "=cmd|x", "Rosa", "07700 900123"),
    ]
)


@given(st.lists(PIECES | WORDS, max_size=60).map("".join), st.sampled_from(["utf-8", "utf-16", "cp1252"]))
@example("BEGIN:VCARD\nN", "utf-8")
@settings(deadline=None)
def test_any_text_is_read_or_named(text, coding):
    try:
        book = read(text.encode(coding, "replace"), "GB")
    except NoAddressBook:
        return
    sound(book)


@given(st.binary(max_size=300), st.booleans())
@settings(deadline=None)
def test_any_bytes_are_read_or_named(data, cards):
    with contextlib.suppress(NoAddressBook):
        sound(read(b"BEGIN:VCARD\n" * cards + data, "GB"))


NAMES = st.text(st.characters(categories=["L", "Nd", "P", "Zs"]), min_size=1, max_size=30).map(
    lambda text: " ".join(text.split())
)


@given(st.lists(NAMES.filter(bool), min_size=1, max_size=8), st.sampled_from(["3.0", "quoted"]))
@settings(deadline=None)
def test_every_card_comes_in_or_is_named(names, way):
    def line(name: str) -> str:
        if way == "quoted":
            return "FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:" + quopri.encodestring(name.encode()).decode()
        return "FN:" + name.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;")

    book = read("".join(card(line(name)) for name in names).encode(), "GB")
    assert book.rows is False
    gone = sum(len(book.left_out.get(why, [])) for why in (Why.EMPTY, Why.NO_NAME))
    assert len(book.entries) + gone == len(names)
    if way != "quoted":  # there a backslash is what it is in any card
        assert [entry.name for entry in book.entries] == [name for name in names if on_one_line(name)]


@given(st.lists(st.lists(st.text(max_size=12), min_size=2, max_size=2), max_size=8), st.sampled_from(",;\t|"))
@settings(deadline=None)
def test_every_row_comes_in_or_is_named(rows, delimiter):
    text = f"Name{delimiter}Phone\n" + "\n".join(delimiter.join(row) for row in rows)
    plain = text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace")
    book = Book("GB", rows=True)
    csv_lists.read(plain.decode(), book)
    sound(book)
    written = [line for line in plain.decode().split("\n")[1:] if line and not line.isspace()]
    if '"' not in text:
        gone = [n for why in (Why.EMPTY, Why.NO_NAME, Why.SAME) for n in book.left_out.get(why, [])]
        assert len(book.entries) + len(gone) == len(written)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner, max_size=8)))
@example(["Rosa", "", "", "", "+447700900123"])
@example(["Rosa", "", "", "", ["+447700900123", ""]])
@example(["Rosa\u202e"])
@example([""])
def test_what_comes_back_from_a_page_is_as_it_was_or_refused(value):
    try:
        entry = ImportEntry.unpacked(value)
    except ValueError:
        return
    assert ImportEntry.unpacked(entry.packed()) == entry
