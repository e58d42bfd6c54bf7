"""What everybody is asked: the list, a question with its answers, and the rules in ten sentences."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bulletin.domain.people import reading
from bulletin.domain.portability import leaving
from bulletin.domain.site.accounts.members import Membership
from bulletin.domain.site.governance import consequences, register
from bulletin.domain.site.governance.roll import Matter, Question
from bulletin.domain.site.governance.standing import SHORT, Standing, moment_of
from bulletin.web.guard import identity
from bulletin.web.shared.grave import grave
from bulletin.web.shared.refused import refusals
from bulletin.web.shared.rendering import render

pages = Blueprint("questions", __name__, url_prefix="/sites/<uuid:site_id>/questions")
rules_pages = Blueprint("rules", __name__)


@dataclasses.dataclass(frozen=True)
class Asked:
    """A question as a page shows it: what it is about by name, who asked, how it stands, and what I can do."""

    question: Question
    whom: str
    by: tuple[str, ...]
    yes: int
    no: int
    count: int
    mine: str  # yes, no, or nothing
    may_answer: bool
    about_me: bool
    asked_at: datetime
    soonest: datetime
    ends_at: datetime | None
    locked: bool

    @classmethod
    def of(cls, question: Question, standing: Standing, me: Membership) -> Asked:
        """As this member sees it."""
        yes, no = standing.voices(question)
        person = standing.people.get(question.about)
        member = me.member_id.hex
        return cls(
            question=question,
            whom=person.handle if person is not None else question.about,
            by=tuple(standing.people[one].handle for one in question.begun_by if one in standing.people),
            yes=len(yes),
            no=len(no),
            count=len(standing.asked_of(question)),
            mine="yes" if member in question.yes else "no" if member in question.no else "",
            may_answer=standing.may_answer(question, member),
            about_me=question.about == member,
            asked_at=moment_of(question.asked_at),
            soonest=moment_of(question.asked_at) + SHORT,
            ends_at=standing.ends_at(question),
            locked=person is not None and person.is_locked,
        )


@pages.get("")
def index(site_id: uuid.UUID) -> Response:
    """All that are open."""
    return _list(identity.open_site(site_id))


@pages.get("/<uuid:question_id>")
def show(site_id: uuid.UUID, question_id: uuid.UUID) -> Response:
    """One, with what follows from it."""
    return _page(identity.open_site(site_id), question_id)


def _gives_power(site_id: uuid.UUID, question_id: uuid.UUID) -> bool:
    """Is it a yes to more than that somebody was met?"""
    if request.form.get("answer") != "yes":
        return False
    question = register.standing_of(_open(site_id, question_id).site).questions[question_id.hex]
    return question.matter is not Matter.NEWCOMER


@pages.post("/<uuid:question_id>/answers")
@grave(lambda site_id, question_id: _page(identity.open_site(site_id), question_id), when=_gives_power)
def answer(site_id: uuid.UUID, question_id: uuid.UUID) -> AnyResponse:
    """Say yes or no."""
    me = _open(site_id, question_id)
    yes = request.form.get("answer") == "yes"
    if not yes and request.form.get("answer") != "no":
        abort(422)
    return _do(me, question_id, lambda: consequences.answer(me, question_id, yes=yes))


@pages.post("/<uuid:question_id>/withdrawal")
def withdraw(site_id: uuid.UUID, question_id: uuid.UUID) -> AnyResponse:
    """Take one's answer back."""
    me = _open(site_id, question_id)
    return _do(me, question_id, lambda: consequences.withdraw(me, question_id))


@pages.post("/deletion")
@grave(lambda site_id: _list(identity.open_site(site_id)))
def ask_deletion(site_id: uuid.UUID) -> AnyResponse:
    """Ask everybody whether all that the site has is deleted."""
    me = identity.open_site(site_id)
    return done(me, lambda: consequences.ask(me, Matter.DELETION), lambda why: refused(me, why))


@rules_pages.get("/rules")
def show_rules() -> str:
    """The rules, for everybody to read, before they join and after."""
    return render_template("site/questions/rules.html")


def done(me: Membership, deed: Callable[[], str | None], otherwise: Callable[[str], Response]) -> AnyResponse:
    """Do what may change a question, and go to it; to the list where it is open no more, home where all is gone.

    `otherwise`: the page that says why it was not done.
    """
    site_id = me.site_id
    with refusals(otherwise):
        question_id = deed()
        standing = register.standing_of(me.site)
    if standing.is_deleted():
        leaving.end_site(me.site)
        identity.commit_and_forget()
        return redirect(url_for("signing_in.left"), 303)
    still_open = question_id is not None and question_id in standing.questions
    member = me.member_id.hex
    identity.commit_and_forget()
    if not standing.is_free(member):
        return redirect(url_for("home.mine"), 303)
    if still_open:
        return redirect(url_for("questions.show", site_id=site_id, question_id=uuid.UUID(question_id)), 303)
    return redirect(url_for("questions.index", site_id=site_id), 303)


def _open(site_id: uuid.UUID, question_id: uuid.UUID) -> Membership:
    """The asking member, where the question is open; what has been decided is as absent as another site's."""
    me = identity.open_site(site_id)
    standing = register.sound_standing_of(me.site)
    if standing is None or question_id.hex not in standing.questions:
        abort(404)
    return me


def _do(me: Membership, question_id: uuid.UUID, deed: Callable[[], None]) -> AnyResponse:
    """A deed on a question that is there; where it was open until a moment ago, the list says what came of it."""

    def on_it() -> str:
        deed()
        return question_id.hex

    return done(me, on_it, lambda why: refused(me, why))


def refused(me: Membership, why: str) -> Response:
    """The list, and why something was not asked."""
    return _list(me, why, 409)


def about(me: Membership, some: tuple[Question, ...]) -> list[Asked]:
    """These questions as a member sees them."""
    standing = register.standing_of(me.site) if some else None
    return [Asked.of(question, standing, me) for question in some] if standing else []


def _list(me: Membership, problem: str = "", status: int = 200) -> Response:
    standing = register.sound_standing_of(me.site)
    questions = reversed(standing.questions.values()) if standing else ()
    every = [Asked.of(question, standing, me) for question in questions] if standing else []
    return render(
        "site/questions/index.html",
        status,
        site=me.site,
        asked=[one for one in every if one.question.matter is not Matter.NEWCOMER],
        newcomers=[one for one in every if one.question.matter is Matter.NEWCOMER],
        deletion=any(one.question.matter is Matter.DELETION for one in every),
        decides=standing is not None and standing.decides(me.member_id.hex),
        broken=standing is None,
        problem=problem,
    )


def _page(me: Membership, question_id: uuid.UUID) -> Response:
    with refusals(lambda why: refused(me, why)):
        standing = register.standing_of(me.site)
    question = standing.questions.get(question_id.hex) or abort(404)
    one = Asked.of(question, standing, me)
    looks = question.matter is Matter.REMOVAL and standing.decides(me.member_id.hex)
    opened = reading.days(me.site_id, question.about) if looks else []
    return render("site/questions/show.html", site=me.site, one=one, looks=looks, opened=opened)
