"""The roll of a site: who is in it and where they stand, what is asked of everybody, who is being brought in.

It is one value, so that what the rules look at is true of one moment; `register` keeps it under the site's key.
"""

from __future__ import annotations

import enum
import uuid

from bulletin.vault import kinds
from bulletin.vault.shapes import Shape, choice, count, field, hex_id, iso_day, moment, plain_text, shape, shaped

NUMBER_FIRST = 2  # how many agree to a paper, until a site says otherwise

NOTE_MAX = 40  # letters
Ids = tuple[str, ...]
_MEMBERS = kinds.several(kinds.of_text("member", kinds.a_hex_id, empty=False))


class Matter(enum.StrEnum):
    """What a question is about."""

    NEWCOMER = "newcomer"  # whether somebody decides from here on
    REMOVAL = "removal"
    EXPORT = "export"
    DELETION = "deletion"
    NUMBER = "number"  # how many must agree to a paper
    FORGETTING = "forgetting"  # whether more people than usual may be forgotten for a week


@shape
class Person(Shape):
    """A member, by their id in hex, as the site knows them: what is bound to them, and where they stand.

    public_key: the digest, in hex, of the key that the site's is sealed to. was: whose place this is meant to be, who
    has lost their words. barred_until: they begin no question before. kept_out_until: a restore found them locked.
    missing_since: their place is not in the database any more, and nobody knows why. wrote_as: the handle of the place
    they had before, whose words they lost; what was written under it from then until then is theirs.
    """

    member: str = hex_id("member")
    handle: str = plain_text()
    public_key: str = plain_text()
    joined_at: str = moment()
    seen_on: str = iso_day()
    decides: bool = field(kinds.plain("flag", kinds.truth, False))
    locked: bool = field(kinds.plain("flag", kinds.truth, False))
    brought_by: Ids = field(_MEMBERS)
    was: str = hex_id("member")
    barred_until: str = moment(empty=True)
    kept_out_until: str = moment(empty=True)
    missing_since: str = moment(empty=True)
    lapses_on: str = iso_day()
    founded_at: str = moment(empty=True)
    wrote_as: str = plain_text()
    wrote_from: str = moment(empty=True)
    wrote_until: str = moment(empty=True)

    def wrote(self, by: str, at: str) -> bool:
        """Is what was written under this handle, at this moment, theirs?"""
        now = by == self.handle and at >= self.joined_at
        return now or (by == self.wrote_as and self.wrote_from <= at < self.wrote_until)

    @property
    def is_locked(self) -> bool:
        """Are they locked out, by a question or since a restore?"""
        return self.locked or bool(self.kept_out_until or self.missing_since)


@shape
class Question(Shape):
    """Something that everybody who decides is asked. about: a member's id, or a number; empty for the whole site.

    begun_by: who answers for having asked. locked_at: when a removal locked somebody first. locked_by: who has said yes
    to it while it did.
    """

    id: str = hex_id("question")
    matter: Matter = choice("", Matter, default=Matter.NEWCOMER)
    about: str = plain_text()
    asked_at: str = moment()
    begun_by: Ids = field(_MEMBERS)
    yes: Ids = field(_MEMBERS)
    no: Ids = field(_MEMBERS)
    locked_at: str = moment(empty=True)
    locked_by: Ids = field(_MEMBERS)

    @property
    def uuid(self) -> uuid.UUID:
        """Its id, as addresses have it."""
        return uuid.UUID(hex=self.id)


@shape
class Invited(Shape):
    """An open invitation: who proposed it, and who says that it is fine.

    was: whose place it is meant for, if anybody's. founds: it is one to found another site. note: a word that whoever
    proposed it knows it by.
    """

    id: str = hex_id("invitation")
    by: str = hex_id("member")
    asked_at: str = moment()
    yes: Ids = field(_MEMBERS)
    was: str = hex_id("member")
    founds: bool = field(kinds.plain("flag", kinds.truth, False))
    note: str = plain_text(most=NOTE_MAX)


@shape
class Passed(Shape):
    """A question that was answered with yes, while there is something to do about it."""

    matter: Matter = choice("", Matter, default=Matter.NEWCOMER)
    at: str = moment()


@shape
class Roll(Shape):
    """All that the rules of a site look at. version: how often it was written. begun_at: when it was put together from
    what stood in the database, for everybody to check; empty where it grew from the founding on.
    """

    version: int = count()
    people: tuple[Person, ...] = field(kinds.several(shaped(Person)))
    questions: tuple[Question, ...] = field(kinds.several(shaped(Question)))
    invited: tuple[Invited, ...] = field(kinds.several(shaped(Invited)))
    passed: tuple[Passed, ...] = field(kinds.several(shaped(Passed)))
    number: int = field(kinds.plain("count", kinds.whole, NUMBER_FIRST))
    begun_at: str = moment(empty=True)
