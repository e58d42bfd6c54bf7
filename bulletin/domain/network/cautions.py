"""What is said before something is told: somebody's name, an address, an accusation. As in a paper: no gate."""

from __future__ import annotations

from collections.abc import Iterable

from bulletin.domain.papers.advice import rules
from bulletin.domain.papers.advice.people_named import People
from bulletin.domain.papers.advice.rules import Advice, Rule
from bulletin.domain.people.search import everybody
from bulletin.domain.site.sites import Site
from bulletin.press.parts import Part

# Of all that is said of a paper, what is about people: nobody prints this.
ABOUT_PEOPLE = {
    *(Rule.PATIENTS, Rule.NAMED, Rule.ONLY_ONE, Rule.ACCUSATION),
    *(Rule.CALLING_OUT, Rule.PRIVATE_NUMBER, Rule.HOME_ADDRESS),
}


def cautions(site: Site, texts: Iterable[str], language: str, *, beside: str = "") -> list[Advice]:
    """What there is to say of these texts, each rule once a text. `beside`: words that name the site or its paper."""
    people = People((one.brief for one in everybody(site.id, hidden=True)), beside=f"{site.name} {beside}")
    written = [Part("text", "", text) for text in texts if text.strip()]
    given = rules.advise({}, written, language=language, country=site.country, people=people)
    return [advice for advice in given if advice.rule in ABOUT_PEOPLE and advice.about is not None]
