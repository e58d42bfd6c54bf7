"""Who of a site's notebook is named in a text: by name, by nickname, or by what nobody else there does."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from bulletin.domain.people.contacts import Brief
from bulletin.domain.people.name_matching import name_key
from bulletin.vault.words import word_list

from .vocabulary import Wording

TITLE_MIN = 6  # letters of a title in one word; shorter ones stand in too many sentences
SMALL = 3  # letters of a word that is written small in headlines, too
WORD_MAX = 60  # letters: what is longer is nobody's name, and putting its accents in order could take long

# A word with its accents, however they are written; a name with an apostrophe or a hyphen is several.
_WORD = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036f])*")

_BEFORE_NAMES = frozenset(("dr", "mr", "mrs", "ms", "miss", "mx", "prof", "sr", "sra", "srta", "don", "dona", "sir"))
_NAMES_TOO = """
    april art august bill chase dawn dean drew eve faith frank grace guy hope jack joy june king mark max may mercy
    miles pat patience ray red rich rob rose sue sunny will
"""  # words that are names too, and not in the list of ordinary ones

Phrases = Mapping[str, Sequence[tuple[str, ...]]]  # by their first word


class People:
    """A site's contacts, as advice looks for them. It is made for one page and kept nowhere.

    Names and nicknames of several words are looked for however they are written. One word alone is somebody only where
    it has a capital that it need not have, because most given names are words too, or the names of places; the given
    name of somebody whose whole name is known is not looked for. Titles count if one person here holds them.
    """

    def __init__(self, briefs: Iterable[Brief], *, beside: str = "") -> None:
        """`briefs`: of all contacts, gone ones too; `beside`: words that name the site itself."""
        names: set[tuple[str, ...]] = set()
        titles: dict[str, int] = defaultdict(int)
        for brief in briefs:
            names.update(*map(_ways_to_say, (brief.name, *brief.nickname.split(","))))
            if brief.title and not brief.gone:
                titles[brief.title] += 1
        ours = set(_words(beside))
        self._single = {name[0] for name in names if len(name) == 1 and len(name[0]) > 1} - ours
        self._names = _phrases(name for name in names if len(name) > 1)
        self._titles = _phrases(_held_by_one(titles))

    def named(self, sentence: str, language: Wording) -> Iterator[str]:
        """The names in a sentence, as they stand there."""
        spans = list(_WORD.finditer(sentence))
        words = [_key(span[0]) for span in spans]
        yield from _find(self._names, spans, words, sentence)
        if self._single.isdisjoint(words):
            return
        # In a headline every word may have a capital.
        loud = not any(span[0][0].islower() and len(span[0]) > SMALL for span in spans)
        for at, (span, word) in enumerate(zip(spans, words, strict=True)):
            if word in self._single and _is_somebody(span[0], at, language, loud=loud):
                yield span[0]

    def only_one(self, sentence: str, _language: Wording) -> Iterator[str]:
        """The titles in a sentence that one person holds."""
        if self._titles:
            spans = list(_WORD.finditer(sentence))
            yield from _find(self._titles, spans, [_key(span[0]) for span in spans], sentence)


def _is_somebody(typed: str, at: int, language: Wording, *, loud: bool) -> bool:
    lower = typed.lower()
    if lower in language.no_names | language.titles | language.honorifics | language.served:
        return False
    if typed[0].lower() == typed[0].upper():  # a script without capitals
        return True
    # Where any word has a capital, only what is no other word.
    ordinary = (at == 0 or loud) and (
        lower in _ordinary() or lower in language.outs | language.deeds | language.charges
    )
    return typed[0].isupper() and not ordinary


def _held_by_one(titles: Mapping[str, int]) -> Iterator[tuple[str, ...]]:
    """Titles of one person, as words: a driver is one of many where there are night drivers."""
    held: dict[tuple[str, ...], int] = defaultdict(int)
    for title, count in titles.items():
        held[_words(title)] += count
    by_word: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for words in held:
        for word in set(words):
            by_word[word].append(words)
    for words, count in held.items():
        if count != 1 or not words or (len(words) == 1 and len(words[0]) < TITLE_MIN):
            continue
        rarest = min(words, key=lambda word: len(by_word[word]))
        if not any(set(words) < set(others) for others in by_word[rarest]):
            yield words


def _find(phrases: Phrases, spans: Sequence[re.Match[str]], words: Sequence[str], sentence: str) -> Iterator[str]:
    for at, word in enumerate(words):
        for phrase in phrases.get(word, ()):
            end = at + len(phrase)
            if tuple(words[at:end]) == phrase:
                yield sentence[spans[at].start() : spans[end - 1].end()]


def _phrases(several: Iterable[tuple[str, ...]]) -> Phrases:
    found: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for words in several:
        found[words[0]].append(words)
    return found


def _ways_to_say(name: str) -> set[tuple[str, ...]]:
    """A name as it is, and without what people leave out: titles, initials, the names in the middle."""
    words = _words(name)
    if len(words) > 1 and words[0] in _BEFORE_NAMES:
        words = words[1:]
    if len(words) < 3:
        return {words}
    return {words, words[:1] + words[-1:], tuple(word for word in words if len(word) > 1)}


def _words(typed: str) -> tuple[str, ...]:
    """The words of a name as they are compared."""
    return tuple(filter(None, map(_key, _WORD.findall(typed))))


@functools.cache
def _ordinary() -> frozenset[str]:
    return frozenset(word_list()) | frozenset(_NAMES_TOO.split())


def _key(word: str) -> str:
    return word.lower() if word.isascii() else name_key(word[:WORD_MAX])
