"""Hand-outs: where and when; how it went; and the short addresses that give a sheet to whoever prints it."""

from __future__ import annotations

import functools
import uuid

from flask import Blueprint, Response, abort, redirect, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse

from bulletin.db import db, today
from bulletin.domain.papers.distributions import PLACE_MAX, WENT_MAX, Distribution
from bulletin.domain.papers.print_tickets import PrintTicket
from bulletin.domain.papers.printings import COPIES_MAX, Printing
from bulletin.domain.papers.refusals import Why
from bulletin.domain.site.refusals import NotAllowed
from bulletin.web.guard import identity
from bulletin.web.guard.hosts import own_origin
from bulletin.web.shared.forms import PlainForm, WholeNumberField, line_field, text_field
from bulletin.web.shared.refused import refusals
from bulletin.web.shared.rendering import render
from bulletin.web.shared.sent_forms import form_id
from bulletin.web.shared.time_span import SpanForm

from . import editor

pages = Blueprint("distributions", __name__, url_prefix="/sites/<uuid:site_id>/bulletins/<uuid:bulletin_id>/hand-outs")


class DistributionForm(SpanForm):
    """One hand-out."""

    page_order = ("place", "day", "start", "end")
    place = line_field(_l("Where?"), PLACE_MAX, _l("Say where it is handed out: a gate, a stop, a canteen."))


class WentForm(PlainForm):
    """How it went."""

    page_order = ("copies", "went")
    copies = WholeNumberField(
        _l("How many were handed out, about?"), COPIES_MAX, _l("Give the number in figures, or leave it out.")
    )
    went = text_field(_l("How did it go?"), WENT_MAX)

    def of(self, handed_out: Distribution) -> WentForm:
        """With ids of its own: there may be several on a page."""
        for field in self:
            field.id = field.label.field_id = f"{field.name}-{handed_out.id.hex}"
        return self


@pages.get("")
def index(site_id: uuid.UUID, bulletin_id: uuid.UUID) -> Response:
    """Those of this bulletin, and a form for another."""
    opened = editor.open_bulletin(site_id, bulletin_id)
    return _page(opened, DistributionForm(data={"day": today(opened.me.site.zone)}))


@pages.post("")
def create(site_id: uuid.UUID, bulletin_id: uuid.UUID) -> AnyResponse:
    """Plan one."""
    opened = editor.open_bulletin(site_id, bulletin_id, to_change=True)
    form = DistributionForm(request.form)
    if not form.validate_at(opened.me.site.zone):
        return _page(opened, form, 422)
    start, end = form.span(opened.me.site.zone)
    with refusals(lambda why: _page(editor.open_bulletin(site_id, bulletin_id), form.complain(form.day, why), 422)):
        Distribution.plan(opened.bulletin, form.place.data, start, end, by=opened.me.member.handle, form_id=form_id())
    db.session.commit()
    return redirect(url_for(".index", **opened.here), 303)


@pages.post("/<uuid:distribution_id>/cancellation")
def cancel(site_id: uuid.UUID, bulletin_id: uuid.UUID, distribution_id: uuid.UUID) -> AnyResponse:
    """It does not take place: its tickets end."""
    opened = editor.open_bulletin(site_id, bulletin_id, to_change=True)
    handed_out = _distribution(opened, distribution_id)
    PrintTicket.end_all(handed_out)
    handed_out.cancel()
    identity.commit_and_forget()  # the sheet is to be gone from the disk too
    return redirect(url_for(".index", **opened.here), 303)


@pages.post("/<uuid:distribution_id>/outcome")
def say_how_it_went(site_id: uuid.UUID, bulletin_id: uuid.UUID, distribution_id: uuid.UUID) -> AnyResponse:
    """Note how it went."""
    opened = editor.open_bulletin(site_id, bulletin_id, to_change=True)
    handed_out = _distribution(opened, distribution_id)
    form = WentForm(request.form)
    if not form.validate():
        problem = form.complaints[0]["sentence"]
        return _page(opened, DistributionForm(), 422, went={handed_out.id: form}, problem=problem)
    handed_out.say_how_it_went(form.went.data, form.copies.data or 0, by=opened.me.member.handle)
    db.session.commit()
    return redirect(url_for(".index", **opened.here), 303)


@pages.post("/<uuid:distribution_id>/tickets")
def create_ticket(site_id: uuid.UUID, bulletin_id: uuid.UUID, distribution_id: uuid.UUID) -> AnyResponse:
    """A short address that gives the sheet last printed, until the hand-out ends."""
    opened = editor.open_bulletin(site_id, bulletin_id, to_change=True)
    handed_out = _distribution(opened, distribution_id)
    printing = next(iter(Printing.all_of(opened.bulletin)), None)
    reopen = functools.partial(editor.open_bulletin, site_id, bulletin_id)
    with refusals(lambda why: _page(reopen(), DistributionForm(), 409, problem=why)):
        if printing is None:
            raise NotAllowed(Why.NOT_PRINTED)
        PrintTicket.issue(printing, handed_out, by=opened.me.member.handle)
    db.session.commit()
    return redirect(url_for(".index", **opened.here, _anchor=f"h{distribution_id.hex}"), 303)


@pages.post("/<uuid:distribution_id>/tickets/<uuid:ticket_id>/end")
def end_ticket(
    site_id: uuid.UUID, bulletin_id: uuid.UUID, distribution_id: uuid.UUID, ticket_id: uuid.UUID
) -> AnyResponse:
    """Take a ticket back."""
    opened = editor.open_bulletin(site_id, bulletin_id, to_change=True)
    handed_out = _distribution(opened, distribution_id)
    if str(ticket_id) not in [one.id for one in handed_out.tickets]:
        abort(404)
    PrintTicket.end(handed_out, ticket_id)
    identity.commit_and_forget()  # the sheet is to be gone from the disk too
    return redirect(url_for(".index", **opened.here, _anchor=f"h{distribution_id.hex}"), 303)


def _distribution(opened: editor.OpenBulletin, distribution_id: uuid.UUID) -> Distribution:
    return Distribution.of(opened.bulletin, distribution_id) or abort(404)


def _page(
    opened: editor.OpenBulletin,
    form: DistributionForm,
    status: int = 200,
    *,
    went: dict[uuid.UUID, WentForm] | None = None,
    problem: str = "",
) -> Response:
    handed_out = Distribution.all_of(opened.bulletin)
    return render(
        "papers/distributions/index.html",
        status,
        site=opened.me.site,
        here=opened.here,
        coming=[one for one in handed_out if not one.over],
        over=[one for one in handed_out if one.over],
        went={one.id: ((went or {}).get(one.id) or WentForm(obj=one.went)).of(one) for one in handed_out if one.over},
        printings=Printing.all_of(opened.bulletin),
        origin=own_origin(),
        form=form,
        problem=problem,
    )
