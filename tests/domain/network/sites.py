"""A network of several sites, each with two who decide: what they ask each other, without a browser."""

from __future__ import annotations

import contextlib
import datetime
import uuid
from collections.abc import Iterator
from typing import Any

from bulletin.db import db, today
from bulletin.domain.network import inside
from bulletin.domain.network.answering import agreeing
from bulletin.domain.network.answering.agreeing import Intent, Says
from bulletin.domain.network.answering.matters import AskedPut, KnownPut, Matter, OutPut, TogetherPut
from bulletin.domain.portability import leaving
from bulletin.domain.site.accounts.members import Membership
from bulletin.domain.site.founding import admit, found_site
from bulletin.domain.site.sites import Network, Site
from bulletin.vault import tenancy
from bulletin.vault.readers import Reader
from tests.domain.conftest import ABOUT, Person

A_DAY = datetime.timedelta(days=1)


class Sites:
    """Sites by name, and who is in each: the first founded it."""

    def __init__(self) -> None:
        self.network = Network(name="Free Notes")
        self.sites: dict[str, Site] = {}
        self.people: dict[str, list[Person]] = {}

    def found(self, *names: str, deciders: int = 2) -> None:
        for name in names:
            people = [Person(f"{name} {number}") for number in range(deciders)]
            site, _ = found_site(self.network, people[0].member, name=name, **ABOUT)
            self.sites[name], self.people[name] = site, people
            with people[0].inside(site):
                for person in people[1:]:
                    admit(site, person.member)
                db.session.commit()

    @contextlib.contextmanager
    def at(self, name: str, who: int = 0) -> Iterator[Membership]:
        """Somebody of a site, who decides there; what is done is committed."""
        site, person = self.sites[name], self.people[name][who]
        with person.inside(site):
            reader = Reader.DECIDER if inside.is_in(site) else Reader.NOBODY
            tenancy.read_as(db.session, reader)
            try:
                yield person.at(site)
                db.session.commit()
            finally:
                db.session.rollback()
                tenancy.read_as(db.session, Reader.NOBODY)

    def is_in(self, *names: str) -> bool:
        return all(inside.is_in(self.sites[name]) for name in names)

    def agree(self, name: str, matter_id: uuid.UUID) -> None:
        """The others in a site say that it is fine, as long as it waits."""
        for who in range(1, len(self.people[name])):
            with self.at(name, who) as me:
                intent = Intent.of(me.site_id, matter_id)
                if intent is not None and intent.what.waits:
                    agreeing.agree(me, matter_id, yes=True)

    def put(self, name: str, said: Any, days: int | None = 7, **more: Any) -> uuid.UUID:
        """A site puts something to the others; both of it say so."""
        matter_id = uuid.uuid4()
        with self.at(name) as me:
            until = today() + days * A_DAY if days is not None else None
            agreeing.put(me, said, matter_id, until=until, **more)
        self.agree(name, matter_id)
        return matter_id

    def asks_in(self, name: str) -> uuid.UUID:
        return self.put(name, KnownPut(who="Ring the Depot."), days=None)

    def proposes(self, name: str, days: int = 7, **more: Any) -> uuid.UUID:
        said = TogetherPut(what="A day of orange stickers", why="The rota.", day=today().isoformat())
        return self.put(name, said, days, **more)

    def gives(self, name: str, days: int = 7) -> uuid.UUID:
        """Its second member is asked to do something for all."""
        member = self.people[name][1].member
        return self.put(
            name, AskedPut(task="Keep the list of printers", member=member.id.hex, name=member.handle), days
        )

    def would_put_out(self, name: str, other: str) -> uuid.UUID:
        return self.put(name, OutPut(site=self.sites[other].id.hex, why="They gave our words away."), 30)

    def says(self, name: str, matter_id: uuid.UUID, says: Says = Says.YES, **more: Any) -> None:
        """A site answers; both of it say so."""
        with self.at(name) as me:
            matter = Matter.of(matter_id)
            assert matter is not None
            agreeing.say(me, matter, says, **more)
        self.agree(name, matter_id)

    def brings_in(self, name: str, *by: str) -> uuid.UUID:
        asked = self.asks_in(name)
        for one in by:
            self.says(one, asked)
        return asked

    def leaves(self, name: str) -> None:
        """All of a site is deleted."""
        site = self.sites.pop(name)
        people = self.people.pop(name)
        with people[0].inside(site):
            leaving.end_site(site)
            db.session.commit()
