"""Who had gone stays gone: what is done to a backup's rows, aside, before they come home."""

from __future__ import annotations

import collections
import functools
import uuid
from collections.abc import Mapping

import sqlalchemy as sa
from flask import Flask

from bulletin import db
from bulletin.db import db as orm
from bulletin.domain.network import sharing
from bulletin.domain.network.answering import known
from bulletin.domain.network.answering.answers import Answer
from bulletin.domain.network.answering.matters import Kind, Matter
from bulletin.domain.people import erasure
from bulletin.domain.people.contacts import Contact
from bulletin.domain.people.forgetting import STOPPABLE_FOR, Forgetting
from bulletin.domain.people.imports.records import Import
from bulletin.domain.portability import leaving
from bulletin.domain.site import departing
from bulletin.domain.site.accounts.members import Member, Membership
from bulletin.domain.site.departures import ANSWER, CONTACT, HIDDEN, LOCK, MATTER, MEMBER, OUT, PLACE, SITE, TOLD
from bulletin.domain.site.sites import Site
from bulletin.vault import tenancy

from . import Done, Many, Told, departure_log, departures
from .departure_log import Log, Name

KINDS = {SITE: Many.SITES, PLACE: Many.PLACES, MEMBER: Many.ACCOUNTS, CONTACT: Many.CONTACTS}
KINDS |= dict.fromkeys((TOLD, MATTER, ANSWER), Many.TOLD)
ASKED = (Import,)  # what may have been stopped since; what everybody was asked, a member ends who opens the site


def make_safe(aside: Flask, log: Log) -> list[Told]:
    """Take away again what had gone since, and mark every site; what was done."""
    standing = departure_log.standing(log)
    gone: dict[str, list[uuid.UUID]] = collections.defaultdict(list)
    for kind, id_, _ in standing:
        gone[kind].append(id_)
    with aside.app_context():
        sites = sum(map(_delete_site, gone[SITE]))
        places = sum(map(_end_place, gone[PLACE]))
        members = sum(map(_delete_member, gone[MEMBER]))
        taken_back = sum(_take_back(name) for name in standing if name[0] in (TOLD, MATTER, ANSWER))
        for out in gone[OUT]:
            _put_out(out)
        forgotten = _forget([name for name in standing if name[0] == CONTACT])
        hidden = _hide({name: changes % 2 == 1 for name, changes in log.items() if name[0] == HIDDEN})
        locks = sum(map(_lock, gone[LOCK]))
        closed = 0
        for site in orm.session.scalars(sa.select(Site)).all():
            _begin_anew(site)
            if all(place.locked for place in Membership.at(site)):
                # No line of the log: others may have joined since, and a later backup brings it back with them.
                closed += _delete_site(site.id)
        for member in orm.session.scalars(sa.select(Member)).all():
            departing.forget_if_nowhere(member)
        orm.session.commit()
        orm.session.remove()
        orm.engine.dispose()
    done = []
    counted = {Many.SITES: sites, Many.PLACES: places, Many.ACCOUNTS: members, Many.TOLD: taken_back}
    if things := listed(counted):
        done.append(Told(Done.GONE_AGAIN, things=things))
    if forgotten:
        done.append(Told(Done.FORGOTTEN_AGAIN, count=forgotten))
    if hidden:
        done.append(Told(Done.HIDDEN_AGAIN, count=hidden))
    if closed:
        done.append(Told(Done.LEFT_AWAY, sites=Told(Many.SITES, count=closed)))
    if locks:
        done.append(Told(Done.LOCKED_AGAIN, members=Told(Many.MEMBERS, count=locks)))
    return done


def listed(counted: Mapping[Many, int]) -> Told | None:
    """So many of each; None where there is none of any."""
    things = [Told(many, count=count) for many, count in counted.items() if count]
    return functools.reduce(lambda these, more: Told(Many.LISTED, these=these, more=more), things) if things else None


def _delete_site(id_: uuid.UUID) -> bool:
    if (site := orm.session.get(Site, id_)) is None:
        return False
    tenancy.bind(orm.session, id_)
    leaving.delete_site(site)
    orm.session.flush()
    tenancy.unbind(orm.session)
    return True


