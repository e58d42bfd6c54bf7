"""A text pasted from elsewhere, made into one that the press reads: from a messenger, a mail, Word, a web page.

Bold lines and lines in capitals become headings, and what a messenger writes in front of each message is taken off and
counted. Everything else stays as it was typed; what other programs' bullets mean, `lists` knows.
"""

from __future__ import annotations

import dataclasses
import itertools
import json
import re
import textwrap
from collections.abc import Iterator, Sequence

from . import invisible
from .header import HEADER, KEEP

HEADLINE_MAX = 80  # characters of a first line that is taken for the headline; of a longer one its first words are
HEADING_MAX = 80
TABLE_ROWS_MIN = 2
ROW = "| "
BAR = "\\|"  # in a cell
CAPITALS_MIN = 4  # letters of a line that is a heading because it is in capitals; "USA" is none

_LINE_ENDS = re.compile(f"\r\n|[\r{invisible.ENDS_LINE}]")
_PARAGRAPH_ENDS = re.compile(f"[{invisible.ENDS_PARAGRAPH}]")
_UNSEEN = re.compile(
    f"[{invisible.MARKS}{invisible.TURNING}{invisible.BYTE_ORDER}{invisible.DIVIDERS}{invisible.NOTHING}]"
)

_CLOCK = r"\d{1,2}[:.]\d\d(?:[:.]\d\d)?(?:[\s\u202f]?[ap]\.?[\s\u00a0]?m\.?)?"
_DAY = r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}"
_SENDER = r"(?:~[\s\u202f]*)?[^:\n\[\]]{1,60}"
_MESSAGE = re.compile(  # as they are copied from a chat, and as a chat is exported
    rf"(?:\[(?:{_CLOCK}(?:,\s{_DAY})?|{_DAY},?\s{_CLOCK})\]\s*|{_DAY},?\s{_CLOCK}\s[-–]\s){_SENDER}:(?:\s|$)",
    re.IGNORECASE,
)
_MESSAGE_ABOVE = re.compile(rf"[^\[\]\n]{{1,60}},\s\[{_DAY},?\s{_CLOCK}\]:?", re.IGNORECASE)  # on a line of its own

# What a mail program writes above a mail, in the languages that most of them speak here; of these, the subject is kept.
_SUBJECT = "subject|betreff|objet|asunto|assunto|oggetto|onderwerp|temat|konu|тема|předmět|θέμα"
_OF_A_MAIL = re.compile(
    rf"(?:(?P<subject>{_SUBJECT})|(?P<sender>from|von|de|da|van|od|kimden|gönderen|от|від|από)|"
    r"to|cc|bcc|date|sent|reply-to|an|datum|gesendet|à|envoyé|para|enviado|fecha|data|inviato|aan|verzonden|do|wysłano|dw|"
    r"tarih|kime|дата|кому|komu|προς)[ \u00a0]*:[ \t]*(?P<words>.*)",
    re.IGNORECASE,
)

_ANSWERED = re.compile(r"(?:(?:re|aw|wg|fw|fwd|sv|tr|rif|odp|ynt)[ \u00a0]*:[ \t]*)+", re.IGNORECASE)

_LIST = re.compile(r"\s*(?:(?:[-+*–—o§•●▪■◦○‣∙·\uf0a7\uf0b7]|\d{1,9}[.)])(?:\s|$)|[•>|])")  # lists.py has them all
_BOLD = re.compile(r"\s*(\*\*|__|\*)(?=\S)(.+?)(?<=\S)\1[\s:]*$")
_HASHES = re.compile(r"\s{0,3}#{1,6}\s+(.*?)[\s#]*$")
_UNDERLINE = re.compile(r"\s*(={3,}|-{3,})\s*$")
_MESSENGER_BOLD = re.compile(r"(?<![\w*])\*(?=[^\s*])([^*\n]*[^\s*])\*(?![\w*])")
_MONOSPACE = re.compile(r"```(?=\S)([^`\n]+?)```")
_DASHES = re.compile(r"[ \t]*[-–—]{1,4}[ \t]*")
_HEADER_LINE = re.compile(rf"[ \t]*({'|'.join(HEADER)})[ \t]*:.*")
_PLAIN = re.compile(r"[^\W\d_][\w ,.;?!()’'-]*")  # what YAML takes for text as it stands


@dataclasses.dataclass(frozen=True)
class Pasted:
    """A text ready for a header. `messages`: how many had the name and time of who sent them taken off."""

    headline: str  # proposed; empty where the text does not begin with one
    body: str  # Markdown, with a block for each heading
    messages: int = 0


