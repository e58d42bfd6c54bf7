"""What is done together: planned, noted, and what came of it."""

from __future__ import annotations

import dataclasses
import re
import uuid
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bulletin.db import db, today
from bulletin.domain.actions import turnouts
from bulletin.domain.actions.actions import Action, FormOfAction
from bulletin.domain.actions.structure_tests import Strength, StructureTest, tests_at
from bulletin.domain.network import inside, sharing
from bulletin.domain.people.units import UnitNames
from bulletin.domain.site.accounts.members import Membership
from bulletin.web.guard import identity
from bulletin.web.shared import edit_conflicts
from bulletin.web.shared.forms import PlainForm
from bulletin.web.shared.labels import action_name, unit_name
from bulletin.web.shared.refused import refusals
from bulletin.web.shared.rendering import render
from bulletin.web.shared.sent_forms import form_id

from .forms import LessonForm, OutcomeForm, PlanForm, money

pages = Blueprint("actions", __name__, url_prefix="/sites/<uuid:site_id>/actions")

HEX = re.compile("[0-9a-f]{32}")


@dataclasses.dataclass(frozen=True)
class OpenAction:
    """An action, and the member who has it open."""

    me: Membership
    action: Action

    @property
    def here(self) -> dict[str, uuid.UUID]:
        """For url_for."""
        return {"site_id": self.action.site_id, "action_id": self.action.id}

    @property
    def about(self) -> dict[str, Any]:
        """What every page about an action shows of it."""
        return {"site": self.me.site, "here": self.here, "action": self.action, "name": action_name(self.action)}


def open_action(site_id: uuid.UUID, action_id: uuid.UUID, *, to_change: bool = False) -> OpenAction:
    """The asking member's action; 404 where there is none. `to_change`: others who would change it wait."""
    me = identity.open_site(site_id)
    return OpenAction(me, Action.of(me.site_id, action_id, to_change=to_change) or abort(404))


@pages.get("")
def index(site_id: uuid.UUID) -> str:
    """What is coming, what was, and the motions that nothing followed."""
    me = identity.open_site(site_id)
    actions = Action.at(me.site_id)
    return render_template(
        "actions/index.html",
        site=me.site,
        motions=Action.without_next_step(me.site_id),
        coming=[one for one in actions if not one.over],
        over=[one for one in reversed(actions) if one.over],
        last_test=next(iter(tests_at(me.site_id)), None),
        name_of=action_name,
    )


@pages.get("/new")
def new(site_id: uuid.UUID) -> Response:
    """Plan one, or log one that was; `?after=` is the motion it follows."""
    me = identity.open_site(site_id)
    day = today(me.site.zone)
    return _plan_page(me, None, PlanForm(data={"day": day, "after": request.args.get("after", "")}))


@pages.post("")
def create(site_id: uuid.UUID) -> AnyResponse:
    """Put it down."""
    me = identity.open_site(site_id)
    form = PlanForm(request.form).of(_motions(me, None, request.form.get("after", "")))
    if not form.validate_at(me.site.zone):
        return _plan_page(me, None, form, 422)
    start, end = form.span(me.site.zone)
    with refusals(lambda why: _plan_page(identity.open_site(site_id), None, form.complain(form.day, why), 422)):
        action = Action.propose(me.site_id, start, end, by=me.member.handle, form_id=form_id(), **form.plan())
    db.session.commit()
    return redirect(url_for(".show", site_id=site_id, action_id=action.id), 303)


@pages.get("/<uuid:action_id>")
def show(site_id: uuid.UUID, action_id: uuid.UUID) -> Response:
    """Everything about one."""
    return _show(open_action(site_id, action_id))


@pages.get("/<uuid:action_id>/plan")
def edit(site_id: uuid.UUID, action_id: uuid.UUID) -> Response:
    """Another time, place or anything else."""
    opened = open_action(site_id, action_id)
    return _plan_page(opened.me, opened, PlanForm.showing(opened.action, opened.me.site.zone))


@pages.post("/<uuid:action_id>/plan")
def change(site_id: uuid.UUID, action_id: uuid.UUID) -> AnyResponse:
    """Save its plan; a stale form shows both."""
    opened = open_action(site_id, action_id, to_change=True)
    zone = opened.me.site.zone
    form = PlanForm(request.form).of(_motions(opened.me, opened.action, request.form.get("after", "")))
    if not form.validate_at(zone):
        return _plan_page(opened.me, opened, form, 422)
    theirs = PlanForm.showing(opened.action, zone).of(_motions(opened.me, opened.action))
    if edit_conflicts.is_stale(opened.action.plan, form, theirs):
        return _plan_page(opened.me, opened, form, 409, theirs=theirs)

    def refuse(why: str) -> Response:
        opened = open_action(site_id, action_id)
        return _plan_page(opened.me, opened, form.complain(form.day, why), 422)

    with refusals(refuse):
        opened.action.change(*form.span(zone), **form.plan())
    db.session.commit()
    return redirect(url_for(".show", **opened.here), 303)


@pages.get("/<uuid:action_id>/outcome")
def outcome(site_id: uuid.UUID, action_id: uuid.UUID) -> Response:
    """What came of it."""
    opened = open_action(site_id, action_id)
    return _part_page(opened, "outcome", OutcomeForm.showing(opened.action, opened.me.site))


@pages.post("/<uuid:action_id>/outcome")
def note_outcome(site_id: uuid.UUID, action_id: uuid.UUID) -> AnyResponse:
    """Note what came of it; a stale form shows both."""
    opened = open_action(site_id, action_id, to_change=True)
    form = OutcomeForm(request.form).of(opened.action)
    form.validate()
    told = form.outcome(opened.me.site)
    if form.errors:
        return _part_page(opened, "outcome", form, 422)
    theirs = OutcomeForm.showing(opened.action, opened.me.site)
    if edit_conflicts.is_stale(opened.action.outcome, form, theirs):
        return _part_page(opened, "outcome", form, 409, theirs=theirs)
    opened.action.note_outcome(by=opened.me.member.handle, **told)
    db.session.commit()
    return redirect(url_for(".show", **opened.here), 303)