def _take_back(name: Name) -> bool:
    """What a site had told, asked or answered, and taken back."""
    kind, id_, site_id = name
    tenancy.bind(orm.session, site_id)
    if kind == TOLD:
        was_there = sharing.take_back(site_id, id_)
    else:
        record: type[db.SiteWritten] = Matter if kind == MATTER else Answer
        if was_there := (found := orm.session.get(record, (site_id, id_))) is not None:
            orm.session.delete(found)
    orm.session.flush()
    tenancy.unbind(orm.session)
    return was_there


def _put_out(site_id: uuid.UUID) -> None:
    """A site that was out of the network: it asks anew, since nobody knows here who took back what they said."""
    if (site := orm.session.get(Site, site_id)) is None:
        return
    known.go_out(site)
    tenancy.bind(orm.session, site_id)
    for matter in Matter.own(site_id):
        if matter.kind == Kind.KNOWN:
            orm.session.delete(matter)
    orm.session.flush()
    tenancy.unbind(orm.session)


def _forget(gone: list[Name]) -> int:
    """Delete contacts under every id they had; how many people they were. There is no key here: no sums are kept."""
    people = 0
    for site_id in orm.session.scalars(sa.select(Site.id)).all() if gone else ():
        tenancy.bind(orm.session, site_id)
        ids = {id_ for _, id_, of_site in gone if of_site == site_id}
        for some in db.batches(ids, departures.SOME):
            found = sa.select(Contact.id, Contact.merged_into).where(Contact.id.in_(some))
            there = {row.id: row.merged_into for row in orm.session.execute(found, execution_options=db.EVERY_ROW)}
            if there:
                erasure.delete_all_of(site_id, there)
                people += sum(merged not in ids for merged in there.values())
        orm.session.flush()
        tenancy.unbind(orm.session)
    return people


def _hide(known: dict[Name, bool]) -> int:
    """Who is to be forgotten stays hidden, and whoever was shown again is; how many are. Each has a week anew.

    There is no key here, so nobody knows any more who asked for those whom the backup did not have hidden.
    """
    count = 0
    for site_id in orm.session.scalars(sa.select(Site.id)).all():
        tenancy.bind(orm.session, site_id)
        here = {id_: holds for (_, id_, of_site), holds in known.items() if of_site == site_id}
        shown = {id_ for id_, holds in here.items() if not holds}
        for some in db.batches(shown, departures.SOME):
            orm.session.execute(sa.delete(Forgetting).filter_by(site_id=site_id).where(Forgetting.id.in_(some)))
        there = sa.select(Forgetting).filter_by(site_id=site_id)
        hidden = {one.id: one for one in orm.session.scalars(there, execution_options=db.EVERY_ROW)}
        for some in db.batches(here.keys() - shown - hidden.keys(), departures.SOME):
            for contact in orm.session.scalars(
                sa.select(Contact).filter_by(site_id=site_id).where(Contact.id.in_(some))
            ):
                hidden[contact.id] = Forgetting(site_id=site_id, id=contact.id, contact_id=contact.id)
                orm.session.add(hidden[contact.id])
        for one in hidden.values():
            one.due_on = db.today() + STOPPABLE_FOR
        count += len(hidden)
        orm.session.flush()
        tenancy.unbind(orm.session)
    return count


def _begin_anew(site: Site) -> None:
    """What had begun to run begins again: what was stopped since cannot be told from what was not."""
    site.rotation_due = site.restored = True
    tenancy.bind(orm.session, site.id)
    for asked in ASKED:
        orm.session.execute(sa.delete(asked).filter_by(site_id=site.id))
    announced = sa.update(Contact).filter_by(site_id=site.id).where(Contact.announced_on.is_not(None))
    orm.session.execute(announced.values(announced_on=db.today()))  # somebody may have kept them, and has a month again
    orm.session.flush()
    tenancy.unbind(orm.session)


def _end_place(id_: uuid.UUID) -> bool:
    if (place := orm.session.get(Membership, id_)) is None:
        return False
    departing.take_away(place)
    orm.session.flush()
    return True


def _delete_member(id_: uuid.UUID) -> bool:
    if (member := orm.session.get(Member, id_)) is None:
        return False
    for place in orm.session.scalars(sa.select(Membership).filter_by(member_id=id_)):
        place.end()
    departing.forget(member)
    orm.session.flush()
    return True


def _lock(id_: uuid.UUID) -> bool:
    place = orm.session.get(Membership, id_)
    if place is None or place.locked:
        return False
    place.lock_out()
    return True
