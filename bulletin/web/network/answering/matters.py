"""Something for us to answer: put by a site, answered by each, by its own rule. For who decides in one that is in."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from flask import Blueprint, Response, abort, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from bulletin.db import db
from bulletin.domain.network.answering import agreeing, known, mandates, together
from bulletin.domain.network.answering.agreeing import Intent, Says
from bulletin.domain.network.answering.answers import Again, Answer
from bulletin.domain.network.answering.matters import Kind, Matter
from bulletin.domain.network.cautions import cautions
from bulletin.domain.network.told import Told
from bulletin.domain.papers.advice.rules import Advice
from bulletin.domain.site import departures
from bulletin.domain.site.accounts.asked import AskedAccount
from bulletin.domain.site.accounts.members import Membership
from bulletin.domain.site.governance import register
from bulletin.web.guard import identity
from bulletin.web.network import topics
from bulletin.web.network.labels import told_name
from bulletin.web.papers import advice
from bulletin.web.shared.forms import PlainForm
from bulletin.web.shared.grave import grave
from bulletin.web.shared.pagination import Page
from bulletin.web.shared.refused import refusals
from bulletin.web.shared.rendering import render
from bulletin.web.shared.sent_forms import form_id
from bulletin.web.site.invitations import link_page

from . import standing
from .forms import (
    FORMS,
    AnswerForm,
    AskedForm,
    OutcomeForm,
    OutForm,
    PutForm,
    TogetherForm,
)

pages = Blueprint("matters", __name__, url_prefix="/sites/<uuid:site_id>/answers")

SITES_A_PAGE = 100


@pages.get("")
def index(site_id: uuid.UUID) -> Response:
    """What the others ask us, what waits for our own word, and what came of it."""
    me = standing.open_deciding(site_id)
    return render("network/matters/index.html", site=me.site, here=standing.here_of(me))


@pages.get("/new")
def new(site_id: uuid.UUID) -> Response:
    """What would you ask?"""
    me, kind = standing.open_deciding(site_id), _kind(request.args.get("kind"))
    form = _form(me, kind)
    before = _replaced(me, request.args.get("instead", ""))
    if before is not None and isinstance(form, TogetherForm):
        said = before.said
        form = TogetherForm(data={"what": said.what, "why": said.why, "if_n": before.needs or None}).offer(_papers(me))
    elif kind is Kind.TOGETHER:
        form.why.data = topics.to_these(me.site)
    return _put_page(me, kind, form)


@pages.post("")
def create(site_id: uuid.UUID) -> AnyResponse:
    """Say that the site should put it to the others."""
    me, kind = standing.open_deciding(site_id), _kind(request.form.get("kind"))
    form = _form(me, kind, request.form)
    if not form.validate():
        return _put_page(me, kind, form, 422)
    if not form.has_seen(_cautions(me, form.texts())):
        return _put_page(me, kind, form)
    sent, before = _row_id(me), _replaced(me, request.form.get("instead", ""))
    replaces = before.id if before is not None else None

    def refuse(why: str) -> Response:
        me = standing.open_deciding(site_id)
        return _put_page(me, kind, form.complain(form[form.kept[0]], why), 409)

    with refusals(refuse):
        agreeing.put(me, form.said(), sent, until=form.until(), if_n=form.number(), replaces=replaces)
    db.session.commit()
    return redirect(url_for(".show", site_id=site_id, matter_id=sent), 303)


@pages.get("/<uuid:matter_id>")
def show(site_id: uuid.UUID, matter_id: uuid.UUID) -> Response:
    """One of them: what it says, how it stands, and what we say."""
    return _page(standing.open_deciding(site_id), matter_id)


@pages.post("/<uuid:matter_id>/answers")
def answer(site_id: uuid.UUID, matter_id: uuid.UUID) -> AnyResponse:
    """Say what the site should answer, or that it should take its answer back."""
    me, form = standing.open_deciding(site_id), AnswerForm(request.form)
    matter = Matter.of(matter_id) or abort(404)
    says = next((one for one in Says if one == request.form.get("says")), None) or abort(422)
    if not form.validate():
        return _page(me, matter_id, form, status=422)
    if says is not Says.NOTHING and not form.has_seen(_cautions(me, [form.why.data or ""])):
        return _page(me, matter_id, form)

    with refusals(lambda why: _page(standing.open_deciding(site_id), matter_id, form, why, 409)):
        agreeing.say(me, matter, says, if_n=form.if_n.data or 0, why=form.why.data or "")
    return _done(me, matter_id)


@pages.post("/<uuid:matter_id>/agreement")
def agree(site_id: uuid.UUID, matter_id: uuid.UUID) -> AnyResponse:
    """Say whether what the site means to say is fine."""
    me = standing.open_deciding(site_id)
    if Intent.of(me.site_id, matter_id) is None and Matter.of(matter_id) is None:
        abort(404)
    if (said := request.form.get("agrees")) not in ("yes", "no"):
        abort(422)
    with refusals(lambda why: _page(standing.open_deciding(site_id), matter_id, problem=why, status=409)):
        agreeing.agree(me, matter_id, yes=said == "yes")
    return _done(me, matter_id)


@pages.post("/<uuid:matter_id>/link")
@grave(lambda site_id, matter_id: _page(standing.open_deciding(site_id), matter_id))
def create_link(site_id: uuid.UUID, matter_id: uuid.UUID) -> Response:
    """The link for whom the sites ask to do something, and who is in none: on this page, and never again."""
    me = standing.open_deciding(site_id)
    matter = Matter.of(matter_id) or abort(404)
    with refusals(lambda why: _page(standing.open_deciding(site_id), matter_id, problem=why, status=409)):
        secret = mandates.invite(me, matter)
    identity.commit_and_forget()
    return link_page(me, secret, what="ask", back=url_for(".show", site_id=site_id, matter_id=matter_id))


@pages.post("/<uuid:matter_id>/outcome")
def note_outcome(site_id: uuid.UUID, matter_id: uuid.UUID) -> AnyResponse:
    """What we did, what came of it, and whether we would again."""
    me, form = standing.open_deciding(site_id), OutcomeForm(request.form)
    matter = Matter.of(matter_id) or abort(404)
    if not form.validate():
        return _page(me, matter_id, outcome=form, status=422)
    again = Again(form.again.data) if form.again.data else None
    with refusals(lambda why: _page(standing.open_deciding(site_id), matter_id, outcome=form, problem=why, status=409)):
        together.look_back(me, matter, form.did.data or "", form.came.data or "", again)
    return _done(me, matter_id)


@pages.get("/known")
def list_known(site_id: uuid.UUID) -> Response:
    """Who is in, and who says that they know whom."""
    me = standing.open_deciding(site_id)
    page = Page.of(known.everyone(), SITES_A_PAGE)
    return render("network/matters/known.html", site=me.site, page=page, everyone=known.who_knows(page.items))


def _done(me: Membership, matter_id: uuid.UUID) -> AnyResponse:
    """To what was answered; to the list where it is there no more."""
    site_id, there = me.site_id, Matter.of(matter_id) or Intent.of(me.site_id, matter_id)
    identity.commit_and_forget()
    if there is None:
        return redirect(url_for(".index", site_id=site_id), 303)
    return redirect(url_for(".show", site_id=site_id, matter_id=matter_id), 303)


def _row_id(me: Membership) -> uuid.UUID:
    """The id for what a form puts; what was put and taken back does not come again by Back."""
    sent = form_id()
    if departures.was_taken_back(me.site_id, sent, departures.MATTER):
        abort(410, _("This was asked, and taken back since. It was not sent. To ask it again, begin anew."))
    there = Matter.of(sent)
    return sent if there is None or there.site_id == me.site_id else uuid.uuid4()


def _kind(typed: str | None) -> Kind:
    return next((one for one in FORMS if one == (typed or Kind.TOGETHER)), None) or abort(422)


def _form(me: Membership, kind: Kind, sent: Any = None) -> PutForm:
    form = FORMS[kind](sent)
    if isinstance(form, TogetherForm):
        form.offer(_papers(me))
    elif isinstance(form, AskedForm):
        people = register.standing_of(me.site).deciders()
        form.offer({one.member: one.handle for one in people if not one.is_locked})
    elif isinstance(form, OutForm):
        form.site = (_about() or abort(404)).hex
    return form


def _about() -> uuid.UUID | None:
    """Which site shall be put out."""
    try:
        site = known.about(uuid.UUID(hex=request.values.get("about", "")))
    except ValueError:
        return None
    return site.id if site is not None else None


def _papers(me: Membership) -> dict[str, str]:
    return {one.id.hex: told_name(one) for one in Told.own(me.site_id) if one.is_paper}


def _replaced(me: Membership, typed: str) -> Matter | None:
    """What the site put before, that this is to be asked instead of."""
    own = (one for one in Matter.own(me.site_id) if one.id.hex == typed)
    return next((one for one in own if one.kind == Kind.TOGETHER and one.is_open), None)


def _joined(me: Membership, matter_id: uuid.UUID) -> Answer | None:
    """The site's answer to something that it joined and that is over, as long as it stands."""
    found = together.to_look_back(me.site_id, Matter.standing())
    return next((mine for matter, mine in found if matter.id == matter_id), None)


