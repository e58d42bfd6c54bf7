"""Our week: what a site may say of it, from what it told and from its notebook; telling it; and what others said."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, timedelta

from bulletin.db import today
from bulletin.domain.actions.actions import Action, FormOfAction, Outcome, rounded_down
from bulletin.domain.actions.turnouts import count_turnout
from bulletin.domain.papers.bulletins import Bulletin
from bulletin.domain.papers.distributions import Distribution
from bulletin.domain.papers.written import Written
from bulletin.domain.people import issue_trends
from bulletin.domain.people.issue_trends import monday
from bulletin.domain.site.accounts.members import Membership
from bulletin.domain.site.refusals import NotAllowed
from bulletin.domain.site.sites import Site
from bulletin.domain.site.struggles import Struggle
from bulletin.vault.readers import Audience

from . import sharing
from .groups import EVERY_SITE, Sites
from .refusals import Why
from .sharing import Shared, Sharing
from .told import Told
from .week_told import SENTENCE_MAX, DoneTold, TopicTold, WeekTold, week_told_on

WEEK = timedelta(days=7)
IN_THE_OPEN = {
    *(FormOfAction.LEAFLETING, FormOfAction.MARCH_ON_BOSS, FormOfAction.WALKOUT, FormOfAction.STRIKE),
    *(FormOfAction.PICKET, FormOfAction.OCCUPATION, FormOfAction.SOLIDARITY),
}
PEOPLE_MIN = 20  # fewer would be told to the very person
# When the notebook may suggest what comes up: talks with so many people in four weeks, of whom so many brought it up,
# and so large a part. Once in four weeks, and of weeks that are over: so no single talk can be told from it.
TALKED_WITH, BROUGHT_UP_BY, PART, EVERY = 20, 5, 5, 4
SUGGESTED = 3
LATELY = 8 * WEEK  # so long a site is heard from
READ = 4  # weeks for each site that is shown, among which its last one is looked for: all where few are in


@dataclasses.dataclass(frozen=True)
class Offer:
    """Something that the site may say it did. `source`: of which bulletin or action; `people`: how many came, or 0."""

    source: str
    done: DoneTold
    ticked: bool
    people: int = 0


def week_of(site: Site, day: date | None = None) -> date:
    """The Monday of the week that a site tells on a day, by its own clocks."""
    return week_told_on(day or today(site.zone))


def told_for(site_id: uuid.UUID, week: date) -> Told | None:
    """What a site told as its week."""
    return Told.own_week(site_id, week)


def offers(me: Membership) -> list[Offer]:
    """What was told or done in the week, and after the one before was told; what was offered for a week is no more."""
    site, week = me.site, week_of(me.site)
    days = Days(week - WEEK if told_for(site.id, week - WEEK) else week, week + WEEK, site)
    known, own = Sharing.at(site.id), {one.id: one for one in Told.own(site.id)}
    copies = ((what.bulletin or what.action, own[id_]) for id_, what in known.items() if id_ in own)
    told = {source: copy for source, copy in copies if source}
    offered = {source for id_, what in known.items() if id_ in own for source in what.sources}
    found = [*_papers(site, told, days), *_actions(site, told, days)]
    return [one for one in found if one.source not in offered]


def last_topics(site_id: uuid.UUID) -> tuple[TopicTold, ...]:
    """What comes up as the site said last time; whether more than before is said anew each time."""
    last = next(iter(Told.own_weeks(site_id)), None)
    return tuple(dataclasses.replace(one, more=False) for one in last.said.topics) if last else ()


def suggested(site: Site) -> list[Struggle]:
    """What the notebook has come up, where talks with many people say it."""
    week = week_of(site)
    if (week.toordinal() // 7 + site.id.int) % EVERY:
        return []
    people, brought_up = issue_trends.brought_up(site.id, week - EVERY * WEEK, week)
    return often(people, brought_up, {one.struggle for one in last_topics(site.id)})


def often(people: int, brought_up: Mapping[Struggle, int], said: Collection[Struggle]) -> list[Struggle]:
    """What many of these people brought up, and the site does not say yet. `brought_up`: by how many each was."""
    if people < TALKED_WITH:
        return []
    many = [one for one in Struggle if brought_up.get(one, 0) >= BROUGHT_UP_BY and brought_up[one] * PART >= people]
    new = (one for one in many if one is not Struggle.OTHER and one not in said)
    most = sorted(new, key=lambda one: -brought_up[one])[:SUGGESTED]
    return [one for one in Struggle if one in most]


def tell(me: Membership, said: WeekTold, sources: Iterable[str], audience: Audience, told_id: uuid.UUID) -> Told:
    """A site's week, once. `sources`: of what was offered for it, told or not.

    The site must be held (site_keys.hold): of two members who send it at once, one waits.

    Raises NotAllowed.
    """
    if (known := sharing.told_before(me, told_id)) is not None:
        return known
    sharing.check_may_tell(me)
    if said.says_nothing:
        raise NotAllowed(Why.WEEK_EMPTY)
    if len(said.sentence) > SENTENCE_MAX:
        raise NotAllowed(Why.TEXT_TOO_LONG, most=SENTENCE_MAX)
    week = week_of(me.site)
    if (there := told_for(me.site_id, week)) is not None:
        raise NotAllowed(Why.WEEK_TOLD, by=Sharing.at(me.site_id).get(there.id, Shared()).by)
    told = Told.tell(me.site_id, told_id, said, audience, week)
    return sharing.shared(me, told, audience, Shared(by=me.member.handle, sources=tuple(sources)))


def pointed_to(weeks: Iterable[WeekTold]) -> dict[str, Told]:
    """What these name that was told by itself, as far as it stands and the reader may read it."""
    ids = {one.told for week in weeks for one in week.done if one.told}
    return {one.id.hex: one for one in Told.of_ids(map(uuid.UUID, ids))}


def latest(most: int, sites: Sites = EVERY_SITE) -> list[Told]:
    """The last week that each site told, of those that told one lately, by the names of the sites. What is older than
    eight weeks is none any more.
    """
    last: dict[uuid.UUID, Told] = {}
    for one in Told.of_weeks_since(monday(today() - LATELY), READ * most, sites):
        last.setdefault(one.site_id, one)
    newest = list(last.values())[:most]
    return sorted(newest, key=lambda one: (one.site.name.casefold(), one.site_id))


class Days:
    """The days of a week, where a site is."""

    def __init__(self, first: date, end: date, site: Site) -> None:
        self.first, self.end, self.zone = first, end, site.zone

    def __contains__(self, day: date) -> bool:
        return self.first <= day < self.end


def _papers(site: Site, told: Mapping[str, Told], days: Days) -> Iterator[Offer]:
    """Those handed out, ticked where somebody has said how it went; and those told."""
    handed_out: dict[uuid.UUID, bool] = {}
    for one in Distribution.at(site.id):
        if one.over and one.start.astimezone(days.zone).date() in days:
            handed_out[one.bulletin_id] = handed_out.get(one.bulletin_id, False) or one.went is not None
    for bulletin_id, went in handed_out.items():
        if (copy := told.get(bulletin_id.hex)) is not None:
            yield Offer(bulletin_id.hex, DoneTold(told=copy.id.hex, handed_out=went), ticked=True)
        elif (bulletin := Bulletin.of(site, bulletin_id)) and sharing.printed_as_agreed(bulletin):
            done = DoneTold(number=Written(bulletin).fields.get("number", ""), handed_out=True)
            yield Offer(bulletin_id.hex, done, ticked=went)
    for source, copy in told.items():
        if copy.is_paper and copy.told_on in days and uuid.UUID(source) not in handed_out:
            yield Offer(source, DoneTold(told=copy.id.hex), ticked=True)


def _actions(site: Site, told: Mapping[str, Told], days: Days) -> Iterator[Offer]:
    """What is over, has taken place, and is no test: nobody has to say that a plan was dropped."""
    for action in Action.at(site.id):
        copy, outcome = told.get(action.id.hex), action.outcome or Outcome()
        if not action.over or action.is_test or action.outcome is None:
            continue
        if action.start.astimezone(days.zone).date() not in days and (copy is None or copy.told_on not in days):
            continue
        came = rounded_down(count_turnout(action).all_who_came)
        people = came if came >= PEOPLE_MIN else 0
        if copy is not None:
            yield Offer(action.id.hex, DoneTold(told=copy.id.hex), ticked=True, people=people)
        else:
            done = DoneTold(form=action.form, title=action.plan.title, motion=outcome.motion)
            yield Offer(action.id.hex, done, ticked=action.form in IN_THE_OPEN, people=people)
