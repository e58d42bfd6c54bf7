"""Lists of people as comma-separated values (RFC 4180, more or less): from address books, mailing lists, or anybody."""

from __future__ import annotations

import csv
import html
import itertools
import re
from collections.abc import Iterator, Sequence

from .csv_heads import FAMILY, GIVEN, MIDDLE, NAMES, PHONES, SOME, WAYS, role_of, roles_of
from .entries import ENTRIES_MAX, Book, Why

LINE_MAX = 32_768  # characters of one line, and of one field: below what csv takes
ROWS_MAX = 4 * ENTRIES_MAX  # that are looked at
FIELD_LINES_MAX = 30  # lines of one row: more, and a quotation mark was left open
COLUMNS_MAX = 150
SHOWN = 5  # rows, where somebody has to say which column is which
DELIMITERS = "\t;|,"  # in this order where they part alike: a comma stands in names and numbers, too

HEAD_WITHIN = 10  # rows from the first, in which the names of the columns are looked for
JUDGED = 1_000  # rows by which it is judged what stands between the fields
_SEPARATOR = re.compile(r'"?sep=(.)"?[;,\t|]*', re.IGNORECASE)  # Excel's own word on it, in a line before the first
_FORMULA = re.compile(r'="((?:[^"]|"")*)"')  # how a spreadsheet is kept from reading a text as a number
_DUTCH = re.compile(r"'[a-z] ")  # 't Hart: the one apostrophe before a name that is no spreadsheet's
_ENTITY = re.compile(r"&(?:#\d{1,6}|#x[0-9a-f]{1,5}|[a-z]{2,8}\d?);", re.IGNORECASE)
_WHOLE = re.compile(r"(\d{5,})\.0+", re.ASCII)  # a number that a spreadsheet made a decimal


def read(text: str, book: Book, roles: Sequence[str] | None = None, *, headed: bool = True) -> None:
    """Read a list into a book. Without `roles` they are found in one of its first rows, or else its columns are shown.

    `roles`: what each column is, one of ROLES or empty; `headed`: does the first row say what they are, so that it
    is nobody?
    """
    rows = _all_rows(text, book)
    some = list(itertools.islice(rows, SOME))
    if not some:
        return book.leave_out(Why.EMPTY, 1)
    if roles is None:
        at = _head(some)
        if at is None:
            book.columns = beginning(text)
            book.left_out.clear()  # nothing was read yet
            return None
        heads = some[at][1]
        roles = roles_of(heads, [row for _number, row in some[at + 1 :]])
        book.unread = [cell.strip() for cell, role in zip(heads, roles, strict=True) if cell.strip() and not role]
    else:
        at = _titles(some) if headed else -1
    for number, row in some[: max(at, 0)]:
        if any(map(str.strip, row)):
            book.leave_out(Why.BEFORE_HEAD, number)
    for number, row in itertools.chain(some[at + 1 :], rows):
        if book.full or number > ROWS_MAX:
            book.leave_out(Why.TOO_MANY, number)
        else:
            if any(cell.strip() for cell in row[len(roles) :]):
                book.leave_out(Why.MORE_FIELDS, number)
            book.take(number, _fields(row, roles))
    return None


def beginning(text: str) -> list[list[str]]:
    """The first rows, to see which column is which."""
    rows = [row for _number, row in itertools.islice(_all_rows(text, Book("", rows=True)), SOME)]
    return [row[:COLUMNS_MAX] for row in rows[_titles([*enumerate(rows)]) :]][:SHOWN]


def _head(rows: Sequence[tuple[int, Sequence[str]]]) -> int | None:
    """The first row that names columns, one of them for a name."""
    found = (at for at, (_number, row) in enumerate(rows[:HEAD_WITHIN]) if NAMES & set(map(role_of, row)))
    return next(found, None)


def _titles(rows: Sequence[tuple[int, Sequence[str]]]) -> int:
    """How many rows stand above the columns: what the list is, and of when."""
    filled = [sum(map(bool, map(str.strip, row))) for _number, row in rows]
    commonest = max(set(filled), key=filled.count, default=0)
    above = itertools.takewhile(lambda count: count < 2 <= commonest, filled[:HEAD_WITHIN])
    return len([*above]) % max(len(rows), 1)


def _fields(row: Sequence[str], roles: Sequence[str]) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    for role, typed in zip(roles, row, strict=False):
        if role and (cell := _meant(typed)):
            several = role in (PHONES, WAYS)
            fields.setdefault(role, []).extend(cell.split(" ::: ") if several else [cell])  # as Google has several
    parts = [fields.pop(part, [""])[0] for part in (GIVEN, MIDDLE, FAMILY)]
    fields.setdefault("name", []).append(" ".join(filter(None, parts)))
    return fields


def _meant(cell: str) -> str:
    """What somebody typed, without what a program needs around it."""
    cell = cell.strip()
    if formula := _FORMULA.fullmatch(cell):
        cell = formula[1].replace('""', '"')
    elif cell[:1] == "'" and not _DUTCH.match(cell):
        cell = cell[1:]
    elif whole := _WHOLE.fullmatch(cell):
        cell = whole[1]
    return html.unescape(cell) if _ENTITY.search(cell) else cell


def _all_rows(text: str, book: Book) -> Iterator[tuple[int, list[str]]]:
    """Each row of a list with its number, parted as it says itself, or as most of its rows are."""
    lines = text.split("\n")
    first = next((at for at, line in enumerate(lines) if line.strip()), 0)
    if said := _SEPARATOR.fullmatch(lines[first].strip()):
        return _rows(lines[first + 1 :], said[1], book)
    return _rows(lines, _delimiter(lines), book)


def _delimiter(lines: Sequence[str]) -> str:
    """What stands between the fields: what parts most rows, and these into equally many; a comma where nothing does."""
    seen = (_ENTITY.sub("", line[:1_000]) for line in lines if line and not line.isspace())
    some = list(itertools.islice(seen, JUDGED))
    return max(DELIMITERS, key=lambda sign: _parted_alike(some, sign))


def _parted_alike(lines: Sequence[str], sign: str) -> tuple[float, int]:
    """Which part of the rows has the commonest number of fields, if that is more than one; and how many they are."""
    if not any(sign in line for line in lines):
        return 0, 0
    counts = [len(row) for _number, row in _rows(lines, sign, Book("", rows=True))]
    several = [count for count in counts if count > 1]
    commonest = max(set(several), key=lambda count: (several.count(count), count), default=0)
    return several.count(commonest) / max(len(counts), 1), commonest


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
