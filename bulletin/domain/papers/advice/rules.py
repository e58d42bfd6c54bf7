"""What a good editor says before a bulletin is printed: advice beside what it concerns, never a gate.

It knows words and understands none: it misses much, and what it asks may have a good answer.
"""

from __future__ import annotations

import dataclasses
import enum
import itertools
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

import phonenumbers

from bulletin.press.addresses import as_uri
from bulletin.press.parts import Part

from .imprints import imprint_card
from .people_named import People
from .vocabulary import NOBODYS_HOME, POSTCODES, STREET, Wording, wording

SENTENCE_MAX, PARAGRAPH_MAX, HEADLINE_MAX = 30, 60, 7  # words
REPLY_MAX = 25  # characters of an address whose code outlives three photocopies
SHOWN_MAX = 60  # characters of the words that are quoted
NEAR, BEHIND, SUBJECT = 8, 5, 3  # words from a title to a deed, from a deed to who did it, from a bare name to a deed
CANDIDATES_MAX = 30  # runs of digits in one part that are tried as telephone numbers


class Rule(enum.StrEnum):
    """What an advice is about, in the order in which they are given."""

    PATIENTS = "patients"
    NAMED = "named"  # somebody in the notebook
    ONLY_ONE = "only_one"  # in the notebook, and so known by what they do
    ACCUSATION = "accusation"
    CALLING_OUT = "calling_out"
    NO_REPLY = "no_reply"
    PRIVATE_NUMBER = "private_number"
    HOME_ADDRESS = "home_address"
    PICTURE = "picture"
    IMPRINT = "imprint"  # there is none
    IMPRINT_ADDRESS = "imprint_address"  # it has one that may be somebody's home
    LONG_HEADLINE = "long_headline"
    LONG_SENTENCE = "long_sentence"
    LONG_PARAGRAPH = "long_paragraph"
    LONG_QR_ADDRESS = "long_qr_address"


@dataclasses.dataclass(frozen=True)
class Advice:
    """One advice. `about`: the index of the part, None for the header; `words`: as typed, "" where there are none."""

    about: int | None
    rule: Rule
    words: str = ""


_ORDER = {rule: at for at, rule in enumerate(Rule)}

_DIGITS = re.compile(r"(?<!\w)\+?\(?\d(?:[ ()./-]{0,3}\d){6,24}")
_PRIVATE = {
    phonenumbers.PhoneNumberType.MOBILE,
    phonenumbers.PhoneNumberType.FIXED_LINE,
    phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
    phonenumbers.PhoneNumberType.PERSONAL_NUMBER,
}

_WORD = re.compile(r"\w+(?:['’-]\w+)*")
_COUNTED = re.compile(r"\w+(?:['’.,:/-]\w+)*")  # 14:30 is one word
_MARKS = re.compile(r"\*+|(?<!\w)_+|_+(?!\w)|^[\s>]+|^#+ ", re.MULTILINE)
_MARKED = re.compile(r"[*_>#]")
_NEW_BLOCK = re.compile(r"\s*(?:[-+*]|\d{1,3}[.)]|#+)\s+")
_STOP = re.compile(r"(?<=[.!?…\"'”’»)\]“]) ")
_CLOSING, _OPENING = "\"'”’»)]“", "\"'“‘«„([¿¡–—-"
_CALL_BEGINS = re.compile(
    r"(?:^|[:;,–—¡“\"]|\b(?:so|please|and|then|let['’]s|y|así que)(?= ))[ \"'“‘«¡]{0,3}", re.IGNORECASE
)


class _Text:
    """What stands in one part, cut into paragraphs and sentences."""

    def __init__(self, typed: str, language: Wording) -> None:
        self.language = language
        self.paragraphs = list(_paragraphs(typed))
        self.sentences = [sentence for paragraph in self.paragraphs for sentence in _sentences(paragraph, language)]
        self.words = frozenset(_WORD.findall(typed.lower()))


def advise(
    head: Mapping[str, str],
    parts: Sequence[Part],
    *,
    language: str,
    country: str,
    official: bool = False,
    agreed_pictures: Collection[int] = (),
    people: People | None = None,
) -> list[Advice]:
    """All there is to say, the header first and then part by part: each rule once a part, with the first words.

    `language` is a BCP 47 tag, `country` an ISO 3166 code; both may be anything. `official`: the law knows of the
    strike; `agreed_pictures`: indices of the parts whose pictures everybody in them has agreed to; `people`: who is in
    the notebook.
    """
    country = country.strip().upper()
    looks = {rule: look for rule, look in _LOOKS.items() if not (official and rule is Rule.CALLING_OUT)}
    if people is not None:
        looks |= {Rule.NAMED: _looked_for(people.named), Rule.ONLY_ONE: _looked_for(people.only_one)}
    shown = "\n\n".join(head.get(key, "") for key in ("masthead", "headline", "strapline"))
    typed: list[tuple[int | None, str]] = [(None, shown)]
    typed += [(index, f"{part.title}\n\n{part.text}") for index, part in enumerate(parts)]
    given = {(advice.about, advice.rule): advice for advice in _about_header(head, parts, country)}
    for about, piece in typed:
        text = _Text(piece, wording(language))
        for rule, look in looks.items():
            if words := look(text, country):
                given.setdefault((about, rule), Advice(about, rule, _short(words)))
    for index, part in enumerate(parts):
        if part.name == "image" and index not in agreed_pictures:
            given[index, Rule.PICTURE] = Advice(index, Rule.PICTURE)
    return sorted(given.values(), key=lambda a: (-1 if a.about is None else a.about, _ORDER[a.rule]))


