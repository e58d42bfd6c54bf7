"""What the things of the notebook are called on the screen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask_babel import gettext as _, lazy_gettext as _l

from bulletin.domain.actions.actions import Action, FormOfAction, Result
from bulletin.domain.people.contacts import Stand
from bulletin.domain.site.sites import SiteKind
from bulletin.domain.site.struggles import Struggle

from .formats import listed

STANDS: Mapping[Stand | None, Any] = {
    Stand.ORGANISES: _l("organises others"),
    Stand.WITH_US: _l("with us"),
    Stand.UNDECIDED: _l("undecided"),
    Stand.AGAINST: _l("against"),
    Stand.CAREFUL: _l("be careful with them"),
    None: _l("not known yet"),
}
STRUGGLES: Mapping[Struggle, Any] = {
    Struggle.PAY: _l("Pay"),
    Struggle.HOURS: _l("Hours"),
    Struggle.SAFETY: _l("Safety"),
    Struggle.STAFFING: _l("Staffing"),
    Struggle.BULLYING: _l("Bullying"),
    Struggle.RACISM: _l("Racism"),
    Struggle.SEXISM: _l("Sexism"),
    Struggle.MIGRATION: _l("Migration"),
    Struggle.HOUSING: _l("Housing"),
    Struggle.CLIMATE: _l("Climate"),
    Struggle.WAR: _l("War and the arms trade"),
    Struggle.REPRESSION: _l("Repression"),
    Struggle.OTHER: _l("Something else"),
}
FORMS: Mapping[FormOfAction, Any] = {
    FormOfAction.MEETING: _l("Meeting"),
    FormOfAction.LEAFLETING: _l("Leafleting"),
    FormOfAction.PETITION: _l("Petition"),
    FormOfAction.MOTION: _l("Motion"),
    FormOfAction.VOTE: _l("Vote"),
    FormOfAction.MARCH_ON_BOSS: _l("Going to the boss together"),
    FormOfAction.WORK_TO_RULE: _l("Work to rule"),
    FormOfAction.REFUSAL: _l("Refusal"),
    FormOfAction.WALKOUT: _l("Walkout"),
    FormOfAction.STRIKE: _l("Stoppage"),
    FormOfAction.PICKET: _l("Picket"),
    FormOfAction.OCCUPATION: _l("Occupation"),
    FormOfAction.SOLIDARITY: _l("Solidarity"),
    FormOfAction.SOCIAL: _l("Social"),
    FormOfAction.OTHER: _l("Something else"),
}
RESULTS: Mapping[Result, Any] = {
    Result.WON: _l("Won"),
    Result.PARTLY: _l("Partly won"),
    Result.NOT_YET: _l("Not yet won"),
    Result.LOST: _l("Lost"),
}
# The word for the people around one follows the kind of the site: several, then one.
PEOPLE: Mapping[SiteKind, tuple[Any, Any]] = {
    SiteKind.WORKPLACE: (_l("Workmates"), _l("Workmate")),
    SiteKind.TENANTS: (_l("Neighbours"), _l("Neighbour")),
    SiteKind.NEIGHBOURHOOD: (_l("Neighbours"), _l("Neighbour")),
    SiteKind.CAMPAIGN: (_l("Contacts"), _l("Contact")),
}


PAPER_NAMES: Mapping[str, Any] = {"a4": _l("A4"), "letter": _l("US Letter")}


def install(app: Flask) -> None:
    """Give templates `| stand_name`, `| struggle_name`, `| form_name`, `| result_name`, and the word for people:
    `people_of(site)`.
    """
    app.jinja_env.filters.update(
        stand_name=stand_name, struggle_name=struggle_name, form_name=form_name, result_name=result_name
    )
    app.jinja_env.globals.update(
        action_name=action_name, paper_name=paper_name, people_of=people_of, person_of=person_of
    )


def stand_name(stand: int | None) -> str:
    """Where somebody stands, in words."""
    return str(STANDS[None if stand is None else Stand(stand)])


def struggle_name(struggle: str) -> str:
    """A struggle, in words."""
    return str(STRUGGLES[Struggle(struggle)])


def form_name(form: str) -> str:
    """A form of action, in words. None of them shouts: somebody may look over a shoulder."""
    return str(FORMS[FormOfAction(form)])


def result_name(result: str) -> str:
    """What came of an action, in a word."""
    return str(RESULTS[Result(result)])


def action_name(action: Action) -> str:
    """What an action is called."""
    plan = action.plan
    return plan.title or form_name(plan.form)


def paper_name(header: Mapping[str, Any]) -> str:
    """What a paper is called: its number, and its headline, which tells it from another of that number."""
    number, headline = header.get("number"), header.get("headline")
    name = str(_("No. %(number)s", number=number) if number else _("Without a number"))
    return f"{name}: {headline}" if headline else name


def people_of(site: Any) -> str:
    """What several contacts of a site are called, as a title."""
    return str(PEOPLE[SiteKind(site.kind)][0])


def person_of(site: Any) -> str:
    """What one of them is called."""
    return str(PEOPLE[SiteKind(site.kind)][1])


def unit_name(department: str, shift: str, *, rest: bool = False) -> str:
    """A department and a shift by their names, either of which may be empty. `rest`: its other shifts."""
    if rest:
        return str(_("%(department)s, other shifts", department=department))
    return listed(filter(None, (shift, department))) or str(_("not said where"))
