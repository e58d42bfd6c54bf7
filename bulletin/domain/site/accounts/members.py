"""Members: a handle, a key that only their words unlock, and the sites they are in."""

from __future__ import annotations

import re
import unicodedata
import uuid
from datetime import date
from typing import Self

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, contains_eager, joinedload, mapped_column, relationship

from bulletin.db import Record, db, today
from bulletin.domain.site.sites import Site
from bulletin.vault import keys

HANDLE_MAX = 40
_FIGURES = re.compile(r"(?<=[^\W\d])[-\s_.\u2010-\u2015]*(\d{2,4})$")
_ALIKE = str.maketrans("01i", "oll")
EAST_ASIAN = frozenset({"CJK", "HIRAGANA", "KATAKANA", "BOPOMOFO", "HANGUL"})  # written together, so one script here


class Member(Record):
    """A person with an account. `locked_key` is their private key, which only their words unlock."""

    __tablename__ = "member"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    handle: Mapped[str] = mapped_column(String(HANDLE_MAX))
    handle_key: Mapped[str] = mapped_column(String(3 * HANDLE_MAX), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    locked_key: Mapped[bytes] = mapped_column(LargeBinary)
    # Nobody asks for it: rows and backups of older releases have it, and they must arrive.
    joined_on: Mapped[date] = mapped_column(default=today)
    sealed_looks: Mapped[bytes | None] = mapped_column(LargeBinary)  # see network.looks

    @classmethod
    def join(cls, handle: str, public_key: bytes, locked_key: bytes) -> Self:
        """A new member. The handle must be free: ask `named` first."""
        handle = " ".join(handle.split())
        member = cls(handle=handle, handle_key=handle_key(handle), public_key=public_key, locked_key=locked_key)
        db.session.add(member)
        return member

    @classmethod
    def named(cls, handle: str) -> Self | None:
        """The member with this handle, however it is typed; also without the sign before its figures."""
        typed = handle_key(handle)
        ways = {typed, _FIGURES.sub(r"-\1", typed)}
        found = db.session.scalars(select(cls).where(cls.handle_key.in_(ways))).all()
        return max(found, key=lambda member: member.handle_key == typed, default=None)

    def memberships(self) -> list[Membership]:
        """The sites this member is in, by name, those they are locked out of left out."""
        mine = select(Membership).filter_by(member_id=self.id).join(Site).order_by(Site.name)
        return [membership for membership in db.session.scalars(mine) if not membership.locked]

    def has_place(self) -> bool:
        """Is this member in any site, be it locked out?"""
        return db.session.scalars(select(Membership.id).filter_by(member_id=self.id)).first() is not None

    def locked_out(self) -> list[Membership]:
        """The places that this member is locked out of, until they are gone."""
        mine = select(Membership).filter_by(member_id=self.id)
        return [membership for membership in db.session.scalars(mine) if membership.locked]

    def membership_at(self, site_id: uuid.UUID) -> Membership | None:
        """This member's place in a site; None for a stranger and for one who is locked out."""
        membership = Membership.of(self, site_id)
        return None if membership is None or membership.locked else membership


def handle_key(handle: str) -> str:
    """What two ways to type one handle have in common."""
    return unicodedata.normalize("NFKC", " ".join(handle.split())).casefold()


def handle_skeleton(handle: str) -> str:
    """What handles that look alike have in common: letters and digits without accents; signs for vowels, as in Hindi,
    are none. Of letters that look like others, those of our alphabet: a whole name in another one is not seen.
    """
    apart = unicodedata.normalize("NFKD", handle_key(handle))
    bare = "".join(sign for sign in apart if sign.isalnum() or _is_vowel(sign))
    return bare.translate(_ALIKE).replace("rn", "m")


def _is_vowel(sign: str) -> bool:
    seen = unicodedata.category(sign) in ("Mc", "Mn") and not unicodedata.combining(sign)
    return seen and not unicodedata.name(sign, "COMBINING").startswith(("COMBINING", "VARIATION", "MONGOLIAN FREE"))


def mixes_scripts(handle: str) -> bool:
    """Are there letters of two scripts in it, as a Cyrillic o among Latin ones? By the names Unicode gives them."""
    letters = filter(str.isalpha, unicodedata.normalize("NFKC", handle))
    scripts = {unicodedata.name(letter, "").split(" ")[0] for letter in letters if unicodedata.category(letter) != "Lm"}
    return len({"EAST ASIAN" if script in EAST_ASIAN else script for script in scripts}) > 1


class Membership(Record):
    """A member's place in a site, with their sealed copy of the site's key. Who leaves has none."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("site_id", "member_id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    site_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("site.id"), index=True)
    member_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("member.id"), index=True)
    site: Mapped[Site] = relationship()
    member: Mapped[Member] = relationship()
    joined_on: Mapped[date] = mapped_column(default=today)
    sealed_key: Mapped[bytes] = mapped_column(LargeBinary)  # empty for who is locked out
    # What the register says is what counts; this is for whoever has no key to read it.
    locked_on: Mapped[date | None] = mapped_column()

    @classmethod
    def begin(cls, member: Member, site: Site, site_key: bytes) -> Self:
        """Give a member a place in a site, and its key sealed to them."""
        membership = cls(site=site, member=member, site_id=site.id, member_id=member.id, joined_on=today())
        membership.give_key(site_key)
        db.session.add(membership)
        return membership

    @classmethod
    def of(cls, member: Member, site_id: uuid.UUID) -> Self | None:
        """A member's place in a site, also of one who is locked out."""
        theirs = select(cls).filter_by(member_id=member.id, site_id=site_id)
        return db.session.scalars(theirs.options(joinedload(cls.site))).first()

    @classmethod
    def at(cls, site: Site) -> list[Self]:
        """Those who are in a site, the longest first; of a day by handle."""
        there = select(cls).filter_by(site_id=site.id).join(cls.member).options(contains_eager(cls.member))
        return list(db.session.scalars(there.order_by(cls.joined_on, Member.handle_key)))

    @classmethod
    def count_at(cls, site: Site) -> int:
        """How many are in a site."""
        return db.session.scalar(select(func.count()).select_from(cls).filter_by(site_id=site.id)) or 0

    @property
    def locked(self) -> bool:
        """Is this person locked out? Who has no copy of the site's key is, whatever else the database says."""
        return not self.sealed_key

    def give_key(self, site_key: bytes) -> None:
        """Seal the site's key to this member."""
        self.sealed_key = keys.seal_to(self.member.public_key, site_key, self._context())

    def open_key(self, private: keys.PrivateKey) -> tuple[bytes, bool]:
        """The site's key, and whether the site had a register when this copy was made; raises keys.DoesNotOpen."""
        try:
            return keys.open_with(private, self.sealed_key, self._context()), True
        except keys.DoesNotOpen:
            return keys.open_with(private, self.sealed_key, self._context(registered=False)), False

    def lock_out(self) -> None:
        """Take this person's copy of the key away; the site's key is to be changed."""
        self.sealed_key, self.locked_on, self.site.rotation_due = b"", today(), True

    def let_in(self, site_key: bytes) -> None:
        """Give it back."""
        self.locked_on = None
        self.give_key(site_key)

    def end(self) -> None:
        """Take this place away, and with it the person's copy of the key; the site's key is to be changed."""
        self.site.rotation_due = True
        db.session.delete(self)

    def _context(self, *, registered: bool = True) -> bytes:
        """What a copy of a site's key is bound to: it opens for this member at this site only."""
        return keys.context("site key", self.site_id, self.member_id, *(["registered"] if registered else []))