@pages.get("/<uuid:action_id>/lesson")
def lesson(site_id: uuid.UUID, action_id: uuid.UUID) -> Response:
    """What was learned."""
    opened = open_action(site_id, action_id)
    return _part_page(opened, "lesson", LessonForm(obj=opened.action.lesson))


@pages.post("/<uuid:action_id>/lesson")
def note_lesson(site_id: uuid.UUID, action_id: uuid.UUID) -> AnyResponse:
    """Note it; a stale form shows both."""
    opened = open_action(site_id, action_id, to_change=True)
    form = LessonForm(request.form)
    if not form.validate():
        return _part_page(opened, "lesson", form, 422)
    theirs = LessonForm(obj=opened.action.lesson)
    if edit_conflicts.is_stale(opened.action.lesson, form, theirs):
        return _part_page(opened, "lesson", form, 409, theirs=theirs)
    opened.action.note_lesson(form.tried.data, form.happened.data, form.again.data, by=opened.me.member.handle)
    db.session.commit()
    return redirect(url_for(".show", **opened.here), 303)


@pages.post("/<uuid:action_id>/names")
def keep_names(site_id: uuid.UUID, action_id: uuid.UUID) -> AnyResponse:
    """Whether the names of those who took part stay names."""
    opened = open_action(site_id, action_id, to_change=True)
    opened.action.keep_names(request.form.get("keep") == "yes")
    db.session.commit()
    return redirect(url_for(".show", **opened.here, _anchor="names"), 303)


@pages.post("/<uuid:action_id>/cancellation")
def call_off(site_id: uuid.UUID, action_id: uuid.UUID) -> AnyResponse:
    """It is off, while nobody has committed to it and nothing is noted."""
    opened = open_action(site_id, action_id, to_change=True)
    with refusals(lambda why: _show(open_action(site_id, action_id), why, 409)):
        turnouts.call_off(opened.action)
    identity.commit_and_forget()
    return redirect(url_for(".index", site_id=site_id), 303)


def _motions(me: Membership, action: Action | None, chosen: str = "") -> list[Action]:
    """Those that this one may follow: nothing did yet, or it was chosen already."""
    motions = {one.id: one for one in Action.without_next_step(me.site_id)}
    for known in (action.plan.after if action else "", chosen):
        found = Action.of(me.site_id, uuid.UUID(hex=known)) if HEX.fullmatch(known) else None
        if found is not None and found.form is FormOfAction.MOTION:
            motions[found.id] = found
    return [one for one in motions.values() if action is None or one.id != action.id]


def _plan_page(
    me: Membership, opened: OpenAction | None, form: PlanForm, status: int = 200, *, theirs: PlanForm | None = None
) -> Response:
    action = opened.action if opened else None
    form.of(_motions(me, action, form.after.data or ""))
    return render(
        "actions/plan.html",
        status,
        form=form,
        seen=edit_conflicts.fingerprint(action.plan) if action else "",
        differ=edit_conflicts.differences(form, theirs),
        **opened.about if opened else {"site": me.site, "here": None},
    )


def _part_page(
    opened: OpenAction, part: str, form: PlainForm, status: int = 200, *, theirs: PlainForm | None = None
) -> Response:
    return render(
        f"actions/{part}.html",
        status,
        form=form,
        seen=edit_conflicts.fingerprint(getattr(opened.action, part)),
        differ=edit_conflicts.differences(form, theirs),
        **opened.about,
    )


def _show(opened: OpenAction, problem: str = "", status: int = 200) -> Response:
    action, site = opened.action, opened.me.site
    listed = turnouts.asked_to(action)
    tally = turnouts.count_turnout(action, listed)
    counted = action.is_test and action.begun and (action.over or bool(tally.all_who_came))
    named = [] if action.names_are_due else listed
    after = action.plan.after
    followed = Action.of(site.id, uuid.UUID(hex=after)) if HEX.fullmatch(after) else None
    return render(
        "actions/show.html",
        status,
        problem=problem,
        committed=[one.brief.name for one in named if one.how.committed],
        came=[one.brief.name for one in named if one.how.came],
        counted=sum(asked for asked, *_ in action.sums.values()) + len(listed) - len(named),
        tally=tally,
        untouched=turnouts.untouched(action),
        money=lambda amount: money(amount, site),
        followed=followed,
        follows=[one for one in Action.at(site.id) if one.plan.after == action.id.hex],
        name_of=action_name,
        strength=_strength(opened) if counted else None,
        tells=inside.has_others(site) and sharing.may_be_told(action),
        told=sharing.copy_of_deed(opened.me, action),
        **opened.about,
    )


def _strength(opened: OpenAction) -> Mapping[str, Any]:
    """The test and its places by their names, in the order of the map."""
    units = UnitNames(opened.me.site_id)
    departments, shifts = units.departments, units.shifts
    test = StructureTest.of(opened.action)
    order = {name: at for at, name in enumerate([*departments, *shifts])}
    last = len(order)
    places = sorted(test.places, key=lambda one: (order.get(one.department, last), order.get(one.shift, last)))

    def name(one: Strength) -> str:
        rest = test.counted.is_rest((one.department, one.shift))
        return unit_name(departments.get(one.department, ""), shifts.get(one.shift, ""), rest=rest)

    return {"test": test, "places": [(name(one), one) for one in places]}
