"""How a network begins, and each of its sites."""

from __future__ import annotations

import uuid
from typing import Self

from sqlalchemy import LargeBinary, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from bulletin.db import Record, db, today
from bulletin.domain.site import departures
from bulletin.domain.site.accounts.members import Member, Membership
from bulletin.domain.site.governance import register
from bulletin.domain.site.governance.roll import Roll
from bulletin.domain.site.inbox_keys import InboxKey
from bulletin.vault import keys, tenancy, words

from .sites import Network, Site

FIRST = 3  # sites that need nobody to come in


class FoundingCode(Record):
    """The code that an installation prints when it is started empty. Good for one network, once."""

    __tablename__ = "founding_code"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    digest: Mapped[bytes] = mapped_column(LargeBinary)

    @classmethod
    def print_anew(cls) -> str | None:
        """A new code in place of the last; None once there is a network."""
        if Network.here() is not None:
            return None
        code = words.new_link_secret()
        db.session.execute(delete(cls))
        db.session.add(cls(digest=keys.digest(code)))
        return words.link_text(code)

    @classmethod
    def matching(cls, typed: str) -> Self | None:
        """The code, if this is it and no network has been founded."""
        try:
            digest = keys.digest(words.from_link_text(typed))
        except ValueError:
            return None
        found = db.session.scalars(select(cls).filter_by(digest=digest).with_for_update()).first()
        return found if Network.here() is None else None


def found_network(code: FoundingCode, name: str) -> Network:
    """The network; the code is spent."""
    network = Network(name=name)
    db.session.add(network)
    db.session.delete(code)
    return network


def found_site(network: Network, founder: Member, **about: str) -> tuple[Site, bytes]:
    """A site with one member, and its key. `about`: kind, name, country, time_zone, language, paper. The first of a
    network are in it; whoever comes later is brought in by two that are: network.known.

    The session is where it was before, or at no site.
    """
    db.session.add(network)
    db.session.refresh(network, with_for_update=True)  # of two who found the third one waits
    site = Site(network=network, in_since=today() if departures.count_sites() < FIRST else None, **about)
    db.session.add(site)
    db.session.flush()
    site_key = keys.new_site_key()
    Membership.begin(founder, site, site_key)
    ring, before = keys.Keyring(), tenancy.bound_site(db.session)
    ring.add(site.id, site.generation, site_key)
    tenancy.bind(db.session, site.id)
    with keys.opened(ring):
        register.keep(site, Roll(people=(register.person(founder, decides=True),)))
        InboxKey.renew(site)
    tenancy.unbind(db.session)
    if before is not None:
        tenancy.bind(db.session, before)
    return site, site_key


def admit(site: Site, member: Member, *, decides: bool = True) -> Membership:
    """Somebody who is in a site without having been invited, as in a made-up one. The site must be open."""
    membership = Membership.begin(member, site, keys.current.get().site_key(site.id, site.generation))
    rules = register.rules_of(site)
    rules.add(register.person(member, decides=decides))
    register.keep(site, rules.roll())
    return membership
