"""Catalogues for translators: one for each language but English, made and kept up to date by `make messages`.

bulletin/translations/pl/LC_MESSAGES/ holds messages.po, which translators write in, and messages.mo, which is read
while people look at pages. Both are committed, so that a fresh machine speaks every language without a step more. The
list of all sentences (a .pot) is not: it is made from the sources whenever it is needed. Nothing in a catalogue says
who translated, when, or on which machine.
"""

from __future__ import annotations

import io
import pathlib
import sys
from collections.abc import Callable, Iterator
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.messages import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from bulletin.config import CATALOGUES, ROOT, TEMPLATES
from bulletin.press.kinds import KINDS

CODE = ROOT / "bulletin"
KEYWORDS = {**DEFAULT_KEYWORDS, "_l": None, "lazy_gettext": None, "plural": (1, 2)}
# What Babel writes into the head of a catalogue that is nobody's business, or that gettext does not need.
UNSAID = (
    *("Project-Id-Version", "Report-Msgid-Bugs-To", "POT-Creation-Date", "PO-Revision-Date"),
    *("Last-Translator", "Language-Team", "Generated-By"),
)
ABOUT = "# Bulletin on the screen. `make messages` brings this up to date with what the program says."
WIDTH = 120


class Unsigned(Catalog):
    """A catalogue with no more in its head than its language, how that counts, and how it is written down."""

    def __init__(self, locale: str | None = None) -> None:
        super().__init__(locale, header_comment=ABOUT, fuzzy=False)

    def _get_mime_headers(self) -> list[tuple[str, str]]:
        return [(name, value) for name, value in super()._get_mime_headers() if name not in UNSAID]

    mime_headers = property(_get_mime_headers)


def messages() -> Catalog:
    """Every sentence there is to translate, from the code, the templates and the kinds of bulletins."""
    catalog = Unsigned()
    for place, message in [*_marked(CODE, "**.py", "python"), *_marked(TEMPLATES, "**.html", "jinja2"), *_of_kinds()]:
        catalog.add(message, locations=[(place, 0)])
    return catalog


def _marked(folder: pathlib.Path, files: str, method: str) -> Iterator[tuple[str, str | tuple[str, ...]]]:
    options = {files: {"silent": "false", "newstyle_gettext": "true", "encoding": "utf-8"}}
    for name, _line, message, _comments, _context in extract_from_dir(
        folder, [(files, method)], options if method == "jinja2" else {}, KEYWORDS
    ):
        yield (folder.relative_to(ROOT) / name).as_posix(), message


def _of_kinds() -> Iterator[tuple[str, str]]:
    """What kinds are called and ask: the press marks nothing, it stands alone."""
    for kind in KINDS.values():
        headings = (question.heading for question in kind.questions if question.heading)
        for message in (kind.title, kind.purpose, *(question.text for question in kind.questions), *headings):
            yield "bulletin/press/kinds.py", message


def update(locale: str, template: Catalog, folder: pathlib.Path = CATALOGUES) -> list[str]:
    """Bring one language's catalogue up to date, or begin it; what is wrong in its translations.

    What is wrong, or only guessed from a sentence that was similar, is not compiled: English stands there.
    """
    place = folder / locale / "LC_MESSAGES"
    place.mkdir(parents=True, exist_ok=True)
    written = place / "messages.po"
    catalog = Unsigned(locale)
    if written.exists():
        with written.open("rb") as file:
            before = read_po(file, locale=locale)
        for message in filter(lambda message: message.id, before):
            catalog[message.id] = message
        catalog.obsolete = before.obsolete
    catalog.update(template, update_creation_date=False)
    written.write_bytes(_bytes(write_po, catalog, width=WIDTH, include_lineno=False, sort_by_file=True))
    ready, wrong = Unsigned(locale), []
    for message in catalog:
        if message.id and any(message.string or ()) and not message.fuzzy:
            mistakes = [f"{locale}: {error} ({message.id!r})" for error in message.check(catalog)]
            wrong += mistakes
            if not mistakes:
                ready.add(message.id, message.string)
    (place / "messages.mo").write_bytes(_bytes(write_mo, ready))
    return wrong


def _bytes(write: Callable[..., None], catalog: Catalog, **how: Any) -> bytes:
    buffer = io.BytesIO()
    write(buffer, catalog, **how)
    return buffer.getvalue()


def main(folder: pathlib.Path = CATALOGUES, new: str = "") -> int:
    """Bring all catalogues up to date, and begin a `new` one; 1 if something is wrong in them."""
    try:
        begun = {str(Locale.parse(new, sep="-" if "-" in new else "_"))} if new else set()
    except (UnknownLocaleError, ValueError):
        print(f"{new} is no language that we know: give its code, such as pl or pt_BR.", file=sys.stderr)
        return 1
    template = messages()
    there = {path.parts[-3] for path in folder.glob("*/LC_MESSAGES/messages.po")} | begun
    wrong = [sentence for locale in sorted(there) for sentence in update(locale, template, folder)]
    print(f"{len(template)} sentences; languages besides English: {', '.join(sorted(there)) or 'none yet'}.")
    for sentence in wrong:
        print(sentence, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(new=sys.argv[1] if len(sys.argv) > 1 else ""))
