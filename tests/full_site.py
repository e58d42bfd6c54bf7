"""A site's notebook with something on every page: for tests that ask whether a thing is done to all of it."""

from __future__ import annotations

import dataclasses
import datetime
import uuid

from bulletin.db import db, now, today
from bulletin.domain.actions import turnouts
from bulletin.domain.actions.actions import Action
from bulletin.domain.actions.escalation_plan import Step
from bulletin.domain.inbox.letters import Letter, Parked, ParkedLetter
from bulletin.domain.network.answering import matters
from bulletin.domain.network.answering.agreeing import Intent, Meant, Says
from bulletin.domain.network.answering.answers import Answer
from bulletin.domain.network.sharing import Shared, Sharing
from bulletin.domain.network.told import DeedTold, NeedTold, Told
from bulletin.domain.network.week_told import DoneTold, TopicTold, WeekTold
from bulletin.domain.people.contacts import Contact, Stand
from bulletin.domain.people.conversations import Conversation
from bulletin.domain.people.follow_ups import FollowUp
from bulletin.domain.people.forgetting import Forgetting, Wish
from bulletin.domain.people.imports.records import Import, TakenIn
from bulletin.domain.people.merge import merge
from bulletin.domain.people.reading import Opened, Trace
from bulletin.domain.people.units import Department, Shift
from bulletin.domain.site.governance import register
from bulletin.domain.site.governance.roll import Matter
from bulletin.domain.site.sent_forms import SentForm
from bulletin.domain.site.sites import Site
from bulletin.vault.readers import Audience


def notebook(site: Site) -> Contact:
    """Something in every table of the notebook; one of the people in it, who was in it twice."""
    packing, night = Department.add(site.id, "Packing"), Shift.add(site.id, "Nights")
    night.plan((0, 1, 2), "22:00", "06:00", "Polish")
    packing.estimate({night.id.hex: 40})
    dora = Contact.add(site.id, "Dora", by="Rosa", phone="+442071234567", department=packing.id.hex, shift=night.id.hex)
    twin = Contact.add(site.id, "Dora B.", by="Bill", notes="She drives the late van.")
    db.session.flush()
    for contact in (dora, twin):
        Conversation.note(contact, by="Rosa", struggles=["safety"], stand=Stand.WITH_US, note="The lift sticks.")
        FollowUp.plan(contact, today() + datetime.timedelta(days=3), "The form.", whose="Bill", by="Rosa")
    evening = now() + datetime.timedelta(hours=8)
    leafleting = Action.propose(site.id, now(), evening, by="Rosa", form="leafleting", place="Gate B", test=True)
    leafleting.note_outcome(by="Rosa", words="It rained.", others=4, collected=1250)
    leafleting.note_lesson("Two at the gate", "All took one", "Earlier", by="Rosa")
    db.session.flush()
    turnouts.note(leafleting, [dora, twin], by="Rosa", committed=True, came=True)
    db.session.flush()
    merge(dora, twin)
    Step.add(site.id, today(), "A petition", "Signatures", "Half of us", by="Rosa", action_id=leafleting.id.hex)
    db.session.add(Import(site=site, what=TakenIn(by="Rosa", source="phone")))
    finn = Contact.add(site.id, "Finn", by="Rosa")
    db.session.flush()
    db.session.add(
        Forgetting(
            site=site, id=finn.id, contact_id=finn.id, due_on=today(), wish=Wish(by="Rosa", at=now().isoformat())
        )
    )
    db.session.add(Trace(site=site, opened=Opened(member=finn.id.hex, contacts=(dora.id.hex,))))
    told = Told.tell(
        site.id, uuid.uuid4(), DeedTold(title="At all gates", outcome="The rota is back."), Audience.SITES, today()
    )
    db.session.add(Sharing(site=site, id=told.id, what=Shared(action=leafleting.id.hex, by="Rosa")))
    Told.tell(site.id, uuid.uuid4(), NeedTold(sentence="A printer"), Audience.SITES, today())
    week = WeekTold(
        done=(DoneTold(told=told.id.hex),),
        topics=(TopicTold(words="The new scanners", more=True),),
        sentence="Ask us for a printer.",
    )
    week_told = Told.tell(site.id, uuid.uuid4(), week, Audience.SITES, today())
    db.session.add(Sharing(site=site, id=week_told.id, what=Shared(by="Rosa", sources=(leafleting.id.hex,))))
    said = matters.TogetherPut(what="Stickers", day=today().isoformat())
    proposed = matters.Matter.put(site.id, uuid.uuid4(), said, 0, today())
    Answer.give(site.id, proposed, yes=True, why="Us, too.")
    db.session.add(Intent(site=site, id=proposed.id, what=Meant(says=Says.YES, why="Us, too.", by="Rosa")))
    db.session.add(Letter(site=site, content=b"sealed to the inbox key in a phone"))
    parked = Parked(by="Rosa", text='{"fields": [["name", "Fatima"]]}')
    db.session.add(ParkedLetter(site=site, came_on=today(), what=parked))
    db.session.add(SentForm(site=site, digest="of a form that made something"))
    return dora


def all_met(site: Site) -> None:
    """Everybody who is in a site decides from here on. It must be open."""
    roll = register.roll_of(site)
    people = tuple(dataclasses.replace(one, decides=True) for one in roll.people)
    questions = tuple(one for one in roll.questions if one.matter is not Matter.NEWCOMER)
    register.keep(site, dataclasses.replace(roll, people=people, questions=questions))
    db.session.flush()