def _cautions(me: Membership, texts: Iterable[str]) -> list[Advice]:
    return cautions(me.site, texts, me.site.language)


def _told(given: Iterable[Advice]) -> list[str]:
    return list(dict.fromkeys(advice.told(one) for one in given))


def _put_page(me: Membership, kind: Kind, form: PutForm, status: int = 200) -> Response:
    given = _cautions(me, form.texts())
    form.has_seen(given)
    return render(
        "network/matters/new.html",
        status,
        site=me.site,
        kind=kind.value,
        form=form,
        about=db.session.get(type(me.site), uuid.UUID(form.site)) if isinstance(form, OutForm) else None,
        instead=_replaced(me, request.values.get("instead", "")),
        needed=agreeing.needed(me, kind),
        cautions=_told(given),
    )


def _page(
    me: Membership,
    matter_id: uuid.UUID,
    form: AnswerForm | None = None,
    problem: str = "",
    status: int = 200,
    outcome: PlainForm | None = None,
) -> Response:
    matter, meant = Matter.of(matter_id), Intent.at(me.site_id)
    waiting = meant.get(matter_id)
    if matter is None:
        if waiting is None or not waiting.puts:
            abort(404)
        return _draft_page(me, matter_id, problem, status)
    (one,) = standing.stands_of(me, [matter], meant)
    form, mine = form or AnswerForm(), _joined(me, matter_id)
    given = _cautions(me, [form.why.data or ""])
    form.has_seen(given)
    paper = uuid.UUID(matter.said.paper) if matter.kind == Kind.TOGETHER and matter.said.paper else None
    return render(
        "network/matters/show.html",
        status,
        site=me.site,
        me=me.member_id.hex,
        one=one,
        form=form,
        cautions=_told(given) if given else [],
        problem=problem,
        paper=Told.of(paper) if paper else None,
        has_come=AskedAccount.by(me.site_id, matter_id) is not None,
        outcome=outcome or (OutcomeForm(data={**vars(mine.said), "again": mine.said.again or ""}) if mine else None),
    )


def _draft_page(me: Membership, matter_id: uuid.UUID, problem: str = "", status: int = 200) -> Response:
    meant = Intent.at(me.site_id)[matter_id]
    return render(
        "network/matters/draft.html",
        status,
        site=me.site,
        me=me.member_id.hex,
        id=matter_id,
        meant=meant,
        needed=agreeing.needed(me, meant.puts or Kind.TOGETHER),
        problem=problem,
    )
