"""The escalation plan: steps towards a date."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse
from wtforms import SelectField

from bulletin.db import db, today
from bulletin.domain.actions.actions import Action
from bulletin.domain.actions.escalation_plan import NAME_MAX, TEXT_MAX, Met, Step
from bulletin.domain.site.accounts.members import Membership
from bulletin.web.guard import identity
from bulletin.web.shared import edit_conflicts, formats
from bulletin.web.shared.forms import DayField, PlainForm, line_field, options, text_field
from bulletin.web.shared.labels import action_name
from bulletin.web.shared.refused import refusals
from bulletin.web.shared.rendering import render
from bulletin.web.shared.sent_forms import form_id
from bulletin.web.shared.time_span import FAR

pages = Blueprint("escalation_plan", __name__, url_prefix="/sites/<uuid:site_id>/steps")


class StepForm(PlainForm):
    """One step."""

    page_order = ("on", "action", "action_id", "test", "threshold")
    on = DayField(_l("Which day?"), far=FAR)
    action = line_field(_l("What is done?"), NAME_MAX, _l("Say in a few words what is done on that day."))
    action_id = SelectField(_l("Is it planned already?"), validate_choice=False)
    test = text_field(_l("How will we see our strength?"), TEXT_MAX)
    threshold = text_field(_l("What must be true before the next step?"), TEXT_MAX)

    def of(self, me: Membership) -> StepForm:
        """With the actions it may be, the latest first."""
        actions = {one.id.hex: _about(one, me) for one in reversed(Action.at(me.site_id))}
        self.action_id.choices = options({"": _l("No")} | actions)
        if self.action_id.data not in actions:
            self.action_id.data = ""
        return self


@pages.get("")
def index(site_id: uuid.UUID) -> str:
    """All of them, the first first."""
    me = identity.open_site(site_id)
    actions = {one.id.hex: one for one in Action.at(me.site_id)}
    steps, day = Step.at(me.site_id), today(me.site.zone)
    coming = next((step for step in steps if step.met is Met.NOT_YET and not step.overdue_on(day)), None)
    return render_template(
        "actions/escalation_plan/index.html",
        site=me.site,
        steps=[(step, step.what, actions.get(step.what.action_id)) for step in steps],
        coming=coming,
        today=day,
        name_of=action_name,
    )


@pages.get("/new")
def new(site_id: uuid.UUID) -> Response:
    """One more."""
    me = identity.open_site(site_id)
    return _page(me, None, StepForm())


@pages.post("")
def create(site_id: uuid.UUID) -> AnyResponse:
    """Put it into the plan."""
    return _save(identity.open_site(site_id), None)


@pages.get("/<uuid:step_id>")
def edit(site_id: uuid.UUID, step_id: uuid.UUID) -> Response:
    """Another day, or anything else."""
    me, step = _open(site_id, step_id)
    return _page(me, step, _showing(step))


@pages.post("/<uuid:step_id>")
def change(site_id: uuid.UUID, step_id: uuid.UUID) -> AnyResponse:
    """Save it; a stale form shows both."""
    return _save(*_open(site_id, step_id))


@pages.post("/<uuid:step_id>/threshold")
def say_met(site_id: uuid.UUID, step_id: uuid.UUID) -> AnyResponse:
    """Was it met?"""
    me, step = _open(site_id, step_id)
    said = request.form.get("met", "")
    if said not in list(Met):
        abort(422)
    step.say_met(Met(said), by=me.member.handle)
    db.session.commit()
    return redirect(url_for(".index", site_id=site_id, _anchor=f"s{step_id.hex}"), 303)


@pages.post("/<uuid:step_id>/deletion")
def take_out(site_id: uuid.UUID, step_id: uuid.UUID) -> AnyResponse:
    """It is no step any more."""
    _me, step = _open(site_id, step_id)
    step.take_out()
    identity.commit_and_forget()
    return redirect(url_for(".index", site_id=site_id), 303)


def _open(site_id: uuid.UUID, step_id: uuid.UUID) -> tuple[Membership, Step]:
    me = identity.open_site(site_id)
    return me, Step.of(me.site_id, step_id) or abort(404)


def _about(action: Action, me: Membership) -> str:
    return formats.listed((action_name(action), formats.day(action.start.astimezone(me.site.zone).date())))


def _plan(step: Step) -> dict[str, Any]:
    """What its form shows; whether it was met is said elsewhere."""
    return {name: getattr(step.what, name) for name in StepForm.page_order}


def _showing(step: Step) -> StepForm:
    return StepForm(data={**_plan(step), "on": step.on})


def _save(me: Membership, step: Step | None) -> AnyResponse:
    form = StepForm(request.form).of(me)
    if not form.validate():
        return _page(me, step, form, 422)
    if step is not None:
        theirs = _showing(step).of(me)
        if edit_conflicts.is_stale(_plan(step), form, theirs):
            return _page(me, step, form, 409, theirs=theirs)
    told = (form.on.data, form.action.data, form.test.data, form.threshold.data)
    site_id = me.site_id
    with refusals(lambda why: _page(identity.open_site(site_id), step, form.complain(form.on, why), 422)):
        if step is None:
            step = Step.add(site_id, *told, by=me.member.handle, action_id=form.action_id.data, form_id=form_id())
        else:
            step.change(*told, action_id=form.action_id.data)
    db.session.commit()
    return redirect(url_for(".index", site_id=site_id, _anchor=f"s{step.id.hex}"), 303)


def _page(
    me: Membership, step: Step | None, form: StepForm, status: int = 200, *, theirs: StepForm | None = None
) -> Response:
    return render(
        "actions/escalation_plan/edit.html",
        status,
        site=me.site,
        step=step,
        form=form.of(me),
        seen=edit_conflicts.fingerprint(_plan(step)) if step else "",
        differ=edit_conflicts.differences(form, theirs),
    )
