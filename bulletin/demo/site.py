"""A plainly fictional site: forty people, talks, two papers, actions, and three members."""

from __future__ import annotations

import contextlib
import datetime
import random
from collections.abc import Iterator
from typing import Any

from bulletin.db import db, now, today
from bulletin.domain.actions import turnouts
from bulletin.domain.actions.actions import Action
from bulletin.domain.actions.escalation_plan import Step
from bulletin.domain.papers import approval, articles
from bulletin.domain.papers.bulletins import Bulletin
from bulletin.domain.papers.written import Written
from bulletin.domain.people.contacts import Contact, Stand
from bulletin.domain.people.conversations import Conversation
from bulletin.domain.people.follow_ups import FollowUp
from bulletin.domain.people.units import Department, Shift
from bulletin.domain.site import founding, site_keys
from bulletin.domain.site.accounts.members import Member, Membership
from bulletin.domain.site.events import Deed, Event
from bulletin.domain.site.sites import Network, Site
from bulletin.domain.site.struggles import Struggle
from bulletin.press import parts
from bulletin.press.kinds import KINDS
from bulletin.vault import keys, tenancy

CAST = ("Rosa", "Bill", "Clara")
SITE = {
    "kind": "workplace",
    "name": "Depot North (made up)",
    "country": "GB",
    "time_zone": "Europe/London",
    "language": "en",
    "paper": "a4",
}
FIRST_NAMES = ["Amina", "Bruno", "Chidi", "Dara", "Elif", "Farid", "Goran", "Halima", "Ines", "Jamal"]
LAST_NAMES = ["Abbot", "Birch", "Castle", "Dale"]
SHIFTS = (("Earlies", "06:00", "14:00"), ("Lates", "14:00", "22:00"), ("Nights", "22:00", "06:00"))
NOTES = (
    "The lift in hall 2 sticks.",
    "Wants to hear how it went elsewhere.",
    "Rota came out on Friday night again.",
    "",
)


def fill(known: dict[str, str]) -> None:
    """A network, its site, three members, and everything they have noted."""
    network = Network(name="Northfield (made up)")
    db.session.add(network)
    private, member = new_member("Rosa", known["Rosa"])
    site, _ = founding.found_site(network, member, **SITE)
    db.session.flush()
    place = member.membership_at(site.id)
    assert place is not None  # noqa: S101  # found_site gave them one
    with _opened(place, private):
        Event.note(site, Deed.FOUNDED, by="Rosa")
        for handle in CAST[1:]:
            founding.admit(site, new_member(handle, known[handle])[1])
        people = _people(site)
        _actions(site, people)
        _papers(place)


def new_member(handle: str, phrase: str) -> tuple[keys.PrivateKey, Member]:
    private, locked = keys.new_member(phrase)
    return private, Member.join(handle, private.public, locked)


@contextlib.contextmanager
def _opened(place: Membership, private: keys.PrivateKey) -> Iterator[None]:
    tenancy.bind(db.session, place.site_id)
    with keys.opened(site_keys.open_site(place, private)):
        yield
        db.session.flush()


def _people(site: Site) -> list[Contact]:
    """Forty people on a map of four departments and three shifts, with the talks of eleven weeks."""
    chance = random.Random(1)  # noqa: S311  # the same people each time
    departments = [Department.add(site.id, name) for name in ("Packing", "Loading", "Returns", "Office")]
    shifts = [Shift.add(site.id, name) for name, _start, _end in SHIFTS]
    for shift, (_name, start, end) in zip(shifts, SHIFTS, strict=True):
        shift.plan(range(5), start, end, "")
    for department in departments:
        department.estimate({shift.id.hex: chance.choice((12, 25, 40)) for shift in shifts})
    people = [
        Contact.add(
            site.id,
            f"{first} {last}",
            by=chance.choice(CAST),
            department=chance.choice(departments).id.hex,
            shift=chance.choice(shifts).id.hex,
        )
        for first in FIRST_NAMES
        for last in LAST_NAMES
    ]
    db.session.flush()
    for contact in people:
        for ago in sorted(chance.sample(range(77), k=chance.choice((0, 1, 1, 2, 3))), reverse=True):
            Conversation.note(
                contact,
                by=chance.choice(CAST),
                day=today() - datetime.timedelta(days=ago),
                struggles=[
                    struggle.value for struggle in chance.sample(list(Struggle)[:6], k=chance.choice((0, 1, 2)))
                ],
                stand=chance.choice((None, *Stand)),
                note=chance.choice(NOTES),
            )
    for contact, days in zip(people, (0, 0, 1, 2, 5), strict=False):
        on = today() + datetime.timedelta(days=days)
        FollowUp.plan(contact, on, "Has the rota changed?", whose=chance.choice(CAST), by="Rosa")
    return people


def _actions(site: Site, people: list[Contact]) -> None:
    """A petition that is over, a leafleting to come, and a plan."""
    petition = _action(site, -9, form="petition", title="Doors that close", place="Canteen", test=True)
    turnouts.note(petition, people[:18], by="Rosa", committed=True)
    turnouts.note(petition, people[:11], by="Rosa", committed=True, came=True)
    petition.note_outcome(by="Rosa", words="Handed over on Thursday; an answer is due in a week.", others=6)
    petition.note_lesson("Asked people in pairs", "Nobody said no to two", "Begin with the nights", by="Bill")
    leafleting = _action(site, 3, form="leafleting", place="Gate B")
    turnouts.note(leafleting, people[20:26], by="Bill", committed=True)
    week = datetime.timedelta(days=7)
    Step.add(site.id, today() - week, "A petition", "Signatures", "Half of us", by="Rosa", action_id=petition.id.hex)
    Step.add(site.id, today() + 2 * week, "All in the canteen at noon", "Who comes", "Two of three", by="Clara")


def _action(site: Site, days: int, **plan: Any) -> Action:
    start = now().replace(hour=12, minute=0, second=0, microsecond=0) + datetime.timedelta(days=days)
    action = Action.propose(site.id, start, start + datetime.timedelta(hours=1), by="Rosa", **plan)
    db.session.flush()
    return action


def _papers(place: Membership) -> None:
    """One that is being written, and one that waits for others to agree."""
    for kind, proposed in (("regular", False), ("meeting", True)):
        head, written = parts.split(KINDS[kind].sample)
        bulletin = Bulletin.begin(place.site)
        articles.begin(bulletin, {**head, "published by": head.pop("imprint", "")}, written, by="Rosa")
        db.session.flush()
        if proposed:
            approval.propose(bulletin, place, Written(bulletin).digest)
