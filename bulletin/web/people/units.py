"""The map of a site: its departments and shifts, and how many work there."""

from __future__ import annotations

import uuid
from datetime import time
from typing import Any, TypeVar

from babel import Locale
from flask import Blueprint, Response, abort, redirect, request, url_for
from flask_babel import get_locale, gettext as _, lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse
from wtforms import StringField

from bulletin.db import db
from bulletin.domain.people.units import HEADCOUNT_MAX, NAME_MAX, NOWHERE, Department, Shift
from bulletin.domain.site.accounts.members import Membership
from bulletin.web.guard import identity
from bulletin.web.shared.forms import HourField, PlainForm, TicksField, WholeNumberField, line_field, options
from bulletin.web.shared.refused import refusals
from bulletin.web.shared.rendering import render
from bulletin.web.shared.sent_forms import form_id

pages = Blueprint("units", __name__, url_prefix="/sites/<uuid:site_id>/map")

LANGUAGES_MAX = 60
HOUR = _l("Give the hour as 05:30, or leave it out.")

U = TypeVar("U", Department, Shift)


def _name_field(label: Any, sentence: Any) -> StringField:
    return line_field(label, NAME_MAX, sentence)


class DepartmentForm(PlainForm):
    """A department, by its name."""

    page_order = ("department",)
    department = _name_field(_l("Name of the department"), _l("Give the department a name, such as Packing."))


class ShiftForm(PlainForm):
    """A shift, by its name."""

    page_order = ("shift",)
    shift = _name_field(_l("Name of the shift"), _l("Give the shift a name, such as Nights."))


class TimesForm(ShiftForm):
    """A shift: when it is, and what is spoken there."""

    page_order = ("shift", "days", "start", "end", "language")
    days = TicksField(_l("Days"))
    start = HourField(_l("From"), HOUR, optional=True)
    end = HourField(_l("Until"), HOUR, optional=True)
    language = line_field(_l("Languages spoken"), LANGUAGES_MAX)


@pages.get("")
def index(site_id: uuid.UUID) -> Response:
    """All departments and shifts, and one more of each."""
    return _page(identity.open_site(site_id))


@pages.post("/departments")
def create_department(site_id: uuid.UUID) -> AnyResponse:
    """One more department; then how many work there."""
    return _create(site_id, Department, DepartmentForm, "department")


@pages.get("/departments/<uuid:department_id>")
def show_department(site_id: uuid.UUID, department_id: uuid.UUID) -> Response:
    """Its name, and how many work there in each shift."""
    me = identity.open_site(site_id)
    department = _unit(Department, site_id, department_id)
    counts = {_count(shift): count for shift, count in department.headcounts.items()}
    form = _headcounts_form(Shift.at(site_id))(data={"department": department.name, **counts})
    return _department_page(me, department, form)


@pages.post("/departments/<uuid:department_id>")
def update_department(site_id: uuid.UUID, department_id: uuid.UUID) -> AnyResponse:
    """Another name, other numbers."""
    me = identity.open_site(site_id)
    department = _unit(Department, site_id, department_id)
    shifts = Shift.at(site_id)
    form = _headcounts_form(shifts)(request.form)
    if not form.validate():
        return _department_page(me, department, form, 422)
    department.name = form.department.data
    department.estimate({key: form[_count(key)].data for key in (*(shift.id.hex for shift in shifts), NOWHERE)})
    db.session.commit()
    return redirect(url_for(".index", site_id=site_id), 303)


@pages.post("/departments/<uuid:department_id>/removal")
def remove_department(site_id: uuid.UUID, department_id: uuid.UUID) -> AnyResponse:
    """It is gone from the map; the people in it are in none until somebody says where they are."""
    return _remove(Department, site_id, department_id)


@pages.post("/shifts")
def create_shift(site_id: uuid.UUID) -> AnyResponse:
    """One more shift; then when it is."""
    return _create(site_id, Shift, ShiftForm, "shift")


@pages.get("/shifts/<uuid:shift_id>")
def show_shift(site_id: uuid.UUID, shift_id: uuid.UUID) -> Response:
    """Its name, when it is and what is spoken there."""
    me = identity.open_site(site_id)
    shift = _unit(Shift, site_id, shift_id)
    hours = {name: time.fromisoformat(at) for name, at in (("start", shift.start), ("end", shift.end)) if at}
    days = [str(day) for day in shift.days]
    form = _times_form(data={"shift": shift.name, "days": days, "language": shift.language, **hours})
    return _shift_page(me, shift, form)


