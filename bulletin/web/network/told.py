"""What sites tell each other, for who is in one that is in: papers first, then what was done."""

from __future__ import annotations

import dataclasses
import uuid

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask_babel import gettext as _, lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse
from wtforms import SelectField

from bulletin.db import db
from bulletin.domain.network import looks, needs, sums, taking, weeks
from bulletin.domain.network.answering import mandates
from bulletin.domain.network.groups import Groups
from bulletin.domain.network.needs import Answered
from bulletin.domain.network.overview import NetworkPage
from bulletin.domain.network.sums import Sums
from bulletin.domain.network.told import Kind, Told
from bulletin.domain.papers.bulletins import Bulletin
from bulletin.domain.site.accounts.members import Membership
from bulletin.domain.site.sites import Site
from bulletin.web.guard import after_response, identity
from bulletin.web.shared.downloads import download, number_name
from bulletin.web.shared.forms import PlainForm, TicksField, options
from bulletin.web.shared.labels import paper_name
from bulletin.web.shared.refused import refusals
from bulletin.web.shared.rendering import render
from bulletin.web.shared.sent_forms import form_id

from . import pieces, places, topics
from .answering.standing import Here, asked

pages = Blueprint("told", __name__, url_prefix="/network")

PAGES_MAX = 10_000


@pages.get("")
def index() -> str:
    """Who asks for something; papers; what is new; what was done; each site's week. Older ones on further pages."""
    here = [_at(place) for place in places.each()] or places.nowhere()
    me, private = identity.open_network(), identity.private_key()
    if not looks.is_noted(me, private):
        after_response.later(after_response.note_look, me.id, private)
    mine = [one.site for one in here]
    number = min(max(1, request.args.get("page", 1, type=int)), PAGES_MAX)
    groups = Groups.now()
    sites = topics.shown(mine, groups.count)
    page = NetworkPage.of(number, {site.id for site in mine}, looks.since(me, private), sites, groups)
    return render_template(
        "network/told/index.html",
        **{"page": page, "sums": Sums.of(sites, groups) if page.has_sums else None},
        unfollowed=sums.unfollowed() if number == 1 else [],
        answers=[answer for one in here for answer in one.answers],
        asked=[one.asked for one in here if one.asked],
        to_tell=[one.site for one in here if not one.has_told],
        mine=mine,
        task=None if mine else mandates.task_of(me),
    )


@dataclasses.dataclass(frozen=True)
class _Here:
    """What one of the asking member's sites adds to the page, read while it is open: opening it takes a while.

    `asked`: what it is to answer, for who decides in it; `answers`: to and by it; `has_told`: its week.
    """

    site: Site
    asked: Here | None
    answers: list[Answered]
    has_told: bool


def _at(place: Membership) -> _Here:
    has_told = weeks.told_for(place.site_id, weeks.week_of(place.site)) is not None
    return _Here(place.site, asked(place), needs.answers_at(place.site_id), has_told)


@pages.get("/<uuid:copy_id>")
def show(copy_id: uuid.UUID) -> str:
    """One of them, whole."""
    opened, answers = _with_answers()
    told = _told(copy_id)
    own = next((place.site for place in opened if place.site_id == told.site_id), None)
    shown = pieces.shown(told.text or "") if told.is_paper else []
    return render_template(
        "network/told/show.html",
        **{"told": told, "said": told.said, "pieces": shown, "own": own, "answers": answers},
        told_week=weeks.pointed_to([told.said]) if told.is_week else {},
        mine=[place.site for place in opened],
    )


@pages.get("/<uuid:copy_id>/sheet")
def sheet(copy_id: uuid.UUID) -> Response:
    """A paper as it was printed."""
    places.of_reader()
    return download(_paper(copy_id).sheet or b"", "application/pdf", f"{number_name(_told(copy_id).said.number)}.pdf")


class DraftForm(PlainForm):
    """Ours, made from theirs."""

    page_order = ("at", "named")
    at = SelectField(_l("At which of your groups?"), validate_choice=False)
    named = TicksField(_l("On the sheet"), choices=options({"yes": _l("Say on it where it comes from")}))

    def of(self, mine: list[Membership]) -> DraftForm:
        """With the sites that one is in."""
        self.at.choices = options({place.site_id.hex: place.site.name for place in mine})
        return self


@pages.get("/<uuid:copy_id>/drafts/new")
def new_draft(copy_id: uuid.UUID) -> Response:
    """Make ours from this: what is taken, and what is one's own."""
    return _draft_page(places.of_member(), _paper(copy_id), DraftForm())


@pages.post("/<uuid:copy_id>/drafts")
def make_draft(copy_id: uuid.UUID) -> AnyResponse:
    """A draft at home."""
    mine, form = places.of_member(), DraftForm(request.form)
    chosen = [place.site_id for place in mine if place.site_id.hex == form.at.data] or [mine[0].site_id]
    me = identity.open_site(chosen[0])
    told, sent = _paper(copy_id), form_id()
    if Bulletin.of(me.site, sent) is None:
        printed = _("This text comes from %(source)s.", source=_source(told)) if form.named.data else ""
        with refusals(lambda why: _draft_page(places.of_member(), _paper(copy_id), form, why, 409)):
            taking.begin(me, told, sent, source=_source(told), index=_index(), printed=printed)
        db.session.commit()
    return redirect(url_for("bulletins.show", site_id=me.site_id, bulletin_id=sent), 303)


def _draft_page(mine: list[Membership], told: Told, form: DraftForm, problem: str = "", status: int = 200) -> Response:
    index = _index()
    every = pieces.shown(told.text or "")
    return render(
        "network/told/draft.html",
        status,
        told=told,
        said=told.said,
        index=index,
        pieces=every if index is None else [one for one in every if one.index == index],
        form=form.of(mine),
        problem=problem,
    )


def _index() -> int | None:
    """Which piece is meant, if it is one."""
    return request.values.get("piece", None, type=int) if request.values.get("piece", "").isdecimal() else None


def _source(told: Told) -> str:
    """Whose paper it was: its name, number, and site."""
    said = told.said
    named = paper_name({"number": said.number}) if said.number else ""
    return ", ".join(dict.fromkeys(filter(None, (said.masthead, named, told.site.name))))


def _with_answers() -> tuple[list[Membership], list[Answered]]:
    """Where the asking member is, and what was answered to and by each of these sites; 404 where that is nowhere."""
    opened, found = list[Membership](), list[Answered]()
    for place in places.each():
        opened.append(place)
        found += needs.answers_at(place.site_id)
    return opened or places.nowhere(), found


def _told(copy_id: uuid.UUID) -> Told:
    told = Told.of(copy_id)
    return told if told is not None and told.kind != Kind.ANSWER else abort(404)


def _paper(copy_id: uuid.UUID) -> Told:
    told = _told(copy_id)
    return told if told.is_paper else abort(404)
