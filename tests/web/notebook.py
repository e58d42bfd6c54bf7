"""A site's notebook, filled from inside: as the domain does it, with the keys of somebody who is a member."""

from __future__ import annotations

import contextlib
import datetime
import json
import random
import uuid
from collections.abc import Iterator

from bulletin.db import db
from bulletin.domain.actions.actions import Action
from bulletin.domain.actions.escalation_plan import Step
from bulletin.domain.actions.turnouts import note
from bulletin.domain.inbox.letters import Parked, ParkedLetter
from bulletin.domain.people.contacts import Contact
from bulletin.domain.people.conversations import Conversation
from bulletin.domain.people.follow_ups import FollowUp
from bulletin.domain.people.imports.entries import ImportEntry
from bulletin.domain.people.imports.records import Import
from bulletin.domain.people.units import Department, Shift
from bulletin.domain.site.accounts.members import Member, Membership
from bulletin.domain.site.site_keys import open_site
from bulletin.domain.site.struggles import Struggle
from bulletin.vault import keys, tenancy
from tests.web.house import Person

FIRST = (
    "Amina",
    "Bruno",
    "Chidi",
    "Dara",
    "Elif",
    "Farid",
    "Goran",
    "Halima",
    "Ines",
    "Jamal",
    "Kofi",
    "Lena",
    "Malik",
)
LAST = (
    "Abbot",
    "Birch",
    "Castle",
    "Dale",
    "Easton",
    "Field",
    "Grove",
    "Heath",
    "Isle",
    "Jarrow",
    "Knoll",
    "Lane",
    "Marsh",
)


@contextlib.contextmanager
def inside(person: Person) -> Iterator[Membership]:
    """The person's site, open to the domain; what is done is committed."""
    with person.app.app_context():
        member = Member.named(person.handle)
        assert member is not None
        place = member.membership_at(uuid.UUID(person.site.rpartition("/")[2]))
        assert place is not None
        tenancy.bind(db.session, place.site_id)
        with keys.opened(open_site(place, keys.unlock(member.locked_key, person.phrase))):
            yield place
            db.session.commit()
        db.session.remove()


def fill(place: Membership, count: int, *, seed: int = 1, talks: int = 1, asked: int = 0) -> list[Contact]:
    """A site with a map and so many contacts, each with talks; `asked` of them to an action that begins today."""
    chance, site, by = random.Random(seed), place.site_id, place.member.handle  # noqa: S311
    today = datetime.date.today()
    departments = [Department.add(site, name) for name in ("Packing", "Loading", "Returns", "Office")]
    shifts = [Shift.add(site, name) for name in ("Earlies", "Lates", "Nights")]
    for department in departments:
        department.estimate({shift.id.hex: chance.choice((0, 12, 25, 40)) for shift in shifts})
    for shift, (start, end) in zip(shifts, (("06:00", "14:00"), ("14:00", "22:00"), ("22:00", "06:00")), strict=True):
        shift.plan(range(5), start, end, chance.choice(("English", "Polish, English", "")))
    contacts = []
    for _ in range(count):
        name = f"{chance.choice(FIRST)} {chance.choice(LAST)}"
        where = {"department": chance.choice(departments).id.hex, "shift": chance.choice(shifts).id.hex}
        contacts.append(Contact.add(site, name, by=by, **where))
    db.session.flush()
    for contact in contacts:
        for ago in sorted(chance.choices(range(80), k=talks), reverse=True):
            came_up = chance.sample(list(Struggle)[:8], k=chance.choice((0, 1, 1, 2)))
            stand = chance.choice((None, 1, 2, 2, 3, 3, 3, 4, 5))
            day = today - datetime.timedelta(days=ago)
            Conversation.note(contact, by=by, day=day, struggles=[one.value for one in came_up], stand=stand)
    for contact in contacts[:3]:
        FollowUp.plan(contact, today, "Has she read the sheet?", whose=by, by=by)
    if asked:
        now = datetime.datetime.now(datetime.UTC)
        action = Action.propose(site, now, now + datetime.timedelta(hours=2), by=by, place="Gate B", test=True)
        db.session.flush()
        note(action, contacts[:asked], by=by, committed=True)
    db.session.flush()
    return contacts


def one_of_each(place: Membership, word: str) -> dict[str, uuid.UUID]:
    """Something in every table of the notebook, with this word in all that can be read; their ids, by kind."""
    site, by, today = place.site_id, place.member.handle, datetime.date.today()
    packing, nights = Department.add(site, f"{word} packing"), Shift.add(site, f"{word} nights")
    packing.estimate({nights.id.hex: 40})
    nights.plan((0, 4), "22:00", "06:00", word)
    known = {name: f"{word} {name}" for name in ("nickname", "title", "languages", "reach", "known_by", "notes")}
    where = {"department": packing.id.hex, "shift": nights.id.hex}
    contact = Contact.add(site, f"Amina {word}", by=by, phone="+442079460958", **known, **where)
    db.session.flush()
    twin = Contact.add(site, f"Amina {word} again", by=by, maybe=contact.id.hex)
    db.session.flush()
    told = {name: f"{word} {name}" for name in ("note", "ask", "commitment")}
    talk = Conversation.note(contact, by=by, struggles=["war"], stand=2, **told)
    talk.correct(by=by, note=f"{word} corrected")
    Conversation.note(twin, by=by, note=f"{word} withdrawn").withdraw(by=by)
    going_back = FollowUp.plan(contact, today, f"{word} reason", whose=by, by=by)
    now = datetime.datetime.now(datetime.UTC)
    begun = Action.propose(
        site, now - datetime.timedelta(hours=1), now, by=by, title=f"{word} at noon", place=f"Gate {word}", test=True
    )
    begun.change(begun.start, begun.end, demand=f"{word} demand")
    begun.note_lesson(*(f"{word} {name}" for name in ("tried", "happened", "again")), by=by)
    begun.note_outcome(by=by, words=f"{word} outcome", next=f"{word} next", others=30, collected=1200)
    db.session.flush()
    note(begun, [contact, twin], by=by, committed=True, came=True)
    step = Step.add(site, today, f"{word} step", f"{word} test", f"{word} threshold", by=by)
    taken_in = Import.take_in(site, [ImportEntry(name=f"Bruno {word}")], by=by, source="cards")
    said = {
        "v": 1,
        "kind": "talk",
        "by": contact.id.hex,
        "proof": "",
        "on": today.isoformat(),
        "fields": [["note", word]],
    }
    parked = ParkedLetter(site_id=site, came_on=today, what=Parked(by=by, text=json.dumps(said)))
    db.session.add(parked)
    db.session.flush()
    return {
        **{"department": packing.id, "shift": nights.id, "contact": contact.id, "conversation": talk.id},
        **{"follow_up": going_back.id, "action": begun.id, "step": step.id, "import": taken_in.id},
        "parked": parked.id,
    }
