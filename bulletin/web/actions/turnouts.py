"""Who committed and who came: a list to tick at the gate."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from flask import Blueprint, Response, jsonify, make_response, redirect, request, url_for
from flask_babel import format_decimal, gettext as _, lazy_gettext as _l, ngettext
from werkzeug.wrappers import Response as AnyResponse
from wtforms import SelectField

from bulletin.db import db
from bulletin.domain.actions import turnouts
from bulletin.domain.actions.actions import OTHERS_MAX, Action
from bulletin.domain.actions.turnouts import Asked, Turnout
from bulletin.domain.people.contacts import NAME_MAX, Contact
from bulletin.domain.people.search import Listed, Wanted, everybody
from bulletin.domain.people.units import UnitNames
from bulletin.web.guard import identity
from bulletin.web.guard.errors import wants_json
from bulletin.web.shared.forms import PlainForm, WholeNumberField, line_field, options
from bulletin.web.shared.refused import refusals
from bulletin.web.shared.rendering import render
from bulletin.web.shared.turnout_words import COMING, turnout_words

from .actions import OpenAction, open_action

pages = Blueprint("turnouts", __name__, url_prefix="/sites/<uuid:site_id>/actions/<uuid:action_id>/turnout")

COMMITTED, CAME, OUT = "committed", "came", "out"  # what a tick says
SHOWN_MAX = 100  # of those who may be put on the list; the others are found by their name
AT_ONCE_MAX = 1_000  # who are put on the list at once: others who write wait for as long as it takes
ELSEWHERE_MAX = 100  # people ticked who are not on the list any more: merged with others meanwhile


class OthersForm(PlainForm):
    """Those who came and are in no list."""

    others = WholeNumberField(COMING.others, OTHERS_MAX, _l("Give the number in figures, or leave it out."))

    def of(self, action: Action) -> OthersForm:
        """In the words of its form: who came, or who signed."""
        self.others.label.text = turnout_words(action.form).others
        return self


class FindForm(PlainForm):
    """Who else?"""

    page_order = ("q", "department", "shift")
    q = line_field(_l("Name"), NAME_MAX)
    department = SelectField(_l("Department"), validate_choice=False)
    shift = SelectField(_l("Shift"), validate_choice=False)

    def of(self, units: UnitNames) -> FindForm:
        """With what there is to choose from."""
        self.department.choices = options({"": _l("all")} | units.departments)
        self.shift.choices = options({"": _l("all")} | units.shifts)
        return self

    @property
    def wanted(self) -> Wanted:
        """Who is looked for."""
        return Wanted(self.q.data or "", self.department.data or None, self.shift.data or None)


@pages.get("")
def show(site_id: uuid.UUID, action_id: uuid.UUID) -> Response:
    """The list; `?tick=` is what a tick says."""
    return _page(open_action(site_id, action_id))


@pages.post("")
def save(site_id: uuid.UUID, action_id: uuid.UUID) -> AnyResponse:
    """Note what was ticked or unticked since the page was made, and nothing else: others tick too."""
    opened = open_action(site_id, action_id, to_change=True)
    tick = _tick(opened.action)
    was, now = _ids("was"), _ids("now")
    if tick == OUT:
        turnouts.take_out(opened.action, now)
        there = url_for(".show", **opened.here)
        identity.commit_and_forget()
        return redirect(there, 303)
    others = OthersForm(request.form)
    if not others.validate():
        return _page(opened, others=others, status=422)
    with refusals(lambda why: _refused(open_action(site_id, action_id), why)):
        _note(opened, tick, _known(opened.action, now - was), yes=True)
        _note(opened, tick, _listed(opened.action, was - now), yes=False)
        if request.form.get("others", "").strip() != request.form.get("others_was", ""):
            opened.action.note_outcome(by=opened.me.member.handle, others=others.others.data or 0)
    answer = (
        jsonify(saved=True, counts=_counts(opened.action))
        if wants_json()
        else redirect(url_for(".show", **opened.here, tick=tick), 303)
    )
    db.session.commit()  # after it the action may be gone
    return answer


@pages.post("/others")
def count_others(site_id: uuid.UUID, action_id: uuid.UUID) -> AnyResponse:
    """How many came who are in no list."""
    opened = open_action(site_id, action_id, to_change=True)
    form = OthersForm(request.form)
    if not form.validate():
        return _page(opened, others=form, status=422)
    opened.action.note_outcome(by=opened.me.member.handle, others=form.others.data or 0)
    there = url_for(".show", **opened.here, tick=CAME, _anchor="others")
    db.session.commit()
    return redirect(there, 303)


@pages.get("/people")
def people(site_id: uuid.UUID, action_id: uuid.UUID) -> Response:
    """Who else is there?"""
    return _people_page(open_action(site_id, action_id), FindForm())


@pages.post("/people")
def find(site_id: uuid.UUID, action_id: uuid.UUID) -> Response:
    """Those with this name, or from there."""
    return _people_page(open_action(site_id, action_id), FindForm(request.form))


@pages.post("/additions")
def add(site_id: uuid.UUID, action_id: uuid.UUID) -> AnyResponse:
    """Put people on the list: those ticked, or all who were looked for; with a tick of theirs where that was said."""
    opened = open_action(site_id, action_id, to_change=True)
    form = FindForm(request.form).of(UnitNames(site_id))
    if request.form.get("all") == "yes":
        found = _not_listed(opened.action, form.wanted) if form.validate() else []
        if len(found) > AT_ONCE_MAX:
            most = format_decimal(AT_ONCE_MAX)
            problem = _("At most %(most)s at a time: narrow it down by a name, a department or a shift.", most=most)
            return _people_page(opened, form, 422, problem=problem)
        some = Contact.among(opened.me.site_id, {one.id for one in found})
    else:
        some = Contact.among(opened.me.site_id, _ids("ids"))
    if not some:
        problem = _("Tick who is to be on the list.")
        return _people_page(opened, form, 422, problem=problem)
    said = request.form.get("as", "")
    ticked = {name: True for name in (COMMITTED, CAME) if name == said}
    with refusals(lambda why: _page(open_action(site_id, action_id), problem=why, status=409)):
        turnouts.note(opened.action, some, by=opened.me.member.handle, **ticked)
    there = url_for(".show", **opened.here, **({"tick": said} if ticked else {}))
    db.session.commit()
    return redirect(there, 303)


def _tick(action: Action) -> str:
    """What a tick says: what was asked for, or what fits the hour."""
    asked = request.values.get("tick", "")
    return asked if asked in (COMMITTED, CAME, OUT) else CAME if action.begun else COMMITTED


def _ids(field: str) -> set[uuid.UUID]:
    """The ids in a field that may be there several times, with several in each; what is none is left out."""
    found = set()
    for word in " ".join(request.form.getlist(field)).split():
        try:
            found.add(uuid.UUID(hex=word))
        except ValueError:
            continue
    return found


def _known(action: Action, ids: set[uuid.UUID]) -> list[Contact]:
    """The contacts with these ids; for those merged meanwhile, the others they were merged into."""
    found = Contact.among(action.site_id, ids)
    missing = sorted(ids - {one.id for one in found})[:ELSEWHERE_MAX]
    merged = (Contact.of(action.site_id, contact_id) for contact_id in missing)
    return [*found, *(one for one in merged if one is not None)]


def _listed(action: Action, ids: set[uuid.UUID]) -> list[Contact]:
    """Those of them who are on the list: who was taken off meanwhile stays off."""
    return Contact.among(action.site_id, ids & Turnout.all_for(action).keys()) if ids else []


def _note(opened: OpenAction, tick: str, some: list[Contact], *, yes: bool) -> None:
    if some:
        turnouts.note(opened.action, some, by=opened.me.member.handle, **{tick: yes})


def _not_listed(action: Action, wanted: Wanted) -> list[Listed]:
    """Those who are looked for, and are not on the list yet; by name."""
    listed = Turnout.all_for(action)
    return wanted.among(one for one in everybody(action.site_id) if one.id not in listed)


def _counts(action: Action, asked: Iterable[Asked] | None = None) -> str:
    tally = turnouts.count_turnout(action, asked)
    told = [ngettext("%(num)d asked", "%(num)d asked", tally.asked)]
    told.append(ngettext("%(num)d said yes", "%(num)d said yes", tally.committed))
    if action.begun or tally.all_who_came:
        told.append(turnout_words(action.form).count_came(tally.all_who_came))
    return " · ".join(told)


def _refused(opened: OpenAction, why: str) -> Response:
    if wants_json():
        return make_response(jsonify(errors=[{"field": None, "sentence": why}]), 409)
    return _page(opened, problem=why, status=409)


def _page(opened: OpenAction, *, others: OthersForm | None = None, problem: str = "", status: int = 200) -> Response:
    action, tick, units = opened.action, _tick(opened.action), UnitNames(opened.me.site_id)
    said = turnout_words(action.form)
    listed: list[dict[str, Any]] = []
    asked = turnouts.asked_to(action)
    for one in [] if action.names_are_due else asked:
        told = [units.of(one.brief)]
        if tick != COMMITTED and one.how.committed:
            told.append(str(said.said_yes))
        if tick != CAME and one.how.came:
            told.append(str(said.came))
        hint = " · ".join(filter(None, told))
        ticked = tick != OUT and getattr(one.how, tick)
        listed.append({"id": one.contact_id.hex, "name": one.brief.name, "hint": hint, "ticked": ticked})
    return render(
        "actions/turnouts/show.html",
        status,
        tick=tick,
        listed=listed,
        counted=action.counted or (action.names_are_due and bool(asked)),
        was=" ".join(one["id"] for one in listed if one["ticked"]),
        counts=_counts(action, asked),
        others=(others or OthersForm(data={"others": action.others or None})).of(action),
        form=others or OthersForm(),
        problem=problem,
        **opened.about,
    )


def _people_page(opened: OpenAction, form: FindForm, status: int = 200, *, problem: str = "") -> Response:
    units = UnitNames(opened.me.site_id)
    form.of(units)
    fine = form.validate() if request.method == "POST" else True
    found = _not_listed(opened.action, form.wanted) if fine else []
    return render(
        "actions/turnouts/people.html",
        status if fine else 422,
        form=form,
        problem=problem,
        found=[{"id": one.id.hex, "name": one.name, "hint": units.of(one.brief)} for one in found[:SHOWN_MAX]],
        count=len(found),
        said=CAME if opened.action.begun else COMMITTED,
        **opened.about,
    )