def _about_header(head: Mapping[str, str], parts: Sequence[Part], country: str) -> Iterator[Advice]:
    reply, headline, imprint = (" ".join(head.get(key, "").split()) for key in ("reply", "headline", "imprint"))
    if not reply and not any(part.name == "box" and not part.empty for part in parts):
        yield Advice(None, Rule.NO_REPLY)
    if len(as_uri(reply)) > REPLY_MAX:
        yield Advice(None, Rule.LONG_QR_ADDRESS, _short(reply))
    if len(_COUNTED.findall(headline)) > HEADLINE_MAX:
        yield Advice(None, Rule.LONG_HEADLINE, _short(headline))
    card = imprint_card(country)
    if not imprint and (card is None or card.asked):
        yield Advice(None, Rule.IMPRINT)
    # The law may want an address here: this has a rule of its own, that does not tell people to leave it out.
    if home := _home(imprint, country):
        yield Advice(None, Rule.IMPRINT_ADDRESS, _short(home))
    if number := _number(imprint, country):
        yield Advice(None, Rule.PRIVATE_NUMBER, _short(number))


# How a text is cut up.


def _paragraphs(typed: str) -> Iterator[str]:
    """Paragraphs, items of lists and cells of tables, each without its Markdown."""
    block: list[str] = []
    for line in (*typed.split("\n"), ""):
        table = line.lstrip().startswith("|")
        begins = _NEW_BLOCK.match(line)
        if block and (begins or table or not line.strip()):
            yield " ".join(block)
            block = []
        if table:
            yield from (_plain(cell) for cell in line.split("|") if cell.strip(" -:"))
        elif line.strip():
            block.append(_plain(line[begins.end() :] if begins else line))


def _plain(line: str) -> str:
    return " ".join((_MARKS.sub("", line) if _MARKED.search(line) else line).split())


def _sentences(paragraph: str, language: Wording) -> Iterator[str]:
    begun = 0
    for stop in _STOP.finditer(paragraph):
        word = paragraph[max(begun, paragraph.rfind(" ", begun, stop.start()) + 1) : stop.start()]
        if _ends(word, paragraph[stop.end() : stop.end() + 4], language):
            yield paragraph[begun : stop.start()]
            begun = stop.end()
    yield paragraph[begun:]


def _ends(word: str, following: str, language: Wording) -> bool:
    """Does a sentence end between a word with a stop behind it and what follows?"""
    bare, first = word.rstrip(_CLOSING), following.lstrip(_OPENING)[:1]
    if first.islower() or not bare.endswith((".", "!", "?", "…")):
        return False
    if not bare.endswith("."):
        return True
    stem = bare.lstrip(_OPENING).replace(".", "")
    initial = len(stem) == 1 and stem.isupper()  # J. Smith
    before_number = first.isdigit() and stem.lower() in language.short_before_numbers
    return not (initial or before_number or stem.lower() in language.short)


def _short(words: str) -> str:
    if len(words) <= SHOWN_MAX:
        return words
    cut = words[: SHOWN_MAX - 1]
    return (cut.rpartition(" ")[0] or cut).rstrip(" ,;:–—") + "…"


# What is looked for: each gives the words it found, or "".


def _looked_for(found: Callable[[str, Wording], Iterator[str]]) -> Callable[[_Text, str], str]:
    """All that is found, each once: of five people named, four must not be overlooked."""
    return lambda text, _country: ", ".join(
        dict.fromkeys(itertools.chain.from_iterable(found(one, text.language) for one in text.sentences))
    )


def _served(text: _Text, _country: str) -> str:
    """Somebody in their care, alone or with what makes one of many known."""
    language = text.language
    if text.words.isdisjoint(language.served):
        return ""
    for sentence in text.sentences:
        if one := language.one_of_them.search(sentence):
            return one[0]
        word = next((word for word in _WORD.findall(sentence) if word.lower() in language.served), "")
        if word and language.recognised_by.search(sentence):
            return word
    return ""