@dataclasses.dataclass
class _Line:
    text: str
    heading: bool = False


def read(text: str) -> Pasted:
    """What somebody pasted, as a headline and a text below it."""
    text = _PARAGRAPH_ENDS.sub("\n\n", _LINE_ENDS.sub("\n", text)).translate(invisible.WORDS_HYPHENS)
    all_lines = _UNSEEN.sub("", text).split("\n")
    subject, typed = _without_head_of_mail(all_lines)
    without_senders, messages = _without_senders(typed)
    lines = list(_understood([line.rstrip() for line in _with_tables(without_senders)]))
    if subject and any(line.text.strip() for line in lines):
        return Pasted(subject, _blocks(lines), messages + 1)
    headline, rest = _headline(lines)
    return Pasted(headline, _blocks(rest), messages + (typed is not all_lines))


def has_header(text: str) -> bool:
    """Does it begin with a line of dashes? Whether the header is right is for `manuscript.read` to say."""
    return bool(_DASHES.fullmatch(_lines(text)[0]))


def with_header(text: str, kind: str, *, headline: str = "") -> str:
    """A manuscript of this kind from a text that has no header, or one whose dashes are missing.

    `headline`: where somebody has chosen another than is proposed. A text that has a header is left as it is.
    """
    return begun(text, kind, headline=headline)[0]


def begun(text: str, kind: str, *, headline: str = "") -> tuple[str, Pasted]:
    """The manuscript that `with_header` makes, and what was understood of the text, which is read once for both."""
    if has_header(text):
        return text, Pasted("", text)
    lines = _lines(text)
    header = list(itertools.takewhile(_HEADER_LINE.fullmatch, lines))
    body = _lines("\n".join(lines[len(header) :]))
    if header and _DASHES.fullmatch(body[0]):
        body = _lines("\n".join(body[1:]))
    pasted = read("\n".join(body))
    keys = {line.partition(":")[0].strip() for line in header}
    words = "\n".join(body)
    if "headline" not in keys and (chosen := headline or pasted.headline):
        header.insert(0, f"headline: {chosen if _PLAIN.fullmatch(chosen) else json.dumps(chosen, ensure_ascii=False)}")
        words = pasted.body
    if not keys:  # no file, whose lines may be broken anywhere
        header.insert(0, f"lines: {KEEP}")
    if "kind" not in keys:
        header.insert(0, f"kind: {kind}")
    return "\n".join(("---", *header, "---", words)), pasted


def _lines(text: str) -> list[str]:
    """Its lines, without empty ones before and behind."""
    return _LINE_ENDS.sub("\n", text).strip(f"{invisible.BYTE_ORDER}\n").split("\n") if text.strip() else [""]


def _without_head_of_mail(typed: list[str]) -> tuple[str, list[str]]:
    """Its subject, and the lines without what a mail program wrote above them; as they are where it is no mail."""
    at = next((number for number, line in enumerate(typed) if line.strip()), len(typed))
    head = [*itertools.takewhile(bool, (_OF_A_MAIL.fullmatch(line.strip()) for line in typed[at:]))]
    if len(head) < 2 or not any(line and line["sender"] for line in head):
        return "", typed
    subject = next((line["words"] for line in head if line and line["subject"]), "")
    return _ANSWERED.sub("", subject).strip()[: HEADER["headline"]], typed[at + len(head) :]


def _without_senders(typed: Sequence[str]) -> tuple[list[str], int]:
    """Each message a paragraph of its own."""
    lines: list[str] = []
    messages = 0
    for line in typed:
        bare = line.strip()
        if _MESSAGE_ABOVE.fullmatch(bare):
            lines.append("")
        elif begun := _MESSAGE.match(bare):
            lines += ["", bare[begun.end() :].strip()]
        else:
            lines.append(line)
            continue
        messages += 1
    return lines, messages


def _with_tables(lines: Sequence[str]) -> Iterator[str]:
    """Rows of cells with tabs between them, as spreadsheets, Word and web pages give them, are rows of a table.

    From two rows on, none of which is wider than the first. A tab that puts a line further in, or stands behind the
    mark of an item, is none between cells.
    """
    for has_cells, some in itertools.groupby(lines, lambda line: "\t" in line.lstrip() and not _LIST.match(line)):
        as_typed = [*some]
        rows = [line.split("\t") for line in as_typed]
        if not has_cells or len(rows) < TABLE_ROWS_MIN or len(rows[0]) < max(map(len, rows)):
            yield from as_typed
            continue
        head, *below = (f"| {' | '.join(cell.strip().replace('|', BAR) for cell in row)} |" for row in rows)
        yield from ("", head, "|---" * len(rows[0]) + "|", *below, "")


