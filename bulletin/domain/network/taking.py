"""Make ours from this: a draft at home with the words of a paper that another site told."""

from __future__ import annotations

import uuid

from bulletin.domain.papers import articles, next_number
from bulletin.domain.papers.bulletins import Bulletin
from bulletin.domain.papers.headers import TAKEN_FROM
from bulletin.domain.site.accounts.members import Membership
from bulletin.domain.site.refusals import NotAllowed
from bulletin.press import parts
from bulletin.press.kinds import KINDS
from bulletin.press.parts import Part

from .refusals import Why
from .told import Told

TAKEN = ("kind", "language", "lines", "headline", "strapline")  # of its header; the rest is one's own


def pieces_of(told: Told) -> list[Part]:
    """The pieces of a told paper as they were typed; a picture's words are of no use without it, and are left out."""
    _head, written = parts.split(told.text or "")
    return [part for part in written if part.name != parts.IMAGE]


def words_of(told: Told, index: int | None = None) -> tuple[dict[str, str], list[Part]]:
    """What is taken of it, all or one of its pieces: fields of a header, and pieces. Raises NotAllowed."""
    head, _written = parts.split(told.text or "")
    taken = pieces_of(told)
    fields = {key: head[key] for key in TAKEN if key in head}
    if index is None:
        return fields, taken
    if index >= len(taken):
        raise NotAllowed(Why.NO_SUCH_PIECE)
    piece = taken[index]
    fields.pop("strapline", None)
    return {**fields, "headline": piece.title or fields.get("headline", "")}, [piece]


def text_of(told: Told) -> str:
    """Its words as a manuscript for whoever has no account: without what is its site's own."""
    return parts.join(*words_of(told)).text


def begin(
    me: Membership, told: Told, form_id: uuid.UUID, *, source: str, index: int | None = None, printed: str = ""
) -> Bulletin:
    """A draft in one's own site. `source`: where it came from, as it is noted; `printed`: the sentence that says so on
    the sheet, if the site wishes. Raises NotAllowed.
    """
    known = Bulletin.of(me.site, form_id)
    if known is not None:
        return known
    fields, taken = words_of(told, index)
    if printed:
        last = max((part.side for part in taken), default=1)
        side = last if KINDS[fields["kind"]].sides_max > 1 else 1
        taken = [*taken, Part("notice", "", printed, side)]
    header = {**next_number.carried(me.site), **fields, TAKEN_FROM: source}
    bulletin = Bulletin.begin(me.site, form_id=form_id)
    articles.begin(bulletin, header, taken, by=me.member.handle)
    return bulletin
