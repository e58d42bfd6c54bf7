"""Made-up sites that tell: their weeks, what they did, papers, and what they ask for; the same for the same seed."""

from __future__ import annotations

import dataclasses
import datetime
import random
import uuid
from collections.abc import Iterator

from sqlalchemy import select

from bulletin.db import db, today
from bulletin.domain.actions.actions import FormOfAction, Motion, Result
from bulletin.domain.network import tags
from bulletin.domain.network.answering import mandates
from bulletin.domain.network.answering.answers import Answer
from bulletin.domain.network.answering.matters import AskedPut, Matter
from bulletin.domain.network.sums import week_now
from bulletin.domain.network.told import BEFORE, DeedTold, NeedTold, PaperTold, Sort, Told
from bulletin.domain.network.week_told import DoneTold, TopicTold, WeekTold
from bulletin.domain.site import founding
from bulletin.domain.site.accounts.asked import AskedAccount
from bulletin.domain.site.accounts.members import Member
from bulletin.domain.site.sites import Network, Site
from bulletin.domain.site.struggles import Struggle
from bulletin.press import fitting, manuscript
from bulletin.press.kinds import KINDS
from bulletin.vault import keys, tenancy
from bulletin.vault.readers import Audience
from bulletin.vault.shapes import Shape

PLACES = ("Mill Lane", "Brookside", "Harbour", "Quay Street", "Lark Hill", "Weir", "Station Road", "Old Dairy", "Canal")
ASKED = "Ines"  # by the sites, and in none
SECTORS = {
    "Hospital": (Struggle.STAFFING, Struggle.HOURS),
    "Warehouse": (Struggle.HOURS, Struggle.SAFETY),
    "School": (Struggle.PAY, Struggle.STAFFING),
    "Transport": (Struggle.SAFETY, Struggle.PAY),
    "Care home": (Struggle.STAFFING, Struggle.PAY),
    "Housing": (Struggle.HOUSING, Struggle.RACISM),
}
WHERE = ("north", "coast", "hills", "city")
FORMS = (
    *(FormOfAction.LEAFLETING, FormOfAction.PETITION, FormOfAction.MARCH_ON_BOSS),
    *(FormOfAction.WALKOUT, FormOfAction.PICKET),
)
CHEAP = keys.Cost(memory_kib=8, passes=1)  # nobody signs in as these
TELLS, SAYS, PAPER, DEED, MOTION = 0.65, 0.4, 0.15, 0.2, 0.03  # how often in a week
RISE = 4  # weeks ago staffing began to come up in hospitals and care homes


@dataclasses.dataclass(frozen=True)
class Size:
    """How many sites there are, how many weeks they have told, and from what the same is made again."""

    sites: int = 12
    weeks: int = 12
    seed: int = 1


def fill(size: Size, *, sheet: bytes | None = None) -> None:
    """As many sites as there are to be, beside those that are there. `sheet`: of every paper; none: one is printed."""
    chance = random.Random(size.seed)  # noqa: S311  # the same each time
    network = db.session.scalars(select(Network)).one()
    sheet = sheet if sheet is not None else _sheet()
    locked = keys.new_member("not a way in", cost=CHEAP)[1]
    for number in range(Site.count(), size.sites):
        site, _key = founding.found_site(network, _founder(number, locked), **_about(number, chance))
        site.sector, site.whereabouts = chance.choice(list(SECTORS)), chance.choice(WHERE)
        site.reach = f"{site.name.split(' (')[0].replace(' ', '.').lower()}@example.org"
        tell(site, size.weeks, chance, sheet)