@pages.post("/shifts/<uuid:shift_id>")
def update_shift(site_id: uuid.UUID, shift_id: uuid.UUID) -> AnyResponse:
    """Another name, other times."""
    me = identity.open_site(site_id)
    shift = _unit(Shift, site_id, shift_id)
    form = _times_form(request.form)
    if not form.validate():
        return _shift_page(me, shift, form, 422)
    shift.name = form.shift.data
    hours = [field.data.strftime("%H:%M") if field.data else "" for field in (form.start, form.end)]
    shift.plan([int(day) for day in form.days.data], *hours, form.language.data)
    db.session.commit()
    return redirect(url_for(".index", site_id=site_id), 303)


@pages.post("/shifts/<uuid:shift_id>/removal")
def remove_shift(site_id: uuid.UUID, shift_id: uuid.UUID) -> AnyResponse:
    """It is gone from the map; the people in it are in none until somebody says when they work."""
    return _remove(Shift, site_id, shift_id)


def day_names() -> list[str]:
    """The days of the week, Monday first, as short as they are said here."""
    locale = get_locale() or Locale("en")
    return [locale.days["stand-alone"]["abbreviated"][day] for day in range(7)]


def _unit(kind: type[U], site_id: uuid.UUID, unit_id: uuid.UUID) -> U:
    return kind.of(site_id, unit_id) or abort(404)


def _create(site_id: uuid.UUID, kind: type[U], form_of: type[PlainForm], name: str) -> AnyResponse:
    me = identity.open_site(site_id)
    form = form_of(request.form)
    if not form.validate():
        return _page(me, form, 422)
    with refusals(lambda why: _page(identity.open_site(site_id), form.complain(form[name], why), 422)):
        made = kind.add(site_id, form[name].data, form_id=form_id())
    db.session.commit()
    return redirect(url_for(f".show_{name}", site_id=site_id, **{f"{name}_id": made.id}), 303)


def _remove(kind: type[U], site_id: uuid.UUID, unit_id: uuid.UUID) -> AnyResponse:
    identity.open_site(site_id)
    _unit(kind, site_id, unit_id).take_out()
    db.session.commit()
    return redirect(url_for(".index", site_id=site_id), 303)


def _count(shift: str) -> str:
    return f"count_{shift or 'none'}"


def _headcounts_form(shifts: list[Shift]) -> type[DepartmentForm]:
    """A department with a number for each shift, and one for those of no shift."""
    wrong = _("Give the number in figures, or leave it out.")
    fields = {
        _count(key): WholeNumberField(label, HEADCOUNT_MAX, wrong)
        for key, label in (
            *((shift.id.hex, shift.name) for shift in shifts),
            (NOWHERE, _("Of no particular shift") if shifts else _("How many work there, about?")),
        )
    }
    return type("HeadcountsForm", (DepartmentForm,), {**fields, "page_order": ("department", *fields)})


def _times_form(*args: Any, **kwargs: Any) -> TimesForm:
    form = TimesForm(*args, **kwargs)
    form.days.choices = options({str(day): name for day, name in enumerate(day_names())})
    form.days.pre_validate(form)
    return form


def _page(me: Membership, form: PlainForm | None = None, status: int = 200) -> Response:
    departments, shifts = Department.at(me.site_id), Shift.at(me.site_id)
    return render(
        "people/units/index.html",
        status,
        site=me.site,
        departments=departments,
        shifts=shifts,
        days=day_names(),
        form=form or PlainForm(),
        department=form if isinstance(form, DepartmentForm) else DepartmentForm(),
        shift=form if isinstance(form, ShiftForm) else ShiftForm(),
    )


def _department_page(me: Membership, department: Department, form: PlainForm, status: int = 200) -> Response:
    counts = [field for field in form if field.name.startswith("count_")]
    return render("people/units/department.html", status, site=me.site, unit=department, form=form, counts=counts)


def _shift_page(me: Membership, shift: Shift, form: TimesForm, status: int = 200) -> Response:
    return render("people/units/shift.html", status, site=me.site, unit=shift, form=form)
