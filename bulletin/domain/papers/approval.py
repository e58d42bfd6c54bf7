"""How a site agrees to a bulletin: its members read the true pages, and agree or object. Nobody else is asked.

A voice is about certain words, by their digest: where they change it counts no more, and everybody is asked again.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import datetime
from typing import Self

from bulletin.db import db, now
from bulletin.domain.site import register
from bulletin.domain.site.members import Membership
from bulletin.domain.site.refusals import NotAllowed
from bulletin.domain.site.sites import Site
from bulletin.vault.sealed import Sealed, sealed
from bulletin.vault.shapes import N_, Shape, flag, moment, plain_text, shape

from .articles import HEADER, Article, Written
from .bulletins import Agreed, Bulletin, OfBulletin, State
from .diff import changes, words_changed
from .refusals import Why

REASON_MAX = 2_000
CORRECTION_WORDS_MAX = 12  # all corrections together; more than so many words are another text


@shape
class Said(Shape):
    """Whether a member, by their id in hex and their handle, agrees to the words with this digest, and why not."""

    member: str = plain_text()
    by: str = plain_text()
    digest: str = plain_text()
    agrees: bool = flag()
    reason: str = plain_text(N_("Why they object"), most=REASON_MAX, lines=True)
    at: str = moment()


class Voice(OfBulletin):
    """What one member says to a proposed bulletin."""

    __tablename__ = "voice"

    said: Sealed[Said] = sealed(Said)

    @classmethod
    def about(cls, bulletin: Bulletin) -> list[Self]:
        """What members say to a bulletin, the first first."""
        found = db.session.scalars(cls.rows_of(bulletin))
        return sorted(found, key=lambda voice: voice.said.at)

    @property
    def by(self) -> str:
        """The handle of who says so."""
        return self.said.by

    @property
    def agrees(self) -> bool:
        """Do they agree, or object?"""
        return self.said.agrees

    @property
    def reason(self) -> str:
        """Why they object."""
        return self.said.reason

    @property
    def at(self) -> datetime:
        """When they said so."""
        return datetime.fromisoformat(self.said.at)


@shape
class PutRight(Shape):
    """The lines that differ, before and after."""

    by: str = plain_text()
    at: str = moment()
    before: str = plain_text(N_("Before"))
    after: str = plain_text(N_("After"))


class Correction(OfBulletin):
    """What was put right after a bulletin was agreed, for everybody to see."""

    __tablename__ = "correction"

    what: Sealed[PutRight] = sealed(PutRight)

    @classmethod
    def of(cls, bulletin: Bulletin) -> list[Self]:
        """The corrections of a bulletin, the latest first."""
        found = db.session.scalars(cls.rows_of(bulletin))
        return sorted(found, key=lambda correction: correction.what.at, reverse=True)


@dataclasses.dataclass(frozen=True)
class VoiceCount:
    """How a bulletin stands, as it reads now."""

    agree: tuple[Voice, ...]
    object: tuple[Voice, ...]
    earlier: tuple[Voice, ...]  # about words that have changed since
    needed: int

    @property
    def met(self) -> bool:
        """Is the site's rule met? As many as it asks for agree, and more than object."""
        return len(self.agree) >= self.needed and len(self.agree) > len(self.object)


def count_voices(bulletin: Bulletin, site: Site, digest: str) -> VoiceCount:
    """Count the voices of those who decide now, about the words of this digest."""
    standing = register.standing_of(site)
    voices = [voice for voice in Voice.about(bulletin) if standing.decides(voice.said.member)]
    now_ = [voice for voice in voices if voice.said.digest == digest]
    return VoiceCount(
        agree=tuple(voice for voice in now_ if voice.agrees),
        object=tuple(voice for voice in now_ if not voice.agrees),
        earlier=tuple(voice for voice in voices if voice.said.digest != digest),
        needed=standing.number_in_force(),
    )


def waiting_for(me: Membership, bulletins: Sequence[Bulletin]) -> list[Bulletin]:
    """Those of these bulletins that are proposed, and about whose words this member has said nothing yet."""
    proposed = [bulletin for bulletin in bulletins if bulletin.stage is State.PROPOSED]
    return [bulletin for bulletin in proposed if not _has_spoken(me, bulletin, Written(bulletin).digest)]


def _has_spoken(me: Membership, bulletin: Bulletin, digest: str) -> bool:
    said = (voice.said for voice in Voice.about(bulletin))
    return any(one.member == me.member_id.hex and one.digest == digest for one in said)


def propose(bulletin: Bulletin, by: Membership, digest: str) -> None:
    """Ask the site to agree; whoever asks agrees. Raises NotAllowed."""
    if bulletin.stage is not State.DRAFT:
        raise NotAllowed(Why.PROPOSED_ALREADY)
    bulletin.state = State.PROPOSED.value
    speak(bulletin, by, digest, agrees=True)


