"""Opening a site, and changing its key when somebody goes."""

from __future__ import annotations

from sqlalchemy import LargeBinary, delete, inspect, select
from sqlalchemy.orm import Mapped, mapped_column

from bulletin.db import EVERY_ROW, SiteOwned, db, owned_records
from bulletin.domain.site.accounts.members import Membership
from bulletin.domain.site.governance import register
from bulletin.vault import keys
from bulletin.vault.sealed import behind, reseal, sealed_columns

from .events import Deed, Event
from .inbox_keys import InboxKey
from .invitations import Invitation
from .sites import Site

BATCH = 500  # rows sealed again in one transaction


class FormerKey(SiteOwned):
    """A key the site had, under the one that came after it; gone when nothing is sealed with it any more."""

    __tablename__ = "former_key"

    generation: Mapped[int] = mapped_column()
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)


def open_site(membership: Membership, private: keys.PrivateKey) -> keys.Keyring:
    """A ring with the site's key and those it had before. The session must be bound to the site."""
    site, ring = membership.site, keys.Keyring()
    key, registered = membership.open_key(private)
    ring.add(site.id, site.generation, key, registered=registered)
    former = select(FormerKey).filter_by(site_id=site.id).order_by(FormerKey.generation.desc())
    for older in db.session.scalars(former):
        key = keys.unwrap(key, older.wrapped, _context(site, older.generation))
        ring.add(site.id, older.generation, key)
    return ring


def hold(membership: Membership) -> None:
    """Let nobody else change a site's key until this transaction ends: what is sealed in it, is under the newest.

    Before the key is opened. The place is read anew: it may have been given another copy a moment ago.
    """
    db.session.refresh(membership.site, with_for_update=True)
    db.session.expire(membership, inspect(Membership).column_attrs.keys())  # and not its site, which is new


def rotate_if_due(site: Site, ring: keys.Keyring) -> bool:
    """Change the site's key if somebody has gone since; True if it was changed. Takes the site for itself meanwhile.

    Not while its register is broken: nobody can tell then who is to be given the new one.
    """
    if not site.rotation_due:
        return False
    db.session.refresh(site, with_for_update=True)
    if not site.rotation_due or not register.is_sound(site):
        return False
    old, generation = ring.site_key(site.id, site.generation), site.generation
    new = keys.new_site_key()
    wrapped = keys.wrap(new, old, _context(site, generation))
    db.session.add(FormerKey(site=site, generation=generation, wrapped=wrapped))
    site.generation = generation + 1
    site.rotation_due = False
    ring.add(site.id, site.generation, new)
    with keys.opened(ring):
        hand_on(site, new)
        InboxKey.renew(site)
        Event.note(site, Deed.KEY_CHANGED)
    for invitation in Invitation.open_at(site):
        invitation.spend()  # what it holds is the old key
    return True


def hand_on(site: Site, key: bytes) -> None:
    """Give the site's key to those members whom the register knows by handle and key, and not as locked."""
    standing = register.standing_of(site)
    for membership in Membership.at(site):
        member = membership.member_id.hex
        if standing.is_free(member) and register.is_bound(standing.people[member], membership.member):
            membership.give_key(key)


def reseal_some(site: Site, ring: keys.Keyring, limit: int = BATCH) -> int:
    """Seal up to so many rows again that are under a former key; how many it was. Former keys go with the last."""
    if not ring.has_former(site.id):
        return 0  # then nothing is sealed with one, and no table has to be looked through
    done = 0
    with keys.opened(ring):
        for owned in _sealed_records():
            stale = select(owned).filter_by(site_id=site.id).where(behind(owned, site.generation))
            for row in db.session.scalars(stale.limit(limit - done), execution_options=EVERY_ROW):
                for column in sealed_columns(owned):
                    reseal(row, column)
                done += 1
            if done >= limit:
                return done
    if not done:
        db.session.execute(delete(FormerKey).filter_by(site_id=site.id))
    return done


def _sealed_records() -> list[type[SiteOwned]]:
    """The kinds of rows that hold sealed fields."""
    return [record for record in owned_records() if sealed_columns(record)]


def _context(site: Site, generation: int) -> bytes:
    return keys.context("former key", site.id, generation)
