"""What comes of the rules at a site: copies of its key, places, accounts, and what stands under what happened."""

from __future__ import annotations

import contextlib
import enum
import uuid
from collections.abc import Iterator, Mapping

from sqlalchemy import select

from bulletin.db import db
from bulletin.domain.site.accounts.devices import Device
from bulletin.domain.site.accounts.members import Membership
from bulletin.domain.site.departing import forget_if_nowhere, take_away
from bulletin.domain.site.events import Deed, Event
from bulletin.domain.site.refusals import NotAllowed
from bulletin.domain.site.sites import Site
from bulletin.vault import keys

from . import register
from .outcomes import Outcome, What
from .roll import Matter, Person, Question
from .rules import Rules

# What stands under what happened, by what a question was about.
ASKED: Mapping[Matter, Deed] = {
    Matter.REMOVAL: Deed.REMOVAL_ASKED,
    Matter.EXPORT: Deed.EXPORT_ASKED,
    Matter.DELETION: Deed.DELETION_ASKED,
    Matter.NUMBER: Deed.NUMBER_ASKED,
    Matter.FORGETTING: Deed.FORGETTING_ASKED,
}
PASSED: Mapping[Matter, Deed] = {
    Matter.NEWCOMER: Deed.DECIDES,
    Matter.REMOVAL: Deed.REMOVED,
    Matter.EXPORT: Deed.EXPORT_PASSED,
    Matter.NUMBER: Deed.AGREEING_CHANGED,
    Matter.FORGETTING: Deed.FORGETTING_PASSED,
}
ENDED: Mapping[Matter, Deed] = {
    Matter.REMOVAL: Deed.REMOVAL_ENDED,
    Matter.EXPORT: Deed.EXPORT_ENDED,
    Matter.DELETION: Deed.DELETION_ENDED,
    Matter.NUMBER: Deed.NUMBER_ENDED,
    Matter.FORGETTING: Deed.FORGETTING_ENDED,
}
HAPPENED: Mapping[What, Deed] = {
    What.LOCKED: Deed.LOCKED,
    What.LET_IN: Deed.LET_IN,
    What.LAPSES: Deed.LAPSES,
    What.LAPSED: Deed.LAPSED,
}


class Visit(enum.Enum):
    """How a visit to a site ends."""

    IN = "in"
    OUT = "out"  # locked out, removed, or not known to the register
    DELETED = "deleted"  # the site, as everybody was asked


@contextlib.contextmanager
def changing(site: Site) -> Iterator[Rules]:
    """The rules of a site, to be changed: for one transaction at a time. Then they are kept, and what comes of it done.

    The site must be open. Raises NotAllowed where its register was changed from outside. The caller commits.
    """
    db.session.refresh(site, with_for_update=True)
    register.read_anew(site)
    rules = register.rules_of(site)
    before = rules.roll() if register.is_there(site) else None
    yield rules
    rules.settle()
    if rules.roll() != before:
        register.keep(site, rules.roll())
    for outcome in rules.outcomes:
        _do(site, rules, outcome)


def ask(me: Membership, matter: Matter, about: str = "") -> str:
    """Ask everybody, or say yes where it is asked already; the id of the question, in hex. Raises NotAllowed."""
    with changing(me.site) as rules:
        new, person = rules.open_on(matter, about) is None, rules.people.get(about)
        question = rules.ask(matter, me.member_id.hex, about)
        if new:
            whom = person.handle if person is not None else about
            Event.note(me.site, ASKED[matter], by=me.member.handle, whom=whom)
        return question.id


def answer(me: Membership, question_id: uuid.UUID, *, yes: bool) -> None:
    """Say yes or no to a question. Raises NotAllowed."""
    with changing(me.site) as rules:
        rules.answer(question_id.hex, me.member_id.hex, yes=yes)


def withdraw(me: Membership, question_id: uuid.UUID) -> None:
    """Take one's answer back. Raises NotAllowed."""
    with changing(me.site) as rules:
        rules.withdraw(question_id.hex, me.member_id.hex)


def leave(membership: Membership) -> None:
    """One leaves by oneself; there is somebody else."""
    site, member = membership.site, membership.member
    Event.note(site, Deed.LEFT, by=member.handle)
    if register.is_sound(site):  # nobody is kept because somebody has changed it
        with changing(site) as rules:
            if member.id.hex in rules.people:
                rules.leave(member.id.hex)
    take_away(membership)
    db.session.flush()
    forget_if_nowhere(member)


def is_due(me: Membership) -> bool:
    """Is there anything to do when this member comes? Only asks."""
    site = me.site
    try:
        rules = register.rules_of(site)
    except NotAllowed:
        return False
    before = rules.roll()
    if me.member_id.hex in rules.people:
        rules.see(me.member_id.hex)
    rules.settle()
    return site.restored or not register.is_there(site) or rules.roll() != before


