"""Address books: a file from a phone or a list, whatever is in it, into plain entries and a word on all the rest."""

from __future__ import annotations

import codecs
from collections.abc import Sequence

from bulletin.domain.people.refusals import NoBook

from . import codings, csv_lists
from .entries import Book

FILE_MAX = 10 * 1024 * 1024  # bytes; most of them are pictures, which are passed over
BEGINNING = 4_000  # bytes, by which it is seen whether each letter has two
LIST_MAX = 4 * 1024 * 1024  # of a list, which has none, and takes ten times its size while it is read
MARKS = {codecs.BOM_UTF8: "", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}

# What somebody may choose by mistake, by how it begins.
OTHERS = {b"PK\x03\x04": NoBook.SPREADSHEET, b"\xd0\xcf\x11\xe0": NoBook.SPREADSHEET, b"%PDF": NoBook.PDF}
OTHERS |= {b"<html": NoBook.WEB_PAGE, b"<!doc": NoBook.WEB_PAGE, b"<?xml": NoBook.SPREADSHEET}
OTHERS |= {b"\xff\xd8\xff": NoBook.PICTURE, b"\x89PNG": NoBook.PICTURE, b"GIF8": NoBook.PICTURE}


class NoAddressBook(Exception):
    """It is none: why, and what the sentence about it names."""

    def __init__(self, code: NoBook, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values

    def __str__(self) -> str:
        return self.code.name


def read(
    data: bytes,
    country: str,
    roles: Sequence[str] | None = None,
    *,
    headed: bool = True,
    language: str = "",
    coding: str = "",
) -> Book:
    """A file with vCards or a list. Raises NoAddressBook, and nothing else.

    `country`: where its numbers are dialled, ISO 3166; `language`: what is spoken there, by which an old code page is
    guessed, unless somebody has chosen `coding`. For `roles` and `headed` see csv_lists.read.
    """
    if len(data) > FILE_MAX:
        raise NoAddressBook(NoBook.TOO_BIG, mb=FILE_MAX >> 20)
    for begins, code in OTHERS.items():
        if data.startswith(begins) or data[:99].removeprefix(codecs.BOM_UTF8).lstrip().lower().startswith(begins):
            raise NoAddressBook(code)
    plain = _plain(data)
    if not plain.strip():
        raise NoAddressBook(NoBook.EMPTY)
    from . import (
        vcards,  # here: what reads cards takes eight megabytes of a process that seldom sees one
    )

    if vcards.is_one(plain) and roles is None:
        book = Book(country, rows=False)
        vcards.read(plain, book)
    elif len(plain) > LIST_MAX:
        raise NoAddressBook(NoBook.LONG_LIST, mb=LIST_MAX >> 20)
    else:
        book = Book(country, rows=True)
        text, book.coding = decoded(plain, language, coding)
        csv_lists.read(text, book, roles, headed=headed)
    return book


def decoded(data: bytes, language: str = "", coding: str = "") -> tuple[str, str]:
    """The letters of a file, and the old code page they were read by; empty for Unicode, which says what it is."""
    plain = _plain(data)
    try:
        return plain.decode(), ""
    except UnicodeDecodeError:
        coding = coding if coding in codings.CODINGS else codings.guess(plain, language)
        return codings.decoded(plain, coding), coding


def _plain(data: bytes) -> bytes:
    """One byte order and no mark of it, single newlines, nothing that ends a string elsewhere."""
    mark, coding = next((one for one in MARKS.items() if data.startswith(one[0])), (b"", ""))
    data = data[len(mark) :]
    if not mark:
        even, odd = data[:BEGINNING:2].count(0), data[1:BEGINNING:2].count(0)
        few = max(len(data[:BEGINNING]) // 20, 1)  # blanks, figures and the ends of lines have a zero
        coding = "utf-16-le" if odd > few and not even else "utf-16-be" if even > few and not odd else ""
    if coding:
        data = data.decode(coding, "replace").encode("utf-8", "replace")
    return data.replace(b"\0", b"").replace(b"\r\r\n", b"\n").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
