"""How a site agrees to a bulletin: its members read the true pages, and agree or object. Nobody else is asked.

A voice is about certain words, by their digest: where they change it counts no more, and everybody is asked again.
"""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Self

from sqlalchemy import select

from bulletin.db import db, now
from bulletin.domain.site.accounts.members import Membership
from bulletin.domain.site.governance import register
from bulletin.domain.site.governance.standing import Standing
from bulletin.domain.site.refusals import NotAllowed
from bulletin.domain.site.sites import Site
from bulletin.vault import kinds
from bulletin.vault.sealed import Sealed, sealed
from bulletin.vault.shapes import N_, Shape, count, field, flag, hex_id, moment, plain_text, shape

from .articles import Article
from .bulletins import Agreed, Bulletin, OfBulletin, State
from .refusals import Why
from .written import Written

REASON_MAX = 2_000
_members = kinds.several(kinds.of_text("member", kinds.a_hex_id, empty=False))


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
    """The lines that differ, before and after; who made it, and with whose word.

    While it waits: the piece, which version of it, and what it would say; and the members who want it, by their ids.
    """

    by: str = plain_text()
    at: str = moment()
    before: str = plain_text(N_("Before"))
    after: str = plain_text(N_("After"))
    agreed_by: tuple[str, ...] = field(kinds.several(kinds.plain_text()))
    member: str = hex_id("member")
    article: str = hex_id("article")
    based_on: int = count()
    title: str = plain_text()
    text: str = plain_text(lines=True)
    wanted_by: tuple[str, ...] = field(_members)

    @property
    def waits(self) -> bool:
        """Is it not in the agreed words yet?"""
        return bool(self.article)

    def is_wanted(self, standing: Standing) -> bool:
        """Do two who decide want it? Where only one decides, one."""
        wanting = [member for member in self.wanted_by if standing.decides(member)]
        return len(wanting) >= min(2, len(standing.deciders()))


class Correction(OfBulletin):
    """What was put right after a bulletin was agreed, for everybody to see; or would be."""

    __tablename__ = "correction"

    what: Sealed[PutRight] = sealed(PutRight)

    @classmethod
    def of(cls, bulletin: Bulletin) -> list[Self]:
        """The corrections that are in a bulletin, the latest first."""
        return sorted((one for one in cls._all_of(bulletin) if not one.what.waits), key=cls._at, reverse=True)

    @classmethod
    def waiting(cls, bulletin: Bulletin, standing: Standing) -> list[Self]:
        """Those that wait, the first first; not of somebody who has no say here any more, or is locked out."""
        here = {member for member, person in standing.people.items() if not person.is_locked}
        found = (one for one in cls._all_of(bulletin) if one.what.waits and one.what.member in here)
        return sorted((one for one in found if one.fits(bulletin)), key=cls._at)

    @classmethod
    def _all_of(cls, bulletin: Bulletin) -> list[Self]:
        return list(db.session.scalars(cls.rows_of(bulletin)))

    def _at(self) -> str:
        return self.what.at

    def fits(self, bulletin: Bulletin) -> bool:
        """Are the words that it would put right still those that are agreed?"""
        found = Article.of(bulletin, uuid.UUID(hex=self.what.article)) if self.what.waits else None
        fits = found is not None and found.deleted_on is None and found.version == self.what.based_on
        return fits and bulletin.is_agreed

    @classmethod
    def lapse(cls, bulletin: Bulletin) -> None:
        """What waits goes where the words have changed otherwise."""
        for one in cls._all_of(bulletin):
            if one.what.waits and not one.fits(bulletin):
                db.session.delete(one)


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
    """Those of these bulletins about whose words this member is asked: proposed, or with a correction that waits."""
    corrected = _corrections_wait_for(me, bulletins)
    return [
        bulletin
        for bulletin in bulletins
        if bulletin.id in corrected
        or (bulletin.stage is State.PROPOSED and not _has_spoken(me, bulletin, Written(bulletin).digest))
    ]


def _corrections_wait_for(me: Membership, bulletins: Sequence[Bulletin]) -> set[uuid.UUID]:
    every = db.session.scalars(select(Correction).filter_by(site_id=me.site_id))
    some = {one.bulletin_id for one in every if one.what.waits}
    standing = register.sound_standing_of(me.site) if some else None
    if standing is None or not standing.decides(me.member_id.hex):
        return set()
    return {
        bulletin.id
        for bulletin in bulletins
        if bulletin.id in some
        and any(me.member_id.hex not in one.what.wanted_by for one in Correction.waiting(bulletin, standing))
    }


def _has_spoken(me: Membership, bulletin: Bulletin, digest: str) -> bool:
    said = (voice.said for voice in Voice.about(bulletin))
    return any(one.member == me.member_id.hex and one.digest == digest for one in said)


def is_objected(bulletin: Bulletin, me: Membership) -> bool:
    """Is it proposed, does this member agree to it, and does somebody object to the same words?"""
    if bulletin.stage is not State.PROPOSED:
        return False
    voices = [voice.said for voice in Voice.about(bulletin)]
    mine = {one.digest for one in voices if one.member == me.member_id.hex and one.agrees}
    return any(not one.agrees and one.digest in mine for one in voices)


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
    if bulletin.stage is State.DRAFT:
        return
    if bulletin.agreed_digest == digest:
        Correction.lapse(bulletin)
        return
    count = count_voices(bulletin, site, digest)
    if count.met:
        bulletin.state = State.AGREED.value
        for correction in db.session.scalars(Correction.rows_of(bulletin)):  # of words that were agreed to anew
            db.session.delete(correction)
        agreeing = tuple(voice.by for voice in count.agree)
        bulletin.agreed = Agreed(digest=digest, at=now().isoformat(), by=agreeing)
    else:
        bulletin.state = State.PROPOSED.value
        bulletin.agreed = None
        Correction.lapse(bulletin)


def stay_agreed(bulletin: Bulletin) -> Written:
    """It was put right, and stays agreed: who agreed to it before agrees to it as it reads now."""
    written, agreed = Written(bulletin), bulletin.agreed_digest
    for voice in Voice.about(bulletin):
        if voice.said.digest == agreed:
            voice.said = dataclasses.replace(voice.said, digest=written.digest)
    bulletin.agreed = dataclasses.replace(bulletin.agreed or Agreed(), digest=written.digest)
    bulletin.touch()
    Correction.lapse(bulletin)
    return written