def standing_of(me: Membership) -> Visit:
    """Is this member in, as the register says? Where it was changed from outside it says nothing: they are."""
    standing = register.sound_standing_of(me.site)
    if standing is None:
        return _where_it_says_nothing(me.site)
    return Visit.IN if standing.is_free(me.member_id.hex) else Visit.OUT


def _where_it_says_nothing(site: Site) -> Visit:
    """Pages say that it was changed, and nobody is given a key. Whoever has made up a place and a key for it is out."""
    return Visit.IN if register.is_of_open_key(site) else Visit.OUT


def visit(me: Membership) -> Visit:
    """A member has opened the site: what is due is done, and they are counted again. The caller holds the site."""
    site, member = me.site, me.member_id.hex
    try:
        with changing(site) as rules:
            _begin(site, rules)
            _compare(site, rules)
            if rules.is_free(member):
                rules.see(member)
    except NotAllowed:
        return _where_it_says_nothing(site)
    if rules.is_deleted():
        return Visit.DELETED
    return Visit.IN if rules.is_free(member) else Visit.OUT


def _begin(site: Site, rules: Rules) -> None:
    """After a restore, and where an older release has left no register."""
    if not register.is_there(site):
        site.rotation_due = True  # or else older copies of the key would say that there need be no register
        Event.note(site, Deed.REGISTER_BEGUN)
        for place in Membership.at(site):
            if place.locked_on is not None:
                place.lock_out()
    elif site.restored:
        rules.begin_anew()
        Event.note(site, Deed.RESTORED)
    site.restored = False


def _compare(site: Site, rules: Rules) -> None:
    """What stands in the database beside the register: it gives nobody anything, and everybody reads of it."""
    places = {place.member_id.hex: place for place in Membership.at(site)}
    for member, person in list(rules.people.items()):
        place = places.pop(member, None)
        if member not in rules.people:
            continue  # what was due has come about meanwhile
        if place is None:
            if not person.missing_since:
                site.rotation_due = True
                Event.note(site, Deed.PLACE_MISSING, whom=person.handle)
            if rules.miss(member):
                Event.note(site, Deed.LAPSED, whom=person.handle)
        elif not register.is_bound(person, place.member):
            Event.note(site, Deed.NOT_KNOWN, whom=person.handle, once=place.id)
        elif (until := register.locked_until(place)) is not None and not person.is_locked:
            rules.keep_out(member, until)
            place.lock_out()
            Event.note(site, Deed.LOCKED_AGAIN, whom=person.handle)
        elif person.is_locked:
            if not place.locked or place.locked_on is None:
                place.lock_out()
        elif place.locked:  # nobody said so: somebody has taken their copy away
            place.let_in(keys.current.get().site_key(site.id, site.generation))
    for place in places.values():
        Event.note(site, Deed.NOT_KNOWN, whom=place.member.handle, once=place.id)


def _do(site: Site, rules: Rules, outcome: Outcome) -> None:
    question, person = outcome.question, outcome.person
    if outcome.what is What.PASSED and question is not None:
        deed, gone = PASSED.get(question.matter), question.matter is Matter.REMOVAL
    elif outcome.what is What.ENDED and question is not None:
        deed, gone = ENDED.get(question.matter), False
    else:
        deed, gone = HAPPENED[outcome.what], outcome.what is What.LAPSED
    if deed is not None:
        Event.note(site, deed, by=_beginners(rules, question), whom=_about(person, question))
    place = _place(site, person) if person is not None else None
    if place is None:
        return
    if gone:
        member = place.member
        take_away(place)
        db.session.flush()
        forget_if_nowhere(member)
    elif outcome.what is What.LOCKED:
        place.lock_out()
        Device.shut_all(place.member)  # a phone of theirs may have been taken
    elif outcome.what is What.LET_IN and _is_free(rules, place):
        place.let_in(keys.current.get().site_key(site.id, site.generation))


def _is_free(rules: Rules, place: Membership) -> bool:
    """Whose place it is, as the register knows them, and not kept out for another reason."""
    member = place.member_id.hex
    return rules.is_free(member) and register.is_bound(rules.people[member], place.member)


def _beginners(rules: Rules, question: Question | None) -> str:
    people = rules.people
    return ", ".join(people[one].handle for one in question.begun_by if one in people) if question else ""


def _about(person: Person | None, question: Question | None) -> str:
    if person is not None:
        return person.handle
    return question.about if question is not None else ""


def _place(site: Site, person: Person) -> Membership | None:
    mine = select(Membership).filter_by(site_id=site.id, member_id=uuid.UUID(person.member))
    return db.session.scalars(mine).first()