def take_back(bulletin: Bulletin) -> None:
    """A proposal becomes a draft again. Raises NotAllowed."""
    if bulletin.stage is not State.PROPOSED:
        raise NotAllowed(Why.NOT_TO_TAKE_BACK)
    bulletin.state = State.DRAFT.value
    bulletin.touch()


def speak(bulletin: Bulletin, by: Membership, digest: str, *, agrees: bool, reason: str = "") -> None:
    """Agree or object to these words; who has spoken already changes their mind. Raises NotAllowed."""
    if bulletin.stage is State.DRAFT:
        raise NotAllowed(Why.STILL_WRITTEN)
    if not agrees and not reason.strip():
        raise NotAllowed(Why.OBJECTION_NEEDED)
    if len(reason) > REASON_MAX:
        raise NotAllowed(Why.TEXT_TOO_LONG, most=REASON_MAX)
    said = Said(
        member=by.member_id.hex,
        by=by.member.handle,
        digest=digest,
        agrees=agrees,
        reason=reason.strip(),
        at=now().isoformat(),
    )
    mine = next((voice for voice in Voice.about(bulletin) if voice.said.member == by.member_id.hex), None)
    if mine is None:
        mine = Voice(site_id=bulletin.site_id, bulletin_id=bulletin.id, said=said)
        db.session.add(mine)
    else:
        mine.said = said
    db.session.flush()
    update_state(bulletin, by.site, digest)


def update_state(bulletin: Bulletin, site: Site, digest: str) -> None:
    """How far the bulletin has come, with these words and these voices. After every change of either."""
    bulletin.touch()
    if bulletin.stage is State.DRAFT or bulletin.agreed_digest == digest:
        return
    count = count_voices(bulletin, site, digest)
    if count.met:
        bulletin.state = State.AGREED.value
        for correction in Correction.of(bulletin):  # of words that were agreed to anew
            db.session.delete(correction)
        agreeing = tuple(voice.by for voice in count.agree)
        bulletin.agreed = Agreed(digest=digest, at=now().isoformat(), by=agreeing)
    else:
        bulletin.state = State.PROPOSED.value
        bulletin.agreed = None


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
    agreed = bulletin.is_agreed
    before, title_before, headline = article.text, article.title, written.fields.get("headline")
    if agreed and correction and name not in ("", article.name):
        raise NotAllowed(Why.ANOTHER_KIND)
    if not article.save(title, text, by=by.member.handle, based_on=based_on, name=name):
        return written
    if agreed and correction is None:
        raise NotAllowed(Why.SAY_WHETHER)
    if agreed and correction:
        if article.name == HEADER and article.fields.get("headline") != headline:
            raise NotAllowed(Why.ANOTHER_HEADLINE)
        return correct(bulletin, by, *_what_differs(f"{title_before}\n{before}".strip(), f"{title}\n{text}".strip()))
    after = Written(bulletin)
    update_state(bulletin, by.site, after.digest)
    return after


def _what_differs(before: str, after: str) -> tuple[str, str]:
    """Only the lines that differ: what people look at."""
    old, new = before.split("\n"), after.split("\n")
    differ = [(old[at:to], new[since:until]) for kind, at, to, since, until in changes(old, new) if kind != "equal"]
    gone, come = ("\n".join(line for change in differ for line in change[side]) for side in (0, 1))
    return gone, come


def correct(bulletin: Bulletin, by: Membership, before: str, after: str) -> Written:
    """Date, time, place or spelling put right in what is agreed: it stays agreed, and everybody sees the difference.

    Gives the bulletin as it reads now. Call it after the change was made.
    Raises NotAllowed where the change is no correction, or nothing is agreed.
    """
    if not bulletin.is_agreed:
        raise NotAllowed(Why.NOTHING_AGREED)
    earlier = (correction.what for correction in Correction.of(bulletin))
    corrected = sum(words_changed(one.before, one.after) for one in earlier)
    if corrected + words_changed(before, after) > CORRECTION_WORDS_MAX:
        raise NotAllowed(Why.TOO_MANY_WORDS, most=CORRECTION_WORDS_MAX)
    what = PutRight(by=by.member.handle, at=now().isoformat(), before=before, after=after)
    db.session.add(Correction(site_id=bulletin.site_id, bulletin_id=bulletin.id, what=what))
    written, agreed = Written(bulletin), bulletin.agreed_digest
    for voice in Voice.about(bulletin):  # who agreed to it before agrees to it put right
        if voice.said.digest == agreed:
            voice.said = dataclasses.replace(voice.said, digest=written.digest)
    bulletin.agreed = dataclasses.replace(bulletin.agreed or Agreed(), digest=written.digest)
    bulletin.touch()
    return written
