"""Lists of people as comma-separated values (RFC 4180, more or less): from address books, mailing lists, or anybody."""

from __future__ import annotations

import csv
import itertools
import re
from collections.abc import Iterator, Sequence

from bulletin.domain.people.contacts import name_key

from .entries import ENTRIES_MAX, Book, Why

LINE_MAX = 32_768  # characters of one line, and of one field: below what csv takes
ROWS_MAX = 4 * ENTRIES_MAX  # that are looked at
FIELD_LINES_MAX = 30  # lines of one row: more, and a quotation mark was left open
COLUMNS_MAX = 150
SHOWN = 5  # rows, where somebody has to say which column is which
DELIMITERS = ",;\t|"

GIVEN, MIDDLE, FAMILY = "given", "middle", "family"
# What a column can be; the three parts of a name are put together.
ROLES = ("name", GIVEN, MIDDLE, FAMILY, "nickname", "title", "organisation", "phones", "ways", "notes")
# Headers by their key (no capitals, no marks): Google's contacts, old and new, Outlook's, Action Network's, and the
# plain words of lists that somebody made by hand. Their own "title" is Outlook's for Mrs and Dr, so it is none of ours.
_HEADERS: dict[str, Sequence[str]] = {
    "name": ("name", "full name", "display name", "names", "who", "nombre completo"),
    GIVEN: ("first name", "given name", "first", "forename", "nombre"),
    MIDDLE: ("middle name", "additional name"),
    FAMILY: ("last name", "family name", "surname", "last", "apellidos", "apellido"),
    "nickname": ("nickname", "called", "known as", "apodo"),
    "title": ("job title", "organization title", "organization 1 title", "job", "role", "puesto"),
    "organisation": ("company", "organization name", "organization 1 name", "organization", "organisation", "empresa"),
    "phones": (
        *("phone", "phone number", "telephone", "tel", "mobile", "mobile phone", "mobile number", "cell", "cell phone"),
        *("primary phone", "home phone", "home phone 2", "business phone", "business phone 2", "other phone", "number"),
        *("can2 phone", "car phone", "company main phone", "telefono", "movil"),
    ),
    "ways": ("email", "e mail", "email address", "e mail address", "mail", "e mail 2 address", "e mail 3 address"),
}
_KNOWN = {header: role for role, headers in _HEADERS.items() for header in headers}
_NUMBERED = {  # Google's, as many as somebody has
    re.compile(r"phone \d+ value"): "phones",
    re.compile(r"e mail \d+ value"): "ways",
}


def read(text: str, book: Book, roles: Sequence[str] | None = None, *, headed: bool = True) -> None:
    """Read a list into a book. Without `roles` they are found in its first row, or else its columns are shown.

    `roles`: what each column is, one of ROLES or empty; `headed`: does the first row say what they are, so that it
    is nobody?
    """
    lines = text.split("\n")
    delimiter = _delimiter(lines)
    rows = _rows(lines, delimiter, book)
    if roles is None:
        first = next(rows, None)
        if first is None:
            return book.leave_out(Why.EMPTY, 1)
        roles = _roles(first[1])
        if "name" not in roles and GIVEN not in roles and FAMILY not in roles:
            book.columns = beginning(text)
            book.left_out.clear()  # nothing was read yet
            return None
        book.unread = [cell.strip() for cell, role in zip(first[1], roles, strict=True) if cell.strip() and not role]
    elif headed:
        next(rows, None)
    for number, row in rows:
        if book.full or number > ROWS_MAX:
            book.leave_out(Why.TOO_MANY, number)
        else:
            if any(cell.strip() for cell in row[len(roles) :]):
                book.leave_out(Why.MORE_FIELDS, number)
            book.take(number, _fields(row, roles))
    return None


def beginning(text: str) -> list[list[str]]:
    """The first rows, to see which column is which."""
    lines = text.split("\n")
    rows = _rows(lines, _delimiter(lines), Book("", rows=True))
    return [row[:COLUMNS_MAX] for _number, row in itertools.islice(rows, SHOWN)]


def _roles(header: Sequence[str]) -> list[str]:
    keys = [name_key(cell[:60].replace("_", " ")) for cell in header]
    roles = [_KNOWN.get(key, "") for key in keys]
    for index, key in enumerate(keys):
        roles[index] = next((role for way, role in _NUMBERED.items() if way.fullmatch(key)), roles[index])
    return roles


def _fields(row: Sequence[str], roles: Sequence[str]) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    for role, cell in zip(roles, row, strict=False):
        if role and cell:
            several = role in ("phones", "ways")
            fields.setdefault(role, []).extend(cell.split(" ::: ") if several else [cell])  # as Google has several
    parts = [fields.pop(part, [""])[0] for part in (GIVEN, MIDDLE, FAMILY)]
    fields.setdefault("name", []).append(" ".join(filter(None, parts)))
    return fields


def _delimiter(lines: Sequence[str]) -> str:
    """What stands between the fields: what csv takes it for in the beginning, or else the commonest in the first."""
    begin = "\n".join(line[:1_000] for line in itertools.islice(filter(str.strip, lines), 8))
    header = begin.partition("\n")[0]
    counts = {sign: header.count(sign) for sign in DELIMITERS}
    likely = max(DELIMITERS, key=lambda sign: counts[sign])
    if counts[likely]:
        return likely
    try:
        return csv.Sniffer().sniff(begin[:2_000], DELIMITERS).delimiter
    except csv.Error:
        return ","


def _rows(lines: Sequence[str], delimiter: str, book: Book) -> Iterator[tuple[int, list[str]]]:
    """Each row with its number; a row that cannot be read as it should is read as its first line alone."""
    at = number = 0
    while at < len(lines):
        line = lines[at]
        if not line or line.isspace():
            at += 1
            continue
        number += 1
        if book.full or number > ROWS_MAX:  # nobody is taken any more: they are only counted
            yield number, []
            at += 1
            continue
        if len(line) > LINE_MAX:
            book.leave_out(Why.LINE_TOO_LONG, at + 1)
            at += 1
            continue
        taken, row = 1, _one([line], delimiter)
        if row is None and '"' in line:
            taken, row = _several(lines, at, delimiter)
        yield number, row if row is not None else _torn(line, delimiter)
        at += taken


def _one(lines: Sequence[str], delimiter: str) -> list[str] | None:
    """These lines as one row; None if they are not one."""
    reader = csv.reader((f"{line}\n" for line in lines), delimiter=delimiter, strict=True)
    try:
        row = next(reader, None)
    except csv.Error:
        return None
    return row if reader.line_num == len(lines) else None


def _several(lines: Sequence[str], at: int, delimiter: str) -> tuple[int, list[str] | None]:
    """A row whose fields have several lines, and how many; 1 and None where it does not end."""
    some = lines[at : at + FIELD_LINES_MAX]
    reader = csv.reader((f"{line[:LINE_MAX]}\n" for line in some), delimiter=delimiter, strict=True)
    try:
        row = next(reader)
    except (csv.Error, StopIteration):
        return 1, None
    return reader.line_num, row


def _torn(line: str, delimiter: str) -> list[str]:
    """A line with a quotation mark too many."""
    try:
        return next(csv.reader([line], delimiter=delimiter, quoting=csv.QUOTE_NONE))
    except (csv.Error, StopIteration):
        return line.split(delimiter)