def ask(member: Member) -> None:
    """Somebody in no site is asked to do something for all of them, for half a year; as many say yes as it takes."""
    sites = db.session.scalars(select(Site).where(Site.in_since.is_not(None)).order_by(Site.in_since.desc())).all()
    needs, until = mandates.needed(len(sites)), today() + datetime.timedelta(days=180)
    tenancy.bind(db.session, sites[0].id)
    said = AskedPut(task="Keep the list of printers, and ring whoever asks for one.", name=member.handle)
    asked = Matter.put(sites[0].id, uuid.uuid4(), said, needs, until)
    db.session.add(AskedAccount(member=member, site_id=sites[0].id, matter_id=asked.id))
    for site in sites[:needs]:
        db.session.flush()
        tenancy.bind(db.session, site.id)
        Answer.give(site.id, asked, yes=True)
    tenancy.unbind(db.session)


def tell(site: Site, weeks: int, chance: random.Random, sheet: bytes) -> None:
    """All that one site tells in so many weeks."""
    site.in_since = today() - datetime.timedelta(weeks=weeks + 1)
    site.told_to = Audience.SITES.value
    db.session.flush()
    tenancy.bind(db.session, site.id)
    for week, said, stored in _said(site, weeks, chance):
        db.session.add(_row(site, week, said, stored, sheet))
    db.session.flush()
    tenancy.unbind(db.session)


def _founder(number: int, locked: bytes) -> Member:
    return Member.join(f"Founder-{number}", keys.PrivateKey().public, locked)


def _about(number: int, chance: random.Random) -> dict[str, str]:
    name = f"{PLACES[number % len(PLACES)]} {number // len(PLACES) + 1} (made up)"
    about = {"kind": "workplace", "name": name, "country": "GB", "time_zone": "Europe/London"}
    return {**about, "language": "en", "paper": "a4"}


def _said(site: Site, weeks: int, chance: random.Random) -> Iterator[tuple[datetime.date, Shape, str]]:
    """What it tells, week by week, each with its tags."""
    often = [*SECTORS[site.sector], chance.choice(list(Struggle)[:-1])]
    before = dict[datetime.date, str]()
    for ago in reversed(range(weeks)):
        week = week_now() - datetime.timedelta(weeks=ago)
        rises = ago < RISE and Struggle.STAFFING in often
        topics = {struggle for struggle in often if chance.random() < SAYS} - (set() if rises else {Struggle.STAFFING})
        done = list[DoneTold]()
        if chance.random() < PAPER:
            number = str(weeks - ago)
            name, headline = f"{site.name} Sheet", "Nobody does two jobs"
            yield week, PaperTold(masthead=name, number=number, headline=headline, language="en"), ""
            done.append(DoneTold(number=number, handed_out=True))
        if chance.random() < DEED:
            said = DeedTold(
                form=chance.choice(FORMS),
                title="The rota",
                day=week.isoformat(),
                struggles=tuple(sorted(topics))[:1] or (Struggle.HOURS,),
                result=chance.choice((*Result, None)),
                outcome="They gave an answer in writing, a week later.",
            )
            yield week, said, tags.of_deed(said.form, said.struggles, said.result)
        if chance.random() < MOTION:
            done.append(DoneTold(form=FormOfAction.MOTION, title="No more agency shifts", motion=Motion.PASSED))
        if chance.random() < TELLS:
            if rises:
                topics.add(Struggle.STAFFING)
            said_topics = tuple(TopicTold(struggle=one, more=rises) for one in sorted(topics))
            told = WeekTold(done=tuple(done), topics=said_topics)
            lately = [stored for told_week, stored in before.items() if told_week >= week - BEFORE]
            before[week] = tags.of_week(told, lately)
            yield week, told, before[week]
    if chance.random() < 0.1:
        yield week_now(), NeedTold(sort=chance.choice(list(Sort)), sentence="a printer for two hundred sheets"), ""


def _row(site: Site, week: datetime.date, said: Shape, stored: str, sheet: bytes) -> Told:
    paper = {"text": KINDS["regular"].sample, "sheet": sheet} if isinstance(said, PaperTold) else {}
    told = Told.made(site.id, uuid.uuid4(), said, Audience.SITES, week, stored, **paper)
    told.told_on = min(today(), week + datetime.timedelta(days=6))
    return told


def _sheet() -> bytes:
    return fitting.press(manuscript.read(KINDS["regular"].sample), "a4").pdf