def _accused(text: _Text, _country: str) -> str:
    language = text.language
    if text.words.isdisjoint(language.deeds | language.charges):
        return ""
    return next((found for sentence in text.sentences if (found := _accused_in(sentence, language))), "")


def _accused_in(sentence: str, language: Wording) -> str:
    """From who did it to what was done, or the other way round; "" where a sentence has not both."""
    spans = list(_WORD.finditer(sentence))
    words = [span[0].lower() for span in spans]
    for at, word in enumerate(words):
        deed = word in language.deeds
        if not (deed or word in language.charges) or not language.not_so.isdisjoint(words[max(at - 2, 0) : at]):
            continue
        for who in range(at + 2, min(at + 1 + BEHIND, len(words))):
            if _is_somebody(who, spans, words, language) and not language.done_by.isdisjoint(words[at + 1 : who]):
                return sentence[spans[at].start() : spans[who].end()]
        if deed and at and words[at - 1] in language.passive:
            continue
        for who in range(at - 1, max(at - 1 - NEAR, -1), -1):
            if who < at - 1 and words[who] in language.reporting:
                break
            if _is_titled(who, spans, words, language) or (
                at - who <= SUBJECT and _is_name(who, spans, words, language)
            ):
                return sentence[spans[who].start() : spans[at].end()]
    return ""


def _is_somebody(at: int, spans: Sequence[re.Match[str]], words: Sequence[str], language: Wording) -> bool:
    return _is_titled(at, spans, words, language) or _is_name(at, spans, words, language)


def _is_titled(at: int, spans: Sequence[re.Match[str]], words: Sequence[str], language: Wording) -> bool:
    if words[at] in language.honorifics:
        return at + 1 < len(spans) and spans[at + 1][0][0].isupper()
    return words[at] in language.titles


def _is_name(at: int, spans: Sequence[re.Match[str]], words: Sequence[str], language: Wording) -> bool:
    """A capital where none need be; or at the beginning, where what is said of it follows at once."""
    word, lower = spans[at][0], words[at].removesuffix("'s").removesuffix("’s")
    if len(word) < 3 or not word[0].isupper() or not word[1].islower() or lower in language.no_names:
        return False
    if lower in language.deeds or lower in language.charges or lower.endswith(language.no_name_ends):
        return False
    if at:
        return words[at - 1] not in language.places
    if words[1:2] and words[1] in language.auxiliaries:
        return not (language.deeds | language.charges).isdisjoint(words[2:4])
    return not language.deeds.isdisjoint(words[1:2])


def _calling_out(text: _Text, _country: str) -> str:
    language = text.language
    if text.words.isdisjoint(language.outs):
        return ""
    for sentence in text.sentences:
        if sentence.rstrip(_CLOSING).endswith("?"):
            continue
        if found := language.called.search(sentence):
            return sentence[found.start() :]
        for begins in _CALL_BEGINS.finditer(sentence):
            if language.call.match(sentence, begins.end()):
                return sentence[begins.end() :]
    return ""


def _number(text: _Text | str, country: str) -> str:
    """A telephone number that is somebody's: not one that is free to call, nor a service's."""
    pieces = [text] if isinstance(text, str) else text.paragraphs
    candidates = (found[0] for piece in pieces for found in _DIGITS.finditer(piece))
    for candidate in itertools.islice(candidates, CANDIDATES_MAX):
        for match in phonenumbers.PhoneNumberMatcher(candidate, country):
            if phonenumbers.number_type(match.number) in _PRIVATE:
                return match.raw_string
    return ""


def _home(text: _Text | str, country: str) -> str:
    for sentence in [text] if isinstance(text, str) else text.sentences:
        found = STREET.search(sentence) or (country in POSTCODES and POSTCODES[country].search(sentence))
        if found and NOBODYS_HOME.isdisjoint(_WORD.findall(sentence.lower())):
            return found[0]
    return ""


def _long_sentence(text: _Text, _country: str) -> str:
    return _longer(text.sentences, SENTENCE_MAX)


def _long_paragraph(text: _Text, _country: str) -> str:
    return _longer(text.paragraphs, PARAGRAPH_MAX)


def _longer(pieces: Sequence[str], most: int) -> str:
    """The first with more words than that; spaces are counted first, because it is quicker."""
    return next((piece for piece in pieces if piece.count(" ") >= most and len(_COUNTED.findall(piece)) > most), "")


_LOOKS: Mapping[Rule, Callable[[_Text, str], str]] = {
    Rule.PATIENTS: _served,
    Rule.ACCUSATION: _accused,
    Rule.CALLING_OUT: _calling_out,
    Rule.PRIVATE_NUMBER: _number,
    Rule.HOME_ADDRESS: _home,
    Rule.LONG_SENTENCE: _long_sentence,
    Rule.LONG_PARAGRAPH: _long_paragraph,
}
