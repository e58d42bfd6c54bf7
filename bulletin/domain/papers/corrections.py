"""What is changed in a bulletin that the others have agreed to: all are asked again, or one of them is.

A correction alters words, and waits until two who decide want it: the words that are agreed stay, and are printed,
until then. Alone one changes only how they stand: spaces between words, line breaks, the place of a picture.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence

from bulletin.db import db, now
from bulletin.domain.site.accounts.members import Membership
from bulletin.domain.site.governance import register
from bulletin.domain.site.refusals import NotAllowed, Why as SiteWhy
from bulletin.press.manuscript import Manuscript, ManuscriptError, read as read_manuscript
from bulletin.press.parts import IMAGE, Part, join

from . import approval
from .approval import Correction, PutRight
from .articles import Article
from .bulletins import Bulletin
from .diff import changes, words_changed
from .headers import FIELDS, HEADER, fields_of, head_of
from .refusals import Why
from .written import Written

CORRECTION_WORDS_MAX = 12  # all corrections together; more than so many words are another text
CORRECTABLE = ("strapline", "number", "official")  # of a header; all else there says who speaks, when, and where to


def change(
    written: Written,
    article: Article,
    title: str,
    text: str,
    by: Membership,
    *,
    based_on: int,
    name: str = "",
    correction: bool | None = None,
) -> Written:
    """Give an article other words; the bulletin as it reads then. What is agreed is corrected, or all are asked again.

    Raises Stale, and NotAllowed: where it is agreed, and nobody has said which of the two this is, too.
    """
    bulletin = written.bulletin
    if bulletin.is_agreed and correction:
        return _correct(written, article, title, text, by, based_on=based_on, name=name)
    agreed = bulletin.is_agreed
    if not article.save(title, text, by=by.member.handle, based_on=based_on, name=name):
        return written
    if agreed and correction is None:
        raise NotAllowed(Why.SAY_WHETHER)
    after = Written(bulletin)
    approval.update_state(bulletin, by.site, after.digest)
    return after


def rearrange(written: Written, by: Membership, deed: Callable[[], None]) -> None:
    """Move a piece, take it out or bring it back: what is agreed stays so where only a picture has another place."""
    bulletin, head, parts = written.bulletin, head_of(written.fields), written.parts
    agreed = bulletin.is_agreed and bulletin.agreed_digest == written.digest
    deed()
    db.session.flush()
    after = Written(bulletin)
    if agreed and _stands_otherwise(head, parts, head_of(after.fields), after.parts):
        approval.stay_agreed(bulletin)
    else:
        approval.update_state(bulletin, by.site, after.digest)


def _correct(
    written: Written, article: Article, title: str, text: str, by: Membership, *, based_on: int, name: str
) -> Written:
    bulletin, head = written.bulletin, head_of(written.fields)
    if name not in ("", article.name) or (article.name == IMAGE and title != article.title):
        raise NotAllowed(Why.ANOTHER_KIND)
    if not article.would_change(title, text, based_on=based_on):
        return written
    if article.name == HEADER:
        _check_header(article.fields, fields_of(text))
    if bulletin.agreed_digest != written.digest:
        raise NotAllowed(Why.NOTHING_AGREED)
    before, after = _what_differs(f"{article.title}\n{article.text}".strip(), f"{title}\n{text}".strip())
    _check_count(bulletin, before, after)
    head_then = head_of(fields_of(text)) if article.name == HEADER else head
    alone = _stands_otherwise(head, written.parts, head_then, written.parts_with(article, title, text))
    return _put(bulletin, article, by, before, after, title, text, alone=alone)


def _put(
    bulletin: Bulletin,
    article: Article,
    by: Membership,
    before: str,
    after: str,
    title: str,
    text: str,
    *,
    alone: bool,
) -> Written:
    mine, standing = by.member_id.hex, register.standing_of(by.site)
    for earlier in Correction.waiting(bulletin, standing):
        if (earlier.what.member, earlier.what.article) == (mine, article.id.hex):
            db.session.delete(earlier)
    what = PutRight(
        by=by.member.handle,
        at=now().isoformat(),
        before=before,
        after=after,
        member=mine,
        article=article.id.hex,
        based_on=article.version,
        title=title,
        text=text,
        wanted_by=(mine,),
    )
    correction = Correction(site_id=bulletin.site_id, bulletin_id=bulletin.id, what=what)
    db.session.add(correction)
    db.session.flush()
    if alone or what.is_wanted(standing):
        return _put_in_force(bulletin, correction, article)
    bulletin.touch()
    return Written(bulletin)


def agree(bulletin: Bulletin, correction: Correction, by: Membership) -> None:
    """Say yes to a correction that waits: it is in force when two who decide want it. Raises NotAllowed."""
    standing, mine = register.standing_of(by.site), by.member_id.hex
    if not standing.decides(mine):
        raise NotAllowed(SiteWhy.DOES_NOT_DECIDE)
    if correction not in Correction.waiting(bulletin, standing):
        raise NotAllowed(Why.CORRECTION_GONE)
    what = correction.what
    if mine not in what.wanted_by:
        agreed_by = (*what.agreed_by, by.member.handle)
        what = dataclasses.replace(what, wanted_by=(*what.wanted_by, mine), agreed_by=agreed_by)
        correction.what = what
    article = next(one for one in Article.all_of(bulletin) if one.id.hex == what.article)
    if what.is_wanted(standing):
        _check_count(bulletin, what.before, what.after)
        _put_in_force(bulletin, correction, article)


def take_back(correction: Correction, by: Membership) -> None:
    """Whoever made it does not want it any more. Raises NotAllowed."""
    if not correction.what.waits:
        raise NotAllowed(Why.CORRECTION_GONE)
    if correction.what.member != by.member_id.hex:
        raise NotAllowed(Why.CORRECTION_ANOTHERS)
    db.session.delete(correction)


def _put_in_force(bulletin: Bulletin, correction: Correction, article: Article) -> Written:
    what = correction.what
    article.save(what.title, what.text, by=what.by, based_on=what.based_on)
    correction.what = PutRight(
        by=what.by, at=what.at, before=what.before, after=what.after, agreed_by=what.agreed_by, unknown=what.unknown
    )
    db.session.flush()
    return approval.stay_agreed(bulletin)


def _check_header(before: Mapping[str, str], after: Mapping[str, str]) -> None:
    fixed = (key for key in FIELDS if key not in CORRECTABLE)
    if any(before.get(key, "").split() != after.get(key, "").split() for key in fixed):
        raise NotAllowed(Why.ANOTHER_HEADER)


def _check_count(bulletin: Bulletin, before: str, after: str) -> None:
    earlier = (correction.what for correction in Correction.of(bulletin))
    corrected = sum(words_changed(one.before, one.after) for one in earlier)
    if corrected + words_changed(before, after) > CORRECTION_WORDS_MAX:
        raise NotAllowed(Why.TOO_MANY_WORDS, most=CORRECTION_WORDS_MAX)


def _what_differs(before: str, after: str) -> tuple[str, str]:
    """Only the lines that differ: what people look at."""
    old, new = before.split("\n"), after.split("\n")
    differ = [(old[at:to], new[since:until]) for kind, at, to, since, until in changes(old, new) if kind != "equal"]
    gone, come = ("\n".join(line for change in differ for line in change[side]) for side in (0, 1))
    return gone, come


# How words stand, and what they are.

Head = Mapping[str, str]


def _stands_otherwise(head: Head, parts: Sequence[Part], head_then: Head, parts_then: Sequence[Part]) -> bool:
    """Are they the same words in the same order, as they were typed and as they are printed?

    Not only the same letters: "now here" is another word than "nowhere". And a line break may be a mark: a demand on
    a line of its own is given a number, the first paragraph of a picture is not printed.
    """
    if _typed(head, parts) != _typed(head_then, parts_then):
        return False
    try:
        before, after = (read_manuscript(join(*one).text) for one in ((head, parts), (head_then, parts_then)))
    except ManuscriptError:
        return False
    return _printed(before) == _printed(after)


def _typed(head: Head, parts: Sequence[Part]) -> object:
    told = [(part.name, part.side, part.title.split(), part.text.split()) for part in parts if not part.empty]
    pictures = sorted((title, words) for name, _side, title, words in told if name == IMAGE)
    return {key: line.split() for key, line in head.items()}, pictures, [one for one in told if one[0] != IMAGE]


def _printed(manuscript: Manuscript) -> object:
    sides = [
        [word for piece in side if not piece.picture for word in f"{piece.title} {piece.text}".split()]
        for side in (manuscript.front, manuscript.back or (), (manuscript.box,) if manuscript.box else ())
    ]
    shown = [piece for piece in manuscript.pieces if piece.picture]
    pictures = sorted((piece.picture, piece.alternative.split(), piece.text.split()) for piece in shown)
    return sides, pictures
