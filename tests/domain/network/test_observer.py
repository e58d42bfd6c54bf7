"""What weeks give away of single talks to somebody who knows all the others, and what they let the network see.

Fictional sites talk for a year. Every fourth week whoever sends the week takes what the notebook suggests, and leaves
out what hardly anybody brought up; now and then they say what their site talks about by themselves.
"""

from __future__ import annotations

import collections
import dataclasses
import random

from bulletin.domain.network import weeks
from bulletin.domain.site.struggles import Struggle

YEAR, EVERY, EIGHT = 52, weeks.EVERY, 8
STRUGGLES = [one for one in Struggle if one is not Struggle.OTHER]
SAYS_BY_THEMSELVES = 0.25  # how often in four weeks
HARDLY = 8  # one in so many of those talked with in eight weeks: fewer, and it is left out again


@dataclasses.dataclass(frozen=True)
class Talk:
    week: int
    person: int
    about: frozenset[Struggle]


def always(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311  # the same each time


def talks_of(chance: random.Random, rate: float, rises: tuple[Struggle, int] | None = None) -> list[Talk]:
    """A year of a site with so many talks a week. `rises`: a struggle, and from which week on half are about it."""
    pool, often, found = chance.randint(25, 150), chance.sample(STRUGGLES, 3), []
    for week in range(YEAR):
        for _ in range(round(chance.gauss(rate, rate / 3))):
            about = {chance.choice(often) if chance.random() < 0.75 else chance.choice(STRUGGLES)}
            if chance.random() < 0.25:
                about.add(chance.choice(STRUGGLES))
            if rises:
                about.discard(rises[0])
                if chance.random() < (0.5 if week >= rises[1] else 0.08):
                    about.add(rises[0])
            found.append(Talk(week, chance.randrange(pool), frozenset(about)))
    return found


def brought_up(talks: list[Talk], first: int, end: int) -> tuple[int, dict[Struggle, int]]:
    """With how many people there were talks in these weeks, and by how many each struggle was brought up."""
    who = collections.defaultdict(set)
    for talk in talks:
        if first <= talk.week < end:
            for one in talk.about:
                who[one].add(talk.person)
    people = {talk.person for talk in talks if first <= talk.week < end}
    return len(people), {one: len(of) for one, of in who.items()}


def told_by(talks: list[Talk], seed: int) -> list[frozenset[Struggle]]:
    """What the site says in each week."""
    said, found, chance = set[Struggle](), [], always(seed)
    for week in range(YEAR):
        if week % EVERY == 0 and week:
            people, by = brought_up(talks, week - EVERY, week)
            many, long = brought_up(talks, week - EIGHT, week)
            said = {one for one in said if long.get(one, 0) * HARDLY >= many}
            said |= set(weeks.often(people, by, said))
            heard = max(long.values(), default=0)  # nobody counts: one of those that come up about as much as any
            by_ear = [one for one in STRUGGLES if long.get(one, 0) > heard / 2]
            if chance.random() < SAYS_BY_THEMSELVES and by_ear:
                said.add(by_ear[int(chance.random() * len(by_ear))])
        found.append(frozenset(said))
    return found


def test_hardly_a_talk_can_be_told_from_what_a_site_says():
    chance, told, tried, named, said = always(3), 0, 0, 0, 0
    for number in range(40):
        talks = talks_of(chance, chance.uniform(2, 6) if number % 2 else chance.uniform(8, 25))
        with_all = told_by(talks, number)
        for talk in chance.sample(talks, 15):
            tried += 1
            told += told_by([one for one in talks if one is not talk], number) != with_all
        named += sum(map(bool, with_all))
        said += YEAR
    assert told / tried < 0.05, f"{told} of {tried}"
    assert named / said >= 0.6, f"{named} of {said}"


def test_most_rises_in_four_of_fifty_sites_are_seen_within_eight_weeks():
    chance, seen = always(5), 0
    for number in range(40):
        struggle, at = chance.choice(STRUGGLES), chance.randint(16, 40)
        told = [told_by(talks_of(chance, chance.uniform(8, 25), (struggle, at)), 4 * number + one) for one in range(4)]
        before = sum(any(struggle in week for week in one[at - 6 : at]) for one in told)
        after = sum(any(struggle in week for week in one[at : at + EIGHT]) for one in told)
        seen += before <= 1 and after >= 3
    assert seen >= 30
