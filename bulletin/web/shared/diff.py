"""What differs between two texts, for people to read."""

from __future__ import annotations

from bulletin.domain.papers.diff import changes

COMPARED_MAX = 20_000  # characters of a text that is compared by its words; a longer one by its lines


def difference(before: str, after: str) -> list[tuple[str, str]]:
    """Two texts as one: pieces that are "same", "out" or "in", by whole words."""
    old, new = _words(before), _words(after)
    told: list[tuple[str, str]] = []
    for kind, at, to, since, until in changes(old, new):
        if kind == "equal":
            told.append(("same", "".join(old[at:to])))
            continue
        told += [("out", "".join(old[at:to]))] if to > at else []
        told += [("in", "".join(new[since:until]))] if until > since else []
    return told


def _words(text: str) -> list[str]:
    if len(text) > COMPARED_MAX:
        return text.splitlines(keepends=True)
    words: list[str] = []
    for line in text.splitlines(keepends=True):
        words += [word for word in line.replace(" ", " \0").split("\0") if word]
    return words
