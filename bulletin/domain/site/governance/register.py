"""The register of a site: its roll, under the site's key, so that no row that somebody changes gives anybody a say.

Who decides, what was asked and answered, who is locked out, and by which key each member is known, is one sealed value.
A mark beside it counts how often that was written: one of the two deleted or set back alone does not fit the other. The
whole database set back does, and cannot be told.
"""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import and_, inspect, select

from bulletin.db import SiteOwned, db, now, owned_records, today
from bulletin.domain.site.accounts.members import Member, Membership
from bulletin.domain.site.refusals import NotAllowed, Why
from bulletin.domain.site.sites import Site
from bulletin.vault import keys
from bulletin.vault.sealed import Sealed, ahead, sealed, sealed_columns, sealed_field
from bulletin.vault.shapes import Shape, count, plain_text, shape

from .roll import Matter, Person, Question, Roll
from .rules import Rules
from .standing import LONG, Standing

READ = "_register"  # the rows, at the site they are of
CHECKED = "_checked"  # what was read of a row last, and fitted its mark: each page asks several times
MET_AFTER = timedelta(days=7)  # who was in a site for so long before it had a register, decides


@shape
class Mark(Shape):
    """How often the roll was written, and the digest of what was written last, in hex."""

    version: int = count()
    digest: str = plain_text()


class Register(SiteOwned):
    """A site's roll; one row, whose id is the site's."""

    __tablename__ = "register"

    roll: Sealed[Roll] = sealed(Roll)


class RegisterMark(SiteOwned):
    """The mark beside a site's roll; one row, whose id is the site's."""

    __tablename__ = "register_mark"

    mark: Sealed[Mark] = sealed(Mark)


def roll_of(site: Site) -> Roll:
    """The roll of a site that is open. Raises NotAllowed where it was changed from outside.

    A site that an older release has made has none until a member opens it to write: until then, what would be in it.
    """
    row, beside = _rows(site)
    if row is None and beside is None and not keys.current.get().is_registered(site.id):
        if _is_set_back(site):
            raise NotAllowed(Why.REGISTER_BROKEN)
        return first_roll(site)
    if row is None or beside is None:
        raise NotAllowed(Why.REGISTER_BROKEN)
    as_stored = _bytes_of(row), _bytes_of(beside)
    checked: tuple[object, Roll] | None = vars(row).get(CHECKED)
    if checked is not None and checked[0] == as_stored:
        return checked[1]
    try:
        roll, mark = row.roll, beside.mark
    except (keys.DoesNotOpen, LookupError):  # also one so old that the key it was under has gone
        raise NotAllowed(Why.REGISTER_BROKEN) from None
    if mark != Mark(version=roll.version, digest=_digest(roll)):
        raise NotAllowed(Why.REGISTER_BROKEN)
    vars(row)[CHECKED] = as_stored, roll
    return roll


def standing_of(site: Site) -> Standing:
    """Who counts at a site now, and what passes; only to look at. Raises NotAllowed as roll_of() does."""
    return Standing(roll_of(site), now())


def sound_standing_of(site: Site) -> Standing | None:
    """The same; None where the register was changed from outside."""
    try:
        return standing_of(site)
    except NotAllowed:
        return None


def rules_of(site: Site) -> Rules:
    """The same, to be changed and kept: the caller holds the site. Raises NotAllowed as roll_of() does."""
    return Rules(roll_of(site), now())


def is_sound(site: Site) -> bool:
    """Is it as it was written last?"""
    return sound_standing_of(site) is not None


def is_of_open_key(site: Site) -> bool:
    """Does the key that is open fit any of it? Where there is a register and it fits none, it is no key of the site."""
    rows = [row for row in _rows(site) if row is not None]
    return not rows or any(_opens(row) for row in rows)


def is_there(site: Site) -> bool:
    """Has the site's register been begun?"""
    return any(_rows(site))


def read_anew(site: Site) -> None:
    """Read what somebody else may have written since; the site is held."""
    _rows(site, anew=True)