def _understood(lines: Sequence[str]) -> Iterator[_Line]:
    """Which lines are headings; and, in a text from a messenger, what its marks mean."""
    from_messenger = not any("**" in line for line in lines)
    shouted = sum(map(_is_in_capitals, lines)) * 2 > sum(map(bool, lines))  # all of it: then capitals mean nothing
    skip = False
    for line, below in itertools.pairwise([*lines, ""]):
        if skip:
            skip = False
            continue
        heading = _heading(line, shouted=shouted)
        skip = not heading and _is_underlined(line, below)
        if heading or skip:
            yield _Line(heading or line.strip(), heading=True)
            continue
        if from_messenger:
            line = _MESSENGER_BOLD.sub(r"**\1**", line)
        yield _Line(_MONOSPACE.sub(r"\1", line))


def _heading(line: str, *, shouted: bool) -> str:
    """The words of a line that is a heading; empty for any other."""
    if line.startswith(ROW):
        return ""
    if hashes := _HASHES.match(line):
        return hashes[1] if len(hashes[1]) <= HEADING_MAX else ""
    if (bold := _BOLD.match(line)) and len(bold[2]) <= HEADING_MAX and not re.search(r"[.,;*_]$", bold[2]):
        words = bold[2].strip()
        return "" if bold[1] in words else words.rstrip(":").rstrip()
    if _is_in_capitals(line) and not shouted and len(line.strip()) <= HEADING_MAX:
        return line.strip().rstrip(":").rstrip()
    return ""


def _is_underlined(line: str, below: str) -> bool:
    words = line.strip()
    return 0 < len(words) <= HEADING_MAX and not _LIST.match(line) and bool(_UNDERLINE.match(below))


def _is_in_capitals(line: str) -> bool:
    letters = [char for char in line if char.isalpha()]
    capitals = len(letters) >= CAPITALS_MIN and not any(char.islower() for char in letters)
    # What is in another script has no capitals, and neither has a line that goes on.
    return (
        capitals and any(char.isupper() for char in letters) and not _LIST.match(line) and line.rstrip()[-1] not in ",;"
    )


def _headline(lines: Sequence[_Line]) -> tuple[str, list[_Line]]:
    """What to propose as the headline, and the text below it.

    The first line, where it is short and has something below it; else its first words, which stay in the text too.
    """
    at = next((number for number, line in enumerate(lines) if line.text.strip()), len(lines))
    text = list(lines[at:])
    if not text or text[0].text.lstrip().startswith((":::", ROW)):
        return "", text
    listed = _LIST.match(text[0].text)
    first = text[0].text[listed.end() if listed else 0 :]
    words = re.sub(r"\*\*(.+?)\*\*", r"\1", first.strip()).strip("# ").removesuffix(":").rstrip()
    if not listed and len(words) <= HEADLINE_MAX and any(line.text.strip() for line in text[1:]):
        return words, text[1:]
    sentence = re.match(r".+?[.!?…](?=\s)", words)
    short = sentence[0].rstrip(".") if sentence and len(sentence[0]) <= HEADLINE_MAX else words
    return textwrap.shorten(short, HEADLINE_MAX, placeholder=" …"), text


def _blocks(lines: Sequence[_Line]) -> str:
    """The text below the header: what stands below a heading is a block with that title."""
    with_blocks = not any(line.text.lstrip().startswith(":::") for line in lines)
    written: list[str] = []
    is_open = False
    for index, line in enumerate(lines):
        if not line.heading:
            written.append(line.text)
            continue
        below = itertools.takewhile(lambda other: not other.heading, lines[index + 1 :])
        if not with_blocks:
            written.append(f"## {line.text}")
        elif any(other.text.strip() for other in below):
            written += [*_closed(written, is_open), f"::: article {line.text}"]
            is_open = True
        else:
            written += ["", f"**{line.text}**", ""]
    closed = _closed(written, is_open)
    return re.sub(r"\n{3,}", "\n\n", "\n".join([*written, *closed])).strip("\n")


def _closed(written: list[str], is_open: bool) -> list[str]:
    """What ends the block before; empty lines at its end go."""
    while written and not written[-1].strip():
        written.pop()
    return [":::", ""] if is_open else [""]
