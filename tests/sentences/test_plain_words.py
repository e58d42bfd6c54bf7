"""No screen says a word that puzzles whoever reads it for the first time: the table stands in docs/words.md."""

from __future__ import annotations

import pathlib
import re

from bulletin.sentences.catalogues import messages

WORDS = pathlib.Path(__file__).parents[2] / "docs" / "words.md"
# What a file or a machine is called, and what a text says of itself, as the press reads it.
NAMES = re.compile(r"\bsites?\.\w+|\bsite:|--sites|%\(\w+\)[sd]")


def never() -> re.Pattern[str]:
    """The words of that table's first column."""
    rows = WORDS.read_text(encoding="utf-8").partition("| never | but |\n|---|---|\n")[2].partition("\n\n")[0]
    words = [word for row in rows.splitlines() for word in row.split("|")[1].strip().split(", ")]
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})s?\b", re.IGNORECASE)


def hard_words(text: str) -> list[str]:
    """Those that stand in it."""
    return never().findall(NAMES.sub("", text))


def test_the_table_is_read():
    assert hard_words("Found a site: Site.") == ["Found a", "Site"]
    assert hard_words("It is called site.sealed, at sites.example; the opposite of a website.") == []


def test_no_sentence_has_a_word_that_puzzles():
    said = [one for message in messages() for one in (message.id if isinstance(message.id, tuple) else (message.id,))]
    assert [(hard_words(one), one) for one in said if hard_words(one)] == []