def keep(site: Site, roll: Roll) -> Roll:
    """Write the roll, and the mark beside it."""
    roll = dataclasses.replace(roll, version=roll.version + 1)
    mark = Mark(version=roll.version, digest=_digest(roll))
    row, beside = _rows(site)
    if row is None:
        db.session.add(Register(site=site, id=site.id, roll=roll))
    else:
        row.roll = roll
    if beside is None:
        db.session.add(RegisterMark(site=site, id=site.id, mark=mark))
    else:
        beside.mark = mark
    return roll


def person(member: Member, *, joined_at: datetime | None = None, decides: bool = False) -> Person:
    """What is bound to a member from the day they come."""
    moment = joined_at or now()
    return Person(
        member=member.id.hex,
        handle=member.handle,
        public_key=keys.digest(member.public_key).hex(),
        joined_at=moment.isoformat(),
        seen_on=now().date().isoformat(),
        decides=decides,
    )


def is_bound(person: Person | None, member: Member) -> bool:
    """Is this the member whom the site knows, by handle and key? Only they are given its key."""
    known = person is not None and (person.handle, person.public_key)
    return known == (member.handle, keys.digest(member.public_key).hex())


def locked_until(place: Membership) -> datetime | None:
    """Until when a place is locked of which only the database says so; a day to come, in there, says nothing."""
    return _begin_of(min(place.locked_on, today())) + LONG if place.locked_on else None


def first_roll(site: Site) -> Roll:
    """What stands in the database, where there was no register before. Who has been here for a week decides."""
    places = Membership.at(site)
    people = []
    for place in places:
        decides = today() - place.joined_on >= MET_AFTER or len(places) == 1
        one = person(place.member, joined_at=_begin_of(place.joined_on), decides=decides)
        until = locked_until(place)
        people.append(dataclasses.replace(one, kept_out_until=until.isoformat() if until else ""))
    questions = [
        Question(id=place.id.hex, matter=Matter.NEWCOMER, about=one.member, asked_at=one.joined_at)
        for place, one in zip(places, people, strict=True)
        if not one.decides
    ]
    roll = Roll(people=tuple(people), questions=tuple(questions), number=site.agreeing)
    return dataclasses.replace(roll, begun_at=now().isoformat())


def _begin_of(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)


def _is_set_back(site: Site) -> bool:
    """Is something sealed under a later key than the one said to be the newest? A site that is old has no such row.

    The key changes with the first register: whoever takes that away, and puts an older copy of the key back, must take
    away all that was sealed since, too.
    """
    for owned in filter(sealed_columns, owned_records()):
        later = select(owned.id).filter_by(site_id=site.id).where(ahead(owned, site.generation)).limit(1)
        if db.session.scalars(later).first() is not None:
            return True
    return False


def _rows(site: Site, *, anew: bool = False) -> tuple[Register | None, RegisterMark | None]:
    """Both rows, by one statement: between two, somebody else may have written.

    Held by the site, since a session lets go of its rows, and each look would ask the database again.
    """
    rows: tuple[Register, RegisterMark] | None = vars(site).get(READ)
    if rows is None or anew or not all(map(_is_current, rows)):
        beside = and_(RegisterMark.site_id == Register.site_id, RegisterMark.id == Register.id)
        both = select(Register, RegisterMark).join(RegisterMark, beside).where(Register.id == site.id)
        read = db.session.execute(both.execution_options(populate_existing=True)).first()
        if read is None:
            vars(site).pop(READ, None)
            return db.session.scalars(select(Register)).first(), db.session.scalars(select(RegisterMark)).first()
        rows = vars(site)[READ] = (read[0], read[1])
    return rows


def _is_current(row: SiteOwned) -> bool:
    state = inspect(row)
    return state.persistent and not state.expired


def _bytes_of(row: Register | RegisterMark) -> bytes | None:
    (column,) = sealed_columns(type(row))
    found: bytes | None = getattr(row, sealed_field(type(row), column).attribute)
    return found


def _opens(row: Register | RegisterMark) -> bool:
    try:
        return bool(row.roll if isinstance(row, Register) else row.mark)
    except (keys.DoesNotOpen, LookupError):
        return False


def _digest(roll: Roll) -> str:
    stored = sealed_field(Register, "roll").as_stored(roll)
    return keys.digest(json.dumps(stored, sort_keys=True, separators=(",", ":")).encode()).hex()
