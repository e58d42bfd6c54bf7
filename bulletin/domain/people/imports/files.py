"""Address books: a file from a phone or a list, whatever is in it, into plain entries and a word on all the rest."""

from __future__ import annotations

import codecs
from collections.abc import Sequence

from bulletin.domain.people.refusals import NoBook

from . import csv_lists
from .entries import Book

FILE_MAX = 10 * 1024 * 1024  # bytes; most of them are pictures, which are passed over
LIST_MAX = 4 * 1024 * 1024  # of a list, which has none, and takes ten times its size while it is read
MARKS = {codecs.BOM_UTF8: "", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}

# What somebody may choose by mistake, by how it begins.
OTHERS = {b"PK\x03\x04": NoBook.SPREADSHEET, b"\xd0\xcf\x11\xe0": NoBook.SPREADSHEET, b"%PDF": NoBook.PDF}
OTHERS |= {b"\xff\xd8\xff": NoBook.PICTURE, b"\x89PNG": NoBook.PICTURE, b"GIF8": NoBook.PICTURE}


class NoAddressBook(Exception):
    """It is none: why, and what the sentence about it names."""

    def __init__(self, code: NoBook, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values

    def __str__(self) -> str:
        return self.code.name


def read(data: bytes, country: str, roles: Sequence[str] | None = None, *, headed: bool = True) -> Book:
    """A file with vCards or a list. Raises NoAddressBook, and nothing else.

    `country`: where its numbers are dialled, ISO 3166. For `roles` and `headed` see contact_lists.read.
    """
    if len(data) > FILE_MAX:
        raise NoAddressBook(NoBook.TOO_BIG, mb=FILE_MAX >> 20)
    for begins, code in OTHERS.items():
        if data.startswith(begins):
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
        csv_lists.read(text_of(plain), book, roles, headed=headed)
    return book


def text_of(data: bytes) -> str:
    """The letters of a file."""
    plain = _plain(data)
    try:
        return plain.decode()
    except UnicodeDecodeError:
        pass
    try:
        return plain.decode("cp1252")
    except UnicodeDecodeError:
        return plain.decode("latin-1")


def _plain(data: bytes) -> bytes:
    """One byte order and no mark of it, single newlines, nothing that ends a string elsewhere."""
    mark, coding = next((one for one in MARKS.items() if data.startswith(one[0])), (b"", ""))
    data = data[len(mark) :]
    if not mark:
        even, odd = data[:400:2].count(0), data[1:400:2].count(0)
        few = len(data[:400]) // 4  # half of every other byte, as with the letters of the west
        coding = "utf-16-le" if odd > few and odd > even else "utf-16-be" if even > few else ""
    if coding:
        data = data.decode(coding, "replace").encode("utf-8", "replace")
    return data.replace(b"\0", b"").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
