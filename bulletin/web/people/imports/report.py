"""What of an address book was left out, and why, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask_babel import format_decimal, gettext as _, lazy_gettext as _l, ngettext

from bulletin.domain.people.contact_fields import NAME_MAX
from bulletin.domain.people.imports.entries import BY_LINE, ENTRIES_MAX, WAYS_MAX, Book, Why
from bulletin.domain.people.imports.files import FILE_MAX
from bulletin.domain.site.signs import on_one_line
from bulletin.web.shared.formats import listed

UNREAD_MAX, UNREAD_LONG = 12, 40  # names of columns, and letters of each
RUNS_MAX = 6  # of numbers that are named; the rest is counted

LEFT_OUT_SENTENCES = {
    Why.EMPTY: _l("nothing in it, so it is left out."),
    Why.NO_NAME: _l("no name in it, so it is left out. Add whom you need by hand."),
    Why.SAME: _l("the same as one before, so it is left out."),
    Why.TOO_MANY: _l("more than is taken at once, so it is left out. Divide the file."),
    Why.CARD_TOO_LONG: _l("far too much in it, so it is left out."),
    Why.NO_END: _l("broken off. What was there is below."),
    Why.AGENT: _l("somebody else’s card inside, which is left out."),
    Why.LINE_TOO_LONG: _l("far too long, so it is left out."),
    Why.UNREADABLE: _l("cannot be read, so it is left out."),
    Why.OUTSIDE: _l("stands in no card, so it is left out."),
    Why.MORE_FIELDS: _l("more fields than there are columns. Those at the end are left out."),
    Why.MORE_WAYS: _l("more numbers or addresses than there is room for. Those at the end are left out."),
    Why.NOBODY: _l("a group or a place and no person, so it is left out."),
    Why.BEFORE_HEAD: _l("stands above the names of the columns, so it is left out."),
    Why.ROUNDED: _l("a number that a spreadsheet has rounded. Its figures are lost: type it by hand."),
    Why.ODD_NUMBER: _l("a number that cannot be dialled as it stands. It is kept as it is written: look at it."),
    Why.SHORTENED: _l("something too long. Its end is cut off."),
}


def told(book: Book) -> list[str]:
    """All that was left out: a sentence for each reason, with the numbers of the cards, rows or lines."""
    sentences = []
    for why in Why:
        numbers = book.left_out.get(why)
        if numbers and why is Why.PICTURE:
            sentences.append(ngettext("%(num)d picture is dropped.", "%(num)d pictures are dropped.", len(numbers)))
        elif numbers and why is Why.ODD_NUMBER:
            sentences += _odd_numbers(book)
        elif numbers:
            where = _where(numbers, lines=why in BY_LINE, rows=book.rows)
            sentences.append(_("%(where)s: %(sentence)s", where=where, sentence=LEFT_OUT_SENTENCES[why]))
    if book.unread:
        names = listed(on_one_line(name)[:UNREAD_LONG] for name in book.unread[:UNREAD_MAX])
        more = len(book.unread) - UNREAD_MAX
        if more > 0:
            sentences.append(_("Columns that are not read: %(names)s and %(count)d more.", names=names, count=more))
        else:
            sentences.append(_("Columns that are not read: %(names)s.", names=names))
    return sentences


def _odd_numbers(book: Book) -> Iterator[str]:
    """Which and whose, one by one; of many, only where the others are."""
    named = book.odd_numbers[:RUNS_MAX]
    for number, name, typed in named:
        where = _where([number], lines=False, rows=book.rows)
        yield _(
            "%(where)s, %(name)s: “%(number)s” cannot be dialled as it stands. "
            "It is kept as it is written: look at it.",
            where=where,
            name=name[:NAME_MAX],
            number=typed[:UNREAD_LONG],
        )
    said = {number for number, _name, _typed in named}
    if rest := [number for number in book.left_out[Why.ODD_NUMBER] if number not in said]:
        where = _where(rest, lines=False, rows=book.rows)
        yield _("%(where)s: %(sentence)s", where=where, sentence=LEFT_OUT_SENTENCES[Why.ODD_NUMBER])


def most() -> str:
    """How much is taken."""
    return str(
        _(
            "At most %(size)d MB, %(people)s people, %(ways)d numbers of each.",
            size=FILE_MAX // 1024**2,
            people=format_decimal(ENTRIES_MAX),
            ways=WAYS_MAX,
        )
    )


def _where(numbers: Sequence[int], *, lines: bool, rows: bool) -> str:
    runs = list(_runs(numbers))
    named = ["–".join(format_decimal(end) for end in dict.fromkeys(run)) for run in runs[:RUNS_MAX]]
    if more := sum(last - first + 1 for first, last in runs[RUNS_MAX:]):
        named.append(_("%(count)s more", count=format_decimal(more)))
    which = listed(named)
    one = len(numbers) == 1
    if lines:
        return str(_("Line %(which)s", which=which) if one else _("Lines %(which)s", which=which))
    if rows:
        return str(_("Row %(which)s", which=which) if one else _("Rows %(which)s", which=which))
    return str(_("Card %(which)s", which=which) if one else _("Cards %(which)s", which=which))


def _runs(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    """First and last of numbers that follow each other."""
    first = last = numbers[0]
    for number in numbers[1:]:
        if number > last + 1:
            yield first, last
            first = number
        last = number
    yield first, last
